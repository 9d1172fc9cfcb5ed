//! What an agent does at given instants, in the order in which it does it.

use super::lending::{has_pool, loan_terms};
use super::names::{Names, in_lending};
use crate::engine::prime::{Cuttable, Scheduled, Scheme, TradeSize};
use crate::fields::{Duration, Faults};
use crate::ledger::USDC;
use crate::scenario::format::{
    Agent, ContractForm, DisputeForm, LoanForm, LoanSide, ObligationForm, Root, TradeForm, Verdict,
};
use crate::scenario::span::Span;
use crate::units::Quantity;
use crate::units::time::NEVER_MS;
use crate::venue::escrow::{Conduct, ContractSpec, Dispute, Party, Resolution};
use crate::venue::lending::{LoanRate, LoanSpec};
use crate::venue::spot;

/// Most entries of one agent.
const ENTRIES_MAX: usize = 100_000;

/// One agent's schedule as it is being built.
struct Builder<'a, 'b> {
    root: &'a Root,
    me: usize,
    names: &'a Names<'a>,
    span: &'a Span,
    faults: &'b mut Faults,
    entries: Vec<Scheduled>,
}

/// Everything that an agent does at given instants: moves, loans, trades, contracts, obligations,
/// then recalls and repayments; ascending by time, those of one instant in this order.
pub(super) fn schedule(
    root: &Root,
    agent: &Agent,
    me: usize,
    names: &Names<'_>,
    span: &Span,
    faults: &mut Faults,
) -> Option<Vec<Scheduled>> {
    let before = faults.errors();
    let mut builder = Builder { root, me, names, span, faults, entries: Vec::new() };
    for form in agent.moves.iter().flatten() {
        let (from, to, amount) = (form.from, form.to, form.amount.0);
        builder.add(form.start, Scheme::Move { from, to, amount });
    }
    for (number, form) in agent.loan.iter().flatten().enumerate() {
        if let Some(spec) = builder.loan(form) {
            builder.add(form.start, Scheme::Loan { loan: number, spec });
        }
    }
    for form in agent.trade.iter().flatten() {
        builder.trade(form);
    }
    for (number, form) in agent.contract.iter().flatten().enumerate() {
        builder.contract(number, form);
    }
    for form in agent.obligation.iter().flatten() {
        builder.obligation(form);
    }
    for (number, form) in agent.loan.iter().flatten().enumerate() {
        builder.ends(number, form);
    }
    let mut entries = builder.entries;
    entries.sort_by_key(|entry| entry.at_ms);
    (faults.errors() == before).then_some(entries)
}

impl Builder<'_, '_> {
    fn add(&mut self, start: Duration, action: Scheme) {
        self.entries.push(Scheduled { at_ms: self.instant(start), action });
    }

    /// An instant so long after the start.
    fn instant(&self, after: Duration) -> i64 {
        self.span.start_ms.saturating_add(after.ms)
    }

    fn loan(&mut self, form: &LoanForm) -> Option<LoanSpec> {
        let (at, names) = (&form.at, self.names);
        let asset = names.asset(&form.asset.0, &at.of("asset"), self.faults)?;
        has_pool(self.root, &form.asset.0, asset, &at.of("asset"), self.faults);
        let other = names.party(&form.counterparty.0, &at.of("counterparty"), self.faults);
        let amount = names.amount(&form.amount, asset, &at.of("amount"), self.faults);
        let collateral = form.collateral.as_ref().map(|units| (units, at.of("collateral")));
        let terms = loan_terms(&form.terms, asset, collateral, names, self.faults);
        let (me, other) = (Party::Agent(self.me), other?);
        if me == other {
            let message = "lender and borrower are one";
            self.faults.error(&at.of("counterparty"), message, "name another agent or \"outside\"");
            return None;
        }
        let (lender, borrower) = match form.side {
            LoanSide::Lend => (me, other),
            LoanSide::Borrow => (other, me),
        };
        Some(LoanSpec {
            lender: in_lending(lender),
            borrower: in_lending(borrower),
            amount: amount?,
            rate: form.rate.map_or(LoanRate::Floating, |rate| LoanRate::Fixed(rate.0)),
            ..terms?
        })
    }

