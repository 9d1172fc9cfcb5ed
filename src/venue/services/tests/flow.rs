//! The flow of contracts.

use super::*;
use crate::stats::StreamKey;
use crate::units::time::NEVER_MS;
use crate::venue::escrow::{ContractSpec, Resolution};

const STEPS: usize = 20_000;

/// All contracts of many steps of mean 2, with the factors given.
fn contracts(spec: EscrowFlowSpec) -> Vec<ContractSpec> {
    let mut flow = EscrowFlow::new(spec, 0, "a", HOUR_MS);
    flow.reset(1, 0);
    let mut factors = StreamKey::new("test", "factors").open(1, 0);
    let mut requests = Vec::new();
    for _ in 0..STEPS {
        flow.step(0, factors.normal(), &mut requests);
    }
    let contract = |request| match request {
        EscrowRequest::Contract(spec) => spec,
        EscrowRequest::Obligation { .. } => panic!("no agreement here"),
    };
    requests.into_iter().map(contract).collect()
}

#[track_caller]
fn share(found: usize, of: usize, expected: f64) {
    let (share, error) =
        (found as f64 / of as f64, (expected * (1.0 - expected) / of as f64).sqrt());
    assert!((share - expected).abs() <= 5.0 * error, "{share} instead of {expected} ± {error}");
}

/// 40,000 contracts expected, standard deviation 200. Log-normal of mean 100 and σ 0.5: standard
/// deviation 100·√(e^0.25 − 1) = 53.3, of the mean 0.27. Confirmation takes an hour in the mean,
/// standard error 18 s of 40,000.
#[test]
fn counts_sizes_and_outcomes() {
    let made = contracts(EscrowFlowSpec {
        notional: Notional::LogNormal { mean_usdc: 100.0, sigma: 0.5 },
        payer_share: 0.7,
        counterparty: FlowParty::Agents(vec![1, 2, 3]),
        never: 0.1,
        dispute: 0.05,
        ..flow_spec()
    });
    let count = made.len();
    assert!(count.abs_diff(40_000) < 1_000, "{count}");
    let mean = made.iter().map(|one| one.amount.usdc()).sum::<f64>() / count as f64;
    assert!((mean - 100.0).abs() < 1.4, "{mean}");
    let number = |test: fn(&ContractSpec) -> bool| made.iter().filter(|one| test(one)).count();
    share(number(|one| one.payer == Party::Agent(0)), count, 0.7);
    share(
        number(|one| one.payee == Party::Agent(2) || one.payer == Party::Agent(2)),
        count,
        1.0 / 3.0,
    );
    share(number(|one| one.conduct.dispute.is_some()), count, 0.05);
    let never = |side: usize| {
        let absent = |one: &&ContractSpec| {
            one.conduct.dispute.is_none() && one.conduct.confirm_ms[side] == NEVER_MS
        };
        made.iter().filter(absent).count()
    };
    share(never(0), count, 0.05);
    share(never(1), count, 0.05);
    let disputes = || made.iter().filter_map(|one| one.conduct.dispute);
    let to_payee = disputes().filter(|one| one.resolution == Resolution::ToPayee).count();
    let split = disputes().filter(|one| matches!(one.resolution, Resolution::Split { .. })).count();
    share(to_payee, disputes().count(), 0.5);
    share(split, disputes().count(), 0.2);
    let confirmed: Vec<i64> = (made.iter().map(|one| one.conduct.confirm_ms[0]))
        .filter(|confirm_ms| *confirm_ms != NEVER_MS)
        .collect();
    let hours = confirmed.iter().sum::<i64>() as f64 / confirmed.len() as f64 / HOUR_MS as f64;
    assert!((hours - 1.0).abs() < 0.03, "{hours}");
    assert!(made.iter().all(|one| one.deadline_ms == DAY_MS && one.conduct.fund_ms == 0));
}

/// The size, side and partner of the n-th contract do not depend on other settings.
#[test]
fn a_setting_moves_no_other_draw() {
    let plain = contracts(flow_spec());
    let troubled = contracts(EscrowFlowSpec { never: 0.5, dispute: 0.5, ..flow_spec() });
    assert_eq!(plain.len(), troubled.len());
    assert!(plain.iter().zip(&troubled).all(|(a, b)| (a.payer, a.payee) == (b.payer, b.payee)));
}

/// Carried out: contracts are funded in the instant in which they are made, and end in time; what
/// the payer cannot back is counted.
#[test]
fn contracts_are_made_and_funded() {
    let agent = AgentServices { escrow: Some(flow_spec()), ..nobody(0, "a") };
    let mut room = room(CustodyMode::Unified, vec![agent], &[]);
    room.fund(0, 25.0);
    room.start();
    for _ in 0..200 {
        room.step(0.0);
        room.check();
        let unfunded = room
            .escrow
            .contracts()
            .filter(|(_, one)| one.state == crate::venue::escrow::State::Created);
        assert_eq!(unfunded.count(), 0);
    }
    let funds = crate::venue::custody::Rejection::Funds;
    let refused = room.escrow.rejected(funds.into());
    let counted = room.custody.rejected(0, crate::venue::custody::Silo::Of(Service::Escrow), funds);
    assert!(refused > 0 && refused == counted, "{refused} {counted}");
}

/// Under an agreement obligations are made in their place.
#[test]
fn obligations_under_an_agreement() {
    let spec = EscrowFlowSpec { agreement: Some(0), ..flow_spec() };
    let agent = AgentServices { escrow: Some(spec), ..nobody(0, "a") };
    let agreement = AgreementSpec {
        members: vec![Party::Agent(0), Party::Outside],
        interval_ms: DAY_MS,
        origin_ms: 0,
        referrer: None,
    };
    let mut room = room(CustodyMode::Unified, vec![agent], &[agreement]);
    room.fund(0, 10_000.0);
    room.start();
    for _ in 0..240 {
        room.step(0.0);
    }
    let totals = room.escrow.agreement(0).totals();
    // Ten days of 48 (the last settles after its last step); each has one settlement at most.
    assert!(totals.settlements <= 10 && totals.obligations > 300, "{totals:?}");
    assert!(totals.fees_saved > totals.fees, "{totals:?}");
    assert_eq!(room.escrow.contracts().count(), 0);
    room.check();
}
