//! What the money of a wallet is used for, over time.

use super::canvas::{Canvas, Dash};
use super::page::{Entry, Key, Page};
use super::palette::{AXIS, BLUE, GREEN, INK, ORANGE, PURPLE, tint};
use super::panel::{Plot, gutter, padded, time_range};
use super::stack::Stack;
use super::ticks::number_ticks;
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

const PANELS_MAX: usize = 4;

/// Uses of the wallets of one or more accounts, on one time axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WalletUseChart {
    pub caption: Caption,
    /// From top to bottom; of more than four the rest is left out, and the chart says so.
    pub panels: Vec<WalletUsePanel>,
}

/// One account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WalletUsePanel {
    /// Title of the y axis with its unit, such as `alice, USDC`.
    pub label: String,
    /// Ascending in time; each holds until the next.
    pub samples: Vec<WalletUse>,
}

/// What the money is used for at an instant, USDC; a part that is not finite is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WalletUse {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    pub trading: f64,
    /// Value at mark of what is on loan.
    pub lent: f64,
    pub escrow: f64,
    pub services: f64,
    /// Below zero where losses ate what is reserved: drawn below the axis.
    pub free: f64,
}

const PARTS: [(&str, RGBColor, f64); 5] = [
    ("trading", BLUE, 0.85),
    ("lent", ORANGE, 0.85),
    ("escrow", PURPLE, 0.85),
    ("services", GREEN, 0.85),
    ("free", AXIS, 0.30),
];

impl WalletUse {
    fn parts(&self) -> [f64; 5] {
        let all = [self.trading, self.lent, self.escrow, self.services, self.free];
        all.map(|part| if part.abs() < 1e100 { part } else { 0.0 })
    }

    /// What is stacked above the axis, and below.
    fn sums(&self) -> (f64, f64) {
        let parts = self.parts();
        let sum = |sign: f64| parts.iter().map(|p| (sign * p).max(0.0)).sum::<f64>();
        (sum(1.0), -sum(-1.0))
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &WalletUseChart, out: &Path) -> Result<(), ChartError> {
    let legend = PARTS.iter().rev().map(|&(name, color, ink)| Entry {
        key: Key::Swatch(tint(color, ink)),
        label: name.to_owned(),
    });
    let mut page = Page::new(&data.caption, &legend.collect::<Vec<_>>());
    let times = data.panels.iter().flat_map(|p| &p.samples).map(|s| s.time_ms);
    let Some(span) = time_range(times) else { return page.save_empty(out) };

    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let counts = (shown.len(), data.panels.len(), "accounts");
    let mut stack = Stack::over_time(page.body, span, counts, shown.len());
    let most_ticks = stack.ticks_at(44.0).clamp(2, 7);
    let scales: Vec<_> = shown.iter().map(scale).collect();
    let y_ticks: Vec<_> = scales.iter().map(|y| number_ticks(y.0, y.1, most_ticks)).collect();
    stack.area.left += gutter(y_ticks.iter().flatten());
    for (row, panel) in shown.iter().enumerate() {
        let y = (scales[row], y_ticks[row].as_slice());
        let plot = stack.axes(&mut page.canvas, row, y, &panel.label);
        draw_panel(&mut page.canvas, &plot, panel);
    }
    page.canvas.save(out)
}

/// From the lowest stack to the highest, zero included.
fn scale(panel: &WalletUsePanel) -> (f64, f64) {
    let sums = panel.samples.iter().map(WalletUse::sums);
    let (high, low) =
        sums.fold((0.0_f64, 0.0_f64), |all, sum| (all.0.max(sum.0), all.1.min(sum.1)));
    if high == 0.0 && low == 0.0 { (0.0, 1.0) } else { padded((low, high), 0.06) }
}

fn draw_panel(canvas: &mut Canvas, plot: &Plot, panel: &WalletUsePanel) {
    for (i, sample) in panel.samples.iter().enumerate() {
        let until = panel.samples.get(i + 1).map_or(sample.time_ms, |next| next.time_ms);
        let from = whole_pixel(plot.at(sample.time_ms as f64, 0.0).0);
        let to = whole_pixel(plot.at(until as f64, 0.0).0);
        // The last sample has no next: it is a line's breadth. Others may share a pixel column
        // with the next, which then stands for them.
        let to = if i + 1 == panel.samples.len() { (from + 2.0).min(plot.area.right) } else { to };
        if to > from {
            draw_stack(canvas, plot, sample, (from, to));
        }
    }
    if plot.y.0 < 0.0 {
        let (from, to) = (plot.at(plot.x.0, 0.0), plot.at(plot.x.1, 0.0));
        canvas.line(&[from, to], 2.0, INK, Dash::Solid);
    }
}

/// One instant's parts, those above zero upwards, the others downwards.
fn draw_stack(canvas: &mut Canvas, plot: &Plot, sample: &WalletUse, (from, to): (f64, f64)) {
    let (mut above, mut below) = (0.0, 0.0);
    for (part, (_, color, ink)) in sample.parts().into_iter().zip(PARTS) {
        let base = if part > 0.0 { &mut above } else { &mut below };
        let (foot, head) = (plot.at(plot.x.0, *base).1, plot.at(plot.x.0, *base + part).1);
        *base += part;
        let (top, bottom) = (foot.min(head), foot.max(head));
        if bottom > top {
            canvas.rect((from, top), (to, bottom), tint(color, ink));
        }
    }
}

fn whole_pixel(x: f64) -> f64 {
    x.round()
}
