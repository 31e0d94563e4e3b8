//! Marks that only the owner of a key can write. Compared in constant time.

use std::fmt;
use std::time::{Duration, SystemTime};

use ring::hmac;

use super::srs::BASE32;
use super::{Batv, Srs, Verp, split};

/// A secret for marks. Never shown.
pub struct Key {
    sha1: hmac::Key,
    sha256: hmac::Key,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Why a marked address does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagError {
    /// Not of the form.
    Form,
    /// Written with another key, or changed.
    Forged,
    /// Too old.
    Expired,
}

impl fmt::Display for TagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "the address carries no such mark",
            Self::Forged => "the mark was not made with this key",
            Self::Expired => "the mark has expired",
        })
    }
}

impl std::error::Error for TagError {}

/// Days for which marks hold: longer than servers keep mail (RFC 5321 4.5.4.1: four to five days), with room for reports of
/// people's own servers.
pub const TAG_DAYS: u64 = 21;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Key {
    /// A key of these octets, which should be 32 random ones.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self {
            // SRS and BATV ask for SHA-1; as a mac it holds.
            sha1: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret),
            sha256: hmac::Key::new(hmac::HMAC_SHA256, secret),
        }
    }

    /// A VERP sender with a mark behind the recipient: `bounce+jo=example.net=1a2b3c4d5e6f7a8b@lists.example`.
    #[must_use]
    pub fn verp(&self, verp: &Verp<'_>, recipient: &str, domain: &str, now: SystemTime) -> Option<String> {
        let sender = verp.encode(recipient, domain)?;
        let (local, domain) = split(&sender)?;
        let day = days(now) % 1000;
        Some(format!("{local}={day:03}{}@{domain}", self.verp_mark(recipient, day)))
    }

    /// The recipient of a VERP sender that this key marked.
    ///
    /// # Errors
    /// Another form, another key, or too old.
    pub fn verify_verp(&self, verp: &Verp<'_>, sender: &str, now: SystemTime) -> Result<String, TagError> {
        let (local, domain) = split(sender).ok_or(TagError::Form)?;
        let (local, mark) = local.rsplit_once('=').ok_or(TagError::Form)?;
        let recipient = verp.decode(&format!("{local}@{domain}")).ok_or(TagError::Form)?;
        let (day, mark) = mark.split_at_checked(3).ok_or(TagError::Form)?;
        let day: u64 = day.parse().map_err(|_| TagError::Form)?;
        if !same(mark, &self.verp_mark(&recipient, day)) {
            return Err(TagError::Forged);
        }
        let age = days(now).wrapping_sub(day).wrapping_add(1000) % 1000;
        if age > TAG_DAYS { Err(TagError::Expired) } else { Ok(recipient) }
    }

    fn verp_mark(&self, recipient: &str, day: u64) -> String {
        let mac = hmac::sign(&self.sha256, format!("verp:{day}:{}", recipient.to_lowercase()).as_bytes());
        hex(mac.as_ref().get(..8).unwrap_or_default())
    }

    /// `sender` rewritten for a forwarder: SRS0, or SRS1 where it is a rewritten one already.
    #[must_use]
    pub fn srs(&self, sender: &str, forwarder: &str, now: SystemTime) -> Option<String> {
        let (local, domain) = split(sender)?;
        if let Some(srs) = Srs::decode(sender) {
            // The first forwarder stays, so that addresses do not grow with every hop.
            let head = local.get(4..)?;
            let (first, opaque) = match srs.first {
                Some(first) => {
                    let (_, rest) = head.get(1..)?.split_once('=')?;
                    (first, rest.split_once('=')?.1)
                }
                None => (domain, head),
            };
            let hash = self.srs_hash(&format!("{first}{opaque}").to_lowercase());
            return Some(format!("SRS1={hash}={first}={opaque}@{forwarder}"));
        }
        let stamp = stamp(now);
        let hash = self.srs_hash(&format!("{stamp}{domain}{local}").to_lowercase());
        Some(format!("SRS0={hash}={stamp}={domain}={local}@{forwarder}"))
    }

    /// The original sender of an address that this key rewrote. Of an SRS1 address the first forwarder alone can check the
    /// rest.
    ///
    /// # Errors
    /// Another form, another key, or too old.
    pub fn verify_srs(&self, address: &str, now: SystemTime) -> Result<String, TagError> {
        let srs = Srs::decode(address).ok_or(TagError::Form)?;
        // Servers on the way change case.
        if !same(&srs.hash.to_lowercase(), &self.srs_hash(&srs.signed()).to_lowercase()) {
            return Err(TagError::Forged);
        }
        if !srs.is_second() {
            let day = number(srs.stamp).ok_or(TagError::Form)?;
            let age = (days(now) % 1024).wrapping_add(1024).wrapping_sub(day) % 1024;
            if age > TAG_DAYS {
                return Err(TagError::Expired);
            }
        }
        Ok(srs.original())
    }

    fn srs_hash(&self, text: &str) -> String {
        let mac = hmac::sign(&self.sha1, text.as_bytes());
        let octets = mac.as_ref().get(..3).unwrap_or_default();
        let bits = octets.iter().fold(0u32, |bits, octet| bits << 8 | u32::from(*octet));
        // Base 64 without the characters that local parts fold or split at.
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
        [18, 12, 6, 0]
            .iter()
            .filter_map(|shift| DIGITS.get((bits >> shift & 63) as usize))
            .map(|digit| char::from(*digit))
            .collect()
    }

    /// `address` with a BATV mark of key number `number` (0 to 9), which holds for a week as the draft has it.
    #[must_use]
    pub fn batv(&self, address: &str, number: u8, now: SystemTime) -> Option<String> {
        let (local, domain) = split(address).filter(|_| number < 10)?;
        let day = days(now).wrapping_add(BATV_DAYS) % 1000;
        let tag = format!("{number}{day:03}");
        Some(format!("prvs={tag}{}={local}@{domain}", self.batv_mark(&tag, address)))
    }

    /// The address of a sender that this key marked.
    ///
    /// # Errors
    /// Another form, another key, or too old.
    pub fn verify_batv(&self, address: &str, now: SystemTime) -> Result<String, TagError> {
        let batv = Batv::decode(address).ok_or(TagError::Form)?;
        let tag = format!("{}{:03}", batv.key, batv.day);
        if !same(&batv.mark.to_lowercase(), &self.batv_mark(&tag, &batv.address())) {
            return Err(TagError::Forged);
        }
        let left = u64::from(batv.day).wrapping_add(1000).wrapping_sub(days(now) % 1000) % 1000;
        if left > BATV_DAYS { Err(TagError::Expired) } else { Ok(batv.address()) }
    }

    fn batv_mark(&self, tag: &str, address: &str) -> String {
        let mac = hmac::sign(&self.sha1, format!("{tag}{address}").as_bytes());
        hex(mac.as_ref().get(..3).unwrap_or_default())
    }
}

