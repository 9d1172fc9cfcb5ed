//! The prime broker's margin call: an account that uses too much of its capital is called, has a
//! grace period to come back, and then loses its smallest position. Force-closes go on regardless.
//!
//! The margin ratio is the account's utilisation R / K. With [`UsedMargin::Maintenance`] open
//! positions count in R by their maintenance requirement instead of collateral and initial margin.
//! An account is in breach when the ratio is above [`MarginCallSpec::ratio`], or when the equity
//! behind its cross positions is below what they must maintain.

use super::account_set::AccountSet;
use super::effect::{CloseCause, Effect, EffectKind};
use super::margin::utilisation;
use super::state::Exchange;
use crate::units::time::NEVER_MS;

/// What counts as used by open positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedMargin {
    /// Isolated collateral, and initial margin at entry of cross positions.
    Initial,
    /// The maintenance requirement.
    Maintenance,
}

/// What follows a close after the grace period while the account is still in breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCall {
    /// A new call with a new grace period.
    NewCall,
    /// The next smallest position, at once, until the breach is cured.
    UntilCured,
}

/// Terms of the margin call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginCallSpec {
    /// Called above this margin ratio.
    pub ratio: f64,
    /// What counts as used.
    pub used: UsedMargin,
    /// From the call to the close.
    pub grace_ms: i64,
    /// What follows.
    pub after: AfterCall,
}

/// What the margin call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallStep {
    /// The account is in breach: call it.
    Call,
    /// The breach is gone within the grace period.
    Cure,
    /// The grace period is over: close this position.
    Close(usize),
    /// The grace period is over and nothing is left to close.
    Exhausted,
}

/// A step that is due for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallDue {
    /// Index of the account.
    pub account: usize,
    /// The step.
    pub step: CallStep,
}

impl Exchange {
    /// The first step of a margin call that is due now, in the order of accounts.
    pub fn call_due(&self) -> Option<CallDue> {
        let spec = self.spec.margin_call?;
        self.order.iter().find_map(|&account| {
            let step = self.call_step(account, &spec)?;
            Some(CallDue { account, step })
        })
    }

    /// As [`Exchange::call_due`], where of all accounts only `suspects` have changed since no step
    /// was due; those that are found to have none are taken out. An account whose grace period
    /// ends has changed.
    pub fn call_due_among(&self, suspects: &mut AccountSet) -> Option<CallDue> {
        let spec = self.spec.margin_call?;
        self.first_of(suspects, |account| {
            let step = self.call_step(account, &spec)?;
            Some(CallDue { account, step })
        })
    }

    /// Whether an account's grace period is over without a cure, and it has something to close.
    pub fn call_closes(&self, account: usize) -> bool {
        let step = self.spec.margin_call.and_then(|spec| self.call_step(account, &spec));
        matches!(step, Some(CallStep::Close(_)))
    }

    fn call_step(&self, account: usize, spec: &MarginCallSpec) -> Option<CallStep> {
        let breach = self.in_breach(account, spec);
        match self.calls[account] {
            None => breach.then_some(CallStep::Call),
            Some(_) if !breach => Some(CallStep::Cure),
            Some(expires_ms) if expires_ms <= self.now_ms => {
                Some(self.smallest(account).map_or(CallStep::Exhausted, CallStep::Close))
            }
            Some(_) => None,
        }
    }

    /// Whether an account must be called, or stays called.
    fn in_breach(&self, account: usize, spec: &MarginCallSpec) -> bool {
        if self.margin_ratio(account, spec.used) > spec.ratio {
            return true;
        }
        let cross = self.cross_health(account);
        cross.maintenance > 0.0 && cross.equity < cross.maintenance
    }

    /// Used margin over capital, as [`UsedMargin`] counts it; infinite where nothing backs it.
    pub fn margin_ratio(&self, account: usize, used: UsedMargin) -> f64 {
        utilisation(self.used(account, used), self.capital(account).equity)
    }

    /// What the margin call counts as used, USDC.
    pub fn used(&self, account: usize, used: UsedMargin) -> f64 {
        match used {
            UsedMargin::Initial => self.capital(account).reserved,
            UsedMargin::Maintenance => self.held_and_maintained(account),
        }
    }

    /// Holds and the maintenance requirement of everything open, USDC.
    pub fn held_and_maintained(&self, account: usize) -> f64 {
        let holder = &self.accounts[account];
        let held = self.ledger.held(holder.wallet).usdc();
        let open = holder.positions.iter().filter(|slot| slot.is_open());
        open.fold(held, |sum, slot| sum + self.leg(slot).maintenance(self.mark_of(slot)))
    }

    /// The open position with the least notional; of equal ones the first.
    fn smallest(&self, account: usize) -> Option<usize> {
        let slots = self.accounts[account].positions.iter().enumerate();
        let open = slots.filter(|(_, slot)| slot.is_open());
        let notional = |index: usize| {
            let slot = &self.accounts[account].positions[index];
            slot.units.abs() * self.mark_of(slot)
        };
        open.map(|(index, _)| index).min_by(|a, b| notional(*a).total_cmp(&notional(*b)))
    }

    /// Takes a step.
    pub fn execute_call(&mut self, due: CallDue) {
        let Some(spec) = self.spec.margin_call else { return };
        let CallDue { account, step } = due;
        let expires_ms = self.now_ms.saturating_add(spec.grace_ms);
        match step {
            CallStep::Call => {
                self.calls[account] = Some(expires_ms);
                self.tell_call(account, EffectKind::MarginCalled, spec.used);
            }
            CallStep::Cure => {
                self.calls[account] = None;
                self.tell_call(account, EffectKind::MarginCallCured, spec.used);
            }
            CallStep::Close(position) => {
                let slot = &self.accounts[account].positions[position];
                let (part, units) = (slot.quantity, slot.units);
                self.close(account, position, part, CloseCause::ForceClose, units);
                self.after_close(account, &spec, expires_ms);
            }
            // Whatever is reserved now is not a position's; the call stays until that is gone.
            CallStep::Exhausted => self.calls[account] = Some(NEVER_MS),
        }
    }

    /// The close has ended the call, unless the breach goes on and the next follows at once.
    fn after_close(&mut self, account: usize, spec: &MarginCallSpec, expires_ms: i64) {
        let breach = self.in_breach(account, spec);
        self.calls[account] = match (breach, spec.after) {
            (false, _) => None,
            (true, AfterCall::UntilCured) => Some(self.now_ms),
            (true, AfterCall::NewCall) => Some(expires_ms),
        };
        if breach && spec.after == AfterCall::NewCall {
            self.tell_call(account, EffectKind::MarginCalled, spec.used);
        }
    }

    fn tell_call(&mut self, account: usize, kind: EffectKind, used: UsedMargin) {
        let amount = self.margin_ratio(account, used);
        self.effects.push(Effect { account, position: None, kind, amount, price: f64::NAN });
    }

    /// When an account's grace period ends.
    #[inline]
    pub fn call_ends_ms(&self, account: usize) -> i64 {
        self.calls[account].unwrap_or(NEVER_MS)
    }

    /// Terms of the margin call, if the venue has one.
    pub fn margin_call(&self) -> Option<&MarginCallSpec> {
        self.spec.margin_call.as_ref()
    }
}
