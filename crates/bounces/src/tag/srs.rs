//! SRS, the sender rewriting scheme of forwarders.

use super::split;

/// A rewritten sender: `SRS0=HASH=TT=example.net=jo@forwarder.example`, or `SRS1=` of a second forwarder.
///
/// ```
/// use mailwright_bounces::tag::Srs;
///
/// let srs = Srs::decode("SRS0=4fGr=TB=example.net=jo@forwarder.example").unwrap();
/// assert_eq!(srs.original(), "jo@example.net");
/// assert_eq!((srs.hash, srs.stamp), ("4fGr", "TB"));
/// let twice = Srs::decode("SRS1=xPzQ=first.example==4fGr=TB=example.net=jo@second.example").unwrap();
/// assert_eq!(twice.original(), "jo@example.net");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Srs<'a> {
    /// The mark of the forwarder that wrote this address.
    pub hash: &'a str,
    /// The day, in two characters of base 32.
    pub stamp: &'a str,
    /// The first forwarder, where this is a second one.
    pub first: Option<&'a str>,
    /// The local part of the original sender.
    pub local: &'a str,
    /// Its domain.
    pub domain: &'a str,
    /// What the hash of a second forwarder is over.
    opaque: &'a str,
}

impl<'a> Srs<'a> {
    /// Reads a rewritten sender. Anybody can write one: see [`Key`](super::Key).
    #[must_use]
    pub fn decode(address: &'a str) -> Option<Self> {
        let (local, _) = split(address)?;
        let kind = local.get(..4)?;
        let rest = local.get(4..)?.strip_prefix(['=', '+', '-'])?;
        if kind.eq_ignore_ascii_case("SRS0") {
            let (hash, rest) = rest.split_once('=')?;
            return Self::inner(hash, None, rest, rest);
        }
        if !kind.eq_ignore_ascii_case("SRS1") {
            return None;
        }
        let (hash, rest) = rest.split_once('=')?;
        let (first, opaque) = rest.split_once('=')?;
        let inner = opaque.strip_prefix(['=', '+', '-'])?;
        let (_, inner) = inner.split_once('=')?;
        Self::inner(hash, Some(first), inner, opaque)
    }

    fn inner(hash: &'a str, first: Option<&'a str>, rest: &'a str, opaque: &'a str) -> Option<Self> {
        let (stamp, rest) = rest.split_once('=')?;
        let (domain, local) = rest.split_once('=')?;
        let whole = !hash.is_empty() && !stamp.is_empty() && !domain.is_empty() && !local.is_empty();
        whole.then_some(Self { hash, stamp, first, local, domain, opaque })
    }

    /// The original sender.
    #[must_use]
    pub fn original(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// What the hash is over, in lower case.
    #[cfg(feature = "ring")]
    pub(super) fn signed(&self) -> String {
        match self.first {
            Some(first) => format!("{first}{}", self.opaque).to_lowercase(),
            None => format!("{}{}{}", self.stamp, self.domain, self.local).to_lowercase(),
        }
    }

    /// Whether it is of a second forwarder.
    #[must_use]
    pub const fn is_second(&self) -> bool {
        self.first.is_some()
    }
}

/// The characters of the stamp.
#[cfg(feature = "ring")]
pub(super) const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
