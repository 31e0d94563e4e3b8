//! What is odd in a record.

use std::fmt;

use mailwright_message_model::Span;

use super::{PolicyTag, Record, RecordError, parse};
use crate::policy::{Policy, Psd};

/// Something odd in a record, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Its octets in the record.
    pub span: Span,
}

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Severity {
    /// Allowed, and worth to know.
    Note,
    /// Allowed, and most likely not what is meant.
    Warning,
    /// The grammar does not allow it: receivers ignore it, or the record.
    Error,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident, $severity:ident, $section:literal, $text:literal;)+) => {
        /// The kinds of [`Finding`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum FindingKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl FindingKind {
            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// The section that says so.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self { $(Self::$name => $section,)+ }
            }

            /// One sentence for a postmaster.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

kinds! {
    /// More octets than are read.
    TooLong, Error, "RFC 1035 3.3.14", "the record is longer than any record that is in use";
    /// Not begun with the tag `v`.
    NoVersion, Error, "RFC 9989 4.7", "a DMARC record begins with `v=DMARC1`; this one is ignored as a whole";
    /// The tag `v` with another value.
    OtherVersion, Error, "RFC 9989 4.7", "the version is `DMARC1`, in capitals and with a semicolon behind it; the record is ignored as a whole";
    /// Two semicolons with nothing between them.
    EmptyTag, Error, "RFC 9989 4.8", "nothing stands between two semicolons";
    /// A tag without an equals sign.
    NoEquals, Error, "RFC 9989 4.8", "a tag is a name, an equals sign and a value";
    /// A name with something else than letters.
    TagName, Error, "RFC 9989 4.8", "the name of a tag has letters only";
    /// A tag that is not registered.
    UnknownTag, Note, "RFC 9989 4.7", "receivers ignore this tag: it is not registered";
    /// A tag of RFC 7489 that is historic.
    Historic, Note, "RFC 9989 9.3", "the tag is historic: receivers of today ignore it";
    /// A tag that stood before.
    Duplicate, Error, "RFC 6376 3.2", "the tag stands twice; receivers differ in which one they take";
    /// A policy that is none of the three.
    PolicyValue, Error, "RFC 9989 4.10.1", "a policy is none, quarantine or reject; with another one, the record counts as p=none, or not at all without a valid rua";
    /// An alignment mode other than `r` and `s`.
    AlignmentValue, Error, "RFC 9989 4.7", "the alignment is r or s; the default r holds";
    /// A `psd` other than `y`, `n` and `u`.
    PsdValue, Error, "RFC 9989 4.7", "psd is y, n or u; the default u holds";
    /// A `t` other than `y` and `n`.
    TestValue, Error, "RFC 9989 4.7", "t is y or n; the default n holds";
    /// A list of failure options that the grammar does not have.
    FailureValue, Error, "RFC 9989 4.8", "fo is 0 or 1, d and s, each once, with colons between; the default 0 holds";
    /// A `pct` that is no number up to 100.
    PctValue, Error, "RFC 7489 6.4", "pct is a number from 0 to 100";
    /// Nothing between two commas of a list of URIs.
    UriEmpty, Error, "RFC 9989 4.8", "nothing stands where a reporting URI is expected";
    /// A URI without scheme.
    UriScheme, Error, "RFC 9989 4.6", "a reporting URI needs a scheme, as in `mailto:`; it is ignored";
    /// A character that a URI does not have.
    UriCharacter, Error, "RFC 9989 4.8", "a character has to be percent-encoded in a URI; it is ignored";
    /// A `mailto:` without a valid address.
    UriAddress, Error, "RFC 6068 2", "`mailto:` needs an address with a domain; the URI is ignored";
    /// A scheme that nobody supports.
    UriOtherScheme, Warning, "RFC 9989 4.7", "receivers have to support `mailto:` alone";
    /// The size suffix of RFC 7489.
    SizeSuffix, Note, "RFC 9989 4.8", "the size limit behind `!` is obsolete and ignored";
    /// More URIs than are kept.
    ManyUris, Warning, "RFC 9990 3.5", "receivers limit the number of URIs";
    /// No `p`.
    NoPolicy, Warning, "RFC 9989 4.7", "without p the policy is none; say it";
    /// Neither a valid policy nor a valid `rua`.
    Useless, Error, "RFC 9989 4.10.1", "without a valid policy and without a valid rua, receivers do not apply DMARC";
    /// A policy without reports.
    NoReports, Note, "RFC 9989 5.1.3", "without rua nobody tells you which mail fails";
    /// `fo` without `ruf`.
    FailureWithoutRuf, Warning, "RFC 9989 4.7", "fo is ignored without ruf";
    /// `ruf` with `psd=y`.
    RufOfSuffix, Warning, "RFC 9989 10.2", "the record of a public suffix must not ask for failure reports";
    /// `t=y` where every policy is `none`.
    TestOfNothing, Note, "RFC 9989 4.7", "t has no effect on the policy none";
    /// A weaker policy for subdomains.
    WeakSubdomains, Warning, "RFC 9989 4.7", "subdomains are protected less than the domain";
    /// More octets than one UDP answer of old holds.
    Long, Note, "RFC 1035 4.2.1", "the record makes answers of more than 512 octets likely";
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.kind.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (severity, at) = (self.severity(), self.span.start);
        write!(f, "{severity} at byte {at}: {} ({})", self.kind, self.kind.section())
    }
}

