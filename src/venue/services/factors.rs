//! Factors of the services, correlated with the market and with each other.

use crate::stats::{LowerTriangular, NotPsd, Stream, SymMatrix, cholesky};

/// Even stairs in which a drift is taken.
const STAIRS: usize = 256;

/// The services that follow a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// Winning bets.
    Casino,
    /// Sales of names.
    Domains,
    /// Number of contracts.
    Escrow,
    /// Demand for loans.
    Lending,
}

impl Factor {
    /// How many there are.
    pub const COUNT: usize = 4;
    /// All, in their order.
    pub const ALL: [Self; Self::COUNT] = [Self::Casino, Self::Domains, Self::Escrow, Self::Lending];
}

/// Correlations of the services' factors.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorSpec {
    /// With trading, by [`Factor`].
    pub with_trading: [f64; Factor::COUNT],
    /// Between services.
    pub between: SymMatrix,
    /// The asset whose factor "trading" is, by its place in `assets`.
    pub trading: usize,
    /// Correlations of the assets' returns.
    pub assets: SymMatrix,
    /// Correlations of a service with an asset that differ from
    /// ρ(service, trading)·ρ(trading, asset).
    pub given: Vec<(Factor, usize, f64)>,
    /// Correlations of the assets' returns in a crisis that correlations drift to; those of
    /// services with assets follow them by the same rule. `None`: they do not drift.
    pub crisis: Option<SymMatrix>,
}

impl FactorSpec {
    /// Casino .42, domains .08, escrow .11, lending −.31 with trading, casino–escrow .06, others
    /// 0; trading is asset `trading` of `assets`.
    pub fn prime(assets: SymMatrix, trading: usize) -> Self {
        let mut between = SymMatrix::identity(Factor::COUNT);
        between.set(Factor::Escrow as usize, Factor::Casino as usize, 0.06);
        Self {
            with_trading: [0.42, 0.08, 0.11, -0.31],
            between,
            trading,
            assets,
            given: vec![],
            crisis: None,
        }
    }

    /// Correlations so far (`weight`, 0 to 1) on the way to a crisis in which the assets' returns
    /// have those of `target` and each service that is correlated with trading follows it
    /// wholly, with its sign; they do not drift from there. Every correlation is
    /// (1 − w)·now + w·crisis: semi-definite, since both ends are.
    pub fn towards(&self, target: &SymMatrix, weight: f64) -> Self {
        let blend = |now: f64, then: f64| (1.0 - weight) * now + weight * then;
        let sign = self.with_trading.map(|rho| if rho == 0.0 { 0.0 } else { rho.signum() });
        let mut found = Self { crisis: None, given: Vec::new(), ..self.clone() };
        for row in 0..self.assets.n() {
            for column in 0..row {
                let (now, then) = (self.assets.get(row, column), target.get(row, column));
                found.assets.set(row, column, blend(now, then));
            }
        }
        for (service, factor) in Factor::ALL.into_iter().enumerate() {
            found.with_trading[service] = blend(self.with_trading[service], sign[service]);
            for asset in (0..self.assets.n()).filter(|asset| *asset != self.trading) {
                let now = self.with_asset(&self.assets, service, asset);
                let then = sign[service] * target.get(self.trading, asset);
                found.given.push((factor, asset, blend(now, then)));
            }
            for other in 0..service {
                let now = self.between.get(service, other);
                found.between.set(service, other, blend(now, sign[service] * sign[other]));
            }
        }
        found
    }

    /// ρ(service, asset) among these correlations of the assets.
    fn with_asset(&self, assets: &SymMatrix, service: usize, asset: usize) -> f64 {
        let given =
            self.given.iter().find(|(of, with, _)| *of as usize == service && *with == asset);
        let product = self.with_trading[service] * assets.get(self.trading, asset);
        given.map_or(product, |(_, _, rho)| *rho)
    }

