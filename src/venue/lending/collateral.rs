//! Calls for collateral: who is below the requirement, who cures, what is sold.

use super::effect::LendingEffectKind;
use super::loan::{CollateralCall, Loan, LoanId, State};
use super::rejection::Rejection;
use super::spec::{LoanSpec, Party};
use super::state::{Batch, Context, Lending};
use crate::ledger::Ledger;
use crate::units::Amount;
use crate::venue::spot::{Assets, round_units, units};

/// When a loan is below its requirement: `collateral_units·p / (debt_units·p') < requirement`, so
/// that the border is a line in the two marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CollateralLine {
    /// Index of the price of the collateral; `None`: USDC.
    pub collateral: Option<usize>,
    /// Units of collateral.
    pub collateral_units: f64,
    /// Index of the price of the loaned asset; `None`: USDC.
    pub debt: Option<usize>,
    /// Units of principal and interest.
    pub debt_units: f64,
    /// The least ratio of their values.
    pub requirement: f64,
}

impl CollateralLine {
    pub(super) fn new(assets: &Assets, spec: &LoanSpec, pledged: Amount, debt: f64) -> Self {
        Self {
            collateral: assets.price_asset(spec.collateral_asset),
            collateral_units: units(spec.collateral_asset, pledged),
            debt: assets.price_asset(spec.asset),
            debt_units: debt,
            requirement: spec.requirement,
        }
    }

    /// Whether the collateral meets the requirement at these marks.
    #[inline]
    pub fn is_covered(&self, marks: &[f64]) -> bool {
        self.ratio(marks) >= self.requirement
    }

    /// Value of the collateral over value of the debt.
    #[inline]
    pub fn ratio(&self, marks: &[f64]) -> f64 {
        let collateral = self.collateral_units * price(self.collateral, marks);
        collateral / (self.debt_units * price(self.debt, marks))
    }

    /// Mark of the collateral below which the borrower is called, the other mark staying.
    pub fn collateral_trigger(&self, marks: &[f64]) -> f64 {
        self.requirement * self.debt_units * price(self.debt, marks) / self.collateral_units
    }

    /// Mark of the loaned asset above which the borrower is called, the other mark staying.
    pub fn debt_trigger(&self, marks: &[f64]) -> f64 {
        let collateral = self.collateral_units * price(self.collateral, marks);
        collateral / (self.requirement * self.debt_units)
    }
}

fn price(index: Option<usize>, marks: &[f64]) -> f64 {
    index.map_or(1.0, |index| marks[index])
}

impl Lending {
    /// The line of marks at which a loan falls below its requirement, with the interest that will
    /// be owed at `at_ms`: interest only grows, so a line for the next look is the strictest of
    /// all until then, unless the rate changes.
    pub fn collateral_line(
        &self,
        id: LoanId,
        at_ms: i64,
        ledger: &Ledger,
    ) -> Result<CollateralLine, Rejection> {
        let slot = self.slot_of(id)?;
        let pledged = ledger.balance(self.vault(slot, self.loan(slot).spec.collateral_asset));
        Ok(self.line(slot, at_ms, pledged))
    }

    fn line(&self, slot: usize, at_ms: i64, pledged: Amount) -> CollateralLine {
        let loan = self.loan(slot);
        CollateralLine::new(&self.assets, &loan.spec, pledged, loan.debt_units(at_ms))
    }

    fn is_covered(&self, slot: usize, context: &Context<'_>) -> bool {
        let vault = self.vault(slot, self.loan(slot).spec.collateral_asset);
        let line = self.line(slot, context.now_ms, context.ledger.balance(vault));
        line.is_covered(context.prices.marks)
    }

    /// The least collateral that has a ratio to a debt at these marks; `None` when it is beyond
    /// the ledger.
    pub(super) fn collateral_for(
        &self,
        spec: &LoanSpec,
        debt: f64,
        ratio: f64,
        marks: &[f64],
    ) -> Option<Amount> {
        let asset = spec.collateral_asset;
        let value = ratio * debt * self.assets.price(spec.asset, marks);
        let nearest = round_units(asset, value / self.assets.price(asset, marks))?;
        let line = CollateralLine::new(&self.assets, spec, nearest, debt);
        let enough = line.ratio(marks) >= ratio;
        Some(if enough { nearest } else { nearest + Amount::from_micro(1) })
    }

    /// Collateral that lacks for a ratio, rounded up; `None` when it is beyond the ledger.
    fn lacking(&self, slot: usize, ratio: f64, context: &Context<'_>) -> Option<Amount> {
        let Loan { spec, .. } = self.loan(slot);
        let debt = self.loan(slot).debt_units(context.now_ms);
        let wanted = self.collateral_for(spec, debt, ratio, context.prices.marks)?;
        let posted = context.ledger.balance(self.vault(slot, spec.collateral_asset));
        Some((wanted - posted).max(Amount::ZERO))
    }

