//! Certificates and capabilities of correspondents, kept between messages.
//!
//! ```
//! use mailwright_smime::store::{CertificateStore as _, Memory, harvest, recipients};
//! use mailwright_smime::{Cipher, Context, Encryptor, PrivateKey, Signer, SystemRandom, Time, open, x509::Certificate};
//!
//! let now: Time = "2027-06-01T00:00:00Z".parse()?;
//! let root = Certificate::from_der(include_bytes!("../../tests/keys/ca.crt"))?;
//! let context = Context::new().trust([root]).at(now);
//! let rsa = PrivateKey::from_der(include_bytes!("../../tests/keys/rsa.key"))?;
//! let mail = Signer::new(&rsa, include_bytes!("../../tests/keys/rsa.crt"))?
//!     .capabilities([Cipher::Aes128Cbc])
//!     .sign_message(b"From: rsa@example.org\r\n\r\nHello.\r\n")?;
//!
//! // What a good signature says is kept,
//! let mut store = Memory::new();
//! harvest(&open(&mail, &context)?, &context, now, &mut store)?;
//!
//! // and chooses the certificate and the cipher of the answer.
//! let to = recipients(&mut store, &["rsa@example.org"], now, Some(&context.path()))?;
//! assert_eq!(to.cipher().cipher, Cipher::Aes128Cbc);
//! let answer = b"From: p256@example.org\r\n\r\nHello, too.\r\n";
//! let sealed = Encryptor::new().to_recipients(&to)?.encrypt_message(answer, &mut SystemRandom::new())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod choose;
mod cipher;
mod der;
mod harvest;
mod memory;
mod record;
#[cfg(feature = "redb")]
mod redb;

use std::fmt;

use mailwright_message_model::domain::Domain;

pub use choose::{Addressee, Choice, NotTaken, Recipients, recipients};
pub use cipher::{CipherChoice, CipherReason, choose_cipher};
pub use harvest::{Harvest, harvest};
pub use memory::Memory;
pub use record::{Fingerprint, Known, Learned, Origin, Record, Sighting, Standing};
#[cfg(feature = "redb")]
pub use redb::Redb;

use crate::x509::Certificate;

/// Where what is known of correspondents is kept, by their addresses. A store decides nothing: what a sighting changes, and
/// which certificate is taken, is said by [`Record`].
///
/// Each method costs a bounded number of round trips, however many addresses it is given, and is done as a whole or not at all.
pub trait CertificateStore {
    /// What is known of these addresses, in their order; an empty record where nothing is.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn records(&mut self, addresses: &[&str]) -> Result<Vec<Record>, StoreError>;

    /// Changes what is known of these addresses; nobody else changes it meanwhile. `change` may be called again where someone
    /// did. An address that is named twice is given once, where it is named first; the second record is empty and not kept.
    ///
    /// # Errors
    ///
    /// When the store does not answer: then nothing is changed.
    fn update(&mut self, addresses: &[&str], change: &mut dyn FnMut(&mut [Record]))
    -> Result<(), StoreError>;

    /// The certificates with these names, as DER: those that verify a message that carries none.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn find(&mut self, names: &[CertificateName]) -> Result<Vec<Vec<Vec<u8>>>, StoreError>;
}

/// How messages name certificates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CertificateName {
    /// By the issuer and the serial number (RFC 5652 10.2.4).
    IssuerAndSerial {
        /// The DER of the issuer's name.
        issuer: Vec<u8>,
        /// The octets of the serial number.
        serial: Vec<u8>,
    },
    /// By the identifier of the subject's key.
    KeyId(Vec<u8>),
}

impl CertificateName {
    /// Whether this is the certificate that is meant.
    #[must_use]
    pub fn names(&self, certificate: &Certificate<'_>) -> bool {
        use crate::cms::signer::CertificateId;
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                CertificateId::IssuerAndSerial { issuer, serial }.names(certificate)
            }
            Self::KeyId(id) => CertificateId::KeyId(id).names(certificate),
        }
    }

    /// What a store looks the name up by. Issuers are compared as names are, so the number alone is looked up.
    fn key(&self) -> Vec<u8> {
        match self {
            Self::IssuerAndSerial { serial, .. } => serial_key(serial),
            Self::KeyId(id) => key_id_key(id),
        }
    }
}

fn serial_key(serial: &[u8]) -> Vec<u8> {
    [b"s", serial].concat()
}

fn key_id_key(id: &[u8]) -> Vec<u8> {
    [b"k", id].concat()
}

/// What a certificate is looked up by. One that cannot be read has no name.
fn keys_of(der: &[u8]) -> Vec<Vec<u8>> {
    let Ok(certificate) = Certificate::from_der(der) else { return Vec::new() };
    let mut keys = vec![serial_key(certificate.serial())];
    keys.extend(certificate.subject_key_id().map(key_id_key));
    keys
}

/// The certificates of these records that a name means.
fn named<'r>(name: &CertificateName, records: impl IntoIterator<Item = &'r Record>) -> Vec<Vec<u8>> {
    let known = records.into_iter().flat_map(|record| record.certificates());
    let means =
        |known: &&Known| Certificate::from_der(known.der()).is_ok_and(|certificate| name.names(&certificate));
    let mut found: Vec<Vec<u8>> = known.filter(means).map(|known| known.der().to_vec()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// An address as it is kept: [the same](crate::path::same_address) addresses are one.
fn address_key(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    match Domain::parse(domain.as_bytes()) {
        Ok(domain) => format!("{local}@{}", domain.as_str().to_ascii_lowercase()),
        Err(_) => format!("{local}@{}", domain.to_ascii_lowercase()),
    }
}

/// Addresses as they are kept, `None` where one was named before.
fn once(addresses: &[&str]) -> Vec<Option<String>> {
    let mut seen = std::collections::HashSet::new();
    let key = |address: &&str| Some(address_key(address)).filter(|key| seen.insert(key.clone()));
    addresses.iter().map(key).collect()
}

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A store did not answer, or not as it should.
#[derive(Debug)]
pub struct StoreError {
    store: String,
    source: Source,
}

impl StoreError {
    /// `store` names it for people, as `redb certificates.redb`.
    pub fn new(store: impl Into<String>, source: impl Into<Source>) -> Self {
        Self { store: store.into(), source: source.into() }
    }

    /// Which store.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.store, self.source)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
