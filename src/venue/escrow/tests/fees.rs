//! Fees and referral.

use super::*;

/// Releases `count` contracts of `amount`; returns fees and referral from the effects.
fn release_all(count: usize, amount: f64) -> (Room, Amount, Amount) {
    let mut room = room(EscrowSpec::DEFAULT, &[], [2_000_000.0, 0.0, 0.0]);
    for _ in 0..count {
        let id = room.funded(0, contract(amount));
        for side in [Side::Payer, Side::Payee] {
            assert_eq!(room.at(1, |escrow, books| escrow.confirm(books, id, side)), Ok(()));
        }
    }
    let sum = |part: fn(&EscrowEffect) -> Amount| {
        room.escrow.effects().iter().map(part).fold(Amount::ZERO, |sum, one| sum + one)
    };
    let (fees, referral) = (sum(|effect| effect.fee), sum(|effect| effect.referral));
    (room, fees, referral)
}

/// 1 % of 10,000 is 100, of which 15 % are 15; of 1,000,000: 10,000 and 1,500.
#[test]
fn a_month_of_a_hundred_contracts() {
    // amount of each, fees, referral
    for (amount, fees, referral) in [(100.0, 100.0, 15.0), (10_000.0, 10_000.0, 1_500.0)] {
        let (room, paid, referred) = release_all(100, amount);
        assert_eq!((paid, referred), (usdc(fees), usdc(referral)));
        let volume = 100.0 * amount;
        let a = 2_000_000.0 - volume - fees;
        assert_eq!(room.balances(), [-2e6, fees - referral, a, volume, referral, 0.0]);
    }
}

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
