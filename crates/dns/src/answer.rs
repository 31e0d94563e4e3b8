//! What is asked, and what comes back.

use core::any::Any;
use core::fmt;
use core::panic::{RefUnwindSafe, UnwindSafe};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::memo::Memo;
use crate::{Error, ErrorKind, Name};

/// The record types that mail authentication asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Text, RFC 1035 3.3.14.
    Txt,
    /// IPv4 addresses, RFC 1035 3.4.1.
    A,
    /// IPv6 addresses, RFC 3596 2.1.
    Aaaa,
    /// Mail exchangers, RFC 1035 3.3.9.
    Mx,
    /// Names of an address, RFC 1035 3.3.12; ask [`Name::reverse`].
    Ptr,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 5] = [Self::Txt, Self::A, Self::Aaaa, Self::Mx, Self::Ptr];

    /// The type's mnemonic.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Txt => "TXT",
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Ptr => "PTR",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name and the type of record wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// Whose records.
    pub name: Name,
    /// Which records.
    pub kind: Kind,
}

impl Question {
    /// A question for the records of `kind` at `name`.
    #[must_use]
    pub const fn new(name: Name, kind: Kind) -> Self {
        Self { name, kind }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.kind)
    }
}

/// The answer to a [`Question`]: records, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The records, never an empty set, or what there is instead.
    pub result: Result<Records, Missing>,
    /// Seconds for which the answer may be kept: the smallest TTL on the way to it, or that of RFC 2308 5 where there are no
    /// records. 0 for a temporary failure.
    pub ttl: u32,
}

/// The records of one type, in the order of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "named as the types")]
pub enum Records {
    Txt(Arc<[Txt]>),
    A(Arc<[Ipv4Addr]>),
    Aaaa(Arc<[Ipv6Addr]>),
    Mx(Arc<[Mx]>),
    Ptr(Arc<[Name]>),
}

impl Records {
    /// Of which type they are.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Txt(_) => Kind::Txt,
            Self::A(_) => Kind::A,
            Self::Aaaa(_) => Kind::Aaaa,
            Self::Mx(_) => Kind::Mx,
            Self::Ptr(_) => Kind::Ptr,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Txt(set) => set.len(),
            Self::A(set) => set.len(),
            Self::Aaaa(set) => set.len(),
            Self::Mx(set) => set.len(),
            Self::Ptr(set) => set.len(),
        }
    }

    /// Whether there are none; in an [`Answer`] there is at least one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why there are no records.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missing {
    /// The name does not exist, and nothing below it does (RFC 8020).
    NxDomain,
    /// The name exists, or something below it, but it has no record of this type (RFC 2308 2.2).
    NoData,
    /// It could not be found out; asking later may help.
    Temporary(Temporary),
    /// It has not been asked yet: return, let the driver resolve, evaluate again. Only [`Answers`](crate::Answers) says so.
    Pending,
}

impl Missing {
    /// No records, and that is certain: a void look-up as RFC 7208 4.6.4 counts them.
    #[must_use]
    pub const fn is_void(&self) -> bool {
        matches!(self, Self::NxDomain | Self::NoData)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NxDomain => f.write_str("no such name"),
            Self::NoData => f.write_str("no such record"),
            Self::Temporary(why) => write!(f, "{why}"),
            Self::Pending => f.write_str("not asked yet"),
        }
    }
}

/// A failure that says nothing about what exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Temporary {
    /// Of which sort.
    pub kind: TemporaryKind,
    /// What more is known, for people.
    pub detail: Option<Arc<str>>,
}

/// The sort of a [`Temporary`] failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemporaryKind {
    /// No usable answer in time.
    Timeout,
    /// The server said SERVFAIL (RFC 1035 4.1.1, code 2); a validating resolver says so for a bogus DNSSEC chain as well.
    ServFail,
    /// The server said REFUSED (code 5).
    Refused,
    /// Any other response code, in the detail.
    OtherCode,
    /// The answer was truncated and could not be had by TCP (RFC 7766 5).
    Truncated,
    /// An answer that is no DNS message, or is not of the question.
    Malformed,
    /// The network or the socket refused.
    Network,
    /// DNSSEC validation failed.
    Bogus,
    /// A limit of [`Limits`](crate::Limits) was reached: the question was not asked.
    Limit,
}

impl TemporaryKind {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::ServFail => "server failure",
            Self::Refused => "refused",
            Self::OtherCode => "error code",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed answer",
            Self::Network => "network failure",
            Self::Bogus => "DNSSEC validation failed",
            Self::Limit => "limit reached",
        }
    }
}

impl Temporary {
    /// A failure without further detail.
    #[must_use]
    pub const fn new(kind: TemporaryKind) -> Self {
        Self { kind, detail: None }
    }

    /// A failure and what more is known of it.
    #[must_use]
    pub fn with_detail(kind: TemporaryKind, detail: impl Into<Arc<str>>) -> Self {
        Self { kind, detail: Some(detail.into()) }
    }
}

impl fmt::Display for Temporary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        self.detail.as_ref().map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

impl From<TemporaryKind> for Missing {
    fn from(kind: TemporaryKind) -> Self {
        Self::Temporary(Temporary::new(kind))
    }
}

