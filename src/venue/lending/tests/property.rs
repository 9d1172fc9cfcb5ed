//! Whatever is asked, in whatever order, at whatever prices: money is neither made nor lost.

use super::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

#[derive(Clone, Debug)]
enum Act {
    Open(LoanSpec),
    Recall(usize),
    Repay(usize),
    Post(usize, i64),
    Trade(usize, f64, bool),
    Conditions(f64, f64, f64),
    Prices(f64, f64),
    Pass(i64),
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![Just(Agent(0)), Just(Agent(1)), Just(Outside)]
}

fn loan() -> impl Strategy<Value = LoanSpec> {
    let assets = (0_u16..3, 0_u16..3).prop_map(|(one, other)| (AssetId(one), AssetId(other)));
    let terms = (0.0..3.0_f64, any::<bool>(), any::<bool>(), any::<bool>());
    let size = (1_i64..3_000_000_000, 0.9..3.0_f64, 1.0..1.3_f64);
    let days = (0_i64..3, 0_i64..3, proptest::option::of(1_i64..3));
    (party(), party(), assets, size, terms, days).prop_map(
        |(lender, borrower, (asset, collateral_asset), size, terms, days)| LoanSpec {
            rate: if terms.1 { LoanRate::Fixed(terms.0) } else { LoanRate::Floating },
            compounding: if terms.2 { Compounding::Daily } else { Compounding::Simple },
            long_term: terms.3,
            collateral: Collateral::Ratio(size.1),
            requirement: size.2,
            notice_ms: days.0 * DAY_MS,
            grace_ms: days.1 * DAY_MS,
            interest_interval_ms: days.2.map(|interval| interval * DAY_MS),
            ..LoanSpec::new(lender, borrower, asset, Amount::from_micro(size.0), collateral_asset)
        },
    )
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => loan().prop_map(Act::Open),
        2 => (0_usize..4).prop_map(Act::Recall),
        2 => (0_usize..4).prop_map(Act::Repay),
        1 => (0_usize..4, 1_i64..100_000_000).prop_map(|(place, amount)| Act::Post(place, amount)),
        2 => (0_usize..2, 0.0..2.0_f64, any::<bool>())
            .prop_map(|(agent, units, sells)| Act::Trade(agent, units, sells)),
        2 => (0.0..=1.0_f64, 0.0..=1.0_f64, 0.0..3.0_f64)
            .prop_map(|(utilisation, drawdown, rate)| Act::Conditions(utilisation, drawdown, rate)),
        4 => (0.3..2.5_f64, 0.3..2.5_f64).prop_map(|(eth, btc)| Act::Prices(eth, btc)),
        6 => (0_i64..2 * DAY_MS).prop_map(Act::Pass),
    ]
}

/// Pools of all kinds, borrowers that do everything, costs, a broker's cut.
fn busy_desk() -> Desk {
    let stormy = Response { base: 0.2, drawdown: 1.0, utilisation: 2.0, kink: 0.8 };
    let borrowers = OutsideBorrower { early: stormy, failure: stormy, cure: stormy };
    let given = PoolSpec { borrowers, ..pool() };
    let kinked = PoolSpec { rate: RateSource::Curve(AAVE_V3_WETH), ..given };
    let spec = LendingSpec { broker_cut: 0.1, ..LendingSpec::new(vec![given, kinked, given], 4) };
    let mut desk = desk_with(spec, COSTS);
    for agent in 0..2 {
        desk.deposit(agent, USDC, 10_000.0);
        desk.deposit(agent, ETH, 10.0);
        desk.deposit(agent, BTC, 0.2);
    }
    desk
}

impl Desk {
    fn id(&self, place: usize) -> Option<LoanId> {
        self.lending.loans().nth(place).map(|loan| loan.id)
    }

