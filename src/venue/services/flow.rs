//! Conditional payments that an agent wants.

use super::draw::{MOST_PER_STEP, poisson_quantile};
use super::spec::{EscrowFlowSpec, FlowParty, Notional};
use crate::stats::{Stream, StreamKey, normal_cdf};
use crate::units::Amount;
use crate::units::time::{DAY_MS, NEVER_MS};
use crate::venue::escrow::{Conduct, ContractSpec, Dispute, Party, Resolution};

/// What a flow asks of the escrow service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EscrowRequest {
    /// A contract.
    Contract(ContractSpec),
    /// An obligation under a netting agreement.
    Obligation {
        /// Index of the agreement.
        agreement: usize,
        /// Who owes.
        payer: Party,
        /// Whom.
        payee: Party,
        /// How much.
        amount: Amount,
    },
}

/// One agent's conditional payments.
#[derive(Clone, Debug)]
pub struct EscrowFlow {
    spec: EscrowFlowSpec,
    agent: usize,
    /// Expected contracts per step.
    mean: f64,
    key: StreamKey,
    stream: Stream,
}

/// The draws of one contract: always as many, whatever comes of them.
struct Draws {
    size: f64,
    direction: f64,
    partner: f64,
    delays: [f64; 2],
    outcome: f64,
    detail: f64,
}

impl Draws {
    fn of(stream: &mut Stream) -> Self {
        Self {
            size: stream.normal(),
            direction: stream.uniform(),
            partner: stream.uniform(),
            delays: [stream.exponential(), stream.exponential()],
            outcome: stream.uniform(),
            detail: stream.uniform(),
        }
    }
}

impl EscrowFlow {
    pub(super) fn new(spec: EscrowFlowSpec, agent: usize, name: &str, step_ms: i64) -> Self {
        let mean = spec.contracts_per_day * step_ms as f64 / DAY_MS as f64;
        assert!((0.0..=MOST_PER_STEP).contains(&mean), "{mean} contracts expected in one step");
        let key = StreamKey::new("escrow flow", name);
        Self { spec, agent, mean, key, stream: key.open(0, 0) }
    }

    pub(super) fn reset(&mut self, seed: u64, path: u64) {
        self.stream = self.key.open(seed, path);
    }

    /// What it wants at the end of a step: as many as the Poisson quantile at Φ(factor).
    pub(super) fn step(&mut self, now_ms: i64, factor: f64, requests: &mut Vec<EscrowRequest>) {
        let count = poisson_quantile(self.mean, normal_cdf(factor));
        for _ in 0..count {
            let draws = Draws::of(&mut self.stream);
            if let Some(request) = self.request(now_ms, &draws) {
                requests.push(request);
            }
        }
    }

    /// A notional that rounds to nothing makes no request.
    fn request(&self, now_ms: i64, draws: &Draws) -> Option<EscrowRequest> {
        let amount = match self.spec.notional {
            Notional::Fixed(amount) => amount,
            Notional::LogNormal { mean_usdc, sigma } => {
                let exponent = sigma * draws.size - 0.5 * sigma * sigma;
                Amount::round_usdc(mean_usdc * libm::exp(exponent))
            }
        };
        if !amount.is_positive() {
            return None;
        }
        let me = Party::Agent(self.agent);
        let other = self.partner(draws.partner);
        let pays = draws.direction < self.spec.payer_share;
        let (payer, payee) = if pays { (me, other) } else { (other, me) };
        Some(match self.spec.agreement {
            Some(agreement) => EscrowRequest::Obligation { agreement, payer, payee, amount },
            None => EscrowRequest::Contract(ContractSpec {
                payer,
                payee,
                amount,
                deadline_ms: now_ms + self.spec.timeout_ms,
                on_timeout: self.spec.on_timeout,
                referrer: self.spec.referrer,
                conduct: self.conduct(now_ms, draws),
            }),
        })
    }

    fn partner(&self, draw: f64) -> Party {
        match &self.spec.counterparty {
            FlowParty::Outside => Party::Outside,
            FlowParty::Agents(agents) => {
                Party::Agent(agents[(draw * agents.len() as f64) as usize])
            }
        }
    }

    /// A dispute, or one side that never confirms, or two that do. All are funded at once.
    fn conduct(&self, now_ms: i64, draws: &Draws) -> Conduct {
        let spec = &self.spec;
        let after = |delay: f64| now_ms.saturating_add((delay * spec.confirm_mean_ms) as i64);
        let mut confirm_ms = draws.delays.map(after);
        let mut dispute = None;
        if draws.outcome < spec.dispute {
            let at_ms = confirm_ms[0];
            let verdict_ms = at_ms.saturating_add(spec.verdict_ms);
            dispute = Some(Dispute { at_ms, verdict_ms, resolution: self.verdict(draws.detail) });
            confirm_ms = [NEVER_MS; 2];
        } else if draws.outcome < spec.dispute + spec.never {
            confirm_ms[usize::from(draws.detail < 0.5)] = NEVER_MS;
        }
        Conduct { fund_ms: now_ms, confirm_ms, dispute }
    }

    fn verdict(&self, draw: f64) -> Resolution {
        let [payee, payer] = self.spec.verdicts;
        match draw {
            _ if draw < payee => Resolution::ToPayee,
            _ if draw < payee + payer => Resolution::ToPayer,
            _ => Resolution::Split { to_payee: 0.5 },
        }
    }
}