    /// What `id`'s borrower must post so that the loan has this ratio of collateral to debt at the
    /// marks that hold, rounded up.
    pub fn collateral_lacking(
        &self,
        id: LoanId,
        ratio: f64,
        context: &Context<'_>,
    ) -> Result<Amount, Rejection> {
        let slot = self.slot_of(id)?;
        self.lacking(slot, ratio, context).ok_or(Rejection::TooLarge)
    }

    /// After marks or balances have moved, in the order of agents and loans: calls whose grace has
    /// passed are cured or their collateral is sold; whoever is newly below the requirement is
    /// called.
    pub fn check_collateral(&mut self, context: &mut Context<'_>) {
        context.spot.begin_instant(context.now_ms);
        self.batch.fill(Batch::default());
        for index in 0..self.order.len() {
            let slot = self.order[index];
            if !self.is_covered(slot, context) {
                self.call(slot, context);
            }
            if self.expired(slot, context) && !self.is_covered(slot, context) {
                let cures = self.outside_cure(slot, context).is_some();
                let want = if cures { Amount::ZERO } else { self.debt(slot, context.now_ms) };
                self.add_to_batch(slot, want, context);
            }
        }
        let mut index = 0;
        while let Some(slot) = self.order.get(index).copied() {
            if self.expired(slot, context) {
                self.expire(slot, context);
            }
            index += usize::from(self.order.get(index) == Some(&slot));
        }
        self.refresh_due();
    }

    fn expired(&self, slot: usize, context: &Context<'_>) -> bool {
        self.loan(slot).call.is_some_and(|call| call.expires_ms <= context.now_ms)
    }

    /// Calls a borrower that has not been called.
    fn call(&mut self, slot: usize, context: &mut Context<'_>) {
        let lacking = self.lacking(slot, self.loan(slot).spec.requirement, context);
        let key = self.key;
        let loan = self.loan_mut(slot);
        if loan.call.is_some() {
            return;
        }
        let expires_ms = context.now_ms.saturating_add(loan.spec.grace_ms);
        loan.calls += 1;
        let cure = key.open(loan.seed, loan.calls).uniform();
        loan.call = Some(CollateralCall { expires_ms, cure });
        let asset = loan.spec.collateral_asset;
        let kind = LendingEffectKind::CollateralCalled { expires_ms };
        // More than the ledger can name: as much as it can.
        let amount = lacking.unwrap_or(Amount::from_micro(i64::MAX));
        self.emit(slot, kind, (asset, amount), None, context);
    }

    /// What an outside borrower posts at the expiry of its call: up to the ratio of the opening,
    /// or nothing.
    fn outside_cure(&self, slot: usize, context: &Context<'_>) -> Option<Amount> {
        let loan = self.loan(slot);
        let call = loan.call?;
        if loan.spec.borrower != Party::Outside {
            return None;
        }
        let asset = usize::from(loan.spec.asset.0);
        let (pool, terms) = (self.pools[asset], self.spec.pools[asset].borrowers);
        let cures = call.cure < terms.cure.probability(pool.drawdown, pool.utilisation);
        let ratio = loan.opening_ratio.max(loan.spec.requirement);
        if cures { self.lacking(slot, ratio, context) } else { None }
    }

    fn expire(&mut self, slot: usize, context: &mut Context<'_>) {
        if !self.is_covered(slot, context) {
            let Some(amount) = self.outside_cure(slot, context) else {
                self.sell_out(slot, State::Liquidated, context);
                return;
            };
            self.post(slot, amount, context);
        }
        self.cure(slot, context);
    }

    /// An agent adds collateral from its wallet; a call that it meets is over.
    pub fn post_collateral(
        &mut self,
        id: LoanId,
        amount: Amount,
        context: &mut Context<'_>,
    ) -> Result<(), Rejection> {
        let slot = self.slot_of(id)?;
        let spec = self.loan(slot).spec;
        if spec.borrower == Party::Outside {
            return Err(Rejection::NotAnAgent);
        }
        if !amount.is_positive() {
            return Err(Rejection::TooSmall);
        }
        if !self.affords(spec.borrower, spec.collateral_asset, amount, context.ledger) {
            return Err(Rejection::BorrowerFunds);
        }
        self.post(slot, amount, context);
        if self.loan(slot).call.is_some() && self.is_covered(slot, context) {
            self.cure(slot, context);
        }
        self.refresh_due();
        Ok(())
    }

    fn post(&mut self, slot: usize, amount: Amount, context: &mut Context<'_>) {
        let spec = self.loan(slot).spec;
        let asset = spec.collateral_asset;
        let borrower = self.account(spec.borrower, asset);
        let vault = self.vault(slot, asset);
        context.ledger.transfer(borrower, vault, amount, "loan collateral");
        self.emit(slot, LendingEffectKind::CollateralPosted, (asset, amount), None, context);
    }

    fn cure(&mut self, slot: usize, context: &mut Context<'_>) {
        self.loan_mut(slot).call = None;
        let asset = self.loan(slot).spec.collateral_asset;
        let vault = self.vault(slot, asset);
        let pledged = context.ledger.balance(vault);
        self.emit(slot, LendingEffectKind::CallCured, (asset, pledged), None, context);
    }
}
