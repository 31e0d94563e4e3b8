//! The sections of a report on a mailbox: what all its messages together say.
//!
//! A section is one file with a `SECTION` that makes a [`Tally`]. To add one, add its module and a line in [`ALL`].
//! A tally sees each message once and keeps little of it: a mailbox may have millions.

mod defects;
mod kept;
mod look_twice;
mod messages;
mod threads;
mod worst;

use crate::input::{Named, Origin};
use crate::report::Verdict;
use crate::section::{Alert, Case, Settings, View};
use crate::shown::Shown;

/// In the order in which they are reported.
pub(crate) const ALL: &[Section] =
    &[messages::SECTION, defects::SECTION, worst::SECTION, look_twice::SECTION, threads::SECTION];

pub(crate) struct Section {
    pub key: &'static str,
    pub title: &'static str,
    pub tally: fn() -> Box<dyn Tally>,
}

/// One message of the mailbox.
pub(crate) struct Seen<'s, 'c, 'a> {
    pub origin: &'s Origin,
    pub verdict: Verdict,
    pub alerts: &'s [Alert],
    pub case: &'s Case<'c, 'a>,
}

pub(crate) trait Tally {
    fn add(&mut self, seen: &Seen<'_, '_, '_>);

    /// `None` where there is nothing to tell.
    fn view(&self, settings: &Settings) -> Option<View>;

    /// What the heading of the report says beside the defects.
    fn alert(&self) -> Option<Shown> {
        None
    }
}

/// A message in a list: its name and, where there is one, its subject.
fn title(named: &Named, subject: Option<&Shown>) -> Shown {
    match subject {
        Some(subject) => format_args!("{}: {subject}", named.name()).into(),
        None => named.name().clone(),
    }
}
