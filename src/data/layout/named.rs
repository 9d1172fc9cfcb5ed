//! Layouts of exchanges and collectors that are known by their header.

use super::label::NameFacts;
use super::plan::{Output, Plan, Source, TimeColumn};
use super::sheet::Sheet;
use super::volumes::volumes;
use crate::data::raw::{Meaning, Role, Shape};

/// Names of the four prices, as keys.
pub(super) const OPEN: &[&str] = &["open", "openprice", "priceopen", "o"];
pub(super) const HIGH: &[&str] = &["high", "highprice", "pricehigh", "h"];
pub(super) const LOW: &[&str] = &["low", "lowprice", "pricelow", "l"];
pub(super) const CLOSE: &[&str] = &["close", "closeprice", "priceclose", "c"];
pub(super) const TRADES: &[&str] =
    &["trades", "tradecount", "numberoftrades", "numtrades", "ntrades", "count", "tradescount"];
pub(super) const SYMBOL: &[&str] = &["symbol", "pair", "ticker", "instrument", "coin", "market"];

/// The columns of the four prices, in the order of the layout; `None` if one is not there.
pub(super) fn prices(sheet: &Sheet) -> Option<Vec<Source>> {
    let wanted = [
        (Meaning::Open, OPEN),
        (Meaning::High, HIGH),
        (Meaning::Low, LOW),
        (Meaning::Close, CLOSE),
    ];
    wanted.iter().map(|&(meaning, keys)| source(sheet, meaning, keys)).collect()
}

/// The column that one of `keys` names.
pub(super) fn source(sheet: &Sheet, meaning: Meaning, keys: &[&str]) -> Option<Source> {
    let at = sheet.find(keys)?;
    Some(Source::new(meaning, &sheet.name(at), at))
}

/// Role of bars: what the name says, if it says one of prices.
pub(super) fn price_role(facts: &NameFacts) -> Role {
    facts.role.filter(|role| role.is_price()).unwrap_or(Role::Last)
}

/// Binance's bulk files with a header.
pub(super) fn binance_klines(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = sheet.find(&["opentime"])?;
    sheet.find(&["closetime"])?;
    let mut columns = prices(sheet)?;
    columns.push(source(sheet, Meaning::Volume, &["volume"])?);
    let quote = ["quotevolume", "quoteassetvolume"];
    columns.push(source(sheet, Meaning::QuoteVolume, &quote)?);
    columns.extend(source(sheet, Meaning::Trades, TRADES));
    let time = TimeColumn::new(time, &sheet.name(time));
    Some(Plan::new("binance-klines", time, Output::new(price_role(facts), Shape::Bars, columns)))
}

/// Yahoo's daily files.
pub(super) fn yahoo(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = sheet.find(&["date", "datetime"])?;
    sheet.find(&["adjclose"])?;
    let mut columns = prices(sheet)?;
    columns.push(source(sheet, Meaning::Volume, &["volume"])?);
    let time = TimeColumn::new(time, &sheet.name(time));
    let output = Output::new(price_role(facts), Shape::Bars, columns);
    let mut plan = Plan::new("yahoo", time, output);
    plan.remarks.push("volume is in the quote currency, as Yahoo gives it".to_owned());
    Some(plan)
}

/// `CryptoDataDownload`: a column of symbols, and volumes that name their asset.
pub(super) fn cryptodatadownload(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let unix = sheet.find(&["unix", "unixtimestamp"]);
    let date = sheet.find(&["date"]);
    let symbol = sheet.find(&["symbol"])?;
    let mut columns = prices(sheet)?;
    columns.extend(volumes(sheet, facts.asset.as_deref(), Some(symbol)));
    columns.extend(source(sheet, Meaning::Trades, TRADES));
    let at = unix.or(date)?;
    let mut time = TimeColumn::new(at, &sheet.name(at));
    time.twin = unix.and(date).map(|at| (at, sheet.name(at)));
    let output = Output::new(price_role(facts), Shape::Bars, columns);
    let mut plan = Plan::new("cryptodatadownload", time, output);
    plan.symbol = Some(symbol);
    Some(plan)
}

/// Funding rates, as Binance's pages and bulk files and collectors write them.
pub(super) fn funding(sheet: &Sheet, _facts: &NameFacts) -> Option<Plan> {
    let rate = ["fundingrate", "lastfundingrate"];
    let rate = source(sheet, Meaning::Value, &rate)?;
    let times = ["fundingtime", "calctime", "date", "time", "timestamp", "datetime"];
    let time = sheet.find(&times)?;
    if sheet.find(CLOSE).is_some() {
        return None;
    }
    let time = TimeColumn::new(time, &sheet.name(time));
    let output = Output::new(Role::Funding, Shape::Series, vec![rate]);
    let mut plan = Plan::new("funding", time, output);
    plan.symbol = sheet.find(SYMBOL);
    Some(plan)
}

/// Open interest, as Binance's statistics give it.
pub(super) fn open_interest(sheet: &Sheet, _facts: &NameFacts) -> Option<Plan> {
    let value = source(sheet, Meaning::Value, &["sumopeninterest"])?;
    let time = sheet.find(&["timestamp", "createtime", "time", "date"])?;
    let time = TimeColumn::new(time, &sheet.name(time));
    let output = Output::new(Role::OpenInterest, Shape::Series, vec![value]);
    let mut plan = Plan::new("open-interest", time, output);
    plan.symbol = sheet.find(SYMBOL);
    if let Some(at) = sheet.find(&["sumopeninterestvalue"]) {
        plan.remarks.push(format!("{} is left out", sheet.name(at)));
    }
    Some(plan)
}

/// Rates of a lending market a minute: what a lender gets and what a borrower pays.
pub(super) fn rates(sheet: &Sheet, _facts: &NameFacts) -> Option<Plan> {
    let lend = source(sheet, Meaning::Value, &["liquidityrate"])?;
    let borrow = source(sheet, Meaning::Value, &["variableborrowrate"])?;
    let time = sheet.find(&["blocktimestamp", "timestamp", "time", "date"])?;
    sheet.clock(time)?;
    let time = TimeColumn::new(time, &sheet.name(time));
    let mut plan = Plan::new("rates", time, Output::new(Role::LendRate, Shape::Series, vec![lend]));
    plan.outputs.push(Output::new(Role::BorrowRate, Shape::Series, vec![borrow]));
    let left_out = sheet.find(&["stableborrowrate"]).map(|at| sheet.name(at));
    plan.remarks.extend(left_out.map(|name| format!("{name} is left out")));
    Some(plan)
}
