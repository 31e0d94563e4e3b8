//! Domain names as DNS has them: lower-case A-labels (RFC 1035 2.3.1, RFC 5890 2.3.2.1).

use std::borrow::{Borrow, Cow};
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// Octets of one label (RFC 1035 2.3.4).
pub const MAX_LABEL: usize = 63;
/// Octets of a whole name as text, without the dot of the root (RFC 1035 2.3.4: 255 on the wire).
pub const MAX_NAME: usize = 253;
/// Octets that are read as a name at all: four UTF-8 octets for each octet that the A-label form may have.
/// What is longer is refused before UTS 46 sees it, since punycode takes quadratic time in a label.
pub const MAX_INPUT: usize = 4 * MAX_NAME;

/// A domain name: lower-case letters, digits, hyphens and underscores in labels joined by dots, without a trailing dot.
///
/// Two names are equal when DNS would see the same name. U-labels are turned into A-labels with the feature `idna` (UTS 46,
/// non-transitional, as RFC 8616 2 needs it); names that are ASCII already are only lower-cased, for DNS does not look
/// into `xn--` either. Underscores are allowed, as in `_dmarc.example.org`; an address (`192.0.2.1`, `[192.0.2.1]`) is no
/// domain.
///
/// ```
/// use mailwright_message_model::domain::Domain;
///
/// let domain: Domain = "Mail.Example.ORG.".parse()?;
/// assert_eq!(domain.as_str(), "mail.example.org");
/// assert!(domain.is_subdomain_of(&"example.org".parse()?));
/// assert_eq!(domain.parent().map(|d| d.to_string()).as_deref(), Some("example.org"));
/// # Ok::<(), mailwright_message_model::domain::DomainError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Domain(Box<str>);

impl Domain {
    /// Reads a name, with or without the trailing dot of the root.
    ///
    /// # Errors
    /// When the name is empty, too long, an address, or has a label or character that a host name cannot have
    /// (RFC 5321 4.1.2); without the feature `idna` also when it is not ASCII.
    pub fn parse(name: &[u8]) -> Result<Self, DomainError> {
        let fail = |kind, position| Err(DomainError { kind, position });
        if name.len() > MAX_INPUT {
            return fail(DomainErrorKind::NameTooLong, MAX_INPUT);
        }
        let text = match std::str::from_utf8(name) {
            Ok(text) => text,
            Err(e) => return fail(DomainErrorKind::NotUtf8, e.valid_up_to()),
        };
        if let Some(position) = text.bytes().position(|b| !b.is_ascii()) {
            let ascii = to_ascii(text).map_err(|kind| DomainError { kind, position })?;
            // The offset in the mapped name means nothing to the caller; the first U-label does.
            return Self::from_ascii(&ascii).map_err(|e| DomainError { position, ..e });
        }
        Self::from_ascii(text)
    }

    fn from_ascii(text: &str) -> Result<Self, DomainError> {
        let fail = |kind, position| Err(DomainError { kind, position });
        let name = text.strip_suffix('.').unwrap_or(text);
        if name.is_empty() {
            return fail(DomainErrorKind::Empty, 0);
        }
        if name.starts_with('[') || name.parse::<std::net::IpAddr>().is_ok() {
            return fail(DomainErrorKind::Address, 0);
        }
        let mut start: usize = 0;
        for label in name.split('.') {
            if label.is_empty() {
                return fail(DomainErrorKind::EmptyLabel, start);
            }
            let odd = label.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            if let Some(at) = odd {
                return fail(DomainErrorKind::Character, start.saturating_add(at));
            }
            // RFC 5321 4.1.2: sub-domain = Let-dig [Ldh-str]
            if label.starts_with('-') || label.ends_with('-') {
                return fail(DomainErrorKind::Hyphen, start);
            }
            if label.len() > MAX_LABEL {
                return fail(DomainErrorKind::LabelTooLong, start);
            }
            start = start.saturating_add(label.len()).saturating_add(1);
        }
        if name.len() > MAX_NAME {
            return fail(DomainErrorKind::NameTooLong, MAX_NAME);
        }
        Ok(Self(name.to_ascii_lowercase().into_boxed_str()))
    }

