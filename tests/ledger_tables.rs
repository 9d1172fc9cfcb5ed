//! What each thing that can happen does to the accounts: balances before, postings, balances after.
//! `docs/LEDGER.md` has the same tables. In parentheses: what is held of a balance.

mod desk;
#[path = "ledger_tables/escrow.rs"]
mod escrow;
#[path = "ledger_tables/exchange.rs"]
mod exchange;
#[path = "ledger_tables/lending.rs"]
mod lending;
#[path = "ledger_tables/services.rs"]
mod services;
#[path = "ledger_tables/table.rs"]
mod table;
