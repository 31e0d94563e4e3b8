//! DNS block and allow lists: the names to ask and what the answers mean (RFC 5782).
//!
//! A list says "listed" by an address in 127.0.0.0/8 whose last octets say why. Everything else that can come back (no answer, an
//! error code of the list's operator, the address of somebody's advertising page) is [`Listing::Unknown`]: it must never count
//! as listed.

use core::fmt;
use core::ops::RangeInclusive;
use std::net::{IpAddr, Ipv4Addr};

use crate::{Dns, Error, Missing, Name, Temporary};

/// A list: the zone to ask and the codes that mean "listed".
///
/// ```
/// use mailwright_dns::dnsbl::{Codes, List, Listing, Unknown};
/// use mailwright_dns::{Name, Zone};
/// let list = List::new(Name::new("bl.example")?, Codes::exactly([[127, 0, 0, 2].into(), [127, 0, 0, 4].into()]));
/// let mut zone = Zone::new();
/// zone.add_a("1.2.0.192.bl.example", [127, 0, 0, 4].into())?;
/// zone.add_a("2.2.0.192.bl.example", [127, 255, 255, 254].into())?;
/// assert_eq!(list.address(&zone, [192, 0, 2, 1].into()), Listing::Listed(vec![[127, 0, 0, 4].into()]));
/// assert_eq!(list.address(&zone, [192, 0, 2, 2].into()), Listing::Unknown(Unknown::ErrorCode([127, 255, 255, 254].into())));
/// assert_eq!(list.address(&zone, [192, 0, 2, 3].into()), Listing::NotListed);
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    zone: Name,
    codes: Codes,
}

/// The addresses by which a list says "listed", as its documentation gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    ranges: Vec<RangeInclusive<Ipv4Addr>>,
}

/// What a list says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Listing {
    /// Listed, with the documented codes of the answer.
    Listed(Vec<Ipv4Addr>),
    /// Not listed.
    NotListed,
    /// The list gave no answer that means anything.
    Unknown(Unknown),
    /// Not asked yet.
    Pending,
}

/// Why a list's answer means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// 127.255.255.x: the operator refuses this resolver or this much traffic.
    ErrorCode(Ipv4Addr),
    /// An address outside 127.0.0.0/8: the list is gone, or a resolver rewrites NXDOMAIN (RFC 5782 2.1, 5).
    NotLoopback(Ipv4Addr),
    /// An address within 127.0.0.0/8 that the list does not document.
    Undocumented(Ipv4Addr),
    /// The look-up failed.
    Temporary(Temporary),
    /// The name to ask is longer than DNS allows.
    Name(Error),
}

/// What is looked up in a list, for its test points (RFC 5782 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entries {
    /// IPv4 addresses.
    Ipv4,
    /// IPv6 addresses.
    Ipv6,
    /// Domain names.
    Domains,
}

/// Whether a list works.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// What must be listed is listed, and what must not be is not.
    Working,
    /// The entry that every list must have is missing.
    NothingListed,
    /// The entry that no list may have is there: the list says yes to everything.
    EverythingListed,
    /// One of the two questions had no answer that means anything.
    Unknown(Unknown),
    /// Not asked yet.
    Pending,
}

impl List {
    /// A list at `zone`.
    #[must_use]
    pub const fn new(zone: Name, codes: Codes) -> Self {
        Self { zone, codes }
    }

    /// The zone of the list.
    #[must_use]
    pub const fn zone(&self) -> &Name {
        &self.zone
    }

    /// Asks about an address.
    pub fn address(&self, dns: &(impl Dns + ?Sized), ip: IpAddr) -> Listing {
        self.ask(dns, address_name(ip, &self.zone))
    }

    /// Asks about a domain name.
    pub fn domain(&self, dns: &(impl Dns + ?Sized), domain: &Name) -> Listing {
        self.ask(dns, domain_name(domain, &self.zone))
    }

    /// Asks for the test entries (RFC 5782 5): one that every list has, one that no list has.
    pub fn health(&self, dns: &(impl Dns + ?Sized), entries: Entries) -> Health {
        let point = |last: u8, text: &str| match entries {
            Entries::Ipv4 => address_name(Ipv4Addr::new(127, 0, 0, last).into(), &self.zone),
            // ::FFFF:7F00:2 and ::FFFF:7F00:1 are asked as IPv6 addresses.
            Entries::Ipv6 => written_name(Ipv4Addr::new(127, 0, 0, last).to_ipv6_mapped().into(), &self.zone),
            Entries::Domains => self.zone.prepend(text),
        };
        let listed = self.ask(dns, point(2, "TEST"));
        let unlisted = self.ask(dns, point(1, "INVALID"));
        match (listed, unlisted) {
            (Listing::Pending, _) | (_, Listing::Pending) => Health::Pending,
            (Listing::Unknown(why), _) | (_, Listing::Unknown(why)) => Health::Unknown(why),
            (_, Listing::Listed(_)) => Health::EverythingListed,
            (Listing::NotListed, Listing::NotListed) => Health::NothingListed,
            (Listing::Listed(_), Listing::NotListed) => Health::Working,
        }
    }

