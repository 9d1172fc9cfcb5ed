//! Shocks: to prices and to the venue. All kinds stand in one table, since they stack.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::correlation::Correlation;
use crate::fields::{
    Bounds, Decode, Duration, Faults, Fraction, Name, Node, Shape, Value, choice, section, tagged,
};

tagged! {
    /// A shock.
    ShockForm by "kind" {
        /// None: the run as it is without shocks.
        "none" => None(NoShock);
        /// Prices fall, on top of what the model or the history does.
        "crash" => Crash(CrashForm);
        /// The volatility of a model is multiplied; the expected return stays what it is, and jumps do.
        "volatility" => Volatility(VolatilityForm);
        /// The correlations of a model become those of a crisis.
        "correlation" => Correlation(CorrelationShockForm);
        /// An asset loses a part of its price, stays there and returns.
        "depeg" => Depeg(DepegForm);
        /// The depth of order books is divided: fills and force-closes cost more.
        "liquidity" => Liquidity(LiquidityForm);
        /// A rate is added to each funding payment.
        "funding" => Funding(FundingShockForm);
        /// A rate is added to those of the lending pools.
        "borrow_rate" => BorrowRate(BorrowRateForm);
        /// Borrowers from outside do not return recalled loans that fall due; collateral buys them in.
        "recall_failure" => RecallFailure(RecallFailureForm);
        /// A crash that happened, see docs/STRESS.md.
        "preset" => Preset(PresetForm);
    }
}

section! {
    /// No shock.
    NoShock {}
}

section! {
    /// A fall.
    CrashForm {
        /// Part of the price that is lost; below 0, prices rise.
        size: Fraction, Bounds::below(-9.0, 1.0);
        /// The same of single assets; 0 leaves one out.
        by_asset: Option<BTreeMap<String, Fraction>>, Bounds::below(-9.0, 1.0);
        ..time: ShockTime;
    }
}

section! {
    /// A change of the volatility.
    VolatilityForm {
        /// What it is multiplied by.
        factor: f64, Bounds::within(0.0, 100.0);
        /// The same of single assets; 1 leaves one out.
        by_asset: Option<BTreeMap<String, f64>>, Bounds::within(0.0, 100.0);
        ..time: ShockTime;
    }
}

section! {
    /// Correlations of a crisis.
    CorrelationShockForm {
        /// Correlation while it lasts: one number for all pairs, pairs such as "BTC-ETH" = 0.95, or order and matrix.
        to: CorrelationTarget;
        ..time: ShockTime;
    }
}

section! {
    /// A peg that is lost and found again.
    DepegForm {
        /// The asset; USDC is the money of the run and has no price to lose.
        asset: Name;
        /// Part of the price that is lost.
        size: Fraction, Bounds::between(0.0, 1.0);
        /// How long it stays lost.
        stay: Duration = "0s";
        /// How long the return takes; as long as the fall unless given.
        back: Option<Duration>;
        ..time: ShockTime;
    }
}

section! {
    /// Thin books.
    LiquidityForm {
        /// What their depth is divided by: square_root slippage costs √factor times as much, fixed_bps factor times.
        factor: f64, Bounds::within(1.0, 1e4);
        /// The same of the books of single assets; 1 leaves one out.
        by_asset: Option<BTreeMap<String, f64>>, Bounds::within(1.0, 1e4);
        ..time: ShockTime;
    }
}

section! {
    /// Funding out of line.
    FundingShockForm {
        /// Added to the rate of each payment, of notional: above 0 longs pay more.
        rate: Fraction, Bounds::within(-1.0, 1.0);
        /// The same of single markets; 0 leaves one out.
        by_market: Option<BTreeMap<String, Fraction>>, Bounds::within(-1.0, 1.0);
        ..time: ShockTime;
    }
}

section! {
    /// Dear loans.
    BorrowRateForm {
        /// Added to the rate of each pool, a year; what lenders get rises as what borrowers pay.
        rate: Fraction, Bounds::within(0.0, 10.0);
        /// The same of single pools, by asset; 0 leaves one out.
        by_asset: Option<BTreeMap<String, Fraction>>, Bounds::within(0.0, 10.0);
        ..time: ShockTime;
    }
}

