//! Signed messages made (RFC 8551 3.5, RFC 5652 5).

use super::cms::{self, NULL};
use super::entity;
use crate::algorithm::{Cipher, Digest, PssParameters, SignatureScheme};
use crate::backend;
use crate::ber::{Identifier, write};
use crate::capabilities::Capabilities;
use crate::cms::ContentType;
use crate::cms::attribute::{
    ALGORITHM_PROTECTION, CONTENT_TYPE, ENCRYPTION_KEY, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
    SMIME_CAPABILITIES,
};
use crate::error::Error;
use crate::ess::{AskedReceipt, MSG_SIG_DIGEST, RECEIPT_REQUEST, ReceiptRequest};
use crate::oid::oids;
use crate::private_key::{Kind, PrivateKey};
use crate::x509::key::{Curve, ED25519, RSA, RSA_PSS};
use crate::x509::{Certificate, Time};

oids! {
    MGF1 = "1.2.840.113549.1.1.8";
    ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    ECDSA_SHA512 = "1.2.840.10045.4.3.4";
}

/// Signs messages with one key.
///
/// ```
/// use mailwright_smime::{PrivateKey, Signer};
///
/// # fn sign(key: &PrivateKey, certificate: &[u8], now: mailwright_smime::Time) -> Result<(), mailwright_smime::Error> {
/// let signer = Signer::new(key, certificate)?.signing_time(now);
/// let signed = signer.sign_message(b"From: alice@example.org\r\nSubject: hello\r\n\r\nHello.\r\n")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Signer<'k> {
    key: &'k PrivateKey,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
    digest: Digest,
    pss: bool,
    opaque: bool,
    time: Option<Time>,
    capabilities: Capabilities,
    encryption_key: Option<Vec<u8>>,
    request: Option<ReceiptRequest>,
    /// What is signed is a receipt for the message whose attributes have this digest.
    receipt_of: Option<Vec<u8>>,
}

impl<'k> Signer<'k> {
    /// Signs with this key; the certificate, as DER, goes along.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key): a certificate of another key, or a key that does not sign.
    pub fn new(key: &'k PrivateKey, certificate: &[u8]) -> Result<Self, Error> {
        if !key.matches(&Certificate::from_der(certificate)?.public_key()) {
            return Err(Error::key("the certificate is that of another key"));
        }
        let digest = match key.kind() {
            Kind::Rsa(_) | Kind::Ec(Curve::P256, _) => Digest::Sha256,
            Kind::Ec(Curve::P384, _) => Digest::Sha384,
            // RFC 8419 3.1: with Ed25519 it must be.
            Kind::Ec(Curve::P521, _) | Kind::Ed25519(_) => Digest::Sha512,
            _ => return Err(Error::key("a key that does not sign")),
        };
        Ok(Self {
            key,
            certificate: certificate.to_vec(),
            chain: Vec::new(),
            digest,
            pss: false,
            opaque: false,
            time: None,
            capabilities: Capabilities::of_ciphers([
                Cipher::Aes256Gcm,
                Cipher::Aes128Gcm,
                Cipher::Aes256Cbc,
                Cipher::Aes128Cbc,
            ]),
            encryption_key: None,
            request: None,
            receipt_of: None,
        })
    }

