//! An e-mail address: local part and domain (RFC 5321 4.1.2, RFC 6531).

use std::error::Error;
use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::domain::{Domain, DomainError};

/// Octets of a mailbox as written. RFC 5321 4.5.3.1 asks for 64 + 255 at least; VERP and SRS addresses go beyond 64 in the
/// local part by design, so only what no honest sender comes near is refused.
pub const MAX_MAILBOX: usize = 2048;

/// A mailbox: the local part with its quoting taken off, and the host.
///
/// Two mailboxes are equal when their local parts are the same octets (only the receiving host may fold case, RFC 5321 2.4)
/// and their hosts are equal as [`Domain`] or as address. Whether the local part was written quoted makes no difference.
///
/// Reading accepts dots where RFC 5321 wants them quoted (`a..b@example.org`, known from mobile carriers); writing quotes
/// them.
///
/// ```
/// use mailwright_message_model::mailbox::Mailbox;
///
/// let mailbox: Mailbox = r#""Jo Q."@Example.org"#.parse()?;
/// assert_eq!(mailbox.local(), "Jo Q.");
/// assert_eq!(mailbox.domain().map(|d| d.as_str()), Some("example.org"));
/// assert_eq!(mailbox.to_string(), r#""Jo Q."@example.org"#);
/// assert_eq!(r#""plain"@example.org"#.parse::<Mailbox>()?.to_string(), "plain@example.org");
/// # Ok::<(), mailwright_message_model::mailbox::MailboxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mailbox {
    local: Box<str>,
    host: Host,
}

/// What stands behind the `@`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Host {
    /// A domain name.
    Domain(Domain),
    /// An address literal, `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 4.1.3).
    Ip(IpAddr),
}

impl Mailbox {
    /// A mailbox of a decoded local part and a host.
    ///
    /// # Errors
    /// When the local part is empty, has control characters (no quoting allows them, RFC 5321 4.1.2), or is too long.
    pub fn new(local: &str, host: impl Into<Host>) -> Result<Self, MailboxError> {
        let fail = |kind, position| Err(MailboxError { kind, position });
        if local.is_empty() {
            return fail(MailboxErrorKind::NoLocalPart, 0);
        }
        if local.len() > MAX_MAILBOX {
            return fail(MailboxErrorKind::TooLong, MAX_MAILBOX);
        }
        if let Some(position) = local.find(char::is_control) {
            return fail(MailboxErrorKind::Character, position);
        }
        Ok(Self { local: local.into(), host: host.into() })
    }

    /// Reads `local-part@domain`, without angle brackets and comments.
    ///
    /// # Errors
    /// When it is no mailbox; [`MailboxError::kind`] says why.
    pub fn parse(text: &[u8]) -> Result<Self, MailboxError> {
        let fail = |kind, position| Err(MailboxError { kind, position });
        if text.len() > MAX_MAILBOX {
            return fail(MailboxErrorKind::TooLong, MAX_MAILBOX);
        }
        let text = match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(e) => return fail(MailboxErrorKind::NotUtf8, e.valid_up_to()),
        };
        let (local, rest) = split_local(text)?;
        let at = text.len().saturating_sub(rest.len());
        let Some(host) = rest.strip_prefix('@') else {
            return fail(MailboxErrorKind::NoAt, at);
        };
        let start = at.saturating_add(1);
        let host = match host.strip_prefix('[') {
            Some(literal) => parse_literal(literal).map(Host::Ip),
            None => Domain::parse(host.as_bytes()).map(Host::Domain).map_err(MailboxErrorKind::Domain),
        };
        let host = host.map_err(|kind| MailboxError {
            position: match kind {
                MailboxErrorKind::Domain(e) => start.saturating_add(e.position()),
                _ => start,
            },
            kind,
        })?;
        // A control character can only have come through quotes.
        Self::new(&local, host).map_err(|e| MailboxError { position: 0, ..e })
    }

    /// Reads the path of `MAIL FROM` or `Return-Path`: `<a@b>`, with or without brackets; `None` is the null reverse-path
    /// `<>`. A source route (`@relay:`) is dropped, as RFC 5321 appendix C allows.
    ///
    /// # Errors
    /// As [`Mailbox::parse`], with positions inside the path.
    pub fn parse_path(path: &[u8]) -> Result<Option<Self>, MailboxError> {
        let path = path.trim_ascii();
        let inner = path.strip_prefix(b"<").and_then(|p| p.strip_suffix(b">")).unwrap_or(path).trim_ascii();
        if inner.is_empty() {
            return Ok(None);
        }
        // RFC 5321 4.1.2: A-d-l ":", where a colon cannot be in the domains of the route.
        let mailbox = match inner.strip_prefix(b"@") {
            Some(route) => route.iter().position(|&b| b == b':').and_then(|colon| route.get(colon..)),
            None => None,
        };
        Self::parse(mailbox.and_then(|m| m.strip_prefix(b":")).unwrap_or(inner)).map(Some)
    }

    /// The local part, quotes and backslashes taken off, case kept.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The host.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The domain, unless the host is an address literal.
    #[must_use]
    pub const fn domain(&self) -> Option<&Domain> {
        match &self.host {
            Host::Domain(domain) => Some(domain),
            Host::Ip(_) => None,
        }
    }

    /// Whether the mailbox can be written without SMTPUTF8 (RFC 6531): a matter of the local part, for the domain has its
    /// A-labels.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.local.is_ascii()
    }

    /// Equality that folds the ASCII case of the local part too: what most receiving hosts do, and no sender may rely on.
    #[must_use]
    pub fn eq_ignore_case(&self, other: &Self) -> bool {
        self.host == other.host && self.local.eq_ignore_ascii_case(&other.local)
    }
}

