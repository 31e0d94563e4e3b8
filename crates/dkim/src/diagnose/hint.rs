//! What happened to a message.

use core::fmt;

use mailwright_message_model::Span;
use mailwright_message_model::transfer::Encoding;

use crate::canon::Canonicalization;

/// One change that explains why a signature fails. Its `Display` is a plain sentence with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Hint {
    /// What happened.
    pub change: Change,
    /// Where it shows in the message.
    pub span: Option<Span>,
    /// How it is known.
    pub evidence: Evidence,
}

/// How a change is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Evidence {
    /// Undone, the body has the hash of `bh=`.
    BodyHash,
    /// Undone, together with the other changes of this evidence, the signature holds for the header.
    Signature,
    /// The signer's copy of the field in `z=` says so (RFC 6376 3.5). The copies are not proved to be those of the signer.
    Copy,
    /// The copy in `z=` says so, and with all its copies the signature holds.
    ProvedCopy,
    /// The message says so itself.
    Message,
}

/// What happened to a message on its way, or to the signature when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Change {
    /// Line breaks that were CRLF are bare LF or CR now.
    LineBreaks,
    /// Each CR at the end of a line was doubled: a program made CRLF of the LF of a CRLF.
    DoubledCr,
    /// As [`LineBreaks`](Self::LineBreaks), in the header.
    HeaderLineBreaks,
    /// The body was hashed with bare LF for line breaks.
    SignedWithBareLf,
    /// Lines were added behind the body.
    Appended {
        /// How many.
        lines: usize,
    },
    /// Lines were added in front of the body.
    Prepended {
        /// How many.
        lines: usize,
    },
    /// Lines were added to text parts of a multipart.
    AddedToParts {
        /// To how many parts.
        parts: usize,
        /// How many lines in all.
        lines: usize,
        /// At their starts, not at their ends.
        front: bool,
    },
    /// Lines longer than SMTP takes were split (RFC 5321 4.5.3.1.6).
    LongLinesSplit,
    /// The end of the body is missing.
    Truncated {
        /// `l=`
        signed: u64,
        /// Octets of the canonical body.
        total: u64,
    },
    /// Blanks or tabs were added at the ends of lines.
    TrailingBlanks,
    /// The blank of the line `-- ` in front of a sender's signature was removed (RFC 3676 4.3).
    SeparatorBlank,
    /// The dots at the starts of lines were doubled and not undoubled (RFC 5321 4.5.2).
    DotsDoubled,
    /// A dot at the starts of lines was taken away once too often (RFC 5321 4.5.2).
    DotsRemoved,
    /// Lines that begin with `From ` got a `>` (mbox).
    FromQuoted,
    /// Lines that begin with `>From ` lost their `>` (mbox).
    FromUnquoted,
    /// The body was put into another transfer encoding.
    Reencoded {
        /// What it was.
        was: Encoding,
        /// What it is.
        is: Encoding,
    },
    /// Parts were put from 8bit into quoted-printable or base64.
    PartsReencoded {
        /// How many.
        parts: usize,
    },
    /// The message was made a part of a new multipart.
    Wrapped {
        /// Which part it is, from 1.
        part: usize,
    },
    /// Parts were added at the end of the multipart.
    PartsAdded {
        /// How many.
        parts: usize,
    },
    /// The signer hashed the body in another form than `c=` says.
    OtherCanonicalization(Canonicalization),
    /// The signer counted `l=` in octets of the body as it is, not of its canonical form (RFC 6376 3.5).
    LengthOfRawBody,
    /// The body is empty now, or was when it was signed.
    SignedEmpty,
    /// A tag was put in front of the subject.
    SubjectTag {
        /// The tag.
        tag: String,
    },
    /// From was replaced; another field has what it was.
    FromRewritten {
        /// The field.
        original: String,
    },
    /// A field was added.
    FieldAdded {
        /// Its name.
        name: String,
    },
    /// The fields of a list (`List-*`) were added.
    ListFieldsAdded,
    /// Fields were folded otherwise, or got other white space.
    Refolded,
    /// Names of fields got other capitals, which only the simple form minds.
    NamesRespelled,
    /// Quotes around the names of addresses were added or removed.
    NameQuotes {
        /// The field.
        name: String,
    },
    /// Text became encoded words (RFC 2047).
    EncodedWords {
        /// The field.
        name: String,
    },
    /// The value of a field was replaced by this.
    Replaced {
        /// The field.
        name: String,
        /// What it was.
        was: String,
    },
    /// Fields of this name stand in another order.
    Reordered {
        /// Their name.
        name: String,
    },
    /// A field of this name is missing.
    FieldRemoved {
        /// Its name.
        name: String,
        /// What it was.
        was: String,
    },
}

impl Change {
    /// Whether it is about the body; else it is about the header.
    #[must_use]
    pub const fn is_of_body(&self) -> bool {
        !matches!(
            self,
            Self::SubjectTag { .. }
                | Self::FromRewritten { .. }
                | Self::FieldAdded { .. }
                | Self::ListFieldsAdded
                | Self::HeaderLineBreaks
                | Self::NamesRespelled
                | Self::Refolded
                | Self::NameQuotes { .. }
                | Self::EncodedWords { .. }
                | Self::Replaced { .. }
                | Self::Reordered { .. }
                | Self::FieldRemoved { .. }
        )
    }
}

const fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::SevenBit => "7bit",
        Encoding::EightBit => "8bit",
        Encoding::Binary => "binary",
        Encoding::Base64 => "base64",
        Encoding::QuotedPrintable => "quoted-printable",
        _ => "another encoding",
    }
}

/// One line, one line; two lines.
const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `was` and `were`.
const fn were(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Foreign text for a sentence: short and without control characters.
pub(super) fn shown(text: &[u8]) -> String {
    /// Characters of a value that are shown.
    const MOST: usize = 200;
    let text = String::from_utf8_lossy(text);
    let clean = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out: String = clean.take(MOST).collect();
    if text.trim().chars().count() > MOST {
        out.push('…');
    }
    out
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineBreaks => {
                f.write_str("the line breaks of the body were changed: they were CRLF when it was signed")
            }
            Self::SignedWithBareLf => f.write_str("the signer hashed the body with bare LF for line breaks"),
            Self::Appended { lines } => {
                write!(f, "{lines} line{} {} added at the end of the body", plural(*lines), were(*lines))
            }
            Self::Prepended { lines } => {
                write!(f, "{lines} line{} {} added in front of the body", plural(*lines), were(*lines))
            }
            Self::DoubledCr => f.write_str("the CRs at the ends of lines were doubled"),
            Self::HeaderLineBreaks => {
                f.write_str("the line breaks of the header were changed: they were CRLF when it was signed")
            }
            Self::AddedToParts { parts, lines, front } => {
                let place = if *front { "in front of" } else { "at the end of" };
                let (s, were) = (plural(*lines), were(*lines));
                write!(f, "{lines} line{s} {were} added {place} {parts} text part{}", plural(*parts))
            }
            Self::LongLinesSplit => f.write_str("lines that are too long for SMTP were split"),
            Self::Truncated { signed, total } => {
                write!(f, "the end of the body was cut off: {signed} octets were signed, {total} are left")
            }
            Self::TrailingBlanks => f.write_str("blanks were added at the ends of lines"),
            Self::SeparatorBlank => f.write_str("the blank of the line \"-- \" was removed"),
            Self::DotsDoubled => f.write_str("dots at the starts of lines were doubled"),
            Self::DotsRemoved => f.write_str("dots at the starts of lines were removed"),
            Self::FromQuoted => {
                f.write_str("a > was put before lines that begin with \"From \", as mailboxes do")
            }
            Self::FromUnquoted => {
                f.write_str("the > before lines that begin with \"From \" was removed, as mailboxes do")
            }
            Self::Reencoded { was, is } => {
                write!(f, "the body was re-encoded from {} to {}", encoding(*was), encoding(*is))
            }
            Self::PartsReencoded { parts } => {
                write!(f, "{parts} part{} {} re-encoded from 8bit", plural(*parts), were(*parts))
            }
            Self::Wrapped { part } => write!(f, "the message was made part {part} of a new multipart"),
            Self::PartsAdded { parts } => {
                write!(f, "{parts} part{} {} added at the end of the multipart", plural(*parts), were(*parts))
            }
            Self::OtherCanonicalization(canon) => {
                write!(f, "the signer hashed the body in {canon} form, though c= says otherwise")
            }
            Self::LengthOfRawBody => {
                f.write_str("the signer counted l= in octets of the body as it is, not of its canonical form")
            }
            Self::SignedEmpty => f.write_str("the body was empty when it was signed"),
            Self::SubjectTag { tag } => write!(f, "{tag:?} was put in front of the subject"),
            Self::FromRewritten { original } => write!(f, "From was replaced; {original} has what it was"),
            Self::FieldAdded { name } => write!(f, "a {name} field was added"),
            Self::ListFieldsAdded => f.write_str("the fields of a mailing list (List-*) were added"),
            Self::Refolded => f.write_str(
                "header fields were folded otherwise, which simple canonicalization does not forgive",
            ),
            Self::NamesRespelled => {
                f.write_str("names of fields were written with other capitals, which simple canonicalization does not forgive")
            }
            Self::NameQuotes { name } => write!(f, "the quotes around a name in {name} were changed"),
            Self::EncodedWords { name } => write!(f, "the text of {name} was put into encoded words"),
            Self::Replaced { name, was } => write!(f, "{name} was changed; it was {was:?}"),
            Self::Reordered { name } => write!(f, "the {name} fields were put in another order"),
            Self::FieldRemoved { name, was } => write!(f, "a {name} field was removed; it was {was:?}"),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BodyHash => "with that undone the body hash matches",
            Self::Signature => "with that undone the signature holds for the header",
            Self::Copy => "the copy in z= says so",
            Self::ProvedCopy => {
                "the copy in z= says so, and with the copies the signature holds for the header"
            }
            Self::Message => "the message says so itself",
        })
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.change)?;
        if let Some(span) = self.span {
            write!(f, " (octets {span})")?;
        }
        write!(f, ": {}", self.evidence)
    }
}