/// draft-levine-smtp-batv 5.1: seven days.
const BATV_DAYS: u64 = 7;

fn days(now: SystemTime) -> u64 {
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / DAY.as_secs()
}

/// Two characters of base 32: days modulo 1024.
fn stamp(now: SystemTime) -> String {
    let day = days(now) % 1024;
    let digit = |value: u64| {
        usize::try_from(value % 32).ok().and_then(|value| BASE32.get(value)).copied().unwrap_or(b'A')
    };
    [digit(day / 32), digit(day)].iter().map(|octet| char::from(*octet)).collect()
}

fn number(stamp: &str) -> Option<u64> {
    if stamp.len() != 2 {
        return None;
    }
    stamp.bytes().try_fold(0u64, |value, octet| {
        let digit = BASE32.iter().position(|digit| *digit == octet.to_ascii_uppercase())?;
        Some(value * 32 + u64::try_from(digit).ok()?)
    })
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Whether two marks are equal, in a time that does not tell where they differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_forgeries_and_age() {
        let key = Key::new(b"a secret of at least thirty-two octets");
        let other = Key::new(b"another");
        let now = SystemTime::UNIX_EPOCH + DAY * 20_000;
        let verp = Verp::new("bounce", '+');
        let sender = key.verp(&verp, "jo+x=y@example.net", "lists.example", now).unwrap();
        assert_eq!(key.verify_verp(&verp, &sender, now + DAY * 3), Ok("jo+x=y@example.net".into()));
        assert_eq!(other.verify_verp(&verp, &sender, now), Err(TagError::Forged));
        assert_eq!(key.verify_verp(&verp, &sender, now + DAY * 40), Err(TagError::Expired));
        let srs = key.srs("jo@example.net", "forward.example", now).unwrap();
        assert_eq!(key.verify_srs(&srs.to_lowercase(), now + DAY * 2), Ok("jo@example.net".into()));
        assert_eq!(other.verify_srs(&srs, now), Err(TagError::Forged));
        assert_eq!(key.verify_srs(&srs, now + DAY * 40), Err(TagError::Expired));
        let twice = other.srs(&srs, "second.example", now).unwrap();
        assert!(twice.starts_with("SRS1="), "{twice}");
        assert_eq!(other.verify_srs(&twice, now), Ok("jo@example.net".into()));
        assert_eq!(
            other.srs(&twice, "third.example", now).map(|third| third.len() <= twice.len()),
            Some(true)
        );
        let batv = key.batv("jo@example.org", 3, now).unwrap();
        assert_eq!(key.verify_batv(&batv, now + DAY * 7), Ok("jo@example.org".into()));
        assert_eq!(key.verify_batv(&batv, now + DAY * 8), Err(TagError::Expired));
        assert_eq!(other.verify_batv(&batv, now), Err(TagError::Forged));
        assert_eq!(key.verify_batv("jo@example.org", now), Err(TagError::Form));
        assert_eq!(format!("{key:?}"), "Key(..)");
    }
}
