//! The least value of a function of a few variables, without derivatives.

/// Rounds from the best point so far before the search is given up.
const RESTARTS: usize = 12;
/// Reflections and contractions of one round, per variable.
const MOVES: usize = 400;
/// Extent of the simplex at which a round has arrived, in the variables' scale.
const EXTENT: f64 = 1e-7;
/// A round that gains less than this much of the value (or this much) found nothing new.
const GAIN: f64 = 1e-10;

/// What [`minimise`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// Where.
    pub point: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// Whether a fresh start from there found nothing lower. Otherwise the search was given up.
    pub converged: bool,
}

/// Nelder & Mead's simplex (1965) in the form of Lagarias, Reeds, Wright & Wright (1998), begun
/// anew from where it ended until that gains nothing, since a simplex may collapse beside the
/// minimum. Values that are not numbers count as +∞. `extent` is the first step of each variable.
pub fn minimise(mut value: impl FnMut(&[f64]) -> f64, start: &[f64], extent: &[f64]) -> Minimum {
    let mut value = |point: &[f64]| {
        let found = value(point);
        if found.is_nan() { f64::INFINITY } else { found }
    };
    let mut best = Corner { point: start.to_vec(), value: value(start) };
    for round in 0..RESTARTS {
        // Later rounds look closer by, and the other way.
        let share = if round == 0 { 1.0 } else { -0.25 };
        let steps: Vec<f64> = extent.iter().map(|step| share * step).collect();
        let (found, arrived) = simplex(&mut value, &best, &steps);
        let gain = best.value - found.value;
        let nothing = GAIN * (1.0 + found.value.abs());
        best = found;
        if round > 0 && arrived && gain <= nothing {
            return Minimum { point: best.point, value: best.value, converged: true };
        }
    }
    Minimum { point: best.point, value: best.value, converged: false }
}

/// A point and the value there.
#[derive(Clone, Debug, PartialEq)]
pub struct Corner {
    /// Where.
    pub point: Vec<f64>,
    /// The value there.
    pub value: f64,
}

/// One simplex from a corner, and whether it shrank to nothing.
fn simplex(value: &mut impl FnMut(&[f64]) -> f64, from: &Corner, steps: &[f64]) -> (Corner, bool) {
    if from.point.iter().zip(steps).any(|(at, step)| at + step == *at) {
        // So far out that a step is lost in rounding: nothing ends there.
        return (from.clone(), false);
    }
    let (mut left, mut small) = (MOVES * steps.len().max(1), false);
    let found = descend(value, from.clone(), steps, |corners| {
        small = is_small(corners, steps);
        left = left.saturating_sub(1);
        small || left == 0
    });
    (found, small)
}

/// One simplex of Nelder & Mead from a corner, the others `steps` away along one coordinate each,
/// until `arrived` says so of the corners, which stand from the best to the worst. The best.
pub fn descend(
    value: &mut impl FnMut(&[f64]) -> f64,
    from: Corner,
    steps: &[f64],
    mut arrived: impl FnMut(&[Corner]) -> bool,
) -> Corner {
    let mut corners = Vec::with_capacity(steps.len() + 1);
    corners.push(from);
    for (place, step) in steps.iter().enumerate() {
        let mut point = corners[0].point.clone();
        point[place] += step;
        corners.push(Corner { value: value(&point), point });
    }
    loop {
        corners.sort_by(|a, b| a.value.total_cmp(&b.value));
        if arrived(&corners) {
            return corners.swap_remove(0);
        }
        step(value, &mut corners);
    }
}

fn is_small(corners: &[Corner], steps: &[f64]) -> bool {
    let best = &corners[0].point;
    corners[1..].iter().all(|corner| {
        let apart = corner.point.iter().zip(best).zip(steps);
        apart.into_iter().all(|((a, b), step)| (a - b).abs() <= EXTENT * step.abs())
    })
}

