//! MTA-STS policies and records (RFC 8461), and the record that asks for TLS reports (RFC 8460 3).
//!
//! Texts are read here; fetching a policy over HTTPS, and keeping it, is the caller's.

use std::fmt;

use mailwright_message_model::domain::Domain;

use crate::policy::words;

/// Octets of a policy that are read (RFC 8461 3.3 suggests 64 KB).
pub const MAX_POLICY: usize = 64 << 10;

/// The largest `max_age`: about a year (RFC 8461 3.2).
pub const MAX_AGE: u32 = 31_557_600;

/// Exchangers of a policy that are kept: RFC 8461 has no limit, and domains have a handful.
pub const MAX_MX: usize = 1_000;

words! {
    /// What a sender does where TLS fails (RFC 8461 3.2).
    Mode {
        /// It does not send.
        Enforce = "enforce",
        /// It sends and reports.
        Testing = "testing",
        /// It sends: there is no policy any more.
        None = "none",
    }
}

/// A policy.
///
/// ```
/// use mailwright_dmarc::mta_sts::{Mode, Policy};
///
/// let policy: Policy = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n".parse()?;
/// assert_eq!((policy.mode, policy.max_age), (Mode::Enforce, 604_800));
/// assert!(policy.allows(&"MX1.example.net".parse().unwrap()));
/// assert!(!policy.allows(&"a.b.example.net".parse().unwrap()));
/// # Ok::<(), mailwright_dmarc::mta_sts::PolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Policy {
    /// What a sender does where TLS fails.
    pub mode: Mode,
    /// Seconds for which it may be kept.
    pub max_age: u32,
    /// The exchangers, of which some begin with `*.`.
    pub mx: Vec<MxPattern>,
}

/// A pattern of exchangers (RFC 8461 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MxPattern {
    /// Whether one label may stand before the name.
    pub wildcard: bool,
    /// The name.
    pub name: Domain,
}

/// Why a text is no policy, and in which line (from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyError {
    kind: PolicyErrorKind,
    line: usize,
}

/// The kinds of [`PolicyError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyErrorKind {
    /// More than [`MAX_POLICY`] octets, or [`MAX_MX`] exchangers.
    TooLong,
    /// A line without a colon.
    Line,
    /// No `version: STSv1`.
    Version,
    /// No mode, or an unknown one.
    Mode,
    /// No `max_age`, or one that is no number or too large.
    MaxAge,
    /// An exchanger that is no name.
    Mx,
    /// No exchanger where the mode is not `none`.
    NoMx,
}

impl PolicyError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> PolicyErrorKind {
        self.kind
    }

    /// In which line, from 1; 0 where something is missing.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(match self.kind {
            PolicyErrorKind::TooLong => "the policy is longer than any that is in use (RFC 8461 3.3)",
            PolicyErrorKind::Line => "a line is a name, a colon and a value (RFC 8461 3.2)",
            PolicyErrorKind::Version => "the version is STSv1 (RFC 8461 3.2)",
            PolicyErrorKind::Mode => "the mode is enforce, testing or none (RFC 8461 3.2)",
            PolicyErrorKind::MaxAge => "max_age is a number of seconds up to 31557600 (RFC 8461 3.2)",
            PolicyErrorKind::Mx => "mx is a name, before which `*.` may stand (RFC 8461 3.2)",
            PolicyErrorKind::NoMx => "a policy that is enforced or tested needs an mx (RFC 8461 3.2)",
        })
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// Whether mail may go to this exchanger: a wildcard stands for exactly one label (RFC 8461 4.1).
    #[must_use]
    pub fn allows(&self, host: &Domain) -> bool {
        self.mx.iter().any(|pattern| {
            if pattern.wildcard {
                host.parent().as_ref() == Some(&pattern.name)
            } else {
                *host == pattern.name
            }
        })
    }
}

impl std::str::FromStr for Policy {
    type Err = PolicyError;

