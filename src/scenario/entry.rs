//! What an account looks like at the start: the figures that thresholds are measured against.

use super::build::StartPrices;
use crate::engine::{AgentPlan, Plan};
use crate::units::Quantity;
use crate::venue::exchange::margin::{self, Leg};
use crate::venue::exchange::{MarginMode, MarketSpec, PositionSpec};

/// A position at the start marks.
pub(super) struct Entry<'a> {
    /// What was asked for.
    pub position: &'a PositionSpec,
    /// Its market.
    pub market: &'a MarketSpec,
    /// Mark, USDC.
    pub mark: f64,
    /// Signed quantity, units of the underlying.
    pub quantity: f64,
    /// Entry price, USDC.
    pub entry_price: f64,
    /// Notional at the mark, USDC.
    pub notional: f64,
    /// Unrealised profit, USDC.
    pub pnl: f64,
    /// Maintenance margin, USDC.
    pub maintenance: f64,
    /// Initial margin, USDC.
    pub initial: f64,
}

/// All positions of an agent, and the equity and requirements that its cross positions share.
pub(super) struct Account<'a> {
    /// The positions in the order of the scenario.
    pub entries: Vec<Entry<'a>>,
    wallet: f64,
}

impl<'a> Entry<'a> {
    /// `None` where the quantity leaves the range in which it is exact.
    pub fn of(plan: &'a Plan, position: &'a PositionSpec, start: &StartPrices) -> Option<Self> {
        let market = &plan.exchange.markets[position.market];
        let mark = start.marks[market.asset];
        let entry_price = position.entry_price.unwrap_or(start.lasts[market.asset]);
        let units = position.quantity.unwrap_or(position.notional_usdc / entry_price);
        let quantity = Quantity::try_round(units)?.units() * position.side as f64;
        let notional = quantity.abs() * mark;
        Some(Self {
            position,
            market,
            mark,
            quantity,
            entry_price,
            notional,
            pnl: quantity * (mark - entry_price),
            maintenance: market.maintenance.maintenance(notional),
            initial: market.initial_margin * notional,
        })
    }

    /// Whether it shares the wallet.
    pub fn is_cross(&self) -> bool {
        self.position.mode == MarginMode::Cross
    }
}

impl<'a> Account<'a> {
    /// Positions whose quantity is not exact are left out.
    pub fn of(plan: &'a Plan, agent: &'a AgentPlan, start: &StartPrices) -> Self {
        let entries = agent.positions.iter();
        let entries = entries.filter_map(|position| Entry::of(plan, position, start)).collect();
        Self { entries, wallet: agent.wallet.usdc() }
    }

    fn cross(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(|entry| entry.is_cross())
    }

    /// Initial margin of all cross positions, USDC.
    pub fn cross_initial(&self) -> f64 {
        self.cross().map(|entry| entry.initial).sum()
    }

    /// Equity behind a position, USDC.
    pub fn equity(&self, entry: &Entry<'_>) -> f64 {
        if entry.is_cross() {
            return self.wallet + self.cross().map(|cross| cross.pnl).sum::<f64>();
        }
        entry.position.collateral.usdc() + entry.pnl
    }

    /// Maintenance margin that this equity must cover, USDC.
    pub fn maintenance(&self, entry: &Entry<'_>) -> f64 {
        if entry.is_cross() {
            return self.cross().map(|cross| cross.maintenance).sum();
        }
        entry.maintenance
    }

    /// Health factor; infinite without a requirement.
    pub fn health_factor(&self, entry: &Entry<'_>) -> f64 {
        margin::health_factor(self.equity(entry), self.maintenance(entry))
    }

    /// The mark at which the health factor of a position is `level`, all other marks as they are;
    /// `None` where no positive price does it.
    /// In several brackets the price in the lowest.
    pub fn price_at(&self, entry: &Entry<'_>, level: f64) -> Option<f64> {
        let leg = Leg {
            units: entry.quantity,
            entry: entry.entry_price,
            maintenance: &entry.market.maintenance,
        };
        let others = self.maintenance(entry) - entry.maintenance;
        let backing = self.equity(entry) - entry.pnl - level * others;
        let mut price = None;
        leg.crossings(backing, level, |crossing| price = price.or(Some(crossing)));
        price
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_of_a_level_by_hand() {
        // A long of 1 at 100 with 30 of collateral, 15 %: E = x − 70, MM = 0.15x.
        // HF 1.05: x(1 − 0.1575) = 70; HF 1: x·0.85 = 70. A short: 130 − x = h·0.15x.
        let rows = [
            (1, 1.05, 70.0 / 0.8425),
            (1, 1.0, 70.0 / 0.85),
            (-1, 1.05, 130.0 / 1.1575),
            (-1, 2.0, 130.0 / 1.3),
        ];
        for (side, level, price) in rows {
            let text = format!(
                "name = 'x'\nnulls = []\n[prices]\nmodel = 'gbm'\n[prices.assets]\n\
                 A = {{ start_price = 100, volatility = 0.5 }}\n[markets]\n\
                 M = {{ asset = 'A' }}\n[[agent]]\nname = 'a'\nwallet = 0\n[[agent.position]]\n\
                 market = 'M'\nnotional = 100\ncollateral = 30\nside = '{}'\n",
                if side > 0 { "long" } else { "short" }
            );
            let path = std::path::Path::new("x.toml");
            let scenario = crate::scenario::Scenario::from_text(path, &text, &[]).unwrap();
            let start = StartPrices { marks: vec![100.0], lasts: vec![100.0] };
            let account = Account::of(&scenario.plan, &scenario.plan.agents[0], &start);
            let got = account.price_at(&account.entries[0], level).unwrap();
            assert!((got - price).abs() < 1e-9, "{side} {level}: {got} {price}");
        }
    }
}
