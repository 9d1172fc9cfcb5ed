//! What forced fills do to prices: plain data.

/// How forced fills move the price of one asset, as a move of its log price. A sale of notional
/// `Q` moves it by `−(permanent·Q/V + decaying·√(Q/V))`, a purchase by as much upwards.
///
/// A permanent part that is linear in `Q` is the only one that no round trip profits from, and
/// what Almgren, Thum, Hauptmann and Li (2005), "Direct Estimation of Equity Market Impact",
/// start from: `γ·σ_day·Q/V` with γ = .314. The decaying part is the square-root law,
/// `Y·σ_day·√(Q/V)` with Y of order one, found on Bitcoin by Donier and Bonart (2015), "A Million
/// Metaorder Analysis of Market Impact on the Bitcoin".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AssetImpact {
    /// Part of a move that stays, for the volume of a day: γ·σ_day.
    pub permanent: f64,
    /// Part of a move that decays, for the volume of a day: Y·σ_day.
    pub decaying: f64,
    /// Time in which half of it is gone, ms.
    pub half_life_ms: i64,
    /// Traded volume of a day, USDC.
    pub daily_volume_usdc: f64,
}

impl AssetImpact {
    /// An asset that no forced fill moves.
    pub const NONE: Self =
        Self { permanent: 0.0, decaying: 0.0, half_life_ms: 1, daily_volume_usdc: 1.0 };

    /// Moves of the log price by forced fills of `notional` USDC, sales below zero: the part that
    /// stays and the part that decays.
    pub fn moves(&self, notional: f64) -> [f64; 2] {
        let part = notional.abs() / self.daily_volume_usdc;
        let sign = if notional < 0.0 { -1.0 } else { 1.0 };
        [sign * self.permanent * part, sign * self.decaying * part.sqrt()]
    }
}

/// Impact feedback of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpactSpec {
    /// Scales both parts of every move. At 0 prices are those of the path; what hangs together is
    /// counted all the same.
    pub strength: f64,
    /// One per asset of the path.
    pub assets: Vec<AssetImpact>,
    /// Most rounds of venue checks at one instant, at least 1.
    pub rounds: u32,
    /// Force-closes no further apart than this belong to one chain, ms.
    pub cascade_window_ms: i64,
}

impl ImpactSpec {
    /// The factor by which forced fills may have moved a price, up or down, before a run is given
    /// up: beyond it a rule fitted to parts of a day's volume says nothing.
    pub const MOST: f64 = 10.0;

    /// Whether it moves the price of an asset at all.
    pub fn moves(&self, asset: usize) -> bool {
        let AssetImpact { permanent, decaying, .. } = self.assets[asset];
        self.strength > 0.0 && (permanent > 0.0 || decaying > 0.0)
    }
}
