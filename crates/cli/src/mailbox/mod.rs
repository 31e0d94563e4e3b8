//! The sections of a report on a mailbox: what all its messages together say.
//!
//! A section is one file with a `SECTION` that makes a [`Tally`]. To add one, add its module and a line in [`ALL`].
//! A tally sees each message once and keeps little of it: a mailbox may have millions.

mod defects;
mod messages;
mod worst;

use crate::report::Verdict;
use crate::section::{Case, Settings, View};
use crate::shown::Shown;

/// In the order in which they are reported.
pub(crate) const ALL: &[Section] = &[messages::SECTION, defects::SECTION, worst::SECTION];

pub(crate) struct Section {
    pub key: &'static str,
    pub title: &'static str,
    pub tally: fn() -> Box<dyn Tally>,
}

/// One message of the mailbox.
pub(crate) struct Seen<'s, 'c, 'a> {
    pub name: &'s Shown,
    pub verdict: Verdict,
    pub case: &'s Case<'c, 'a>,
}

pub(crate) trait Tally {
    fn add(&mut self, seen: &Seen<'_, '_, '_>);

    /// `None` where there is nothing to tell.
    fn view(&self, settings: &Settings) -> Option<View>;
}