    /// The end of a loan that is asked or given back at an instant.
    fn ends(&mut self, number: usize, form: &LoanForm) {
        let ends = [
            ("recall_at", form.recall_at, LoanSide::Lend, Scheme::Recall(number)),
            ("repay_at", form.repay_at, LoanSide::Borrow, Scheme::Repay(number)),
        ];
        for (field, end, side, action) in ends {
            let Some(end) = end.filter(|_| form.at.sound(&[field, "side", "at"])) else { continue };
            let spot = form.at.of(field);
            if form.side != side {
                let (message, help) = match side {
                    LoanSide::Lend => ("a borrower recalls nothing", "write repay_at"),
                    LoanSide::Borrow => ("a lender repays nothing", "write recall_at"),
                };
                self.faults.error(&spot, message, help);
            } else if end <= form.start {
                let message = format!("{field} {end} is not after at {}", form.start);
                self.faults.error(&spot, message, "give a later instant");
            }
            self.add(end, action);
        }
    }

    fn trade(&mut self, form: &TradeForm) {
        let at = &form.at;
        let given = [
            ("quantity", form.quantity.is_some()),
            ("usdc", form.usdc.is_some()),
            ("all", form.all),
        ];
        let given: Vec<&str> = given.iter().filter(|size| size.1).map(|size| size.0).collect();
        let asset = self.names.asset(&form.asset.0, &at.of("asset"), self.faults);
        if !at.sound(&["quantity", "usdc", "all", "side", "asset"]) {
            return;
        }
        if asset == Some(USDC) {
            let message = "USDC is what holdings are traded against";
            self.faults.error(&at.of("asset"), message, "name the holding");
        }
        if given.len() != 1 {
            let message = match given.len() {
                0 => "none of quantity, usdc and all is given".to_owned(),
                _ => format!("{} are given together", given.join(" and ")),
            };
            self.faults.error(at.section(), message, "give exactly one");
            return;
        }
        if form.all && form.side == spot::Side::Buy {
            self.faults.error(&at.of("all"), "a purchase of all", "give quantity or usdc");
        }
        let units = form.quantity.map(Quantity::try_round);
        if units.is_some_and(|units| units.is_none_or(|units| units == Quantity::ZERO)) {
            let message = "the quantity is outside what is exact: 0.00000001 to 90,071,992 units";
            self.faults.error(&at.of("quantity"), message, "choose another");
        }
        let size = match (units.flatten(), form.usdc) {
            (Some(units), _) => TradeSize::Quantity(units),
            (None, Some(usdc)) => TradeSize::Usdc(usdc.0),
            (None, None) => TradeSize::All,
        };
        if let Some(asset) = asset {
            self.add(form.start, Scheme::Trade(asset, form.side, size));
        }
    }

    fn contract(&mut self, number: usize, form: &ContractForm) {
        let at = &form.at;
        let parties = self.contract_parties(form);
        let referrer = self.names.maybe_party(form.referrer.as_ref(), "referrer", at, self.faults);
        let made_ms = self.instant(form.start);
        let after = |after: Duration| made_ms.saturating_add(after.ms);
        let dispute = match &form.dispute {
            Some(dispute) => self.dispute(dispute, made_ms).map(Some),
            None => Some(None),
        };
        let (Some([payer, payee]), Some(referrer), Some(dispute)) = (parties, referrer, dispute)
        else {
            return;
        };
        let confirm = [form.payer_confirms_after, form.payee_confirms_after];
        let spec = ContractSpec {
            payer,
            payee,
            amount: form.amount.0,
            deadline_ms: after(form.deadline),
            on_timeout: form.on_timeout,
            referrer,
            conduct: Conduct {
                fund_ms: after(form.fund_after),
                confirm_ms: confirm.map(|confirm| confirm.map_or(NEVER_MS, after)),
                dispute,
            },
        };
        let cut = Cuttable { reducible: form.reducible, discretionary: form.discretionary };
        self.add(form.start, Scheme::Contract { contract: number, spec, cut });
    }

