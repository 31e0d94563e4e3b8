//! Which certificate to encrypt to, of those that are known for an address.

use std::cmp::Reverse;
use std::fmt;

use super::cipher::{CipherChoice, choose_cipher};
use super::record::{Known, Record, Standing};
use super::{CertificateStore, StoreError};
use crate::error::Error;
use crate::path::{PathError, Purpose, Rule, Validator, same_address};
use crate::policy::Policy;
use crate::x509::key::{Curve, PublicKey};
use crate::x509::{Certificate, KeyUsage, Time};

/// The certificate to encrypt to, and why no other.
#[derive(Clone, Debug)]
pub struct Choice<'r> {
    /// The certificate; `None` where none will do.
    pub taken: Option<&'r Known>,
    /// The others, each with the reason.
    pub refused: Vec<(&'r Known, NotTaken)>,
}

/// Why a certificate was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTaken {
    /// It cannot be read.
    Unreadable(Error),
    /// It waits for someone to confirm it.
    Unconfirmed,
    /// It breaks a rule by itself.
    Rule(Rule),
    /// Its key does not encrypt, or not in a way that is known.
    KeyDoesNotEncrypt,
    /// No path leads from it to a trust anchor.
    Path(PathError),
    /// The owner wants another one (RFC 8551 2.5.3).
    OtherPreferred,
    /// Another one begins later.
    Older,
    /// Another one as new has a stronger key.
    Weaker,
}

impl NotTaken {
    /// The document and section with the rule; `None` where no document rules.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Unreadable(_) => Some("RFC 5280 4.1"),
            Self::Rule(rule) => Some(rule.section()),
            Self::KeyDoesNotEncrypt => Some("RFC 8551 2.3"),
            Self::Path(error) => Some(error.section()),
            Self::OtherPreferred => Some("RFC 8551 2.5.3"),
            Self::Unconfirmed | Self::Older | Self::Weaker => None,
        }
    }
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::Unconfirmed => {
                f.write_str("another issuer than so far made it, and no one has confirmed it")
            }
            Self::Rule(rule) => rule.fmt(f),
            Self::KeyDoesNotEncrypt => f.write_str("its key does not encrypt"),
            Self::Path(error) => error.fmt(f),
            Self::OtherPreferred => f.write_str("its owner wants another one to be used"),
            Self::Older => f.write_str("another one is newer"),
            Self::Weaker => f.write_str("another one is stronger"),
        }
    }
}

impl Record {
    /// Chooses the certificate to encrypt to: of those that are valid `now`, are for this address and may be encrypted to, the
    /// one that the owner wants, or else the newest, or else the strongest. With a validator each also needs a valid path;
    /// its time, purpose and address are set here.
    #[must_use]
    pub fn choose<'r>(
        &'r self,
        address: &str,
        now: Time,
        policy: &Policy,
        validator: Option<&Validator<'r>>,
    ) -> Choice<'r> {
        let mut refused = Vec::new();
        let mut good = Vec::new();
        for known in self.certificates() {
            match self.rank(known, address, now, policy, validator) {
                Ok(rank) => good.push((rank, known)),
                Err(why) => refused.push((known, why)),
            }
        }
        good.sort_by_key(|(rank, _)| Reverse(*rank));
        let mut good = good.into_iter();
        let best = good.next();
        if let Some((best, _)) = best {
            refused.extend(good.map(|(rank, known)| (known, best.over(&rank))));
        }
        Choice { taken: best.map(|(_, known)| known), refused }
    }

    fn rank<'r>(
        &self,
        known: &'r Known,
        address: &str,
        now: Time,
        policy: &Policy,
        validator: Option<&Validator<'r>>,
    ) -> Result<Rank, NotTaken> {
        if known.standing() == Standing::Unconfirmed {
            return Err(NotTaken::Unconfirmed);
        }
        let certificate = Certificate::from_der(known.der()).map_err(NotTaken::Unreadable)?;
        let strength = judge(&certificate, address, now, policy)?;
        if let Some(validator) = validator {
            let validator = validator.clone().at(now).purpose(Purpose::EmailEncrypt).address(address);
            validator.validate(&certificate).map_err(NotTaken::Path)?;
        }
        let preferred = self.preferred() == Some(known.fingerprint());
        Ok(Rank { preferred, from: certificate.not_before(), strength, fingerprint: known.fingerprint() })
    }
}

/// What decides between certificates that will do, the first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    preferred: bool,
    from: Time,
    strength: usize,
    /// So that the answer does not depend on the order of messages.
    fingerprint: [u8; 32],
}

