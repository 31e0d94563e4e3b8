//! One entry.

/// Entries of one file: above any list that is kept by hand or fetched daily.
pub const MAX_ENTRIES: usize = 1_000_000;

/// Globs of one file: all are looked for in one pass, whose memory grows with them.
pub const MAX_GLOBS: usize = 2_000;

/// Octets of a line, and of an address that is looked up: an address has 320 at most (RFC 3696 3, errata).
pub const MAX_LINE: usize = 400;

/// Whose address an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// The sender of the envelope.
    Sender,
    /// The author in From.
    From,
}

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) allow: bool,
    /// `None` names both.
    pub(super) identity: Option<Identity>,
    pub(super) text: String,
    pub(super) line: usize,
    /// Characters of a glob that are no wildcard.
    pub(super) length: usize,
}

impl Row {
    pub(super) fn names(&self, identity: Identity) -> bool {
        self.identity.is_none_or(|named| named == identity)
    }
}
