//! The book of an agent at the start: what its equity moves with.

use super::Scenario;
use super::build::start_prices;
use super::entry::Account;
use crate::venue::custody::units_of;

/// What the equity of an agent moves with at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// The agent; `all` for several together.
    pub agent: String,
    /// Its positions in the order of the scenario, then what it holds.
    pub lines: Vec<BookLine>,
}

/// One position or holding.
#[derive(Clone, Debug, PartialEq)]
pub struct BookLine {
    /// Its market or asset.
    pub name: String,
    /// Index of the asset.
    pub asset: usize,
    /// Units, below 0 for a short.
    pub units: f64,
    /// Units × mark at the start, USDC.
    pub exposure_usdc: f64,
    /// Initial margin, of notional; 0 for a holding.
    pub initial_margin: f64,
}

/// The book of each agent that has one, ascending by name; where there are several, all of them
/// together come last. Loans and services are not in it.
pub fn books(scenario: &Scenario) -> Vec<Book> {
    let plan = &scenario.plan;
    let start = start_prices(&scenario.prices);
    let mut books = Vec::new();
    for (index, agent) in plan.agents.iter().enumerate() {
        let account = Account::of(plan, agent, &start);
        let mut lines: Vec<BookLine> = (account.entries.iter())
            .map(|entry| BookLine {
                name: entry.market.name.clone(),
                asset: entry.market.asset,
                units: entry.quantity,
                exposure_usdc: entry.quantity * entry.mark,
                initial_margin: entry.market.initial_margin,
            })
            .collect();
        if let Some(prime) = &plan.prime {
            for (amount, spec) in prime.agents[index].holdings.iter().zip(&prime.holdings) {
                let units = units_of(*amount);
                if units != 0.0 {
                    lines.push(BookLine {
                        name: spec.name.clone(),
                        asset: spec.price,
                        units,
                        exposure_usdc: units * start.marks[spec.price],
                        initial_margin: 0.0,
                    });
                }
            }
        }
        if !lines.is_empty() {
            books.push(Book { agent: agent.name.clone(), lines });
        }
    }
    if books.len() > 1 {
        let named = |book: &Book| -> Vec<BookLine> {
            let line = |line: &BookLine| BookLine {
                name: format!("{}: {}", book.agent, line.name),
                ..line.clone()
            };
            book.lines.iter().map(line).collect()
        };
        let lines = books.iter().flat_map(named).collect();
        books.push(Book { agent: "all".to_owned(), lines });
    }
    books
}
