//! What is judged: the message, and what is known of how it came.

use std::fmt;
use std::str::FromStr;

use mailwright_message_model::Message;
use mailwright_message_model::authres::AuthenticationResults;
use mailwright_message_model::envelope::Envelope;

/// A message and what is known of its delivery. Only the message must be there.
///
/// ```
/// use mailwright_antispam::Input;
/// use mailwright_message_model::Message;
///
/// let message = Message::parse(b"Subject: hi\r\n\r\nlunch?\r\n")?;
/// let input = Input::new(&message, 1_767_225_600);
/// assert!(input.envelope.is_none());
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Input<'a> {
    /// The message.
    pub message: &'a Message<'a>,
    /// What the SMTP session said.
    pub envelope: Option<&'a Envelope>,
    /// What SPF, DKIM, DMARC and ARC found: results of verifiers that ran, never a claim of the message's own header.
    pub authentication: Option<&'a AuthenticationResults>,
    /// The time of delivery, in seconds since 1970-01-01T00:00:00Z.
    pub now: u64,
}

impl<'a> Input<'a> {
    /// A message of which nothing else is known, at the time `now` in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn new(message: &'a Message<'a>, now: u64) -> Self {
        Self { message, envelope: None, authentication: None, now }
    }

    /// The same message, and what the SMTP session said.
    #[must_use]
    pub const fn envelope(mut self, envelope: &'a Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }

    /// The same message, and what the verifiers found.
    #[must_use]
    pub const fn authentication(mut self, results: &'a AuthenticationResults) -> Self {
        self.authentication = Some(results);
        self
    }
}

/// What a message is, when somebody says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Class {
    /// Wanted.
    Ham,
    /// Not wanted.
    Spam,
}

impl Class {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Ham => Self::Spam,
            Self::Spam => Self::Ham,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ham => "ham",
            Self::Spam => "spam",
        })
    }
}

impl FromStr for Class {
    type Err = UnknownClass;

    /// `ham` or `spam`.
    fn from_str(word: &str) -> Result<Self, UnknownClass> {
        match word {
            "ham" => Ok(Self::Ham),
            "spam" => Ok(Self::Spam),
            _ => Err(UnknownClass(())),
        }
    }
}

/// A word that is neither `ham` nor `spam`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownClass(());

impl fmt::Display for UnknownClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither \"ham\" nor \"spam\"")
    }
}

impl std::error::Error for UnknownClass {}
