//! Real market data: every file goes in, every known defect is found, independent sources agree.
//!
//! The files are not part of the repository. With their folder in `DRYPOWDER_DATA` the tests run;
//! without it each says that it is skipped. Counts are those of an independent program.

#[path = "real/common.rs"]
mod common;
#[path = "real/defects.rs"]
mod defects;
#[path = "real/kinds.rs"]
mod kinds;
#[path = "real/pairs.rs"]
mod pairs;
