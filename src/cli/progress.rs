//! A progress bar on the standard error; indicatif draws none where that is not a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::Progress;

/// Shows how many paths are done.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub fn new(total: u64, quiet: bool) -> Self {
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let template = "{bar:40} {human_pos} of {human_len} paths, {eta} left";
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::with_draw_target(Some(total), target).with_style(style))
    }

    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&mut self, done: u64, _: u64) {
        self.0.set_position(done);
    }
}
