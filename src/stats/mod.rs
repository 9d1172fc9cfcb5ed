//! Randomness and statistics: everything a result is drawn from or judged by.
//!
//! Keyed streams and the samplers on them, quantiles and intervals, survival curves, and the
//! small matrix routines behind correlated factors; in rooms of their own, value at risk and its
//! back-tests. All of it is scalar, sums left to right and
//! takes its functions from `libm`, so that the same input gives the same bits on every machine.

pub mod backtest;
mod beta;
mod bounds;
mod chi_square;
mod cholesky;
mod correlation;
mod effect;
mod eigen;
mod exponential;
mod gamma;
mod interval;
mod inverse;
mod matrix;
mod mean;
mod minimise;
mod normal;
mod paired;
mod proportion;
mod quantile;
mod rare;
mod replicates;
mod replication;
mod resample;
pub mod risk;
mod shortfall;
mod sobol;
mod special;
mod stream;
mod student;
mod survival;
mod ziggurat;

pub use beta::{beta_lower, proportion_bounds};
pub use chi_square::chi_square_survival;
pub use cholesky::{LowerTriangular, NotPsd, cholesky};
pub use correlation::{NearestCorrelation, nearest_correlation};
pub use effect::{GroupEffect, group_effect};
pub use eigen::{eigenvalues, smallest_eigenvalue};
pub use gamma::gamma_upper;
pub use interval::Interval;
pub use inverse::inverse;
pub use matrix::{MatrixError, SymMatrix};
pub use mean::{mean_and_stderr, mean_interval};
pub use minimise::{Corner, Minimum, descend, minimise};
pub use paired::{PairedCounts, holm, paired_proportion_interval, sign_test};
pub use proportion::{clustered_proportion_interval, wilson_interval};
pub use quantile::{quantile_interval, quantile_ranks, quantile_type7};
pub use rare::{RareEstimate, rare_estimate};
pub use replicates::{
    ReplicateError, paired_difference_interval, paired_es_difference, paired_quantile_difference,
    replicate_means,
};
pub use replication::Replication;
pub use resample::{Draws, Resamples};
pub use shortfall::{es_interval, expected_shortfall, value_at_risk};
pub use sobol::{SOBOL_DIMENSIONS, SOBOL_LOG2_MAX, SobolSet};
pub use special::{Z_95, normal_cdf, normal_quantile, student_t_two_sided};
pub use stream::{Stream, StreamKey};
pub use student::{NormalOfT, student_t_upper};
pub use survival::{Observation, SurvivalStep, kaplan_meier, median_survival, survival_at};
