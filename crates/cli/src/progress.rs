//! A bar on standard error for mailboxes that take a while.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// What is read within this time needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a mailbox is read. Draws nothing within the first second, nor where standard error is no terminal.
pub(crate) struct Progress {
    total: Option<u64>,
    since: Instant,
    bar: Option<ProgressBar>,
    is_wanted: bool,
}

impl Progress {
    /// `total` octets are to be read, where that is known. `is_free` says that nothing else writes to the terminal.
    pub(crate) fn new(total: Option<u64>, is_free: bool) -> Self {
        Self { total, since: Instant::now(), bar: None, is_wanted: is_free && stderr().is_terminal() }
    }

    /// `octets` of the total are read, and `messages` with them.
    pub(crate) fn at(&mut self, octets: u64, messages: usize) {
        if let Some(bar) = self.bar(octets) {
            bar.set_message(format!("{} messages", crate::shown::grouped(messages as u64)));
        }
    }

    /// `octets` of the total, which is one message, are read.
    pub(crate) fn within(&mut self, octets: u64) {
        if let Some(bar) = self.bar(octets) {
            bar.set_message("1 message");
        }
    }

    /// Whether it will ever be drawn.
    pub(crate) const fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    fn bar(&mut self, octets: u64) -> Option<&ProgressBar> {
        if !self.is_wanted || (self.bar.is_none() && self.since.elapsed() < PATIENCE) {
            return None;
        }
        let total = self.total;
        let since = self.since;
        let bar = self.bar.get_or_insert_with(|| new_bar(total, since));
        bar.set_position(octets);
        Some(bar)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(total: Option<u64>, since: Instant) -> ProgressBar {
    let (bar, form) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:32} {percent:>3} % of {total_bytes}, {msg}, {bytes_per_sec}, {eta} left",
        ),
        None => (ProgressBar::no_length(), "{spinner} {bytes}, {msg}, {bytes_per_sec}"),
    };
    let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_elapsed(since.elapsed())
}