    /// RFC 8461 3.2: of a field that stands twice, `mx` apart, the first counts; unknown fields are passed over.
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let fail = |kind, line| Err(PolicyError { kind, line });
        if text.len() > MAX_POLICY {
            return fail(PolicyErrorKind::TooLong, 0);
        }
        let (mut version, mut mode, mut max_age, mut mx) = (false, None, None, Vec::new());
        for (at, line) in text.lines().enumerate() {
            let at = at.saturating_add(1);
            let line = line.trim_matches([' ', '\t', '\r']);
            if line.is_empty() {
                continue;
            }
            let Some((name, value)) = line.split_once(':') else { return fail(PolicyErrorKind::Line, at) };
            let value = value.trim();
            match name.trim_end() {
                "version" if value == "STSv1" => version = true,
                "version" if !version => return fail(PolicyErrorKind::Version, at),
                "mode" if mode.is_none() => {
                    let known = Mode::ALL.iter().copied().find(|mode| mode.as_str() == value);
                    mode = Some(known.ok_or(PolicyError { kind: PolicyErrorKind::Mode, line: at })?);
                }
                "max_age" if max_age.is_none() => {
                    let digits = value.bytes().all(|b| b.is_ascii_digit());
                    let age = value.parse().ok().filter(|&age: &u32| digits && age <= MAX_AGE);
                    max_age = Some(age.ok_or(PolicyError { kind: PolicyErrorKind::MaxAge, line: at })?);
                }
                "mx" if mx.len() >= MAX_MX => return fail(PolicyErrorKind::TooLong, at),
                "mx" => {
                    let plain = value.strip_prefix("*.");
                    let name = plain.unwrap_or(value).parse();
                    let name = name.map_err(|_| PolicyError { kind: PolicyErrorKind::Mx, line: at })?;
                    mx.push(MxPattern { wildcard: plain.is_some(), name });
                }
                _ => {}
            }
        }
        let missing = |kind| PolicyError { kind, line: 0 };
        if !version {
            return Err(missing(PolicyErrorKind::Version));
        }
        let mode = mode.ok_or(missing(PolicyErrorKind::Mode))?;
        let max_age = max_age.ok_or(missing(PolicyErrorKind::MaxAge))?;
        if mx.is_empty() && mode != Mode::None {
            return Err(missing(PolicyErrorKind::NoMx));
        }
        Ok(Self { mode, max_age, mx })
    }
}

impl fmt::Display for Policy {
    /// The text of the policy, in lines of CRLF.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version: STSv1\r\nmode: {}\r\n", self.mode)?;
        for pattern in &self.mx {
            write!(f, "mx: {}{}\r\n", if pattern.wildcard { "*." } else { "" }, pattern.name)?;
        }
        write!(f, "max_age: {}\r\n", self.max_age)
    }
}

