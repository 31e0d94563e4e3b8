//! Encrypted messages made (RFC 8551 3.3, 3.4).

use super::cms;
use super::entity;
use super::recipient;
use crate::algorithm::Cipher;
use crate::backend::cbc::Cbc;
use crate::backend::gcm::{self, GcmHashing, GcmStream};
use crate::ber::{Identifier, Sink, write};
use crate::cms::ContentType;
use crate::error::Error;
use crate::limits::MAX_GCM_CONTENT;
use crate::random::Random;
use crate::store::Recipients;
use crate::x509::Certificate;

/// Encrypts messages for recipients.
///
/// ```
/// use mailwright_smime::{Encryptor, SystemRandom};
///
/// # fn encrypt(bob: &[u8]) -> Result<(), mailwright_smime::Error> {
/// let message = b"From: alice@example.org\r\nSubject: hello\r\n\r\nHello, Bob.\r\n";
/// let sealed = Encryptor::new().to(bob)?.encrypt_message(message, &mut SystemRandom::new())?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Encryptor {
    certificates: Vec<Vec<u8>>,
    shared: Vec<(Vec<u8>, crate::backend::Secret)>,
    passwords: Vec<crate::backend::Secret>,
    cipher: Cipher,
    transport: Transport,
}

/// How content keys are sealed for RSA keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// RSAES-PKCS1-v1_5, which every reader knows.
    #[default]
    Pkcs1,
    /// RSAES-OAEP with SHA-256 (RFC 8551 2.3).
    Oaep,
}

/// Content being sealed.
pub(crate) struct Sealing {
    /// What stands in the structure before the content: version and recipients.
    pub(crate) before: Vec<u8>,
    /// What stands before the sealed octets: type and cipher.
    pub(crate) inside: Vec<u8>,
    work: Work,
}

/// What is done to content.
enum Work {
    Cbc(Cbc),
    Gcm { hashing: Box<GcmHashing>, stream: GcmStream, sealed: u64, buffer: Vec<u8> },
}

/// Octets sealed at once: they stay in the first cache.
const PIECE: usize = 16 << 10;

impl Default for Encryptor {
    fn default() -> Self {
        Self::new()
    }
}

