//! A table of accounts and postings, checked against a ledger with a journal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use drypowder::ledger::{AccountId, AssetId, USDC};
use drypowder::units::Amount;
use drypowder::venue::spot::round_units;

use crate::desk::{Desk, ETH};

/// One account and what is on it at each stage, with what of that is held.
pub struct Row {
    account: &'static str,
    asset: AssetId,
    balances: Vec<f64>,
    held: Vec<f64>,
}

/// From, to, how much (in the asset of the two accounts), why.
pub type Posting = (&'static str, &'static str, f64, &'static str);

pub fn usdc(account: &'static str, balances: &[f64]) -> Row {
    row(account, USDC, balances)
}

pub fn eth(account: &'static str, balances: &[f64]) -> Row {
    row(account, ETH, balances)
}

fn row(account: &'static str, asset: AssetId, balances: &[f64]) -> Row {
    Row { account, asset, balances: balances.to_vec(), held: vec![0.0; balances.len()] }
}

impl Row {
    pub fn held(self, held: &[f64]) -> Self {
        Self { held: held.to_vec(), ..self }
    }

    fn amount(&self, units: f64) -> Amount {
        round_units(self.asset, units).expect("an amount of a table")
    }
}

/// Accounts at each stage, and the postings that lead from each stage to the next.
pub struct Table {
    pub title: &'static str,
    pub stages: &'static [&'static str],
    pub accounts: Vec<Row>,
    /// One list per stage after the first.
    pub steps: Vec<Vec<Posting>>,
}

/// A table being gone through.
pub struct Reading {
    table: Table,
    stage: usize,
    /// Every account that has ever been posted to.
    seen: BTreeMap<String, AccountId>,
}

impl Table {
    /// The table adds up by itself: each asset sums to zero at every stage, and what is on an
    /// account before, and the postings, give what is on it after. The documentation has it.
    pub fn begin(self, desk: &mut Desk) -> Reading {
        let title = self.title;
        assert_eq!(self.steps.len() + 1, self.stages.len(), "{title}: a step between stages");
        for row in &self.accounts {
            let (n, stages) = (row.balances.len(), self.stages.len());
            assert_eq!((n, row.held.len()), (stages, stages), "{title}: {}", row.account);
        }
        for stage in 0..self.stages.len() {
            self.sums_to_zero(stage);
        }
        for (step, postings) in self.steps.iter().enumerate() {
            self.adds_up(step, postings);
        }
        let documented = include_str!("../../docs/LEDGER.md");
        let text = self.markdown();
        assert!(documented.contains(&text), "docs/LEDGER.md lacks, or has otherwise:\n{text}");
        let mut reading = Reading { table: self, stage: 0, seen: BTreeMap::new() };
        reading.compare_accounts(desk);
        reading
    }

    fn row(&self, account: &str) -> &Row {
        let found = self.accounts.iter().find(|row| row.account == account);
        found.unwrap_or_else(|| panic!("{}: no account {account} in the table", self.title))
    }

    fn sums_to_zero(&self, stage: usize) {
        for asset in [USDC, ETH] {
            let of_asset = self.accounts.iter().filter(|row| row.asset == asset);
            let sum: i64 = of_asset.map(|row| row.amount(row.balances[stage]).micro()).sum();
            assert_eq!(sum, 0, "{}: {asset:?} at stage {stage}", self.title);
        }
    }

    fn adds_up(&self, step: usize, postings: &[Posting]) {
        for row in &self.accounts {
            let mut balance = row.amount(row.balances[step]);
            for (from, to, amount, _) in postings {
                assert_eq!(self.row(from).asset, self.row(to).asset, "{}", self.title);
                if *from == row.account {
                    balance -= row.amount(*amount);
                }
                if *to == row.account {
                    balance += row.amount(*amount);
                }
            }
            let after = row.amount(row.balances[step + 1]);
            assert_eq!(balance, after, "{}: {} after step {step}", self.title, row.account);
        }
    }

    /// As it stands in the documentation.
    fn markdown(&self) -> String {
        let mut text = format!("| account | {} |\n|---", self.stages.join(" | "));
        text += &"|---:".repeat(self.stages.len());
        text += "|\n";
        for row in &self.accounts {
            let cells = (row.balances.iter().zip(&row.held)).map(|(balance, held)| {
                if *held == 0.0 {
                    thousands(*balance)
                } else {
                    format!("{} ({held})", thousands(*balance))
                }
            });
            let cells: Vec<String> = cells.collect();
            writeln!(text, "| {} | {} |", row.account, cells.join(" | ")).expect("a string");
        }
        text += "\n| to reach | from | to | amount | reason |\n|---|---|---|---:|---|\n";
        for (stage, postings) in self.stages.iter().skip(1).zip(&self.steps) {
            for (from, to, amount, reason) in postings {
                let amount = thousands(*amount);
                writeln!(text, "| {stage} | {from} | {to} | {amount} | {reason} |")
                    .expect("a string");
            }
        }
        text
    }
}

/// A number with commas between thousands and a true minus sign.
fn thousands(value: f64) -> String {
    let text = value.abs().to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::from(if value < 0.0 { "−" } else { "" });
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

impl Reading {
    /// The next stage has been reached: by these postings, to these balances and holds.
    #[track_caller]
    pub fn next(&mut self, desk: &mut Desk) {
        let expected: Vec<_> = (self.table.steps[self.stage].iter())
            .map(|(from, to, amount, reason)| {
                (*from, *to, self.table.row(from).amount(*amount), *reason)
            })
            .collect();
        let ledger = desk.ledger();
        let posted: Vec<_> = (ledger.journal().iter())
            .map(|one| (ledger.name(one.from), ledger.name(one.to), one.amount, one.reason))
            .collect();
        let stage = self.table.stages[self.stage + 1];
        assert_eq!(posted, expected, "{}: {stage}", self.table.title);
        self.stage += 1;
        self.compare_accounts(desk);
    }

    /// The last stage was reached.
    pub fn done(self) {
        let stages = self.table.stages;
        assert_eq!(self.stage + 1, stages.len(), "{}: stopped early", self.table.title);
    }

    /// Accounts of the ledger that anything is on are those of the table, and the other way round;
    /// the journal begins anew.
    #[track_caller]
    fn compare_accounts(&mut self, desk: &mut Desk) {
        let ledger = desk.exchange.parts().0;
        for account in ledger.journal().iter().flat_map(|one| [one.from, one.to]) {
            self.seen.insert(ledger.name(account).to_owned(), account);
        }
        let title = format!("{}: {}", self.table.title, self.table.stages[self.stage]);
        for row in &self.table.accounts {
            let (balance, held) = match self.seen.get(row.account) {
                Some(account) => (ledger.balance(*account), ledger.held(*account)),
                None => (Amount::ZERO, Amount::ZERO),
            };
            assert_eq!(balance, row.amount(row.balances[self.stage]), "{title}: {}", row.account);
            assert_eq!(held, row.amount(row.held[self.stage]), "{title}: {} holds", row.account);
        }
        let listed: BTreeSet<&str> = self.table.accounts.iter().map(|row| row.account).collect();
        for (name, account) in &self.seen {
            let empty = ledger.balance(*account) == Amount::ZERO;
            assert!(empty || listed.contains(name.as_str()), "{title}: {name} is not listed");
        }
        assert_eq!(ledger.conservation(), Ok(()), "{title}");
        ledger.keep_journal(true);
    }
}
