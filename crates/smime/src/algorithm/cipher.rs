//! Content ciphers (RFC 3565, 5084, 3370 5).

use super::AlgorithmIdentifier;
use crate::error::Error;
use crate::oid::{Oid, oids};

/// A cipher for content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Cipher {
    /// AES-128 in CBC: what it opens may have been changed on the way.
    Aes128Cbc,
    /// AES-192 in CBC.
    Aes192Cbc,
    /// AES-256 in CBC.
    Aes256Cbc,
    /// AES-128 in GCM, which authenticates.
    Aes128Gcm,
    /// AES-192 in GCM.
    Aes192Gcm,
    /// AES-256 in GCM.
    Aes256Gcm,
    /// Triple DES in CBC: old, and as CBC.
    TripleDesCbc,
    /// RC2 in CBC, of so many effective bits: broken.
    Rc2Cbc(u16),
}

oids! {
    AES128_CBC = "2.16.840.1.101.3.4.1.2";
    AES192_CBC = "2.16.840.1.101.3.4.1.22";
    AES256_CBC = "2.16.840.1.101.3.4.1.42";
    AES128_GCM = "2.16.840.1.101.3.4.1.6";
    AES192_GCM = "2.16.840.1.101.3.4.1.26";
    AES256_GCM = "2.16.840.1.101.3.4.1.46";
    DES_EDE3_CBC = "1.2.840.113549.3.7";
    RC2_CBC = "1.2.840.113549.3.2";
}

/// A cipher with what else it is started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CipherStart<'a> {
    pub(crate) cipher: Cipher,
    /// The initialization vector or nonce.
    pub(crate) nonce: &'a [u8],
    /// Octets of the tag of GCM.
    pub(crate) tag: usize,
}

const WHAT: &str = "content encryption parameters";

impl Cipher {
    /// Whether what it opens is what was sealed.
    #[must_use]
    pub const fn is_authenticated(self) -> bool {
        matches!(self, Self::Aes128Gcm | Self::Aes192Gcm | Self::Aes256Gcm)
    }

    /// Octets of its keys.
    #[must_use]
    pub const fn key_octets(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Gcm => 16,
            Self::Aes192Cbc | Self::Aes192Gcm | Self::TripleDesCbc => 24,
            Self::Aes256Cbc | Self::Aes256Gcm => 32,
            Self::Rc2Cbc(bits) => (bits as usize).div_ceil(8),
        }
    }

    /// Octets of a block.
    pub(crate) const fn block(self) -> usize {
        match self {
            Self::TripleDesCbc | Self::Rc2Cbc(_) => 8,
            _ => 16,
        }
    }

    /// Its identifier.
    #[must_use]
    pub const fn oid(self) -> Oid<'static> {
        match self {
            Self::Aes128Cbc => AES128_CBC,
            Self::Aes192Cbc => AES192_CBC,
            Self::Aes256Cbc => AES256_CBC,
            Self::Aes128Gcm => AES128_GCM,
            Self::Aes192Gcm => AES192_GCM,
            Self::Aes256Gcm => AES256_GCM,
            Self::TripleDesCbc => DES_EDE3_CBC,
            Self::Rc2Cbc(_) => RC2_CBC,
        }
    }
}

impl std::fmt::Display for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Aes128Cbc => f.write_str("AES-128-CBC"),
            Self::Aes192Cbc => f.write_str("AES-192-CBC"),
            Self::Aes256Cbc => f.write_str("AES-256-CBC"),
            Self::Aes128Gcm => f.write_str("AES-128-GCM"),
            Self::Aes192Gcm => f.write_str("AES-192-GCM"),
            Self::Aes256Gcm => f.write_str("AES-256-GCM"),
            Self::TripleDesCbc => f.write_str("3DES-CBC"),
            Self::Rc2Cbc(bits) => write!(f, "RC2-{bits}-CBC"),
        }
    }
}

impl<'a> CipherStart<'a> {
    pub(crate) fn read(identifier: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        let oid = identifier.oid();
        let simple = |cipher| Self::cbc(cipher, identifier);
        match oid {
            AES128_CBC => simple(Cipher::Aes128Cbc),
            AES192_CBC => simple(Cipher::Aes192Cbc),
            AES256_CBC => simple(Cipher::Aes256Cbc),
            DES_EDE3_CBC => simple(Cipher::TripleDesCbc),
            AES128_GCM => Self::gcm(Cipher::Aes128Gcm, identifier),
            AES192_GCM => Self::gcm(Cipher::Aes192Gcm, identifier),
            AES256_GCM => Self::gcm(Cipher::Aes256Gcm, identifier),
            #[cfg(feature = "legacy")]
            RC2_CBC => Self::rc2(identifier),
            _ => Err(Error::unsupported("content encryption", oid)),
        }
    }

    /// RFC 3565 2.3.1, RFC 3370 5.1: the parameter is the initialization vector.
    fn cbc(cipher: Cipher, identifier: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        let parameters = identifier.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        if parameters.tag != der::Tag::OctetString || parameters.value.len() != cipher.block() {
            return Err(parameters.error(WHAT));
        }
        Ok(Self { cipher, nonce: parameters.value, tag: 0 })
    }

    /// RFC 5084 3.2: `GCMParameters`.
    fn gcm(cipher: Cipher, identifier: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        let parameters = identifier.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        if parameters.tag != der::Tag::Sequence {
            return Err(parameters.error(WHAT));
        }
        let mut fields = parameters.children(WHAT);
        let nonce = fields.tagged(der::Tag::OctetString)?.value;
        let tag = fields.optional(der::Tag::Integer)?.map_or(Ok(12), |tag| tag.small())?;
        fields.finish()?;
        match usize::try_from(tag) {
            Ok(tag @ 12..=16) if !nonce.is_empty() => Ok(Self { cipher, nonce, tag }),
            _ => Err(parameters.error(WHAT)),
        }
    }

    /// RFC 3370 5.2: `RC2CBCParameter`, whose version stands for the effective bits (RFC 2268 6).
    #[cfg(feature = "legacy")]
    fn rc2(identifier: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        let parameters = identifier.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        let (bits, nonce) = if parameters.tag == der::Tag::OctetString {
            (32, parameters.value)
        } else {
            let mut fields = parameters.children(WHAT);
            let bits = match fields.tagged(der::Tag::Integer)?.small()? {
                160 => 40,
                120 => 64,
                58 => 128,
                bits @ 256..=1024 => u16::try_from(bits).unwrap_or(u16::MAX),
                _ => return Err(Error::unsupported("effective bits of RC2", identifier.oid())),
            };
            (bits, fields.tagged(der::Tag::OctetString)?.value)
        };
        if nonce.len() == 8 {
            Ok(Self { cipher: Cipher::Rc2Cbc(bits), nonce, tag: 0 })
        } else {
            Err(parameters.error(WHAT))
        }
    }
}
