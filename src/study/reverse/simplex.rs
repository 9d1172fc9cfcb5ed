//! A small search for a least value without derivatives: the simplex of Nelder & Mead (1965, *A
//! simplex method for function minimization*), reflection 1, expansion 2, contraction and shrinking
//! one half. Of this room alone.

/// The least value found and where.
pub(super) struct Least {
    pub at: Vec<f64>,
    pub value: f64,
}

/// Searches from `start`, its other corners `step` away along one coordinate each, until the values
/// of all corners agree to the part `tolerance`, or after so many evaluations.
pub(super) fn search(
    start: &[f64],
    step: &[f64],
    evaluations: usize,
    tolerance: f64,
    mut of: impl FnMut(&[f64]) -> f64,
) -> Least {
    let mut corners: Vec<Least> = Vec::with_capacity(start.len() + 1);
    corners.push(Least { at: start.to_vec(), value: of(start) });
    for (axis, step) in step.iter().enumerate() {
        let mut at = start.to_vec();
        at[axis] += step;
        let value = of(&at);
        corners.push(Least { at, value });
    }
    let mut made = corners.len();
    loop {
        corners.sort_by(|a, b| a.value.total_cmp(&b.value));
        let (best, worst) = (corners[0].value, corners[corners.len() - 1].value);
        if made >= evaluations || worst - best <= tolerance * best.abs() {
            return corners.swap_remove(0);
        }
        made += improve(&mut corners, &mut of);
    }
}

/// One move of the simplex, whose corners stand from the best to the worst; how many values it took.
fn improve(corners: &mut [Least], of: &mut impl FnMut(&[f64]) -> f64) -> usize {
    let last = corners.len() - 1;
    let middle: Vec<f64> = (0..last)
        .map(|axis| corners[..last].iter().map(|corner| corner.at[axis]).sum::<f64>() / last as f64)
        .collect();
    let mut on_line = |corners: &[Least], part: f64| {
        let at: Vec<f64> = (middle.iter().zip(&corners[last].at))
            .map(|(middle, worst)| middle + part * (worst - middle))
            .collect();
        let value = of(&at);
        Least { at, value }
    };
    let reflected = on_line(corners, -1.0);
    if reflected.value < corners[0].value {
        let expanded = on_line(corners, -2.0);
        corners[last] = if expanded.value < reflected.value { expanded } else { reflected };
        return 2;
    }
    if reflected.value < corners[last - 1].value {
        corners[last] = reflected;
        return 1;
    }
    let outside = reflected.value < corners[last].value;
    let contracted = on_line(corners, if outside { -0.5 } else { 0.5 });
    if contracted.value < corners[last].value.min(reflected.value) {
        corners[last] = contracted;
        return 2;
    }
    let best = corners[0].at.clone();
    for corner in &mut corners[1..] {
        corner.at.iter_mut().zip(&best).for_each(|(value, best)| *value = (*value + best) / 2.0);
        corner.value = of(&corner.at);
    }
    2 + last
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley (1960), least at (1, 1), from his start (−1.2, 1); and a bowl of six.
    #[test]
    fn finds_the_least_of_known_functions() {
        let valley = |x: &[f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            a * a + 100.0 * b * b
        };
        let found = search(&[-1.2, 1.0], &[0.5, 0.5], 400, 0.0, valley);
        assert!((found.at[0] - 1.0).abs() < 1e-4 && (found.at[1] - 1.0).abs() < 1e-4);
        let bowl = |x: &[f64]| {
            let off = |(place, x): (usize, &f64)| (x - place as f64) * (x - place as f64);
            1.0 + x.iter().enumerate().map(off).sum::<f64>()
        };
        let found = search(&[0.5; 6], &[0.5; 6], 3_000, 1e-12, bowl);
        assert!((found.value - 1.0).abs() < 1e-6, "{}", found.value);
    }
}
