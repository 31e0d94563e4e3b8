//! The registered words of RFC 8601 2.7 and the IANA registry of Email Authentication Parameters.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A lower-case word of letters, digits, hyphens, underscores and dots: what every word that is no value can be.
///
/// RFC 5321's Keyword has neither underscore nor dot; both are seen in methods and property names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Keyword(Box<str>);

impl Keyword {
    pub(super) fn new(word: &str, allows: impl Fn(u8) -> bool) -> Result<Self, KeywordError> {
        match word.bytes().position(|b| !allows(b)) {
            Some(position) => Err(KeywordError { position }),
            None if word.is_empty() => Err(KeywordError { position: 0 }),
            None => Ok(Self(word.to_ascii_lowercase().into_boxed_str())),
        }
    }

    /// Whatever `word` is made a keyword: `-` for each character that cannot stand there, and for no character at all.
    pub(super) fn lossy(word: &str) -> Self {
        let clean = |c: char| u8::try_from(c).ok().filter(|&b| is_keyword_byte(b)).map_or('-', char::from);
        let word: String = word.chars().map(clean).collect();
        Self(if word.is_empty() { "-".into() } else { word.to_ascii_lowercase().into_boxed_str() })
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

pub(super) const fn is_keyword_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')
}

/// A property type has no dot: the first dot ends it (RFC 8601 2.2, propspec).
pub(super) const fn is_ptype_byte(b: u8) -> bool {
    is_keyword_byte(b) && b != b'.'
}

/// A word with a character that a keyword cannot have, or without any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeywordError {
    position: usize,
}

impl KeywordError {
    /// Byte offset of the first character that cannot stand there.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for KeywordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: a word has letters, digits and hyphens (RFC 8601 2.2, Keyword)", self.position)
    }
}

impl Error for KeywordError {}

macro_rules! registry {
    ($(#[$doc:meta])* $name:ident of $byte:path { $($(#[$item:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$item])* $variant,)+
            /// A word that is not registered; made by parsing alone, so that a registered one never stands here.
            Other(Keyword),
        }

        impl $name {
            /// The registered words.
            pub const REGISTERED: &[Self] = &[$(Self::$variant),+];

            /// The word, in lower case.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(word) => word.as_str(),
                }
            }

            pub(super) fn of(word: Keyword) -> Self {
                match word.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(word),
                }
            }
        }


        impl FromStr for $name {
            type Err = KeywordError;

            fn from_str(word: &str) -> Result<Self, KeywordError> {
                Keyword::new(word, $byte).map(Self::of)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

registry! {
    /// An authentication method (RFC 8601 2.7).
    Method of is_keyword_byte {
        /// Authenticated Received Chain (RFC 8617).
        Arc = "arc",
        /// SMTP AUTH (RFC 8601 2.7.4).
        Auth = "auth",
        /// Brand Indicators for Message Identification.
        Bimi = "bimi",
        /// DKIM signatures (RFC 8601 2.7.1).
        Dkim = "dkim",
        /// Author Domain Signing Practices (RFC 5617, historic).
        DkimAdsp = "dkim-adsp",
        /// Authorized third-party signatures (RFC 6541).
        DkimAtps = "dkim-atps",
        /// DMARC (RFC 9989).
        Dmarc = "dmarc",
        /// DNS allow lists (RFC 8904).
        Dnswl = "dnswl",
        /// DomainKeys (RFC 4870, historic).
        DomainKeys = "domainkeys",
        /// Reverse DNS of the client that its address records confirm (RFC 8601 2.7.3).
        Iprev = "iprev",
        /// Require-Recipient-Valid-Since (RFC 7293).
        Rrvs = "rrvs",
        /// Sender ID (RFC 4406, historic).
        SenderId = "sender-id",
        /// S/MIME (RFC 7281).
        Smime = "smime",
        /// Sender Policy Framework (RFC 8601 2.7.2).
        Spf = "spf",
        /// Vouch By Reference (RFC 6212).
        Vbr = "vbr",
    }
}

registry! {
    /// The result of a method (RFC 8601 2.7). Which words a method uses is its own matter.
    AuthResult of is_keyword_byte {
        /// Nothing to check was there.
        None = "none",
        /// The check passed.
        Pass = "pass",
        /// The check failed.
        Fail = "fail",
        /// The check passed, but what it rests on is not acceptable to the local policy.
        Policy = "policy",
        /// There was something to check that allows no verdict.
        Neutral = "neutral",
        /// An error that a later try may not have.
        TempError = "temperror",
        /// An error that will stay, as a malformed record.
        PermError = "permerror",
        /// SPF: the sender is probably not authorised.
        SoftFail = "softfail",
        /// SPF in RFC 5451: the old word for `fail`.
        HardFail = "hardfail",
        /// ADSP (RFC 5617): the author domain asks to discard.
        Discard = "discard",
        /// ADSP (RFC 5617): the author domain does not exist.
        NxDomain = "nxdomain",
        /// RRVS (RFC 7293): the server cannot tell.
        Unknown = "unknown",
        /// BIMI: the domain declines to take part.
        Declined = "declined",
        /// BIMI: not evaluated.
        Skipped = "skipped",
    }
}

registry! {
    /// Where a property was found (RFC 8601 2.3, RFC 7410).
    PropertyType of is_ptype_byte {
        /// In the body.
        Body = "body",
        /// In the DNS (RFC 8904).
        Dns = "dns",
        /// In a header field; the property is the field's name or a tag of it.
        Header = "header",
        /// Nowhere in the message: a local policy.
        Policy = "policy",
        /// In the SMTP session.
        Smtp = "smtp",
    }
}
