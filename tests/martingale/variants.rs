//! Policies, venues and positions that a fair game must leave fair.

use super::common::{agent, isolated, kill_switch, live_top_up, plan, usdc};
use drypowder::engine::{AgentPlan, CheckLevel, Plan, Rule};
use drypowder::policy::{
    FallbackWhen, GuardSpec, KillScope, KillSwitchSpec, ReduceSpec, ResumeSpec, Sizing,
    StopLossSpec, StopTrigger, TopUpSpec,
};
use drypowder::units::time::{DAY_MS, HOUR_MS};
use drypowder::venue::exchange::{
    ForceClose, LossRule, MarginMode, PositionSpec, Slippage, SlippageSpec,
};

/// One variant.
pub struct Variant {
    pub name: &'static str,
    pub plan: Plan,
    /// Place in the list of the variant with the same positions and no policy.
    pub base: usize,
    /// Rules that must have fired on the prices with jumps: else it tests less than it says.
    pub fires: &'static [Rule],
}

const ASSETS: [&str; 3] = ["BTC", "ETH", "SOL"];

fn longs() -> Vec<PositionSpec> {
    (0..3).map(|market| isolated(market, 1, 3_000.0, 800.0)).collect()
}

fn shorts() -> Vec<PositionSpec> {
    (0..3).map(|market| isolated(market, -1, 3_000.0, 800.0)).collect()
}

/// Two longs and a short on one wallet.
fn crossed() -> Vec<PositionSpec> {
    [1, -1, 1]
        .into_iter()
        .enumerate()
        .map(|(market, side)| PositionSpec {
            mode: MarginMode::Cross,
            ..isolated(market, side, 3_000.0, 0.0)
        })
        .collect()
}

/// A guard that looks every two hours.
fn guard() -> GuardSpec {
    GuardSpec { poll_ms: 2 * HOUR_MS, ..GuardSpec::none() }
}

fn topping(change: impl FnOnce(&mut TopUpSpec)) -> GuardSpec {
    let mut top_up = live_top_up();
    top_up.fallback_to_kill_switch = false;
    change(&mut top_up);
    GuardSpec { top_up: Some(top_up), ..guard() }
}

/// The day's cap binds before the wallet does.
fn live() -> GuardSpec {
    let top_up = Some(TopUpSpec { max_per_day: usdc(500.0), ..live_top_up() });
    GuardSpec { top_up, kill_switch: Some(kill_switch(KillScope::Triggering)), ..guard() }
}

fn killing(scope: KillScope, trigger_hf: f64) -> GuardSpec {
    let kill = KillSwitchSpec { trigger_hf: Some(trigger_hf), ..kill_switch(scope) };
    GuardSpec { kill_switch: Some(kill), ..guard() }
}

fn reducing() -> GuardSpec {
    let reduce = ReduceSpec { enabled: true, trigger_hf: 1.6, target_hf: 2.0, cooldown_ms: 0 };
    GuardSpec { reduce: Some(reduce), ..guard() }
}

fn stopping(trigger: StopTrigger) -> GuardSpec {
    GuardSpec { stop_loss: Some(StopLossSpec { enabled: true, trigger }), ..guard() }
}

fn resuming() -> GuardSpec {
    let resume = ResumeSpec {
        enabled: true,
        atr_threshold: 0.02,
        atr_bars: 12,
        size_fraction: 0.5,
        cooldown_ms: 6 * HOUR_MS,
        max_resumes: 3,
    };
    GuardSpec { resume: Some(resume), ..killing(KillScope::Triggering, 1.6) }
}

/// A venue without fees, slippage or penalty.
fn free_of_costs(agents: Vec<AgentPlan>) -> Plan {
    let mut plan = plan(&ASSETS, agents);
    plan.checks = CheckLevel::PerPath;
    for market in &mut plan.exchange.markets {
        market.penalty = 0.0;
        market.slippage = SlippageSpec::NONE;
    }
    plan
}

fn costly(plan: &mut Plan) {
    let slippage = |bps| SlippageSpec { form: Slippage::FixedBps { bps }, ..SlippageSpec::NONE };
    for market in &mut plan.exchange.markets {
        market.taker_fee = 0.0006;
        market.penalty = 0.015;
        market.slippage = slippage(8.0);
        market.liquidation_slippage = slippage(40.0);
    }
}

fn force_close(plan: &mut Plan, rule: ForceClose) {
    for market in &mut plan.exchange.markets {
        market.force_close = rule;
    }
}

/// Guarded longs of one agent against unguarded shorts of another, who may have to pay.
fn opposed(loss_rule: LossRule) -> Plan {
    let agents = vec![
        agent("bull", 500.0, longs(), killing(KillScope::MostAtRisk, 1.2)),
        agent("short", 500.0, shorts(), GuardSpec::none()),
    ];
    let mut plan = free_of_costs(agents);
    costly(&mut plan);
    for market in &mut plan.exchange.markets {
        market.penalty = 0.001; // the fund must run dry
    }
    plan.exchange.insurance = usdc(10.0);
    plan.exchange.loss_rule = loss_rule;
    plan
}

/// The list in the making.
struct List(Vec<Variant>);

impl List {
    fn add(
        &mut self,
        name: &'static str,
        base: usize,
        positions: Vec<PositionSpec>,
        guard: GuardSpec,
        fires: &'static [Rule],
    ) -> &mut Plan {
        let plan = free_of_costs(vec![agent("agent", 1_500.0, positions, guard)]);
        self.0.push(Variant { name, plan, base, fires });
        &mut self.0.last_mut().expect("just pushed").plan
    }
}

const NOTHING: usize = 0;
const NOTHING_SHORT: usize = 1;
const NOTHING_CROSSED: usize = 2;

