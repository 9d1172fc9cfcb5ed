//! What every chart must do.

use drypowder::report::charts::ChartError;
use std::fs;
use std::path::{Path, PathBuf};

/// Draws twice, under `target/tmp/charts`, and checks size and equality.
pub fn check(name: &str, draw: impl Fn(&Path) -> Result<(), ChartError>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("charts");
    fs::create_dir_all(&folder).expect("the test folder can be made");
    let (one, two) = (folder.join(format!("{name}.png")), folder.join(format!("{name}.again.png")));
    draw(&one).unwrap_or_else(|e| panic!("{name}: {e}"));
    draw(&two).unwrap_or_else(|e| panic!("{name}: {e}"));
    let bytes = fs::read(&one).expect("the chart was written");
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{name}");
    assert_eq!(&bytes[16..24], [0, 0, 6, 64, 0, 0, 3, 132], "{name}: 1600×900");
    assert!(bytes.len() > 5_000, "{name}: {} bytes", bytes.len());
    assert!(bytes == fs::read(&two).expect("the chart was written"), "{name}: bytes differ");
    fs::remove_file(&two).expect("the copy can be removed");
}
