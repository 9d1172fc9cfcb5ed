//! Risk of a fleet: of each member, of all together, and what they gain by not losing together.

mod diversification;
mod members;
mod risk;

pub use diversification::{DiversificationCurve, DiversificationPoint, diversification};
pub use members::FleetMembers;
pub use risk::{FleetRisk, PartRisk, fleet_risk};