impl Rank {
    fn over(&self, other: &Self) -> NotTaken {
        match (self.preferred != other.preferred, self.from != other.from) {
            (true, _) => NotTaken::OtherPreferred,
            (_, true) => NotTaken::Older,
            _ => NotTaken::Weaker,
        }
    }
}

/// What the certificate says by itself; the bits of security of its key.
fn judge(
    certificate: &Certificate<'_>,
    address: &str,
    now: Time,
    policy: &Policy,
) -> Result<usize, NotTaken> {
    if now < certificate.not_before() {
        return Err(NotTaken::Rule(Rule::NotYetValid(certificate.not_before())));
    }
    if now > certificate.not_after() {
        return Err(NotTaken::Rule(Rule::Expired(certificate.not_after())));
    }
    // RFC 8550 3
    if !certificate.email_addresses().iter().any(|certified| same_address(certified, address)) {
        return Err(NotTaken::Rule(Rule::Address(address.escape_debug().to_string())));
    }
    let key = certificate.public_key().public_key().map_err(|_| NotTaken::KeyDoesNotEncrypt)?;
    // RFC 8550 4.4.2: which of the two depends on the key.
    let (strength, usage) = match key {
        PublicKey::Rsa(key) if key.pss.is_some() => return Err(NotTaken::KeyDoesNotEncrypt),
        PublicKey::Rsa(key) => {
            let least = policy.min_bits.max(Policy::LEAST_BITS);
            if key.bits() < least {
                return Err(NotTaken::Rule(Rule::WeakKey { bits: key.bits(), least }));
            }
            (rsa_strength(key.bits()), KeyUsage::KEY_ENCIPHERMENT)
        }
        PublicKey::Ec(curve, _) => {
            let strength = match curve {
                Curve::P256 => 128,
                Curve::P384 => 192,
                Curve::P521 => 256,
            };
            (strength, KeyUsage::KEY_AGREEMENT)
        }
        PublicKey::X25519(_) => (128, KeyUsage::KEY_AGREEMENT),
        _ => return Err(NotTaken::KeyDoesNotEncrypt),
    };
    let allowed = certificate.key_usage().map_err(NotTaken::Unreadable)?;
    if allowed.is_some_and(|allowed| !allowed.any_of(usage)) {
        return Err(NotTaken::Rule(Rule::KeyUsage));
    }
    // RFC 8550 4.4.4
    Purpose::EmailEncrypt.check(certificate).map_err(NotTaken::Rule)?;
    Ok(strength)
}

/// SP 800-57 part 1, table 2.
const fn rsa_strength(bits: usize) -> usize {
    match bits {
        0..2048 => 80,
        2048..3072 => 112,
        3072..7680 => 128,
        7680..15360 => 192,
        _ => 256,
    }
}

/// Those to encrypt to, and the cipher.
#[derive(Clone, Debug)]
pub struct Recipients {
    addressees: Vec<Addressee>,
    cipher: CipherChoice,
}

/// One to encrypt to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Addressee {
    /// The address.
    pub address: String,
    /// The certificate, as DER; `None` where none will do.
    pub certificate: Option<Vec<u8>>,
    /// Certificates that were not taken, as DER, each with the reason.
    pub refused: Vec<(Vec<u8>, NotTaken)>,
}

impl Recipients {
    /// All of them, in the order of the addresses.
    #[must_use]
    pub fn addressees(&self) -> &[Addressee] {
        &self.addressees
    }

    /// The addresses that cannot be encrypted to.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.addressees.iter().filter(|one| one.certificate.is_none()).map(|one| one.address.as_str())
    }

    /// The cipher that they can read.
    #[must_use]
    pub const fn cipher(&self) -> CipherChoice {
        self.cipher
    }
}

/// Looks up those to encrypt to; the policy is [`Policy::strict`], or that of the validator.
///
/// # Errors
///
/// When the store does not answer. An address that nothing is known of is no error.
pub fn recipients(
    store: &mut dyn CertificateStore,
    addresses: &[&str],
    now: Time,
    validator: Option<&Validator<'_>>,
) -> Result<Recipients, StoreError> {
    let policy = validator.map_or_else(Policy::strict, Validator::algorithms);
    let records = store.records(addresses)?;
    let mut addressees = Vec::new();
    for (address, record) in addresses.iter().zip(&records) {
        let validator = validator.cloned();
        let choice = record.choose(address, now, &policy, validator.as_ref());
        let refused = choice.refused.into_iter().map(|(known, why)| (known.der().to_vec(), why));
        addressees.push(Addressee {
            address: (*address).to_owned(),
            certificate: choice.taken.map(|known| known.der().to_vec()),
            refused: refused.collect(),
        });
    }
    let cipher = choose_cipher(records.iter().map(Record::capabilities));
    Ok(Recipients { addressees, cipher })
}
