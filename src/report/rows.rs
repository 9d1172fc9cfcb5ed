//! The rows of a study as they come: hashed, and written to `paths.csv` or `paths.parquet`.

use std::fs::File;
use std::io::{self, BufWriter};

use sha2::{Digest, Sha256};

use super::folder::OutFolder;
use super::rows_csv::CsvTable;
use super::rows_parquet::ParquetTable;
use crate::engine::{AgentOutcome, Metric, MetricScope, Rule};
use crate::scenario::{ReportSpec, TableFormat};
use crate::study::{RowSink, Variant};

/// A table with one row per path, variant and agent.
pub(super) trait RowTable: Send {
    fn begin(&mut self, metrics: &[Metric]) -> io::Result<()>;
    fn row(&mut self, variant: &str, path: u64, agent: &str, values: &[f64]) -> io::Result<()>;
    fn finish(&mut self) -> io::Result<()>;
}

/// The sink of a run. The hash does not depend on whether, or in which format, rows are written.
pub struct Rows {
    table: Option<Box<dyn RowTable>>,
    metrics: Vec<Metric>,
    /// Per variant its name and those of its agents.
    names: Vec<(String, Vec<String>)>,
    hash: Sha256,
    values: Vec<f64>,
}

impl Rows {
    /// A sink that writes into the folder what the scenario asks for.
    pub fn new(folder: &OutFolder, spec: &ReportSpec, scope: MetricScope) -> io::Result<Self> {
        let open = |name: &str| File::create(folder.path(name)).map(BufWriter::new);
        let table: Option<Box<dyn RowTable>> = match spec.format {
            _ if !spec.paths => None,
            TableFormat::Csv => Some(Box::new(CsvTable::new(open("paths.csv")?))),
            TableFormat::Parquet => Some(Box::new(ParquetTable::new(open("paths.parquet")?))),
        };
        Ok(Self {
            table,
            metrics: scope.metrics().collect(),
            names: Vec::new(),
            hash: Sha256::new(),
            values: Vec::new(),
        })
    }

    /// SHA-256 over all rows.
    pub fn digest(self) -> [u8; 32] {
        self.hash.finalize().into()
    }
}

impl RowSink for Rows {
    fn begin(&mut self, variants: &[Variant]) -> io::Result<()> {
        for variant in variants {
            let agents: Vec<String> =
                variant.plan.agents.iter().map(|agent| agent.name.clone()).collect();
            for name in std::iter::once(&variant.name).chain(&agents) {
                self.hash.update((name.len() as u64).to_le_bytes());
                self.hash.update(name.as_bytes());
            }
            self.names.push((variant.name.clone(), agents));
        }
        for metric in &self.metrics {
            self.hash.update(metric.name().as_bytes());
        }
        self.table.as_mut().map_or(Ok(()), |table| table.begin(&self.metrics))
    }

    fn accept(&mut self, variant: usize, path: u64, agents: &[AgentOutcome]) -> io::Result<()> {
        for (index, outcome) in agents.iter().enumerate() {
            self.values.clear();
            self.values.extend(self.metrics.iter().map(|&metric| outcome.get(metric) + 0.0));
            for &value in &self.values {
                let bits = if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
                self.hash.update(bits.to_le_bytes());
            }
            for &rule in Rule::ALL {
                self.hash.update(outcome.fired(rule).to_le_bytes());
            }
            if let Some(table) = &mut self.table {
                let (name, names) = &self.names[variant];
                table.row(name, path, &names[index], &self.values)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.table.as_mut().map_or(Ok(()), |table| table.finish())
    }
}
