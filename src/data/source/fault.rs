//! What a reading error means, in words.

use std::fmt;
use std::io::{self, ErrorKind};

use crate::prices::history::HistoryError;

const FETCH: &str = "fetch the file anew, and compare its size or hash with the source's";

/// A fault of the packed data that has words of its own; travels inside an [`io::Error`].
#[derive(Debug)]
pub(super) struct Refusal {
    pub problem: String,
    pub remedy: &'static str,
}

impl Refusal {
    /// As an error of a reader.
    pub fn raise(problem: impl fmt::Display, remedy: &'static str) -> io::Error {
        io::Error::other(Self { problem: problem.to_string(), remedy })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Refusal {}

/// A reading error of `origin` as a message.
pub(super) fn explain(origin: &str, error: &io::Error) -> HistoryError {
    let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>());
    if let Some(Refusal { problem, remedy }) = own {
        return HistoryError::new(origin, problem, remedy);
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => {
            HistoryError::new(origin, "the packed data are cut short", FETCH)
        }
        ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            HistoryError::new(origin, format!("the packed data are damaged: {error}"), FETCH)
        }
        ErrorKind::Unsupported => {
            let remedy = "unpack it with the program that packed it, and give the files";
            HistoryError::new(origin, format!("packed in a way not read here: {error}"), remedy)
        }
        _ => {
            let remedy = "check the disk and who may read the file";
            HistoryError::new(origin, format!("cannot be read: {error}"), remedy)
        }
    }
}

/// As [`explain`], as a list.
pub(super) fn told(origin: &str, error: &io::Error) -> Vec<HistoryError> {
    vec![explain(origin, error)]
}

/// One message as a list.
pub(super) fn refuse<T>(
    origin: &str,
    problem: impl fmt::Display,
    remedy: impl fmt::Display,
) -> Result<T, Vec<HistoryError>> {
    Err(vec![HistoryError::new(origin, problem, remedy)])
}
