//! Keys and certificates: the RSA key of the crate's own tests, certified by an authority of RSA-2048 made here, as most who
//! certify mail have.

use std::sync::LazyLock;

use mailwright_smime::cms::Keys;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Context, PrivateKey};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::stack::Stack;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder};

pub(super) const RSA_KEY: &[u8] = include_bytes!("../../../../crates/smime/tests/keys/rsa.key");

/// In DER.
pub(super) struct Certificates {
    pub(super) authority: Vec<u8>,
    pub(super) rsa: Vec<u8>,
}

pub(super) static CERTIFICATES: LazyLock<Certificates> =
    LazyLock::new(|| certificates().expect("OpenSSL makes certificates"));

fn certificates() -> Result<Certificates, ErrorStack> {
    let root = PKey::from_rsa(Rsa::generate(2048)?)?;
    let holder = PKey::private_key_from_der(RSA_KEY)?;
    let (authority_name, name) = (name("Authority")?, name("rsa")?);
    let authority = certificate((&authority_name, &root), (&authority_name, &root), None)?;
    let rsa = certificate((&name, &holder), (&authority_name, &root), Some("rsa@example.org"))?;
    Ok(Certificates { authority: authority.to_der()?, rsa: rsa.to_der()? })
}

fn name(common: &str) -> Result<X509Name, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", common)?;
    Ok(name.build())
}

/// For the holder, by the issuer; for an address, else one that issues.
fn certificate(
    (subject, key): (&X509Name, &PKey<Private>),
    (issuer, by): (&X509Name, &PKey<Private>),
    address: Option<&str>,
) -> Result<X509, ErrorStack> {
    let mut certificate = X509Builder::new()?;
    certificate.set_version(2)?;
    let serial = BigNum::from_u32(7)?.to_asn1_integer()?;
    certificate.set_serial_number(&serial)?;
    certificate.set_subject_name(subject)?;
    certificate.set_issuer_name(issuer)?;
    certificate.set_pubkey(key)?;
    let (begin, end) = (Asn1Time::from_str("20250101000000Z")?, Asn1Time::from_str("21250101000000Z")?);
    certificate.set_not_before(&begin)?;
    certificate.set_not_after(&end)?;
    match address {
        Some(address) => {
            certificate.append_extension(
                KeyUsage::new().critical().digital_signature().key_encipherment().build()?,
            )?;
            certificate.append_extension(ExtendedKeyUsage::new().email_protection().build()?)?;
            let names = SubjectAlternativeName::new()
                .email(address)
                .build(&certificate.x509v3_context(None, None))?;
            certificate.append_extension(names)?;
        }
        None => {
            certificate.append_extension(BasicConstraints::new().critical().ca().build()?)?;
            certificate.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
        }
    }
    certificate.sign(by, MessageDigest::sha256())?;
    Ok(certificate.build())
}

/// Within what the certificates are valid for.
const NOW: &str = "2027-01-01T00:00:00Z";

pub(super) fn said(error: impl ToString) -> String {
    error.to_string()
}

/// Ours: trust, and where `keys` are given those to open with.
pub(super) fn context(keys: Option<&Keys>) -> Result<Context<'_>, String> {
    let authority = Certificate::from_der(&CERTIFICATES.authority).map_err(said)?;
    let context = Context::new().trust([authority]).at(NOW.parse().map_err(said)?);
    Ok(match keys {
        Some(keys) => context.keys(keys),
        None => context,
    })
}

pub(super) fn ours() -> Result<PrivateKey, String> {
    PrivateKey::from_der(RSA_KEY).map_err(said)
}

pub(super) fn keys() -> Result<Keys, String> {
    let mut keys = Keys::new();
    keys.add(ours()?, &CERTIFICATES.rsa).map_err(said)?;
    Ok(keys)
}

/// OpenSSL's.
pub(super) struct Theirs {
    pub(super) store: X509Store,
    pub(super) certificate: X509,
    pub(super) key: PKey<Private>,
}

impl Theirs {
    pub(super) fn new() -> Result<Self, String> {
        let mut store = X509StoreBuilder::new().map_err(said)?;
        store.add_cert(X509::from_der(&CERTIFICATES.authority).map_err(said)?).map_err(said)?;
        Ok(Self {
            store: store.build(),
            certificate: X509::from_der(&CERTIFICATES.rsa).map_err(said)?,
            key: PKey::private_key_from_der(RSA_KEY).map_err(said)?,
        })
    }

    pub(super) fn recipients(&self) -> Result<Stack<X509>, String> {
        let mut recipients = Stack::new().map_err(said)?;
        recipients.push(self.certificate.clone()).map_err(said)?;
        Ok(recipients)
    }
}

/// `OpenSSL 3.0.19`, as it says of itself.
pub(super) fn version() -> String {
    openssl::version::version().split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// With what private keys of ours work in this build.
pub(super) const fn backend() -> &'static str {
    if cfg!(feature = "aws-lc-rs") { "aws-lc-rs" } else { "RustCrypto" }
}

/// Lines of text.
pub(super) fn text(octets: usize) -> Vec<u8> {
    let line = b"The quick brown fox jumps over the lazy dog, and then once more, as foxes do.\r\n";
    line.iter().copied().cycle().take(octets).collect()
}
