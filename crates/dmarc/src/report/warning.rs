//! What is out of form in a report that can be used all the same.

use std::fmt;

/// Something out of form, and how it was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Warning {
    /// What it is.
    pub kind: WarningKind,
    /// The element, field or part, by its name in the format.
    pub place: &'static str,
    /// Byte offset of the first one in the XML, JSON or feedback part; 0 where there is none.
    pub offset: usize,
    /// How often it occurs.
    pub count: usize,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident, $section:literal, $text:literal;)+) => {
        /// The kinds of [`Warning`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum WarningKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl WarningKind {
            /// The section that is broken.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self { $(Self::$name => $section,)+ }
            }

            /// What was done, in a sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

kinds! {
    /// Octets behind the packed data.
    TrailingOctets, "RFC 1952 2.2", "octets behind the packed data were passed over";
    /// A checksum that is not that of the data.
    Checksum, "RFC 1952 2.3.1", "the checksum is wrong; the data was used";
    /// Packed data that ends early.
    Truncated, "RFC 1951 3.2", "the packed data ends early; what there is was used";
    /// Several files in one archive.
    SeveralMembers, "RFC 9990 3.5.2", "the archive has several files; the first that is a report was used";
    /// A media type that is not that of the content.
    MediaType, "RFC 9990 3.5.2", "the media type is not that of the content; the content was believed";
    /// Several reports in one message.
    SeveralReports, "RFC 9990 3.5.2", "the message has several reports; the first was read";
    /// Octets that are no UTF-8.
    NotUtf8, "RFC 9990 3.1", "octets that are no UTF-8 were replaced";
    /// Another encoding than UTF-8.
    Encoding, "RFC 9990 3.1", "the text was converted to UTF-8";
    /// Something in front of the XML declaration.
    LeadingText, "XML 1.0 2.8", "text in front of the XML was passed over";
    /// A tag with a `<` in it.
    BrokenTag, "XML 1.0 3.1", "a tag with a `<` in it was taken apart";
    /// An element that is not closed.
    Unclosed, "XML 1.0 3.1", "an element that is not closed was closed";
    /// An end tag without a start.
    StrayEnd, "XML 1.0 3.1", "an end tag without a start was passed over";
    /// XML that cannot be read on.
    Syntax, "XML 1.0 2.1", "the rest of the XML cannot be read and was passed over";
    /// Elements around the `feedback` element.
    Wrapped, "RFC 9990 3.1.1.1", "the feedback element is not the root; what is around it was passed over";
    /// An entity that is not one of the five.
    Entity, "XML 1.0 4.1", "an entity was kept as text, not expanded";
    /// A namespace that is not that of RFC 9990, and not none.
    Namespace, "RFC 9990 6.1", "the namespace is neither that of RFC 9990 nor none";
    /// A version other than 1.0.
    Version, "RFC 9990 3.1.1.2", "the version is not 1.0";
    /// Something that is required is not there or empty.
    Missing, "RFC 9990 3.1.1", "something required is missing";
    /// A field of a feedback report that is required is not there.
    MissingField, "RFC 5965 3.1, RFC 6591 3.1, RFC 9991 4", "a required field is missing";
    /// A member of a TLS report that is required is not there or empty.
    MissingMember, "RFC 8460 4.4", "a required member is missing";
    /// An optional value without text.
    EmptyValue, "RFC 9990 3.1.1", "a value without text counts as absent";
    /// An element that stands twice.
    Repeated, "RFC 9990 3.1.1", "an element stands twice; the last counts";
    /// A value in capitals.
    WordCase, "RFC 9990 appendix A", "a word was written in another case";
    /// A result word of old generators.
    OldWord, "RFC 8601 2.7", "an old word for a result was translated";
    /// A word that the schema does not have.
    UnknownWord, "RFC 9990 appendix A", "a word that the schema does not have counts as absent";
    /// A reason without a type.
    ReasonWithoutType, "RFC 9990 3.1.1.14", "a reason without a type was left out";
    /// An SPF result without a domain.
    ResultWithoutDomain, "RFC 9990 3.1.1.13", "a result has no domain";
    /// A number that cannot be read.
    Number, "RFC 9990 appendix A", "a number cannot be read or is too large, and counts as absent";
    /// An address that cannot be read.
    Address, "RFC 9990 3.1.1.8", "an IP address cannot be read and counts as absent";
    /// A date that cannot be read.
    Date, "RFC 5322 3.3", "a date cannot be read and counts as absent";
    /// A text that was cut.
    TextCut, "Limits::text", "a text was cut";
    /// Rows that were passed over.
    RowsCut, "Limits::rows", "further rows were passed over";
    /// Entries that were passed over.
    EntriesCut, "Limits::entries", "further entries were passed over";
    /// A line that is no field.
    OddLine, "RFC 5965 3", "a line that is no field was passed over";
    /// A failure report without the part that programs read.
    NoFeedbackPart, "RFC 5965 2", "there is no message/feedback-report part; the text for people was read";
    /// A failure report in another multipart than multipart/report.
    NotMultipartReport, "RFC 5965 2", "the message is not multipart/report with report-type=feedback-report";
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(self.kind.text())?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        write!(f, " ({})", self.kind.section())
    }
}

/// The warnings of a report, each kind and place once, in the order of their first occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Warnings(Vec<Warning>);

impl Warnings {
    /// The list. Its length is bounded by the kinds and the elements of the formats.
    #[must_use]
    pub fn as_slice(&self) -> &[Warning] {
        &self.0
    }

    /// Whether the report is in form.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is one of this kind.
    #[must_use]
    pub fn has(&self, kind: WarningKind) -> bool {
        self.0.iter().any(|warning| warning.kind == kind)
    }

    pub(super) fn add(&mut self, kind: WarningKind, place: &'static str, offset: usize) {
        match self.0.iter_mut().find(|known| known.kind == kind && known.place == place) {
            Some(known) => known.count = known.count.saturating_add(1),
            None => self.0.push(Warning { kind, place, offset, count: 1 }),
        }
    }
}

impl<'w> IntoIterator for &'w Warnings {
    type Item = &'w Warning;
    type IntoIter = std::slice::Iter<'w, Warning>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
