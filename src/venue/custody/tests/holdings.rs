//! Assets other than USDC.

use super::*;
use crate::ledger::AssetId;
use crate::units::Quantity;

fn holding(name: &str, price: usize, haircut: Option<f64>) -> HoldingSpec {
    HoldingSpec { name: String::from(name), price, haircut }
}

/// 2 ETH at 2,840 with a haircut of 20 %: 4,544. 0.1 BTC does not count, 10 SOL at 182 counts
/// in full: 1,820. Together 6,364.
#[test]
fn holdings_count_less_their_haircut() {
    let mut ledger = Ledger::default();
    let wallet = ledger.open("a wallet", USDC);
    let specs =
        [holding("ETH", 1, Some(0.2)), holding("BTC", 0, None), holding("SOL", 2, Some(0.0))];
    let custody = Custody::new(CustodyMode::Unified, &["a"], &specs, &mut ledger, &[wallet]);
    for (asset, units) in [(1, 2.0), (2, 0.1), (3, 10.0)] {
        let market = ledger.open("market", AssetId(asset));
        let to = custody.wallet(0, Service::Lending, AssetId(asset));
        let quantity = Quantity::try_round(units).expect("a quantity");
        ledger.transfer(market, to, amount_of(quantity), "deposit");
        assert_eq!(quantity_of(ledger.balance(to)), quantity);
        assert_eq!(to, custody.wallet(0, Service::Trading, AssetId(asset)));
    }
    let prices = [88_500.0, 2_840.0, 182.0];
    assert!((custody.counted_value(&ledger, 0, &prices) - 6_364.0).abs() < 1e-9);
    assert_eq!(custody.asset_named("SOL"), Some(AssetId(3)));
    assert_eq!(custody.asset_named("DOGE"), None);
    assert_eq!(ledger.conservation(), Ok(()));
}
