//! Turning collateral into the loaned asset on the spot market.

use super::state::{Context, Lending};
use crate::ledger::USDC;
use crate::units::{Amount, Quantity};
use crate::venue::spot::{Fill, Order, Rejection, Side, units};

/// What a forced sale of collateral gave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raised {
    /// How much of the loaned asset now lies in the loan's vault for its lender.
    pub amount: Amount,
    /// How much collateral it took.
    pub sold: Amount,
    /// Fill price of the loaned asset, or of the collateral when USDC is lent; `None` when nothing
    /// was traded.
    pub price: Option<f64>,
    /// Spot fees, USDC.
    pub fee: Amount,
    /// Quantity × distance of the fills from the last prices, USDC.
    pub slippage: f64,
}

impl Lending {
    /// Units that raising `want` would sell and buy at last prices, at most the collateral.
    fn need(&self, slot: usize, want: Amount, context: &Context<'_>) -> (f64, f64) {
        let spec = &self.loan(slot).spec;
        let lasts = context.prices.lasts;
        let bought = units(spec.asset, want);
        let pledged = context.ledger.balance(self.vault(slot, spec.collateral_asset));
        let sold = bought * self.assets.price(spec.asset, lasts)
            / self.assets.price(spec.collateral_asset, lasts);
        (sold.min(units(spec.collateral_asset, pledged)), bought)
    }

    /// Counts what raising `want` will trade towards the instant's batch.
    pub(super) fn add_to_batch(&mut self, slot: usize, want: Amount, context: &Context<'_>) {
        if want == Amount::ZERO {
            return;
        }
        let (sold, bought) = self.need(slot, want, context);
        let spec = self.loan(slot).spec;
        self.batch[usize::from(spec.collateral_asset.0)].sold += sold;
        self.batch[usize::from(spec.asset.0)].bought += bought;
    }

    /// Sells as much collateral as it takes to have `want` of the loaned asset in the vault, or
    /// all of it: collateral → USDC at spot less slippage, USDC → asset at spot plus slippage.
    pub(super) fn raise(&mut self, slot: usize, want: Amount, context: &mut Context<'_>) -> Raised {
        let spec = self.loan(slot).spec;
        let (sold, bought) = self.need(slot, want, context);
        let pledged_vault = self.vault(slot, spec.collateral_asset);
        let before = context.ledger.balance(pledged_vault);
        let usdc = self.vault(slot, USDC);
        let order = |asset, holding, batch_units| Order {
            asset,
            usdc,
            holding,
            keep: Amount::ZERO,
            batch_units,
        };
        let batch_bought = self.batch[usize::from(spec.asset.0)].bought.max(bought);
        let cost = if spec.asset == USDC {
            want
        } else {
            let spot = &context.spot;
            let price = spot.quote(context.prices, spec.asset, Side::Buy, batch_bought);
            spot.cost(spec.asset, Quantity::from_steps(want.micro()), price)
        };
        let (mut price, mut fee, mut slippage) = (None, Amount::ZERO, 0.0);
        let mut count = |fill: &Option<Fill>| {
            if let Some(fill) = fill {
                (price, fee, slippage) =
                    (Some(fill.price), fee + fill.fee, slippage + fill.slippage.abs());
            }
        };
        if spec.collateral_asset != USDC {
            let asset = spec.collateral_asset;
            let batch = self.batch[usize::from(asset.0)].sold.max(sold);
            let quote = context.spot.quote(context.prices, asset, Side::Sell, batch);
            let enough = context.spot.quantity_for(asset, cost, quote);
            let quantity = Quantity::from_steps(enough.steps().min(before.micro()));
            let order = order(asset, pledged_vault, batch);
            let sale = context.spot.sell(context.ledger, context.prices, &order, quantity);
            count(&traded(sale));
        }
        let vault = self.vault(slot, spec.asset);
        if spec.asset != USDC {
            let order = order(spec.asset, vault, batch_bought);
            let has = context.ledger.balance(usdc);
            let quantity = Quantity::from_steps(want.micro());
            let purchase = if cost <= has {
                context.spot.buy(context.ledger, context.prices, &order, quantity)
            } else {
                context.spot.buy_for(context.ledger, context.prices, &order, has)
            };
            count(&traded(purchase));
        }
        let amount = context.ledger.balance(vault).min(want);
        let sold = before - context.ledger.balance(pledged_vault);
        Raised { amount, sold, price, fee, slippage }
    }
}

/// A forced trade; nothing is traded where there is nothing to trade.
fn traded(fill: Result<Fill, Rejection>) -> Option<Fill> {
    match fill {
        Ok(fill) => Some(fill),
        Err(Rejection::Nothing) => None,
        Err(other) => unreachable!("a forced trade was rejected: {}", other.name()),
    }
}
