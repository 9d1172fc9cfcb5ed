//! Prices: histories read from files and paths drawn from models.

pub mod history;
