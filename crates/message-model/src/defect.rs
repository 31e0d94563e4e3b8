//! Everything ambiguous or illegal in a message, each with its place.

use std::fmt;

use crate::{PartId, Span};

/// Something that the standard forbids or that two readers may read differently.
///
/// A gateway refuses what is [ambiguous](DefectKind::is_ambiguous) in any defect of [`Message::inspect`]: of the kinds
/// listed here nothing gets through that a client behind it would take apart otherwise.
///
/// [`Message::inspect`]: crate::Message::inspect
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Defect {
    /// What is odd.
    pub kind: DefectKind,
    /// The octets it rests on; of a kind that occurs often the first place.
    pub at: Span,
    /// The entity in which it was found.
    pub part: PartId,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident, $rule:literal, $severity:ident, $text:literal;)+) => {
        /// The kinds of [`Defect`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum DefectKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl DefectKind {
            /// Every kind, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The rule that is broken, as `RFC nnnn section` or the name of the limit that cut.
            #[must_use]
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule,)+ }
            }

            /// How much harm the defect can do.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// One sentence for a postmaster.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The name of the kind, as in this enum.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

/// What a [`Defect`] means for those who read the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Severity {
    /// Illegal, but every reader sees the same message.
    Illegal,
    /// Readers differ: what one shows another hides.
    Ambiguous,
    /// A limit of ours cut the view; what lies behind it was not read.
    Cut,
}