/// Replaces the worst corner, or draws all towards the best. Corners are sorted.
fn step(value: &mut impl FnMut(&[f64]) -> f64, corners: &mut [Corner]) {
    let n = corners.len() - 1;
    let centre: Vec<f64> = (0..corners[0].point.len())
        .map(|place| corners[..n].iter().map(|corner| corner.point[place]).sum::<f64>() / n as f64)
        .collect();
    // The point at `along` from the centre, away from the worst.
    let mut at = |along: f64| {
        let pairs = centre.iter().zip(&corners[n].point);
        let point: Vec<f64> =
            pairs.map(|(middle, worst)| middle + along * (middle - worst)).collect();
        Corner { value: value(&point), point }
    };
    let (best, second, worst) = (corners[0].value, corners[n - 1].value, corners[n].value);
    let reflected = at(1.0);
    let better = if reflected.value < best {
        let expanded = at(2.0);
        Some(if expanded.value < reflected.value { expanded } else { reflected })
    } else if reflected.value < second {
        Some(reflected)
    } else if reflected.value < worst {
        let outside = at(0.5);
        (outside.value <= reflected.value).then_some(outside)
    } else {
        let inside = at(-0.5);
        (inside.value < worst).then_some(inside)
    };
    if let Some(better) = better {
        corners[n] = better;
        return;
    }
    let best = corners[0].point.clone();
    for corner in &mut corners[1..] {
        for (place, of_best) in corner.point.iter_mut().zip(&best) {
            *place = of_best + 0.5 * (*place - of_best);
        }
        corner.value = value(&corner.point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley (minimum 0 at 1, 1), Powell's quartic (0 at 0, its matrix singular), a
    /// quadratic of six variables with a condition number of 10⁴, and one variable.
    #[test]
    fn known_minima_are_found() {
        let rosenbrock = minimise(
            |x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2),
            &[-1.2, 1.0],
            &[0.5, 0.5],
        );
        assert!(rosenbrock.converged && rosenbrock.value < 1e-10, "{rosenbrock:?}");
        assert!(rosenbrock.point.iter().all(|x| (x - 1.0).abs() < 1e-5), "{rosenbrock:?}");

        let powell = minimise(
            |x| {
                (x[0] + 10.0 * x[1]).powi(2)
                    + 5.0 * (x[2] - x[3]).powi(2)
                    + (x[1] - 2.0 * x[2]).powi(4)
                    + 10.0 * (x[0] - x[3]).powi(4)
            },
            &[3.0, -1.0, 0.0, 1.0],
            &[1.0; 4],
        );
        assert!(powell.converged && powell.value < 1e-8, "{powell:?}");

        let stretched = minimise(
            |x| {
                let terms = x.iter().enumerate();
                let of = |(i, x): (usize, &f64)| {
                    let apart = x - i as f64;
                    libm::pow(10.0, 0.8 * i as f64) * apart * apart
                };
                7.0 + terms.map(of).sum::<f64>()
            },
            &[0.5; 6],
            &[1.0; 6],
        );
        assert!(stretched.converged && (stretched.value - 7.0).abs() < 1e-8, "{stretched:?}");
        let near = |(i, x): (usize, &f64)| (x - i as f64).abs() < 1e-4;
        assert!(stretched.point.iter().enumerate().all(near), "{stretched:?}");

        let one = minimise(|x| (x[0] - 3.0).abs(), &[-40.0], &[1.0]);
        assert!(one.converged && (one.point[0] - 3.0).abs() < 1e-6, "{one:?}");
    }

    #[test]
    fn what_is_no_number_is_avoided_and_what_falls_for_ever_is_said() {
        let log = minimise(|x| x[0] - libm::log(x[0]), &[5.0], &[10.0]);
        assert!(log.converged && (log.point[0] - 1.0).abs() < 1e-5, "{log:?}");
        let falls = minimise(|x| -x[0], &[0.0], &[1.0]);
        assert!(!falls.converged, "{falls:?}");
    }
}
