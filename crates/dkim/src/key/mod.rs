//! Key records (RFC 6376 3.6.1, RFC 8463 4): what `selector._domainkey.domain` holds.

pub(crate) mod der;
#[cfg(all(feature = "keygen", any(feature = "ring", feature = "aws-lc-rs")))]
mod generate;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod private;
mod record;

use core::fmt;

use crate::algorithm::{HashAlgorithm, KeyType};
use crate::base64;
use crate::tags::{TagError, TagList, colon_separated};

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use private::{PrivateKey, PrivateKeyError, SignInput, SigningKey};
pub use record::{DnsRecord, RecordCheck, Rotation};

/// A key record.
///
/// ```
/// use mailwright_dkim::key::{KeyRecord, KeyErrorKind};
/// let key = KeyRecord::parse(b"v=DKIM1; k=ed25519; t=y; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")?;
/// assert!(key.testing);
/// assert_eq!(key.public.bits(), 256);
/// assert_eq!(KeyRecord::parse(b"v=DKIM1; p=").map_err(|e| e.kind()), Err(KeyErrorKind::Revoked));
/// # Ok::<(), mailwright_dkim::key::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// The key, `k=` and `p=`.
    pub public: PublicKey,
    /// The hash algorithms that may be used, `h=`; `None` = all. Unknown ones are left out.
    pub hashes: Option<Vec<HashAlgorithm>>,
    /// Whether the key is for e-mail, `s=`.
    pub for_email: bool,
    /// The domain tests DKIM, flag `y` of `t=`.
    pub testing: bool,
    /// The domain of `i=` must be that of `d=`, flag `s` of `t=`.
    pub exact_domain: bool,
    /// Notes for people, `n=`, quoted-printable undone.
    pub notes: Option<String>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// RSA: modulus and exponent, big-endian without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
    /// Ed25519
    Ed25519([u8; 32]),
}

/// Why a TXT record is no key that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KeyError {
    kind: KeyErrorKind,
    position: usize,
}

/// The kinds of [`KeyError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum KeyErrorKind {
    /// No tag list.
    Syntax(crate::tags::TagErrorKind),
    /// `v=` is not the first tag, or not `DKIM1`.
    Version,
    /// `k=` is a type that nobody here knows.
    Type,
    /// No `p=`.
    NoKey,
    /// `p=` is empty: the key was revoked.
    Revoked,
    /// `p=` is no base64.
    Base64,
    /// What `p=` holds is no key of the type.
    Data,
}

impl KeyRecord {
    /// Reads the joined character-strings of a TXT record (RFC 6376 3.6.2.2).
    ///
    /// # Errors
    /// [`KeyError`] where the record cannot verify anything.
    pub fn parse(record: &[u8]) -> Result<Self, KeyError> {
        let tags = TagList::parse(record)?;
        for (at, tag) in tags.iter().enumerate() {
            // RFC 6376 3.6.1: if specified, v= MUST be "DKIM1" (of exactly these octets) and the first tag.
            if tag.name == b"v" && (at != 0 || tag.value != b"DKIM1") {
                return Err(KeyError { kind: KeyErrorKind::Version, position: tag.name_span.start });
            }
        }
        let kind = match tags.get("k") {
            None => KeyType::Rsa,
            Some(k) => KeyType::parse(k.value)
                .ok_or(KeyError { kind: KeyErrorKind::Type, position: k.value_span.start })?,
        };
        let p = tags.get("p").ok_or(KeyError { kind: KeyErrorKind::NoKey, position: record.len() })?;
        let fail = |kind, position| KeyError { kind, position };
        let start = p.value_span.start;
        if p.value.is_empty() {
            return Err(fail(KeyErrorKind::Revoked, start));
        }
        let data = base64::decode(p.value).map_err(|at| fail(KeyErrorKind::Base64, start + at))?;
        let public = PublicKey::parse(kind, &data).ok_or(fail(KeyErrorKind::Data, start))?;
        // RFC 6376 3.6.1: unrecognized hash algorithms, service types and flags are ignored.
        let list = |name| tags.value(name).map(colon_separated);
        let hashes = list("h").map(|names| names.filter_map(HashAlgorithm::parse).collect());
        let for_email = list("s")
            .is_none_or(|mut services| services.any(|s| s == b"*" || s.eq_ignore_ascii_case(b"email")));
        let flag =
            |flag: &[u8]| list("t").is_some_and(|mut flags| flags.any(|f| f.eq_ignore_ascii_case(flag)));
        let notes = tags.value("n").map(|n| crate::quoted::decode_text(n).into_owned());
        Ok(Self { public, hashes, for_email, testing: flag(b"y"), exact_domain: flag(b"s"), notes })
    }

    /// Whether the key may be used with that hash.
    #[must_use]
    pub fn allows(&self, hash: HashAlgorithm) -> bool {
        self.hashes.as_ref().is_none_or(|hashes| hashes.contains(&hash))
    }
}

