//! The record to publish, whether it is there, and the days of changing a key (RFC 6376 3.6.2, RFC 8301).

use core::fmt;

use mailwright_dns::{Dns, MAX_STRING, Missing, Name, Temporary, Txt};
use mailwright_message_model::domain::Domain;

use super::{KeyError, KeyErrorKind, KeyRecord, PublicKey};
use crate::base64;

/// A key record for DNS.
///
/// ```
/// use mailwright_dkim::key::{DnsRecord, PublicKey};
/// let record = DnsRecord::new(&"may".parse()?, &"example.org".parse()?, PublicKey::Ed25519([0; 32]))?;
/// assert_eq!(record.name().to_string(), "may._domainkey.example.org");
/// assert_eq!(record.text(), "v=DKIM1; k=ed25519; h=sha256; s=email; p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsRecord {
    name: Name,
    key: PublicKey,
    testing: bool,
    exact_domain: bool,
}

/// What stands in DNS where a record should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordCheck {
    /// A record with this key, which can be used for e-mail with SHA-256.
    Published,
    /// A record with this key that forbids what it is needed for (`h=`, `s=`).
    Restricted,
    /// A record with another key.
    OtherKey,
    /// The key was revoked.
    Revoked,
    /// A record that is no key.
    Broken(KeyErrorKind),
    /// More than one record: which of them a verifier takes is undefined (RFC 6376 3.6.2.2).
    Several(usize),
    /// No record.
    Missing,
    /// It could not be found out.
    Temporary(Temporary),
    /// Not asked yet.
    Pending,
}

impl DnsRecord {
    /// A record of this key for e-mail, with SHA-256 only.
    ///
    /// # Errors
    /// The names are too long for DNS together.
    pub fn new(selector: &Domain, domain: &Domain, key: PublicKey) -> Result<Self, mailwright_dns::Error> {
        let name = Name::new(format!("{selector}._domainkey.{domain}"))?;
        Ok(Self { name, key, testing: false, exact_domain: false })
    }

    /// With the flag `y`: the domain tests DKIM.
    #[must_use]
    pub const fn testing(mut self, testing: bool) -> Self {
        self.testing = testing;
        self
    }

    /// With the flag `s`: the domain of `i=` must be that of `d=`.
    #[must_use]
    pub const fn exact_domain(mut self, exact: bool) -> Self {
        self.exact_domain = exact;
        self
    }

    /// The name where it stands.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// The text of the record.
    #[must_use]
    pub fn text(&self) -> String {
        let flags = match (self.testing, self.exact_domain) {
            (false, false) => "",
            (true, false) => " t=y;",
            (false, true) => " t=s;",
            (true, true) => " t=y:s;",
        };
        // RFC 6376 3.6.1; RFC 8301 3.1 leaves SHA-256 alone.
        let p = base64::encode(&self.key.to_octets());
        format!("v=DKIM1; k={}; h=sha256; s=email;{flags} p={p}", self.key.key_type())
    }

    /// The text of the record that revokes the key: an empty `p=` (RFC 6376 3.6.1).
    #[must_use]
    pub fn revoked_text(&self) -> String {
        format!("v=DKIM1; k={}; p=", self.key.key_type())
    }

    /// The text in character-strings of at most 255 octets (RFC 1035 3.3.14): what a control panel wants one by one.
    #[must_use]
    pub fn strings(&self) -> Vec<String> {
        strings(&self.text())
    }

    /// A line for a master file (RFC 1035 5.1), with the name written out.
    ///
    /// ```
    /// # use mailwright_dkim::key::{DnsRecord, PublicKey};
    /// # let key = PublicKey::Rsa { n: vec![0xff; 256], e: vec![1, 0, 1] };
    /// let record = DnsRecord::new(&"may".parse()?, &"example.org".parse()?, key)?;
    /// let line = record.zone_line(3600);
    /// assert!(line.starts_with("may._domainkey.example.org. 3600 IN TXT ( \"v=DKIM1; "));
    /// assert!(line.split('"').all(|string| string.len() <= 255));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn zone_line(&self, ttl: u32) -> String {
        // No octet of the text needs an escape: letters, digits, and "=:;+/ ".
        let quoted: Vec<String> = self.strings().iter().map(|string| format!("\"{string}\"")).collect();
        format!("{}. {ttl} IN TXT ( {} )", self.name, quoted.join(" "))
    }

    /// Looks whether the record is published.
    pub fn check(&self, dns: &(impl Dns + ?Sized)) -> RecordCheck {
        let records = match dns.txt(&self.name) {
            Ok(records) => records,
            Err(Missing::Pending) => return RecordCheck::Pending,
            Err(Missing::Temporary(why)) => return RecordCheck::Temporary(why),
            Err(_) => return RecordCheck::Missing,
        };
        if records.len() > 1 {
            return RecordCheck::Several(records.len());
        }
        match records.first().map(Txt::as_bytes).map(KeyRecord::parse) {
            None => RecordCheck::Missing,
            Some(Err(error)) if error.kind() == KeyErrorKind::Revoked => RecordCheck::Revoked,
            Some(Err(error)) => RecordCheck::Broken(KeyError::kind(&error)),
            Some(Ok(found)) if found.public != self.key => RecordCheck::OtherKey,
            Some(Ok(found)) if !found.for_email || !found.allows(crate::algorithm::HashAlgorithm::Sha256) => {
                RecordCheck::Restricted
            }
            Some(Ok(_)) => RecordCheck::Published,
        }
    }
}

