//! Zones of utilisation.

/// Lower bounds of the zones above green.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UtilisationBounds {
    /// Yellow from here on.
    pub yellow: f64,
    /// Orange from here on.
    pub orange: f64,
    /// Red from here on.
    pub red: f64,
    /// A zone is left downwards only below its bound less this much.
    pub hysteresis: f64,
}

impl Default for UtilisationBounds {
    fn default() -> Self {
        Self { yellow: 0.60, orange: 0.75, red: 0.85, hysteresis: 0.0 }
    }
}

/// The zone that a utilisation lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UtilisationZone {
    /// Normal operation.
    Green,
    /// No new leveraged trades; what is discretionary is reduced.
    Yellow,
    /// Loans are recalled, then positions reduced.
    Orange,
    /// Margin-call territory.
    Red,
}

impl UtilisationZone {
    /// All, upwards.
    pub const ALL: [Self; 4] = [Self::Green, Self::Yellow, Self::Orange, Self::Red];

    /// Lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

impl UtilisationBounds {
    /// The zone of `utilisation` (infinite when there is no capital behind what is reserved),
    /// coming from `before`.
    pub fn zone(&self, utilisation: f64, before: UtilisationZone) -> UtilisationZone {
        let reached = |zone: UtilisationZone, bound: f64| {
            let slack = if before >= zone { self.hysteresis } else { 0.0 };
            utilisation >= bound - slack
        };
        if reached(UtilisationZone::Red, self.red) {
            UtilisationZone::Red
        } else if reached(UtilisationZone::Orange, self.orange) {
            UtilisationZone::Orange
        } else if reached(UtilisationZone::Yellow, self.yellow) {
            UtilisationZone::Yellow
        } else {
            UtilisationZone::Green
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UtilisationZone::{Green, Orange, Red, Yellow};
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_zone_above_it() {
        let bounds = UtilisationBounds::default();
        let rows = [
            (0.0, Green),
            (0.599_999, Green),
            (0.60, Yellow),
            (0.65, Yellow),
            (0.75, Orange),
            (0.849_999, Orange),
            (0.85, Red),
            (1.0, Red),
            (f64::INFINITY, Red),
        ];
        for (utilisation, zone) in rows {
            assert_eq!(bounds.zone(utilisation, Green), zone, "{utilisation}");
        }
    }

    #[test]
    fn hysteresis_holds_a_zone_on_the_way_down_only() {
        let bounds = UtilisationBounds { hysteresis: 0.05, ..UtilisationBounds::default() };
        let rows = [
            (0.74, Yellow, Yellow),
            (0.74, Orange, Orange),
            (0.71, Orange, Orange),
            (0.69, Orange, Yellow),
            (0.81, Red, Red),
            (0.79, Red, Orange),
            (0.56, Yellow, Yellow),
            (0.54, Yellow, Green),
        ];
        for (utilisation, before, zone) in rows {
            assert_eq!(bounds.zone(utilisation, before), zone, "{utilisation} from {before:?}");
        }
    }
}
