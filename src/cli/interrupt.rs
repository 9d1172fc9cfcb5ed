//! Ctrl-C: the first asks the work to stop between two blocks, the second ends the process.

use std::io::{Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// The flag that Ctrl-C sets.
pub(super) fn flag() -> &'static AtomicBool {
    // Only a second call fails; the first handler then goes on.
    let _already_set = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        // A reader that has gone away is no reason to go on.
        let _unread = writeln!(stderr(), "stopping; press Ctrl-C again to end at once");
    });
    &STOP
}
