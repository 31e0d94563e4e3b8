//! Signing (RFC 6376 5).

mod error;
mod field;
mod set;
pub(crate) mod stream;

use std::sync::Arc;

use mailwright_message_model::domain::Domain;

use crate::algorithm::{Algorithm, HashAlgorithm};
use crate::canon::Pair;
use crate::crypto::sha256;
use crate::key::{SignInput, SigningKey};
use crate::policy::LineEnds;
use crate::signature::{AtpsHash, Identity};

pub use error::{SignError, SignErrorKind};
pub use set::{HeaderSet, Oversign};
pub use stream::SignStream;
#[cfg(feature = "arc")]
pub(crate) use stream::check;

/// Signs messages for a domain with one key.
///
/// ```
/// use mailwright_dkim::key::{DnsRecord, PrivateKey};
/// use mailwright_dkim::{Policy, Signer, verify};
/// let message = b"From: ann@example.org\r\nSubject: hello\r\n\r\nLunch?\r\n";
/// let key = PrivateKey::ed25519(&[7; 32])?;
/// # let record = DnsRecord::new(&"may".parse()?, &"example.org".parse()?, key.public_key().clone())?;
/// # let mut zone = mailwright_dns::Zone::new();
/// # zone.add_txt(record.name().to_string(), record.text())?;
/// let signer = Signer::new("example.org", "may", key)?;
/// let signed = signer.sign(message, 1_700_000_000)?.prepended_to(message);
/// assert!(verify(&signed, &zone, &Policy::strict(), 1_700_000_000).signatures[0].is_pass());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Signer {
    key: Arc<dyn SigningKey>,
    domain: Domain,
    selector: Domain,
    identity: Option<Identity>,
    canonicalization: Pair,
    headers: HeaderSet,
    oversign: Oversign,
    expire_in: Option<u64>,
    copy_headers: bool,
    body_length: bool,
    line_ends: LineEnds,
    atps: Option<(Domain, AtpsHash)>,
}

/// A DKIM-Signature field, ready to stand in front of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureField(String);

/// What `d=`, `s=` and `i=` are read from is text, so that every mistake has one error.
impl Signer {
    /// Signs for `domain` with the key that is published under `selector`. U-labels become A-labels (RFC 8616 4).
    ///
    /// By default: relaxed/relaxed, the [recommended](HeaderSet::recommended) fields, [oversigned](Oversign::Auto), no
    /// expiry, line breaks taken as CRLF.
    ///
    /// # Errors
    /// [`SignErrorKind::Domain`] or [`Selector`](SignErrorKind::Selector): no domain name, or too long together;
    /// [`Algorithm`](SignErrorKind::Algorithm) for a key that signs with SHA-1.
    pub fn new(domain: &str, selector: &str, key: impl SigningKey + 'static) -> Result<Self, SignError> {
        let (domain, selector) = names(domain, selector, key.algorithm())?;
        Ok(Self {
            key: Arc::new(key),
            domain,
            selector,
            identity: None,
            canonicalization: Pair::RELAXED,
            headers: HeaderSet::recommended(),
            oversign: Oversign::Auto,
            expire_in: None,
            copy_headers: false,
            body_length: false,
            line_ends: LineEnds::Normalize,
            atps: None,
        })
    }

    /// Another canonicalisation.
    #[must_use]
    pub const fn canonicalization(mut self, pair: Pair) -> Self {
        self.canonicalization = pair;
        self
    }

    /// Other fields. From is signed in any case (RFC 6376 5.4).
    #[must_use]
    pub fn headers(mut self, headers: HeaderSet) -> Self {
        self.headers = headers;
        self
    }

    /// Whether fields can be added without breaking the signature.
    #[must_use]
    pub const fn oversign(mut self, oversign: Oversign) -> Self {
        self.oversign = oversign;
        self
    }

    /// On whose behalf, `i=`: an address, or `@` and a domain. The domain is that of the signer or below it.
    ///
    /// # Errors
    /// [`SignErrorKind::Identity`], [`IdentityOutsideDomain`](SignErrorKind::IdentityOutsideDomain) (RFC 6376 3.5).
    pub fn identity(mut self, identity: &str) -> Result<Self, SignError> {
        let bad = |kind| SignError::new(kind, identity);
        let (local, domain) = identity.rsplit_once('@').ok_or_else(|| bad(SignErrorKind::Identity))?;
        if local.chars().any(char::is_control) {
            return Err(bad(SignErrorKind::Identity));
        }
        let domain = crate::signature::domain_name(domain.as_bytes());
        let domain = domain.ok_or_else(|| bad(SignErrorKind::Identity))?;
        if !domain.is_within(&self.domain) {
            return Err(bad(SignErrorKind::IdentityOutsideDomain));
        }
        let local = (!local.is_empty()).then(|| local.to_owned());
        self.identity = Some(Identity { local, domain });
        Ok(self)
    }

    /// The signature expires so many seconds after it was made, `x=`. Signatures that expire limit replay (RFC 6376 8.6);
    /// mail may take five days.
    #[must_use]
    pub const fn expire_in(mut self, seconds: u64) -> Self {
        self.expire_in = Some(seconds);
        self
    }

    /// Copies the signed fields into the signature, `z=`: a receiver can tell what was changed on the way. They are then
    /// readable by everybody who gets the message, as they are in the message itself.
    #[must_use]
    pub const fn copy_headers(mut self, copy: bool) -> Self {
        self.copy_headers = copy;
        self
    }

