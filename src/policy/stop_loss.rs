//! Stop loss: a close at a price or at a loss, whatever the health factor.

/// What a stop looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StopTrigger {
    /// The mark at or beyond it: below for a long, above for a short.
    Price(f64),
    /// A loss of this part of the notional at entry.
    Loss(f64),
    /// Health factor below it: the form that the null policy uses.
    HealthFactor(f64),
}

/// Parameters of the stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StopLossSpec {
    /// Off: never acts.
    pub enabled: bool,
    /// When to close.
    pub trigger: StopTrigger,
}

impl StopLossSpec {
    /// The mark at which a position of `side` (1 or −1) with `entry` is closed; `None` where the
    /// trigger is not a price.
    pub fn stop_price(&self, side: i64, entry: f64) -> Option<f64> {
        match self.trigger {
            StopTrigger::Price(price) => Some(price),
            StopTrigger::Loss(loss) => Some(entry * (1.0 - side as f64 * loss)),
            StopTrigger::HealthFactor(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_a_price() {
        let rows = [
            (StopTrigger::Loss(0.1), 1, Some(180.0)),
            (StopTrigger::Loss(0.1), -1, Some(220.0)),
            (StopTrigger::Price(150.0), 1, Some(150.0)),
            (StopTrigger::HealthFactor(1.2), 1, None),
        ];
        for (trigger, side, price) in rows {
            let got = StopLossSpec { enabled: true, trigger }.stop_price(side, 200.0);
            match (got, price) {
                (Some(got), Some(price)) => assert!(f64::abs(got - price) < 1e-9, "{trigger:?}"),
                (got, price) => assert_eq!(got, price),
            }
        }
    }
}
