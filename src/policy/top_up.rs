//! Collateral top-up: how much to add, and when to give up and pull the kill switch.

use crate::units::Amount;

/// How the amount of a top-up is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizing {
    /// `target·MM − E`: exactly what restores the target.
    Exact,
    /// `collateral·(target/HF − 1)`: the proportional rule of simple guard scripts, which asks
    /// for too much on a losing position and too little on a winning one.
    Proportional,
}

/// When the kill switch replaces a top-up, where it is the fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackWhen {
    /// In danger, or when the wallet above its reserve is empty.
    Reserve,
    /// Also when a cap leaves nothing to add.
    AnyCap,
}

/// Health factors of one position's top-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopUpThresholds {
    /// Top up below it.
    pub warning: f64,
    /// Below it the fallback closes at once.
    pub danger: f64,
    /// What a top-up restores.
    pub target: f64,
}

/// The live configuration of the automatic top-up, and what a simulation adds to it.
#[derive(Clone, Debug, PartialEq)]
pub struct TopUpSpec {
    /// Off: never acts.
    pub enabled: bool,
    /// Thresholds where a position has none of its own.
    pub thresholds: TopUpThresholds,
    /// Most that one top-up adds.
    pub max_per_event: Amount,
    /// Most that all top-ups of one UTC day add.
    pub max_per_day: Amount,
    /// Part of the wallet that is never touched.
    pub reserve_minimum: Amount,
    /// Whether the kill switch is the fallback.
    pub fallback_to_kill_switch: bool,
    /// When the fallback acts.
    pub fallback_when: FallbackWhen,
    /// How the amount is found.
    pub sizing: Sizing,
    /// A position is not topped up again for so long.
    pub cooldown_ms: i64,
    /// The money arrives so much later than the order takes effect.
    pub transfer_delay_ms: i64,
    /// Probability that a top-up fails.
    pub failure_probability: f64,
    /// Where the live system would send its events; kept for `topup.json`, never called.
    pub notify_webhook: Option<String>,
}

/// What limits one top-up at this instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUpLimits {
    /// Wallet less holds and reserve, orders in flight taken off.
    pub available: Amount,
    /// Left of the day's cap.
    pub day_left: Amount,
}

/// The amount that a top-up asks for before its limits, rounded up so that it suffices.
///
/// `equity` and `maintenance` in USDC; zero when the target is already met.
pub fn wanted(
    sizing: Sizing,
    target_hf: f64,
    equity: f64,
    maintenance: f64,
    collateral: f64,
) -> Amount {
    let usdc = match sizing {
        Sizing::Exact => target_hf * maintenance - equity,
        Sizing::Proportional => {
            let health_factor = equity / maintenance;
            if health_factor <= 0.0 {
                // The script's ratio has no meaning at negative equity: ask for the exact amount.
                target_hf * maintenance - equity
            } else {
                collateral * (target_hf / health_factor - 1.0)
            }
        }
    };
    Amount::ceil_usdc(usdc.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_on_a_losing_position() {
        // A long of 3,000 at 15 % maintenance with 1,000 of collateral, down 12 %:
        // uPnL −360, E = 640, N = 2,640, MM = 396, HF = 1.616161...
        // Exact: 2.0·396 − 640 = 152. Proportional: 1,000·(2.0/1.616161… − 1) = 237.5.
        let rows = [(Sizing::Exact, 152.0), (Sizing::Proportional, 237.5)];
        for (sizing, usdc) in rows {
            let amount = wanted(sizing, 2.0, 640.0, 396.0, 1_000.0);
            assert!((amount.usdc() - usdc).abs() <= 1.1e-6, "{sizing:?} {amount}");
        }
        // After the exact amount the health factor is the target: (640 + 152) / 396 = 2.
    }

    #[test]
    fn nothing_is_asked_above_the_target() {
        assert_eq!(wanted(Sizing::Exact, 2.0, 900.0, 396.0, 1_000.0), Amount::ZERO);
    }

    #[test]
    fn a_required_amount_is_rounded_up() {
        assert_eq!(wanted(Sizing::Exact, 1.0, 0.0, 1e-7, 0.0).micro(), 1);
    }
}
