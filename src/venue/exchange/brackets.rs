//! Maintenance margin by notional: `MM(N) = r_n·N − d_n`, continuous across brackets.

/// One bracket: from `floor` on, rate `rate`, cumulative deduction `deduction`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// Lowest notional of the bracket, USDC.
    pub floor: f64,
    /// Maintenance margin rate.
    pub rate: f64,
    /// Cumulative deduction `d_n = d_{n−1} + floor_n·(r_n − r_{n−1})`, USDC.
    pub deduction: f64,
}

/// Why a list of brackets is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BracketError {
    /// No bracket at all.
    #[error("no bracket is given")]
    Empty,
    /// The first must start at zero.
    #[error("the first bracket starts at {0}, not at 0")]
    FirstFloor(f64),
    /// Floors must ascend.
    #[error("floor {next} follows floor {previous}: floors must ascend")]
    FloorOrder {
        /// Floor before.
        previous: f64,
        /// Floor that is not above it.
        next: f64,
    },
    /// A rate outside [0, 1).
    #[error("rate {0} is outside [0, 1)")]
    Rate(f64),
}

/// Brackets in ascending order of their floor, at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Brackets(Vec<Bracket>);

impl Brackets {
    /// One rate for every notional.
    pub fn flat(rate: f64) -> Self {
        Self(vec![Bracket { floor: 0.0, rate, deduction: 0.0 }])
    }

    /// From (floor, rate) pairs, with the deductions that make `MM` continuous.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Self, BracketError> {
        let mut brackets: Vec<Bracket> = Vec::with_capacity(pairs.len());
        for &(floor, rate) in pairs {
            if !(0.0..1.0).contains(&rate) {
                return Err(BracketError::Rate(rate));
            }
            let deduction = match brackets.last() {
                None if floor == 0.0 => 0.0,
                None => return Err(BracketError::FirstFloor(floor)),
                Some(last) if floor > last.floor && floor.is_finite() => {
                    last.deduction + floor * (rate - last.rate)
                }
                Some(last) => {
                    return Err(BracketError::FloorOrder { previous: last.floor, next: floor });
                }
            };
            brackets.push(Bracket { floor, rate, deduction });
        }
        if brackets.is_empty() { Err(BracketError::Empty) } else { Ok(Self(brackets)) }
    }

    /// The bracket that holds a notional.
    #[inline]
    pub fn at(&self, notional: f64) -> Bracket {
        if let [only] = self.0.as_slice() {
            return *only;
        }
        let above = self.0.partition_point(|bracket| bracket.floor <= notional);
        self.0[above.saturating_sub(1)]
    }

    /// Maintenance margin of a notional, USDC.
    #[inline]
    pub fn maintenance(&self, notional: f64) -> f64 {
        let bracket = self.at(notional);
        bracket.rate * notional - bracket.deduction
    }

    /// Rate and deduction of the only bracket, if there is but one.
    pub fn single(&self) -> Option<(f64, f64)> {
        match self.0.as_slice() {
            [only] => Some((only.rate, only.deduction)),
            _ => None,
        }
    }

    /// All brackets, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Bracket> + ExactSizeIterator {
        self.0.iter()
    }

    /// The notional at which the bracket after `index` starts; infinite for the last.
    #[inline]
    pub fn ceiling(&self, index: usize) -> f64 {
        self.0.get(index + 1).map_or(f64::INFINITY, |next| next.floor)
    }

    /// The highest rate of any bracket.
    pub fn highest_rate(&self) -> f64 {
        self.0.iter().map(|bracket| bracket.rate).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deductions_make_the_requirement_continuous() {
        // Binance USD-M BTCUSDT tiers as published (rate, cumulative amount): 0.4 % from 0,
        // 0.5 % from 50,000 (50), 1 % from 250,000 (1,300), 2.5 % from 1,000,000 (16,300),
        // 5 % from 10,000,000 (266,300).
        let brackets = Brackets::new(&[
            (0.0, 0.004),
            (50_000.0, 0.005),
            (250_000.0, 0.01),
            (1_000_000.0, 0.025),
            (10_000_000.0, 0.05),
        ])
        .unwrap();
        let deductions: Vec<f64> = brackets.iter().map(|bracket| bracket.deduction).collect();
        for (got, published) in deductions.iter().zip([0.0, 50.0, 1_300.0, 16_300.0, 266_300.0]) {
            assert!((got - published).abs() < 1e-6, "{got} {published}");
        }
        for bracket in brackets.iter().skip(1) {
            let below = brackets.maintenance(bracket.floor * (1.0 - 1e-12));
            let above = brackets.maintenance(bracket.floor);
            assert!((below - above).abs() < 1e-3, "jump at {}", bracket.floor);
        }
    }

    #[test]
    fn refuses_what_is_not_a_table() {
        let rows = [
            (vec![], BracketError::Empty),
            (vec![(1.0, 0.1)], BracketError::FirstFloor(1.0)),
            (vec![(0.0, 0.1), (0.0, 0.2)], BracketError::FloorOrder { previous: 0.0, next: 0.0 }),
            (vec![(0.0, 1.0)], BracketError::Rate(1.0)),
        ];
        for (pairs, error) in rows {
            assert_eq!(Brackets::new(&pairs), Err(error));
        }
    }
}