// A new kind is a row here; `parse` raises what the tree depends on, `inspect.rs` everything else.
kinds! {
    /// A line of the header has no colon behind a field name, and is no continuation.
    NoColon, "RFC 5322 2.2", Ambiguous, "a header line is no field: some readers end the header here, others pass over it";
    /// Blanks stand between a field name and its colon.
    SpaceBeforeColon, "RFC 5322 3.6.8", Ambiguous, "blanks before the colon of a field: some readers do not see the field";
    /// The header begins with a continuation line.
    LeadingContinuation, "RFC 5322 2.2.3", Ambiguous, "the header begins with a continuation line";
    /// A folded field has a line of blanks only.
    BlankContinuation, "RFC 5322 3.2.2", Ambiguous, "a folded field has a line of blanks only: some readers end the header here";
    /// The header ends without an empty line.
    NoEmptyLine, "RFC 5322 2.1", Illegal, "the header ends without an empty line";
    /// A field that may occur once occurs again; at the second.
    DuplicateField, "RFC 5322 3.6", Ambiguous, "a field that may occur once occurs again: readers take the first or the last";
    /// A second Content-Type, Content-Transfer-Encoding, Content-Disposition or MIME-Version; the first is used.
    DuplicateMimeField, "RFC 2045 3", Ambiguous, "a second MIME field in one header: the first is used here, other readers take the last";
    /// There is no Date.
    MissingDate, "RFC 5322 3.6", Illegal, "Date is missing";
    /// There is no From.
    MissingFrom, "RFC 5322 3.6", Illegal, "From is missing";
    /// Octets above 127 that are not UTF-8 in a header.
    RawEightBit, "RFC 6532 3.2", Ambiguous, "octets above 127 in the header that are not UTF-8: their charset is a guess";
    /// Content-Type cannot be read as `type/subtype`; the default type is used.
    BadContentType, "RFC 2045 5.1", Ambiguous, "Content-Type cannot be read: the default type is used";
    /// A parameter of Content-Type or Content-Disposition is given twice, or both plain and as RFC 2231.
    DuplicateParameter, "RFC 2045 5.1", Ambiguous, "a parameter is given more than once: the first is used here";
    /// Content-Type or Content-Disposition is written against the grammar, yet can be read.
    ParameterSyntax, "RFC 2045 5.1", Ambiguous, "a MIME field is written against the grammar: readers may see other parameters";
    /// Content-Disposition and Content-Type give different file names.
    FileNamesDiffer, "RFC 2183 2.3", Ambiguous, "Content-Disposition and Content-Type give different file names: readers save one or the other";
    /// A multipart without a boundary: its parts cannot be told apart.
    MissingBoundary, "RFC 2046 5.1.1", Ambiguous, "a multipart without a boundary is kept as one opaque body";
    /// The boundary is longer than 70 characters.
    LongBoundary, "RFC 2046 5.1.1", Ambiguous, "a boundary of more than 70 characters: some readers cut it";
    /// The boundary ends in a blank.
    BoundaryEndsInBlank, "RFC 2046 5.1.1", Ambiguous, "a boundary that ends in a blank: some readers compare it with the blank";
    /// The boundary holds a character that it may not.
    BoundaryCharacter, "RFC 2046 5.1.1", Ambiguous, "a boundary with a character that it may not hold";
    /// The boundary of a multipart never occurs.
    NoParts, "RFC 2046 5.1.1", Ambiguous, "the boundary of a multipart never occurs: its whole body is preamble";
    /// A multipart ends without its close delimiter.
    MissingClose, "RFC 2046 5.1.1", Ambiguous, "a multipart ends without its close delimiter";
    /// An outer delimiter stands inside a multipart that was not closed.
    InnerUnclosed, "RFC 2046 5.1.2", Ambiguous, "an outer delimiter ends an inner multipart that was not closed";
    /// A line begins with an open boundary and goes on.
    BoundaryPrefix, "RFC 2046 5.1.2", Ambiguous, "a line begins with an open boundary and goes on: it is text here, a delimiter to others";
    /// A line is a delimiter of more than one open multipart.
    BoundaryConflict, "RFC 2046 5.1.2", Ambiguous, "a line is a delimiter of more than one open multipart: the innermost is used here";
    /// A delimiter line follows straight on a delimiter line.
    DoubledDelimiter, "RFC 2046 5.1.1", Ambiguous, "a delimiter line straight after a delimiter line starts no part of its own";
    /// A delimiter-like line stands behind the close delimiter of its multipart.
    DelimiterAfterClose, "RFC 2046 5.1.1", Ambiguous, "a delimiter stands behind the close delimiter: what follows is no part here, but may be one to others";
    /// A multipart or message has a transfer encoding other than 7bit, 8bit or binary.
    EncodedComposite, "RFC 2045 6.4", Ambiguous, "a multipart or message is marked as encoded, which is forbidden";
    /// Content-Transfer-Encoding is not one token.
    EncodingSyntax, "RFC 2045 6.1", Ambiguous, "the transfer encoding is not one word: readers differ on which it is";
    /// The transfer encoding is unknown; the body is taken as it is.
    UnknownEncoding, "RFC 2045 6.4", Ambiguous, "unknown transfer encoding: the body is taken as it is";
    /// The body is not what its transfer encoding says.
    BadEncoding, "RFC 2045 6", Ambiguous, "octets that the transfer encoding does not allow";
    /// The charset of a text is unknown.
    UnknownCharset, "RFC 2046 4.1.2", Ambiguous, "unknown charset: UTF-8 or windows-1252 is assumed";
    /// The text is not valid in its charset.
    BadCharset, "RFC 2046 4.1.2", Illegal, "the text is not valid in the charset that it names";
    /// Date cannot be read.
    BadDate, "RFC 5322 3.3", Illegal, "Date cannot be read";
    /// An address field cannot be read without repair.
    BadAddress, "RFC 5322 3.4", Ambiguous, "an address field cannot be read without repair: readers may see other addresses";
    /// Message-ID has no angle brackets, or more than one id.
    BadMessageId, "RFC 5322 3.6.4", Illegal, "Message-ID is not one id in angle brackets";
    /// The message begins with a byte order mark.
    ByteOrderMark, "RFC 5322 2.2", Ambiguous, "a byte order mark before the header: some readers lose the first field";
    /// The octet NUL.
    Nul, "RFC 5322 4.1", Ambiguous, "a NUL octet: some readers end the line or the message here";
    /// CR without LF.
    BareCr, "RFC 5322 2.3", Ambiguous, "CR without LF: a line end to some readers";
    /// LF without CR in a message that has CRLF too.
    MixedLineEnds, "RFC 5322 2.3", Ambiguous, "LF without CR in a message with CRLF: a line end to some readers only";
    /// A line of more than 998 octets.
    LongLine, "RFC 5322 2.1.1", Illegal, "a line of more than 998 octets: servers may break it";
    /// Nesting beyond the limit.
    DepthCut, "Limits::depth", Cut, "nested too deep: the rest is kept as an opaque body";
    /// More entities than the limit.
    PartsCut, "Limits::parts", Cut, "too many parts: the rest is kept as an opaque body";
    /// More fields than the limit.
    FieldsCut, "Limits::fields", Cut, "too many header fields: the rest of the header is passed over";
    /// A field with more octets than the limit.
    FieldBytesCut, "Limits::field_bytes", Cut, "a field is too long: its decoded views end early";
    /// A field with more parameters than are read.
    ParametersCut, "content_type::MAX_PARAMETERS", Cut, "too many parameters: the rest of them is not read";
    /// A field with more addresses than are read.
    AddressesCut, "address::MAX_ENTRIES", Cut, "too many addresses: the rest of them is not read";
}

impl DefectKind {
    /// Whether two readers may see different messages, or a limit kept us from seeing all of it.
    #[must_use]
    pub const fn is_ambiguous(self) -> bool {
        !matches!(self.severity(), Severity::Illegal)
    }
}

impl fmt::Display for DefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text(), self.rule())
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind, self.at)
    }
}

/// A set of kinds: what was told once need not be told again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KindSet(u64);

impl KindSet {
    /// Whether `kind` was not in the set before.
    pub(crate) fn insert(&mut self, kind: DefectKind) -> bool {
        let bit = 1_u64 << (kind as u8);
        let new = self.0 & bit == 0;
        self.0 |= bit;
        new
    }

    pub(crate) fn contains(self, kind: DefectKind) -> bool {
        self.0 & (1 << (kind as u8)) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

const _: () = assert!(DefectKind::ALL.len() <= 64, "KindSet has 64 bits");
