//! Published rates and curves, each with its source and date.

use super::curve::Curve;

/// What a prime broker's table says of one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrimeTerms {
    /// Symbol.
    pub symbol: &'static str,
    /// Price at the start, USDC.
    pub price: f64,
    /// Borrow rate a year.
    pub rate: f64,
    /// Collateral that the borrower posts, as a multiple of the debt's value.
    pub requirement: f64,
}

/// The prime-brokerage table, first quarter of 2026. USDC's borrower posts another asset.
pub const PRIME_BROKERAGE: [PrimeTerms; 4] = [
    PrimeTerms { symbol: "USDC", price: 1.0, rate: 0.094, requirement: 1.10 },
    PrimeTerms { symbol: "ETH", price: 2_840.0, rate: 0.042, requirement: 1.10 },
    PrimeTerms { symbol: "BTC", price: 88_500.0, rate: 0.028, requirement: 1.10 },
    PrimeTerms { symbol: "SOL", price: 182.0, rate: 0.071, requirement: 1.15 },
];

/// Utilisation at which a pool of the table has the table's rate, and to which demand reverts.
/// The table gives no curve; this is ours.
pub const BASE_UTILISATION: f64 = 0.80;

/// Aave v3 on Ethereum, reserve WETH: optimal usage 90 %, base 0, slopes 2.7 % and 80 %.
///
/// Read from the protocol on 2025-03-19 (zelos-alpha/demeter, *Aave Protocol Parameter
/// ethereum*, MIT).
pub const AAVE_V3_WETH: Curve = Curve { base: 0.0, slope1: 0.027, slope2: 0.80, kink: 0.90 };

/// Aave v3 on Ethereum, reserve USDC: optimal usage 92 %, base 0, slopes 8 % and 35 %. Source and
/// date as [`AAVE_V3_WETH`].
pub const AAVE_V3_USDC: Curve = Curve { base: 0.0, slope1: 0.08, slope2: 0.35, kink: 0.92 };

/// Aave v3 on Ethereum, reserve WBTC: optimal usage 80 %, base 0, slopes 4 % and 300 %. Source
/// and date as [`AAVE_V3_WETH`].
pub const AAVE_V3_WBTC: Curve = Curve { base: 0.0, slope1: 0.04, slope2: 3.0, kink: 0.80 };

/// Compound v3 on Ethereum, USDC market: base 1.5 %, kink 80 %, slopes 3.5 % and 25 % per unit of
/// utilisation.
///
/// The numbers it was opened with: `deployments/mainnet/usdc/configuration.json` of
/// compound-finance/comet at 4efc3aef, 2022-08-26. Votes have changed them since.
pub const COMPOUND_V3_USDC: Curve = Curve::compound(0.015, 0.035, 0.25, 0.80);

/// Compound v3 on Ethereum, WETH market: base 0.99 %, kink 90 %, slopes 5.17 % and 51.7 % per unit
/// of utilisation.
///
/// The numbers it was opened with: `deployments/mainnet/weth/configuration.json` of
/// compound-finance/comet at 63e98e5d, 2023-01-24. Votes have changed them since.
pub const COMPOUND_V3_WETH: Curve =
    Curve::compound(0.009_945_209_674, 0.051_715_000_02, 0.517_150_033_9, 0.90);

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} {expected}");
    }

    /// At nothing lent: the base. At the kink, Aave: base + slope1; Compound: base + low·kink. At
    /// everything lent, Aave: + slope2; Compound: + high·(1 − kink).
    #[test]
    fn curves_at_their_corners() {
        let rows = [
            (AAVE_V3_WETH, [0.0, 0.027, 0.827]),
            (AAVE_V3_USDC, [0.0, 0.08, 0.43]),
            (AAVE_V3_WBTC, [0.0, 0.04, 3.04]),
            // .015 + .035·.8 = .043; + .25·.2 = .093
            (COMPOUND_V3_USDC, [0.015, 0.043, 0.093]),
            // .009945209674 + .05171500002·.9 = .056488709692; + .5171500339·.1
            (COMPOUND_V3_WETH, [0.009_945_209_674, 0.056_488_709_692, 0.108_203_713_082]),
        ];
        for (curve, expected) in rows {
            for (utilisation, rate) in [0.0, curve.kink, 1.0].into_iter().zip(expected) {
                near(curve.rate(utilisation), rate);
            }
        }
        // Half-way to the kink and half-way beyond it: the means of the corners.
        near(AAVE_V3_WETH.rate(0.45), 0.0135);
        near(AAVE_V3_WETH.rate(0.95), 0.427);
        near(COMPOUND_V3_USDC.rate(0.4), 0.029);
        near(COMPOUND_V3_USDC.rate(0.9), 0.068);
    }

    /// The snapshot also holds debt, liquidity and the rate that the protocol charged on them:
    /// u = scaled debt × index / (that + available). Its rows were read some blocks after the rates
    /// were fixed, hence a tolerance of 2e-7.
    #[test]
    fn curves_give_the_rates_that_were_charged() {
        let rows = [
            // scaled debt, index, available, variable borrow rate
            (
                AAVE_V3_WETH,
                1_767_529.389_469,
                1.066_257_934_227,
                214_396.462_481,
                0.026_935_790_795,
            ),
            (
                AAVE_V3_USDC,
                1_434.806_347_142,
                1.162_950_084_404,
                1_179.166_571_932,
                0.050_950_899_706,
            ),
            (
                AAVE_V3_WBTC,
                3_683.356_902_54,
                1.021_996_267_514,
                34_475.595_604_56,
                0.004_922_044_792,
            ),
        ];
        for (curve, scaled, index, available, rate) in rows {
            let debt = scaled * index;
            let got = curve.rate(debt / (debt + available));
            assert!((got - rate).abs() < 2e-7, "{got} {rate}");
        }
    }

    #[test]
    fn a_curve_goes_through_the_base_rate_at_the_base_utilisation() {
        for terms in PRIME_BROKERAGE {
            let curve = AAVE_V3_WETH.through(BASE_UTILISATION, terms.rate);
            near(curve.rate(BASE_UTILISATION), terms.rate);
            // Its shape is kept: at the kink 9/8 of it.
            near(curve.rate(0.9), terms.rate * 1.125);
        }
    }

    #[test]
    #[should_panic(expected = "a utilisation of 1.1")]
    fn more_than_everything_is_impossible() {
        AAVE_V3_WETH.rate(1.1);
    }
}
