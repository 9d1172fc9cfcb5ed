//! Prime brokerage from the file to the plan: every field of `tests/scenarios/prime.toml` against
//! values written by hand.

use std::path::Path;

use drypowder::engine::prime::{
    Cuttable, Demand, KeepSpec, LendTerms, PrimePlan, Scheduled, Scheme, TradeSize,
};
use drypowder::ledger::{AssetId, USDC};
use drypowder::policy::{
    CountRecalled, LendSpec, PrimeSpec, RebalanceSpec, RecallSpec, UtilisationBounds,
};
use drypowder::scenario::{Scenario, describe};
use drypowder::study::{Role, VariantSet};
use drypowder::units::time::NEVER_MS;
use drypowder::units::{Amount, Quantity};
use drypowder::venue::custody::{CustodyMode, HoldingSpec, Service, Silo, SiloSpec};
use drypowder::venue::escrow::{
    AgreementSpec, Conduct, ContractSpec, Dispute, EscrowSpec, OnTimeout, Party, Resolution,
};
use drypowder::venue::exchange::Slippage;
use drypowder::venue::lending::{
    self, AAVE_V3_USDC, Collateral, Compounding, Curve, LoanRate, LoanSpec, OutsideBorrower,
    PoolSpec, RateSource, Response,
};
use drypowder::venue::services::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, Factor, FlowParty, Notional, Stake,
};
use drypowder::venue::spot::Side;

/// 2026-01-01T00:00:00Z.
const START_MS: i64 = 1_767_225_600_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

const ETH: AssetId = AssetId(1);
const SOL: AssetId = AssetId(2);
/// By name: alice, bob.
const ALICE: usize = 0;
const BOB: usize = 1;

fn full() -> Scenario {
    let loaded = Scenario::load("tests/scenarios/prime.toml", &[]);
    loaded.unwrap_or_else(|faults| panic!("{faults}"))
}

fn prime(scenario: &Scenario) -> &PrimePlan {
    scenario.plan.prime.as_ref().expect("prime brokerage is written")
}

const fn usdc(whole: i64) -> Amount {
    Amount::from_micro(whole * 1_000_000)
}

/// Hundredths of a unit of ETH or SOL, which have eight decimals.
const fn cents(hundredths: i64) -> Amount {
    Amount::from_micro(hundredths * 1_000_000)
}

#[test]
fn custody_holdings_escrow_and_agreements() {
    let scenario = full();
    let prime = prime(&scenario);
    let silo = SiloSpec { calls: 2, delay_ms: 10 * MINUTE_MS, failure_probability: 0.01 };
    assert_eq!((prime.custody, prime.silo), (CustodyMode::Unified, silo));
    let holding =
        |name: &str, price, haircut| HoldingSpec { name: name.to_owned(), price, haircut };
    assert_eq!(prime.holdings, [holding("ETH", 1, Some(0.2)), holding("SOL", 2, None)]);
    assert_eq!((prime.spot[0].price_asset, prime.spot[0].fee), (1, 0.001));
    assert_eq!(prime.spot[0].slippage.form, Slippage::FixedBps { bps: 10.0 });
    assert_eq!((prime.spot[1].fee, prime.spot[1].slippage.form), (0.0, Slippage::None));
    let escrow = EscrowSpec { fee: 0.02, referral: 0.1, settlement_lag_ms: 2 * DAY_MS };
    assert_eq!(prime.escrow, escrow);
    let names: Vec<&str> = prime.agreements.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["bilateral", "weekly"]);
    let weekly = AgreementSpec {
        members: vec![Party::Agent(ALICE), Party::Agent(BOB), Party::Outside],
        interval_ms: 7 * DAY_MS,
        origin_ms: START_MS,
        referrer: Some(Party::Agent(BOB)),
    };
    assert_eq!(prime.agreements[1].spec, weekly);
    let bilateral = &prime.agreements[0].spec;
    assert_eq!((bilateral.interval_ms, bilateral.referrer), (DAY_MS, None));
}