impl Encryptor {
    /// For no one yet; with AES-256 in GCM, which RFC 8551 2.7.1.2 asks for where nothing is known of the recipients.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            certificates: Vec::new(),
            shared: Vec::new(),
            passwords: Vec::new(),
            cipher: Cipher::Aes256Gcm,
            transport: Transport::Pkcs1,
        }
    }

    /// Also for the holder of this certificate, as DER. Whether he is who he should be is for a
    /// [`Validator`](crate::path::Validator) to say, with the purpose of encryption. Do not forget the sender.
    ///
    /// # Errors
    ///
    /// A certificate that cannot be read.
    pub fn to(mut self, certificate: &[u8]) -> Result<Self, Error> {
        Certificate::from_der(certificate)?;
        self.certificates.push(certificate.to_vec());
        Ok(self)
    }

    /// Also for these, with the cipher that they can read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoRecipient`](crate::ErrorKind::NoRecipient): one of them
    /// [cannot be encrypted to](Recipients::missing). Whether to leave him out is not decided here.
    pub fn to_recipients(mut self, recipients: &Recipients) -> Result<Self, Error> {
        for addressee in recipients.addressees() {
            let certificate = addressee.certificate.as_deref();
            self = self.to(certificate.ok_or_else(|| Error::new(crate::ErrorKind::NoRecipient))?)?;
        }
        Ok(self.cipher(recipients.cipher().cipher))
    }

    /// Also for who has this key of 16, 24 or 32 octets, known by an identifier.
    #[must_use]
    pub fn to_shared(mut self, id: &[u8], key: &[u8]) -> Self {
        self.shared.push((id.to_vec(), crate::backend::Secret::new(key.to_vec())));
        self
    }

    /// Also for who knows this password.
    #[must_use]
    pub fn to_password(mut self, password: &[u8]) -> Self {
        self.passwords.push(crate::backend::Secret::new(password.to_vec()));
        self
    }

    /// Another cipher, for readers that do not know GCM.
    #[must_use]
    pub const fn cipher(mut self, cipher: Cipher) -> Self {
        self.cipher = cipher;
        self
    }

    /// How content keys are sealed for RSA keys.
    #[must_use]
    pub const fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Encrypts a message: its fields stay outside, for everyone to read; its content is sealed.
    ///
    /// # Errors
    ///
    /// As [`Self::encrypt_cms`].
    pub fn encrypt_message(&self, message: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, Error> {
        let split = entity::split(message)?;
        Ok(entity::with_fields(&split.outside, &self.encrypt(&split.inside, random)?))
    }

    /// Encrypts an entity: fields of MIME, an empty line, a body. Its lines get the ends of mail.
    ///
    /// # Errors
    ///
    /// As [`Self::encrypt_cms`].
    pub fn encrypt(&self, part: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, Error> {
        let der = self.encrypt_cms(&entity::canonical(part), random)?;
        Ok(entity::pkcs7_mime(self.smime_type(), "smime.p7m", &der))
    }

    /// The CMS structure with these octets inside, as DER.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoRecipient`](crate::ErrorKind::NoRecipient); [`ErrorKind::Key`](crate::ErrorKind::Key) for a
    /// certificate whose key does not encrypt; [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) for a cipher that
    /// nothing is sealed with any more.
    pub fn encrypt_cms(&self, content: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, Error> {
        let mut sealing = self.begin(random)?;
        let kind = sealing.kind();
        let length = sealing.octets_of(content.len());
        // All lengths are known, and so the content is sealed into its place.
        let around = [
            (Identifier::SEQUENCE, kind.oid().map(write::oid).unwrap_or_default(), 0),
            (Identifier::context(0), Vec::new(), 0),
            (Identifier::SEQUENCE, std::mem::take(&mut sealing.before), sealing.octets_behind()),
            (Identifier::SEQUENCE, std::mem::take(&mut sealing.inside), 0),
            (Identifier::context_primitive(0), Vec::new(), 0),
        ];
        let mut octets = write::headers(&around, length);
        octets.reserve_exact(length.saturating_add(sealing.octets_behind()));
        let mut sink = |piece: &[u8]| {
            octets.extend_from_slice(piece);
            Ok(())
        };
        sealing.update(content, &mut sink)?;
        let behind = sealing.finish(&mut sink)?;
        octets.extend_from_slice(&behind);
        Ok(octets)
    }

    /// Begins to seal a content with a new key.
    pub(crate) fn begin(&self, random: &mut dyn Random) -> Result<Sealing, Error> {
        let unsupported = || Error::unsupported("encryption", self.cipher.oid());
        if matches!(self.cipher, Cipher::Rc2Cbc(_)) {
            return Err(unsupported());
        }
        let key = recipient::new_secret(random, self.cipher.key_octets())?;
        let recipients = write::set_of(self.recipients(&key, random)?);
        let data = ContentType::Data.oid().map(write::oid).unwrap_or_default();
        let (version, parameters, work) = if self.cipher.is_authenticated() {
            let nonce = recipient::new_secret(random, 12)?;
            let (hashing, stream) = gcm::start(self.cipher, &key, &nonce, &[]).ok_or_else(unsupported)?;
            // RFC 5084 3.2
            let parameters = write::sequence(&[&write::octets(&nonce), &write::integer(16)]);
            // RFC 5083 2.1: version 0, whatever the recipients.
            (0, parameters, Work::Gcm { hashing: Box::new(hashing), stream, sealed: 0, buffer: Vec::new() })
        } else {
            let vector = recipient::new_secret(random, self.cipher.block())?;
            let cbc = Cbc::seal(self.cipher, &key, &vector).ok_or_else(unsupported)?;
            (self.version(), write::octets(&vector), Work::Cbc(cbc))
        };
        Ok(Sealing {
            before: [write::integer(version), recipients].concat(),
            inside: [data, cms::with(self.cipher.oid(), &parameters)].concat(),
            work,
        })
    }

    /// RFC 8551 3.2.2
    pub(crate) const fn smime_type(&self) -> &'static str {
        if self.cipher.is_authenticated() { "authEnveloped-data" } else { "enveloped-data" }
    }

    /// RFC 5652 6.1
    fn version(&self) -> u64 {
        if !self.passwords.is_empty() {
            return 3;
        }
        let is_rsa = |der: &Vec<u8>| {
            let key =
                Certificate::from_der(der).and_then(|certificate| certificate.public_key().public_key());
            matches!(key, Ok(crate::x509::key::PublicKey::Rsa(_)))
        };
        if self.shared.is_empty() && self.certificates.iter().all(is_rsa) { 0 } else { 2 }
    }

    fn recipients(&self, key: &[u8], random: &mut dyn Random) -> Result<Vec<Vec<u8>>, Error> {
        let mut recipients = Vec::new();
        for der in &self.certificates {
            let certificate = Certificate::from_der(der)?;
            recipients.push(recipient::for_certificate(&certificate, key, self.transport, random)?);
        }
        for (id, kek) in &self.shared {
            recipients.push(recipient::for_shared(id, kek, key)?);
        }
        for password in &self.passwords {
            recipients.push(recipient::for_password(password, key, random)?);
        }
        if recipients.is_empty() {
            return Err(Error::new(crate::ErrorKind::NoRecipient));
        }
        Ok(recipients)
    }
}

impl Sealing {
    /// What the structure is.
    pub(crate) const fn kind(&self) -> ContentType {
        match self.work {
            Work::Cbc(_) => ContentType::EnvelopedData,
            Work::Gcm { .. } => ContentType::AuthEnvelopedData,
        }
    }

    /// Octets of so much content when it is sealed.
    const fn octets_of(&self, content: usize) -> usize {
        match &self.work {
            Work::Cbc(cbc) => cbc.sealed_octets(content),
            Work::Gcm { .. } => content,
        }
    }

    /// Octets that stand in the structure behind the content: the tag.
    const fn octets_behind(&self) -> usize {
        match self.work {
            Work::Cbc(_) => 0,
            Work::Gcm { .. } => 18,
        }
    }

    /// Seals the next octets.
    pub(crate) fn update(&mut self, content: &[u8], sink: Sink<'_>) -> Result<(), Error> {
        match &mut self.work {
            Work::Cbc(cbc) => cbc.update(content, sink),
            Work::Gcm { hashing, stream, sealed, buffer } => {
                *sealed = sealed.saturating_add(content.len() as u64);
                if *sealed > MAX_GCM_CONTENT {
                    return Err(Error::limit("MAX_GCM_CONTENT", MAX_GCM_CONTENT));
                }
                content.chunks(PIECE).try_for_each(|piece| {
                    buffer.clear();
                    buffer.extend_from_slice(piece);
                    stream.apply(buffer);
                    hashing.update(buffer);
                    sink(buffer)
                })
            }
        }
    }

    /// Seals what is left; what stands in the structure behind the content.
    pub(crate) fn finish(self, sink: Sink<'_>) -> Result<Vec<u8>, Error> {
        match self.work {
            Work::Cbc(cbc) => cbc.finish(sink).map(|()| Vec::new()),
            Work::Gcm { hashing, .. } => Ok(write::octets(&hashing.finish())),
        }
    }
}
