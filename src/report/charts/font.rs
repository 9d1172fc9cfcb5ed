//! The embedded typeface and its horizontal metrics.
//!
//! plotters places a glyph by its ink and so drops its left side bearing, which makes text uneven;
//! the bearings and advances are therefore read from the font's own tables (OpenType `cmap`
//! format 4, `hhea`, `hmtx`). All offsets stem from the two embedded files, so a reading outside
//! them is a fault of this file and panics.

use plotters::style::{FontStyle, register_font};
use std::sync::OnceLock;

pub(super) const FAMILY: &str = "DejaVu Sans";
static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans-Bold.ttf");

/// A weight of the typeface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Face {
    Regular,
    Bold,
}

/// Horizontal metrics of one glyph, as fractions of the em.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub advance: f64,
    pub bearing: f64,
}

impl Face {
    fn bytes(self) -> &'static [u8] {
        match self {
            Face::Regular => REGULAR,
            Face::Bold => BOLD,
        }
    }

    pub(super) fn style(self) -> FontStyle {
        match self {
            Face::Regular => FontStyle::Normal,
            Face::Bold => FontStyle::Bold,
        }
    }

    fn units_per_em(self) -> f64 {
        f64::from(u16_at(self.bytes(), table(self.bytes(), b"head") + 18))
    }

    /// Height that plotters takes as the font size (ascent to descent), for an em of `em`.
    pub(super) fn height(self, em: f64) -> f64 {
        let (font, hhea) = (self.bytes(), table(self.bytes(), b"hhea"));
        let units = f64::from(i16_at(font, hhea + 4)) - f64::from(i16_at(font, hhea + 6));
        em * units / self.units_per_em()
    }

    /// Metrics of a character; one that the font lacks has those of its empty box.
    pub(super) fn glyph(self, character: char) -> Glyph {
        let font = self.bytes();
        let last = usize::from(u16_at(font, table(font, b"hhea") + 34)) - 1;
        let id = usize::from(glyph_id(font, character));
        let hmtx = table(font, b"hmtx");
        let advance = f64::from(u16_at(font, hmtx + 4 * id.min(last)));
        let past = id.saturating_sub(last + 1);
        let bearing_at =
            if id <= last { hmtx + 4 * id + 2 } else { hmtx + 4 * (last + 1 + past / 2) };
        let em = self.units_per_em();
        Glyph { advance: advance / em, bearing: f64::from(i16_at(font, bearing_at)) / em }
    }

    /// Width of a text set at `em`, in the unit of `em`.
    pub(super) fn width(self, text: &str, em: f64) -> f64 {
        em * text.chars().map(|c| self.glyph(c).advance).sum::<f64>()
    }

    /// The text and em that fit into `width`: set smaller down to 70 %, then cut with "…".
    pub(super) fn fit(self, text: &str, em: f64, width: f64) -> (String, f64) {
        let natural = self.width(text, em);
        if natural <= width {
            return (text.to_string(), em);
        }
        let em = (em * width / natural).max(0.7 * em);
        if self.width(text, em) <= width * 1.001 {
            return (text.to_string(), em);
        }
        let mut kept: Vec<char> = text.chars().collect();
        loop {
            kept.pop();
            let cut = kept.iter().collect::<String>().trim_end().to_string() + "…";
            if kept.is_empty() || self.width(&cut, em) <= width {
                return (cut, em);
            }
        }
    }
}

/// Hands the embedded faces to plotters, once; false if it refuses them.
pub(super) fn register() -> bool {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    *REGISTERED.get_or_init(|| {
        [Face::Regular, Face::Bold]
            .iter()
            .all(|face| register_font(FAMILY, face.style(), face.bytes()).is_ok())
    })
}

fn u16_at(font: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([font[at], font[at + 1]])
}

fn i16_at(font: &[u8], at: usize) -> i16 {
    i16::from_be_bytes([font[at], font[at + 1]])
}

fn u32_at(font: &[u8], at: usize) -> usize {
    usize::from(u16_at(font, at)) << 16 | usize::from(u16_at(font, at + 2))
}

/// Offset of a table in the font file.
fn table(font: &[u8], tag: &[u8; 4]) -> usize {
    let count = usize::from(u16_at(font, 4));
    let record = (0..count).map(|i| 12 + 16 * i).find(|&at| &font[at..at + 4] == tag);
    u32_at(font, record.unwrap_or_else(|| panic!("the embedded font has no table {tag:?}")) + 8)
}

/// Glyph of a character by the Unicode subtable of `cmap`; 0 where there is none.
fn glyph_id(font: &[u8], character: char) -> u16 {
    let Ok(code) = u16::try_from(u32::from(character)) else { return 0 };
    let cmap = table(font, b"cmap");
    let subtable = (0..usize::from(u16_at(font, cmap + 2)))
        .map(|i| cmap + u32_at(font, cmap + 4 + 8 * i + 4))
        .find(|&at| u16_at(font, at) == 4);
    let Some(at) = subtable else { panic!("the embedded font has no Unicode cmap") };
    let segments = usize::from(u16_at(font, at + 6)) / 2;
    let Some(i) = (0..segments).find(|&i| u16_at(font, at + 14 + 2 * i) >= code) else { return 0 };
    let start_at = at + 16 + 2 * (segments + i);
    let delta_at = start_at + 2 * segments;
    let range_at = delta_at + 2 * segments;
    let (start, delta, range) =
        (u16_at(font, start_at), u16_at(font, delta_at), u16_at(font, range_at));
    if code < start {
        return 0;
    }
    if range == 0 {
        return code.wrapping_add(delta);
    }
    match u16_at(font, range_at + usize::from(range) + 2 * usize::from(code - start)) {
        0 => 0,
        id => id.wrapping_add(delta),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_those_of_the_published_font() {
        // DejaVu Sans 2.37: advances and bearings in 2048ths of an em.
        for (face, character, advance, bearing) in [
            (Face::Regular, 'H', 1540.0, 201.0),
            (Face::Regular, ' ', 651.0, 0.0),
            (Face::Bold, 'l', 702.0, 172.0),
        ] {
            let glyph = face.glyph(character);
            assert_eq!(
                (glyph.advance * 2048.0, glyph.bearing * 2048.0),
                (advance, bearing),
                "{character}"
            );
        }
    }

    #[test]
    fn a_long_text_is_cut_to_its_width() {
        let (text, em) = Face::Regular.fit(&"liquidation ".repeat(20), 22.0, 300.0);
        assert!(text.ends_with('…') && Face::Regular.width(&text, em) <= 300.0);
    }
}
