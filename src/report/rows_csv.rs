//! `paths.csv`.

use std::io::{self, Write};

use super::number::write_number;
use super::rows::RowTable;
use crate::engine::Metric;

/// Comma-separated rows. Names are quoted where they need it.
pub(super) struct CsvTable<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> CsvTable<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }
}

/// Appends a name, quoted if it holds a comma, a quote or a line break.
pub(super) fn push_name(line: &mut Vec<u8>, name: &str) {
    if name.contains([',', '"', '\n', '\r']) {
        line.push(b'"');
        line.extend_from_slice(name.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(name.as_bytes());
    }
}

impl<W: Write + Send> RowTable for CsvTable<W> {
    fn begin(&mut self, metrics: &[Metric]) -> io::Result<()> {
        let names: Vec<&str> = metrics.iter().map(|metric| metric.name()).collect();
        writeln!(self.out, "variant,path,agent,{}", names.join(","))
    }

    fn row(&mut self, variant: &str, path: u64, agent: &str, values: &[f64]) -> io::Result<()> {
        self.line.clear();
        push_name(&mut self.line, variant);
        write!(self.line, ",{path},")?;
        push_name(&mut self.line, agent);
        for &value in values {
            self.line.push(b',');
            write_number(&mut self.line, value)?;
        }
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
