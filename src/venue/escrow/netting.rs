//! Netting: obligations under an agreement accumulate, their net settles at intervals.

use super::contract::agent_of;
use super::effect::{EscrowEffect, EscrowKind, Subject};
use super::spec::{AgreementSpec, Party, Rejection};
use super::state::Escrow;
use crate::units::Amount;
use crate::units::time::{NEVER_MS, next_on_grid_ms};
use crate::venue::custody::{Books, Service, TimeIntegral};

/// A member's position since the last settlement.
#[derive(Clone, Copy, Debug)]
struct Member {
    party: Party,
    /// What it owes less what it is owed.
    net: Amount,
}

impl Member {
    fn debt(&self) -> Amount {
        self.net.max(Amount::ZERO)
    }
}

/// What an agreement has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NettingTotals {
    /// Obligations settled.
    pub obligations: u64,
    /// Settlements in which anything was left to pay.
    pub settlements: u64,
    /// Sum of the obligations settled.
    pub gross: Amount,
    /// What was paid for them.
    pub net: Amount,
    /// Fees on the net.
    pub fees: Amount,
    /// Fees that the rest of the gross would have cost.
    pub fees_saved: Amount,
}

/// A netting agreement and its obligations since the last settlement.
#[derive(Clone, Debug)]
pub struct Agreement {
    members: Vec<Member>,
    interval_ms: i64,
    origin_ms: i64,
    referrer: Option<Party>,
    /// When what there is settles.
    pub(super) due_ms: i64,
    gross: Amount,
    obligations: u32,
    totals: NettingTotals,
    unsettled: TimeIntegral,
}

impl Agreement {
    pub(super) fn new(spec: &AgreementSpec) -> Self {
        assert!(spec.interval_ms > 0, "an agreement settles at intervals above zero");
        let members: Vec<Member> =
            spec.members.iter().map(|party| Member { party: *party, net: Amount::ZERO }).collect();
        for (index, member) in spec.members.iter().enumerate() {
            assert!(!spec.members[..index].contains(member), "{member:?} is a member twice");
        }
        Self {
            members,
            interval_ms: spec.interval_ms,
            origin_ms: spec.origin_ms,
            referrer: spec.referrer,
            due_ms: NEVER_MS,
            gross: Amount::ZERO,
            obligations: 0,
            totals: NettingTotals::default(),
            unsettled: TimeIntegral::default(),
        }
    }

    pub(super) fn reset(&mut self) {
        self.members.iter_mut().for_each(|member| member.net = Amount::ZERO);
        self.due_ms = NEVER_MS;
        self.gross = Amount::ZERO;
        self.obligations = 0;
        self.totals = NettingTotals::default();
        self.unsettled = TimeIntegral::default();
    }

    /// What a member owes less what it is owed, since the last settlement.
    pub fn net_of(&self, party: Party) -> Option<Amount> {
        self.members.iter().find(|member| member.party == party).map(|member| member.net)
    }

    /// Sum of the obligations since the last settlement.
    pub fn gross(&self) -> Amount {
        self.gross
    }

    /// What members owe net, together, and how long it was owed: exposure between settlements.
    pub fn unsettled(&self) -> &TimeIntegral {
        &self.unsettled
    }

    /// What it has done so far.
    pub fn totals(&self) -> &NettingTotals {
        &self.totals
    }

    fn place_of(&self, party: Party) -> Option<usize> {
        self.members.iter().position(|member| member.party == party)
    }

    fn debts(&self) -> Amount {
        self.members.iter().fold(Amount::ZERO, |sum, member| sum + member.debt())
    }
}

impl Escrow {
    /// An obligation under an agreement. Each agent among its members holds what it owes net, and
    /// the fee on that.
    ///
    /// # Errors
    /// Counted: what cannot be an obligation, or a net that the payer cannot back.
    pub fn oblige(
        &mut self,
        books: &mut Books<'_>,
        agreement: usize,
        payer: Party,
        payee: Party,
        amount: Amount,
    ) -> Result<(), Rejection> {
        let found = &self.agreements[agreement];
        let (Some(from), Some(to)) = (found.place_of(payer), found.place_of(payee)) else {
            return self.refuse(Rejection::Member);
        };
        if from == to {
            return self.refuse(Rejection::SameParty);
        }
        if !amount.is_positive() {
            return self.refuse(Rejection::Amount);
        }
        let (debtor, creditor) = (found.members[from], found.members[to]);
        let more = self.backing(debtor.net + amount) - self.backing(debtor.net);
        let less = self.backing(creditor.net) - self.backing(creditor.net - amount);
        if let Party::Agent(agent) = payer
            && let Err(reason) = books.hold(agent, Service::Escrow, more)
        {
            let subject = Subject::Agreement(agreement);
            self.note_refused(subject, [Some(payer), Some(payee)], amount);
            return self.refuse(reason.into());
        }
        if let Some(agent) = agent_of(payee) {
            books.release(agent, Service::Escrow, less);
        }
        let found = &mut self.agreements[agreement];
        let before = found.debts();
        found.members[from].net += amount;
        found.members[to].net -= amount;
        found.gross += amount;
        found.obligations += 1;
        found.unsettled.change(books.now_ms, found.debts() - before);
        if found.due_ms == NEVER_MS {
            let after_ms = books.now_ms + 1;
            found.due_ms = next_on_grid_ms(found.origin_ms, found.interval_ms, after_ms);
        }
        self.note_net(agreement, EscrowKind::Obliged, [Some(payer), Some(payee)], amount);
        Ok(())
    }