impl PublicKey {
    /// Reads the octets of `p=`: for RSA a SubjectPublicKeyInfo or an RSAPublicKey (RFC 6376 3.6.1 and its erratum 3017),
    /// for Ed25519 the 32 octets of the key (RFC 8463 4.2).
    #[must_use]
    pub fn parse(kind: KeyType, data: &[u8]) -> Option<Self> {
        match kind {
            KeyType::Rsa => {
                let (n, e) = der::rsa_public_key(data)?;
                Some(Self::Rsa { n: n.to_vec(), e: e.to_vec() })
            }
            KeyType::Ed25519 => data.try_into().ok().map(Self::Ed25519),
        }
    }

    /// The octets of `p=`: a SubjectPublicKeyInfo, or the 32 octets of the key.
    #[must_use]
    pub fn to_octets(&self) -> Vec<u8> {
        match self {
            Self::Rsa { n, e } => der::write_rsa_public_key(n, e),
            Self::Ed25519(key) => key.to_vec(),
        }
    }

    /// Its type.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::Rsa { .. } => KeyType::Rsa,
            Self::Ed25519(_) => KeyType::Ed25519,
        }
    }

    /// Its size in bits: that of the modulus, and 256 for Ed25519.
    #[must_use]
    pub fn bits(&self) -> u32 {
        match self {
            Self::Rsa { n, .. } => {
                let unused = n.first().map_or(0, |first| first.leading_zeros());
                u32::try_from(n.len()).unwrap_or(u32::MAX / 8).saturating_mul(8).saturating_sub(unused)
            }
            Self::Ed25519(_) => 256,
        }
    }
}

impl KeyError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> KeyErrorKind {
        self.kind
    }

    /// Offset in the record.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl From<TagError> for KeyError {
    fn from(error: TagError) -> Self {
        Self { kind: KeyErrorKind::Syntax(error.kind), position: error.position }
    }
}

impl KeyErrorKind {
    /// The RFC and section that decides.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Self::Syntax(_) => "RFC 6376 3.2",
            _ => "RFC 6376 3.6.1",
        }
    }
}

impl fmt::Display for KeyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(kind) => write!(f, "the key record has {} (RFC 6376 3.2)", kind.as_str()),
            Self::Version => {
                f.write_str("v= of the key record is not DKIM1 or not its first tag (RFC 6376 3.6.1)")
            }
            Self::Type => f.write_str("the key is of an unknown type (RFC 6376 3.6.1, k=)"),
            Self::NoKey => f.write_str("the key record has no p= (RFC 6376 3.6.1)"),
            Self::Revoked => f.write_str("the key was revoked: p= is empty (RFC 6376 3.6.1)"),
            Self::Base64 => f.write_str("p= of the key record is no base64 (RFC 6376 3.6.1)"),
            Self::Data => {
                f.write_str("p= of the key record is no key of its type (RFC 6376 3.6.1, RFC 8463 4.2)")
            }
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at octet {}: {}", self.position, self.kind)
    }
}

impl std::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    const ED: &str = "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    fn kind(record: &str) -> KeyErrorKind {
        KeyRecord::parse(record.as_bytes()).unwrap_err().kind()
    }

    #[test]
    fn tags_of_a_key() {
        let key = |tags: &str| KeyRecord::parse(format!("k=ed25519; {tags}; {ED}").as_bytes()).unwrap();
        let plain = key("x=");
        assert!(plain.for_email && !plain.testing && !plain.exact_domain);
        assert!(plain.allows(HashAlgorithm::Sha1));
        assert!(key("t= y : s").testing && key("t=y:s").exact_domain);
        assert!(key("s=other : *").for_email && key("s=email").for_email && !key("s=tlsrpt").for_email);
        let some = key("h= sha1 : x-new : SHA256 ");
        assert_eq!(some.hashes, Some(vec![HashAlgorithm::Sha1, HashAlgorithm::Sha256]));
        assert!(!key("h=x-new").allows(HashAlgorithm::Sha256));
        assert_eq!(key("n=a=20b").notes.as_deref(), Some("a b"));
    }

    #[test]
    fn what_is_no_key() {
        use KeyErrorKind as K;
        assert_eq!(kind("v=DKIM1; p="), K::Revoked);
        assert_eq!(kind("v=DKIM1; p= ;"), K::Revoked);
        assert_eq!(kind("v=DKIM1"), K::NoKey);
        assert_eq!(kind(&format!("v=dkim1; k=ed25519; {ED}")), K::Version);
        assert_eq!(kind(&format!("k=ed25519; v=DKIM1; {ED}")), K::Version);
        assert_eq!(kind(&format!("k=ecdsa; {ED}")), K::Type);
        assert_eq!(kind(ED), K::Data);
        assert_eq!(kind("k=ed25519; p=AAAA"), K::Data);
        assert_eq!(kind("p=A!AA"), K::Base64);
        assert!(matches!(kind("p=AAAA; p=AAAA"), K::Syntax(_)));
        assert!(matches!(kind("v=spf1 exp=x -all"), K::Version));
        assert!(matches!(kind("hello"), K::Syntax(_)));
    }
}
