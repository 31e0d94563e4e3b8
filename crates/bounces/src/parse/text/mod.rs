//! Reports in plain words: one engine, which the marks of `formats/*.toml` guide.

mod recipients;
mod scan;

use std::ops::Range;

pub(super) use scan::Scan;

/// A recipient that a text names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) address: String,
    /// What is said of it.
    pub(super) diagnostic: String,
    /// Where it stands in the text.
    pub(super) place: Range<usize>,
}

impl Scan<'_> {
    /// The recipients that failed, `sender` being who the report was sent to.
    pub(super) fn recipients(&self, sender: &[String], most: usize) -> Vec<Named> {
        recipients::find(self, sender, most)
    }

    /// Names of mailboxes without their domain, in lines of their own below a label: those of `domain`.
    pub(super) fn local_names(&self, domain: Option<&str>) -> Vec<Named> {
        recipients::local_names(self, domain)
    }
}
