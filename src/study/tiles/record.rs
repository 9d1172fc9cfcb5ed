//! The rows of one variant over the paths of a tile, as bytes: a column per agent and metric, of
//! which most never change.

use crate::engine::{AgentOutcome, Metric, MetricScope, Rule};
use crate::study::columns::{AgentResult, sum_of};

/// How a column is kept.
const SAME: u8 = 0;
const VARIED: u8 = 1;
/// First byte of a record: the rows, or why there are none.
const ROWS: u8 = 0;
const FAILED: u8 = 1;

/// Makes records; keeps its scratch.
#[derive(Default)]
pub(super) struct Encoder {
    /// `rows[path·width + agent]`.
    rows: Vec<AgentOutcome>,
}

impl Encoder {
    /// Takes the rows of the next path, one per agent; those of several agents are summed up.
    pub fn path(&mut self, agents: &[AgentOutcome]) {
        self.rows.extend_from_slice(agents);
        if agents.len() > 1 {
            self.rows.push(sum_of(agents));
        }
    }

    /// Forgets the rows that were taken.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// Writes what was taken; `width` rows stand for each path.
    pub fn write(&mut self, width: usize, scope: MetricScope, out: &mut Vec<u8>) {
        out.push(ROWS);
        out.extend_from_slice(&((self.rows.len() / width) as u32).to_le_bytes());
        for agent in 0..width {
            let rows = || self.rows.iter().skip(agent).step_by(width);
            let mut differs = [0_u64; Metric::COUNT];
            let first = &self.rows[agent];
            rows().for_each(|row| row.differences(first, &mut differs));
            for metric in scope.metrics() {
                if differs[metric as usize] == 0 {
                    out.push(SAME);
                    out.extend_from_slice(&first.get(metric).to_le_bytes());
                } else {
                    out.push(VARIED);
                    rows().for_each(|row| out.extend_from_slice(&row.get(metric).to_le_bytes()));
                }
            }
            let (mut counts, mut on) = ([0_u64; Rule::COUNT], [0_u32; Rule::COUNT]);
            rows().for_each(|row| row.add_fired(&mut counts, &mut on));
            for (&rule, (count, paths)) in Rule::ALL.iter().zip(counts.into_iter().zip(on)) {
                if paths > 0 {
                    out.push(rule as u8 + 1);
                    out.extend_from_slice(&count.to_le_bytes());
                    out.extend_from_slice(&paths.to_le_bytes());
                }
            }
            out.push(0);
        }
        self.rows.clear();
    }
}

// A rule's place plus one is a byte.
const _: () = assert!(Rule::COUNT < u8::MAX as usize);

/// Writes why a variant has no rows.
pub(super) fn write_failure(why: &str, out: &mut Vec<u8>) {
    out.push(FAILED);
    out.extend_from_slice(why.as_bytes());
}

/// Reads a record into the columns of its agents.
///
/// # Errors
/// Why the variant has no rows; a record that is none.
pub(super) fn read(
    record: &[u8],
    scope: MetricScope,
    expected: usize,
    agents: &mut [AgentResult],
) -> Result<(), String> {
    let mut rest = Rest(record);
    match rest.byte()? {
        ROWS => {}
        FAILED => return Err(String::from_utf8_lossy(rest.0).into_owned()),
        _ => return Err(Rest::BROKEN.to_owned()),
    }
    let paths = u32::from_le_bytes(rest.take()?) as usize;
    for agent in agents {
        for metric in scope.metrics() {
            match rest.byte()? {
                SAME => agent.push_same(metric, f64::from_le_bytes(rest.take()?), paths, expected),
                VARIED => {
                    for _ in 0..paths {
                        agent.push_value(metric, f64::from_le_bytes(rest.take()?), expected);
                    }
                }
                _ => return Err(Rest::BROKEN.to_owned()),
            }
        }
        loop {
            let place = rest.byte()?;
            if place == 0 {
                break;
            }
            let rule = *Rule::ALL.get(usize::from(place) - 1).ok_or(Rest::BROKEN)?;
            let count = u64::from_le_bytes(rest.take()?);
            agent.push_fired(rule, count, u64::from(u32::from_le_bytes(rest.take()?)));
        }
    }
    if rest.0.is_empty() { Ok(()) } else { Err(Rest::BROKEN.to_owned()) }
}

/// What is left of a record.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    const BROKEN: &'static str = "its kept rows cannot be read";

    fn byte(&mut self) -> Result<u8, String> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Self::BROKEN)?;
        self.0 = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::MetricLevel;

    const SCOPE: MetricScope =
        MetricScope { level: MetricLevel::Full, prime: true, fleet: true, impact: true };

    fn rows(paths: usize) -> Vec<[AgentOutcome; 2]> {
        let row = |path: usize, agent: usize| {
            let mut row = AgentOutcome::default();
            row.set(Metric::FinalEquity, (path * 2 + agent) as f64 + 0.25);
            row.set(Metric::TopUps, 3.0);
            if path == 1 {
                row.set(Metric::TimeToFirstLiquidation, 0.5);
                row.fire(Rule::ALL[0]);
                row.fire(Rule::ALL[0]);
                row.fire(Rule::ALL[Rule::COUNT - 1]);
            }
            row
        };
        (0..paths).map(|path| [row(path, 0), row(path, 1)]).collect()
    }

    fn results() -> Vec<AgentResult> {
        ["a", "b", "all"].map(|name| AgentResult::new(name, 0.0)).into()
    }

    #[test]
    fn what_is_read_is_what_a_run_would_have_pushed() {
        // In two tiles of 3 and 2 paths, by way of bytes; and path by path.
        let paths = rows(5);
        let (mut read_back, mut pushed) = (results(), results());
        let mut encoder = Encoder::default();
        for tile in paths.chunks(3) {
            tile.iter().for_each(|agents| encoder.path(agents));
            let mut bytes = Vec::new();
            encoder.write(3, SCOPE, &mut bytes);
            read(&bytes, SCOPE, 5, &mut read_back).unwrap();
            assert!(read(&bytes[..bytes.len() - 1], SCOPE, 5, &mut results()).is_err());
        }
        for agents in &paths {
            let (all, own) = pushed.split_last_mut().unwrap();
            for (result, outcome) in own.iter_mut().zip(agents) {
                result.push(outcome, SCOPE, 5);
            }
            all.push(&sum_of(agents), SCOPE, 5);
        }
        let bits = |results: &[AgentResult]| -> Vec<Vec<u64>> {
            let column = |result: &AgentResult, metric: &Metric| -> Vec<u64> {
                result.column(*metric).iter().map(f64::to_bits).collect()
            };
            let columns = |result| Metric::ALL.iter().map(move |metric| column(result, metric));
            results.iter().flat_map(columns).collect()
        };
        assert_eq!(bits(&read_back), bits(&pushed));
        for (read, pushed) in read_back.iter().zip(&pushed) {
            Rule::ALL.iter().for_each(|rule| assert_eq!(read.fired(*rule), pushed.fired(*rule)));
        }
    }

    #[test]
    fn a_failure_keeps_its_reason() {
        let mut bytes = Vec::new();
        write_failure("path 3: out of range", &mut bytes);
        let why = read(&bytes, SCOPE, 1, &mut results()).unwrap_err();
        assert_eq!(why, "path 3: out of range");
    }
}
