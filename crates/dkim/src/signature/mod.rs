//! The DKIM-Signature field (RFC 6376 3.5).

mod error;
mod parse;

use core::fmt;

use mailwright_message_model::Span;
use mailwright_message_model::domain::Domain;
use memchr::memchr_iter;

use crate::algorithm::Algorithm;
use crate::canon::Pair;

pub use error::{SignatureError, SignatureErrorKind};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) use parse::{Tags, domain_name, selector};
#[cfg(all(feature = "arc", any(feature = "ring", feature = "aws-lc-rs")))]
pub(crate) use parse::{number, query_method};

/// The name of the field.
pub const FIELD_NAME: &str = "DKIM-Signature";

/// What a DKIM-Signature field says.
///
/// ```
/// use mailwright_dkim::signature::Signature;
/// let field = b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=may; c=relaxed;\r\n\th=from:to; bh=AAAA; b=AAAA\r\n";
/// let signature = Signature::parse(field)?;
/// assert_eq!(signature.domain, "example.org");
/// assert_eq!(signature.canonicalization.to_string(), "relaxed/simple");
/// assert_eq!(signature.identity.to_string(), "@example.org");
/// # Ok::<(), mailwright_dkim::signature::SignatureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Signature {
    /// `a=`
    pub algorithm: Algorithm,
    /// `c=`
    pub canonicalization: Pair,
    /// `d=`, the domain that takes responsibility.
    pub domain: Domain,
    /// `s=`
    pub selector: Domain,
    /// `i=`, or `@` and the domain.
    pub identity: Identity,
    /// `h=`
    pub headers: HeaderNames,
    /// `b=`, decoded.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub signature: Vec<u8>,
    /// `bh=`, decoded.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub body_hash: Vec<u8>,
    /// `l=`: octets of the canonical body that are signed. A number beyond 64 bits is `u64::MAX`.
    pub length: Option<u64>,
    /// `t=`: seconds since 1970. A number beyond 64 bits is `u64::MAX`.
    pub timestamp: Option<u64>,
    /// `x=`: seconds since 1970. A number beyond 64 bits is `u64::MAX`.
    pub expires: Option<u64>,
    /// `z=`: copies of fields as they were when signed.
    pub copied: Vec<CopiedField>,
    /// `atps=`: the domain that has authorized `d=` to sign for it (RFC 6541 4.3).
    pub atps: Option<Domain>,
    /// `atpsh=`: how the name under that domain is made.
    pub atps_hash: Option<AtpsHash>,
    /// Where the value of `b=` stands in the field, with the white space around it.
    pub b_span: Span,
}

/// The names of the fields that are signed, `h=`: as written, in their order.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct HeaderNames {
    /// Each name and a colon behind it.
    joined: String,
}

/// On whose behalf a signature was made, `i=` (RFC 6376 3.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identity {
    /// The local part; `None` where there is none. Octets that are no UTF-8 are U+FFFD.
    pub local: Option<String>,
    /// The domain, that of `d=` or one below it.
    pub domain: Domain,
}

/// A field as it was when it was signed, from `z=`: for people and diagnosis only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CopiedField {
    /// The name.
    pub name: String,
    /// The octets behind the colon.
    pub value: Vec<u8>,
}

/// How the label of an ATPS name is made, `atpsh=` (RFC 6541 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum AtpsHash {
    /// The domain itself.
    None,
    /// Base32 of its SHA-1.
    Sha1,
    /// Base32 of its SHA-256.
    Sha256,
}

impl AtpsHash {
    /// As it stands in `atpsh=`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }
}

/// Octets for which room is made at once.
const USUAL_NAMES: usize = 256;

impl HeaderNames {
    /// `None` where one is no field name (RFC 5322 3.6.8: printable ASCII without a colon).
    pub(crate) fn of<'n>(names: impl Iterator<Item = &'n [u8]>) -> Option<Self> {
        let mut joined = Vec::with_capacity(USUAL_NAMES);
        let mut count: usize = 0;
        for name in names {
            if name.is_empty() {
                return None;
            }
            joined.extend_from_slice(name);
            joined.push(b':');
            count += 1;
        }
        // Without a way out, so that many octets are looked at together.
        let graphic = joined.iter().fold(true, |graphic, octet| graphic & octet.is_ascii_graphic());
        let colons = memchr_iter(b':', &joined).count();
        let joined = String::from_utf8(joined).ok()?;
        (graphic && colons == count).then_some(Self { joined })
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.into_iter()
    }

    /// Whether a name is among them, in any case.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.octets().any(|known| known.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The octets of the names.
    pub(crate) fn octets(&self) -> impl Iterator<Item = &[u8]> {
        let names = self.joined.as_bytes().split_inclusive(|&octet| octet == b':');
        names.filter_map(|name| name.strip_suffix(b":"))
    }
}

impl<'h> IntoIterator for &'h HeaderNames {
    type Item = &'h str;
    type IntoIter = core::str::SplitTerminator<'h, char>;

    fn into_iter(self) -> Self::IntoIter {
        self.joined.split_terminator(':')
    }
}

impl fmt::Debug for HeaderNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for HeaderNames {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local.as_deref().unwrap_or_default(), self.domain)
    }
}
