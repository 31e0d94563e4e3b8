//! Reporting URIs (RFC 9989 4.6, 4.8).

use std::fmt;

use mailwright_message_model::domain::Domain;
use mailwright_message_model::mailbox::{Host, Mailbox};

/// A destination of reports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ReportUri {
    pub(crate) uri: Box<str>,
    pub(crate) obsolete_size: Option<u64>,
}

/// Why a text is no reporting URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriError {
    /// Nothing at all.
    Empty,
    /// No scheme and colon, as where `mailto:` was forgotten (RFC 3986 3.1).
    NoScheme,
    /// A character that has to be percent-encoded (RFC 3986 2); commas and exclamation points too (RFC 9989 4.8).
    Character,
    /// A `mailto:` without an address, or with one that is none (RFC 6068 2).
    Address,
}

impl UriError {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "nothing between the commas",
            Self::NoScheme => "no scheme: an address needs `mailto:` before it",
            Self::Character => "a character that has to be percent-encoded",
            Self::Address => "`mailto:` needs an address with a domain",
        }
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::error::Error for UriError {}

impl ReportUri {
    /// Reads one URI, with the obsolete size suffix or without.
    ///
    /// # Errors
    /// [`UriError`]: a receiver has to ignore it (RFC 9990 3.5).
    pub fn parse(text: &[u8]) -> Result<Self, UriError> {
        let text = std::str::from_utf8(text).map_err(|_| UriError::Character)?;
        if text.is_empty() {
            return Err(UriError::Empty);
        }
        // RFC 9989 4.8, obs-dmarc-report-size.
        let (uri, obsolete_size) = match text.rsplit_once('!') {
            Some((uri, size)) => (uri, Some(octets(size).ok_or(UriError::Character)?)),
            None => (text, None),
        };
        check(uri)?;
        Ok(Self { uri: uri.into(), obsolete_size })
    }

    /// The URI without size suffix.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The size suffix in octets, which RFC 9989 4.8 has receivers ignore.
    #[must_use]
    pub const fn obsolete_size(&self) -> Option<u64> {
        self.obsolete_size
    }

    /// The scheme, as written.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.uri.split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// The address of a `mailto:` URI, percent-encoding taken off; `None` for other schemes.
    #[must_use]
    pub fn mailbox(&self) -> Option<Mailbox> {
        let (scheme, rest) = self.uri.split_once(':')?;
        scheme.eq_ignore_ascii_case("mailto").then_some(())?;
        let address = rest.split(['?', '#']).next().unwrap_or_default();
        Mailbox::parse(&percent_decoded(address)?).ok()
    }

    /// The host of the authority (RFC 9990 4): of a `mailto:` the domain of the address; `None` where it is no domain.
    #[must_use]
    pub fn host(&self) -> Option<Domain> {
        if self.scheme().eq_ignore_ascii_case("mailto") {
            return match self.mailbox()?.host() {
                Host::Domain(domain) => Some(domain.clone()),
                _ => None,
            };
        }
        // RFC 3986 3.2: authority = [ userinfo "@" ] host [ ":" port ]
        let (_, rest) = self.uri.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        Domain::parse(&percent_decoded(host)?).ok()
    }
}

impl fmt::Display for ReportUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.uri)?;
        self.obsolete_size.map_or(Ok(()), |octets| write!(f, "!{octets}"))
    }
}

/// RFC 3986 appendix A, as far as a reader of records needs it: scheme, the characters, and for `mailto` an address.
fn check(uri: &str) -> Result<(), UriError> {
    let (scheme, rest) = uri.split_once(':').ok_or(UriError::NoScheme)?;
    let mut letters = scheme.bytes();
    // RFC 3986 3.1
    let valid = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !valid {
        return Err(UriError::NoScheme);
    }
    // RFC 3986 2.2, 2.3; comma and exclamation point are not for us (RFC 9989 4.8).
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@$&'()*+;=%".contains(&b);
    if !rest.bytes().all(allowed) || percent_decoded(rest).is_none() {
        return Err(UriError::Character);
    }
    if rest.is_empty() {
        return Err(if scheme.eq_ignore_ascii_case("mailto") { UriError::Address } else { UriError::Empty });
    }
    if scheme.eq_ignore_ascii_case("mailto") {
        let uri = ReportUri { uri: uri.into(), obsolete_size: None };
        uri.host().ok_or(UriError::Address)?;
    }
    Ok(())
}

/// RFC 3986 2.1; `None` where a `%` is not followed by two hexadecimal digits.
fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let (digits, behind) = tail.split_at_checked(2)?;
            let digits =
                std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            octets.push(u8::from_str_radix(digits, 16).ok()?);
            rest = behind;
        } else {
            octets.push(*first);
            rest = tail;
        }
    }
    Some(octets)
}

/// `"!" 1*DIGIT [ "k" / "m" / "g" / "t" ]` in octets; a number beyond 64 bits is the largest one.
fn octets(size: &str) -> Option<u64> {
    let unit = size.bytes().last()?.to_ascii_lowercase();
    let shift = match unit {
        b'k' => 10,
        b'm' => 20,
        b'g' => 30,
        b't' => 40,
        _ => 0,
    };
    let digits = if shift > 0 { size.get(..size.len().checked_sub(1)?)? } else { size };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(1 << shift))
}
