//! A naive VaR, kept for comparison: it looks at rises of the reserved margin, not at losses.

use super::RiskError;

/// Below so many samples the estimate is a fixed share of what is reserved.
const LEAST_SAMPLES: usize = 20;
const SHARE_OF_RESERVED: f64 = 0.12;
/// Only the newest so many samples count.
const MOST_SAMPLES: usize = 500;

/// 12 % of `reserved` until 20 samples; then, of the newest 500 samples of reserved margin
/// (oldest first), the positive changes in ascending order, and of those the one with index
/// int(n·confidence), at most the last; 0 if nothing rose. In the samples' unit.
///
/// # Errors
/// A confidence outside (0, 1), or a sample or `reserved` (reported as one past the last) that is
/// not finite.
pub fn naive_var(history: &[f64], reserved: f64, confidence: f64) -> Result<f64, RiskError> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(RiskError::Confidence(confidence));
    }
    let mut samples = history.iter().chain([&reserved]);
    if let Some(index) = samples.position(|value| !value.is_finite()) {
        return Err(RiskError::NotFinite { series: 0, index });
    }
    if history.len() < LEAST_SAMPLES {
        return Ok(reserved * SHARE_OF_RESERVED);
    }
    let recent = &history[history.len().saturating_sub(MOST_SAMPLES)..];
    let changes = recent.windows(2).map(|pair| pair[1] - pair[0]);
    let mut rises: Vec<f64> = changes.filter(|change| *change > 0.0).collect();
    rises.sort_by(f64::total_cmp);
    let index = (rises.len() as f64 * confidence) as usize;
    Ok(rises.get(index).or(rises.last()).copied().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reserved moves by +1, −1, +2, −2, …: rises 1, 2, …; of 10 rises index int(9.5) = 9 is the
    /// tenth; of 20 rises at 0.5 index 10 is the eleventh.
    #[test]
    fn naive_table() {
        let saw = |rises: usize| -> Vec<f64> {
            (0..2 * rises)
                .map(|i| 100.0 + if i % 2 == 1 { i.div_ceil(2) as f64 } else { 0.0 })
                .collect()
        };
        let falling: Vec<f64> = (0..30).map(|i| 100.0 - f64::from(i)).collect();
        // The one rise of 1,000 is the 501st newest change: no longer seen.
        let mut old_rise = vec![0.0, 1000.0];
        old_rise.extend((0..499).map(|i| 1000.0 + f64::from(i % 2)));
        let table: [(&[f64], f64, f64, f64); 8] = [
            (&[], 50.0, 0.95, 6.0),
            (&saw(9), 200.0, 0.95, 24.0), // 18 samples
            (&falling[..19], 82.0, 0.95, 9.84),
            (&saw(10), 200.0, 0.95, 10.0),
            (&saw(20), 200.0, 0.5, 11.0),
            (&saw(20), 200.0, 0.999, 20.0),
            (&falling, 71.0, 0.95, 0.0),
            (&old_rise, 1000.0, 0.95, 1.0),
        ];
        for (row, (history, reserved, confidence, expected)) in table.into_iter().enumerate() {
            let found = naive_var(history, reserved, confidence).expect("valid input");
            assert!((found - expected).abs() < 1e-12, "row {row}: {found} not {expected}");
        }
        assert_eq!(naive_var(&[], 1.0, 95.0), Err(RiskError::Confidence(95.0)));
        let fault = RiskError::NotFinite { series: 0, index: 1 };
        assert_eq!(naive_var(&[1.0, f64::NAN], 1.0, 0.95), Err(fault));
    }
}
