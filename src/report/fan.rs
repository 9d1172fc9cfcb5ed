//! `fan.csv`: quantiles of equity over paths, over time.

use std::io::{self, Write};

use super::number::exact;
use crate::study::{Fan, VariantSet};
use crate::units::time::to_iso;

pub(super) fn write_csv(out: &mut impl Write, set: &VariantSet, fans: &[Fan]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["variant", "paths", "time", "p05", "p25", "p50", "p75", "p95"])?;
    for fan in fans {
        let name = set.all()[fan.variant].name.as_str();
        let paths = fan.paths.to_string();
        for step in &fan.steps {
            let values = step.equity_usdc.map(exact);
            let start = [name, paths.as_str(), &to_iso(step.time_ms)].map(str::to_owned);
            table.write_record(start.iter().chain(&values))?;
        }
    }
    table.flush()
}
