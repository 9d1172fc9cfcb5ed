//! Asking the engine whether a path breaks a plan, and how far a shape must be stretched to.

use super::shape::Shape;
use crate::engine::{MetricLevel, Plan, RunError, Workspace, run};
use crate::prices::PricePath;
use crate::prices::models::ModelPath;
use crate::scenario::ReverseSpec;
use crate::study::splitting::{Goal, Watcher};

/// The longest path that is tried: √energy, so 1,800 of energy.
const FARTHEST: f64 = 42.0;

/// Asks the engine.
pub(super) struct Probe<'a> {
    plan: Plan,
    pub path: ModelPath,
    workspace: Workspace,
    seed: u64,
    spec: &'a ReverseSpec,
    normals: Vec<f64>,
    scaled: Vec<f64>,
    pub runs: u64,
    pub shapes: u64,
    /// The first run that failed.
    pub failed: Option<RunError>,
}

impl<'a> Probe<'a> {
    pub fn new(plan: &Plan, path: ModelPath, seed: u64, spec: &'a ReverseSpec) -> Self {
        let plan = Plan { metrics: MetricLevel::Events, ..plan.clone() };
        let workspace = Workspace::new(&plan, path.assets());
        let (normals, scaled) = (Vec::new(), Vec::new());
        Self {
            plan,
            path,
            workspace,
            seed,
            spec,
            normals,
            scaled,
            runs: 0,
            shapes: 0,
            failed: None,
        }
    }

    pub fn steps(&self) -> usize {
        self.path.ticks() - 1
    }

    /// Begins the path of a shape, stretched.
    pub fn begin(&mut self, shape: &Shape, scale: f64) {
        let none = shape.normals(self.steps(), &mut self.normals).is_none();
        let scale = if none { 0.0 } else { scale };
        self.begin_scaled(scale);
    }

    fn begin_scaled(&mut self, scale: f64) {
        self.scaled.clear();
        self.scaled.extend(self.normals.iter().map(|normal| scale * normal));
        self.path.begin_given(self.seed, 0, &self.scaled);
    }

    fn breaks(&mut self, scale: f64) -> bool {
        self.begin_scaled(scale);
        let mut watcher = Watcher::of(self.spec.event, self.spec.agent, Goal::Event);
        self.runs += 1;
        let ran = run(&self.plan, &mut self.path, self.seed, 0, &mut self.workspace, &mut watcher);
        if let Err(error) = ran {
            self.failed.get_or_insert(error);
        }
        watcher.seen.event.is_some()
    }

    /// The scale from which on a shape breaks the plan, to the part `precision`, and that breaks
    /// it; infinite where none up to [`FARTHEST`] does. The search begins at `guess`.
    pub fn least_scale(&mut self, shape: &Shape, guess: f64, precision: f64) -> f64 {
        self.shapes += 1;
        if shape.normals(self.steps(), &mut self.normals).is_none() || self.failed.is_some() {
            return f64::INFINITY;
        }
        let (mut low, mut high) = (0.0, guess);
        if self.breaks(high) {
            while high > 1e-6 {
                low = high * 0.8;
                if !self.breaks(low) {
                    break;
                }
                high = low;
            }
        } else {
            loop {
                low = high;
                high *= 1.25;
                if low > FARTHEST {
                    return f64::INFINITY;
                }
                if self.breaks(high) {
                    break;
                }
            }
        }
        while high - low > precision * high {
            let middle = (low + high) / 2.0;
            if self.breaks(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }

    /// Whether the plan breaks on the path without any noise.
    pub fn breaks_alone(&mut self) -> bool {
        self.normals = vec![0.0; self.steps() * self.path.assets()];
        self.breaks(0.0)
    }
}
