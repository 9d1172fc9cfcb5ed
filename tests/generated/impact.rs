//! How forced fills move prices in a generated case.

use drypowder::engine::{AssetImpact, ImpactSpec};

use super::{Draw, Scale};

pub fn generate(draw: &mut Draw, assets: usize, scale: Scale) -> ImpactSpec {
    let assets = (0..assets).map(|_| asset(draw, scale)).collect();
    ImpactSpec {
        strength: draw.pick(&[0.5, 1.0, 2.0]),
        assets,
        rounds: draw.pick(&[1, 2, 3, 8]),
        cascade_window_ms: draw.pick(&[0, scale.tick_ms, 20 * scale.tick_ms]),
    }
}

/// Closes of some thousands move prices by some percent.
fn asset(draw: &mut Draw, scale: Scale) -> AssetImpact {
    if draw.chance(0.1) {
        return AssetImpact::NONE;
    }
    let stays = draw.chance(0.7);
    let decays = !stays || draw.chance(0.6);
    AssetImpact {
        permanent: if stays { draw.between(0.3, 4.0) } else { 0.0 },
        decaying: if decays { draw.between(0.05, 0.6) } else { 0.0 },
        half_life_ms: draw.pick(&[
            1,
            scale.tick_ms / 2 + 1,
            5 * scale.tick_ms,
            200 * scale.tick_ms,
        ]),
        daily_volume_usdc: 1e6,
    }
}