impl fmt::Display for RecordCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published => f.write_str("the key is published"),
            Self::Restricted => {
                f.write_str("the record forbids SHA-256 or e-mail (RFC 6376 3.6.1, h= and s=)")
            }
            Self::OtherKey => f.write_str("the record has another key"),
            Self::Revoked => f.write_str("the key is revoked (RFC 6376 3.6.1)"),
            Self::Broken(kind) => kind.fmt(f),
            Self::Several(count) => write!(f, "{count} records where one must be (RFC 6376 3.6.2.2)"),
            Self::Missing => f.write_str("there is no record"),
            Self::Temporary(why) => write!(f, "it could not be found out: {why}"),
            Self::Pending => f.write_str("not asked yet"),
        }
    }
}

fn strings(text: &str) -> Vec<String> {
    // The text is ASCII, so that characters are octets.
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(MAX_STRING).map(|chunk| chunk.iter().collect()).collect()
}

/// The steps of changing a key without a message failing: two selectors, the old key staying until no signature of it is under
/// way. Times are in seconds since 1970.
///
/// ```
/// use mailwright_dkim::key::Rotation;
/// let plan = Rotation::new(1_700_000_000, 3600);
/// assert!(plan.sign_with_new - plan.publish_new >= 2 * 3600);
/// assert_eq!(plan.revoke_old - plan.sign_with_new, Rotation::OVERLAP);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rotation {
    /// Publish the record of the new selector.
    pub publish_new: u64,
    /// Sign with the new key, when [`DnsRecord::check`] says that it is published.
    pub sign_with_new: u64,
    /// Replace the old record by [`DnsRecord::revoked_text`].
    pub revoke_old: u64,
    /// Remove the old record, and destroy the old key.
    pub remove_old: u64,
}

impl Rotation {
    /// How long signatures of the old key may still arrive: queues give up after four to five days (RFC 5321 4.5.4.1), and a
    /// mailbox may be read a few days later.
    pub const OVERLAP: u64 = 14 * 86_400;

    /// A plan that begins at `start`; `ttl` is that of the zone's records, negative answers included, in seconds.
    #[must_use]
    pub const fn new(start: u64, ttl: u32) -> Self {
        // Twice the TTL: a secondary server may hand the old zone to a cache at the end of the first.
        let sign_with_new = start.saturating_add(2 * ttl as u64);
        let revoke_old = sign_with_new.saturating_add(Self::OVERLAP);
        Self {
            publish_new: start,
            sign_with_new,
            revoke_old,
            remove_old: revoke_old.saturating_add(Self::OVERLAP),
        }
    }
}

#[cfg(test)]
mod tests {
    use mailwright_dns::{Kind, TemporaryKind, Zone};

    use super::*;

    fn record(key: PublicKey) -> DnsRecord {
        DnsRecord::new(&"s".parse().unwrap(), &"example.org".parse().unwrap(), key).unwrap()
    }

    #[test]
    fn a_long_record_in_strings() {
        let key = PublicKey::Rsa { n: vec![0xff; 512], e: vec![1, 0, 1] };
        let record = record(key.clone()).testing(true).exact_domain(true);
        assert_eq!(record.strings().concat(), record.text());
        assert!(record.strings().len() > 2 && record.strings().iter().all(|string| string.len() <= 255));
        let read = KeyRecord::parse(record.text().as_bytes()).unwrap();
        assert!(read.public == key && read.testing && read.exact_domain && read.for_email);
    }

    #[test]
    fn what_is_published() {
        let record = record(PublicKey::Ed25519([1; 32]));
        let name = record.name().to_string();
        let check = |texts: &[&str]| {
            let mut zone = Zone::new();
            for text in texts {
                zone.add_txt(&name, text).unwrap();
            }
            record.check(&zone)
        };
        assert_eq!(check(&[&record.text()]), RecordCheck::Published);
        assert_eq!(check(&[]), RecordCheck::Missing);
        assert_eq!(check(&[&record.revoked_text()]), RecordCheck::Revoked);
        assert_eq!(check(&[&record.text(), &record.text()]), RecordCheck::Several(2));
        assert_eq!(check(&[&record.text().replace("sha256", "sha1")]), RecordCheck::Restricted);
        assert_eq!(check(&[&record.text().replace("p=AQ", "p=Ag")]), RecordCheck::OtherKey);
        assert_eq!(check(&["v=DKIM1"]), RecordCheck::Broken(KeyErrorKind::NoKey));
        let mut zone = Zone::new();
        zone.add_fault(&name, Kind::Txt, TemporaryKind::Timeout).unwrap();
        assert!(matches!(record.check(&zone), RecordCheck::Temporary(_)));
    }
}