/// Splits off a local part, decoded, at the first `@` outside quotes.
fn split_local(text: &str) -> Result<(String, &str), MailboxError> {
    let fail = |kind, position| Err(MailboxError { kind, position });
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('@').unwrap_or(text.len());
        let (local, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return match local.find(|c| !is_atext(c) && c != '.') {
            Some(position) => fail(MailboxErrorKind::Character, position),
            None => Ok((local.to_owned(), rest)),
        };
    };
    let mut local = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next() {
            Some('"') => return Ok((local, chars.as_str())),
            Some('\\') => local.extend(chars.next()),
            Some(c) => local.push(c),
            None => return fail(MailboxErrorKind::OpenQuote, 0),
        }
    }
}

/// The address of a literal behind its `[`.
fn parse_literal(literal: &str) -> Result<IpAddr, MailboxErrorKind> {
    let inner = literal.strip_suffix(']').ok_or(MailboxErrorKind::Literal)?;
    let v6 = inner.split_at_checked(5).filter(|(tag, _)| tag.eq_ignore_ascii_case("IPv6:"));
    match v6 {
        Some((_, address)) => address.parse::<Ipv6Addr>().map(IpAddr::V6),
        None => inner.parse::<Ipv4Addr>().map(IpAddr::V4),
    }
    .map_err(|_| MailboxErrorKind::Literal)
}

/// RFC 5322 3.2.3, with the non-ASCII of RFC 6532 3.2.
pub(crate) fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_control()) || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// Whether a local part needs no quotes: RFC 5321 4.1.2, Dot-string.
pub(crate) fn is_dot_string(local: &str) -> bool {
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

impl FromStr for Mailbox {
    type Err = MailboxError;

    fn from_str(text: &str) -> Result<Self, MailboxError> {
        Self::parse(text.as_bytes())
    }
}

impl fmt::Display for Mailbox {
    /// `local-part@host`, the local part quoted where it must be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_dot_string(&self.local) {
            f.write_str(&self.local)?;
        } else {
            f.write_char('"')?;
            for c in self.local.chars() {
                if c == '"' || c == '\\' {
                    f.write_char('\\')?;
                }
                f.write_char(c)?;
            }
            f.write_char('"')?;
        }
        write!(f, "@{}", self.host)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => f.write_str(domain.as_str()),
            Self::Ip(IpAddr::V4(ip)) => write!(f, "[{ip}]"),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "[IPv6:{ip}]"),
        }
    }
}

impl From<Domain> for Host {
    fn from(domain: Domain) -> Self {
        Self::Domain(domain)
    }
}