#[test]
fn lending_and_its_pools() {
    let scenario = full();
    let prime = prime(&scenario);
    let lending = &prime.lending;
    let market = (lending.max_lent_share, lending.min_loan_usdc, lending.broker_cut);
    assert_eq!((market, lending.loans_max), ((0.5, 2.0, 0.1), 16));
    let [usdc, eth, sol] = lending.pools.as_slice() else { panic!("three pools") };
    let aave = PoolSpec {
        rate: RateSource::Curve(AAVE_V3_USDC),
        utilisation: 0.8,
        least_rate: 0.04,
        borrowers: OutsideBorrower::RELIABLE,
    };
    assert_eq!(*usdc, aave);
    let own = Curve { base: 0.01, slope1: 0.04, slope2: 0.6, kink: 0.9 };
    let storm = Response { base: 0.02, drawdown: 0.5, utilisation: 2.0, kink: 0.9 };
    let cure = Response { base: 0.8, drawdown: -0.5, utilisation: 0.0, kink: 1.0 };
    let borrowers = OutsideBorrower { early: Response::constant(0.1), failure: storm, cure };
    let rate = RateSource::Curve(own);
    assert_eq!(*eth, PoolSpec { rate, utilisation: 0.7, least_rate: 0.02, borrowers });
    // Not written: the prime table's 7.1 % at 80 % lent, on Aave's shape for ETH, so that at its
    // kink of 90 % it is 9/8 of that.
    let RateSource::Curve(table) = sol.rate else { panic!("a curve") };
    assert!((table.rate(0.8) - 0.071).abs() < 1e-15 && table.kink == 0.9);
    assert!((table.rate(0.9) - 0.079_875).abs() < 1e-15);
    assert_eq!((sol.utilisation, sol.least_rate), (0.8, 0.0));
    let pools = &prime.pools;
    assert_eq!((pools.step_ms, pools.correlation, pools.trading), (2 * HOUR_MS, -0.2, 1));
    // USDC follows trading, ETH what it says, SOL itself.
    let watched: Vec<usize> = pools.pools.iter().map(|pool| pool.watched).collect();
    assert_eq!(watched, [1, 0, 2]);
    let demand = Demand { reversion_per_day: 2.0, amplitude: 0.4 };
    let demands: Vec<_> = pools.pools.iter().map(|pool| pool.demand).collect();
    assert_eq!(demands, [None, Some(demand), None]);
    assert!(pools.pools.iter().all(|pool| pool.rates.is_none()));
}

#[test]
fn services_and_their_correlations() {
    let scenario = full();
    let prime = prime(&scenario);
    let (spec, factors) = (&prime.services, &prime.services.factors);
    assert_eq!(
        (spec.step_ms, &prime.factor_assets, factors.trading),
        (30 * MINUTE_MS, &vec![0, 1, 2], 1)
    );
    // BTC: √(.3² + 16·(.06² + .08²)) = √(.09 + .16) = .5; ETH as given; SOL its own.
    for (got, expected) in prime.volatility.iter().zip([0.5, 0.8, 0.9]) {
        assert!((got - expected).abs() < 1e-15, "{got} {expected}");
    }
    // Jumps are independent: of BTC's .5 only .3 moves with others. .8·.6 and .5·.6.
    let assets = |row, column| factors.assets.get(row, column);
    assert!((assets(0, 1) - 0.48).abs() < 1e-15 && (assets(0, 2) - 0.3).abs() < 1e-15);
    assert_eq!((assets(1, 2), assets(0, 0)), (0.6, 1.0));
    assert_eq!(factors.with_trading, [0.4, 0.08, 0.11, -0.2]);
    let between = |one: Factor, other: Factor| factors.between.get(one as usize, other as usize);
    assert_eq!(between(Factor::Casino, Factor::Escrow), 0.05);
    assert_eq!(between(Factor::Domains, Factor::Escrow), 0.2);
    assert_eq!(between(Factor::Casino, Factor::Lending), 0.0);
    assert_eq!(factors.given, [(Factor::Casino, 0, 0.3)]);
}

