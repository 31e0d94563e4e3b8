//! Private keys: read from PEM or DER, made new, and whatever else can sign.

use core::fmt;

use zeroize::Zeroizing;

use super::{PublicKey, der};
use crate::algorithm::Algorithm;
use crate::base64;
use crate::crypto::{Backend, Crypto};

/// Something that signs for a domain: a [`PrivateKey`], a hardware module, another process.
pub trait SigningKey: Send + Sync {
    /// Its algorithm: `rsa-sha256` or `ed25519-sha256`.
    fn algorithm(&self) -> Algorithm;

    /// Signs.
    ///
    /// # Errors
    /// One sentence when that is not possible.
    fn sign(&self, input: &SignInput<'_>) -> Result<Vec<u8>, String>;
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct SignInput<'a> {
    /// The canonical octets of the header (RFC 6376 3.7): what RSASSA-PKCS1-v1_5 with SHA-256 is computed over.
    pub octets: &'a [u8],
    /// Their SHA-256: what Ed25519 is computed over (RFC 8463 3), and what a module takes that does not hash.
    pub sha256: [u8; 32],
}

/// A private key in memory.
///
/// ```
/// use mailwright_dkim::key::{PrivateKey, SigningKey};
/// let key = PrivateKey::ed25519(&[7; 32])?;
/// assert_eq!(key.algorithm().as_str(), "ed25519-sha256");
/// let same = PrivateKey::from_pem(&key.to_pem().expect("it is an Ed25519 key"))?;
/// assert_eq!(same.public_key(), key.public_key());
/// # Ok::<(), mailwright_dkim::key::PrivateKeyError>(())
/// ```
pub struct PrivateKey {
    secret: Secret,
    public: PublicKey,
}

enum Secret {
    Rsa(Box<<Crypto as Backend>::Rsa>),
    Ed25519(Box<<Crypto as Backend>::Ed25519>, Zeroizing<[u8; 32]>),
}

/// Why something is no private key that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrivateKeyError {
    /// No PEM block of a private key (RFC 7468 10).
    NoPem,
    /// The PEM block is encrypted (RFC 7468 11): decrypt it first.
    Encrypted,
    /// The PEM block is no base64.
    Base64,
    /// Neither an RSA nor an Ed25519 key in PKCS#8 (RFC 5208, RFC 8410), nor an RSAPrivateKey (RFC 8017 A.1.2).
    Der,
    /// An RSA key of so many bits: below 2048, which RFC 8301 3.2 wants signers to use, or not consistent.
    Rsa {
        /// Its bits.
        bits: u32,
    },
    /// The system gave no random octets, or the library refused.
    Library,
}

impl PrivateKey {
    /// Reads the first private key of a PEM text: `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY` (PKCS#1).
    ///
    /// # Errors
    /// [`PrivateKeyError`]
    pub fn from_pem(pem: &str) -> Result<Self, PrivateKeyError> {
        if pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(PrivateKeyError::Encrypted);
        }
        let block = |label: &str| {
            let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
            Some(rest.split_once(&format!("-----END {label}-----"))?.0)
        };
        let block = ["PRIVATE KEY", "RSA PRIVATE KEY"].into_iter().find_map(block);
        let octets = base64::decode(block.ok_or(PrivateKeyError::NoPem)?.as_bytes());
        let octets = Zeroizing::new(octets.map_err(|_| PrivateKeyError::Base64)?);
        Self::from_der(&octets)
    }

    /// Reads PKCS#8, or an RSAPrivateKey.
    ///
    /// # Errors
    /// [`PrivateKeyError`]
    pub fn from_der(octets: &[u8]) -> Result<Self, PrivateKeyError> {
        if let Some(seed) = der::ed25519_seed(octets) {
            return Self::ed25519(seed.try_into().map_err(|_| PrivateKeyError::Der)?);
        }
        let (n, e) = der::rsa_public_of_private(octets).ok_or(PrivateKeyError::Der)?;
        let public = PublicKey::Rsa { n: n.to_vec(), e: e.to_vec() };
        let key = Crypto::rsa(octets).ok_or(PrivateKeyError::Rsa { bits: public.bits() })?;
        Ok(Self { secret: Secret::Rsa(Box::new(key)), public })
    }

    /// The Ed25519 key of 32 random octets of yours (RFC 8032 5.1.5).
    ///
    /// # Errors
    /// [`PrivateKeyError::Library`], which does not happen.
    pub fn ed25519(seed: &[u8; 32]) -> Result<Self, PrivateKeyError> {
        let key = Crypto::ed25519(seed).ok_or(PrivateKeyError::Library)?;
        let public = Crypto::ed25519_public(&key).ok_or(PrivateKeyError::Library)?;
        let secret = Secret::Ed25519(Box::new(key), Zeroizing::new(*seed));
        Ok(Self { secret, public: PublicKey::Ed25519(public) })
    }

    /// A new Ed25519 key, from the random octets of the system as the cryptographic library has them; with octets of your own:
    /// [`PrivateKey::ed25519`]. Publish an RSA key beside it: not every receiver knows Ed25519.
    ///
    /// # Errors
    /// [`PrivateKeyError::Library`] where the system gives no random octets.
    pub fn generate_ed25519() -> Result<Self, PrivateKeyError> {
        let seed = Zeroizing::new(Crypto::random().ok_or(PrivateKeyError::Library)?);
        Self::ed25519(&seed)
    }

    /// The key as PKCS#8 in PEM (RFC 7468 10), to be kept; `None` for RSA keys, which are kept where they were read.
    #[must_use]
    pub fn to_pem(&self) -> Option<Zeroizing<String>> {
        /// RFC 8410 7: version 0, id-Ed25519, an OCTET STRING in an OCTET STRING.
        const PREFIX: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        match &self.secret {
            Secret::Rsa(_) => None,
            Secret::Ed25519(_, seed) => {
                let octets: Zeroizing<Vec<u8>> =
                    Zeroizing::new(PREFIX.iter().chain(seed.iter()).copied().collect());
                Some(pem(&octets))
            }
        }
    }

    /// Its public half.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }
}

