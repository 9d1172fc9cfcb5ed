//! Signals. Ctrl-C: the first asks the work to stop between two blocks, the second ends the process. A
//! file beyond the size that the shell allows (`ulimit -f`) is an error of its write.

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

/// Lets a write beyond the greatest size of a file fail, so that it is reported: unhandled, its signal
/// ends the process without a word.
#[cfg(unix)]
pub fn report_file_limits() {
    use signal_hook::{consts::SIGXFSZ, flag::register};
    let unread = std::sync::Arc::new(AtomicBool::new(false));
    // Without a handler all else is as it was.
    let _not_handled = register(SIGXFSZ, unread);
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub const fn report_file_limits() {}
