//! Shocks to the venue: thin books, funding, borrow rates, recalls that fail. Each holds in a
//! window of time; what holds at once stacks.

use crate::prices::Onset;
use crate::stats::StreamKey;
use crate::units::time::NEVER_MS;
use crate::venue::exchange::{Slippage, SlippageSpec};

/// A shock to the venue.
#[derive(Clone, Debug, PartialEq)]
pub struct VenueShock {
    /// When it begins; a shock to prices of the same name and length begins at the same instant.
    pub onset: Onset,
    /// Length of a step of the prices, ms, and their number: what a drawn beginning is drawn in.
    pub step_ms: i64,
    /// Steps of the run.
    pub steps: usize,
    /// Paths 2k and 2k + 1 begin it at one instant: antithetic paths mirror nothing but normals.
    pub in_pairs: bool,
    /// What it does.
    pub parts: Vec<VenuePart>,
}

/// One thing that a shock does, from an instant on (included) to another (excluded).
#[derive(Clone, Debug, PartialEq)]
pub struct VenuePart {
    /// After the shock's beginning, ms.
    pub from_ms: i64,
    /// How long it holds, ms.
    pub for_ms: i64,
    /// What holds.
    pub kind: VenueShockKind,
}

/// What a shock to the venue does.
#[derive(Clone, Debug, PartialEq)]
pub enum VenueShockKind {
    /// By asset of the path: what the depth of its books, perpetual and spot, is divided by.
    Liquidity(Vec<f64>),
    /// By market: what is added to the rate of each funding payment.
    Funding(Vec<f64>),
    /// By pool (USDC's first): what is added to its rate a year.
    BorrowRate(Vec<f64>),
    /// Probability that an outside borrower does not return a recalled loan that falls due, beside
    /// its own.
    RecallFailure(f64),
}

impl VenueShockKind {
    /// Whether everything is the same with it as without.
    pub fn does_nothing(&self) -> bool {
        match self {
            Self::Liquidity(factors) => factors.iter().all(|factor| *factor == 1.0),
            Self::Funding(rates) | Self::BorrowRate(rates) => rates.iter().all(|rate| *rate == 0.0),
            Self::RecallFailure(probability) => *probability == 0.0,
        }
    }
}

/// What slippage is multiplied by where the depth of a book is divided by `factor`. Square root:
/// the volume that it is measured in falls, √factor. Basis points: of a book of even depth an order
/// eats `factor` times as far.
pub fn slippage_factor(spec: &SlippageSpec, factor: f64) -> f64 {
    match spec.form {
        Slippage::None => 1.0,
        Slippage::FixedBps { .. } => factor,
        Slippage::SquareRoot { .. } => factor.sqrt(),
    }
}

/// One part on the present path.
#[derive(Clone, Debug)]
struct Window {
    shock: usize,
    from_ms: i64,
    for_ms: i64,
    /// On this path, UTC ms.
    begin_ms: i64,
    end_ms: i64,
    kind: VenueShockKind,
}

/// The shocks of the present path.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    shocks: Vec<(VenueShock, StreamKey)>,
    windows: Vec<Window>,
    has_liquidity: bool,
    has_borrow: bool,
}

impl Windows {
    pub fn new(shocks: &[VenueShock]) -> Self {
        let mut windows = Vec::new();
        for (shock, spec) in shocks.iter().enumerate() {
            let parts = spec.parts.iter();
            for part in parts.filter(|part| part.for_ms > 0 && !part.kind.does_nothing()) {
                windows.push(Window {
                    shock,
                    from_ms: part.from_ms,
                    for_ms: part.for_ms,
                    begin_ms: NEVER_MS,
                    end_ms: NEVER_MS,
                    kind: part.kind.clone(),
                });
            }
        }
        let any = |is: fn(&VenueShockKind) -> bool| windows.iter().any(|window| is(&window.kind));
        Self {
            has_liquidity: any(|kind| matches!(kind, VenueShockKind::Liquidity(_))),
            has_borrow: any(|kind| matches!(kind, VenueShockKind::BorrowRate(_))),
            shocks: shocks.iter().map(|shock| (shock.clone(), shock.onset.key())).collect(),
            windows,
        }
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, seed: u64, path: u64, start_ms: i64) {
        for window in &mut self.windows {
            let (shock, key) = &self.shocks[window.shock];
            let path = if shock.in_pairs { path & !1 } else { path };
            let step_ms = shock.step_ms as f64;
            let steps = shock.steps as f64;
            let begin = shock.onset.in_steps(step_ms, steps, || key.open(seed, path)) * step_ms;
            // The first millisecond that lies in it.
            window.begin_ms = start_ms + begin.ceil() as i64 + window.from_ms;
            window.end_ms = window.begin_ms + window.for_ms;
        }
    }

    fn at(&self, now_ms: i64) -> impl Iterator<Item = &VenueShockKind> {
        let holds = move |window: &&Window| (window.begin_ms..window.end_ms).contains(&now_ms);
        self.windows.iter().filter(holds).map(|window| &window.kind)
    }

    /// Whether any shock ever thins books.
    #[inline]
    pub fn thins_books(&self) -> bool {
        self.has_liquidity
    }

    /// Whether any shock ever moves borrow rates.
    #[inline]
    pub fn moves_rates(&self) -> bool {
        self.has_borrow
    }

