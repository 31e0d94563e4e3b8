//! What is decided, and what it rests on.

use std::fmt;

/// What a client does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It shows the AMP part.
    Render,
    /// It shows the AMP part if its user asks for it.
    Manual,
    /// It shows HTML or text, by this reason first of all.
    Fallback(FallbackReason),
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// Why a client shows HTML or text instead, in the order in which the first counts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum FallbackReason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl FallbackReason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in JSON, where Gmail has one that of Gmail.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

reasons! {
    /// The client does not show AMP, or no longer.
    UnsupportedClient = "UNSUPPORTED_CLIENT",
    /// The message has no AMP part.
    NoAmp = "NO_AMP",
    /// The AMP part is not in its place.
    Malformed = "MALFORMED",
    /// There are no authentication results, or From names none or several mailboxes.
    AuthFailed = "AUTH_FAILED",
    /// No DKIM signature passes.
    DkimFailed = "DKIM_FAILED",
    /// No passing signature is of the domain of From.
    DkimNotMatchingFrom = "DKIM_NOT_MATCHING_FROM",
    /// SPF does not pass.
    SpfFailed = "SPF_FAILED",
    /// DMARC does not pass, or its policy enforces nothing.
    DmarcFailed = "DMARC_FAILED",
    /// The message did not come over TLS.
    NoTls = "NO_TLS",
    /// The sender is not registered with the client.
    SenderNotRegistered = "SENDER_NOT_REGISTERED",
    /// The message is too old.
    TooOld = "TOO_OLD",
    /// The AMP document is not valid.
    InvalidAmp = "INVALID_AMP",
}

/// How a requirement came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Outcome {
    /// It is met.
    Met,
    /// It is not.
    Failed,
    /// What it asks for is not known, which is no failure.
    Unknown,
}

/// One requirement of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Check {
    /// The reason to fall back that it is about.
    pub reason: FallbackReason,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found, as a sentence. It holds text of the message.
    pub detail: String,
}

/// What a client does with a message, and every requirement that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Decision {
    /// The id of the profile.
    pub client: String,
    /// The name of the client.
    pub name: String,
    /// What it does.
    pub verdict: Verdict,
    /// Its requirements, in the order of [`FallbackReason`].
    pub checks: Vec<Check>,
}

impl Decision {
    /// The requirements that are not met.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome == Outcome::Failed)
    }

    /// The requirements of which nothing is known.
    pub fn unknown(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome == Outcome::Unknown)
    }
}

impl fmt::Display for Verdict {
    /// `render`, `manual` or `fallback:REASON`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Render => f.pad("render"),
            Self::Manual => f.pad("manual"),
            Self::Fallback(reason) => write!(f, "fallback:{reason}"),
        }
    }
}

impl fmt::Display for FallbackReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Display for Decision {
    /// The verdict, and a line for each requirement.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.verdict)?;
        for check in &self.checks {
            match check.outcome {
                Outcome::Met => write!(f, "\n  met: {}", check.detail)?,
                Outcome::Failed => write!(f, "\n  failed: {} ({})", check.detail, check.reason)?,
                Outcome::Unknown => write!(f, "\n  not known: {} ({})", check.detail, check.reason)?,
            }
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for FallbackReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
