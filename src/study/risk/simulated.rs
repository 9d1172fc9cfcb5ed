//! Returns of the assets over some horizons on the paths of a model.

use crate::prices::models::ModelSpec;
use crate::scenario::Scenario;
use crate::study::execution::{Execution, Progress, StudyError};
use crate::study::price_paths::each_price_path;
use crate::study::variants::VariantSet;

/// `returns[horizon][asset][path]`: price at the end of the horizon over that of the start, less 1.
pub(super) type Returns = Vec<Vec<Vec<f64>>>;

/// Draws every path up to the last horizon. Memory: one number per path, asset and horizon.
pub(super) fn simulated(
    scenario: &Scenario,
    set: &VariantSet,
    model: &ModelSpec,
    horizons_ms: &[i64],
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Returns, StudyError> {
    let n = model.assets.len();
    let mut returns = vec![vec![Vec::with_capacity(scenario.paths as usize); n]; horizons_ms.len()];
    let mut done = 0;
    each_price_path(
        scenario,
        set,
        scenario.paths,
        execution,
        |_, path| {
            let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
            let mut row = Vec::with_capacity(n * horizons_ms.len());
            for horizon in horizons_ms {
                path.load(path.tick_at(model.start_ms + horizon), &mut marks, &mut lasts);
                let start = model.assets.iter().map(|asset| asset.start_price);
                row.extend(marks.iter().zip(start).map(|(mark, start)| mark / start - 1.0));
            }
            row
        },
        |row| {
            for (index, value) in row.into_iter().enumerate() {
                returns[index / n][index % n].push(value);
            }
            done += 1;
            progress.advance(done, scenario.paths);
            Ok(())
        },
    )?;
    Ok(returns)
}