/// Every variant; the first three do nothing.
pub fn all() -> Vec<Variant> {
    let mut list = List(Vec::new());
    let none = GuardSpec::none;
    let fires = &[Rule::LiquidationWithEquity, Rule::LiquidationNoEquity, Rule::BadDebt];
    list.add("nothing", NOTHING, longs(), none(), fires);
    list.add("nothing, shorts", NOTHING_SHORT, shorts(), none(), &[Rule::LiquidationWithEquity]);
    list.add("nothing, cross", NOTHING_CROSSED, crossed(), none(), &[Rule::LiquidationWithEquity]);
    top_ups(&mut list);
    closes(&mut list);
    venues(&mut list);
    list.0
}

fn top_ups(list: &mut List) {
    use Rule::{KillCap, KillDanger, KillReserve, TopUp, TopUpDayCap, TopUpFailed, TopUpReserve};
    let capped = &[TopUp, Rule::TopUpEventCap, TopUpReserve, TopUpDayCap];
    let small = |spec: &mut TopUpSpec| {
        spec.max_per_event = usdc(200.0);
        spec.max_per_day = usdc(300.0);
    };
    list.add("top-up, exact", NOTHING, longs(), topping(|_| ()), &[TopUp]);
    let proportional = topping(|spec| spec.sizing = Sizing::Proportional);
    list.add("top-up, proportional", NOTHING, longs(), proportional, &[TopUp]);
    list.add("top-up, small caps", NOTHING, longs(), topping(small), capped);
    list.add("top-up or kill", NOTHING, longs(), live(), &[TopUp, KillDanger, KillCap]);
    let reserve_only = GuardSpec {
        top_up: live()
            .top_up
            .map(|spec| TopUpSpec { fallback_when: FallbackWhen::Reserve, ..spec }),
        ..live()
    };
    list.add("top-up or kill at the reserve", NOTHING, longs(), reserve_only, &[KillReserve]);
    let late = GuardSpec { latency_ms: 90 * 60 * 1_000, ..live() };
    list.add("top-up or kill, 90 min late", NOTHING, longs(), late, &[TopUp, KillDanger]);
    let doubtful = topping(|spec| {
        spec.transfer_delay_ms = 3 * HOUR_MS;
        spec.failure_probability = 0.3;
        spec.cooldown_ms = DAY_MS;
    });
    list.add("top-up, slow and failing", NOTHING, longs(), doubtful, &[TopUp, TopUpFailed]);
    list.add("top-up, shorts", NOTHING_SHORT, shorts(), live(), &[TopUp, KillDanger]);
}

fn closes(list: &mut List) {
    use KillScope::{AboveLeverage, All, MostAtRisk, Triggering};
    use Rule::{KillTrigger, Reduce, Resume, StopLoss};
    let kill = &[KillTrigger];
    list.add("kill most at risk", NOTHING, longs(), killing(MostAtRisk, 1.5), kill);
    list.add("kill triggering", NOTHING, longs(), killing(Triggering, 1.5), kill);
    list.add("kill all", NOTHING, longs(), killing(All, 1.5), kill);
    list.add("kill above leverage", NOTHING, longs(), killing(AboveLeverage(4.0), 1.6), kill);
    let mut dry = killing(All, 1.5);
    dry.kill_switch.as_mut().expect("it has one").dry_run = true;
    list.add("kill, dry run", NOTHING, longs(), dry, &[Rule::KillDryRun]);
    list.add("kill and resume", NOTHING, longs(), resuming(), &[KillTrigger, Resume]);
    list.add("reduce", NOTHING, longs(), reducing(), &[Reduce]);
    let both = GuardSpec { top_up: live().top_up, ..reducing() };
    list.add("reduce, else top up; shorts", NOTHING_SHORT, shorts(), both, &[Reduce]);
    let stop = stopping(StopTrigger::Loss(0.12));
    list.add("stop at a loss", NOTHING, longs(), stop, &[StopLoss]);
    let stop = stopping(StopTrigger::HealthFactor(1.8));
    list.add("stop at a health factor, shorts", NOTHING_SHORT, shorts(), stop, &[StopLoss]);
    list.add("kill all, cross", NOTHING_CROSSED, crossed(), killing(Triggering, 1.3), kill);
    let worst = killing(MostAtRisk, 1.4);
    list.add("kill largest, cross", NOTHING_CROSSED, crossed(), worst, kill);
    let late = GuardSpec { latency_ms: HOUR_MS, ..reducing() };
    list.add("reduce an hour late, cross", NOTHING_CROSSED, crossed(), late, &[Reduce]);
}

fn venues(list: &mut List) {
    use Rule::{Adl, BadDebt, Insurance, LiquidationPartial, Socialised};
    let none = GuardSpec::none;
    let partial = ForceClose::Partial {
        fraction: 0.4,
        above_notional_usdc: 1_000.0,
        cooldown_ms: 12 * HOUR_MS,
    };
    let fires = &[LiquidationPartial];
    force_close(list.add("partial force-closes", NOTHING, longs(), none(), fires), partial);
    let target = ForceClose::ToTarget { target_hf: 1.3 };
    let plan = list.add("force-closes to a target", NOTHING, longs(), none(), fires);
    force_close(plan, target);
    costly(plan);
    costly(list.add("top-up or kill with costs", NOTHING, longs(), live(), &[BadDebt]));
    costly(list.add("nothing with costs, cross", NOTHING_CROSSED, crossed(), none(), &[]));
    for (name, loss_rule, fires) in [
        ("auto-deleveraging", LossRule::AutoDeleveraging, &[Adl, Insurance]),
        ("socialised losses", LossRule::Socialised, &[Socialised, Insurance]),
    ] {
        list.0.push(Variant { name, plan: opposed(loss_rule), base: NOTHING, fires });
    }
}
