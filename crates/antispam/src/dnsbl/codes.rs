//! The codes by which a list says "listed", as text.

use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use mailwright_dns::dnsbl;

/// Codes as they stand in a file: `127.0.0.2`, `127.0.0.2-127.0.0.11`, `127.0.*.3` or `mask 14` (127.0.0.x with a bit of the
/// mask set).
///
/// ```
/// use mailwright_antispam::dnsbl::Codes;
///
/// let codes = Codes::parse("mask 14")?;
/// assert!(codes.contains([127, 0, 0, 6].into()) && !codes.contains([127, 0, 0, 1].into()));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    ranges: Vec<(Ipv4Addr, Ipv4Addr)>,
}

impl Codes {
    /// Reads codes.
    ///
    /// # Errors
    /// A sentence where the text has none of the forms, or a range runs backwards.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(mask) = text.strip_prefix("mask ") {
            let mask = mask.trim().parse().map_err(|_| format!("{text:?}: a mask is a number up to 255"))?;
            return Ok(Self::mask(mask));
        }
        if let Some((front, last)) = text.split_once(".*.") {
            let every = (0..=u8::MAX).map(|middle| address(&format!("{front}.{middle}.{last}")));
            let every: Vec<Ipv4Addr> = every.collect::<Result<_, _>>()?;
            return Ok(Self { ranges: every.into_iter().map(|code| (code, code)).collect() });
        }
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Self::range(address(first)?, address(last)?)
    }

    /// All codes from `first` to `last`, both included.
    ///
    /// # Errors
    /// A sentence where `last` is below `first`.
    pub fn range(first: Ipv4Addr, last: Ipv4Addr) -> Result<Self, String> {
        if last < first {
            return Err(format!("the range {first}-{last} runs backwards"));
        }
        Ok(Self { ranges: vec![(first, last)] })
    }

    /// 127.0.0.x where x and `mask` have a bit in common.
    #[must_use]
    pub fn mask(mask: u8) -> Self {
        let codes = (0..=u8::MAX).filter(|octet| octet & mask != 0);
        let codes = codes.map(|octet| Ipv4Addr::new(127, 0, 0, octet));
        Self { ranges: codes.map(|code| (code, code)).collect() }
    }

    /// The codes of both.
    #[must_use]
    pub fn and(mut self, mut other: Self) -> Self {
        self.ranges.append(&mut other.ranges);
        self
    }

    /// Whether the code is one of these. 127.0.0.1 and the error codes 127.255.255.x never are.
    #[must_use]
    pub fn contains(&self, code: Ipv4Addr) -> bool {
        self.to_codes().contains(code)
    }

    /// What these addresses say together, as [`mailwright_dns::dnsbl::Codes::classify`].
    #[must_use]
    pub fn classify(&self, addresses: &[Ipv4Addr]) -> dnsbl::Listing {
        self.to_codes().classify(addresses)
    }

    /// In the form of the `dns` crate.
    #[must_use]
    pub fn to_codes(&self) -> dnsbl::Codes {
        dnsbl::Codes::ranges(self.ranges())
    }

    pub(super) fn ranges(&self) -> impl Iterator<Item = RangeInclusive<Ipv4Addr>> {
        self.ranges.iter().map(|&(first, last)| first..=last)
    }
}

fn address(text: &str) -> Result<Ipv4Addr, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is no IPv4 address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let codes = Codes::parse("127.0.*.3").unwrap();
        assert!(codes.contains([127, 0, 9, 3].into()) && !codes.contains([127, 0, 9, 2].into()));
        let codes = Codes::parse("127.0.0.2-127.0.0.4").unwrap();
        assert!(codes.contains([127, 0, 0, 4].into()) && !codes.contains([127, 0, 0, 5].into()));
        assert!(Codes::parse("127.0.0.2").unwrap().contains([127, 0, 0, 2].into()));
        for wrong in ["", "127.0.0", "127.0.0.9-127.0.0.2", "mask 256", "mask", "127.*.*.1"] {
            assert!(Codes::parse(wrong).is_err(), "{wrong}");
        }
    }

    /// What no list may say counts for nothing even where a file claims it.
    #[test]
    fn never_listed() {
        let all = Codes::parse("0.0.0.0-255.255.255.255").unwrap();
        for code in [[127, 0, 0, 1], [127, 255, 255, 254], [192, 0, 2, 1]] {
            assert!(!all.contains(code.into()), "{code:?}");
        }
    }
}
