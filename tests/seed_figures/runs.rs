//! The same figures out of whole runs: what an agent's metrics and events say.

use drypowder::engine::prime::{AgreementPlan, Cuttable, LendTerms, Scheme};
use drypowder::engine::{EventKind, Metric};
use drypowder::ledger::USDC;
use drypowder::policy::{CountRecalled, LendSpec, PrimeSpec, RebalanceSpec, RecallSpec};
use drypowder::units::time::{DAY_MS, HOUR_MS};
use drypowder::venue::escrow::{self, AgreementSpec, Conduct, ContractSpec, OnTimeout};
use drypowder::venue::lending::{LoanRate, LoanSpec, Party};

use crate::common::{NEW_YEAR_MS, usdc};
use crate::desk::ETH;
use crate::near;
use crate::player::{MINUTE_MS, play, play_every};
use crate::prime::{after, of, prime_plan, reserving, watching};

const A: escrow::Party = escrow::Party::Agent(0);
const B: escrow::Party = escrow::Party::Agent(1);

/// USDC to the outside at 9.4 %, with so much ETH behind it that no call comes.
fn to_the_outside(amount: f64) -> LoanSpec {
    LoanSpec {
        rate: LoanRate::Fixed(0.094),
        ..LoanSpec::new(Party::Agent(0), Party::Outside, USDC, usdc(amount), ETH)
    }
}

/// 200 of 500 at 9.4 % from the start, asked back a day before the year is over: 200·.094 = 18.80.
#[test]
fn a_year_of_200_lent_out_of_500_yields_18_80() {
    let mut plan = prime_plan(&[("a", 500.0, vec![])]);
    let (loan, spec) = (0, to_the_outside(200.0));
    of(&mut plan, 0).schedule =
        vec![after(0, Scheme::Loan { loan, spec }), after(364 * DAY_MS, Scheme::Recall(loan))];
    let played = play_every(&plan, DAY_MS, &[&[2_840.0; 366]]);
    let got = |metric| played.outcome.get(metric);
    assert_eq!((got(Metric::Interest), got(Metric::NetYield)), (18.8, 18.8));
    assert_eq!((got(Metric::Recalls), got(Metric::RecallDays)), (1.0, 1.0));
    assert_eq!(played.when(EventKind::LoanReturned), [(365 * DAY_MS, None)]);
    assert_eq!(got(Metric::FinalEquity), 518.8);
    // 18.80 on 200 lent all the year, and on 500 that the agent has.
    near(got(Metric::AprOnLent), 0.094, 1e-12);
    near(got(Metric::AprOnCapital), 0.037_6, 1e-12);
}

/// In green the policy lends 200 of 500 at its first look, 30 s after the start.
#[test]
fn the_policy_lends_40_percent_of_what_lies_idle() {
    let mut plan = prime_plan(&[("a", 500.0, vec![])]);
    let lend = LendSpec { max_share: 0.40, min_loan: usdc(1.0), min_rate: 0.0 };
    let own = of(&mut plan, 0);
    own.policy = Some(PrimeSpec { lend: vec![Some(lend), None], ..watching() });
    own.lends[0] = Some(LendTerms { spec: to_the_outside(1.0), fix_rate: false });
    let played = play(&plan, &[&[2_840.0; 4]]);
    assert_eq!(played.when(EventKind::LoanOpened), [(30_000, None)]);
    assert_eq!(played.amounts(EventKind::LoanOpened), [200.0]);
}

/// 50, 10 and 20 of 100 are reserved: 80 %. At the first look, 30 s after the start, the 10 are closed
/// and three quarters of the 20: 55 %.
#[test]
fn a_utilisation_of_80_percent_is_brought_to_55_at_the_next_look() {
    let slots = [50.0, 10.0, 20.0].map(|margin| reserving(margin, &format!("of {margin}")));
    let mut plan = prime_plan(&[("a", 100.0, slots.to_vec())]);
    // No slippage: what is reserved is all that changes.
    plan.exchange.markets[0].slippage = drypowder::venue::exchange::SlippageSpec::NONE;
    let own = of(&mut plan, 0);
    own.policy = Some(PrimeSpec { rebalance: Some(RebalanceSpec { target: 0.55 }), ..watching() });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }; 3];
    let played = play(&plan, &[&[2_840.0; 4]]);
    assert_eq!(played.when(EventKind::Rebalanced), [(30_000, Some(1)), (30_000, Some(2))]);
    let last = played.of(EventKind::Rebalanced).last().expect("two");
    near(last.utilisation, 0.55, 1e-6);
    assert_eq!(played.outcome.get(Metric::Rebalances), 2.0);
}

