//! Histories written by hand.

/// Bars of an hour between prices at the ends of pieces of `each` bars, straight lines.
pub fn between(ends: &[f64], each: usize) -> String {
    let mut text = String::from("time,open,high,low,close\n");
    let price = |bar: usize| {
        let (piece, share) = (bar / each, (bar % each) as f64 / each as f64);
        let from = ends[piece];
        from + share * (ends.get(piece + 1).copied().unwrap_or(from) - from)
    };
    for bar in 0..(ends.len() - 1) * each {
        let (open, close) = (price(bar), price(bar + 1));
        let (high, low) = (open.max(close), open.min(close));
        let time = 1_767_225_600_000 + bar as i64 * 3_600_000;
        text += &format!("{time},{open},{high},{low},{close}\n");
    }
    text
}
