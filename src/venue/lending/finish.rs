//! How a loan ends: returned with its interest, or paid from its collateral.

use super::effect::LendingEffectKind;
use super::loan::{State, bounded};
use super::raise::Raised;
use super::state::{Context, Lending};
use crate::ledger::{AccountId, USDC};
use crate::units::Amount;
use crate::venue::spot::{round_units, units};

impl Lending {
    /// Interest owed, rounded: the one rounding of its payment.
    pub(super) fn interest(&self, slot: usize, now_ms: i64) -> Amount {
        let loan = self.loan(slot);
        bounded(round_units(loan.spec.asset, loan.interest_units(now_ms)))
    }

    /// Principal and interest, rounded.
    pub(super) fn debt(&self, slot: usize, now_ms: i64) -> Amount {
        self.loan(slot).spec.amount + self.interest(slot, now_ms)
    }

    /// Whether the borrower has principal and interest free.
    pub(super) fn can_return(&self, slot: usize, context: &Context<'_>) -> bool {
        let spec = &self.loan(slot).spec;
        let debt = self.debt(slot, context.now_ms);
        self.affords(spec.borrower, spec.asset, debt, context.ledger)
    }

    /// The borrower gives principal and interest back and gets its collateral. Returns what was
    /// paid.
    pub(super) fn give_back(
        &mut self,
        slot: usize,
        kind: LendingEffectKind,
        context: &mut Context<'_>,
    ) -> Amount {
        let spec = self.loan(slot).spec;
        let interest = self.interest(slot, context.now_ms);
        let payer = self.account(spec.borrower, spec.asset);
        let lender = self.account(spec.lender, spec.asset);
        context.ledger.transfer(payer, lender, spec.amount, "loan returned");
        self.post_interest(slot, payer, interest, context);
        self.emit(slot, kind, (spec.asset, spec.amount), None, context);
        self.end(slot, State::Returned, context);
        spec.amount + interest
    }

    /// Interest goes to the lender, the broker's cut (rounded) to the venue's fees.
    pub(super) fn post_interest(
        &mut self,
        slot: usize,
        payer: AccountId,
        interest: Amount,
        context: &mut Context<'_>,
    ) {
        if interest == Amount::ZERO {
            return;
        }
        let spec = self.loan(slot).spec;
        let cut = units(spec.asset, interest) * self.spec.broker_cut;
        let cut = bounded(round_units(spec.asset, cut)).min(interest);
        let lender = self.account(spec.lender, spec.asset);
        let fees = self.accounts[usize::from(spec.asset.0)].fees;
        context.ledger.transfer(payer, lender, interest - cut, "loan interest");
        context.ledger.transfer(payer, fees, cut, "broker's cut");
        let kind = LendingEffectKind::InterestPaid { cut };
        self.emit(slot, kind, (spec.asset, interest), None, context);
    }

    /// The collateral pays the lender, principal first; what it does not yield is the lender's
    /// loss. `state` says why: bought in or liquidated.
    pub(super) fn sell_out(&mut self, slot: usize, state: State, context: &mut Context<'_>) {
        let spec = self.loan(slot).spec;
        let interest = self.interest(slot, context.now_ms);
        let raised = self.raise(slot, spec.amount + interest, context);
        let principal = raised.amount.min(spec.amount);
        let vault = self.vault(slot, spec.asset);
        let lender = self.account(spec.lender, spec.asset);
        context.ledger.transfer(vault, lender, principal, "loan paid from collateral");
        let sold = raised.sold;
        let kind = match state {
            State::BoughtIn => LendingEffectKind::BoughtIn { sold },
            State::Liquidated => LendingEffectKind::CollateralLiquidated { sold },
            other => unreachable!("collateral is not sold to make a loan {}", other.name()),
        };
        self.emit_sale(slot, kind, &raised, context);
        self.post_interest(slot, vault, raised.amount - principal, context);
        let lost = spec.amount - principal;
        let unpaid = spec.amount + interest - raised.amount;
        if unpaid == Amount::ZERO {
            self.end(slot, state, context);
            return;
        }
        let marks = context.prices.marks;
        let unpaid_interest = self.assets.value(spec.asset, unpaid - lost, marks);
        let kind = LendingEffectKind::Shortfall { unpaid_interest };
        self.emit(slot, kind, (spec.asset, lost), raised.price, context);
        self.end(slot, State::Defaulted, context);
    }

    /// The effect of a sale of collateral, with its costs.
    pub(super) fn emit_sale(
        &self,
        slot: usize,
        kind: LendingEffectKind,
        raised: &Raised,
        context: &mut Context<'_>,
    ) {
        let raised_of = (self.loan(slot).spec.asset, raised.amount);
        self.emit(slot, kind, raised_of, raised.price, context);
        if let Some(effect) = context.effects.last_mut() {
            (effect.fee, effect.slippage) = (raised.fee, raised.slippage);
        }
    }

    /// USDC that a sale of collateral left over goes back to the borrower.
    pub(super) fn sweep(&self, slot: usize, context: &mut Context<'_>) {
        let spec = self.loan(slot).spec;
        if spec.collateral_asset != USDC {
            let vault = self.vault(slot, USDC);
            let rest = context.ledger.balance(vault);
            let borrower = self.account(spec.borrower, USDC);
            context.ledger.transfer(vault, borrower, rest, "surplus of collateral");
        }
    }

    /// What is left of the collateral goes back to the borrower, and the slot is free.
    fn end(&mut self, slot: usize, state: State, context: &mut Context<'_>) {
        let spec = self.loan(slot).spec;
        self.loan_mut(slot).become_state(state);
        self.sweep(slot, context);
        let vault = self.vault(slot, spec.collateral_asset);
        let rest = context.ledger.balance(vault);
        let borrower = self.account(spec.borrower, spec.collateral_asset);
        context.ledger.transfer(vault, borrower, rest, "collateral returned");
        let empty = |account: &AccountId| context.ledger.balance(*account) == Amount::ZERO;
        assert!(self.slots[slot].vaults.iter().all(empty), "a vault of an ended loan holds money");
        self.slots[slot].loan = None;
        self.order.retain(|other| *other != slot);
    }
}
