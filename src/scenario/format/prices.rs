//! Where prices come from.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::fields::{
    Bounds, Decode, Duration, Faults, Fraction, Instant, Name, Node, Places, Shape, Spot, Value,
    choice, section, tagged,
};
use crate::prices::Intrabar;
use crate::prices::history::{DisorderRule, DuplicateRule, TimeUnit};

tagged! {
    /// Where prices come from.
    PricesSection by "model" {
        /// Correlated geometric Brownian motion.
        "gbm" => Gbm(GbmPrices);
        /// The same with Merton's lognormal jumps.
        "merton" => Merton(MertonPrices);
        /// Replay of real bars.
        "history" => History(HistoryPrices);
    }
}

section! {
    /// Correlated geometric Brownian motion.
    GbmPrices {
        /// The assets, by name.
        assets: BTreeMap<String, DiffusionAsset>;
        /// Correlation of the diffusions: pairs such as "BTC-ETH" = 0.8, or order and matrix.
        correlation: Option<Correlation>;
        ..clock: ModelClock;
    }
}

section! {
    /// Geometric Brownian motion with jumps.
    MertonPrices {
        /// The assets, by name.
        assets: BTreeMap<String, JumpAsset>;
        /// Correlation of the diffusions: pairs such as "BTC-ETH" = 0.8, or order and matrix.
        correlation: Option<Correlation>;
        ..clock: ModelClock;
    }
}

section! {
    /// The steps of a model.
    ModelClock {
        /// Length of a step.
        step: Duration = "1h", Bounds::at_least(1.0);
        /// Number of steps; unless given, what duration or run.end make it.
        steps: Option<u64>, Bounds::within(1.0, 1e8);
        /// Length of the run, in place of steps; "365d" unless steps or run.end are given.
        duration: Option<Duration>, Bounds::at_least(1.0);
    }
}

section! {
    /// An asset that diffuses.
    DiffusionAsset {
        /// Price at the start, USDC.
        start_price: f64, Bounds::within(1e-9, 1e9);
        /// Volatility per √year of 365 days.
        volatility: Fraction, Bounds::within(0.0, 10.0);
        /// Arithmetic drift per year.
        drift: Fraction = 0.0, Bounds::within(-10.0, 10.0);
    }
}

section! {
    /// An asset that diffuses and jumps.
    JumpAsset {
        /// Its jumps; none unless given.
        jumps: Option<Jumps>;
        ..diffusion: DiffusionAsset;
    }
}

section! {
    /// Merton's jumps.
    Jumps {
        /// Expected jumps a year.
        intensity: f64, Bounds::within(0.0, 1e4);
        /// Mean of the jump of the log price.
        mean: f64 = 0.0, Bounds::within(-3.0, 3.0);
        /// Standard deviation of the jump of the log price.
        deviation: f64 = 0.0, Bounds::within(0.0, 3.0);
        /// Whether the drift is reduced so that the expected return stays what drift says.
        compensated: bool = true;
    }
}

section! {
    /// A replay of real bars.
    HistoryPrices {
        /// The assets, by name.
        assets: BTreeMap<String, HistoryAsset>;
        /// First instant; the first that all files cover unless given.
        from: Option<Instant>;
        /// End; the last that all files cover unless given.
        to: Option<Instant>;
        /// How the price gets from one tick of a bar to the next.
        intrabar: Intrabar = "jump";
        /// Ticks within "walk" and "bridge".
        walk_step: Duration = "5s", Bounds::at_least(1.0);
        /// Whether all adverse extremes of a bar coincide.
        worst_joint: bool = false;
        /// What happens where bars are missing.
        gaps: GapChoice = "refuse";
        /// Longest gap that gaps = "fill" closes; any unless given.
        max_gap: Option<Duration>, Bounds::at_least(1.0);
        /// What happens where two rows have the same time.
        duplicates: DuplicateRule = "refuse";
        /// What happens where a row is older than the one before it.
        disorder: DisorderRule = "refuse";
    }
}

section! {
    /// An asset read from files.
    HistoryAsset {
        /// CSV or Parquet of bars; of the last price where there is a mark_file.
        file: String;
        /// CSV or Parquet of the bars of the mark; the mark is the last price unless given.
        mark_file: Option<String>;
        /// Bars, or closes alone.
        kind: HistoryKind = "ohlc";
        /// Names of the columns; what the file says of itself or the usual names unless given.
        columns: Option<Columns>;
        /// Unit of times written as numbers.
        time_unit: TimeUnit = "auto";
    }
}

section! {
    /// Columns of a file of bars.
    Columns {
        /// Start of the bar.
        time: String = "time";
        /// First price.
        open: String = "open";
        /// Highest price.
        high: String = "high";
        /// Lowest price.
        low: String = "low";
        /// Last price.
        close: String = "close";
        /// Traded amount; not read unless given.
        volume: Option<String>;
    }
}

section! {
    /// Columns of a file of rates.
    SeriesNames {
        /// Instant of the payment.
        time: String = "time";
        /// Rate, of notional.
        rate: String = "rate";
    }
}

