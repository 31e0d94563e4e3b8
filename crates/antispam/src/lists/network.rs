//! Networks by prefix: one look-up for each length of prefix that occurs.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// Networks of both families.
#[derive(Clone, Debug, Default)]
pub(super) struct Networks {
    v4: Prefixes,
    v6: Prefixes,
}

/// By length, by masked address.
type Prefixes = BTreeMap<u8, HashMap<u128, Vec<usize>>>;

impl Networks {
    /// Adds the network of the first `bits` of `ip`.
    pub(super) fn add(&mut self, row: usize, ip: IpAddr, bits: u8) {
        let (table, value, width) = self.table_mut(ip);
        table.entry(bits).or_default().entry(masked(value, bits, width)).or_default().push(row);
    }

    /// Calls `found` with each row whose network has the address, and its length.
    pub(super) fn of(&self, ip: IpAddr, mut found: impl FnMut(usize, u8)) {
        let (table, value, width) = match ip {
            IpAddr::V4(ip) => (&self.v4, u128::from(ip.to_bits()), 32),
            IpAddr::V6(ip) => (&self.v6, ip.to_bits(), 128),
        };
        for (&bits, networks) in table {
            for row in networks.get(&masked(value, bits, width)).into_iter().flatten() {
                found(*row, bits);
            }
        }
    }

    fn table_mut(&mut self, ip: IpAddr) -> (&mut Prefixes, u128, u8) {
        match ip {
            IpAddr::V4(ip) => (&mut self.v4, u128::from(ip.to_bits()), 32),
            IpAddr::V6(ip) => (&mut self.v6, ip.to_bits(), 128),
        }
    }
}

/// The first `bits` of a value that is `width` bits wide.
pub(super) fn masked(value: u128, bits: u8, width: u8) -> u128 {
    let host = u32::from(width.saturating_sub(bits));
    value.checked_shr(host).and_then(|value| value.checked_shl(host)).unwrap_or(0)
}

/// A network `192.0.2.0/24`, or an address alone; an IPv4-mapped one is one of IPv4.
///
/// # Errors
/// A sentence where it looks like a network and is none. `Ok(None)` where it looks like something else.
pub(super) fn parse(text: &str) -> Result<Option<(IpAddr, u8)>, String> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let Ok(ip) = address.parse::<IpAddr>() else {
        return match length {
            Some(_) => Err(format!("{text:?} is no network")),
            None => Ok(None),
        };
    };
    let width = if ip.is_ipv4() { 32 } else { 128 };
    let bits = match length {
        None => width,
        Some(length) => {
            let bits = length.parse::<u8>().ok().filter(|bits| *bits <= width);
            bits.ok_or_else(|| format!("{text:?}: the length of a prefix is a number up to {width}"))?
        }
    };
    let canonical = ip.to_canonical();
    let bits = if canonical == ip { bits } else { bits.saturating_sub(96) };
    let (value, width) = match canonical {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()), 32),
        IpAddr::V6(ip) => (ip.to_bits(), 128),
    };
    if masked(value, bits, width) != value {
        return Err(format!("{text:?} has bits behind its prefix"));
    }
    Ok(Some((canonical, bits)))
}
