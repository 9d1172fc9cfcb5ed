//! Balancing one wallet between its services: what an agent does as its utilisation rises.
//!
//! | zone   | utilisation u     | what it does                                             |
//! |--------|-------------------|----------------------------------------------------------|
//! | green  | u < 60 %          | lends what lies idle, within its bounds                  |
//! | yellow | 60 % ≤ u < 75 %   | opens nothing leveraged, reduces what is discretionary   |
//! | orange | 75 % ≤ u < 85 %   | recalls loans, then reduces positions                    |
//! | red    | 85 % ≤ u          | as orange                                                |
//!
//! The gap is what must be freed to come back to the target: `R − target·K`, with R what is
//! reserved and K the capital. Recalls and reductions cover the gap; amounts are whole micro-units
//! and a part to reduce is an exact fraction of two of them.

mod decide;
mod lend;
mod rebalance;
mod recall;
mod zones;

pub use decide::{PrimeActions, PrimeSpec, PrimeView, decide_prime};
pub use lend::{HoldingView, Lend, LendSpec};
pub(super) use rebalance::gap_to;
pub use rebalance::{Cut, RebalanceSpec, Reserve, ReservedView};
pub use recall::{CountRecalled, LoanView, RecallSpec};
pub use zones::{UtilisationBounds, UtilisationZone};
