//! Force-closes: what is due, and doing it.

use super::account_set::AccountSet;
use super::effect::CloseCause;
use super::reading::Health;
use super::spec::{ForceClose, MarginMode, Slippage};
use super::state::Exchange;
use crate::units::Quantity;

/// A position that the venue may force-close now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Index of the account.
    pub account: usize,
    /// Index of the position.
    pub position: usize,
}

/// What of an account is due: an isolated position, or its cross positions together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DueHealth {
    /// Index of the isolated position; `None`: the cross positions.
    pub position: Option<usize>,
    /// Equity and what it must cover.
    pub health: Health,
    /// The level that its health factor is at or below.
    pub level: f64,
}

impl Exchange {
    /// The first position, in the venue's order of accounts and that of positions, whose health
    /// factor is at or below its venue's level. In cross margin the account's largest
    /// maintenance requirement is named.
    pub fn due(&self) -> Option<Due> {
        self.all_due().next()
    }

    /// The same of every account that has one.
    pub fn all_due(&self) -> impl Iterator<Item = Due> {
        self.order.iter().filter_map(|&account| {
            let position = self.due_position(account)?;
            Some(Due { account, position })
        })
    }

    /// As [`Exchange::due`], where of all accounts only `suspects` have changed since none was due;
    /// those that are found not to be are taken out.
    pub fn due_among(&self, suspects: &mut AccountSet) -> Option<Due> {
        self.first_of(suspects, |account| {
            let position = self.due_position(account)?;
            Some(Due { account, position })
        })
    }

    /// What is found for the first account of a set, in the venue's order, for which anything is;
    /// accounts looked at in vain are taken out.
    pub(super) fn first_of<T>(
        &self,
        suspects: &mut AccountSet,
        find: impl Fn(usize) -> Option<T>,
    ) -> Option<T> {
        let mut best: Option<(u32, T)> = None;
        let mut place = 0;
        while let Some(account) = suspects.first_from(place) {
            place = account + 1;
            match find(account) {
                None => suspects.remove(account),
                // Without priorities the first is the first.
                Some(found) if self.priorities.is_empty() => return Some(found),
                Some(found) => {
                    let priority = self.priorities[account];
                    if best.as_ref().is_none_or(|(least, _)| priority < *least) {
                        best = Some((priority, found));
                    }
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// Tells everything of an account whose health factor is at or below its venue's level.
    pub fn each_due(&self, account: usize, mut tell: impl FnMut(DueHealth)) {
        let mut cross_seen = false;
        let slots = &self.accounts[account].positions;
        for (position, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.is_open()) {
            let (position, health, level) = match slot.mode {
                MarginMode::Isolated => {
                    let level = self.spec.markets[slot.market].liquidation_hf;
                    (Some(position), self.isolated_health(slot), level)
                }
                MarginMode::Cross if !cross_seen => {
                    cross_seen = true;
                    (None, self.cross_health(account), self.cross_level(account))
                }
                MarginMode::Cross => continue,
            };
            if health.factor() <= level {
                tell(DueHealth { position, health, level });
            }
        }
    }

    fn due_position(&self, account: usize) -> Option<usize> {
        let mut cross_seen = false;
        let slots = &self.accounts[account].positions;
        for (position, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.is_open()) {
            match slot.mode {
                MarginMode::Isolated => {
                    let level = self.spec.markets[slot.market].liquidation_hf;
                    if self.isolated_health(slot).factor() <= level {
                        return Some(position);
                    }
                }
                MarginMode::Cross if !cross_seen => {
                    cross_seen = true;
                    if self.cross_health(account).factor() <= self.cross_level(account) {
                        return self.largest_requirement(account);
                    }
                }
                MarginMode::Cross => {}
            }
        }
        None
    }

    /// The level of a cross account: the highest among the markets that it is in.
    pub fn cross_level(&self, account: usize) -> f64 {
        (self.accounts[account].positions.iter())
            .filter(|slot| slot.mode == MarginMode::Cross && slot.is_open())
            .map(|slot| self.spec.markets[slot.market].liquidation_hf)
            .fold(0.0, f64::max)
    }

    fn largest_requirement(&self, account: usize) -> Option<usize> {
        let mut largest: Option<(usize, f64)> = None;
        for (position, slot) in self.accounts[account].positions.iter().enumerate() {
            if slot.mode == MarginMode::Cross && slot.is_open() {
                let requirement = self.leg(slot).maintenance(self.mark_of(slot));
                if largest.is_none_or(|(_, most)| requirement > most) {
                    largest = Some((position, requirement));
                }
            }
        }
        largest.map(|(position, _)| position)
    }

    /// Force-closes a due position as its market says.
    ///
    /// The first of an instant decides the price for all forced closes of its market and side:
    /// the price of everything that is due there now.
    pub fn execute(&mut self, due: Due) {
        let Due { account, position } = due;
        let units = self.units_due(account, position);
        self.fill_price(account, position, CloseCause::ForceClose, units);
        // A part that restores a target is found at that price.
        let part = self.part_due(account, position);
        let slot = &mut self.accounts[account].positions[position];
        if part != slot.quantity
            && let ForceClose::Partial { cooldown_ms, .. } =
                self.spec.markets[slot.market].force_close
        {
            slot.full_until_ms = self.now_ms.saturating_add(cooldown_ms);
        }
        self.close(account, position, part, CloseCause::ForceClose, units);
    }

    /// Quantity of all that is due in the market, and on the side, of a position; of a cross
    /// account only its largest requirement. Counted only while a price hangs on it.
    fn units_due(&self, account: usize, position: usize) -> f64 {
        let one = &self.accounts[account].positions[position];
        let market = &self.spec.markets[one.market];
        let by_size = matches!(market.liquidation_slippage.form, Slippage::SquareRoot { .. });
        if !by_size || self.fills.decided(one.market, one.units > 0.0, true) {
            return one.units;
        }
        let mut units = 0.0;
        for &(account, position) in &self.slots_in[one.market] {
            let slot = &self.accounts[account].positions[position];
            if slot.units * one.units > 0.0 && self.is_due(account, position) {
                units += self.part_due(account, position).units();
            }
        }
        units
    }

    fn is_due(&self, account: usize, position: usize) -> bool {
        let slot = &self.accounts[account].positions[position];
        match slot.mode {
            MarginMode::Isolated => {
                let level = self.spec.markets[slot.market].liquidation_hf;
                self.isolated_health(slot).factor() <= level
            }
            MarginMode::Cross => {
                self.cross_health(account).factor() <= self.cross_level(account)
                    && self.largest_requirement(account) == Some(position)
            }
        }
    }

    fn part_due(&self, account: usize, position: usize) -> Quantity {
        let slot = &self.accounts[account].positions[position];
        match self.spec.markets[slot.market].force_close {
            ForceClose::Full => slot.quantity,
            ForceClose::Partial { fraction, above_notional_usdc, .. } => {
                let large = slot.units.abs() * self.mark_of(slot) > above_notional_usdc;
                let cooling = self.now_ms < slot.full_until_ms;
                if large && !cooling { slot.quantity.part_up(fraction) } else { slot.quantity }
            }
            ForceClose::ToTarget { target_hf } => {
                let (pending, cause) = (Health::ZERO, CloseCause::ForceClose);
                self.part_to_target(account, position, pending, target_hf, cause)
                    .unwrap_or(slot.quantity)
            }
        }
    }
}