/// 80 % again, with 20 and 30 on loan: both are asked back, since 20 do not cover the gap of 25; what
/// counts at once leaves the positions alone. They arrive 24 hours later.
#[test]
fn in_orange_loans_are_asked_back_and_arrive_24_hours_later() {
    let slots = vec![reserving(80.0, "all")];
    let mut plan = prime_plan(&[("a", 150.0, slots)]);
    let own = of(&mut plan, 0);
    own.schedule = [30.0, 20.0]
        .into_iter()
        .enumerate()
        .map(|(loan, amount)| {
            let spec = LoanSpec { long_term: true, ..to_the_outside(amount) };
            after(0, Scheme::Loan { loan, spec })
        })
        .collect();
    let recall = RecallSpec { count: CountRecalled::AtRequest, short_notice_ms: DAY_MS };
    own.policy = Some(PrimeSpec {
        recall: Some(recall),
        rebalance: Some(RebalanceSpec { target: 0.55 }),
        ..watching()
    });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }];
    let played = play_every(&plan, HOUR_MS, &[&[2_840.0; 30]]);
    assert_eq!(played.when(EventKind::LoanRecalled), [(30_000, None); 2]);
    assert_eq!(played.amounts(EventKind::LoanRecalled), [20.0, 30.0]);
    assert_eq!(played.when(EventKind::LoanReturned), [(30_000 + DAY_MS, None); 2]);
    assert_eq!(played.outcome.get(Metric::Rebalances), 0.0);
}

/// A hold of 23 for a contract (22.772277 and its fee) beside 42 of margin: the look says yellow.
#[test]
fn an_agent_at_65_percent_is_told_yellow() {
    let mut plan = prime_plan(&[("a", 100.0, vec![reserving(42.0, "trading")])]);
    let own = of(&mut plan, 0);
    own.policy = Some(watching());
    let payee = escrow::Party::Outside;
    let spec = ContractSpec { payee, referrer: None, ..contract(0, 22.772_277) };
    let cut = Cuttable::default();
    own.schedule = vec![after(MINUTE_MS, Scheme::Contract { contract: 0, spec, cut })];
    let played = play(&plan, &[&[2_840.0; 4]]);
    let alerts: Vec<_> = played.of(EventKind::ZoneAlert).collect();
    assert_eq!(alerts.len(), 1);
    assert_eq!((alerts[0].time_ms - NEW_YEAR_MS, alerts[0].reason), (MINUTE_MS, "yellow"));
    near(alerts[0].utilisation, 0.65, 1e-6);
}

/// a pays b in a contract that both confirm an hour later.
fn contract(at_ms: i64, amount: f64) -> ContractSpec {
    let made_ms = NEW_YEAR_MS + at_ms;
    ContractSpec {
        payer: A,
        payee: B,
        amount: usdc(amount),
        deadline_ms: made_ms + 7 * DAY_MS,
        on_timeout: OnTimeout::ToPayer,
        referrer: Some(A),
        conduct: Conduct {
            fund_ms: made_ms + HOUR_MS / 2,
            confirm_ms: [made_ms + HOUR_MS; 2],
            dispute: None,
        },
    }
}

/// Twenty days of 500 make 10,000: the payer, who has referred its own contracts, pays 100 and gets 15.
#[test]
fn a_month_of_10000_costs_100_and_returns_15() {
    let mut plan = prime_plan(&[("a", 20_000.0, vec![]), ("b", 0.0, vec![])]);
    of(&mut plan, 0).schedule = (0..20)
        .map(|day| {
            let spec = contract(day * DAY_MS, 500.0);
            let cut = Cuttable::default();
            let contract = day as usize;
            after(day * DAY_MS, Scheme::Contract { contract, spec, cut })
        })
        .collect();
    let played = play_every(&plan, HOUR_MS, &[&[2_840.0; 24 * 30]]);
    let got = |metric| played.outcome.get(metric);
    assert_eq!((got(Metric::FeesPaid), got(Metric::Referral)), (100.0, 15.0));
    assert_eq!((got(Metric::EscrowPaid), got(Metric::Settlements)), (10_000.0, 20.0));
    assert_eq!(got(Metric::FinalEquity), 20_000.0 - 10_000.0 - 85.0);
}

/// Ten obligations of 12 one way and ten of 10 the other within a day: one settlement of 20. a was
/// obliged 120, would have paid 1.20 and pays .20: 1.00 saved; b 1.00.
#[test]
fn a_day_of_twenty_obligations_is_one_settlement() {
    let mut plan = prime_plan(&[("a", 200.0, vec![]), ("b", 200.0, vec![])]);
    plan.prime.as_mut().expect("it has").agreements = vec![AgreementPlan {
        name: "daily".into(),
        spec: AgreementSpec {
            members: vec![A, B],
            interval_ms: DAY_MS,
            origin_ms: NEW_YEAR_MS,
            referrer: None,
        },
    }];
    for (agent, payee, amount) in [(0, B, 12.0), (1, A, 10.0)] {
        of(&mut plan, agent).schedule = (0..10)
            .map(|hour| {
                let amount = usdc(amount);
                after(hour * HOUR_MS, Scheme::Oblige { agreement: 0, payee, amount })
            })
            .collect();
    }
    let played = play_every(&plan, HOUR_MS, &[&[2_840.0; 30]]);
    let got = |metric| played.outcome.get(metric);
    assert_eq!((got(Metric::Obligations), got(Metric::Settlements)), (10.0, 1.0));
    assert_eq!(played.when(EventKind::Obliged).len(), 2 * 20);
    assert_eq!(played.when(EventKind::NetPaid), [(DAY_MS, None)]);
    assert_eq!(played.amounts(EventKind::NetPaid), [20.0]);
    assert_eq!((got(Metric::FeesPaid), got(Metric::FeesSaved)), (0.2, 1.0));
    assert_eq!(got(Metric::FinalEquity), 179.8);
}
