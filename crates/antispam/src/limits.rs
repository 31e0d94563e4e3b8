//! How much of a message is looked at: every limit by name, with its reason.

/// Octets of a message that are scanned; what is larger is read to here. Spam is small, and few servers take more than some
/// times this.
pub const MAX_MESSAGE: usize = 10 << 20;

/// Findings of one message: above any rule set's, so that one rule that matches everywhere cannot fill memory.
pub const MAX_FINDINGS: usize = 1_000;

/// Octets of the detail of one finding: what fits a line of a report.
pub const MAX_DETAIL: usize = 500;

/// The limits of one message. What is beyond them is passed over, and a finding says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of the message. Default [`MAX_MESSAGE`].
    pub message: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message: MAX_MESSAGE }
    }
}
