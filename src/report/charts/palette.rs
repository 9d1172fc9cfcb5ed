//! Okabe–Ito colours (Okabe & Ito 2008, "Color Universal Design"), told apart by colour-blind
//! readers, and the greys of the frame.

use plotters::style::{RGBAColor, RGBColor};

pub(super) const BLACK: RGBColor = RGBColor(0, 0, 0);
pub(super) const ORANGE: RGBColor = RGBColor(230, 159, 0);
pub(super) const SKY: RGBColor = RGBColor(86, 180, 233);
pub(super) const GREEN: RGBColor = RGBColor(0, 158, 115);
pub(super) const YELLOW: RGBColor = RGBColor(240, 228, 66);
pub(super) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(super) const VERMILION: RGBColor = RGBColor(213, 94, 0);
pub(super) const PURPLE: RGBColor = RGBColor(204, 121, 167);

pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(super) const INK: RGBColor = RGBColor(34, 34, 34);
pub(super) const MUTED: RGBColor = RGBColor(95, 95, 95);
pub(super) const AXIS: RGBColor = RGBColor(120, 120, 120);
pub(super) const GRID: RGBColor = RGBColor(226, 226, 226);

const SERIES: [RGBColor; 7] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK];

/// Colour of the i-th variant or position; they repeat after seven.
pub(super) fn series(i: usize) -> RGBColor {
    SERIES[i % SERIES.len()]
}

/// A colour at an opacity in [0, 1].
pub(super) fn fade(color: RGBColor, opacity: f64) -> RGBAColor {
    RGBAColor(color.0, color.1, color.2, opacity)
}

/// The colour that an opacity in [0, 1] gives on white, hiding what is under it.
pub(super) fn tint(color: RGBColor, opacity: f64) -> RGBAColor {
    let mix = |channel: u8| (255.0 - opacity * (255.0 - f64::from(channel))).round() as u8;
    RGBAColor(mix(color.0), mix(color.1), mix(color.2), 1.0)
}