#[test]
fn flows() {
    let scenario = full();
    let alice = AgentServices {
        agent: ALICE,
        name: "alice".to_owned(),
        faucet: usdc(1),
        casino: Some(CasinoSpec {
            bankroll: usdc(200),
            bets_per_day: 24.0,
            stake: Stake::Fraction(0.01),
            house_edge: 0.03,
            payoff: 3.0,
        }),
        domains: Some(DomainsSpec {
            registrations_per_day: 1.5,
            cost: usdc(12),
            registration_ms: 6 * HOUR_MS,
            sales_per_day: 0.5,
            revenue: usdc(30),
        }),
        escrow: Some(EscrowFlowSpec {
            contracts_per_day: 4.0,
            notional: Notional::LogNormal { mean_usdc: 50.0, sigma: 0.5 },
            payer_share: 0.6,
            counterparty: FlowParty::Agents(vec![BOB]),
            confirm_mean_ms: 7_200_000.0,
            never: 0.05,
            dispute: 0.02,
            verdict_ms: 3 * DAY_MS,
            verdicts: [0.4, 0.3],
            timeout_ms: 5 * DAY_MS,
            on_timeout: OnTimeout::ToPayee,
            referrer: Some(Party::Outside),
            agreement: Some(1),
        }),
    };
    let none = AgentServices {
        agent: BOB,
        name: "bob".to_owned(),
        faucet: Amount::ZERO,
        casino: None,
        domains: None,
        escrow: None,
    };
    assert_eq!(prime(&scenario).services.agents, [alice, none]);
}

/// What the loans of the fixture have in common.
fn loan(lender: lending::Party, borrower: lending::Party, asset: AssetId) -> LoanSpec {
    LoanSpec::new(lender, borrower, asset, Amount::ZERO, USDC)
}

#[test]
fn schedule_by_time_then_kind() {
    let scenario = full();
    let (alice, bob) = (lending::Party::Agent(ALICE), lending::Party::Agent(BOB));
    let lent = LoanSpec {
        amount: usdc(200),
        rate: LoanRate::Fixed(0.094),
        compounding: Compounding::Daily,
        interest_interval_ms: Some(12 * HOUR_MS),
        collateral_asset: ETH,
        collateral: Collateral::Amount(cents(12)),
        requirement: 1.2,
        notice_ms: 6 * HOUR_MS,
        grace_ms: 2 * HOUR_MS,
        long_term: true,
        ..loan(alice, lending::Party::Outside, USDC)
    };
    // SOL's requirement is the prime table's.
    let borrowed = LoanSpec {
        amount: cents(150),
        collateral: Collateral::Ratio(1.4),
        requirement: 1.15,
        ..loan(bob, alice, SOL)
    };
    let made_ms = START_MS + HOUR_MS;
    let disputed = ContractSpec {
        payer: Party::Agent(ALICE),
        payee: Party::Agent(BOB),
        amount: usdc(100),
        deadline_ms: made_ms + 2 * DAY_MS,
        on_timeout: OnTimeout::ToPayee,
        referrer: Some(Party::Outside),
        conduct: Conduct {
            fund_ms: made_ms + HOUR_MS,
            confirm_ms: [made_ms + 4 * HOUR_MS, made_ms + 5 * HOUR_MS],
            dispute: Some(Dispute {
                at_ms: made_ms + 3 * HOUR_MS,
                verdict_ms: made_ms + 3 * HOUR_MS + 2 * DAY_MS,
                resolution: Resolution::Split { to_payee: 0.3 },
            }),
        },
    };
    let received = ContractSpec {
        payer: Party::Outside,
        payee: Party::Agent(ALICE),
        amount: usdc(40),
        deadline_ms: START_MS + DAY_MS,
        on_timeout: OnTimeout::ToPayer,
        referrer: None,
        conduct: Conduct { fund_ms: START_MS, confirm_ms: [NEVER_MS; 2], dispute: None },
    };
    let cut = |reducible, discretionary| Cuttable { reducible, discretionary };
    let owe = || Scheme::Oblige { agreement: 1, payee: Party::Agent(BOB), amount: usdc(10) };
    let moved = Scheme::Move { from: Silo::Main, to: Silo::Of(Service::Trading), amount: usdc(50) };
    let quarter = TradeSize::Quantity(Quantity::from_steps(25_000_000));
    let rows = [
        (0, Scheme::Loan { loan: 1, spec: borrowed }),
        (0, Scheme::Trade(ETH, Side::Buy, TradeSize::Usdc(usdc(100)))),
        (0, Scheme::Contract { contract: 1, spec: received, cut: cut(true, false) }),
        (30 * MINUTE_MS, owe()),
        (HOUR_MS, moved),
        (HOUR_MS, Scheme::Loan { loan: 0, spec: lent }),
        (HOUR_MS, Scheme::Contract { contract: 0, spec: disputed, cut: cut(false, true) }),
        (90 * MINUTE_MS, owe()),
        (2 * HOUR_MS, Scheme::Trade(ETH, Side::Sell, quarter)),
        (150 * MINUTE_MS, owe()),
        (3 * DAY_MS, Scheme::Recall(0)),
        (4 * DAY_MS, Scheme::Repay(1)),
        (9 * DAY_MS, Scheme::Trade(SOL, Side::Sell, TradeSize::All)),
    ];
    let rows = rows.map(|(after_ms, action)| Scheduled { at_ms: START_MS + after_ms, action });
    let schedule = &prime(&scenario).agents[ALICE].schedule;
    for (got, expected) in schedule.iter().zip(&rows) {
        assert_eq!(got, expected);
    }
    assert_eq!(schedule.len(), rows.len());
}