impl SigningKey for PrivateKey {
    fn algorithm(&self) -> Algorithm {
        match self.secret {
            Secret::Rsa(_) => Algorithm::RsaSha256,
            Secret::Ed25519(..) => Algorithm::Ed25519Sha256,
        }
    }

    fn sign(&self, input: &SignInput<'_>) -> Result<Vec<u8>, String> {
        match &self.secret {
            Secret::Rsa(key) => {
                let octets = usize::try_from(self.public.bits().div_ceil(8)).unwrap_or(0);
                Crypto::sign_rsa(key, input.octets, octets).ok_or_else(|| "RSA signing failed".into())
            }
            Secret::Ed25519(key, _) => Ok(Crypto::sign_ed25519(key, &input.sha256)),
        }
    }
}

impl<K: SigningKey + ?Sized> SigningKey for std::sync::Arc<K> {
    fn algorithm(&self) -> Algorithm {
        (**self).algorithm()
    }

    fn sign(&self, input: &SignInput<'_>) -> Result<Vec<u8>, String> {
        (**self).sign(input)
    }
}

/// Without the secret.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl fmt::Display for PrivateKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPem => f.write_str("no PEM block of a private key (RFC 7468 10)"),
            Self::Encrypted => f.write_str("the private key is encrypted (RFC 7468 11): decrypt it first"),
            Self::Base64 => f.write_str("the PEM block is no base64 (RFC 7468 3)"),
            Self::Der => {
                f.write_str("neither an RSA nor an Ed25519 private key (RFC 5208, RFC 8410, RFC 8017 A.1.2)")
            }
            Self::Rsa { bits } => {
                write!(f, "an RSA key of {bits} bits does not sign: use 2048 to 4096 (RFC 8301 3.2)")
            }
            Self::Library => f.write_str("the cryptographic library refused"),
        }
    }
}

impl std::error::Error for PrivateKeyError {}

pub(super) fn pem(octets: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(base64::encode(octets));
    let mut out = Zeroizing::new(String::with_capacity(text.len() + text.len() / 64 + 80));
    out.push_str("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at_checked(64).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = behind;
    }
    out.push_str("-----END PRIVATE KEY-----\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_rfc_8463() {
        // RFC 8463 A.2: the seed, and the p= of its record.
        let seed = base64::decode(b"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").unwrap();
        let key = PrivateKey::ed25519(seed.as_slice().try_into().unwrap()).unwrap();
        assert_eq!(
            base64::encode(&key.public_key().to_octets()),
            "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        );
        let pem = key.to_pem().unwrap();
        assert_eq!(PrivateKey::from_pem(&pem).unwrap().public_key(), key.public_key());
        assert!(!format!("{key:?}").contains("nWGx"));
    }

    #[test]
    fn what_is_no_private_key() {
        let error = |pem: &str| PrivateKey::from_pem(pem).err();
        assert_eq!(error("hello"), Some(PrivateKeyError::NoPem));
        assert_eq!(
            error("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n"),
            Some(PrivateKeyError::Encrypted)
        );
        assert_eq!(
            error("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----"),
            Some(PrivateKeyError::Base64)
        );
        assert_eq!(
            error("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
            Some(PrivateKeyError::Der)
        );
    }
}
