//! A progress bar on the standard error; indicatif draws none where that is not a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::Progress;

/// Work on files that takes longer than this gets a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how much is done.
pub(super) struct Bar {
    bar: ProgressBar,
    /// When a bar that is still hidden comes out.
    shown_from: Option<Instant>,
}

impl Bar {
    /// Counts paths.
    pub fn new(total: u64, quiet: bool) -> Self {
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let template = "{bar:40} {human_pos} of {human_len} paths, {eta} left";
        Self { bar: styled(total, target, template), shown_from: None }
    }

    /// Counts bytes; comes out after a second.
    pub fn of_bytes(total: u64, quiet: bool) -> Self {
        let template = "{bar:40} {bytes} of {total_bytes}, {eta} left";
        let bar = styled(total, ProgressDrawTarget::hidden(), template);
        let shown_from = if quiet { None } else { Instant::now().checked_add(PATIENCE) };
        Self { bar, shown_from }
    }

    /// So much is done.
    pub fn set(&mut self, done: u64) {
        if self.shown_from.is_some_and(|from| Instant::now() >= from) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown_from = None;
        }
        self.bar.set_position(done);
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn styled(total: u64, target: ProgressDrawTarget, template: &str) -> ProgressBar {
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), target).with_style(style)
}

impl Progress for Bar {
    fn advance(&mut self, done: u64, _: u64) {
        self.bar.set_position(done);
    }
}
