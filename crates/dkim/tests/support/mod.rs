//! Keys and signed messages for the tests.
#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used, reason = "a test that fails here fails")]

pub(crate) mod changed;
#[cfg(feature = "arc")]
pub(crate) mod hops;

use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dns::Zone;

/// The time at which everything happens.
pub(crate) const NOW: u64 = 1_700_000_000;

/// An Ed25519 key of which only the first octet of the seed counts.
pub(crate) fn key(seed: u8) -> PrivateKey {
    PrivateKey::ed25519(&[seed; 32]).unwrap()
}

/// A zone with the keys of some domains, under the selector `s`.
pub(crate) fn zone(domains: &[(&str, u8)]) -> Zone {
    let mut zone = Zone::new();
    for (domain, seed) in domains {
        let public = key(*seed).public_key().clone();
        let record = DnsRecord::new(&"s".parse().unwrap(), &domain.parse().unwrap(), public).unwrap();
        zone.add_txt(record.name().to_string(), record.text()).unwrap();
    }
    zone
}