    fn ask(&self, dns: &(impl Dns + ?Sized), name: Result<Name, Error>) -> Listing {
        let name = match name {
            Ok(name) => name,
            Err(error) => return Listing::Unknown(Unknown::Name(error)),
        };
        match dns.a(&name) {
            Ok(addresses) => self.codes.classify(&addresses),
            Err(Missing::NxDomain | Missing::NoData) => Listing::NotListed,
            Err(Missing::Pending) => Listing::Pending,
            Err(Missing::Temporary(why)) => Listing::Unknown(Unknown::Temporary(why)),
        }
    }
}

impl Codes {
    /// These codes and no others.
    #[must_use]
    pub fn exactly(codes: impl IntoIterator<Item = Ipv4Addr>) -> Self {
        Self { ranges: codes.into_iter().map(|code| code..=code).collect() }
    }

    /// All codes of these ranges, ends included.
    #[must_use]
    pub fn ranges(ranges: impl IntoIterator<Item = RangeInclusive<Ipv4Addr>>) -> Self {
        Self { ranges: ranges.into_iter().collect() }
    }

    /// For a list that documents none: 127.0.0.2 to 127.0.0.255 (RFC 5782 2.1 and 2.3: 127.0.0.2 alone, or a value in the last octet).
    #[must_use]
    pub fn conventional() -> Self {
        Self::ranges([Ipv4Addr::new(127, 0, 0, 2)..=Ipv4Addr::new(127, 0, 0, 255)])
    }

    /// Whether the code is one of these. 127.0.0.1 and the error codes 127.255.255.x never are.
    #[must_use]
    pub fn contains(&self, code: Ipv4Addr) -> bool {
        code.is_loopback()
            && code != Ipv4Addr::LOCALHOST
            && !is_error_code(code)
            && self.ranges.iter().any(|range| range.contains(&code))
    }

    /// What these addresses say together. One that shows a broken or refusing list voids the whole answer.
    #[must_use]
    pub fn classify(&self, addresses: &[Ipv4Addr]) -> Listing {
        if let Some(&odd) = addresses.iter().find(|address| !address.is_loopback()) {
            return Listing::Unknown(Unknown::NotLoopback(odd));
        }
        if let Some(&error) = addresses.iter().find(|address| is_error_code(**address)) {
            return Listing::Unknown(Unknown::ErrorCode(error));
        }
        let codes: Vec<Ipv4Addr> = addresses.iter().copied().filter(|code| self.contains(*code)).collect();
        match addresses.first() {
            None => Listing::NotListed,
            Some(_) if !codes.is_empty() => Listing::Listed(codes),
            Some(&odd) => Listing::Unknown(Unknown::Undocumented(odd)),
        }
    }
}

/// The name to ask about an address: reversed octets (RFC 5782 2.1) or nibbles (2.4) before the zone. An IPv4-mapped address
/// is taken as IPv4.
///
/// # Errors
/// [`NameTooLong`](crate::ErrorKind::NameTooLong) where the zone leaves no room.
pub fn address_name(ip: IpAddr, zone: &Name) -> Result<Name, Error> {
    written_name(ip.to_canonical(), zone)
}

/// As [`address_name`], of the address as it is: an IPv4-mapped one gives 32 nibbles, as the test points of an IPv6 list need
/// it (RFC 5782 5).
///
/// # Errors
/// As [`address_name`].
pub fn written_name(ip: IpAddr, zone: &Name) -> Result<Name, Error> {
    let mut reversed = Name::ROOT;
    reversed.push_address(ip);
    domain_name(&reversed, zone)
}

/// The name to ask about a domain: the domain before the zone (RFC 5782 3.1).
///
/// # Errors
/// [`NameTooLong`](crate::ErrorKind::NameTooLong) where both together are too long.
pub fn domain_name(domain: &Name, zone: &Name) -> Result<Name, Error> {
    Name::from_labels(domain.labels().chain(zone.labels()))
}

