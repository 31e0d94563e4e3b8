//! What is known of one address, and what a new sighting changes.

use crate::algorithm::Digest;
use crate::backend;
use crate::capabilities::Capabilities;
use crate::error::Error;
use crate::limits::{MAX_CERTIFICATES_PER_ADDRESS, MAX_STORED_CERTIFICATE, MAX_UNCONFIRMED_PER_ADDRESS};
use crate::x509::{Certificate, Time};

/// SHA-256 of a certificate.
pub type Fingerprint = [u8; 32];

/// What is known of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub(super) certificates: Vec<Known>,
    pub(super) capabilities: Option<(Capabilities, Option<Time>)>,
    pub(super) preferred: Option<(Fingerprint, Option<Time>)>,
}

/// A certificate that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub(super) der: Vec<u8>,
    pub(super) origin: Origin,
    pub(super) standing: Standing,
}

/// Where a certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user gave it.
    Given,
    /// It came with a message whose signature was good, and which was signed then, by the signer's word.
    Signed(Option<Time>),
}

/// Whether a certificate is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is: the user gave or confirmed it, it was the first, or it goes on from one that was taken.
    Trusted,
    /// Someone else than the issuer so far says that the address has this key. It is not taken before someone
    /// [confirms](Record::confirm) it.
    Unconfirmed,
}

/// What a message with a good signature says of its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting<'s> {
    /// The certificate that signed, as DER.
    pub certificate: &'s [u8],
    /// The certificate to encrypt to, where it is another, with a path that is valid.
    pub encryption: Option<&'s [u8]>,
    /// What the sender can read.
    pub capabilities: Option<&'s Capabilities>,
    /// When he says he signed.
    pub signed: Option<Time>,
}

/// What a sighting changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Learned {
    /// A certificate is new, and taken.
    Certificate(Fingerprint),
    /// A certificate is new, and [waits](Standing::Unconfirmed) for someone to confirm it. This is to be told to the user.
    Unconfirmed(Fingerprint),
    /// A certificate is new and was not kept: the address has as many as are kept, or it is too large.
    Full(Fingerprint),
    /// A certificate is gone to make room.
    Dropped(Fingerprint),
    /// This is the certificate to encrypt to now.
    Preferred(Fingerprint),
    /// The capabilities are others now.
    Capabilities,
}

/// SHA-256 of a certificate.
pub(super) fn fingerprint(der: &[u8]) -> Fingerprint {
    let mut octets = [0; 32];
    octets.iter_mut().zip(backend::digest(Digest::Sha256, der)).for_each(|(octet, made)| *octet = made);
    octets
}

impl Known {
    /// The certificate as DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its SHA-256.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.der)
    }

    /// Where it comes from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether it is taken.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    fn is_trusted_at(&self, now: Time) -> bool {
        self.standing == Standing::Trusted && !is_over(&self.der, now)
    }
}

fn is_over(der: &[u8], now: Time) -> bool {
    Certificate::from_der(der).is_ok_and(|certificate| certificate.not_after() < now)
}

impl Record {
    /// All certificates, the newest sighting last.
    #[must_use]
    pub fn certificates(&self) -> &[Known] {
        &self.certificates
    }

    /// What the correspondent can read, by the newest message that he signed.
    #[must_use]
    pub fn capabilities(&self) -> Option<&Capabilities> {
        self.capabilities.as_ref().map(|(capabilities, _)| capabilities)
    }

    /// When the capabilities were signed.
    #[must_use]
    pub fn capabilities_signed(&self) -> Option<Time> {
        self.capabilities.as_ref().and_then(|(_, signed)| *signed)
    }

    /// The certificate that he wants to be encrypted to (RFC 8551 2.5.3).
    #[must_use]
    pub fn preferred(&self) -> Option<Fingerprint> {
        self.preferred.map(|(fingerprint, _)| fingerprint)
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.capabilities.is_none() && self.preferred.is_none()
    }

    /// Adds a certificate that the user gives, or takes one that waits.
    ///
    /// # Errors
    ///
    /// A certificate that cannot be read; [`ErrorKind::Limit`](crate::ErrorKind::Limit).
    pub fn add(&mut self, der: &[u8], now: Time) -> Result<Fingerprint, Error> {
        Certificate::from_der(der)?;
        let fingerprint = fingerprint(der);
        if self.confirm(&fingerprint) {
            return Ok(fingerprint);
        }
        let added = self.push(der, Origin::Given, Standing::Trusted, now);
        match added.last() {
            Some(Learned::Full(_)) => {
                Err(Error::limit("MAX_CERTIFICATES_PER_ADDRESS", MAX_CERTIFICATES_PER_ADDRESS as u64))
            }
            _ => Ok(fingerprint),
        }
    }

    /// The user has seen that this certificate is the correspondent's; whether it is known at all.
    pub fn confirm(&mut self, fingerprint: &Fingerprint) -> bool {
        let found = self.certificates.iter_mut().find(|known| known.fingerprint() == *fingerprint);
        found.map(|known| known.standing = Standing::Trusted).is_some()
    }

    /// Forgets a certificate; whether it was known.
    pub fn remove(&mut self, fingerprint: &Fingerprint) -> bool {
        let before = self.certificates.len();
        self.certificates.retain(|known| known.fingerprint() != *fingerprint);
        if self.preferred() == Some(*fingerprint) {
            self.preferred = None;
        }
        before != self.certificates.len()
    }

