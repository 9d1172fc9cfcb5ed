//! Geometric Brownian motion: `ln step = (μ − σ²/2)·dt + σ·√dt·z`, μ arithmetic, per year of 365
//! days.

/// One asset of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct GbmAsset {
    /// Name; also names its random streams.
    pub name: String,
    /// Price at the start.
    pub start_price: f64,
    /// Volatility per √year: of the diffusion, or of the long run where the model moves it.
    pub volatility: f64,
    /// Arithmetic drift per year; of the long run where the model moves it.
    pub drift: f64,
}