    /// Further certificates to go along, as DER: those between the signer's and an anchor (RFC 8551 2.3).
    #[must_use]
    pub fn chain<'c>(mut self, certificates: impl IntoIterator<Item = &'c [u8]>) -> Self {
        self.chain.extend(certificates.into_iter().map(<[u8]>::to_vec));
        self
    }

    /// Another digest than the one that goes with the key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key): SHA-1 and SHA-224, which nothing is signed with any more, or a key that
    /// has one digest only.
    pub fn digest(mut self, digest: Digest) -> Result<Self, Error> {
        match (digest, self.key.kind()) {
            (Digest::Sha1 | Digest::Sha224, _) => Err(Error::key("nothing is signed with SHA-1 or SHA-224")),
            (digest, Kind::Ed25519(_)) if digest != Digest::Sha512 => {
                Err(Error::key("Ed25519 goes with SHA-512 alone (RFC 8419 3.1)"))
            }
            _ => {
                self.digest = digest;
                Ok(self)
            }
        }
    }

    /// RSASSA-PSS instead of PKCS #1 v1.5, with a salt as long as the digest (RFC 4056).
    #[must_use]
    pub const fn pss(mut self) -> Self {
        self.pss = true;
        self
    }

    /// The content inside of the signature, which no gateway can change and no old reader can show (RFC 8551 3.5.2).
    #[must_use]
    pub const fn opaque(mut self) -> Self {
        self.opaque = true;
        self
    }

    /// The time to be signed. Without it none is.
    #[must_use]
    pub const fn signing_time(mut self, time: Time) -> Self {
        self.time = Some(time);
        self
    }

    /// The ciphers that the signer can open, the best first, for those who answer (RFC 8551 2.5.2).
    #[must_use]
    pub fn capabilities(mut self, ciphers: impl IntoIterator<Item = Cipher>) -> Self {
        self.capabilities = Capabilities::of_ciphers(ciphers);
        self
    }

    /// The certificate to encrypt to, as DER, for one who signs with another; it goes along (RFC 8551 2.5.3).
    ///
    /// # Errors
    ///
    /// A certificate that cannot be read.
    pub fn encryption_certificate(mut self, certificate: &[u8]) -> Result<Self, Error> {
        self.encryption_key = Some(cms::issuer_and_serial(&Certificate::from_der(certificate)?));
        self.chain.push(certificate.to_vec());
        Ok(self)
    }

    /// Asks for a [receipt](crate::ess).
    #[must_use]
    pub fn request_receipt(mut self, request: ReceiptRequest) -> Self {
        self.request = Some(request);
        self
    }

    /// Signs a message: its fields stay outside, its content is signed.
    ///
    /// # Errors
    ///
    /// Content that is not of 7 bits or has lines beyond 998 octets, unless the content is [opaque](Self::opaque);
    /// [`ErrorKind::Key`](crate::ErrorKind::Key).
    pub fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let split = entity::split(message)?;
        Ok(entity::with_fields(&split.outside, &self.sign(&split.inside)?))
    }

    /// Signs an entity: fields of MIME, an empty line, a body. Its lines get the ends of mail.
    ///
    /// # Errors
    ///
    /// As [`Self::sign_message`].
    pub fn sign(&self, part: &[u8]) -> Result<Vec<u8>, Error> {
        let part = entity::canonical(part);
        let der = self.sign_cms(&part)?;
        if self.opaque {
            return Ok(entity::pkcs7_mime("signed-data", "smime.p7m", &der));
        }
        entity::multipart_signed(&part, self.micalg(), &der)
    }

    /// RFC 8551 3.5.3.2
    pub(crate) const fn micalg(&self) -> &'static str {
        match self.digest {
            Digest::Sha1 => "sha-1",
            Digest::Sha224 => "sha-224",
            Digest::Sha256 => "sha-256",
            Digest::Sha384 => "sha-384",
            Digest::Sha512 => "sha-512",
        }
    }

    /// The CMS structure over these octets, as DER: with the octets inside if [opaque](Self::opaque).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key): a key that cannot sign.
    pub fn sign_cms(&self, content: &[u8]) -> Result<Vec<u8>, Error> {
        let hash = backend::digest(self.digest, content);
        self.finish(&hash, self.opaque.then_some(content))
    }

    /// The receipt for a message that asked for one, as an entity; the fields that go before it are those of any message, with
    /// the addresses of the [request](crate::ess::ReceiptRequest::to). Whether the signature of that message is good, and
    /// whether to tell its sender anything, is for the caller to say (RFC 2634 2.3, 2.5).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key): a key that cannot sign.
    pub fn sign_receipt(&self, asked: &AskedReceipt) -> Result<Vec<u8>, Error> {
        let receipt = asked.receipt().to_der();
        // RFC 2634 2.5, step 8: a receipt asks for none.
        let receipt_of = Some(asked.digest().to_vec());
        let signer = Self { request: None, receipt_of, opaque: true, ..self.clone() };
        let der = signer.sign_cms(&receipt)?;
        Ok(entity::pkcs7_mime("signed-receipt", "smime.p7m", &der))
    }

    const fn content_type(&self) -> ContentType {
        if self.receipt_of.is_some() { ContentType::Receipt } else { ContentType::Data }
    }

    pub(crate) const fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// A digest of content to be signed, being made.
    pub(crate) fn hasher(&self) -> backend::Hasher {
        backend::Hasher::new(self.digest)
    }

    /// The structure for content with this digest.
    pub(crate) fn finish(&self, hash: &[u8], inside: Option<&[u8]>) -> Result<Vec<u8>, Error> {
        let data = self.content_type().oid().map(write::oid).unwrap_or_default();
        let content = inside.map(|content| write::element(Identifier::context(0), &write::octets(content)));
        let content_info = write::sequence(&[&data, content.as_deref().unwrap_or_default()]);
        let signed = write::sequence(&[&self.before_content(), &content_info, &self.behind_content(hash)?]);
        Ok(cms::content_info(ContentType::SignedData, &signed))
    }

    /// What stands in signed data before the content.
    pub(crate) fn before_content(&self) -> Vec<u8> {
        // RFC 5652 5.1: version 1, for certificates alone and signers named by issuer and number; 3 for what is not data.
        let version = if self.content_type() == ContentType::Data { 1 } else { 3 };
        [write::integer(version), write::element(Identifier::SET, &cms::digest(self.digest))].concat()
    }

    /// What stands behind content with this digest: certificates and the signer.
    pub(crate) fn behind_content(&self, hash: &[u8]) -> Result<Vec<u8>, Error> {
        let mut certificates = vec![self.certificate.clone()];
        certificates.extend(self.chain.iter().cloned());
        let certificates = cms::implicit(0, &write::set_of(certificates));
        let signers = write::element(Identifier::SET, &self.signer_info(hash)?);
        Ok([certificates, signers].concat())
    }

    fn signer_info(&self, hash: &[u8]) -> Result<Vec<u8>, Error> {
        let (scheme, identifier) = self.scheme()?;
        let attributes = self.attributes(hash, &identifier)?;
        let signature = backend::sign(self.key, &scheme, &attributes)?;
        let certificate = Certificate::from_der(&self.certificate)?;
        Ok(write::sequence(&[
            &write::integer(1),
            &cms::issuer_and_serial(&certificate),
            &cms::digest(self.digest),
            &cms::implicit(0, &attributes),
            &identifier,
            &write::octets(&signature),
        ]))
    }

    /// How it is signed, and the identifier of that.
    fn scheme(&self) -> Result<(SignatureScheme, Vec<u8>), Error> {
        let digest = self.digest;
        Ok(match self.key.kind() {
            Kind::Rsa(_) if self.pss => {
                let salt = digest.octets();
                let parameters = PssParameters { digest, mgf: digest, salt };
                (SignatureScheme::RsaPss(parameters), cms::with(RSA_PSS, &pss_parameters(&parameters)))
            }
            // RFC 5754 3.2: the name of the key's algorithm, which all readers know.
            Kind::Rsa(_) => (SignatureScheme::RsaPkcs1(digest), cms::with(RSA, &NULL)),
            Kind::Ec(..) => {
                let oid = match digest {
                    Digest::Sha384 => ECDSA_SHA384,
                    Digest::Sha512 => ECDSA_SHA512,
                    _ => ECDSA_SHA256,
                };
                (SignatureScheme::Ecdsa(digest), cms::bare(oid))
            }
            Kind::Ed25519(_) => (SignatureScheme::Ed25519, cms::bare(ED25519)),
            _ => return Err(Error::key("a key that does not sign")),
        })
    }

    /// The signed attributes, as the SET OF that is signed.
    fn attributes(&self, hash: &[u8], signature: &[u8]) -> Result<Vec<u8>, Error> {
        let kind = self.content_type().oid().map(write::oid).unwrap_or_default();
        let mut list = vec![
            cms::attribute(CONTENT_TYPE, &kind),
            cms::attribute(MESSAGE_DIGEST, &write::octets(hash)),
            cms::attribute(
                ALGORITHM_PROTECTION,
                &write::sequence(&[&cms::digest(self.digest), &cms::implicit(1, signature)]),
            ),
            cms::attribute(SIGNING_CERTIFICATE_V2, &self.signing_certificate()),
        ];
        if let Some(time) = self.time {
            list.push(cms::attribute(SIGNING_TIME, &cms::time(time)?));
        }
        if !self.capabilities.is_empty() {
            list.push(cms::attribute(SMIME_CAPABILITIES, &self.capabilities.to_der()));
        }
        if let Some(id) = &self.encryption_key {
            list.push(cms::attribute(ENCRYPTION_KEY, &cms::implicit(0, id)));
        }
        if let Some(request) = &self.request {
            list.push(cms::attribute(RECEIPT_REQUEST, &request.to_der()?));
        }
        if let Some(digest) = &self.receipt_of {
            list.push(cms::attribute(MSG_SIG_DIGEST, &write::octets(digest)));
        }
        Ok(write::set_of(list))
    }

    /// `SigningCertificateV2` (RFC 5035 3): the digest of the certificate; SHA-256 is the default and so not named.
    fn signing_certificate(&self) -> Vec<u8> {
        let hash = backend::digest(Digest::Sha256, &self.certificate);
        let id = write::sequence(&[&write::octets(&hash)]);
        write::sequence(&[&write::sequence(&[&id])])
    }
}

/// `RSASSA-PSS-params` (RFC 4055 3.1).
fn pss_parameters(parameters: &PssParameters) -> Vec<u8> {
    let digest = cms::with(parameters.digest.oid(), &NULL);
    let mask = cms::with(MGF1, &cms::with(parameters.mgf.oid(), &NULL));
    let salt = write::integer(parameters.salt as u64);
    write::sequence(&[
        &write::element(Identifier::context(0), &digest),
        &write::element(Identifier::context(1), &mask),
        &write::element(Identifier::context(2), &salt),
    ])
}
