//! Opening a loan: principal and collateral move at once, or nothing does.

use super::collateral::CollateralLine;
use super::effect::LendingEffectKind;
use super::interest::Accrual;
use super::loan::{Loan, LoanId, State};
use super::rejection::Rejection;
use super::spec::{Collateral, LoanRate, LoanSpec, Party, RATE_MAX};
use super::state::{Context, Lending};
use crate::stats::Stream;
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::spot::units;

/// Largest value of a loan at the opening, USDC, and most of its smallest units (2^53): prices and
/// interest have room to multiply it before the ledger's range ends.
const MOST_USDC: f64 = 1e10;
const MOST_STEPS: i64 = 1 << 53;

/// Largest value of its collateral.
const MOST_COLLATERAL_USDC: f64 = 1e12;

impl Lending {
    /// Opens a loan. It takes one number from `draws` (the agent's stream of loans) and draws all
    /// its own from that, so that what one loan draws moves no other's.
    pub fn open(
        &mut self,
        spec: &LoanSpec,
        draws: &mut Stream,
        context: &mut Context<'_>,
    ) -> Result<LoanId, Rejection> {
        let rate = self.check_terms(spec, context)?;
        let pledged = self.collateral_amount(spec, context)?;
        self.check_lender(spec, rate, context)?;
        if !self.affords(spec.borrower, spec.collateral_asset, pledged, context.ledger) {
            return Err(Rejection::BorrowerFunds);
        }
        let slot = self.slots.iter().position(|slot| slot.loan.is_none());
        let slot = slot.ok_or(Rejection::NoSlot)?;
        let id = LoanId { slot, number: self.next_number() };
        let (now_ms, marks) = (context.now_ms, context.prices.marks);
        let loan = Loan {
            id,
            spec: *spec,
            state: State::Active,
            opened_ms: now_ms,
            accrual: Accrual::new(spec.compounding, now_ms, rate),
            next_interest_ms: spec
                .interest_interval_ms
                .map_or(NEVER_MS, |interval_ms| now_ms.saturating_add(interval_ms)),
            recall: None,
            call: None,
            opening_ratio: self.assets.value(spec.collateral_asset, pledged, marks)
                / self.assets.value(spec.asset, spec.amount, marks),
            seed: draws.next_u64(),
            calls: 0,
        };
        self.insert(slot, loan);
        let lent = self.account(spec.lender, spec.asset);
        let borrowed = self.account(spec.borrower, spec.asset);
        context.ledger.transfer(lent, borrowed, spec.amount, "loan");
        let pledger = self.account(spec.borrower, spec.collateral_asset);
        let vault = self.vault(slot, spec.collateral_asset);
        context.ledger.transfer(pledger, vault, pledged, "loan collateral");
        let kind = LendingEffectKind::Opened { rate };
        self.emit(slot, kind, (spec.asset, spec.amount), None, context);
        Ok(id)
    }

    /// Puts a loan where the order of an instant wants it: by owner, then by number.
    fn insert(&mut self, slot: usize, loan: Loan) {
        let owner = loan.owner();
        self.slots[slot].loan = Some(loan);
        let place = self.order.iter().position(|other| self.loan(*other).owner() > owner);
        self.order.insert(place.unwrap_or(self.order.len()), slot);
        self.refresh_due();
    }

    /// The rate that a loan starts with, if its terms make sense.
    fn check_terms(&self, spec: &LoanSpec, context: &Context<'_>) -> Result<f64, Rejection> {
        if spec.lender == spec.borrower {
            return Err(Rejection::Parties);
        }
        let rate = match spec.rate {
            LoanRate::Fixed(rate) => rate,
            LoanRate::Floating => self.pools[usize::from(spec.asset.0)].rate(),
        };
        let spans = [spec.notice_ms, spec.grace_ms, spec.interest_interval_ms.unwrap_or(1) - 1];
        if spec.asset == spec.collateral_asset
            || !(0.0..=RATE_MAX).contains(&rate)
            || !(spec.requirement.is_finite() && spec.requirement >= 0.0)
            || spans.iter().any(|span_ms| *span_ms < 0)
        {
            return Err(Rejection::Terms);
        }
        let value = self.assets.value(spec.asset, spec.amount, context.prices.marks);
        if !spec.amount.is_positive() || value < self.spec.min_loan_usdc {
            return Err(Rejection::TooSmall);
        }
        if value > MOST_USDC || spec.amount.micro() > MOST_STEPS {
            return Err(Rejection::TooLarge);
        }
        Ok(rate)
    }

    /// How much collateral is posted; enough for the requirement.
    fn collateral_amount(
        &self,
        spec: &LoanSpec,
        context: &Context<'_>,
    ) -> Result<Amount, Rejection> {
        let marks = context.prices.marks;
        let debt = units(spec.asset, spec.amount);
        let pledged = match spec.collateral {
            Collateral::Amount(amount) if amount.is_negative() => return Err(Rejection::Terms),
            Collateral::Amount(amount) => amount,
            Collateral::Ratio(ratio) if !ratio.is_finite() => return Err(Rejection::Terms),
            Collateral::Ratio(ratio) => {
                self.collateral_for(spec, debt, ratio, marks).ok_or(Rejection::TooLarge)?
            }
        };
        if self.assets.value(spec.collateral_asset, pledged, marks) > MOST_COLLATERAL_USDC {
            return Err(Rejection::TooLarge);
        }
        let line = CollateralLine::new(&self.assets, spec, pledged, debt);
        if line.is_covered(marks) { Ok(pledged) } else { Err(Rejection::Collateral) }
    }

    /// An agent lends what it has free, at a fair rate, and no more than its share.
    fn check_lender(
        &self,
        spec: &LoanSpec,
        rate: f64,
        context: &Context<'_>,
    ) -> Result<(), Rejection> {
        let Party::Agent(agent) = spec.lender else { return Ok(()) };
        if rate < self.spec.pools[usize::from(spec.asset.0)].least_rate {
            return Err(Rejection::LowRate);
        }
        if !self.affords(spec.lender, spec.asset, spec.amount, context.ledger) {
            return Err(Rejection::LenderFunds);
        }
        let held = context.ledger.balance(self.account(spec.lender, spec.asset));
        let most = self.lendable(agent, spec.asset, held);
        if spec.long_term || spec.amount <= most { Ok(()) } else { Err(Rejection::LentShare) }
    }
}
