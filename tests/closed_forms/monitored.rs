//! The exact law of a random walk with Gaussian steps that is stopped at a barrier, by
//! quadrature: what the continuity correction approximates.

use super::passage::Passage;

/// Nodes and weights of Gauss and Legendre on [−1, 1], positive half (Abramowitz & Stegun 25.4.30).
const HALF_RULE: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_47),
    (0.960_289_856_497_536_2, 0.101_228_536_290_376_26),
];
const NODES: usize = 8;
/// A step of more standard deviations than this has probability 1e-19.
const REACH: isize = 9;
/// The grid ends where the walk comes with probability below 1e-13.
const TAIL: f64 = 7.5;

fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
}

/// Nodes on [0, 1] with weights.
fn rule() -> [(f64, f64); NODES] {
    std::array::from_fn(|index| {
        let (node, weight) = HALF_RULE[index % 4];
        let signed = if index < 4 { -node } else { node };
        (0.5 + signed / 2.0, weight / 2.0)
    })
}

/// P(not yet at or beyond the barrier) after each of `steps` looks, `step` years apart.
///
/// In units of a step's deviation, y the distance still to go: the density of y on y > 0 is
/// convolved with one step and cut at zero, on panels of length one.
pub fn survival(passage: &Passage, step: f64, steps: usize) -> Vec<f64> {
    let unit = passage.volatility * step.sqrt();
    let start = passage.distance / unit;
    let drift = passage.drift * step / unit;
    let away = (-drift * steps as f64).max(0.0);
    let panels = (start + away + TAIL * (steps as f64).sqrt()).ceil() as usize + 2;
    let rule = rule();
    let kernel: Vec<[[f64; NODES]; NODES]> = (-REACH..=REACH)
        .map(|offset| {
            // From node b of panel i to node a of panel i + offset.
            std::array::from_fn(|a| {
                std::array::from_fn(|b| {
                    let move_by = offset as f64 + rule[a].0 - rule[b].0;
                    density(move_by + drift) * rule[b].1
                })
            })
        })
        .collect();
    let mut now: Vec<[f64; NODES]> = (0..panels)
        .map(|panel| rule.map(|(node, _)| density(panel as f64 + node - start + drift)))
        .collect();
    let mut next = now.clone();
    let mut alive = Vec::with_capacity(steps);
    loop {
        let mass = |panel: &[f64; NODES]| -> f64 {
            panel.iter().zip(rule).map(|(value, (_, weight))| value * weight).sum()
        };
        alive.push(now.iter().map(mass).sum());
        if alive.len() == steps {
            return alive;
        }
        for (to, target) in next.iter_mut().enumerate() {
            *target = [0.0; NODES];
            let first = (to as isize - REACH).max(0) as usize;
            let last = (to + REACH as usize).min(panels - 1);
            for (from, source) in now.iter().enumerate().take(last + 1).skip(first) {
                let weights = &kernel[(to as isize - from as isize + REACH) as usize];
                for (value, row) in target.iter_mut().zip(weights) {
                    *value += row.iter().zip(source).map(|(w, s)| w * s).sum::<f64>();
                }
            }
        }
        std::mem::swap(&mut now, &mut next);
    }
}
