//! Alerts already told.

use super::stretch::is_routine;
use crate::engine::{Event, EventKind};

/// Alerts already told: a price that hovers at a bound would drown the story.
#[derive(Default)]
pub(super) struct Alerts {
    told: Vec<(usize, Option<usize>, EventKind, &'static str)>,
    /// How many were not told.
    pub untold: u64,
}

impl Alerts {
    /// Whether this is an alert that has been told since anything else happened.
    pub fn is_old_news(&mut self, event: &Event) -> bool {
        match event.kind {
            EventKind::Alert | EventKind::ZoneAlert => {}
            EventKind::HealthConfirmed | EventKind::Funding => return false,
            kind if is_routine(kind) => return false,
            _ => {
                self.told.clear();
                return false;
            }
        }
        let news = (event.agent, event.position, event.kind, event.reason);
        let old = self.told.contains(&news);
        if old {
            self.untold += 1;
        } else {
            self.told.push(news);
        }
        old
    }
}
