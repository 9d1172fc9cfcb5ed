//! Chains of force-closes: those no further apart than a window belong together.

/// Counts the chains of one path.
#[derive(Clone, Debug)]
pub(super) struct Chains {
    window_ms: i64,
    last_ms: Option<i64>,
    /// Per account: force-closes of the present chain, and of the largest so far.
    own: Vec<u32>,
    largest: Vec<u32>,
}

impl Chains {
    pub fn new(window_ms: i64, accounts: usize) -> Self {
        Self { window_ms, last_ms: None, own: vec![0; accounts], largest: vec![0; accounts] }
    }

    pub fn reset(&mut self) {
        self.last_ms = None;
        self.own.fill(0);
        self.largest.fill(0);
    }

    /// Counts a force-close; instants ascend.
    pub fn note(&mut self, account: usize, now_ms: i64) {
        if self.last_ms.is_some_and(|last_ms| now_ms - last_ms > self.window_ms) {
            self.finish();
        }
        self.last_ms = Some(now_ms);
        self.own[account] += 1;
    }

    /// Ends the present chain: it is kept if it is larger than any before it.
    fn finish(&mut self) {
        let size = |counts: &[u32]| counts.iter().map(|count| u64::from(*count)).sum::<u64>();
        if size(&self.own) > size(&self.largest) {
            self.largest.copy_from_slice(&self.own);
        }
        self.own.fill(0);
    }

    /// Force-closes of each account in the largest chain of the path; of equal ones the first.
    pub fn largest(&mut self) -> &[u32] {
        self.finish();
        &self.largest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Account and instant of each close; what each account has in the largest chain.
    type Row = (&'static [(usize, i64)], [u32; 2]);

    #[test]
    fn chains_by_hand() {
        let rows: [Row; 6] = [
            (&[], [0, 0]),
            (&[(1, 5)], [0, 1]),
            // 0, 10, 20 hang together though the ends are 20 apart.
            (&[(0, 0), (1, 10), (0, 20)], [2, 1]),
            // 11 is too late: two chains of one, the first counts.
            (&[(0, 0), (1, 11)], [1, 0]),
            // The second is larger.
            (&[(0, 0), (1, 11), (1, 11)], [0, 2]),
            (&[(0, 0), (0, 0), (1, 50), (0, 100), (1, 100)], [2, 0]),
        ];
        for (closes, expected) in rows {
            let mut chains = Chains::new(10, 2);
            for _ in 0..2 {
                chains.reset();
                closes.iter().for_each(|(account, now_ms)| chains.note(*account, *now_ms));
                assert_eq!(chains.largest(), expected, "{closes:?}");
            }
        }
    }
}