#[test]
fn what_agents_have_and_their_policies() {
    let scenario = full();
    let [alice, bob] = prime(&scenario).agents.as_slice() else { panic!("two agents") };
    assert_eq!(alice.silos, [4000, 2000, 500, 100, 0, 3000, 400].map(usdc));
    assert_eq!(bob.silos, [2000, 2000, 0, 0, 0, 0, 1000].map(usdc));
    assert_eq!(alice.holdings, [cents(200), cents(50)]);
    assert_eq!(bob.holdings, [Amount::ZERO; 2]);
    assert_eq!(alice.cuts, [Cuttable { reducible: false, discretionary: true }]);
    let of_usdc = LendSpec { max_share: 0.3, min_loan: usdc(5), min_rate: 0.041 };
    // What [lending] and the pool say.
    let of_eth = LendSpec { max_share: 0.5, min_loan: usdc(2), min_rate: 0.02 };
    let policy = PrimeSpec {
        poll_ms: 20_000,
        latency_ms: 100,
        zones: UtilisationBounds { yellow: 0.5, orange: 0.7, red: 0.8, hysteresis: 0.02 },
        recall: Some(RecallSpec { count: CountRecalled::AtRequest, short_notice_ms: 12 * HOUR_MS }),
        rebalance: Some(RebalanceSpec { target: 0.45 }),
        lend: vec![Some(of_usdc), Some(of_eth), None],
    };
    assert_eq!(alice.policy.as_ref(), Some(&policy));
    let (me, outside) = (lending::Party::Agent(ALICE), lending::Party::Outside);
    let terms = LendTerms {
        spec: LoanSpec {
            compounding: Compounding::Daily,
            interest_interval_ms: Some(DAY_MS),
            collateral_asset: ETH,
            collateral: Collateral::Ratio(1.3),
            requirement: 1.15,
            notice_ms: 6 * HOUR_MS,
            grace_ms: 3 * HOUR_MS,
            long_term: true,
            ..loan(me, outside, USDC)
        },
        fix_rate: true,
    };
    let plain = LendTerms { spec: loan(me, outside, ETH), fix_rate: false };
    assert_eq!(alice.lends, [Some(terms), Some(plain), None]);
    let keep = KeepSpec { poll_ms: 10_000, least: usdc(400), target: usdc(600) };
    assert_eq!(alice.keep, Some(keep));
    // Switched off for bob.
    assert_eq!((bob.policy.as_ref(), bob.keep, &bob.lends), (None, None, &vec![None; 3]));
    assert_eq!(scenario.plan.exchange.margin_call.map(|call| call.ratio), Some(0.9));
}