    /// The name in lower-case A-labels, without a trailing dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with U-labels, for people to read. Labels that are no valid A-labels stay as they are, as do all without
    /// the feature `idna`. Look-alike characters are not hidden: compare and store [`Domain::as_str`], show this.
    #[must_use]
    pub fn to_unicode(&self) -> Cow<'_, str> {
        if !self.labels().any(|label| label.starts_with("xn--")) {
            return Cow::Borrowed(&self.0);
        }
        let labels: Vec<Cow<'_, str>> = self.labels().map(label_to_unicode).collect();
        Cow::Owned(labels.join("."))
    }

    /// The labels from left to right; never empty.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.split('.')
    }

    /// Number of labels, at least one.
    #[must_use]
    pub fn label_count(&self) -> usize {
        self.labels().count()
    }

    /// The name without its leftmost label; `None` for a name of one label.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_once('.').map(|(_, rest)| Self(rest.into()))
    }

    /// The last `count` labels; `None` when the name has fewer, or `count` is zero.
    #[must_use]
    pub fn suffix(&self, count: usize) -> Option<Self> {
        let from_right = count.checked_sub(1)?;
        match self.0.rmatch_indices('.').nth(from_right) {
            Some((dot, _)) => self.0.get(dot.checked_add(1)?..).map(|rest| Self(rest.into())),
            None => (self.label_count() == count).then(|| self.clone()),
        }
    }

    /// The name with labels put before it, as in `_dmarc` or `selector._domainkey`.
    ///
    /// # Errors
    /// As [`Domain::parse`] for the joined name: a prefix that is no labels, or too long with them.
    pub fn prefixed(&self, labels: &str) -> Result<Self, DomainError> {
        Self::parse(format!("{labels}.{}", self.0).as_bytes())
    }

    /// Whether the name is below `other`; a name is not a subdomain of itself (RFC 9499 7).
    #[must_use]
    pub fn is_subdomain_of(&self, other: &Self) -> bool {
        self.0.strip_suffix(other.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }

    /// Whether the name is `other` or below it, the test of RFC 6376 3.5 for `i=` against `d=`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self == other || self.is_subdomain_of(other)
    }
}

/// Finds the organizational domain of a name (RFC 9989 3.2.15): by tree walk or by a public suffix list.
pub trait OrgDomain {
    /// The organizational domain of `domain`; the name itself where there is none above it.
    fn org(&self, domain: &Domain) -> Domain;
}

impl<F: Fn(&Domain) -> Domain> OrgDomain for F {
    fn org(&self, domain: &Domain) -> Domain {
        self(domain)
    }
}

impl FromStr for Domain {
    type Err = DomainError;

    fn from_str(name: &str) -> Result<Self, DomainError> {
        Self::parse(name.as_bytes())
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({})", self.0)
    }
}

impl AsRef<str> for Domain {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Domain {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Domain {
    /// Compares with a name that is in lower-case A-labels already.
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Domain {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

/// Why some octets are no domain name, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DomainError {
    kind: DomainErrorKind,
    position: usize,
}

/// The kinds of [`DomainError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DomainErrorKind {
    /// Nothing, or the root alone.
    Empty,
    /// Two dots in a row, or one at the start.
    EmptyLabel,
    /// A label of more than [`MAX_LABEL`] octets.
    LabelTooLong,
    /// More than [`MAX_NAME`] octets, or [`MAX_INPUT`] before mapping.
    NameTooLong,
    /// A character other than a letter, a digit, a hyphen or an underscore.
    Character,
    /// A label that begins or ends with a hyphen.
    Hyphen,
    /// An IP address or address literal.
    Address,
    /// Octets that are no UTF-8.
    NotUtf8,
    /// A name that UTS 46 does not allow.
    Idna,
    /// A name that is not ASCII, without the feature `idna`.
    NeedsIdna,
}

impl DomainError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> DomainErrorKind {
        self.kind
    }

    /// Byte offset in the octets that were parsed; of a U-label name that of its first non-ASCII character.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            DomainErrorKind::Empty => "a domain name needs at least one label",
            DomainErrorKind::EmptyLabel => "a label is empty (RFC 1035 2.3.1)",
            DomainErrorKind::LabelTooLong => "a label has more than 63 octets (RFC 1035 2.3.4)",
            DomainErrorKind::NameTooLong => "the name has more than 253 octets (RFC 1035 2.3.4)",
            DomainErrorKind::Character => {
                "a label has letters, digits, hyphens and underscores only (RFC 5321 4.1.2)"
            }
            DomainErrorKind::Hyphen => "a label neither begins nor ends with a hyphen (RFC 5321 4.1.2)",
            DomainErrorKind::Address => "an address is no domain name (RFC 5321 4.1.3)",
            DomainErrorKind::NotUtf8 => "an internationalised name is UTF-8 (RFC 6531 3.3)",
            DomainErrorKind::Idna => "UTS 46 does not allow this internationalised name",
            DomainErrorKind::NeedsIdna => {
                "the name is not ASCII: use its A-labels or enable the feature `idna`"
            }
        };
        write!(f, "at byte {}: {what}", self.position)
    }
}

impl Error for DomainError {}