/// The id in a record at `_mta-sts.` before a domain, `v=STSv1; id=...` (RFC 8461 3.1); `None` where it is no such record.
///
/// ```
/// use mailwright_dmarc::mta_sts::record_id;
///
/// assert_eq!(record_id("v=STSv1; id=20160831085700Z;"), Some("20160831085700Z"));
/// assert_eq!(record_id("v=STSv1; id=not-alphanumeric"), None);
/// ```
#[must_use]
pub fn record_id(record: &str) -> Option<&str> {
    let mut fields = fields(record, "v=STSv1")?;
    let id = fields.find_map(|field| field.strip_prefix("id="))?;
    let valid = (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
    valid.then_some(id)
}

/// The destinations in a record at `_smtp._tls.` before a domain, `v=TLSRPTv1; rua=...` (RFC 8460 3); `None` where it is no
/// such record.
///
/// ```
/// use mailwright_dmarc::mta_sts::tls_destinations;
///
/// let found = tls_destinations("v=TLSRPTv1;rua=mailto:a@example.com,https://example.com/v1/tlsrpt").unwrap();
/// assert_eq!(found, ["mailto:a@example.com", "https://example.com/v1/tlsrpt"]);
/// ```
#[must_use]
pub fn tls_destinations(record: &str) -> Option<Vec<&str>> {
    let mut fields = fields(record, "v=TLSRPTv1")?;
    let uris = fields.find_map(|field| field.strip_prefix("rua="))?;
    let known = |uri: &&str| uri.starts_with("mailto:") || uri.starts_with("https://");
    Some(uris.split(',').map(str::trim).filter(known).take(crate::record::MAX_URIS).collect())
}

/// The fields behind the version, with which the record begins (RFC 8461 3.1, RFC 8460 3: `*WSP ";" *WSP` between them).
fn fields<'r>(record: &'r str, version: &str) -> Option<impl Iterator<Item = &'r str>> {
    let behind = record.strip_prefix(version)?.trim_start_matches([' ', '\t']);
    let fields = behind.strip_prefix(';')?.split(';');
    Some(fields.map(|field| field.trim_matches([' ', '\t'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (PolicyErrorKind, usize) {
        let error = text.parse::<Policy>().unwrap_err();
        (error.kind(), error.line())
    }

    #[test]
    fn what_is_no_policy() {
        assert_eq!(error(""), (PolicyErrorKind::Version, 0));
        assert_eq!(error("version: STSv2"), (PolicyErrorKind::Version, 1));
        assert_eq!(error("version: STSv1\nmode: on"), (PolicyErrorKind::Mode, 2));
        assert_eq!(error("version: STSv1\nmode: none"), (PolicyErrorKind::MaxAge, 0));
        assert_eq!(error("version: STSv1\nmode: none\nmax_age: 31557601"), (PolicyErrorKind::MaxAge, 3));
        assert_eq!(error("version: STSv1\nmode: testing\nmax_age: 1"), (PolicyErrorKind::NoMx, 0));
        assert_eq!(error("version: STSv1\nmx: a.*.b"), (PolicyErrorKind::Mx, 2));
        assert_eq!(error("<html>"), (PolicyErrorKind::Line, 1));
    }

    /// RFC 8461 3.1, RFC 8460 3: what does not begin with the version is discarded.
    #[test]
    fn records_begin_with_their_version() {
        for (record, id) in [
            ("v=STSv1; id=1", Some("1")),
            ("v=STSv1 ;\tid=1 ; new=x;", Some("1")),
            ("v=STSv1;id=12345678901234567890123456789012", Some("12345678901234567890123456789012")),
            ("v=STSv1;id=123456789012345678901234567890123", None),
            (" v=STSv1; id=1", None),
            ("v=STSv1id=1", None),
            ("V=STSv1; id=1", None),
            ("id=1; v=STSv1", None),
            ("v=STSv1; id=", None),
            ("v=STSv1", None),
            ("v=STSv12; id=1", None),
        ] {
            assert_eq!(record_id(record), id, "{record}");
        }
        assert_eq!(
            tls_destinations("v=TLSRPTv1; rua=mailto:a@b.c , ftp:x,https://d.e/f;"),
            Some(vec!["mailto:a@b.c", "https://d.e/f"])
        );
        assert_eq!(tls_destinations("v=TLSRPTv2; rua=mailto:a@b.c"), None);
        assert_eq!(tls_destinations("v=TLSRPTv1;"), None);
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = "version: STSv1\r\nmode: testing\r\nmx: *.example.com\r\nmx: mx.example.org\r\nmax_age: 86400\r\n";
        let policy: Policy = text.parse().unwrap();
        assert_eq!(policy.to_string(), text);
        assert_eq!(
            "version: STSv1\nmode: none\nnew: x\nmax_age: 0\nmax_age: 5".parse::<Policy>().unwrap().max_age,
            0
        );
    }
}