/// What a file of prices holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryKind {
    /// Open, high, low and close.
    Ohlc,
    /// Closes alone.
    Close,
}

/// What happens where bars are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GapChoice {
    /// A gap inside the span is an error.
    Refuse,
    /// Flat bars stand in.
    Fill,
}

choice!(HistoryKind { "ohlc" => Self::Ohlc, "close" => Self::Close });
choice!(GapChoice { "refuse" => Self::Refuse, "fill" => Self::Fill });
choice!(Intrabar { "jump" => Self::Jump, "walk" => Self::Walk, "bridge" => Self::Bridge });
choice!(DuplicateRule {
    "refuse" => Self::Refuse,
    "keep_first" => Self::KeepFirst,
    "keep_last" => Self::KeepLast,
});
choice!(DisorderRule { "refuse" => Self::Refuse, "sort" => Self::Sort });
choice!(TimeUnit {
    "auto" => Self::Auto,
    "s" => Self::Seconds,
    "ms" => Self::Millis,
    "us" => Self::Micros,
});

section! {
    /// Correlations as a matrix.
    CorrelationMatrix {
        /// The assets in the order of the matrix.
        order: Vec<Name>;
        /// One row per asset.
        matrix: Vec<Vec<f64>>, Bounds::within(-1.0, 1.0);
    }
}

/// Correlations, as pairs or as a matrix.
#[derive(Clone, Debug)]
pub(crate) enum Correlation {
    /// Each pair as written, its value and where it stands.
    Pairs(Spot, BTreeMap<String, (f64, Spot)>),
    /// All of them.
    Matrix(Box<CorrelationMatrix>),
}

impl Decode for Correlation {
    fn shape() -> Shape {
        Shape::Leaf { kind: "table".to_owned(), schema: |_| schema(), show: |n| n.to_string() }
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            faults.error_about(node, "is not a table", "write pairs such as \"BTC-ETH\" = 0.8");
            return None;
        };
        if table.contains_key("matrix") || table.contains_key("order") {
            let matrix = CorrelationMatrix::decode(node, bounds, faults)?;
            return Some(Self::Matrix(Box::new(matrix)));
        }
        let range = Bounds::within(-1.0, 1.0);
        let pairs = table.iter().filter_map(|(pair, value)| {
            let number = f64::decode(value, &range, faults)?;
            Some((pair.clone(), (number, value.spot.clone())))
        });
        Some(Self::Pairs(node.spot.clone(), pairs.collect()))
    }

    fn json(&self) -> Option<Json> {
        match self {
            Self::Pairs(_, pairs) => {
                let pair = |(name, value): (&String, &(f64, Spot))| (name.clone(), json!(value.0));
                Some(Json::Object(pairs.iter().map(pair).collect::<Map<_, _>>()))
            }
            Self::Matrix(matrix) => matrix.json(),
        }
    }
}

fn schema() -> Json {
    let number = json!({ "type": "number", "minimum": -1, "maximum": 1 });
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let rows = json!({ "type": "array", "items": { "type": "array", "items": number } });
    let pairs = json!({
        "type": "object",
        "propertyNames": { "pattern": "^[A-Za-z0-9_]+-[A-Za-z0-9_]+$" },
        "additionalProperties": number,
    });
    let matrix = json!({
        "type": "object",
        "properties": { "order": names, "matrix": rows },
        "required": ["order", "matrix"],
        "additionalProperties": false,
    });
    json!({ "anyOf": [pairs, matrix] })
}

impl JumpAsset {
    /// Standard deviation of a year's log return, jumps included.
    fn volatility(&self) -> f64 {
        let diffusion = self.diffusion.volatility.0;
        let Some(jumps) = &self.jumps else { return diffusion };
        let square = jumps.mean * jumps.mean + jumps.deviation * jumps.deviation;
        (diffusion * diffusion + jumps.intensity * square).sqrt()
    }
}

impl PricesSection {
    /// Names of the assets, ascending.
    pub fn asset_names(&self) -> Vec<String> {
        match self {
            Self::Gbm(gbm) => gbm.assets.keys().cloned().collect(),
            Self::Merton(merton) => merton.assets.keys().cloned().collect(),
            Self::History(history) => history.assets.keys().cloned().collect(),
        }
    }

    /// Standard deviation of a year's log return of each asset, √(σ² + λ·(mean² + deviation²)); none
    /// of a history.
    pub fn volatilities(&self) -> Vec<(String, f64)> {
        match self {
            Self::Gbm(gbm) => {
                let assets = gbm.assets.iter();
                assets.map(|(name, asset)| (name.clone(), asset.volatility.0)).collect()
            }
            Self::Merton(merton) => {
                let assets = merton.assets.iter();
                assets.map(|(name, asset)| (name.clone(), asset.volatility())).collect()
            }
            Self::History(_) => Vec::new(),
        }
    }

    /// Where its fields stand.
    pub fn at(&self) -> &Places {
        match self {
            Self::Gbm(gbm) => &gbm.at,
            Self::Merton(merton) => &merton.at,
            Self::History(history) => &history.at,
        }
    }
}
