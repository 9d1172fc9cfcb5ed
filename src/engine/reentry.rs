//! Entering again after a kill, once the market has calmed.

use super::agent_state::OrderKind;
use super::event::Recorder;
use super::run::Run;
use crate::prices::PricePath;
use crate::units::time::NEVER_MS;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Enters again if the market has calmed; else says when to look again.
    pub(super) fn consider_resume(&mut self, agent: usize, position: usize) -> (bool, i64) {
        let Some(spec) = self.plan.agents[agent].guard.active_resume().copied() else {
            return (false, NEVER_MS);
        };
        let slot = self.ws.agents[agent].slots[position];
        let Some(killed_ms) = slot.killed_ms else { return (false, NEVER_MS) };
        if slot.resumes >= spec.max_resumes {
            return (false, NEVER_MS);
        }
        let bars = self.path.bars_before(self.now_ms);
        let atr = self.atr(agent, position, spec.atr_bars, bars);
        let may = self.may_enter(agent);
        if may && bars >= slot.retry_bar && spec.enters(self.now_ms, killed_ms, slot.resumes, atr) {
            self.order(agent, position, OrderKind::Resume);
            return (true, NEVER_MS);
        }
        let next_bar_ms = self.start_ms + (bars as i64 + 1) * self.path.bar_ms();
        let ready_ms = killed_ms.saturating_add(spec.cooldown_ms);
        (false, next_bar_ms.max(self.now_ms + 1).min(ready_ms.max(self.now_ms + 1)))
    }

    /// Wilder's average over the bars that ended before this instant, kept from look to look.
    fn atr(&mut self, agent: usize, position: usize, n: usize, bars: usize) -> Option<f64> {
        let market = self.ws.exchange.accounts()[agent].positions[position].market;
        let asset = self.plan.exchange.markets[market].asset;
        let kept = self.ws.agents[agent].slots[position].atr;
        let (mut next, mut atr) = match kept {
            Some(kept) => kept,
            None => (0, crate::policy::WilderAtr::new(n, self.path.first_close(asset))),
        };
        while next < bars {
            let [high, low, close] = self.path.bar(next, asset);
            atr.push(high, low, close);
            next += 1;
        }
        self.ws.agents[agent].slots[position].atr = Some((next, atr));
        atr.fraction()
    }

    /// Whether some killed position may still be entered again.
    pub(super) fn anyone_waits(&self) -> bool {
        (self.plan.agents.iter().zip(&self.ws.agents)).any(|(plan, state)| {
            plan.guard.active_resume().is_some_and(|spec| {
                (state.slots.iter())
                    .any(|slot| slot.killed_ms.is_some() && slot.resumes < spec.max_resumes)
            })
        })
    }
}
