//! Log prices over the start price, asset by asset, with the least and greatest of every block of
//! ticks: the engine looks for a tick outside an interval, and a block inside it is passed over
//! at once.

/// Ticks whose least and greatest value are kept together.
pub(super) const BLOCK: usize = 64;

/// The log prices of one path.
#[derive(Clone, Debug)]
pub(super) struct Levels {
    assets: usize,
    /// `logs[asset·stride + tick]`.
    logs: Vec<f64>,
    stride: usize,
    /// Least and greatest of each block: `bounds[asset·blocks + block]`.
    bounds: Vec<[f64; 2]>,
    blocks: usize,
    /// Quiet interval of each asset.
    pub quiet: Vec<[f64; 2]>,
}

impl Levels {
    /// Room for so many assets and ticks.
    pub fn new(assets: usize, ticks: usize) -> Self {
        let blocks = ticks.div_ceil(BLOCK);
        Self {
            assets,
            logs: vec![0.0; assets * ticks],
            stride: ticks,
            bounds: vec![[0.0; 2]; assets * blocks],
            blocks,
            quiet: vec![[f64::NEG_INFINITY, f64::INFINITY]; assets],
        }
    }

    /// Number of ticks.
    #[inline]
    pub fn ticks(&self) -> usize {
        self.stride
    }

    /// Puts tick 0 of every asset at its start price.
    pub fn begin(&mut self) {
        for asset in 0..self.assets {
            self.logs[asset * self.stride] = 0.0;
            self.bounds[asset * self.blocks] = [0.0; 2];
        }
    }

    /// Log price over the start price.
    #[inline]
    pub fn at(&self, tick: usize, asset: usize) -> f64 {
        self.logs[asset * self.stride + tick]
    }

    /// Where the steps of one asset that lead to the ticks `first..first + count` are written,
    /// before they are summed.
    #[inline]
    pub fn steps(&mut self, asset: usize, first: usize, count: usize) -> &mut [f64] {
        let start = asset * self.stride + first;
        &mut self.logs[start..start + count]
    }

    /// Sums the steps of all assets.
    pub fn sum(&mut self, first: usize, count: usize) {
        for asset in (0..self.assets).step_by(3) {
            match self.assets - asset {
                1 => self.accumulate::<1>(asset, first, count),
                2 => self.accumulate::<2>(asset, first, count),
                _ => self.accumulate::<3>(asset, first, count),
            }
        }
    }

    /// Sums the steps of `N` assets to log prices, keeping each block's least and greatest. Each
    /// sum waits for the one before it, so several are on their way at once.
    fn accumulate<const N: usize>(&mut self, asset: usize, first: usize, count: usize) {
        let (stride, blocks) = (self.stride, self.blocks);
        let mut rows = self.logs[asset * stride..].chunks_exact_mut(stride);
        let mut rows: [&mut [f64]; N] = std::array::from_fn(|_| rows.next().unwrap_or_default());
        let mut level: [f64; N] =
            std::array::from_fn(|row| if first == 0 { 0.0 } else { rows[row][first - 1] });
        let mut tick = first;
        while tick < first + count {
            let block = tick / BLOCK;
            let end = ((block + 1) * BLOCK).min(first + count);
            let length = end - tick;
            let cells = rows.each_mut().map(|row| &mut row[tick..][..length]);
            let (mut least, mut greatest) = ([f64::INFINITY; N], [f64::NEG_INFINITY; N]);
            #[expect(clippy::needless_range_loop, reason = "the rows are walked in step")]
            for index in 0..length {
                for (row, level) in level.iter_mut().enumerate() {
                    *level += cells[row][index];
                    cells[row][index] = *level;
                    least[row] = if *level < least[row] { *level } else { least[row] };
                    greatest[row] = if *level > greatest[row] { *level } else { greatest[row] };
                }
            }
            for row in 0..N {
                let kept = &mut self.bounds[(asset + row) * blocks + block];
                *kept = if tick == block * BLOCK {
                    [least[row], greatest[row]]
                } else {
                    [kept[0].min(least[row]), kept[1].max(greatest[row])]
                };
            }
            tick = end;
        }
    }

    /// The first of the ticks `from..end`, all of one block, at which an asset leaves its quiet interval;
    /// `end` if none does.
    #[inline]
    pub fn first_loud(&self, block: usize, from: usize, mut end: usize) -> usize {
        for (asset, [low, high]) in self.quiet.iter().enumerate() {
            let [least, greatest] = self.bounds[asset * self.blocks + block];
            if !(least > *low && greatest < *high) {
                let row = asset * self.stride;
                let values = &self.logs[row + from..row + end];
                end = from + first_outside(values, *low, *high).unwrap_or(values.len());
            }
        }
        end
    }
}

/// The first value that does not lie inside an open interval, by eights.
fn first_outside(values: &[f64], low: f64, high: f64) -> Option<usize> {
    let outside = |value: &f64| !(*value > low && *value < high);
    let eights = values.chunks(8);
    let place =
        eights.clone().position(|eight| eight.iter().fold(false, |any, v| any | outside(v)))?;
    let rest = &values[8 * place..];
    rest.iter().position(outside).map(|within| 8 * place + within)
}