    /// What a member with this net holds.
    pub(super) fn backing(&self, net: Amount) -> Amount {
        let debt = net.max(Amount::ZERO);
        debt + self.spec.fee_on(debt)
    }

    /// Settles the agreements that are due.
    pub(super) fn net_all(&mut self, books: &mut Books<'_>, due_ms: i64) {
        for agreement in 0..self.agreements.len() {
            if self.agreements[agreement].due_ms <= due_ms {
                self.net_one(books, agreement);
            }
        }
    }

    /// One settlement: who owes net pays it and the fee on it into the vault, who is owed is paid.
    fn net_one(&mut self, books: &mut Books<'_>, agreement: usize) {
        let (net, gross) = (self.agreements[agreement].debts(), self.agreements[agreement].gross);
        let fees = self.collect(books, agreement);
        let saved = self.spec.fee_on(gross - net);
        let found = &mut self.agreements[agreement];
        let obligations = found.obligations;
        found.totals.obligations += u64::from(obligations);
        found.totals.settlements += u64::from(net.is_positive());
        found.totals.gross += gross;
        found.totals.net += net;
        found.totals.fees += fees;
        found.totals.fees_saved += saved;
        found.unsettled.change(books.now_ms, -net);
        found.gross = Amount::ZERO;
        found.obligations = 0;
        found.due_ms = NEVER_MS;
        let kind = EscrowKind::Netted { obligations, gross, saved };
        self.note_net(agreement, kind, [None, None], net);
        self.distribute(books, agreement);
    }

    /// Takes the net of those who owe; returns the fees paid.
    fn collect(&mut self, books: &mut Books<'_>, agreement: usize) -> Amount {
        let (vault, referrer) = (self.accounts.vault, self.agreements[agreement].referrer);
        let mut fees = Amount::ZERO;
        for place in 0..self.agreements[agreement].members.len() {
            let member = self.agreements[agreement].members[place];
            let debt = member.debt();
            if debt == Amount::ZERO {
                continue;
            }
            match member.party {
                Party::Agent(agent) => {
                    books.consume(agent, Service::Escrow, debt, vault, "net paid");
                }
                Party::Outside => {
                    books.ledger.transfer(self.accounts.market, vault, debt, "net paid");
                }
            }
            let fee = self.spec.fee_on(debt);
            let referral = self.charge(books, member.party, referrer, fee);
            fees += fee;
            self.note_net(agreement, EscrowKind::NetPaid, [Some(member.party), None], debt);
            if let Some(effect) = self.effects.last_mut() {
                (effect.fee, effect.referral, effect.referrer) = (fee, referral, referrer);
            }
        }
        fees
    }

    /// Pays those who are owed, and starts anew.
    fn distribute(&mut self, books: &mut Books<'_>, agreement: usize) {
        for place in 0..self.agreements[agreement].members.len() {
            let Member { party, net } = self.agreements[agreement].members[place];
            self.agreements[agreement].members[place].net = Amount::ZERO;
            if net.is_negative() {
                let subject = Subject::Agreement(agreement);
                self.pay_out(books, subject, party, -net, "net received");
                self.note_net(agreement, EscrowKind::NetReceived, [None, Some(party)], -net);
            }
        }
    }

    fn note_net(
        &mut self,
        agreement: usize,
        kind: EscrowKind,
        [payer, payee]: [Option<Party>; 2],
        amount: Amount,
    ) {
        self.effects.push(EscrowEffect {
            subject: Subject::Agreement(agreement),
            payer,
            payee,
            kind,
            amount,
            returned: Amount::ZERO,
            fee: Amount::ZERO,
            referral: Amount::ZERO,
            referrer: None,
        });
    }
}
