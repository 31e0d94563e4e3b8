//! Private keys alone under a password (RFC 5958 3: `EncryptedPrivateKeyInfo`).

use der::Tag;

use super::derive::wide;
use super::scheme::Password;
use super::write::{Fill, Protection};
use crate::algorithm::AlgorithmIdentifier;
use crate::backend::Secret;
use crate::ber::write;
use crate::error::{Error, ErrorKind};
use crate::private_key::PrivateKey;
use crate::tlv::Element;
use crate::x509::pem_blocks;

const WHAT: &str = "encrypted private key";

impl PrivateKey {
    /// Opens an `EncryptedPrivateKeyInfo`: PBES2 with PBKDF2 or scrypt, and the schemes of PKCS #12.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decrypt`] for a wrong password, [`ErrorKind::Unsupported`] naming the algorithm, and as
    /// [`PrivateKey::from_der`].
    pub fn from_encrypted_der(der: &[u8], password: &str) -> Result<Self, Error> {
        let mut fields = Element::only(der, 0, WHAT)?.sequence(WHAT)?;
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        let sealed = fields.tagged(Tag::OctetString)?.value;
        fields.finish()?;
        let opened = Password::new(password, wide(password)).open(&algorithm, sealed)?;
        Element::only(&opened, 0, WHAT).map_err(|_| Error::new(ErrorKind::Decrypt))?;
        Self::from_der(&opened)
    }

    /// Reads the first private key of a PEM file, which may be an `ENCRYPTED PRIVATE KEY`.
    ///
    /// # Errors
    ///
    /// As [`PrivateKey::from_pem`] and [`PrivateKey::from_encrypted_der`].
    pub fn from_pem_with_password(text: &[u8], password: &str) -> Result<Self, Error> {
        let blocks = pem_blocks(text)?;
        match blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")) {
            Some(block) if block.label == "ENCRYPTED PRIVATE KEY" => {
                Self::from_encrypted_der(&block.der, password)
            }
            _ => Self::from_pem(text),
        }
    }

    /// The key as an `EncryptedPrivateKeyInfo` under a password. `fill` fills what it is given with octets that nobody can
    /// guess.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`] for more rounds or memory than [`PrivateKey::from_encrypted_der`] takes.
    pub fn to_encrypted_der(
        &self,
        password: &str,
        protection: &Protection,
        fill: Fill<'_>,
    ) -> Result<Vec<u8>, Error> {
        let plain: Secret = self.to_pkcs8_der();
        let (algorithm, sealed) = protection.seal(password, &plain, fill)?;
        Ok(write::sequence(&[&algorithm, &write::octets(&sealed)]))
    }
}
