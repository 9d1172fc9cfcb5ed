//! Bets out of a held bankroll.

use super::draw::{MOST_PER_STEP, binomial_quantile, poisson_quantile};
use super::effect::{ServiceEffect, ServiceKind};
use super::spec::{CasinoSpec, Stake};
use crate::ledger::AccountId;
use crate::stats::{Stream, StreamKey, normal_cdf};
use crate::units::Amount;
use crate::units::time::DAY_MS;
use crate::venue::custody::{Books, Service};

/// The house takes no larger stake that is a fraction of a bankroll: 100,000 USDC.
const TABLE_LIMIT: Amount = Amount::from_micro(100_000_000_000);

/// One agent's play.
#[derive(Clone, Debug)]
pub struct Casino {
    spec: CasinoSpec,
    agent: usize,
    house: AccountId,
    /// Expected bets per step.
    mean: f64,
    /// The bankroll has been held once.
    seated: bool,
    key: StreamKey,
    stream: Stream,
}

impl Casino {
    pub(super) fn new(
        spec: CasinoSpec,
        agent: usize,
        name: &str,
        step_ms: i64,
        house: AccountId,
    ) -> Self {
        let p = spec.win_probability();
        assert!((0.0..=1.0).contains(&p), "a bet wins with probability {p}");
        let mean = spec.bets_per_day * step_ms as f64 / DAY_MS as f64;
        assert!((0.0..=MOST_PER_STEP).contains(&mean), "{mean} bets expected in one step");
        let key = StreamKey::new("casino", name);
        Self { spec, agent, house, mean, seated: false, key, stream: key.open(0, 0) }
    }

    pub(super) fn reset(&mut self, seed: u64, path: u64) {
        self.seated = false;
        self.stream = self.key.open(seed, path);
    }

    /// Asks for the bankroll, unless it has been held before.
    pub(super) fn sit_down(&mut self, books: &mut Books<'_>, effects: &mut Vec<ServiceEffect>) {
        let amount = self.spec.bankroll;
        if !self.seated && books.hold(self.agent, Service::Casino, amount).is_ok() {
            self.seated = true;
            let kind = ServiceKind::BankrollHeld;
            effects.push(ServiceEffect { agent: self.agent, kind, amount });
        }
    }

    /// Frees up to `amount` of the bankroll; returns how much.
    pub(super) fn withdraw(
        &mut self,
        books: &mut Books<'_>,
        amount: Amount,
        effects: &mut Vec<ServiceEffect>,
    ) -> Amount {
        let bankroll = books.custody.part(self.agent, Service::Casino);
        let amount = amount.min(bankroll).max(Amount::ZERO);
        if amount.is_positive() {
            books.release(self.agent, Service::Casino, amount);
            let kind = ServiceKind::BankrollReleased;
            effects.push(ServiceEffect { agent: self.agent, kind, amount });
        }
        amount
    }

    /// Settles the bets of a step: their number is Poisson and independent of the factor, at most
    /// what the bankroll at its start can stake; how many win is the binomial quantile at
    /// Φ(factor). The bankroll follows.
    pub(super) fn step(
        &mut self,
        books: &mut Books<'_>,
        factor: f64,
        effects: &mut Vec<ServiceEffect>,
    ) {
        let wanted = poisson_quantile(self.mean, self.stream.uniform_open());
        if wanted == 0 || !self.seated {
            return;
        }
        let bankroll = books.custody.part(self.agent, Service::Casino);
        let stake = self.stake(bankroll);
        let affordable = if stake.is_positive() { bankroll.micro() / stake.micro() } else { 0 };
        let bets = wanted.min(u32::try_from(affordable).unwrap_or(u32::MAX));
        let wins = binomial_quantile(bets, self.spec.win_probability(), normal_cdf(factor));
        let amount = self.pay(books, stake, bets, wins);
        let kind = ServiceKind::Bets { bets, wins, skipped: wanted - bets };
        effects.push(ServiceEffect { agent: self.agent, kind, amount });
    }

    fn stake(&self, bankroll: Amount) -> Amount {
        match self.spec.stake {
            Stake::Fixed(amount) => amount,
            Stake::Fraction(part) => {
                let stake = Amount::from_micro((bankroll.micro() as f64 * part) as i64);
                stake.min(TABLE_LIMIT)
            }
        }
    }

    /// One posting for all bets of the step; what they returned is rounded once.
    fn pay(&self, books: &mut Books<'_>, stake: Amount, bets: u32, wins: u32) -> Amount {
        let returned = (stake.micro() as f64 * self.spec.payoff * f64::from(wins)).round() as i64;
        let net = Amount::from_micro(returned - stake.micro() * i64::from(bets));
        if net.is_negative() {
            books.consume(self.agent, Service::Casino, -net, self.house, "bets lost");
        } else {
            books.pay_in(self.house, self.agent, Service::Casino, net, "bets won");
            // Rejected where cross positions have lost more than was free: the winnings then lie
            // in the wallet beside the bankroll. Custody counts it.
            let _ = books.hold(self.agent, Service::Casino, net);
        }
        net
    }
}
