//! The marks between which nothing can happen to one position by its own price.

use super::super::event::{HealthMark, Recorder};
use super::super::run::Run;
use crate::prices::PricePath;
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{MarginMode, Position};

/// Thresholds nearer to the mark than this part of it end the interval on both sides.
const TOUCHING: f64 = 1e-9;

/// The interval of an isolated position, and of which state: its thresholds hang on nothing else, so
/// that it holds for as long as the mark stays inside.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct KeptInterval {
    quantity: Quantity,
    entry: f64,
    collateral: Amount,
    interval: Interval,
}

/// A state of an isolated position at which its guard decided nothing, and at which mark.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Idle {
    quantity: Quantity,
    entry: f64,
    collateral: Amount,
    mark: f64,
}

/// Marks between two thresholds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    low: f64,
    high: f64,
}

impl Interval {
    const OPEN: Self = Self { low: 0.0, high: f64::INFINITY };

    /// Ends at a crossing, on its side of the mark.
    fn narrow(&mut self, mark: f64, crossing: f64) {
        let slack = mark * TOUCHING;
        if crossing <= mark + slack {
            self.low = self.low.max(crossing);
        }
        if crossing >= mark - slack {
            self.high = self.high.min(crossing);
        }
    }

    /// Whether a mark lies inside and touches neither end.
    fn holds(&self, mark: f64) -> bool {
        let slack = mark * TOUCHING;
        self.low < mark - slack && mark + slack < self.high
    }
}

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Narrows the interval of an asset by one of its own.
    pub(super) fn narrow_asset(&mut self, asset: usize, Interval { low, high }: Interval) {
        let ws = &mut *self.ws;
        ws.quiet_low[asset] = ws.quiet_low[asset].max(low);
        ws.quiet_high[asset] = ws.quiet_high[asset].min(high);
    }

    /// An isolated position: as it was found last, where neither it nor its side of a threshold has
    /// changed.
    pub(super) fn narrow_isolated(&mut self, agent: usize, position: usize) {
        let exchange = &self.ws.exchange;
        let slot = &exchange.accounts()[agent].positions[position];
        let (mark, asset) = (exchange.mark_of(slot), exchange.market(slot.market).asset);
        let (quantity, entry) = (slot.quantity, slot.entry);
        let collateral = exchange.collateral(agent, position);
        let is_kept = |kept: &KeptInterval| {
            (kept.quantity, kept.collateral) == (quantity, collateral)
                && kept.entry == entry
                && kept.interval.holds(mark)
        };
        // What a recorder waits for may change by itself.
        let kept =
            self.ws.agents[agent].slots[position].quiet.filter(|kept| !R::HEALTH && is_kept(kept));
        let interval = match kept {
            Some(kept) => kept.interval,
            None => {
                let interval = self.interval_of(agent, position, collateral);
                self.ws.agents[agent].slots[position].quiet =
                    Some(KeptInterval { quantity, entry, collateral, interval });
                interval
            }
        };
        self.narrow_asset(asset, interval);
    }

    /// Whether the guard would decide nothing about a position because it did so before: nothing but
    /// the mark has changed since, and no threshold lies between then and now.
    pub(in crate::engine) fn stands_idle(&self, agent: usize, position: usize) -> bool {
        let state = &self.ws.agents[agent].slots[position];
        let (Some(idle), Some(kept)) = (&state.idle, &state.quiet) else { return false };
        let exchange = &self.ws.exchange;
        let slot = &exchange.accounts()[agent].positions[position];
        let collateral = exchange.collateral(agent, position);
        let same = |quantity, entry: f64, of: Amount| {
            quantity == slot.quantity && entry == slot.entry && of == collateral
        };
        !state.in_flight()
            && same(idle.quantity, idle.entry, idle.collateral)
            && same(kept.quantity, kept.entry, kept.collateral)
            && kept.interval.holds(idle.mark)
            && kept.interval.holds(exchange.mark_of(slot))
    }

    /// A position as it stands now, for [`Self::stands_idle`]: nothing of an order on its way, and of
    /// cross margin, where others share in it.
    pub(in crate::engine) fn idle_now(&self, agent: usize, position: usize) -> Option<Idle> {
        let exchange = &self.ws.exchange;
        let slot = &exchange.accounts()[agent].positions[position];
        let may =
            slot.mode == MarginMode::Isolated && !self.ws.agents[agent].slots[position].in_flight();
        may.then(|| Idle {
            quantity: slot.quantity,
            entry: slot.entry,
            collateral: exchange.collateral(agent, position),
            mark: exchange.mark_of(slot),
        })
    }

    fn interval_of(&self, agent: usize, position: usize, collateral: Amount) -> Interval {
        let levels = self.levels(agent, position);
        let (_, mut interval) = self.apart_from_equity(agent, position);
        let exchange = &self.ws.exchange;
        let slot = &exchange.accounts()[agent].positions[position];
        let (leg, mark) = (exchange.leg(slot), exchange.mark_of(slot));
        for level in levels.iter() {
            leg.crossings(collateral.usdc(), level, |crossing| interval.narrow(mark, crossing));
        }
        if R::HEALTH
            && let Some(HealthMark { level, backed: true }) = self.recorder.awaited(agent)
        {
            let backing = collateral.usdc() + exchange.free_wallet(agent).usdc();
            leg.crossings(backing, level, |crossing| interval.narrow(mark, crossing));
        }
        interval
    }

    /// The asset of a position, and the marks between those that its equity has no part in: its stop,
    /// and where its maintenance requirement begins.
    pub(super) fn apart_from_equity(&self, agent: usize, position: usize) -> (usize, Interval) {
        let exchange = &self.ws.exchange;
        let slot = &exchange.accounts()[agent].positions[position];
        let mark = exchange.mark_of(slot);
        let mut interval = Interval::OPEN;
        let ends = [self.stop_of(agent, slot), self.requirement_of(slot)];
        for end in ends.into_iter().flatten() {
            interval.narrow(mark, end);
        }
        (exchange.market(slot.market).asset, interval)
    }

    fn stop_of(&self, agent: usize, slot: &Position) -> Option<f64> {
        let stop = self.plan.agents[agent].guard.active_stop_loss()?;
        stop.stop_price(slot.quantity.sign(), slot.entry)
    }

    /// Where the first brackets require nothing, the health factor leaps at their end: from
    /// infinite to below every level, when the equity is gone.
    fn requirement_of(&self, slot: &Position) -> Option<f64> {
        let brackets = &self.ws.exchange.market(slot.market).maintenance;
        let end = brackets.iter().find(|bracket| bracket.rate > 0.0)?;
        (end.floor > 0.0).then(|| end.floor / slot.units.abs())
    }
}
