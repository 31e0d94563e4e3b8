//! What one call may cost.

/// Used ids of a References field. Conversations of mailing lists stay below a hundred, and programs that write the field
/// keep the first and the last ids when they cut it; so do we.
pub const MAX_IDS: usize = 1000;

/// Octets of a header field that are looked at. 1,000 ids of 128 octets, which is longer than any program writes them.
pub const MAX_HEADER_OCTETS: usize = 128 * 1024;

/// Messages of one call: ten times the largest mailboxes that IMAP servers are run with.
pub const MAX_MESSAGES: usize = 100_000_000;

/// Messages and named ids of one call together: they are numbered in 32 bits, and the last numbers have other meanings.
pub const MAX_NODES: usize = 0x7fff_fff0;

/// The limits of one call. What a message has beyond them is dropped and told by
/// [`Forest::cut`](crate::Forest::cut); the message itself always stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Used ids of a References field: of more, the first half and the last half count. Default [`MAX_IDS`].
    pub ids: usize,
    /// Octets of a header field: of a longer References the first half and the last half are read, of other fields the
    /// beginning. Default [`MAX_HEADER_OCTETS`].
    pub header_octets: usize,
    /// Messages; more are an error. Default [`MAX_MESSAGES`].
    pub messages: usize,
}

impl Limits {
    /// No limit but [`MAX_NODES`]: for mail whose size was bounded before.
    pub const NONE: Self = Self { ids: usize::MAX, header_octets: usize::MAX, messages: usize::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        Self { ids: MAX_IDS, header_octets: MAX_HEADER_OCTETS, messages: MAX_MESSAGES }
    }
}