#[cfg(feature = "idna")]
fn to_ascii(text: &str) -> Result<Cow<'_, str>, DomainErrorKind> {
    use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
    // Our own rules for ASCII (underscores, hyphens, lengths) apply to the result.
    Uts46::new()
        .to_ascii(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore)
        .map_err(|_| DomainErrorKind::Idna)
}

#[cfg(not(feature = "idna"))]
fn to_ascii(_: &str) -> Result<Cow<'_, str>, DomainErrorKind> {
    Err(DomainErrorKind::NeedsIdna)
}

#[cfg(feature = "idna")]
fn label_to_unicode(label: &str) -> Cow<'_, str> {
    let (text, valid) = idna::domain_to_unicode(label);
    if valid.is_ok() { Cow::Owned(text) } else { Cow::Borrowed(label) }
}

#[cfg(not(feature = "idna"))]
fn label_to_unicode(label: &str) -> Cow<'_, str> {
    Cow::Borrowed(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(name: &str) -> Domain {
        name.parse().unwrap()
    }

    fn error(name: &str) -> (DomainErrorKind, usize) {
        let e = Domain::parse(name.as_bytes()).unwrap_err();
        (e.kind(), e.position())
    }

    #[test]
    fn lower_case_without_trailing_dot() {
        assert_eq!(domain("EXAMPLE.Org."), "example.org");
        assert_eq!(domain("_DMARC.example.org"), "_dmarc.example.org");
        assert_eq!(domain("localhost"), "localhost");
        assert_eq!(domain("4.3.2.1.in-addr.arpa"), "4.3.2.1.in-addr.arpa");
    }

    #[test]
    fn what_is_no_domain() {
        use DomainErrorKind as K;
        assert_eq!(error(""), (K::Empty, 0));
        assert_eq!(error("."), (K::Empty, 0));
        assert_eq!(error("a..b"), (K::EmptyLabel, 2));
        assert_eq!(error(".a"), (K::EmptyLabel, 0));
        assert_eq!(error("a b"), (K::Character, 1));
        assert_eq!(error("a.b@c"), (K::Character, 3));
        assert_eq!(error("a.-b"), (K::Hyphen, 2));
        assert_eq!(error("[192.0.2.1]"), (K::Address, 0));
        assert_eq!(error("192.0.2.1"), (K::Address, 0));
        assert_eq!(Domain::parse(b"a\xff").unwrap_err().kind(), K::NotUtf8);
    }

    #[test]
    fn lengths() {
        let label = "a".repeat(MAX_LABEL);
        assert_eq!(error(&format!("{label}a.org")).0, DomainErrorKind::LabelTooLong);
        let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        assert_eq!(longest.len(), MAX_NAME);
        assert_eq!(domain(&format!("{longest}.")), longest.as_str());
        assert_eq!(error(&format!("{longest}b")).0, DomainErrorKind::NameTooLong);
        assert_eq!(error(&"é".repeat(1 << 20)).0, DomainErrorKind::NameTooLong);
    }

    #[test]
    fn relations() {
        let d = domain("a.b.example.org");
        assert!(d.is_subdomain_of(&domain("example.org")));
        assert!(!domain("badexample.org").is_subdomain_of(&domain("example.org")));
        assert!(!d.is_subdomain_of(&d));
        assert!(d.is_within(&d));
        assert_eq!(d.suffix(2), Some(domain("example.org")));
        assert_eq!(d.suffix(4), Some(d.clone()));
        assert_eq!(d.suffix(5), None);
        assert_eq!(d.suffix(0), None);
        assert_eq!(domain("org").parent(), None);
        assert_eq!(d.prefixed("_dmarc").unwrap(), "_dmarc.a.b.example.org");
        assert!(d.prefixed("").is_err());
    }

    #[cfg(feature = "idna")]
    #[test]
    fn u_labels() {
        // RFC 5891 2.1.1 and UTS 46 4: sharp s stays in non-transitional processing.
        assert_eq!(domain("BÜCHER.example"), "xn--bcher-kva.example");
        assert_eq!(domain("faß.de"), "xn--fa-hia.de");
        assert_eq!(domain("例え。jp"), "xn--r8jz45g.jp");
        assert_eq!(domain("xn--bcher-kva.example").to_unicode(), "bücher.example");
        // An A-label that decodes to nothing valid stays.
        assert_eq!(domain("xn--a.example").to_unicode(), "xn--a.example");
        assert_eq!(error("a\u{202e}b.org").0, DomainErrorKind::Idna);
    }

    #[cfg(not(feature = "idna"))]
    #[test]
    fn u_labels_name_the_feature() {
        let e = Domain::parse("bücher.example".as_bytes()).unwrap_err();
        assert_eq!((e.kind(), e.position()), (DomainErrorKind::NeedsIdna, 1));
        assert!(e.to_string().contains("`idna`"));
    }
}
