//! Many settings of a scenario: axes and how points are made of them.

use serde_json::Value as Json;

use crate::fields::{
    Bounds, ByPath, Decode, Faults, Located, Name, Node, Shape, Value, Written, choice, section,
};

section! {
    /// The variants of `drypowder sweep`; the other commands leave them alone. See SWEEP.md.
    SweepForm {
        /// How points are made: "grid" takes every combination of the values of all axes, the last changing fastest; "zip" the first value of each, then the second; "list" what stands in list; the others draw in the unit cube of the axes, "random" each point alone, "latin_hypercube" one in each of as many equal parts of every axis, "sobol" the unscrambled sequence.
        design: DesignKind = "grid";
        /// Points of random, latin_hypercube and sobol.
        points: Option<u64>, Bounds::within(1.0, POINTS_MAX as f64);
        /// What every point must meet, e.g. "policy.top_up.danger_threshold < policy.top_up.warning_threshold"; points that do not are left out and counted. Fields, and values with their units, with <, <=, >, >=, == between.
        constraints: Option<Vec<Located<String>>>;
        /// The axes, by the path of a field in quotes, as --set takes it: a list of values, or a range.
        fields: ByPath<AxisForm> = Value::empty();
        /// The settings of design = "list".
        list: Option<Vec<SettingForm>>;
        /// Figures of summary.csv that are written of each variant; the usual ones unless given.
        figures: Option<Vec<Located<String>>>;
        /// Whether sweep_paths.csv is written: a row per variant, path and agent.
        paths_file: bool = false;
    }
}

/// Most variants of a sweep.
pub(crate) const POINTS_MAX: u64 = 100_000;

section! {
    /// Values between two ends.
    RangeForm {
        /// First value.
        from: Written;
        /// Last value.
        to: Written;
        /// How many values, both ends among them; grid and zip need it. Without it every value between the ends may be drawn.
        steps: Option<u64>, Bounds::within(1.0, POINTS_MAX as f64);
        /// Equal steps, or equal ratios.
        scale: ScaleKind = "linear";
    }
}

section! {
    /// A setting of design = "list".
    SettingForm {
        /// Its name in every table.
        name: Name;
        /// Values by the path of a field in quotes.
        set: ByPath<Written>;
    }
}

/// The values of an axis.
#[derive(Clone, Debug)]
pub(crate) enum AxisForm {
    /// As they are.
    Values(Vec<Node>),
    /// Between two ends.
    Range(Box<RangeForm>),
}

impl Decode for AxisForm {
    fn shape() -> Shape {
        Shape::OrList(Box::new(RangeForm::shape()))
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        match &node.value {
            Value::List(list) if list.is_empty() => {
                faults.error_about(node, "has no value", "give at least one, e.g. [1.05, 1.1]");
                None
            }
            Value::List(list) => Some(Self::Values(list.clone())),
            Value::Table(table)
                if !["from", "to", "steps", "scale"]
                    .iter()
                    .any(|name| table.contains_key(*name)) =>
            {
                let problem = "is neither a list of values nor a range";
                let help = "write [1, 2], or { from = 1, to = 2, steps = 3 }; the path of the field \
                            stands in quotes: \"policy.top_up.warning_threshold\" = …";
                faults.error(
                    &node.key_spot(),
                    format!("{} {problem}", last(&node.spot.path)),
                    help,
                );
                None
            }
            Value::Table(_) => {
                RangeForm::decode(node, bounds, faults).map(|range| Self::Range(Box::new(range)))
            }
            _ => {
                let help = "write [1, 2], or { from = 1, to = 2, steps = 3 }";
                faults.error_about(node, "is neither a list of values nor a range", help);
                None
            }
        }
    }

    fn json(&self) -> Option<Json> {
        match self {
            Self::Values(list) => {
                Some(list.iter().filter_map(|node| Written(node.clone()).json()).collect())
            }
            Self::Range(range) => range.json(),
        }
    }
}

fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

/// How points are made of axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignKind {
    /// Every combination.
    Grid,
    /// In step.
    Zip,
    /// Named settings.
    List,
    /// Independent points.
    Random,
    /// One point in each stratum of every axis (McKay, Beckman & Conover 1979).
    LatinHypercube,
    /// The Sobol sequence.
    Sobol,
}

impl DesignKind {
    /// As a scenario writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Zip => "zip",
            Self::List => "list",
            Self::Random => "random",
            Self::LatinHypercube => "latin_hypercube",
            Self::Sobol => "sobol",
        }
    }

    /// Whether it draws points in the unit cube, as many as one asks for.
    pub const fn draws(self) -> bool {
        matches!(self, Self::Random | Self::LatinHypercube | Self::Sobol)
    }
}

/// How values lie between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleKind {
    /// In equal steps.
    Linear,
    /// In equal ratios.
    Log,
}

choice!(DesignKind {
    "grid" => Self::Grid,
    "zip" => Self::Zip,
    "list" => Self::List,
    "random" => Self::Random,
    "latin_hypercube" => Self::LatinHypercube,
    "sobol" => Self::Sobol,
});
choice!(ScaleKind { "linear" => Self::Linear, "log" => Self::Log });