#[test]
fn the_silo_variant_is_the_plan_under_silo_custody() {
    let scenario = full();
    let set = VariantSet::of(&scenario).unwrap();
    let names: Vec<&str> = set.all().iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!(names, ["guarded", "silo"]);
    let silo = &set.all()[1];
    assert_eq!(silo.role, Role::Silo);
    let mut plan = silo.plan.clone();
    let own = plan.prime.as_mut().unwrap();
    assert_eq!(own.custody, CustodyMode::Silo(prime(&scenario).silo));
    own.custody = CustodyMode::Unified;
    assert_eq!(plan, scenario.plan);
}

#[test]
fn null_policies_neither_recall_nor_rebalance() {
    let nulls = [("nulls".to_owned(), "[\"do_nothing\", \"stop_loss\"]".to_owned())];
    let scenario = Scenario::load("tests/scenarios/prime.toml", &nulls).unwrap();
    let set = VariantSet::of(&scenario).unwrap();
    for name in ["do_nothing", "stop_loss"] {
        let variant = &set.all()[set.find(name).expect("asked for")];
        let policy = variant.plan.prime.as_ref().unwrap().agents[ALICE].policy.as_ref().unwrap();
        assert_eq!((policy.recall, policy.rebalance), (None, None), "{name}");
        assert!(policy.lend[0].is_some(), "{name}: lending goes on");
    }
}

#[test]
fn it_resolves_to_itself() {
    let first = full();
    let resolved = toml::to_string(&first.resolved).unwrap();
    let path = Path::new("tests/scenarios/prime.toml");
    let second = Scenario::from_text(path, &resolved, &[]);
    let second = second.unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(first.plan, second.plan);
    assert_eq!(first.resolved, second.resolved);
}