    /// Correlations of the assets, then of the services, with each other, so far on the way to
    /// those of a crisis.
    fn joint(&self, weight: f64) -> SymMatrix {
        let base = self.joint_of(&self.assets);
        let Some(crisis) = self.crisis.as_ref().map(|crisis| self.joint_of(crisis)) else {
            return base;
        };
        let mut joint = base.clone();
        for row in 0..joint.n() {
            for column in 0..row {
                let (from, to) = (base.get(row, column), crisis.get(row, column));
                joint.set(row, column, (1.0 - weight) * from + weight * to);
            }
        }
        joint
    }

    fn joint_of(&self, market: &SymMatrix) -> SymMatrix {
        let assets = market.n();
        let mut joint = SymMatrix::identity(assets + Factor::COUNT);
        for row in 0..assets + Factor::COUNT {
            for column in 0..row {
                let value = match (row.checked_sub(assets), column.checked_sub(assets)) {
                    (None, _) => market.get(row, column),
                    (Some(service), None) => self.with_asset(market, service, column),
                    (Some(one), Some(other)) => self.between.get(one, other),
                };
                joint.set(row, column, value);
            }
        }
        joint
    }
}

/// Draws the services' factors given the market's.
///
/// With A the assets' correlations, B those of services with assets and R those between services:
/// s = B·A⁻¹·z + L·ε, L·Lᵀ = R − B·A⁻¹·Bᵀ. For one asset that is ρ·z + L·ε with L·Lᵀ = R − ρ·ρᵀ.
/// Both follow from one triangle of the joint matrix: z = T·u gives u, and s are the rows below.
#[derive(Clone, Debug)]
pub struct ServiceFactors {
    /// One per stair of the drift; one where there is none.
    triangles: Vec<LowerTriangular>,
    stair: usize,
    assets: usize,
    /// u and ε.
    independent: Vec<f64>,
}

impl ServiceFactors {
    /// Prepares the triangles.
    ///
    /// # Errors
    /// [`NotPsd`] with the smallest eigenvalue when the correlations cannot all hold together.
    pub fn new(spec: &FactorSpec) -> Result<Self, NotPsd> {
        let assets = spec.assets.n();
        let stairs = if spec.crisis.is_some() { STAIRS } else { 0 };
        // A matrix between two that are semi-definite is so: a fault is that of an end.
        for weight in [0.0, 1.0] {
            cholesky(&spec.joint(weight))?;
        }
        let on_stair = |stair| cholesky(&spec.joint(stair as f64 / STAIRS as f64));
        let triangles = (0..=stairs).map(on_stair).collect::<Result<_, _>>()?;
        Ok(Self { triangles, stair: 0, assets, independent: vec![0.0; assets + Factor::COUNT] })
    }

    /// How many assets it wants returns of.
    pub fn assets(&self) -> usize {
        self.assets
    }

    /// Says how far correlations have drifted to those of the crisis in the step, 0 to 1.
    pub fn set_crisis(&mut self, weight: f64) {
        let last = self.triangles.len() - 1;
        self.stair = libm::round(weight * last as f64) as usize;
    }

    /// Tells it the assets' returns over the step, each over its standard deviation.
    pub fn set_market(&mut self, returns: &[f64]) {
        assert_eq!(returns.len(), self.assets, "one return per asset");
        for (asset, z) in returns.iter().enumerate() {
            let row = self.triangles[self.stair].row(asset);
            let pairs = row[..asset].iter().zip(&self.independent);
            let rest = pairs.fold(*z, |rest, (l, u)| rest - l * u);
            // Without a pivot the asset is a combination of those before it.
            self.independent[asset] = if row[asset] > 0.0 { rest / row[asset] } else { 0.0 };
        }
    }

    /// The factors of one agent over the step, by [`Factor`]: always as many draws.
    pub fn draw(&mut self, stream: &mut Stream) -> [f64; Factor::COUNT] {
        stream.fill_normal(&mut self.independent[self.assets..]);
        std::array::from_fn(|service| {
            let row = self.triangles[self.stair].row(self.assets + service);
            row.iter().zip(&self.independent).fold(0.0, |sum, (l, x)| sum + l * x)
        })
    }
}
