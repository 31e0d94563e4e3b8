//! What a key may be used for.

use std::fmt;

use der::Tag;

use crate::error::Error;
use crate::oid::Oid;
use crate::tlv::{Element, Elements};

/// The uses of a key (RFC 5280 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// Signatures other than those over certificates and CRLs.
    pub const DIGITAL_SIGNATURE: Self = Self(1 << 15);
    /// Signatures that bind the signer; contentCommitment by its newer name.
    pub const NON_REPUDIATION: Self = Self(1 << 14);
    /// Encrypting keys.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 13);
    /// Encrypting data itself.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 12);
    /// Agreeing on a key.
    pub const KEY_AGREEMENT: Self = Self(1 << 11);
    /// Signatures over certificates.
    pub const KEY_CERT_SIGN: Self = Self(1 << 10);
    /// Signatures over CRLs.
    pub const CRL_SIGN: Self = Self(1 << 9);

    /// Whether any use of `other` is among these.
    #[must_use]
    pub const fn any_of(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The uses of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for KeyUsage {
    /// The names of RFC 5280.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(KeyUsage, &str); 7] = [
            (KeyUsage::DIGITAL_SIGNATURE, "digitalSignature"),
            (KeyUsage::NON_REPUDIATION, "nonRepudiation"),
            (KeyUsage::KEY_ENCIPHERMENT, "keyEncipherment"),
            (KeyUsage::DATA_ENCIPHERMENT, "dataEncipherment"),
            (KeyUsage::KEY_AGREEMENT, "keyAgreement"),
            (KeyUsage::KEY_CERT_SIGN, "keyCertSign"),
            (KeyUsage::CRL_SIGN, "cRLSign"),
        ];
        let set = NAMES.iter().filter(|(usage, _)| self.any_of(*usage));
        for (at, (_, name)) in set.enumerate() {
            write!(f, "{}{name}", if at > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

pub(crate) fn key_usage(element: Element<'_>) -> Result<KeyUsage, Error> {
    let bits = if element.tag == Tag::BitString { element.first_bits() } else { None };
    let bits = bits.ok_or_else(|| element.error("key usage"))?;
    Ok(KeyUsage(bits))
}

/// The purposes of a key (RFC 5280 4.2.1.12), as an iterator.
#[derive(Clone, Copy, Debug)]
pub struct ExtendedKeyUsage<'a> {
    purposes: Elements<'a>,
}

impl<'a> ExtendedKeyUsage<'a> {
    /// Whether this purpose is among them.
    #[must_use]
    pub fn has(&self, purpose: Oid<'_>) -> bool {
        self.into_iter().any(|named| named == purpose)
    }
}

impl<'a> Iterator for ExtendedKeyUsage<'a> {
    type Item = Oid<'a>;

    fn next(&mut self) -> Option<Oid<'a>> {
        self.purposes.oid().ok()
    }
}

pub(crate) fn extended_key_usage(element: Element<'_>) -> Result<ExtendedKeyUsage<'_>, Error> {
    const WHAT: &str = "extended key usage";
    let mut purposes = element.sequence(WHAT)?;
    while !purposes.is_empty() {
        purposes.oid()?;
    }
    Ok(ExtendedKeyUsage { purposes: element.children(WHAT) })
}
