//! The content key of enveloped data, opened for one who has a key.
//!
//! What can go wrong with a key is not told (RFC 3218, RFC 8551 6): where one does not open, another one, which only the
//! holder of the private key could foretell, takes its place, and the content then fails like any other.

use super::enveloped::Head;
use super::recipient::{self, Agreement, Pbkdf2, Recipient, Transport};
use super::signer::CertificateId;
use crate::algorithm::{AlgorithmIdentifier, Cipher, CipherStart};
use crate::backend::{Secret, agree, kdf, wrap};
use crate::ber::{Identifier, write};
use crate::error::{Error, ErrorKind};
use crate::private_key::{Kind, PrivateKey};
use crate::x509::Certificate;
use crate::x509::key::PublicKey;

/// What a reader has to open with.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    pairs: Vec<(PrivateKey, Vec<u8>)>,
    shared: Vec<(Option<Vec<u8>>, Secret)>,
    passwords: Vec<Secret>,
}

/// For whom the content key was sealed that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenedBy {
    /// The certificate of the key that opened it, as DER.
    Certificate(Vec<u8>),
    /// A key that both have.
    SharedKey,
    /// A password.
    Password,
}

impl Keys {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A private key and the certificate that goes with it, by which messages name it.
    ///
    /// # Errors
    ///
    /// The certificate cannot be read, or is that of another key.
    pub fn add(&mut self, key: PrivateKey, certificate: &[u8]) -> Result<&mut Self, Error> {
        if !key.matches(&Certificate::from_der(certificate)?.public_key()) {
            return Err(Error::key("the certificate is that of another key"));
        }
        self.pairs.push((key, certificate.to_vec()));
        Ok(self)
    }

    /// A key that both sides have: with an identifier one that content keys are wrapped in (RFC 5652 6.2.3), without one
    /// the content key itself (RFC 5652 8).
    pub fn add_shared(&mut self, id: Option<&[u8]>, key: &[u8]) -> &mut Self {
        self.shared.push((id.map(<[u8]>::to_vec), Secret::new(key.to_vec())));
        self
    }

    /// A password (RFC 5652 6.2.4).
    pub fn add_password(&mut self, password: &[u8]) -> &mut Self {
        self.passwords.push(Secret::new(password.to_vec()));
        self
    }

    /// The pair whose certificate a message names.
    fn pair(&self, id: &CertificateId<'_>) -> Option<(&PrivateKey, Certificate<'_>)> {
        self.pairs.iter().find_map(|(key, der)| {
            let certificate = Certificate::from_der(der).ok()?;
            id.names(&certificate).then_some((key, certificate))
        })
    }

    /// The content key.
    pub(crate) fn open(&self, head: &Head, start: &CipherStart<'_>) -> Result<(Secret, OpenedBy), Error> {
        let mut unsupported = None;
        let mut rounds = crate::limits::MAX_ITERATIONS;
        for der in &head.recipients {
            // A recipient that cannot be read is not for us: it is not needed.
            let Ok(recipient) = Recipient::read(der) else { continue };
            match self.open_for(&recipient, start, &mut rounds) {
                Ok(Some(opened)) => return Ok(opened),
                Ok(None) => {}
                Err(error) => unsupported = Some(error),
            }
        }
        if head.recipients.is_empty()
            && let Some((_, key)) = self.shared.iter().find(|(id, _)| id.is_none())
        {
            return Ok((sized(Some(key), start.cipher, key), OpenedBy::SharedKey));
        }
        Err(unsupported.unwrap_or_else(|| Error::new(ErrorKind::NoRecipient)))
    }