    /// Takes in a sighting: only what a good signature says, by a signer with a valid path and this address.
    ///
    /// A certificate is taken if it is the first that is valid `now`, if it goes on from one that is (the same key, or the
    /// same issuer and key of it), or if such a one signed for it. Any other waits: whoever gets some authority to say that
    /// the address is his must not get the mail without anyone seeing it.
    pub fn learn(&mut self, sighting: &Sighting<'_>, now: Time) -> Vec<Learned> {
        let mut learned = self.see(sighting.certificate, sighting.signed, false, now);
        if self.standing(sighting.certificate) != Some(Standing::Trusted) {
            return learned;
        }
        if let Some(encryption) = sighting.encryption {
            learned.extend(self.see(encryption, sighting.signed, true, now));
        }
        // A time that has not come would hold its place for good.
        let signed = sighting.signed.filter(|signed| *signed <= now);
        // RFC 8551 2.5.3
        let wanted = sighting.encryption.map(fingerprint);
        let old = self.preferred.and_then(|(_, signed)| signed);
        if let Some(wanted) = wanted.filter(|_| self.preferred.is_none() || signed >= old)
            && sighting.encryption.is_some_and(|der| self.standing(der) == Some(Standing::Trusted))
        {
            if self.preferred() != Some(wanted) {
                learned.push(Learned::Preferred(wanted));
            }
            self.preferred = Some((wanted, signed));
        }
        // RFC 8551 2.5.2: the newest counts.
        let old = self.capabilities_signed();
        if let Some(capabilities) = sighting.capabilities
            && (self.capabilities.is_none() || signed.is_some() && signed >= old)
        {
            if self.capabilities() != Some(capabilities) {
                learned.push(Learned::Capabilities);
            }
            self.capabilities = Some((capabilities.clone(), signed));
        }
        learned
    }

    fn standing(&self, der: &[u8]) -> Option<Standing> {
        self.certificates.iter().find(|known| known.der == der).map(Known::standing)
    }

    /// A certificate that was seen; `vouched` for by one that is taken.
    fn see(&mut self, der: &[u8], signed: Option<Time>, vouched: bool, now: Time) -> Vec<Learned> {
        if let Some(at) = self.certificates.iter().position(|known| known.der == der) {
            let mut known = self.certificates.remove(at);
            if let Origin::Signed(before) = known.origin {
                known.origin = Origin::Signed(before.max(signed));
            }
            self.certificates.push(known);
            return Vec::new();
        }
        let mut trusted = self.certificates.iter().filter(|known| known.is_trusted_at(now)).peekable();
        let goes_on = trusted.peek().is_none() || vouched || trusted.any(|known| goes_on(&known.der, der));
        let standing = if goes_on { Standing::Trusted } else { Standing::Unconfirmed };
        self.push(der, Origin::Signed(signed), standing, now)
    }

    fn push(&mut self, der: &[u8], origin: Origin, standing: Standing, now: Time) -> Vec<Learned> {
        let fingerprint = fingerprint(der);
        let mut learned = Vec::new();
        let waiting = self.certificates.iter().filter(|known| known.standing == Standing::Unconfirmed);
        let full = match standing {
            Standing::Unconfirmed if waiting.count() >= MAX_UNCONFIRMED_PER_ADDRESS => true,
            _ => {
                if self.certificates.len() >= MAX_CERTIFICATES_PER_ADDRESS {
                    learned.extend(self.make_room(standing, now).map(Learned::Dropped));
                }
                self.certificates.len() >= MAX_CERTIFICATES_PER_ADDRESS
            }
        };
        if full || der.len() > MAX_STORED_CERTIFICATE {
            learned.push(Learned::Full(fingerprint));
            return learned;
        }
        self.certificates.push(Known { der: der.to_vec(), origin, standing });
        learned.push(match standing {
            Standing::Trusted => Learned::Certificate(fingerprint),
            Standing::Unconfirmed => Learned::Unconfirmed(fingerprint),
        });
        learned
    }

    /// Forgets the one seen longest ago of those that are over, or else, for one that is taken, of those that wait.
    fn make_room(&mut self, standing: Standing, now: Time) -> Option<Fingerprint> {
        let over = self.certificates.iter().position(|known| is_over(&known.der, now));
        let waits = || {
            let waits = |known: &Known| known.standing == Standing::Unconfirmed;
            self.certificates.iter().position(waits).filter(|_| standing == Standing::Trusted)
        };
        let dropped = self.certificates.get(over.or_else(waits)?)?.fingerprint();
        self.remove(&dropped);
        Some(dropped)
    }
}

/// Whether `new` goes on from `old`: the key is the same, or the issuer and its key are.
fn goes_on(old: &[u8], new: &[u8]) -> bool {
    let (Ok(old), Ok(new)) = (Certificate::from_der(old), Certificate::from_der(new)) else { return false };
    let same_key = old.public_key().as_der() == new.public_key().as_der();
    let key_of = |certificate: &Certificate<'_>| {
        certificate.authority_key_id().and_then(|id| Some(id.key_id?.to_vec()))
    };
    same_key || old.issuer().matches(&new.issuer()) && key_of(&old) == key_of(&new)
}