    fn act(&mut self, act: &Act) {
        let place = |place: &usize| self.id(*place);
        match act {
            Act::Open(spec) => {
                let _rejected = self.open(spec);
            }
            Act::Recall(at) => {
                let _rejected = place(at).map(|id| self.recall(id));
            }
            Act::Repay(at) => {
                let id = place(at);
                let _rejected =
                    id.map(|id| self.with(|lending, context| lending.repay(id, context)));
            }
            Act::Post(at, amount) => {
                let (id, amount) = (place(at), Amount::from_micro(*amount));
                let _rejected = id.map(|id| {
                    self.with(|lending, context| lending.post_collateral(id, amount, context))
                });
            }
            Act::Trade(agent, units, sells) => {
                let has = self.balance(*agent, if *sells { ETH } else { USDC });
                let most = if *sells { has.micro() as f64 / 1e8 } else { has.usdc() / 1e4 };
                let units = units.min(most);
                if units > 1e-7 {
                    self.trade(*agent, units - 1e-8, *sells);
                }
            }
            Act::Conditions(utilisation, drawdown, rate) => {
                for asset in [USDC, ETH, BTC] {
                    self.lending.set_utilisation(self.now_ms, asset, *utilisation);
                    self.lending.set_drawdown(self.now_ms, asset, *drawdown);
                }
                self.lending.set_rate(self.now_ms, USDC, *rate);
            }
            Act::Prices(eth, btc) => self.prices = [2_000.0 * eth, 80_000.0 * btc],
            Act::Pass(span_ms) => {
                // As an engine would: to every instant at which something falls due.
                let end_ms = self.now_ms + span_ms;
                while self.lending.next_due_ms() < end_ms {
                    let due_ms = self.lending.next_due_ms().max(self.now_ms);
                    self.settle(due_ms);
                    self.check(due_ms);
                    assert!(self.lending.next_due_ms() > due_ms, "what was due is done");
                }
                self.settle(end_ms);
                self.check(end_ms);
            }
        }
    }

    /// No wallet and no vault owes; vaults hold nothing but the collateral of open loans; claims
    /// are the sums of the open loans.
    fn sound(&self) -> Result<(), TestCaseError> {
        for account in self.wallets.iter().flatten() {
            prop_assert!(!self.ledger.balance(*account).is_negative());
        }
        for slot in &self.lending.slots {
            for (vault, asset) in slot.vaults.iter().zip(0..) {
                let balance = self.ledger.balance(*vault);
                prop_assert!(!balance.is_negative());
                let pledged = slot.loan.as_ref().map(|loan| loan.spec.collateral_asset);
                prop_assert!(balance == Amount::ZERO || pledged == Some(AssetId(asset)));
            }
        }
        for loan in self.lending.loans() {
            prop_assert!(!loan.state.is_final());
            prop_assert!(loan.interest_units(self.now_ms) >= 0.0);
        }
        let open = self.lending.slots.iter().filter(|slot| slot.loan.is_some()).count();
        prop_assert_eq!(open, self.lending.order.len());
        Ok(())
    }
}

/// The acts above reach every kind of effect, or the property below would say little.
#[test]
fn the_acts_do_everything() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let plan = prop::collection::vec(act(), 1..60);
    let mut seen = [0; 12];
    for _ in 0..300 {
        let acts = plan.new_tree(&mut runner).unwrap().current();
        let mut desk = busy_desk();
        acts.iter().for_each(|act| desk.act(act));
        for kind in desk.kinds() {
            seen[place_of(kind)] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count >= 5), "{seen:?}");
}

fn place_of(kind: Kind) -> usize {
    match kind {
        Kind::Opened { .. } => 0,
        Kind::InterestPaid { .. } | Kind::SoldForInterest { .. } => 1,
        Kind::Recalled { .. } => 2,
        Kind::ReturnedEarly => 3,
        Kind::Returned => 4,
        Kind::Repaid => 5,
        Kind::RecallFailed | Kind::BoughtIn { .. } => 6,
        Kind::CollateralCalled { .. } => 7,
        Kind::CollateralPosted => 8,
        Kind::CallCured => 9,
        Kind::CollateralLiquidated { .. } => 10,
        Kind::Shortfall { .. } => 11,
    }
}

proptest! {
    /// Every operation is checked for conservation in [`Desk::with`]; trades here.
    #[test]
    fn nothing_is_made_or_lost(acts in prop::collection::vec(act(), 1..60)) {
        let mut desk = busy_desk();
        for act in &acts {
            desk.act(act);
            prop_assert_eq!(desk.ledger.conservation(), Ok(()));
            desk.sound()?;
        }
    }

    /// Looking at more instants than those at which something falls due changes nothing but by
    /// the calls that marks of those instants bring: at constant prices and without requirement,
    /// not even those.
    #[test]
    fn extra_looks_change_nothing(
        spec in loan(),
        looks in prop::collection::vec(0_i64..20 * DAY_MS, 0..10),
    ) {
        let spec = LoanSpec { requirement: 0.0, ..spec };
        let run = |looks: &[i64]| {
            let mut desk = busy_desk();
            let Ok(id) = desk.open(&spec) else { return None };
            desk.recall(id).unwrap();
            let mut looks = looks.to_vec();
            looks.sort_unstable();
            for look in looks.into_iter().chain([20 * DAY_MS]) {
                desk.act(&Act::Pass(look - desk.now_ms));
            }
            Some((desk.table(), desk.effects))
        };
        prop_assert_eq!(run(&looks), run(&[]));
    }
}