    /// What the depth of an asset's books is divided by.
    pub fn depth_divisor(&self, now_ms: i64, asset: usize) -> f64 {
        let mut divisor = 1.0;
        for kind in self.at(now_ms) {
            if let VenueShockKind::Liquidity(factors) = kind {
                divisor *= factors[asset];
            }
        }
        divisor
    }

    /// What is added to the rate of a market's funding payment.
    pub fn funding(&self, now_ms: i64, market: usize) -> f64 {
        let mut rate = 0.0;
        for kind in self.at(now_ms) {
            if let VenueShockKind::Funding(rates) = kind {
                rate += rates[market];
            }
        }
        rate
    }

    /// What is added to a pool's rate a year.
    pub fn borrow_rate(&self, now_ms: i64, pool: usize) -> f64 {
        let mut rate = 0.0;
        for kind in self.at(now_ms) {
            if let VenueShockKind::BorrowRate(rates) = kind {
                rate += rates[pool];
            }
        }
        rate
    }

    /// The next instant at which borrow rates change.
    pub fn next_rate_ms(&self, now_ms: i64) -> i64 {
        let mut next_ms = NEVER_MS;
        for window in &self.windows {
            if let VenueShockKind::BorrowRate(_) = window.kind {
                for edge_ms in [window.begin_ms, window.end_ms] {
                    if edge_ms > now_ms {
                        next_ms = next_ms.min(edge_ms);
                    }
                }
            }
        }
        next_ms
    }

    /// Probability that a recall which falls due fails on account of shocks: 1 − Π(1 − p).
    pub fn recall_failure(&self, now_ms: i64) -> f64 {
        let mut kept = 1.0;
        for kind in self.at(now_ms) {
            if let VenueShockKind::RecallFailure(probability) = kind {
                kept *= 1.0 - probability;
            }
        }
        1.0 - kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shock(after_ms: i64, for_ms: i64, kind: VenueShockKind) -> VenueShock {
        let onset = Onset { name: "s".into(), after_ms: Some(after_ms), length_ms: for_ms };
        let parts = vec![VenuePart { from_ms: 0, for_ms, kind }];
        VenueShock { onset, step_ms: 7, steps: 100, in_pairs: false, parts }
    }

    /// Two of each, from 1,010 to 1,030 and from 1,020 to 1,040: 2 · 8 = 16, .01 + .02 = .03,
    /// 1 − .5 · .5 = .75 where both hold; the first instant is in, the last is not.
    #[test]
    fn what_holds_at_once_stacks() {
        use VenueShockKind::{BorrowRate, Funding, Liquidity, RecallFailure};
        let pair = |a: VenueShockKind, b| [shock(10, 20, a), shock(20, 20, b)];
        let mut shocks = Vec::new();
        shocks.extend(pair(Liquidity(vec![1.0, 2.0]), Liquidity(vec![1.0, 8.0])));
        shocks.extend(pair(Funding(vec![0.01]), Funding(vec![0.02])));
        shocks.extend(pair(BorrowRate(vec![0.01]), BorrowRate(vec![0.02])));
        shocks.extend(pair(RecallFailure(0.5), RecallFailure(0.5)));
        let mut windows = Windows::new(&shocks);
        windows.begin(1, 0, 1_000);
        let rows = [
            (1_009, [1.0, 0.0, 0.0, 0.0], 1_010),
            (1_010, [2.0, 0.01, 0.01, 0.5], 1_020),
            (1_020, [16.0, 0.03, 0.03, 0.75], 1_030),
            (1_029, [16.0, 0.03, 0.03, 0.75], 1_030),
            (1_030, [8.0, 0.02, 0.02, 0.5], 1_040),
            (1_040, [1.0, 0.0, 0.0, 0.0], NEVER_MS),
        ];
        for (now, expected, next) in rows {
            let got = [
                windows.depth_divisor(now, 1),
                windows.funding(now, 0),
                windows.borrow_rate(now, 0),
                windows.recall_failure(now),
            ];
            assert_eq!(got, expected, "{now}");
            assert_eq!(windows.depth_divisor(now, 0), 1.0);
            assert_eq!(windows.next_rate_ms(now), next, "{now}");
        }
    }

    /// A quarter of the depth: √4 = 2 times the impact, 4 times the basis points.
    #[test]
    fn depth_and_slippage() {
        let spec = |form| SlippageSpec { form, ..SlippageSpec::NONE };
        let root = spec(Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e6 });
        assert_eq!(slippage_factor(&root, 4.0), 2.0);
        assert_eq!(slippage_factor(&spec(Slippage::FixedBps { bps: 5.0 }), 4.0), 4.0);
        assert_eq!(slippage_factor(&SlippageSpec::NONE, 4.0), 1.0);
    }

    /// What changes nothing is left out, so that no instant is added to a run.
    #[test]
    fn a_shock_without_strength_is_none() {
        use VenueShockKind::{BorrowRate, Funding, Liquidity, RecallFailure};
        let still = [
            shock(0, 10, Liquidity(vec![1.0])),
            shock(0, 10, Funding(vec![0.0])),
            shock(0, 10, BorrowRate(vec![0.0])),
            shock(0, 10, RecallFailure(0.0)),
            shock(0, 0, RecallFailure(1.0)),
        ];
        assert!(Windows::new(&still).windows.is_empty());
    }
}
