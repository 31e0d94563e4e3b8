//! Signing and hash algorithms (RFC 6376 3.3, RFC 8463 3).

use core::fmt;

/// A signing algorithm with its hash, the value of `a=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Algorithm {
    /// `rsa-sha256` (RFC 6376 3.3.2)
    RsaSha256,
    /// `ed25519-sha256` (RFC 8463 3)
    Ed25519Sha256,
    /// `rsa-sha1`: never signed with, and refused by default (RFC 8301 3.1)
    RsaSha1,
}

/// A hash algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256
    Sha256,
    /// SHA-1
    Sha1,
}

/// The type of a key, the value of `k=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum KeyType {
    /// `rsa`
    Rsa,
    /// `ed25519` (RFC 8463 4)
    Ed25519,
}

impl Algorithm {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::RsaSha256, Self::Ed25519Sha256, Self::RsaSha1];

    /// Reads a value of `a=`, in any case (RFC 5234 2.3).
    #[must_use]
    pub fn parse(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_str().as_bytes()))
    }

    /// As it stands in `a=`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha256 => "rsa-sha256",
            Self::Ed25519Sha256 => "ed25519-sha256",
            Self::RsaSha1 => "rsa-sha1",
        }
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(self) -> HashAlgorithm {
        match self {
            Self::RsaSha256 | Self::Ed25519Sha256 => HashAlgorithm::Sha256,
            Self::RsaSha1 => HashAlgorithm::Sha1,
        }
    }

    /// The type of its keys.
    #[must_use]
    pub const fn key_type(self) -> KeyType {
        match self {
            Self::RsaSha256 | Self::RsaSha1 => KeyType::Rsa,
            Self::Ed25519Sha256 => KeyType::Ed25519,
        }
    }
}

impl HashAlgorithm {
    /// Reads an element of a key's `h=`, in any case.
    #[must_use]
    pub fn parse(name: &[u8]) -> Option<Self> {
        [Self::Sha256, Self::Sha1]
            .into_iter()
            .find(|known| name.eq_ignore_ascii_case(known.as_str().as_bytes()))
    }

    /// As it stands in a key's `h=`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
        }
    }
}

impl KeyType {
    /// Reads a value of `k=`, in any case.
    #[must_use]
    pub fn parse(name: &[u8]) -> Option<Self> {
        [Self::Rsa, Self::Ed25519]
            .into_iter()
            .find(|known| name.eq_ignore_ascii_case(known.as_str().as_bytes()))
    }

    /// As it stands in `k=`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
