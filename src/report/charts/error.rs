use std::error::Error;
use std::path::PathBuf;

/// Why a chart was not drawn; names the file it was meant for.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A shape or a text could not be drawn.
    #[error("cannot draw the chart {}: {source}", path.display())]
    Draw { path: PathBuf, source: Box<dyn Error + Send + Sync> },
    /// The image could not be written: no such folder, no permission, disk full, or a file name
    /// that does not end in `.png`.
    #[error("cannot write the chart {}: {source}", path.display())]
    Write { path: PathBuf, source: Box<dyn Error + Send + Sync> },
}
