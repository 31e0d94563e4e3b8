//! Why a signature did not pass.

use core::fmt;

use mailwright_dns::Temporary;
use mailwright_message_model::authres::AuthResult;

use crate::key::KeyErrorKind;
use crate::signature::SignatureErrorKind;

/// What became of a signature, in the words of RFC 8601 2.7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Outcome {
    /// The signature holds.
    Pass,
    /// The message is not what was signed, or the signature is none of this key.
    Fail,
    /// It may hold, but what it is does not satisfy the policy.
    Policy,
    /// It cannot be read.
    Neutral,
    /// It can never be verified as it is: something required is missing or unusable.
    PermError,
    /// It could not be verified now; later it may.
    TempError,
}

/// Why a signature did not pass. Its `Display` is a sentence with the section that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Reason {
    /// The hash of the body is not that of `bh=`.
    BodyHash,
    /// The signature does not match the header fields and the key.
    Signature,
    /// The field cannot be used.
    Field(SignatureErrorKind),
    /// `l=` is larger than the canonical body.
    BodyTooShort {
        /// `l=`
        signed: u64,
        /// Octets of the canonical body.
        total: u64,
    },
    /// There is no key record.
    NoKey,
    /// The key record cannot be used.
    Key(KeyErrorKind),
    /// The key is of another type than `a=` wants.
    KeyType,
    /// `h=` of the key does not list the hash.
    KeyHash,
    /// `s=` of the key does not list e-mail.
    KeyService,
    /// The key wants the domain of `i=` to be that of `d=` (flag `s`).
    KeyExactDomain,
    /// Selector and domain together are no name that DNS can hold.
    KeyName,
    /// `rsa-sha1`, and the policy refuses SHA-1.
    Sha1,
    /// An RSA key with fewer bits than the policy wants.
    KeyTooShort {
        /// Its bits.
        bits: u32,
    },
    /// An RSA key with more bits than the policy allows.
    KeyTooLarge {
        /// Its bits.
        bits: u32,
    },
    /// An RSA key with an even modulus or exponent, with the exponent 1, or with one of more than 32 bits, which no signer has.
    KeyNumbers,
    /// A key record of more than [`Limits::key_bytes`](crate::Limits::key_bytes), and no other.
    KeyRecordTooLong {
        /// Its octets.
        bytes: usize,
    },
    /// `x=` has passed.
    Expired,
    /// `t=` is in the future.
    Future,
    /// `l=` leaves octets of the body uncovered, and the policy refuses that.
    UncoveredBody,
    /// A field of this name is not covered while another is, and the policy refuses that.
    UnsignedDuplicate(String),
    /// A field of this name is not signed, and the policy wants it to be.
    Unsigned(String),
    /// More signatures than [`Limits::signatures`](crate::Limits::signatures).
    TooManySignatures,
    /// More keys than [`Limits::queries`](crate::Limits::queries).
    TooManyQueries,
    /// A field of more than [`Limits::signature_bytes`](crate::Limits::signature_bytes).
    FieldTooLong,
    /// A header of more than [`Limits::header_bytes`](crate::Limits::header_bytes).
    HeaderTooLong,
    /// The key could not be looked up.
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_text"))]
    Dns(Temporary),
    /// The key has still to be looked up: evaluate again.
    Pending,
    /// ARC: the sets are no chain, so that their signatures were not verified.
    NotTried,
}

impl Outcome {
    /// As it stands in Authentication-Results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Policy => "policy",
            Self::Neutral => "neutral",
            Self::PermError => "permerror",
            Self::TempError => "temperror",
        }
    }
}

impl From<Outcome> for AuthResult {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Pass,
            Outcome::Fail => Self::Fail,
            Outcome::Policy => Self::Policy,
            Outcome::Neutral => Self::Neutral,
            Outcome::PermError => Self::PermError,
            Outcome::TempError => Self::TempError,
        }
    }
}