impl From<IpAddr> for Host {
    fn from(ip: IpAddr) -> Self {
        Self::Ip(ip)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Mailbox {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why some octets are no mailbox, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MailboxError {
    kind: MailboxErrorKind,
    position: usize,
}

/// The kinds of [`MailboxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum MailboxErrorKind {
    /// Nothing before the `@`.
    NoLocalPart,
    /// No `@` behind the local part.
    NoAt,
    /// A character that a local part cannot have, or not without quotes.
    Character,
    /// A quoted local part that does not end.
    OpenQuote,
    /// More than [`MAX_MAILBOX`] octets.
    TooLong,
    /// Octets that are no UTF-8.
    NotUtf8,
    /// Something in square brackets that is neither an IPv4 nor an IPv6 literal.
    Literal,
    /// The domain is none.
    Domain(DomainError),
}

impl MailboxError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> MailboxErrorKind {
        self.kind
    }

    /// Byte offset in the octets that were parsed.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for MailboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            MailboxErrorKind::NoLocalPart => "no local part before the @ (RFC 5321 4.1.2)",
            MailboxErrorKind::NoAt => "an @ and a domain must follow the local part (RFC 5321 4.1.2)",
            MailboxErrorKind::Character => {
                "a character that a local part cannot have here; put it in double quotes (RFC 5321 4.1.2)"
            }
            MailboxErrorKind::OpenQuote => "the quoted local part has no closing quote (RFC 5321 4.1.2)",
            MailboxErrorKind::TooLong => "the mailbox is too long",
            MailboxErrorKind::NotUtf8 => "an internationalised mailbox is UTF-8 (RFC 6531 3.3)",
            MailboxErrorKind::Literal => {
                "an address literal is [192.0.2.1] or [IPv6:2001:db8::1] (RFC 5321 4.1.3)"
            }
            MailboxErrorKind::Domain(e) => return write!(f, "in the domain, {e}"),
        };
        write!(f, "at byte {}: {what}", self.position)
    }
}

impl Error for MailboxError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> Mailbox {
        text.parse().unwrap()
    }

    fn kind(text: &str) -> MailboxErrorKind {
        text.parse::<Mailbox>().unwrap_err().kind()
    }

    #[test]
    fn quoting_comes_off_and_on() {
        assert_eq!(mailbox(r#""a\"b\\c"@x.org"#).local(), r#"a"b\c"#);
        assert_eq!(mailbox(r#""a\"b\\c"@x.org"#).to_string(), r#""a\"b\\c"@x.org"#);
        assert_eq!(mailbox(r#""a@b"@x.org"#).domain().unwrap(), &"x.org");
        assert_eq!(mailbox("a..b@docomo.ne.jp").to_string(), r#""a..b"@docomo.ne.jp"#);
        assert_eq!(mailbox(r#""a.b"@X.org"#), mailbox("a.b@x.org"));
        assert_ne!(mailbox("A@x.org"), mailbox("a@x.org"));
        assert!(mailbox("A@x.org").eq_ignore_case(&mailbox("a@x.org")));
    }

    #[test]
    fn literals() {
        assert_eq!(mailbox("a@[192.0.2.1]").to_string(), "a@[192.0.2.1]");
        assert_eq!(mailbox("a@[ipv6:2001:DB8:0:0::1]").to_string(), "a@[IPv6:2001:db8::1]");
        assert_eq!(kind("a@[2001:db8::1]"), MailboxErrorKind::Literal);
        assert_eq!(kind("a@[192.0.2.1"), MailboxErrorKind::Literal);
    }

    #[test]
    fn what_is_no_mailbox() {
        assert_eq!(kind("@x.org"), MailboxErrorKind::NoLocalPart);
        assert_eq!(kind(r#"""@x.org"#), MailboxErrorKind::NoLocalPart);
        assert_eq!(kind("postmaster"), MailboxErrorKind::NoAt);
        assert_eq!(kind("a b@x.org"), MailboxErrorKind::Character);
        assert_eq!(kind("\"a\r\n\"@x.org"), MailboxErrorKind::Character);
        assert_eq!(kind("\"a@x.org"), MailboxErrorKind::OpenQuote);
        assert_eq!(kind(r#""a"b@x.org"#), MailboxErrorKind::NoAt);
        assert!(matches!(kind("a@b@x.org"), MailboxErrorKind::Domain(_)));
        assert_eq!("ab@x..org".parse::<Mailbox>().unwrap_err().position(), 5);
    }

    #[cfg(feature = "idna")]
    #[test]
    fn internationalised() {
        let m = mailbox("jørn@bücher.example");
        assert_eq!(m.to_string(), "jørn@xn--bcher-kva.example");
        assert!(!m.is_ascii());
        assert!(mailbox("j@bücher.example").is_ascii());
    }

    #[test]
    fn paths() {
        assert_eq!(Mailbox::parse_path(b" <> ").unwrap(), None);
        assert_eq!(Mailbox::parse_path(b"<a@x.org>").unwrap(), Some(mailbox("a@x.org")));
        assert_eq!(Mailbox::parse_path(b"<@r.org,@s.org:a@x.org>").unwrap(), Some(mailbox("a@x.org")));
        assert!(Mailbox::parse_path(b"<a@x.org").is_err());
    }
}