section! {
    /// Borrowers that do not return.
    RecallFailureForm {
        /// Probability that a recall which falls due while it lasts fails, beside the pool's own.
        probability: Fraction = 1.0, Bounds::within(0.0, 1.0);
        ..time: ShockTime;
    }
}

section! {
    /// A crash that happened: its falls, its correlation, and where it is known its funding and its books.
    PresetForm {
        /// Day of the crash.
        preset: PresetName;
        /// Part of the price that is lost, in place of the preset's, of single assets.
        by_asset: Option<BTreeMap<String, Fraction>>, Bounds::below(-9.0, 1.0);
        /// Which of the preset's figures an asset takes that it does not know: "BTC", "ETH", "SOL" or "altcoin".
        like: Option<BTreeMap<String, Like>>;
        /// Whether the correlations of its fall hold; only a model with correlations of its own has any to change.
        correlation: bool = true;
        /// Whether its funding holds, where it is known.
        funding: bool = true;
        /// Whether its books are thin, where it is known.
        liquidity: bool = true;
        /// When it begins, after the start; at an instant drawn anew for each path unless given.
        after: Option<Duration>;
    }
}

section! {
    /// When a shock happens.
    ShockTime {
        /// When it begins, after the start; at an instant drawn anew for each path unless given. A history needs it.
        after: Option<Duration>;
        /// How long it takes (a fall) or lasts (anything else); all of it lies within the run.
        over: Duration;
    }
}

/// A crash that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PresetName {
    /// The pandemic's.
    March2020,
    /// China's ban.
    May2021,
    /// Luna.
    Luna2022,
    /// FTX.
    Ftx2022,
    /// The yen's.
    August2024,
    /// The tariffs'.
    October2025,
}

/// Whose figures of a preset an asset takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Like {
    /// Bitcoin's.
    Btc,
    /// Ether's.
    Eth,
    /// Solana's.
    Sol,
    /// The median of other large coins.
    Altcoin,
}

choice!(PresetName {
    "2020-03-12" => Self::March2020,
    "2021-05-19" => Self::May2021,
    "2022-05" => Self::Luna2022,
    "2022-11-08" => Self::Ftx2022,
    "2024-08-05" => Self::August2024,
    "2025-10-10" => Self::October2025,
});
choice!(Like {
    "BTC" => Self::Btc,
    "ETH" => Self::Eth,
    "SOL" => Self::Sol,
    "altcoin" => Self::Altcoin,
});

impl PresetName {
    /// All of them, in order of time.
    pub const ALL: [Self; 6] = [
        Self::March2020,
        Self::May2021,
        Self::Luna2022,
        Self::Ftx2022,
        Self::August2024,
        Self::October2025,
    ];

    /// As one writes it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::March2020 => "2020-03-12",
            Self::May2021 => "2021-05-19",
            Self::Luna2022 => "2022-05",
            Self::Ftx2022 => "2022-11-08",
            Self::August2024 => "2024-08-05",
            Self::October2025 => "2025-10-10",
        }
    }
}

/// Correlations of a crisis: one number for all pairs, or each.
#[derive(Clone, Debug)]
pub(crate) enum CorrelationTarget {
    /// This one for all pairs.
    All(f64),
    /// Each.
    Each(Correlation),
}

impl Decode for CorrelationTarget {
    fn shape() -> Shape {
        let schema = |_: &Bounds| {
            let number = json!({ "type": "number", "minimum": -1, "maximum": 1 });
            let table = match Correlation::shape() {
                Shape::Leaf { schema, .. } => schema(&Bounds::ANY),
                _ => json!({ "type": "object" }),
            };
            json!({ "anyOf": [number, table] })
        };
        Shape::Leaf {
            kind: "number or table".to_owned(),
            schema,
            show: |n| n.to_string(),
            measure: |_, _| Ok(None),
        }
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        match &node.value {
            Value::Table(_) => Correlation::decode(node, bounds, faults).map(Self::Each),
            Value::Integer(_) | Value::Float(_) => {
                f64::decode(node, &Bounds::within(-1.0, 1.0), faults).map(Self::All)
            }
            _ => {
                let help = "write 0.95, or pairs such as { \"BTC-ETH\" = 0.95 }";
                faults.error_about(node, "is no correlation", help);
                None
            }
        }
    }

    fn json(&self) -> Option<Json> {
        match self {
            Self::All(value) => Some(json!(value)),
            Self::Each(each) => each.json(),
        }
    }
}