    /// Says how long the body is, `l=`. **Anybody can then append to the message, and replace what people see of it**
    /// (RFC 6376 8.2); strict receivers ignore such signatures.
    #[must_use]
    pub const fn body_length(mut self, length: bool) -> Self {
        self.body_length = length;
        self
    }

    /// What is done with bare CR and LF: by default each becomes CRLF before anything is signed, since SMTP carries nothing
    /// else (RFC 6376 5.3). The message has to be sent with CRLF then.
    #[must_use]
    pub const fn line_ends(mut self, line_ends: LineEnds) -> Self {
        self.line_ends = line_ends;
        self
    }

    /// Signs on behalf of `author`, which authorizes this signer's domain in DNS (RFC 6541 4.3, `atps=` and `atpsh=`).
    ///
    /// # Errors
    /// [`SignErrorKind::Atps`]: no domain name.
    pub fn atps(mut self, author: &str, hash: AtpsHash) -> Result<Self, SignError> {
        let domain = crate::signature::domain_name(author.as_bytes());
        self.atps = Some((domain.ok_or_else(|| SignError::new(SignErrorKind::Atps, author))?, hash));
        Ok(self)
    }

    /// Signs a message; `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`SignErrorKind::NoFrom`] and the others that name a rule the message breaks, or what the key says.
    pub fn sign(&self, message: &[u8], now: u64) -> Result<SignatureField, SignError> {
        let fields = Self::sign_all(core::slice::from_ref(self), message, now)?;
        fields.into_iter().next().ok_or_else(|| SignError::new(SignErrorKind::Key, "no signature"))
    }

    /// Signs a message with several keys, in one pass over the body: one field for each signer, in their order.
    ///
    /// ```
    /// use mailwright_dkim::{SignatureField, Signer, key::PrivateKey};
    /// let signers = [
    ///     Signer::new("example.org", "may", PrivateKey::ed25519(&[7; 32])?)?,
    ///     Signer::new("example.org", "june", PrivateKey::ed25519(&[8; 32])?)?,
    /// ];
    /// let message = b"From: ann@example.org\r\n\r\nLunch?\r\n";
    /// let fields = Signer::sign_all(&signers, message, 1_700_000_000)?;
    /// // What goes on top of the message.
    /// let top: String = fields.iter().map(SignatureField::as_str).collect();
    /// # assert_eq!(top.matches("DKIM-Signature: ").count(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Signer::sign`]; all or nothing.
    pub fn sign_all(signers: &[Self], message: &[u8], now: u64) -> Result<Vec<SignatureField>, SignError> {
        let mut stream = SignStream::new(signers, now);
        stream.write(message);
        stream.finish()
    }
}

impl SignatureField {
    /// The whole field with its CRLF.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The field and the message behind it. The message is copied as it is.
    #[must_use]
    pub fn prepended_to(&self, message: &[u8]) -> Vec<u8> {
        [self.0.as_bytes(), message].concat()
    }
}

impl core::fmt::Display for SignatureField {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// `d=` and `s=`, where a key of that algorithm can sign with them.
pub(crate) fn names(
    domain: &str,
    selector: &str,
    algorithm: Algorithm,
) -> Result<(Domain, Domain), SignError> {
    let bad = |kind: SignErrorKind, text: &str| SignError::new(kind, text);
    let name = crate::signature::domain_name(domain.as_bytes());
    let name = name.ok_or_else(|| bad(SignErrorKind::Domain, domain))?;
    let label = crate::signature::selector(selector.as_bytes());
    let label = label.ok_or_else(|| bad(SignErrorKind::Selector, selector))?;
    if mailwright_dns::Name::new(format!("{label}._domainkey.{name}")).is_err() {
        return Err(bad(SignErrorKind::Selector, selector));
    }
    // RFC 8301 3.1: signers MUST NOT use SHA-1.
    if algorithm.hash() == HashAlgorithm::Sha1 {
        return Err(bad(SignErrorKind::Algorithm, algorithm.as_str()));
    }
    Ok((name, label))
}

/// Signs the canonical octets of a header (RFC 6376 3.7).
pub(crate) fn signature(key: &dyn SigningKey, octets: &[u8]) -> Result<Vec<u8>, SignError> {
    let failed = |why: &str| SignError::new(SignErrorKind::Key, why);
    let digest = sha256(octets);
    let sha256 = digest.as_bytes().try_into().map_err(|_| failed("no digest"))?;
    let signature = key.sign(&SignInput { octets, sha256 }).map_err(|why| failed(&why))?;
    match key.algorithm() {
        // RFC 8301 3.2: signers MUST use RSA keys of at least 1024 bits. A signature is as long as the modulus (RFC 8017 8.2.1).
        Algorithm::RsaSha256 if signature.len() < LEAST_RSA_OCTETS => {
            Err(SignError::new(SignErrorKind::WeakKey, &format!("{} bits", 8 * signature.len())))
        }
        // RFC 8032 5.1.6
        Algorithm::Ed25519Sha256 if signature.len() != 64 => Err(failed("its signature is none of Ed25519")),
        _ => Ok(signature),
    }
}

/// Octets of a signature by an RSA key of 1024 bits.
const LEAST_RSA_OCTETS: usize = 128;

/// Without the key.
impl core::fmt::Debug for Signer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Signer")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}