    /// The content key, if this recipient is one of ours. Errors are about what everyone can see.
    fn open_for(
        &self,
        recipient: &Recipient<'_>,
        start: &CipherStart<'_>,
        rounds: &mut u64,
    ) -> Result<Option<(Secret, OpenedBy)>, Error> {
        match recipient {
            Recipient::Transport { id, algorithm, sealed } => {
                let Some((key, certificate)) = self.pair(id) else { return Ok(None) };
                let transport = Transport::read(algorithm)?;
                let Kind::Rsa(rsa) = key.kind() else {
                    return Err(Error::unsupported("key transport to this key", algorithm.oid()));
                };
                let opened = match transport {
                    Transport::Pkcs1 => rsa.decrypt_pkcs1(sealed),
                    Transport::Oaep { digest, mgf, label } => rsa.decrypt_oaep((digest, mgf), label, sealed),
                };
                let content = sized(opened.as_ref(), start.cipher, &[rsa.der.as_slice(), sealed].concat());
                Ok(Some((content, OpenedBy::Certificate(certificate.as_der().to_vec()))))
            }
            Recipient::Agreement { originator, ukm, algorithm, keys } => {
                let Some((key, certificate, wrapped)) = keys.iter().find_map(|(id, wrapped)| {
                    self.pair(id).map(|(key, certificate)| (key, certificate, *wrapped))
                }) else {
                    return Ok(None);
                };
                let agreement = Agreement::read(algorithm)?;
                let point = recipient::originator_key(*originator)?;
                let shared = shared_secret(key, &certificate, point)?;
                let seed = Secret::new([key.to_pkcs8_der().as_slice(), wrapped].concat());
                let opened = shared.and_then(|shared| {
                    let info = shared_info(&agreement, *ukm);
                    let octets = agreement.wrap.key_octets();
                    let key = if agreement.hkdf {
                        kdf::hkdf(agreement.digest, &shared, &[], &info, octets)?
                    } else {
                        kdf::x963(agreement.digest, &shared, &info, octets)
                    };
                    agreement.wrap.unwrap(&key, wrapped)
                });
                let content = sized(opened.as_ref(), start.cipher, &seed);
                Ok(Some((content, OpenedBy::Certificate(certificate.as_der().to_vec()))))
            }
            Recipient::KeyEncryption { id, algorithm, wrapped } => {
                let found = self.shared.iter().find(|(known, _)| known.as_deref() == Some(*id));
                let Some((_, key)) = found else { return Ok(None) };
                let opened = recipient::wrap_of(algorithm)?.unwrap(key, wrapped);
                let content = sized(opened.as_ref(), start.cipher, &[key.as_slice(), wrapped].concat());
                Ok(Some((content, OpenedBy::SharedKey)))
            }
            Recipient::Password { derivation, algorithm, wrapped } => {
                if self.passwords.is_empty() {
                    return Ok(None);
                }
                let cipher = recipient::pwri_cipher(algorithm)?;
                let cipher = CipherStart::read(&cipher)?;
                let derivation = derivation.ok_or_else(|| Error::unsupported("password", algorithm.oid()))?;
                let derivation = Pbkdf2::read(&derivation)?;
                // All recipients of a message together: it may have a thousand.
                let cost = derivation.iterations.saturating_mul(self.passwords.len() as u64);
                *rounds = rounds
                    .checked_sub(cost)
                    .ok_or_else(|| Error::limit("MAX_ITERATIONS", crate::limits::MAX_ITERATIONS))?;
                let octets = cipher.cipher.key_octets();
                let opened = self.passwords.iter().find_map(|password| {
                    let key = kdf::pbkdf2(
                        derivation.digest,
                        password,
                        derivation.salt,
                        derivation.iterations,
                        octets,
                    )?;
                    wrap::unwrap_pwri(cipher.cipher, &key, cipher.nonce, wrapped)
                });
                let seed = self.passwords.first().map_or(&[][..], |password| password.as_slice());
                let content = sized(opened.as_ref(), start.cipher, &[seed, wrapped].concat());
                Ok(Some((content, OpenedBy::Password)))
            }
            Recipient::Kem(kem) => {
                let Some((key, certificate)) = self.pair(&kem.id) else { return Ok(None) };
                let (digest, info) = (kem.digest()?, kem.info());
                let wrap = recipient::wrap_of(&AlgorithmIdentifier::read(kem.wrap.children("recipient"))?)?;
                let opened = key.decapsulate(kem.ciphertext)?.and_then(|shared| {
                    let key = kdf::hkdf(digest, &shared, &[], &info, wrap.key_octets())?;
                    wrap.unwrap(&key, kem.wrapped)
                });
                let seed = Secret::new([key.to_pkcs8_der().as_slice(), kem.wrapped].concat());
                let content = sized(opened.as_ref(), start.cipher, &seed);
                Ok(Some((content, OpenedBy::Certificate(certificate.as_der().to_vec()))))
            }
            Recipient::Other => Ok(None),
        }
    }
}

/// The secret agreed on; `None` for a point that is none, an error where the key agrees on nothing.
fn shared_secret(
    key: &PrivateKey,
    certificate: &Certificate<'_>,
    point: &[u8],
) -> Result<Option<Secret>, Error> {
    match (key.kind(), certificate.public_key().public_key()?) {
        (Kind::Ec(curve, scalar), PublicKey::Ec(..)) => Ok(agree::ecdh(*curve, scalar, point)),
        (Kind::X25519(secret), PublicKey::X25519(_)) => Ok(agree::x25519(secret, point)),
        _ => {
            Err(Error::unsupported("key agreement with this key", certificate.public_key().algorithm().oid()))
        }
    }
}

/// `ECC-CMS-SharedInfo` (RFC 5753 7.2, RFC 8418 2.2).
pub(crate) fn shared_info(agreement: &Agreement<'_>, ukm: Option<&[u8]>) -> Vec<u8> {
    let bits = u32::try_from(agreement.wrap.key_octets().saturating_mul(8)).unwrap_or_default();
    let entity = ukm.map(|ukm| write::element(Identifier::context(0), &write::octets(ukm)));
    let length = write::element(Identifier::context(2), &write::octets(&bits.to_be_bytes()));
    write::sequence(&[agreement.wrap_identifier, entity.as_deref().unwrap_or_default(), &length])
}

/// The key that was opened if it is one of the cipher, else one made of `seed`, which holds a secret of the reader. Which of
/// the two it is cannot be seen from the time it takes: both are made, and one is chosen octet by octet.
fn sized(opened: Option<&Secret>, cipher: Cipher, seed: &[u8]) -> Secret {
    use subtle::{Choice, ConditionallySelectable as _};
    let octets = cipher.key_octets();
    let mut key = kdf::x963(crate::Digest::Sha256, seed, b"mailwright content key", octets);
    let fits = Choice::from(u8::from(opened.is_some_and(|opened| opened.len() == octets)));
    let opened = opened.map_or(&[][..], |opened| opened.as_slice());
    for (place, octet) in key.iter_mut().zip(opened.iter().chain(std::iter::repeat(&0))) {
        place.conditional_assign(octet, fits);
    }
    key
}
