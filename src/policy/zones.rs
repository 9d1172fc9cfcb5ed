//! Watching the zones: an alert whenever a position's zone has changed since the last look.

/// Parameters of the zone monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneMonitorSpec {
    /// Off: no alerts.
    pub enabled: bool,
    /// It looks once in so long.
    pub poll_ms: i64,
    /// The alert is delivered so long after the look.
    pub latency_ms: i64,
}
