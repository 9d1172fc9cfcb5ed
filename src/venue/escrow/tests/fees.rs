//! Fees and referral.

use super::*;

/// 1 % of micro-units, then 15 % of that, each half away from zero:
/// 50 → 0.5 → 1 → 0.15 → 0; 49 → 0.49 → 0; 150 → 1.5 → 2 → 0.3 → 0; 1,000 → 10 → 1.5 → 2.
#[test]
fn rounds_once_half_away_from_zero() {
    // notional, fee, referral, micro-units
    let rows = [(49, 0, 0), (50, 1, 0), (149, 1, 0), (150, 2, 0), (350, 4, 1), (1_000, 10, 2)];
    for (amount, fee, referral) in rows {
        let spec = EscrowSpec::DEFAULT;
        let paid = spec.fee_on(Amount::from_micro(amount));
        assert_eq!(paid.micro(), fee, "{amount}");
        assert_eq!(spec.referral_of(paid).micro(), referral, "{amount}");
    }
}

/// 100 back a contract of 99 with its fee of 0.99, not one of 99.1 with 0.991.
#[test]
fn the_fee_is_reserved_too() {
    // wallet, amount, answer
    let rows = [(100.0, 99.0, true), (100.0, 99.1, false), (101.0, 100.0, true)];
    for (wallet, amount, backed) in rows {
        let mut room = room(EscrowSpec::DEFAULT, &[], [wallet, 0.0, 0.0]);
        assert_eq!(room.create(0, contract(amount)).is_ok(), backed, "{amount}");
        let funds = Rejection::Custody(crate::venue::custody::Rejection::Funds);
        assert_eq!(room.escrow.rejected(funds), u64::from(!backed));
    }
}
