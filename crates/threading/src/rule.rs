//! Why a message is where it is.

use std::fmt;

/// What put a message where it is in the forest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Rule {
    /// It names no other message: it starts a thread, or others were joined to it.
    #[default]
    Start,
    /// The last usable id of its References.
    References,
    /// The id of its In-Reply-To.
    InReplyTo,
    /// Its base subject, which is that of another thread.
    Subject,
    /// Its Thread-Index.
    ThreadIndex,
    /// Its X-GM-THRID.
    GmailThread,
    /// It was taken from the message above since its base subject differs.
    Split,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "it names no other message",
            Self::References => "its References",
            Self::InReplyTo => "its In-Reply-To",
            Self::Subject => "its base subject",
            Self::ThreadIndex => "its Thread-Index",
            Self::GmailThread => "its X-GM-THRID",
            Self::Split => "its base subject differs from that of the message it replies to",
        })
    }
}
