//! Why a model cannot be simulated.

/// Why a model cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// A correlation matrix has a negative eigenvalue: this one.
    #[error("the correlation matrix is not positive semi-definite: smallest eigenvalue {0}")]
    NotPsd(f64),
    /// A parameter of an asset, a regime or a shock.
    #[error("{name}: {problem}")]
    Parameter {
        /// Whose.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl ModelError {
    /// A list that must have one entry per asset has another length.
    pub(super) fn sizes(found: usize, assets: usize) -> Self {
        let problem = format!("parameters of {found} assets for {assets}");
        Self::Parameter { name: "model".to_owned(), problem }
    }
}
