//! The worked figures: 65 %, 35 free; 70 and 30 at once; what silos reach.

use super::*;
use crate::stats::StreamKey;
use crate::venue::exchange::{
    Brackets, Exchange, ExchangeSpec, ForceClose, LossRule, MarginMode, MarketSpec, PositionSpec,
    SlippageSpec, ZoneBounds,
};

/// An account with 100 USDC and a cross position of notional `trading / 0.3`, entered at 100.
fn account(trading: f64) -> (Exchange, Custody) {
    let market = MarketSpec {
        name: String::from("A-PERP"),
        asset: 0,
        initial_margin: 0.3,
        maintenance: Brackets::flat(0.15),
        liquidation_hf: 1.05,
        zones: ZoneBounds::default(),
        taker_fee: 0.0,
        penalty: 0.0,
        slippage: SlippageSpec::NONE,
        liquidation_slippage: SlippageSpec::NONE,
        force_close: ForceClose::Full,
        funding: None,
    };
    let position = PositionSpec {
        name: String::from("A"),
        market: 0,
        mode: MarginMode::Cross,
        side: 1,
        notional_usdc: trading / 0.3,
        quantity: None,
        entry_price: Some(100.0),
        collateral: Amount::ZERO,
        zones: None,
    };
    let spec = ExchangeSpec {
        markets: vec![market],
        insurance: Amount::ZERO,
        loss_rule: LossRule::BadDebt,
        max_gross: None,
        margin_call: None,
    };
    let mut exchange = Exchange::new(spec, 1, &[("a", std::slice::from_ref(&position))]);
    let wallet = exchange.accounts()[0].wallet;
    let custody = Custody::new(CustodyMode::Unified, &["a"], &[], exchange.parts().0, &[wallet]);
    exchange.reset();
    let (marks, lasts) = exchange.prices_mut();
    (marks[0], lasts[0]) = (100.0, 100.0);
    exchange.deposit(0, usdc(100.0));
    exchange.open_at_start(0, 0, &position);
    (exchange, custody)
}

/// (42 + 23) / 100 = 65 %, 100 − 65 = 35 free. And 70 + 30 of 100 is all of it.
#[test]
fn one_wallet_backs_trading_and_escrow() {
    // trading, escrow, utilisation, free
    for (trading, escrow, utilisation, free) in [(42.0, 23.0, 0.65, 35.0), (70.0, 30.0, 1.0, 0.0)] {
        let (mut exchange, mut custody) = account(trading);
        let initial = exchange.cross_initial(0);
        // The quantity is whole steps of 1e-8 at 100: the margin is exact to 1.5e-7.
        assert!((initial - trading).abs() < 2e-7, "{initial}");
        let ledger = exchange.parts().0;
        let asked = custody.hold(ledger, 0, Service::Escrow, usdc(escrow), initial);
        assert_eq!(asked, Ok(()));
        assert_eq!(custody.free(ledger, 0, Service::Casino, initial), usdc(free));
        let more = custody.hold(ledger, 0, Service::Escrow, usdc(free + 0.000_001), initial);
        assert_eq!(more, Err(Rejection::Funds));
        let capital = exchange.capital(0);
        assert!((capital.utilisation() - utilisation).abs() < 1e-8, "{capital:?}");
    }
}

/// 100 in two silos of 50: trading cannot back 70 until 20 have moved, which takes five minutes;
/// in the meantime 30 of 100 are at work. To back 70 and 30 without a move takes 100 in each:
/// 100 of 200, 50 %.
#[test]
fn silos_need_a_move_first() {
    let mut room = room(CustodyMode::Silo(SiloSpec::DEFAULT), &["a"]);
    let (trading, escrow) = (Silo::Of(Service::Trading), Silo::Of(Service::Escrow));
    room.fund(0, trading, 50.0);
    room.fund(0, escrow, 50.0);
    assert_eq!(room.hold(Service::Escrow, 30.0, 0.0), Ok(()));
    assert_eq!(room.hold(Service::Trading, 70.0, 0.0), Err(Rejection::Funds));
    let mut failures = StreamKey::new("silo move", "a").open(1, 0);
    let request = MoveRequest {
        agent: 0,
        from: escrow,
        to: trading,
        amount: usdc(20.0),
        now_ms: 1_000,
        cross_initial: 0.0,
    };
    let arrival = room.custody.request_move(&mut room.ledger, &request, &mut failures);
    assert_eq!(arrival, Ok(301_000));
    room.custody.settle(300_999, &mut room.ledger);
    assert_eq!(room.hold(Service::Trading, 70.0, 0.0), Err(Rejection::Funds));
    room.custody.settle(301_000, &mut room.ledger);
    assert_eq!(room.hold(Service::Trading, 70.0, 0.0), Ok(()));
    assert_eq!(room.custody.rejected(0, trading, Rejection::Funds), 2);
    let beside = room.custody.beside_trading(&room.ledger, 0);
    assert_eq!((beside.balance, beside.held), (usdc(30.0), usdc(30.0)));
    room.check();
}