impl Answer {
    /// Records that may be kept for `ttl` seconds. An empty set is [`Missing::NoData`].
    #[must_use]
    pub fn records(records: Records, ttl: u32) -> Self {
        if records.is_empty() {
            Self::missing(Missing::NoData, ttl)
        } else {
            Self { result: Ok(records), ttl }
        }
    }

    /// No records; `ttl` seconds is how long a void answer may be kept.
    #[must_use]
    pub const fn missing(why: Missing, ttl: u32) -> Self {
        Self { result: Err(why), ttl }
    }

    /// A temporary failure.
    #[must_use]
    pub fn temporary(kind: TemporaryKind) -> Self {
        Self::missing(kind.into(), 0)
    }

    /// Whether the question has yet to be asked.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self.result, Err(Missing::Pending))
    }
}

/// A mail exchanger (RFC 1035 3.3.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mx {
    /// Lower is preferred.
    pub preference: u16,
    /// The host; the root means that the domain takes no mail (RFC 7505).
    pub exchange: Name,
}

/// The longest character-string (RFC 1035 3.3).
pub const MAX_STRING: usize = 255;

/// A TXT record: its character-strings, held joined.
///
/// ```
/// use mailwright_dns::Txt;
/// let record = Txt::from_parts(["v=DKIM1; p=MIIB", "IjANBg"])?;
/// assert_eq!(record.as_bytes(), b"v=DKIM1; p=MIIBIjANBg");
/// assert_eq!(record.parts().count(), 2);
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Txt {
    joined: Joined,
    /// The length of each character-string.
    lengths: Box<[u8]>,
    memo: Memo,
}

/// Looked at once: a record is read as text more often than it is made.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Joined {
    Text(Box<str>),
    Octets(Box<[u8]>),
}

impl From<Vec<u8>> for Joined {
    fn from(octets: Vec<u8>) -> Self {
        match String::from_utf8(octets) {
            Ok(text) => Self::Text(text.into()),
            Err(error) => Self::Octets(error.into_bytes().into()),
        }
    }
}

impl Txt {
    /// A record of these character-strings.
    ///
    /// # Errors
    /// [`ErrorKind::StringTooLong`] where one has more than 255 octets.
    pub fn from_parts<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        let (mut joined, mut lengths) = (Vec::new(), Vec::new());
        for part in parts {
            let part = part.as_ref();
            lengths.push(u8::try_from(part.len()).map_err(|_| Error::whole(ErrorKind::StringTooLong))?);
            joined.extend_from_slice(part);
        }
        Ok(Self { joined: joined.into(), lengths: lengths.into(), memo: Memo::default() })
    }

    /// A record of this text, cut into character-strings of 255 octets.
    #[must_use]
    pub fn from_joined(text: impl AsRef<[u8]>) -> Self {
        let joined = text.as_ref().to_vec();
        let mut lengths: Vec<u8> =
            joined.chunks(MAX_STRING).filter_map(|part| u8::try_from(part.len()).ok()).collect();
        if lengths.is_empty() {
            lengths.push(0);
        }
        Self { joined: joined.into(), lengths: lengths.into(), memo: Memo::default() }
    }

    /// The character-strings joined without a separator, as SPF (RFC 7208 3.3), DKIM (RFC 6376 3.6.2.2) and DMARC read them.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match &self.joined {
            Joined::Text(text) => text.as_bytes(),
            Joined::Octets(octets) => octets,
        }
    }

    /// The joined text where it is UTF-8.
    #[must_use]
    pub const fn to_str(&self) -> Option<&str> {
        match &self.joined {
            Joined::Text(text) => Some(text),
            Joined::Octets(_) => None,
        }
    }

    /// What its reader makes of the record, made once for as long as anyone holds the answer, as the cache of a resolver does:
    /// messages that rest on one answer share what was parsed. `None` where another reader has kept something of another type.
    ///
    /// Whatever is kept is no part of the record: it is not compared, and a copy of the record begins without it.
    ///
    /// ```
    /// let record = mailwright_dns::Txt::from_joined("v=spf1 -all");
    /// assert_eq!(record.memo(|| record.as_bytes().len()), Some(&11));
    /// assert_eq!(record.memo(|| 0_usize), Some(&11));
    /// assert_eq!(record.memo(|| "another type"), None);
    /// ```
    pub fn memo<T>(&self, make: impl FnOnce() -> T) -> Option<&T>
    where
        T: Any + Send + Sync + UnwindSafe + RefUnwindSafe,
    {
        self.memo.get(make)
    }

    /// The character-strings.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.as_bytes();
        self.lengths.iter().map_while(move |&len| {
            let (part, after) = rest.split_at_checked(usize::from(len))?;
            rest = after;
            Some(part)
        })
    }
}

impl fmt::Debug for Txt {
    /// Each character-string in quotes, as Rust writes octets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Txt(")?;
        for (at, part) in self.parts().enumerate() {
            write!(f, "{}\"{}\"", if at > 0 { " " } else { "" }, part.escape_ascii())?;
        }
        f.write_str(")")
    }
}
