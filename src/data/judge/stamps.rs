//! The times of a series or a table, and which rows of the files are left.

use std::ops::Range;

use crate::data::raw::{NO_TIME, Place, Rows, Written};

/// Times and where they stand. Until they are sorted rows keep the order of the files.
#[derive(Debug)]
pub(super) struct Stamps {
    pub rows: Rows,
    /// Row as read of each row left.
    pub row: Vec<u32>,
    pub time: Vec<i64>,
    pub written: Vec<Written>,
}

impl Stamps {
    pub fn new(rows: Rows, time: Vec<i64>, written: Vec<Written>) -> Self {
        // Readers stop at 2^25 rows.
        let n_rows = u32::try_from(time.len()).unwrap_or(u32::MAX);
        Self { rows, row: (0..n_rows).collect(), time, written }
    }

    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Where row `at` of those left stands in the files.
    pub fn place(&self, at: usize) -> Place {
        self.rows.place(self.row[at] as usize)
    }

    /// Drops the rows whose mark is false.
    pub fn keep(&mut self, marks: &[bool]) {
        keep(&mut self.row, marks);
        keep(&mut self.time, marks);
        keep(&mut self.written, marks);
    }

    /// Puts rows in another order.
    pub fn reorder(&mut self, order: &[u32]) {
        self.row = reordered(&self.row, order);
        self.time = reordered(&self.time, order);
        self.written = reordered(&self.written, order);
    }

    /// Members with their rows, as long as rows stand in the order of the files.
    pub fn by_member(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let members = &self.rows.members;
        let start = |first: usize| self.row.partition_point(|&row| (row as usize) < first);
        members.iter().enumerate().map(move |(at, (first, name))| {
            let end = members.get(at + 1).map_or(self.len(), |(next, _)| start(*next));
            (name.as_str(), start(*first)..end)
        })
    }

    /// First and last readable time.
    pub fn span(&self) -> Option<(i64, i64)> {
        let readable = || self.time.iter().copied().filter(|&time| time != NO_TIME);
        Some((readable().min()?, readable().max()?))
    }
}

/// Keeps the entries whose mark is true, in place.
pub(super) fn keep<T>(values: &mut Vec<T>, marks: &[bool]) {
    let mut marks = marks.iter();
    values.retain(|_| marks.next().copied().unwrap_or(true));
}

/// The entries in another order.
pub(super) fn reordered<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&at| values[at as usize]).collect()
}

/// Calls `each` with every value that occurs and how often, upwards.
pub(super) fn each_run(mut values: Vec<i64>, mut each: impl FnMut(i64, u64)) {
    values.sort_unstable();
    for run in values.chunk_by(|a, b| a == b) {
        each(run[0], run.len() as u64);
    }
}

/// The most frequent value, the smallest of equally frequent ones, and how often it occurs.
pub(super) fn most_frequent(values: Vec<i64>) -> Option<(i64, u64)> {
    let mut best = None;
    each_run(values, |value, count| {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((value, count));
        }
    });
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamps(firsts: &[(usize, &str)], times: &[i64]) -> Stamps {
        let members = firsts.iter().map(|&(first, name)| (first, name.to_owned())).collect();
        let line = (1..=u32::try_from(times.len()).unwrap()).collect();
        Stamps::new(Rows { members, line }, times.to_vec(), vec![Written::Millis; times.len()])
    }

    #[test]
    fn members_keep_their_rows_when_some_are_dropped() {
        let mut stamps = stamps(&[(0, "a"), (2, "none"), (2, "b")], &[10, 11, 12, 13, 14]);
        let ranges = |stamps: &Stamps| -> Vec<(String, Range<usize>)> {
            stamps.by_member().map(|(name, range)| (name.to_owned(), range)).collect()
        };
        let named = |ranges: [(&str, Range<usize>); 3]| ranges.map(|(n, r)| (n.to_owned(), r));
        assert_eq!(ranges(&stamps), named([("a", 0..2), ("none", 2..2), ("b", 2..5)]));
        stamps.keep(&[false, true, false, true, true]);
        assert_eq!(ranges(&stamps), named([("a", 0..1), ("none", 1..1), ("b", 1..3)]));
        assert_eq!(stamps.place(1), Place { member: "b".into(), line: 4 });
        stamps.reorder(&[2, 0, 1]);
        assert_eq!(stamps.time, [14, 11, 13]);
        assert_eq!(stamps.place(0), Place { member: "b".into(), line: 5 });
    }

    #[test]
    fn the_smallest_of_equally_frequent_values_wins() {
        assert_eq!(most_frequent(vec![3, 1, 3, 1, 2]), Some((1, 2)));
        assert_eq!(most_frequent(vec![3, 1, 3]), Some((3, 2)));
        assert_eq!(most_frequent(vec![]), None);
    }
}