/// A record longer than this is likely not to fit in 512 octets with the header and the question (RFC 1035 4.2.1).
const LONG: usize = 450;

/// Reads a record and tells all that is odd in it, in the order of the record; what concerns it as a whole comes last.
///
/// # Errors
/// As [`Record::parse`].
///
/// ```
/// use mailwright_dmarc::record::{FindingKind, lint};
///
/// let (_, findings) = lint(b"v=DMARC1; p=rejct; rua=dmarc@example.com")?;
/// let kinds: Vec<FindingKind> = findings.iter().map(|finding| finding.kind).collect();
/// assert_eq!(kinds, [FindingKind::PolicyValue, FindingKind::UriScheme, FindingKind::Useless]);
/// assert_eq!(findings[0].span.start, 12);
/// # Ok::<(), mailwright_dmarc::RecordError>(())
/// ```
pub fn lint(record: &[u8]) -> Result<(Record, Vec<Finding>), RecordError> {
    let mut findings = Vec::new();
    let read = parse::read(record, &mut |finding| findings.push(finding))?;
    let whole = Span::new(0, record.len());
    let mut tell = |kind, is: bool| {
        if is {
            findings.push(Finding { kind, span: whole });
        }
    };
    let useless = read.is_faulty() && read.rua.is_empty();
    tell(FindingKind::Useless, useless);
    tell(FindingKind::NoPolicy, !useless && read.p == PolicyTag::Absent);
    tell(FindingKind::NoReports, !useless && read.rua.is_empty());
    let has_fo = read.fo != parse::empty().fo;
    tell(FindingKind::FailureWithoutRuf, has_fo && read.ruf.is_empty());
    tell(FindingKind::RufOfSuffix, read.psd == Psd::Yes && !read.ruf.is_empty());
    let of = |tag: &PolicyTag| tag.policy().unwrap_or(Policy::None);
    let strictest = of(&read.p).max(of(&read.sp)).max(of(&read.np));
    tell(FindingKind::TestOfNothing, read.t && strictest == Policy::None);
    let weaker = |tag: &PolicyTag| tag.policy().is_some_and(|policy| policy < of(&read.p));
    tell(FindingKind::WeakSubdomains, weaker(&read.sp) || weaker(&read.np));
    let others = read.rua.iter().chain(&read.ruf).any(|uri| !uri.scheme().eq_ignore_ascii_case("mailto"));
    tell(FindingKind::UriOtherScheme, others);
    tell(FindingKind::Long, record.len() > LONG);
    Ok((read, findings))
}
