//! The shape of a path of normals: straight pieces in the space of the factors.

/// A path of the factors that goes straight from node to node, evenly spread over the first `span`
/// steps, and stands still afterwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Rise per step by factor and piece: `slopes[factor·pieces + piece]`.
    pub slopes: Vec<f64>,
    pub pieces: usize,
    /// Time of the last node, in steps.
    pub span: f64,
}

impl Shape {
    /// That of a search's parameters: slopes, then the logarithm of the part of the run, of which
    /// anything above 0 is the whole run.
    pub fn of(parameters: &[f64], pieces: usize, steps: usize) -> Self {
        let (slopes, part) = parameters.split_at(parameters.len() - 1);
        let part = libm::exp(part[0].min(0.0));
        let span = (steps as f64 * part).max(1.0);
        Self { slopes: slopes.to_vec(), pieces, span }
    }

    /// The normals of all steps, `normals[factor·steps + step]`, scaled to energy 1: half the sum
    /// of their squares. `None` where all are zero.
    pub fn normals(&self, steps: usize, normals: &mut Vec<f64>) -> Option<()> {
        normals.clear();
        let length = self.span / self.pieces as f64;
        for slopes in self.slopes.chunks_exact(self.pieces) {
            normals.extend((0..steps).map(|step| {
                let (from, to) = (step as f64, (step + 1) as f64);
                let first = ((from / length) as usize).min(self.pieces);
                let pieces = slopes.iter().enumerate().skip(first);
                let touched = pieces.take_while(|(piece, _)| *piece as f64 * length < to);
                let part = |(piece, slope): (usize, &f64)| {
                    let begins = piece as f64 * length;
                    (to.min(begins + length) - from.max(begins)).max(0.0) * slope
                };
                touched.map(part).sum::<f64>()
            }));
        }
        let energy: f64 = normals.iter().map(|normal| normal * normal).sum::<f64>() / 2.0;
        if energy.is_nan() || energy <= 0.0 {
            return None;
        }
        let scale = 1.0 / energy.sqrt();
        normals.iter_mut().for_each(|normal| *normal *= scale);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slopes 2 and 1 over 3 of 4 steps, so that the pieces meet in the middle of step 2: normals
    /// 2, 1.5, 1, 0 before they are scaled; half their squares 3.625.
    #[test]
    fn pieces_share_a_step_by_time() {
        let shape = Shape { slopes: vec![2.0, 1.0], pieces: 2, span: 3.0 };
        let mut normals = Vec::new();
        shape.normals(4, &mut normals).unwrap();
        let root = 3.625_f64.sqrt();
        for (found, wanted) in normals.iter().zip([2.0, 1.5, 1.0, 0.0]) {
            assert!((found - wanted / root).abs() < 1e-15, "{normals:?}");
        }
        let nothing = Shape { slopes: vec![0.0; 2], ..shape };
        assert_eq!(nothing.normals(4, &mut normals), None);
    }
}
