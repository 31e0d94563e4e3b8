//! What an index keeps of a message, and the names it gives.

use std::fmt;
use std::str::FromStr;

/// The name of a thread: given when the thread begins, never given again (RFC 8474 THREADID, RFC 8621 3).
///
/// Of two ids the smaller one was given first. Written `T` and the number, which IMAP and JMAP take as an id.
///
/// ```
/// use mailwright_threading::index::ThreadId;
///
/// let thread: ThreadId = "T17".parse()?;
/// assert_eq!(thread.to_string(), "T17");
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadId(pub u64);

impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

impl FromStr for ThreadId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix('T').unwrap_or("").parse().map(Self)
    }
}

/// The name of something that was done by hand and can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u64);

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OpId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A message identifier as a store knows it: 128 bits of a keyed hash, so that nobody chooses where it falls.
///
/// Among 10^11 identifiers two are taken for one with a probability below 10^-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u128);

impl Id {
    /// What only the message of this key is at: of a message without any identifier.
    pub(crate) const fn of_key(key: u64) -> Self {
        Self(1 << 64 | key as u128)
    }

    /// What holds messages together that a decision by hand put together.
    pub(crate) const fn of_token(token: Token) -> Self {
        Self(2 << 64 | (token.side as u128) << 72 | token.op.0 as u128)
    }
}

/// A decision by hand that a message takes part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// The decision.
    pub op: OpId,
    /// Of a split the part that came off is 0, the rest 1.
    pub side: u8,
}

/// What an index keeps of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the caller knows the message by.
    pub key: u64,
    /// Its own identifier.
    pub own: Option<Id>,
    /// The identifiers that it names, oldest first.
    pub refs: Vec<Id>,
    /// The instant that orders replies, in seconds since 1970 UTC.
    pub date: i64,
    /// The internal date, which orders the messages of a JMAP Thread.
    pub arrived: i64,
    /// What the caller and [`Index::mute`](crate::index::Index::mute) marked it with.
    pub flags: Flags,
    /// Splits, by which some of its identifiers do not count.
    pub cuts: Vec<(Id, OpId)>,
    /// Splits and joins that hold it.
    pub tokens: Vec<Token>,
}

impl Entry {
    /// What connects the message to others; never empty.
    pub fn links(&self) -> impl Iterator<Item = Id> + '_ {
        let counts = |id: &Id| !self.cuts.iter().any(|(cut, _)| cut == id);
        let tokens = self.tokens.iter().map(|token| Id::of_token(*token)).filter(counts);
        let lonely = self.own.is_none() && tokens.clone().next().is_none() && self.named().next().is_none();
        self.named().chain(self.own).chain(tokens).chain(lonely.then_some(Id::of_key(self.key)))
    }

    /// The first of [`links`](Self::links): where a store finds the message.
    pub fn home(&self) -> Id {
        self.links().next().unwrap_or(Id::of_key(self.key))
    }

    /// The identifiers that it names and that count, oldest first.
    pub fn named(&self) -> impl Iterator<Item = Id> + '_ {
        self.refs.iter().copied().filter(|id| !self.cuts.iter().any(|(cut, _)| cut == id))
    }
}

/// Marks of a message. The lower 16 bits are the caller's; the upper ones have the meanings below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(pub u32);

impl Flags {
    /// The message was read.
    pub const SEEN: Self = Self(1);
    /// The caller's `$flagged`.
    pub const FLAGGED: Self = Self(2);
    /// What is under the message is folded away ([`Folds`](crate::view::Folds)).
    pub const FOLDED: Self = Self(1 << 16);
    /// The whole thread is muted.
    pub const MUTE_THREAD: Self = Self(1 << 17);
    /// The message and what is under it are muted.
    pub const MUTE_REPLIES: Self = Self(1 << 18);

    /// Whether all marks of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// With the marks of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without the marks of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}
