//! How much of a message is read: every limit by name, with its reason.

/// What [`Message::parse_with`](crate::Message::parse_with) holds a message to.
///
/// Only [`bytes`](Limits::bytes) refuses a message. Every other limit cuts there, keeps the rest as an opaque body
/// or field, and says so in a [`Defect`](crate::Defect) that names the limit.
///
/// ```
/// use mailwright_message_model::{Limits, Message};
///
/// let strict = Limits { depth: 2, ..Limits::default() };
/// let message = Message::parse_with(b"Subject: hello\r\n\r\nhi\r\n", &strict)?;
/// assert!(message.defects().is_empty());
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
///
/// # Limits of single values
///
/// The readers of values have limits of their own, which no honest mail reaches; they are constants, and the view, or a
/// [`Defect`](crate::Defect) of [`Message::inspect`](crate::Message::inspect), says when one cut:
/// [`address::MAX_ENTRIES`](crate::address::MAX_ENTRIES) and
/// [`address::MAX_FIELD_BYTES`](crate::address::MAX_FIELD_BYTES),
/// [`content_type::MAX_PARAMETERS`](crate::content_type::MAX_PARAMETERS),
/// [`received::MAX_RECEIVED_BYTES`](crate::received::MAX_RECEIVED_BYTES). Mailboxes have
/// [`MboxLimits`](crate::mbox::MboxLimits), blocks [`BlockLimits`](crate::block::BlockLimits).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of the whole message. Larger ones are refused; at most [`Limits::MAX_BYTES`].
    pub bytes: usize,
    /// Entities of the tree, the message itself included. The last one allowed takes all that follows.
    pub parts: usize,
    /// Levels of nesting below the message. A composite entity at this depth is kept as an opaque body.
    pub depth: usize,
    /// Header fields of all entities together. The rest of that header is passed over.
    pub fields: usize,
    /// Octets of one field that its decoded views look at. The raw field is always whole.
    pub field_bytes: usize,
}

impl Limits {
    /// 64 MiB: above what large receivers take (50 MB and less), below what a gateway cannot hold in memory.
    pub const BYTES: usize = 64 << 20;
    /// Offsets are kept in 32 bits, so that the index of a message stays small; more than 4 GiB is never read.
    pub const MAX_BYTES: usize = u32::MAX as usize - 1;
    /// 10,000: digests of busy lists hold hundreds, nothing honest holds thousands.
    pub const PARTS: usize = 10_000;
    /// 100: forwarded forwards reach ten or twenty. The boundaries of all levels are compared at each delimiter.
    pub const DEPTH: usize = 100;
    /// 100,000: the largest header in public corpora has some hundreds; keeps the index within 1.6 MB.
    pub const FIELDS: usize = 100_000;
    /// 1 MiB: an address list of twenty thousand recipients. Most servers refuse far smaller header sections.
    pub const FIELD_BYTES: usize = 1 << 20;

    /// Far above what any mail has, for archives whose messages are known to be honest. The limits of single values stay.
    #[must_use]
    pub const fn generous() -> Self {
        Self {
            bytes: Self::MAX_BYTES,
            parts: 1_000_000,
            depth: 1_000,
            fields: 10_000_000,
            field_bytes: Self::MAX_BYTES,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: Self::BYTES,
            parts: Self::PARTS,
            depth: Self::DEPTH,
            fields: Self::FIELDS,
            field_bytes: Self::FIELD_BYTES,
        }
    }
}
