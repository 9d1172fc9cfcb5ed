//! Geometric Brownian motion: `ln step = (μ − σ²/2)·dt + σ·√dt·z`, μ arithmetic, per year of 365
//! days.

/// One asset's diffusion.
#[derive(Clone, Debug, PartialEq)]
pub struct GbmAsset {
    /// Name; also names its random stream.
    pub name: String,
    /// Price at the start.
    pub start_price: f64,
    /// Volatility per √year.
    pub volatility: f64,
    /// Arithmetic drift per year.
    pub drift: f64,
}
