//! The words of a policy.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub enum $name {
            $($(#[$item])* #[cfg_attr(feature = "serde", serde(rename = $text))] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word, in lower case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value of a word in any case (RFC 5234 2.3).
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str().eq_ignore_ascii_case(word))
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What a domain asks for where its mail fails (RFC 9989 4.7, `p`), from the mildest to the strictest.
    Policy {
        /// No preference.
        None = "none",
        /// The mail is suspicious.
        Quarantine = "quarantine",
        /// The use of the name is not valid.
        Reject = "reject",
    }
}

words! {
    /// How close an authenticated identifier has to be to the author domain (RFC 9989 3.2.10).
    Alignment {
        /// The same organizational domain.
        Relaxed = "r",
        /// The same domain.
        Strict = "s",
    }
}

words! {
    /// Whether a record is that of a public suffix domain (RFC 9989 4.7, `psd`).
    Psd {
        /// It is.
        Yes = "y",
        /// It is not, and the domain is its own organizational domain.
        No = "n",
        /// It is not, and the domain may be an organizational domain or not.
        Unknown = "u",
    }
}

words! {
    /// When failure reports are asked for (RFC 9989 4.7, `fo`).
    FailureOption {
        /// When no mechanism gives an aligned pass.
        AllFail = "0",
        /// When any mechanism does not give an aligned pass.
        AnyFail = "1",
        /// When a DKIM signature fails, aligned or not (RFC 6651).
        Dkim = "d",
        /// When SPF fails, aligned or not (RFC 6652).
        Spf = "s",
    }
}

words! {
    /// Why a receiver did something else than the policy asks for (RFC 9990 3.1.6; the last two in RFC 7489 alone).
    OverrideKind {
        /// A local policy exempted the message.
        LocalPolicy = "local_policy",
        /// It came through a mailing list.
        MailingList = "mailing_list",
        /// Something else, told in the comment.
        Other = "other",
        /// The record says `t=y`.
        PolicyTestMode = "policy_test_mode",
        /// It came through a known forwarder.
        TrustedForwarder = "trusted_forwarder",
        /// It was forwarded (RFC 7489 appendix C).
        Forwarded = "forwarded",
        /// It was not selected by `pct` (RFC 7489 appendix C).
        SampledOut = "sampled_out",
    }
}

/// A reason to do something else than the policy asks for, as reports tell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Override {
    /// Which one.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: OverrideKind,
    /// More, for people.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub comment: Option<String>,
}

impl Override {
    /// A reason with a comment.
    #[must_use]
    pub fn new(kind: OverrideKind, comment: impl Into<String>) -> Self {
        Self { kind, comment: Some(comment.into()) }
    }
}

impl Policy {
    /// The policy one level below (RFC 9989 4.7, `t`; RFC 7489 6.6.4 for mail that is not selected).
    #[must_use]
    pub const fn lowered(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            Self::Quarantine | Self::None => Self::None,
        }
    }

    /// What a receiver should do that knows nothing but this policy: not reject (RFC 9989 5.4, 7.4).
    #[must_use]
    pub const fn advised(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            milder => milder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_case() {
        assert_eq!(Policy::of("ReJeCt"), Some(Policy::Reject));
        assert_eq!(Policy::of("rejects"), None);
        assert_eq!(FailureOption::of("D"), Some(FailureOption::Dkim));
    }

    #[test]
    fn one_level_below() {
        // RFC 9989 4.7, t: reject becomes quarantine, quarantine becomes none.
        assert_eq!(Policy::Reject.lowered(), Policy::Quarantine);
        assert_eq!(Policy::Quarantine.lowered(), Policy::None);
        assert_eq!(Policy::None.lowered(), Policy::None);
    }
}