const fn is_error_code(code: Ipv4Addr) -> bool {
    matches!(code.octets(), [127, 255, 255, _])
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ErrorCode(code) => write!(f, "the list refuses to answer ({code})"),
            Self::NotLoopback(address) => write!(f, "the answer {address} is outside 127.0.0.0/8"),
            Self::Undocumented(code) => write!(f, "the list does not document the answer {code}"),
            Self::Temporary(why) => write!(f, "{why}"),
            Self::Name(error) => write!(f, "{error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TemporaryKind, Zone};

    fn zone() -> Name {
        Name::new("bl.example.net").unwrap()
    }

    /// The examples of RFC 5782 2.1, 2.4 and 3.1.
    #[test]
    fn names_of_rfc_5782() {
        let name = |ip: &str, zone: &str| {
            address_name(ip.parse().unwrap(), &Name::new(zone).unwrap()).unwrap().to_string()
        };
        assert_eq!(name("192.0.2.99", "bad.example.com"), "99.2.0.192.bad.example.com");
        assert_eq!(name("::ffff:192.0.2.99", "bad.example.com"), "99.2.0.192.bad.example.com");
        assert_eq!(
            name("2001:db8:1:2:3:4:567:89ab", "ugly.example.com"),
            "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com"
        );
        let domain = Name::new("invalid.edu").unwrap();
        let asked = domain_name(&domain, &Name::new("doms.example.net").unwrap()).unwrap();
        assert_eq!(asked.to_string(), "invalid.edu.doms.example.net");
    }

    #[test]
    fn only_documented_codes_list() {
        let codes = Codes::conventional();
        let say = |addresses: &[[u8; 4]]| {
            codes.classify(&addresses.iter().map(|&octets| octets.into()).collect::<Vec<Ipv4Addr>>())
        };
        assert_eq!(say(&[[127, 0, 0, 2]]), Listing::Listed(vec![[127, 0, 0, 2].into()]));
        assert_eq!(say(&[[127, 0, 0, 2], [127, 0, 9, 9]]), Listing::Listed(vec![[127, 0, 0, 2].into()]));
        assert_eq!(say(&[[127, 0, 0, 1]]), Listing::Unknown(Unknown::Undocumented([127, 0, 0, 1].into())));
        assert_eq!(say(&[[127, 0, 1, 2]]), Listing::Unknown(Unknown::Undocumented([127, 0, 1, 2].into())));
        assert_eq!(
            say(&[[127, 0, 0, 2], [127, 255, 255, 252]]),
            Listing::Unknown(Unknown::ErrorCode([127, 255, 255, 252].into()))
        );
        assert_eq!(
            say(&[[127, 0, 0, 2], [8, 8, 8, 8]]),
            Listing::Unknown(Unknown::NotLoopback([8, 8, 8, 8].into()))
        );
        assert_eq!(say(&[]), Listing::NotListed);
        let all = Codes::ranges([Ipv4Addr::UNSPECIFIED..=Ipv4Addr::BROADCAST]);
        assert!(!all.contains([127, 0, 0, 1].into()) && !all.contains([127, 255, 255, 255].into()));
        assert!(!all.contains([10, 0, 0, 2].into()) && all.contains([127, 9, 9, 9].into()));
    }

    #[test]
    fn health_is_told_by_the_test_points() {
        let list = List::new(zone(), Codes::conventional());
        let mut dns = Zone::new();
        assert_eq!(list.health(&dns, Entries::Ipv4), Health::NothingListed);
        dns.add_a("2.0.0.127.bl.example.net", [127, 0, 0, 2].into()).unwrap();
        assert_eq!(list.health(&dns, Entries::Ipv4), Health::Working);
        dns.add_a("1.0.0.127.bl.example.net", [127, 0, 0, 2].into()).unwrap();
        assert_eq!(list.health(&dns, Entries::Ipv4), Health::EverythingListed);
        dns.add_a("test.bl.example.net", [127, 0, 0, 2].into()).unwrap();
        assert_eq!(list.health(&dns, Entries::Domains), Health::Working);
        dns.add_fault("invalid.bl.example.net", crate::Kind::A, TemporaryKind::ServFail).unwrap();
        assert!(matches!(list.health(&dns, Entries::Domains), Health::Unknown(Unknown::Temporary(_))));
        let v6 = "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.example.net";
        dns.add_a(v6, [127, 0, 0, 2].into()).unwrap();
        assert_eq!(list.health(&dns, Entries::Ipv6), Health::Working);
    }
}
