//! Paths that start from points of low discrepancy (L. Andersen & R. Brotherton-Ratcliffe 1996;
//! R. Caflisch, W. Morokoff & A. Owen 1997, *Valuation of mortgage-backed securities using Brownian
//! bridges to reduce effective dimension*).
//!
//! Of every factor's random walk the end, the middle and the quarters and eighths are set by the
//! coordinates of a randomised Sobol point, the end of all factors first; the steps between are
//! plain normals that a bridge bends so that they arrive. Each path has exactly the law that it
//! has without: the nodes are independent uniforms put through Φ⁻¹, and given the sum R of r
//! independent normals the first of them is R/r + √(1 − 1/r)·x.

use super::draw::Draw;
use super::setting::CHUNK;
use super::{GbmAsset, ModelError, ModelKind, ModelSpec};
use crate::stats::{
    SOBOL_DIMENSIONS, SOBOL_LOG2_MAX, SobolSet, Stream, StreamKey, normal_quantile,
};

/// Stretches into which the nodes cut a path, at most.
const STRETCHES: usize = 8;

/// What is wrong with a size of sets, if anything.
pub(super) fn problem(size: u32) -> Option<String> {
    let greatest = 1_u32 << SOBOL_LOG2_MAX;
    let sound = size.is_power_of_two() && (2..=greatest).contains(&size);
    (!sound).then(|| format!("a Sobol set of {size} points: a power of two from 2 to {greatest}"))
}

/// The nodes of the present path, and how far the bridges to them are.
#[derive(Clone, Debug)]
pub(super) struct Starts {
    set: SobolSet,
    size: u32,
    key: StreamKey,
    /// Which set is randomised: seed and number.
    randomised: Option<(u64, u64)>,
    /// Steps at which the nodes stand, the first 0.
    nodes: Vec<usize>,
    factors: Vec<Factor>,
}

/// The walk of one factor.
#[derive(Clone, Debug)]
struct Factor {
    /// Its place among all factors of the model.
    place: usize,
    /// Of how many.
    of: usize,
    /// For nodes beyond the dimensions of the set.
    key: StreamKey,
    /// The walk at the nodes.
    walk: Vec<f64>,
    /// The stretch that is under way, steps left in it and what they sum to.
    stretch: usize,
    left: usize,
    rest: f64,
}

impl Starts {
    /// Those of the model, if it has any; `alone`: only of this factor of it.
    pub fn of(spec: &ModelSpec, alone: Option<usize>) -> Result<Option<Self>, ModelError> {
        let Some(size) = spec.options.sobol else { return Ok(None) };
        let clash = match &spec.kind {
            ModelKind::Bootstrap(_) => Some("a bootstrap is not made of normals".to_owned()),
            _ => spec.options.antithetic.then(|| "not with antithetic paths".to_owned()),
        };
        if let Some(problem) = problem(size).or(clash) {
            return Err(ModelError::Parameter { name: "sobol".to_owned(), problem });
        }
        let count = spec.assets.len();
        let mut stretches = STRETCHES;
        while stretches > spec.steps.max(1) {
            stretches /= 2;
        }
        let nodes: Vec<usize> = (0..=stretches).map(|node| spec.steps * node / stretches).collect();
        let factor = |(place, asset): (usize, &GbmAsset)| Factor {
            place,
            of: count,
            key: StreamKey::new("sobol rest", &asset.name),
            walk: vec![0.0; nodes.len()],
            stretch: 0,
            left: 0,
            rest: 0.0,
        };
        let chosen = |(place, _): &(usize, &GbmAsset)| alone.is_none_or(|one| one == *place);
        let factors = spec.assets.iter().enumerate().filter(chosen).map(factor).collect();
        let dimensions = (stretches * count).min(SOBOL_DIMENSIONS);
        let set = SobolSet::new(dimensions, size.trailing_zeros());
        let key = StreamKey::new("sobol", "");
        Ok(Some(Self { set, size, key, randomised: None, nodes, factors }))
    }

    /// Goes to the start of a path: the nodes of all factors.
    pub fn begin(&mut self, draw: Draw) {
        let (number, point) = (draw.path / u64::from(self.size), draw.path % u64::from(self.size));
        if self.randomised != Some((draw.seed, number)) {
            self.set.randomise(&mut self.key.open(draw.seed, number));
            self.randomised = Some((draw.seed, number));
        }
        for factor in &mut self.factors {
            factor.place_nodes(&self.set, point as u32, &self.nodes, draw);
            (factor.stretch, factor.left) = (0, 0);
        }
    }

    /// Bends the plain normals of the steps to the ticks `first..first + count`; they stand in one
    /// row of a chunk per factor.
    pub fn bend(&mut self, normals: &mut [f64], count: usize) {
        for (factor, row) in self.factors.iter_mut().zip(normals.chunks_exact_mut(CHUNK)) {
            for normal in &mut row[..count] {
                *normal = factor.next(*normal, &self.nodes);
            }
        }
    }
}

impl Factor {
    /// The end, then middles between nodes that stand, level by level: node q in this order takes
    /// dimension q·n + place of n factors.
    fn place_nodes(&mut self, set: &SobolSet, point: u32, nodes: &[usize], draw: Draw) {
        let mut stream: Option<Stream> = None;
        let last = nodes.len() - 1;
        let (of, place, key) = (self.of, self.place, self.key);
        let mut normal = |rank: usize| {
            let dimension = rank * of + place;
            if dimension < SOBOL_DIMENSIONS {
                return normal_quantile(set.coordinate(point, dimension));
            }
            stream.get_or_insert_with(|| draw.open(&key)).normal()
        };
        self.walk[last] = (nodes[last] as f64).sqrt() * normal(0);
        let (mut rank, mut width) = (1, last);
        while width > 1 {
            for low in (0..last).step_by(width) {
                let (middle, high) = (low + width / 2, low + width);
                let [from, at, to] = [low, middle, high].map(|node| nodes[node] as f64);
                let share = (at - from) / (to - from);
                let mean = self.walk[low] + share * (self.walk[high] - self.walk[low]);
                self.walk[middle] = mean + (share * (to - at)).sqrt() * normal(rank);
                rank += 1;
            }
            width /= 2;
        }
    }

    /// The next step, given a plain normal.
    #[inline]
    fn next(&mut self, plain: f64, nodes: &[usize]) -> f64 {
        if self.left == 0 {
            let Some(end) = nodes.get(self.stretch + 1) else { return plain };
            self.left = end - nodes[self.stretch];
            self.rest = self.walk[self.stretch + 1] - self.walk[self.stretch];
            self.stretch += 1;
        }
        let part = 1.0 / self.left as f64;
        let step = self.rest * part + (1.0 - part).sqrt() * plain;
        self.rest -= step;
        self.left -= 1;
        step
    }
}