#[test]
fn it_is_said_in_words() {
    let scenario = full();
    let text = describe(&scenario);
    let lines = [
        "custody  one wallet backs every service",
        "holding  ETH: counts as capital less 20 %; spot fee 0.1 %, slippage 10 bps",
        "escrow   fee 2 %, of which 10 % to the referrer; final after 2d",
        "netting  weekly: alice, bob, outside settle every 7d",
        // .01 + .04·.7/.9 = .041111; at the kink .05; + .6.
        "pool     ETH: 4.1111 % a year at 70 % lent, 5 % at the kink of 90 %, 65 % where all is lent",
        "lending  at most 50 % of a holding, loans of 2 USDC at least, 16 at once",
        "services steps of 30m; correlation with ETH: casino 0.4, domains 0.08, escrow 0.11",
        "  holds 2 ETH",
        "  silos: trading 4000 USDC, escrow 2000 USDC, casino 500 USDC, domains 100 USDC, lending 3000 USDC, main 400 USDC",
        // (1 − .03)/3 = 32.3333 %.
        "  casino: bankroll 200 USDC, 24 bets a day of 1 % of the bankroll; 32.3333 % win 3 times the stake",
        "  escrow: 4 obligations under weekly a day of 50 USDC in the mean (log-normal, σ = 0.5) with bob",
        "  utilisation: looks every 20s, acts 100ms later; yellow from 50 %, orange from 70 %, red from 80 %",
        "    recall: in orange and red; recalled money counts as soon as it is asked for",
        "    rebalance: back to 45 %; 0 of 1 positions are reducible, 1 discretionary",
        "    lends in green: USDC up to 30 %, from 5 USDC and 4.1 % a year on, fixed at its opening; 130 % in ETH posted",
        "  2026-01-01T00:00:00Z: loan 1: bob lends 1.5 SOL to alice at the pool's rate; 140 % in USDC posted",
        "  2026-01-01T01:00:00Z: contract 0: alice pays 100 USDC to bob, disputed",
        "  2026-01-04T00:00:00Z: asks loan 0 back",
        "beside it: the plan under silo custody",
    ];
    for line in lines {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
}

/// A scenario with one line of its own.
fn with(line: &str) -> String {
    format!(
        "name = 'x'\nnulls = []\n[prices]\nmodel = 'gbm'\nsteps = 48\n[prices.assets]\n\
         A = {{ start_price = 100, volatility = 0.5 }}\n[markets]\n[[agent]]\nname = 'a'\n\
         wallet = 1000\n{line}\n"
    )
}

#[test]
fn any_of_its_fields_switches_it_on() {
    let load = |text: &str| Scenario::from_text(Path::new("x.toml"), text, &[]);
    assert!(load(&with("")).unwrap().plan.prime.is_none());
    let lines = [
        "faucet = 1",
        "holdings = {}",
        "silos = { main = 1000 }",
        "trade = []",
        "contract = []",
        "obligation = []",
        "move = []",
        "loan = []",
        "casino = { bankroll = 10, bets_per_day = 1, stake = 1 }",
        "domains = { registrations_per_day = 0, cost = 1, sales_per_day = 1, revenue = 1 }",
        "escrow = { contracts_per_day = 1, notional = 1 }",
        "[agent.policy.utilisation]",
        "[agent.policy.keep_in_trading]\nleast = 1\ntarget = 2",
        "[custody]",
        "[holdings]",
        "[escrow]",
        "[agreements]",
        "[lending]",
        "[services]",
        "[policy.utilisation]",
    ];
    for line in lines {
        let loaded = load(&with(line)).unwrap_or_else(|faults| panic!("{line}: {faults}"));
        assert!(loaded.plan.prime.is_some(), "{line}");
    }
    // Without it nothing of it stands in the resolved scenario.
    let plain = load(&with("")).unwrap().resolved.to_string();
    for name in ["custody", "lending", "services", "holdings", "utilisation", "reducible", "loan"] {
        assert!(!plain.contains(name), "{name} in {plain}");
    }
}

#[test]
fn rates_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    let load = |rows: &str| {
        std::fs::write(folder.path().join("rates.csv"), format!("at,apr\n{rows}")).unwrap();
        let pool = "[holdings.A]\n[lending.pools.A]\nfile = 'rates.csv'\n\
                    columns = { time = 'at', rate = 'apr' }";
        Scenario::from_text(&file, &with(pool), &[])
    };
    // Two days from 2026-01-01 on; each rate holds until the next, the last a day.
    let rows = "2025-12-31T00:00:00Z,0.04\n2026-01-01T00:00:00Z,0.05\n2026-01-02T00:00:00Z,0.06\n";
    let scenario = load(rows).unwrap_or_else(|faults| panic!("{faults}"));
    let prime = prime(&scenario);
    assert_eq!(prime.lending.pools[1].rate, RateSource::Given(0.05));
    let series = prime.pools.pools[1].rates.as_ref().unwrap();
    assert_eq!(series.rate, [0.04, 0.05, 0.06]);
    let at = [START_MS, START_MS + DAY_MS - 1, START_MS + DAY_MS].map(|now_ms| series.at(now_ms));
    assert_eq!(at, [0.05, 0.05, 0.06]);
    assert_eq!(scenario.data_files[0].0, "rates.csv");
    let bad = [
        (
            "2026-01-01T01:00:00Z,0.05\n2026-01-02T01:00:00Z,0.06\n",
            "the rates start at 2026-01-01T01:00:00Z, after the run: 2026-01-01T00:00:00Z",
        ),
        (
            "2025-12-31T00:00:00Z,0.05\n2026-01-01T00:00:00Z,0.06\n",
            "the rates end at 2026-01-01T00:00:00Z, before the run: 2026-01-03T00:00:00Z",
        ),
        (
            "2025-12-31T00:00:00Z,4.2\n2026-01-02T00:00:00Z,10.5\n",
            "the rate 10.5 at 2026-01-02T00:00:00Z is outside [0, 10]",
        ),
        (
            "2025-12-31T00:00:00Z,4.2\n2026-01-02T00:00:00Z,-0.1\n",
            "the rate -0.1 at 2026-01-02T00:00:00Z is outside [0, 10]",
        ),
    ];
    for (rows, message) in bad {
        let plain = load(rows).unwrap_err().plain();
        assert!(plain.contains("lending.pools.A.file") && plain.contains(message), "{plain}");
    }
}