    /// Payer and payee: the agent pays, or is paid from outside.
    fn contract_parties(&mut self, form: &ContractForm) -> Option<[Party; 2]> {
        let (at, me) = (&form.at, Party::Agent(self.me));
        if !at.sound(&["payer", "payee"]) {
            return None;
        }
        match (&form.payer, &form.payee) {
            (None, Some(payee)) => {
                let payee = self.names.party(&payee.0, &at.of("payee"), self.faults)?;
                if payee == me {
                    let help = "name another agent or \"outside\"";
                    self.faults.error(&at.of("payee"), "payer and payee are one", help);
                    return None;
                }
                Some([me, payee])
            }
            (Some(payer), None) => {
                let payer = self.names.party(&payer.0, &at.of("payer"), self.faults)?;
                if payer != Party::Outside {
                    let message = "an agent's payment is written at that agent, with payee";
                    self.faults.error(&at.of("payer"), message, "only \"outside\" can stand here");
                    return None;
                }
                Some([Party::Outside, me])
            }
            (given, _) => {
                let message = match given {
                    Some(_) => "both payer and payee are given",
                    None => "neither payee nor payer is given",
                };
                let help = "give payee, or payer = \"outside\" where the agent is paid";
                self.faults.error(at.section(), message, help);
                None
            }
        }
    }

    fn dispute(&mut self, form: &DisputeForm, made_ms: i64) -> Option<Dispute> {
        let resolution = match (form.resolution, form.share) {
            (Verdict::ToPayee, None) => Resolution::ToPayee,
            (Verdict::ToPayer, None) => Resolution::ToPayer,
            (Verdict::Split, Some(share)) => Resolution::Split { to_payee: share.0 },
            (Verdict::Split, None) => {
                if form.at.sound(&["share", "resolution"]) {
                    let message = "a split needs the payee's share";
                    self.faults.error(&form.at.of("share"), message, "give e.g. share = 0.5");
                }
                return None;
            }
            (_, Some(_)) => {
                let message = "share without resolution = \"split\"";
                self.faults.error(&form.at.of("share"), message, "leave it out");
                return None;
            }
        };
        let at_ms = made_ms.saturating_add(form.after.ms);
        Some(Dispute { at_ms, verdict_ms: at_ms.saturating_add(form.verdict_after.ms), resolution })
    }

    fn obligation(&mut self, form: &ObligationForm) {
        let at = &form.at;
        let agreement = self.names.agreement(&form.agreement.0, &at.of("agreement"), self.faults);
        let payee = self.names.party(&form.payee.0, &at.of("payee"), self.faults);
        let (Some(agreement), Some(payee)) = (agreement, payee) else { return };
        let amount = form.amount.0;
        let first_ms = self.instant(form.start);
        let Some(every) = form.every else {
            if form.count.is_some_and(|count| count > 1) {
                self.faults.error(
                    &at.of("count"),
                    "count without every",
                    "give every, e.g. \"1h\"",
                );
            }
            self.add(form.start, Scheme::Oblige { agreement, payee, amount });
            return;
        };
        let left = (self.span.end_ms.saturating_sub(first_ms)).max(0) / every.ms.max(1) + 1;
        let times = form.count.map_or(left, |count| left.min(i64::try_from(count).unwrap_or(left)));
        if self.entries.len() as i64 + times > ENTRIES_MAX as i64 {
            let message = format!("more than {ENTRIES_MAX} obligations in the run");
            self.faults.error(&at.of("every"), message, "repeat them less often");
            return;
        }
        for number in 0..times {
            let at_ms = first_ms.saturating_add(number.saturating_mul(every.ms));
            self.entries
                .push(Scheduled { at_ms, action: Scheme::Oblige { agreement, payee, amount } });
        }
    }
}
