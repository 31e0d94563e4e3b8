//! What one message may cost.

/// Octets of a message that are read: servers return whole messages, and few take more than 32 MiB.
pub const MAX_INPUT: usize = 32 << 20;

/// Recipients of one report; a server tells of at most as many as it took in one transaction, which is thousands for lists.
pub const MAX_RECIPIENTS: usize = 10_000;

/// Octets of text that are searched where there are no fields; what a server has to say stands at the beginning.
pub const MAX_TEXT: usize = 256 << 10;

/// Octets of a diagnostic that are kept: several times the longest that providers write.
pub const MAX_DIAGNOSTIC: usize = 8 << 10;

/// The limits of one message. What is beyond them is passed over, and a warning says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of the message. Default [`MAX_INPUT`].
    pub input: usize,
    /// Recipients. Default [`MAX_RECIPIENTS`].
    pub recipients: usize,
    /// Octets of text. Default [`MAX_TEXT`].
    pub text: usize,
    /// Octets of a diagnostic. Default [`MAX_DIAGNOSTIC`].
    pub diagnostic: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { input: MAX_INPUT, recipients: MAX_RECIPIENTS, text: MAX_TEXT, diagnostic: MAX_DIAGNOSTIC }
    }
}