impl Reason {
    /// The outcome that it makes.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::BodyHash | Self::Signature => Outcome::Fail,
            // RFC 8601 2.7.1: neutral = syntax errors; permerror = something required is absent or unrecoverable.
            Self::Field(SignatureErrorKind::Syntax(_) | SignatureErrorKind::Value(_)) => Outcome::Neutral,
            Self::Field(_)
            | Self::BodyTooShort { .. }
            | Self::NoKey
            | Self::Key(_)
            | Self::KeyType
            | Self::KeyHash
            | Self::KeyService
            | Self::KeyExactDomain
            | Self::KeyName => Outcome::PermError,
            Self::Sha1
            | Self::KeyTooShort { .. }
            | Self::KeyTooLarge { .. }
            | Self::KeyNumbers
            | Self::KeyRecordTooLong { .. }
            | Self::Expired
            | Self::Future
            | Self::UncoveredBody
            | Self::UnsignedDuplicate(_)
            | Self::Unsigned(_)
            | Self::TooManySignatures
            | Self::TooManyQueries
            | Self::FieldTooLong
            | Self::HeaderTooLong
            | Self::NotTried => Outcome::Policy,
            Self::Dns(_) | Self::Pending => Outcome::TempError,
        }
    }

    /// The RFC and section that decides; `None` where a limit or the caller's policy does.
    #[must_use]
    pub const fn section(&self) -> Option<&'static str> {
        Some(match self {
            Self::BodyHash | Self::Signature => "RFC 6376 6.1.3",
            Self::Field(kind) => kind.section(),
            Self::Key(kind) => kind.section(),
            Self::BodyTooShort { .. } | Self::Expired | Self::Future => "RFC 6376 3.5",
            Self::NoKey | Self::KeyType | Self::KeyHash | Self::KeyService | Self::Dns(_) | Self::Pending => {
                "RFC 6376 6.1.2"
            }
            Self::KeyExactDomain => "RFC 6376 3.6.1",
            Self::KeyName => "RFC 6376 3.6.2.1",
            Self::Sha1 => "RFC 8301 3.1",
            Self::KeyTooShort { .. } => "RFC 8301 3.2",
            Self::KeyNumbers => "RFC 8017 3.1",
            Self::UncoveredBody => "RFC 6376 8.2",
            Self::UnsignedDuplicate(_) => "RFC 6376 8.15",
            Self::KeyTooLarge { .. }
            | Self::KeyRecordTooLong { .. }
            | Self::Unsigned(_)
            | Self::TooManySignatures
            | Self::TooManyQueries
            | Self::FieldTooLong
            | Self::HeaderTooLong
            | Self::NotTried => return None,
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BodyHash => f.write_str("the body was changed: its hash is not that of bh=")?,
            Self::Signature => {
                f.write_str("signed header fields were changed, or the signature is of another key")?;
            }
            Self::Field(kind) => kind.fmt(f)?,
            Self::BodyTooShort { signed, total } => {
                write!(f, "l={signed} signs more than the {total} octets of the body")?;
            }
            Self::NoKey => f.write_str("there is no key in DNS")?,
            // Its sentence has the section already.
            Self::Key(kind) => return kind.fmt(f),
            Self::KeyType => f.write_str("the key is of another type than a= wants")?,
            Self::KeyHash => f.write_str("the key may not be used with this hash algorithm")?,
            Self::KeyService => f.write_str("the key is not for e-mail")?,
            Self::KeyExactDomain => f.write_str("the key wants the domain of i= to be that of d=")?,
            Self::KeyName => f.write_str("selector and domain are too long for DNS")?,
            Self::Sha1 => f.write_str("SHA-1 is refused")?,
            Self::KeyTooShort { bits } => write!(f, "an RSA key of {bits} bits is refused")?,
            Self::KeyTooLarge { bits } => write!(f, "an RSA key of {bits} bits is too large and refused")?,
            Self::KeyNumbers => f.write_str("the modulus or exponent is none of a usual RSA key")?,
            Self::KeyRecordTooLong { bytes } => {
                write!(f, "the key record of {bytes} octets is too long and was not read")?;
            }
            Self::Expired => f.write_str("the signature has expired")?,
            Self::Future => f.write_str("the signature is from the future")?,
            Self::UncoveredBody => f.write_str("part of the body is not signed")?,
            Self::UnsignedDuplicate(name) => write!(f, "one {name} field is signed and another is not")?,
            Self::Unsigned(name) => write!(f, "the {name} field is not signed, which the policy wants")?,
            Self::TooManySignatures => f.write_str("too many signatures: this one was not verified")?,
            Self::TooManyQueries => {
                f.write_str("too many keys to look up: this signature was not verified")?;
            }
            Self::FieldTooLong => f.write_str("the signature field is too long")?,
            Self::HeaderTooLong => f.write_str("the header is too long")?,
            Self::Dns(why) => write!(f, "the key could not be looked up: {why}")?,
            Self::Pending => f.write_str("the key has not been looked up yet")?,
            Self::NotTried => f.write_str("not verified")?,
        }
        self.section().map_or(Ok(()), |section| write!(f, " ({section})"))
    }
}

#[cfg(feature = "serde")]
fn as_text<S: serde::Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