#[test]
fn a_history_needs_the_volatility_that_flows_measure_in() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..48)
        .map(|hour| {
            format!("2026-01-{:02}T{:02}:00:00Z,{}\n", 1 + hour / 24, hour % 24, 100 + hour % 2)
        })
        .collect();
    std::fs::write(folder.path().join("a.csv"), format!("time,close\n{rows}")).unwrap();
    let load = |services: &str, flow: &str| {
        let text = format!(
            "name = 'x'\nnulls = []\n{services}\n[prices]\nmodel = 'history'\n[prices.assets.A]\n\
             file = 'a.csv'\nkind = 'close'\n[markets]\n[[agent]]\nname = 'a'\nwallet = 1000\n{flow}\n"
        );
        Scenario::from_text(&folder.path().join("x.toml"), &text, &[])
    };
    let casino = "casino = { bankroll = 10, bets_per_day = 1, stake = 1 }";
    let plain = load("", casino).unwrap_err().plain();
    let message = "services.volatility: no volatility of A is known, in which casino, domains and \
                   escrow flows measure its returns; give it, e.g. [services.volatility] A = 0.6";
    assert!(plain.contains(message), "{plain}");
    // The returns are ±ln(1.01) an hour: √(8760·ln(1.01)²) = .9313 a year.
    let scenario = load("services.volatility = { A = 0.5 }", casino).unwrap();
    assert_eq!(prime(&scenario).volatility, [0.5]);
    assert!(
        scenario.warnings[0].contains("far from that of its prices, 0.93"),
        "{:?}",
        scenario.warnings
    );
    let scenario = load("services.volatility = { A = 0.93 }", casino).unwrap();
    assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
    let factors = &prime(&scenario).services.factors;
    assert_eq!((prime(&scenario).factor_assets.clone(), factors.assets.n()), (vec![0], 1));
    assert!(load("", "faucet = 1").is_ok(), "nothing asks for it");
    let given = "services.volatility = { A = 0.9 }\nservices.correlations = { 'casino-A' = 0.3 }";
    assert!(
        load(given, casino)
            .unwrap_err()
            .plain()
            .contains("A stands for trading; write casino alone")
    );
}

/// Services follow a drift of correlations: in the crisis ρ(casino, ETH) is .42 times what the
/// assets then have, in the same joint matrix.
#[test]
fn services_share_the_crisis() {
    let path = Path::new("tests/scenarios/prime.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let plain = Scenario::load(path, &[]).unwrap();
    let crisis =
        |scenario: &Scenario| scenario.plan.prime.as_ref().unwrap().services.factors.crisis.clone();
    assert_eq!(crisis(&plain), None);
    assert!(text.contains("[prices.correlation]"));
    let drift = "[prices.correlation_drift]\nover = \"1d\"\nto = { \"BTC-ETH\" = 0.97 }\n\
                 [prices.correlation]";
    let nulls = ("nulls".to_owned(), "[\"no_drift\"]".to_owned());
    let text = text.replace("[prices.correlation]", drift);
    let scenario = Scenario::from_text(path, &text, &[nulls]).unwrap_or_else(|e| panic!("{e}"));
    let found = crisis(&scenario).unwrap();
    // BTC diffuses with .3 of √(.3² + 16·(.06² + .08²)) = .5.
    assert!((found.get(0, 1) - 0.97 * 0.6).abs() < 1e-12, "{found:?}");
    let set = VariantSet::of(&scenario).unwrap();
    let calm = &set.all()[set.find("no_drift").unwrap()];
    assert_eq!(calm.plan.prime.as_ref().unwrap().services.factors.crisis, None);
}
