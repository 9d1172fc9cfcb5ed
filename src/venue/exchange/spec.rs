//! What a perpetual market is: the plain numbers that a venue publishes.

use super::brackets::Brackets;

/// Bounds of the health-factor zones: safe > `safe` ≥ warning > `warning` ≥ danger >
/// `danger` ≥ liquidated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoneBounds {
    /// Above it: safe.
    pub safe: f64,
    /// Above it: warning.
    pub warning: f64,
    /// Above it: danger; at or below it: liquidated.
    pub danger: f64,
}

impl Default for ZoneBounds {
    fn default() -> Self {
        Self { safe: 2.0, warning: 1.4, danger: 1.05 }
    }
}

/// The zone that a health factor lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// At or below the lowest bound.
    Liquidated,
    /// Add collateral or close.
    Danger,
    /// Consider adding collateral.
    Warning,
    /// Nothing to do.
    Safe,
}

impl ZoneBounds {
    /// The zone of `health_factor`.
    #[inline]
    pub fn zone(&self, health_factor: f64) -> Zone {
        if health_factor > self.safe {
            Zone::Safe
        } else if health_factor > self.warning {
            Zone::Warning
        } else if health_factor > self.danger {
            Zone::Danger
        } else {
            Zone::Liquidated
        }
    }
}

impl Zone {
    /// Lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Liquidated => "liquidated",
            Self::Danger => "danger",
            Self::Warning => "warning",
            Self::Safe => "safe",
        }
    }
}

/// How far a fill lies from the last price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slippage {
    /// Fills at the last price.
    None,
    /// A constant part of the price.
    FixedBps {
        /// Basis points of the price.
        bps: f64,
    },
    /// Square-root impact: `y·σ_day·√(Q/V_day)` of the price (Almgren et al. 2005; Tóth et al.
    /// 2011).
    SquareRoot {
        /// Y, of order one.
        y: f64,
        /// Daily volume of the market in USDC.
        daily_volume_usdc: f64,
    },
}

/// Slippage and how it grows in a storm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlippageSpec {
    /// The form in calm markets.
    pub form: Slippage,
    /// Daily volatility of calm markets (a fraction), used by `SquareRoot` and as the level
    /// that stress is measured from.
    pub sigma_day: f64,
    /// Slippage is multiplied by `1 + stress_multiplier·max(0, σ_trailing/sigma_day − 1)`.
    pub stress_multiplier: f64,
    /// Length of the trailing window of realised volatility.
    pub stress_window_ms: i64,
}

impl SlippageSpec {
    /// Fills at the last price.
    pub const NONE: Self = Self {
        form: Slippage::None,
        sigma_day: 0.0,
        stress_multiplier: 0.0,
        stress_window_ms: crate::units::time::DAY_MS,
    };
}

/// What a force-close closes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ForceClose {
    /// Everything.
    Full,
    /// A fraction of a large position; everything of a small one or while cooling down.
    Partial {
        /// Part of the quantity that is closed, in (0, 1).
        fraction: f64,
        /// Only positions with more notional than this (USDC) are closed in part.
        above_notional_usdc: f64,
        /// For so long after a partial close any further one is full.
        cooldown_ms: i64,
    },
    /// The least quantity that restores a health factor after costs.
    ToTarget {
        /// The health factor to restore.
        target_hf: f64,
    },
}

/// Where a funding rate comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum FundingSource {
    /// The same rate at every instant, a fraction of notional.
    Constant(f64),
    /// Rates at given instants (UTC ms, ascending). Payments happen at exactly these.
    Series(std::sync::Arc<FundingSeries>),
}

/// A funding history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FundingSeries {
    /// Payment instants, ascending.
    pub time_ms: Vec<i64>,
    /// Rate at each, a fraction of notional; a long pays when positive.
    pub rate: Vec<f64>,
}

/// Funding of one market.
#[derive(Clone, Debug, PartialEq)]
pub struct FundingSpec {
    /// Payments happen at multiples of it since the epoch (ignored by a series).
    pub interval_ms: i64,
    /// The rates.
    pub source: FundingSource,
}

/// One perpetual market.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketSpec {
    /// Name, e.g. `BTC-PERP`.
    pub name: String,
    /// Index of the asset whose price moves it.
    pub asset: usize,
    /// Initial margin, a fraction of notional.
    pub initial_margin: f64,
    /// Maintenance margin by notional.
    pub maintenance: Brackets,
    /// Force-close at a health factor at or below it.
    pub liquidation_hf: f64,
    /// Bounds of the zones.
    pub zones: ZoneBounds,
    /// Taker fee, a fraction of the notional filled.
    pub taker_fee: f64,
    /// Liquidation penalty, a fraction of the notional closed; at most the equity left.
    pub penalty: f64,
    /// Slippage of orders.
    pub slippage: SlippageSpec,
    /// Slippage of force-closes.
    pub liquidation_slippage: SlippageSpec,
    /// What a force-close closes.
    pub force_close: ForceClose,
    /// Funding, if any.
    pub funding: Option<FundingSpec>,
}

/// Who bears what the insurance fund does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossRule {
    /// Nobody: it stays bad debt.
    BadDebt,
    /// Opposite positions in profit are closed at the bankruptcy price, then bad debt.
    AutoDeleveraging,
    /// Pro rata to positive equity, then bad debt.
    Socialised,
}

/// The exchange as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeSpec {
    /// Its markets, by name.
    pub markets: Vec<MarketSpec>,
    /// What the insurance fund starts with.
    pub insurance: crate::units::Amount,
    /// Who bears losses beyond it.
    pub loss_rule: LossRule,
    /// Most notional of all positions of an account as a multiple of its wallet and collateral,
    /// when one is entered again; `None`: any.
    pub max_gross: Option<f64>,
    /// The prime broker's margin call, if there is one.
    pub margin_call: Option<super::margin_call::MarginCallSpec>,
}

/// Where a position's collateral sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarginMode {
    /// Its own collateral.
    Isolated,
    /// The account's wallet, shared with its other cross positions.
    Cross,
}

/// A position that an account starts with.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionSpec {
    /// Name for reports, unique in the account, e.g. `BTC-PERP` or `hedge`.
    pub name: String,
    /// Index of the market.
    pub market: usize,
    /// Mode.
    pub mode: MarginMode,
    /// 1 long, −1 short.
    pub side: i64,
    /// Notional at the entry price, USDC.
    pub notional_usdc: f64,
    /// Quantity = notional / entry price unless given (units of the underlying).
    pub quantity: Option<f64>,
    /// Entry price; the last price at the start unless given.
    pub entry_price: Option<f64>,
    /// Collateral deposited from outside at the start (isolated; zero in cross).
    pub collateral: crate::units::Amount,
    /// Bounds of the zones, where they differ from the market's.
    pub zones: Option<ZoneBounds>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_of_the_published_table() {
        let bounds = ZoneBounds::default();
        // A value on a bound belongs to the zone below it.
        let rows = [
            (2.45, Zone::Safe),
            (2.0, Zone::Warning),
            (1.6, Zone::Warning),
            (1.4, Zone::Danger),
            (1.31, Zone::Danger),
            (1.08, Zone::Danger),
            (1.05, Zone::Liquidated),
            (f64::INFINITY, Zone::Safe),
            (-1.0, Zone::Liquidated),
        ];
        for (health_factor, zone) in rows {
            assert_eq!(bounds.zone(health_factor), zone, "{health_factor}");
        }
    }
}
