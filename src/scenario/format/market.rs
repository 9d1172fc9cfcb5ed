//! A market and its terms.

use crate::fields::{Bounds, Duration, Fraction, Money, Name, Value, section, tagged};

section! {
    /// A perpetual market.
    Market {
        /// The asset whose price moves it.
        asset: Name;
        ..terms: MarketTerms;
    }
}

section! {
    /// What a venue publishes about a market.
    MarketTerms {
        /// Initial margin, of notional.
        initial_margin: Fraction = 0.3, Bounds::above(0.0, 1.0);
        /// Maintenance margin, of notional; 0.15 unless it or brackets are given.
        maintenance_margin: Option<Fraction>, Bounds::between(0.0, 1.0);
        /// Maintenance margin by notional, in place of maintenance_margin; the first floor is 0.
        brackets: Option<Vec<BracketRow>>;
        /// Positions are force-closed at a health factor at or below it.
        liquidation_hf: f64 = 1.05, Bounds::within(0.5, 10.0);
        /// Taker fee, of the notional filled.
        taker_fee: Fraction = 0.0, Bounds::within(0.0, 0.1);
        /// Liquidation penalty, of the notional closed; at most the equity left.
        penalty: Fraction = 0.01, Bounds::within(0.0, 0.5);
        /// Slippage of orders.
        slippage: SlippageForm = Value::tagged("kind", "none");
        /// Slippage of force-closes; as slippage unless given.
        liquidation_slippage: Option<SlippageForm>;
        /// What a force-close closes.
        force_close: ForceCloseKind = Value::tagged("kind", "full");
        /// Bounds of the zones of the health factor.
        zones: ZoneLevels = Value::empty();
        /// Funding payments; none unless given.
        funding: Option<Funding>;
    }
}

section! {
    /// A bracket of maintenance margin.
    BracketRow {
        /// Lowest notional of the bracket.
        floor: Money, Bounds::at_least(0.0);
        /// Maintenance margin rate.
        rate: Fraction, Bounds::between(0.0, 1.0);
    }
}

section! {
    /// Bounds of the zones: safe > `safe` ≥ warning > `warning` ≥ danger > `danger` ≥ liquidated.
    ZoneLevels {
        /// Above it: safe.
        safe: f64 = 2.0, Bounds::within(0.0, 1e3);
        /// Above it: warning.
        warning: f64 = 1.4, Bounds::within(0.0, 1e3);
        /// Above it: danger; at or below it: liquidated. The market's liquidation_hf unless given.
        danger: Option<f64>, Bounds::within(0.0, 1e3);
    }
}

tagged! {
    /// How far a fill lies from the last price.
    SlippageForm by "kind" {
        /// Fills at the last price.
        "none" => None(NoSlippage);
        /// A constant part of the price.
        "fixed_bps" => FixedBps(FixedBps);
        /// Square-root impact: y·σ_day·√(Q/V_day) of the price.
        "square_root" => SquareRoot(SquareRoot);
    }
}

section! {
    /// Fills at the last price.
    NoSlippage {}
}

section! {
    /// A constant part of the price, more of it in a storm.
    FixedBps {
        /// Basis points of the price.
        bps: f64, Bounds::within(0.0, 5e3);
        /// Daily volatility of calm markets, from which stress is measured; needed with a stress_multiplier.
        sigma_day: Option<Fraction>, Bounds::above(0.0, 10.0);
        ..stress: Stress;
    }
}

section! {
    /// Square-root impact, more of it in a storm.
    SquareRoot {
        /// Y, of order one.
        y: f64 = 1.0, Bounds::within(0.0, 100.0);
        /// Traded volume of a day, USDC.
        daily_volume: Money, Bounds::above(0.0, 1e12);
        /// Daily volatility of calm markets.
        sigma_day: Fraction, Bounds::above(0.0, 10.0);
        ..stress: Stress;
    }
}

section! {
    /// How slippage grows in a storm.
    Stress {
        /// Slippage is multiplied by 1 + stress_multiplier·max(0, σ_trailing/sigma_day − 1).
        stress_multiplier: f64 = 0.0, Bounds::within(0.0, 1e3);
        /// Length of the trailing window of realised volatility.
        stress_window: Duration = "1d", Bounds::at_least(1.0);
    }
}

tagged! {
    /// What a force-close closes.
    ForceCloseKind by "kind" {
        /// Everything.
        "full" => Full(Full);
        /// A fraction of a large position; everything of a small one or while cooling down.
        "partial" => Partial(Partial);
        /// The least quantity that restores a health factor after costs.
        "to_target" => ToTarget(ToTarget);
    }
}

section! {
    /// Everything is closed.
    Full {}
}

section! {
    /// A fraction of a large position is closed.
    Partial {
        /// Part of the quantity that is closed.
        fraction: Fraction = 0.5, Bounds::between(0.0, 1.0);
        /// Only positions with more notional are closed in part.
        above_notional: Money = "0 USDC", Bounds::at_least(0.0);
        /// For so long after a partial close any further one is full.
        cooldown: Duration = "30s";
    }
}

section! {
    /// The least quantity is closed.
    ToTarget {
        /// The health factor to restore.
        target_hf: f64, Bounds::above(1.0, 1e3);
    }
}

section! {
    /// Funding of a market: a constant rate, or a file of rates.
    Funding {
        /// Rate at every interval's instant, of notional; a long pays when positive.
        rate: Option<Fraction>, Bounds::within(-1.0, 1.0);
        /// Payments happen at its multiples since the epoch.
        interval: Duration = "8h", Bounds::at_least(1.0);
        /// CSV or Parquet of rates, paid at exactly the times that it lists.
        file: Option<String>;
        /// Columns of the file.
        columns: super::SeriesNames = Value::empty();
    }
}
