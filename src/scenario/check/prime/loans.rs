//! Loans of the first instant, whose prices are known.

use super::plan_of;
use crate::engine::prime::{PrimePlan, Scheme};
use crate::fields::Faults;
use crate::ledger::{AssetId, USDC};
use crate::scenario::build::{Built, start_prices};
use crate::scenario::format::{Agent, LoanForm, Root};
use crate::units::Amount;
use crate::venue::lending::{Collateral, LoanSpec, Party};
use crate::venue::spot::units;

/// Largest value of a loan that the venue opens, USDC.
const LOAN_MAX_USDC: f64 = 1e10;

/// Marks at the start, and what everybody then has.
struct Start<'a> {
    built: &'a Built,
    prime: &'a PrimePlan,
    marks: Vec<f64>,
}

pub(super) fn check(
    root: &Root,
    built: &Built,
    prime: &PrimePlan,
    agent: &Agent,
    faults: &mut Faults,
) {
    let Some(lending) = &root.lending else { return };
    let Some((_, own)) = plan_of(built, prime, &agent.name.0) else { return };
    let start = Start { built, prime, marks: start_prices(&built.prices).marks };
    for entry in &own.schedule {
        let Scheme::Loan { loan, spec } = &entry.action else { continue };
        let Some(form) = agent.loan.iter().flatten().nth(*loan) else { continue };
        if form.start.ms == 0 {
            check_value(form, spec, lending.min_loan.0.usdc(), &start, faults);
            check_collateral(form, spec, &start, faults);
            check_lender(form, spec, lending.max_lent_share.0, &start, faults);
        }
    }
}

impl Start<'_> {
    fn value(&self, asset: AssetId, amount: Amount) -> f64 {
        let price = match usize::from(asset.0).checked_sub(1) {
            Some(place) => self.marks[self.prime.holdings[place].price],
            None => 1.0,
        };
        units(asset, amount) * price
    }

    /// Name of an agent and how much it starts with of an asset.
    fn of(&self, party: Party, asset: AssetId) -> Option<(&str, Amount)> {
        let agent = party.agent()?;
        let plan = &self.built.plan.agents[agent];
        let held = match usize::from(asset.0).checked_sub(1) {
            Some(place) => self.prime.agents[agent].holdings[place],
            None => plan.wallet,
        };
        Some((plan.name.as_str(), held))
    }
}

/// Neither too small nor too large for the venue.
fn check_value(
    form: &LoanForm,
    spec: &LoanSpec,
    least: f64,
    start: &Start<'_>,
    faults: &mut Faults,
) {
    let value = start.value(spec.asset, spec.amount);
    let bound = match value {
        // Of USDC it is said whenever the loan is made.
        _ if value < least && spec.asset != USDC => format!("below lending.min_loan {least} USDC"),
        _ if value > LOAN_MAX_USDC => format!("above {LOAN_MAX_USDC:e} USDC"),
        _ => return,
    };
    let message = format!("the loan is worth {value:.2} USDC at the start, {bound}");
    faults.error(&form.at.of("amount"), message, "such a loan is refused");
}

/// Enough for the requirement, and there.
fn check_collateral(form: &LoanForm, spec: &LoanSpec, start: &Start<'_>, faults: &mut Faults) {
    let value = start.value(spec.asset, spec.amount);
    let posted = match spec.collateral {
        Collateral::Amount(amount) => start.value(spec.collateral_asset, amount),
        Collateral::Ratio(ratio) => ratio * value,
    };
    if matches!(spec.collateral, Collateral::Amount(_)) && posted < spec.requirement * value {
        let message = format!(
            "the collateral is worth {posted:.2} USDC at the start, less than the requirement of {} × {value:.2}",
            spec.requirement
        );
        faults.error(&form.at.of("collateral"), message, "such a loan is refused");
    }
    let Some((name, held)) = start.of(spec.borrower, spec.collateral_asset) else { return };
    let has = start.value(spec.collateral_asset, held);
    if posted > has {
        let asset = start.prime.asset_name(spec.collateral_asset);
        let message = format!(
            "{name} starts with {asset} worth {has:.2} USDC, less than the collateral of {posted:.2} USDC"
        );
        let help = "it is refused unless more comes in before";
        faults.warn(&form.terms.at.of("collateral_asset"), message, help);
    }
}

/// Out of what its lender has, and no more than its share.
fn check_lender(
    form: &LoanForm,
    spec: &LoanSpec,
    share: f64,
    start: &Start<'_>,
    faults: &mut Faults,
) {
    let Some((lender, held)) = start.of(spec.lender, spec.asset) else { return };
    let asset = start.prime.asset_name(spec.asset);
    let (amount, has) = (units(spec.asset, spec.amount), units(spec.asset, held));
    let spot = form.at.of("amount");
    if spec.amount > held {
        let message = format!(
            "{lender} starts with {has} {asset}, less than the {amount} {asset} of this loan"
        );
        faults.warn(&spot, message, "it is refused unless more comes in before");
    } else if amount > share * has && !spec.long_term {
        let message = format!(
            "{amount} {asset} are more than lending.max_lent_share {share} of the {has} {asset} that {lender} starts with"
        );
        faults.warn(&spot, message, "it is refused: lend less, or write long_term = true");
    }
}
