//! The whole of DNS, in memory.

#[cfg(feature = "zone")]
mod lex;
mod node;
#[cfg(feature = "zone")]
mod text;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use foldhash::fast::RandomState;

use crate::{Answer, Dns, Error, Kind, Missing, Mx, Name, Txt};
use node::Node;
#[cfg(feature = "zone")]
pub use text::{MAX_ZONE_NAMES, MAX_ZONE_TEXT};

/// CNAMEs followed for one question; a chain that is longer, or a loop, has no data. Real chains have one or two links.
pub const MAX_CNAME_LINKS: usize = 8;

/// Seconds for which records and void answers may be kept unless [`Zone::ttl`] says otherwise.
const DEFAULT_TTL: u32 = 3600;

/// An in-memory DNS that knows all names there are: what it does not hold does not exist.
///
/// Wildcards (`*.example.com`, RFC 4592), empty non-terminals (RFC 8020), CNAMEs and injected failures work as they do in a
/// real server seen through a resolver. Records of a name are answered in the order in which they were added.
///
/// ```
/// use mailwright_dns::{Dns, Kind, Missing, Name, TemporaryKind, Zone};
/// let mut zone = Zone::new();
/// zone.add_txt("example.com", "v=spf1 a -all")?
///     .add_a("*.hosts.example.com", [192, 0, 2, 1].into())?
///     .add_cname("www.example.com", "web.hosts.example.com")?
///     .add_fault("slow.example.com", Kind::Txt, TemporaryKind::Timeout)?;
/// assert!(zone.a(&Name::new("www.example.com")?).is_ok());
/// assert_eq!(zone.txt(&Name::new("hosts.example.com")?), Err(Missing::NoData));
/// assert_eq!(zone.txt(&Name::new("nobody.example.com")?), Err(Missing::NxDomain));
/// assert_eq!(zone.txt(&Name::new("slow.example.com")?), Err(TemporaryKind::Timeout.into()));
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Zone {
    /// By lower-case wire form. Every ancestor of a name that exists is here as well.
    ///
    /// Whoever asks chooses no key, and names come in by the owner's hand: a fast hash with a random key is enough.
    nodes: HashMap<Box<[u8]>, Node, RandomState>,
    /// Whether any name has the label `*`; in a zone without one nothing is to be looked for beside the name itself.
    has_wildcards: bool,
    ttl: u32,
    negative_ttl: u32,
}

/// A record to put into a [`Zone`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "named as the types")]
pub enum Data {
    Txt(Txt),
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Mx(Mx),
    Ptr(Name),
    /// Another name has the records (RFC 1034 3.6.2). It serves the types of which the name has none itself.
    Cname(Name),
}

impl Default for Zone {
    fn default() -> Self {
        Self::new()
    }
}

/// The builder methods take names as [`Name::new`] does and fail as it does: a name that DNS cannot hold.
impl Zone {
    /// Without any name: everything is [`Missing::NxDomain`].
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: HashMap::default(), has_wildcards: false, ttl: DEFAULT_TTL, negative_ttl: DEFAULT_TTL }
    }

    /// The seconds that records added from now on may be kept, and void answers of the whole zone.
    pub fn ttl(&mut self, records: u32, void: u32) -> &mut Self {
        (self.ttl, self.negative_ttl) = (records, void);
        self
    }

    /// Adds a TXT record; its text is cut into character-strings of 255 octets.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_txt(&mut self, name: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> Result<&mut Self, Error> {
        Ok(self.insert(&Name::new(name)?, Data::Txt(Txt::from_joined(text))))
    }

    /// Adds an IPv4 address.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_a(&mut self, name: impl AsRef<[u8]>, address: Ipv4Addr) -> Result<&mut Self, Error> {
        Ok(self.insert(&Name::new(name)?, Data::A(address)))
    }

    /// Adds an IPv6 address.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_aaaa(&mut self, name: impl AsRef<[u8]>, address: Ipv6Addr) -> Result<&mut Self, Error> {
        Ok(self.insert(&Name::new(name)?, Data::Aaaa(address)))
    }

    /// Adds a mail exchanger; the exchanger `.` is the null MX (RFC 7505).
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_mx(
        &mut self,
        name: impl AsRef<[u8]>,
        preference: u16,
        exchange: impl AsRef<[u8]>,
    ) -> Result<&mut Self, Error> {
        let exchange = Name::new(exchange)?;
        Ok(self.insert(&Name::new(name)?, Data::Mx(Mx { preference, exchange })))
    }

    /// Adds a name of an address, at its [reverse name](Name::reverse).
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_ptr(&mut self, ip: IpAddr, target: impl AsRef<[u8]>) -> Result<&mut Self, Error> {
        let target = Name::new(target)?;
        Ok(self.insert(&Name::reverse(ip), Data::Ptr(target)))
    }

    /// Makes `name` an alias of `target`. A second alias of the same name is ignored (RFC 2181 10.1).
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_cname(
        &mut self,
        name: impl AsRef<[u8]>,
        target: impl AsRef<[u8]>,
    ) -> Result<&mut Self, Error> {
        let target = Name::new(target)?;
        Ok(self.insert(&Name::new(name)?, Data::Cname(target)))
    }

    /// Makes a name exist without a record.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_name(&mut self, name: impl AsRef<[u8]>) -> Result<&mut Self, Error> {
        self.node(&Name::new(name)?);
        Ok(self)
    }

    /// Makes every question of `kind` at `name` fail in this way, whatever records there are.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_fault(
        &mut self,
        name: impl AsRef<[u8]>,
        kind: Kind,
        why: impl Into<Missing>,
    ) -> Result<&mut Self, Error> {
        self.node(&Name::new(name)?).fault(kind, why.into());
        Ok(self)
    }

    /// Makes every question at `name` fail in this way, of whose type it has no record and no fault of its own. An alias is
    /// a record of another type: it is not followed then.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn add_fault_else(
        &mut self,
        name: impl AsRef<[u8]>,
        why: impl Into<Missing>,
    ) -> Result<&mut Self, Error> {
        self.node(&Name::new(name)?).fault_else(why.into());
        Ok(self)
    }

    /// Adds a record.
    pub fn insert(&mut self, name: &Name, data: Data) -> &mut Self {
        let ttl = self.ttl;
        self.node(name).insert(data, ttl);
        self
    }

    /// How many names exist, empty non-terminals and the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether no name exists.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of a name, made with all its ancestors where it is new (RFC 4592 2.2.2: what is below exists, so it exists).
    fn node(&mut self, name: &Name) -> &mut Node {
        let lower = name.to_lowercase();
        self.has_wildcards |= lower.labels().any(|label| label == b"*");
        let mut labels = lower.labels();
        while labels.next().is_some() {
            if self.nodes.contains_key(labels.rest()) {
                break;
            }
            self.nodes.insert(labels.rest().into(), Node::default());
        }
        self.nodes.entry(lower.wire().into()).or_default()
    }

    /// The node that answers for a name: its own, or the wildcard's of its closest encloser (RFC 4592 3.3.1).
    fn find(&self, name: &Name) -> Option<&Node> {
        if !name.is_lowercase() {
            return self.find_lowercase(&name.to_lowercase());
        }
        self.find_lowercase(name)
    }

    /// As [`Self::find`] for a name without capitals.
    fn find_lowercase(&self, name: &Name) -> Option<&Node> {
        let found = self.nodes.get(name.wire());
        if found.is_some() || !self.has_wildcards {
            return found;
        }
        let mut labels = name.labels();
        while labels.next().is_some() {
            let encloser = labels.rest();
            if self.nodes.contains_key(encloser) {
                return self.nodes.get([b"\x01*", encloser].concat().as_slice());
            }
        }
        None
    }
}

impl Dns for Zone {
    fn query(&self, name: &Name, kind: Kind) -> Answer {
        let mut node = self.find(name);
        let mut ttl = u32::MAX;
        for _ in 0..=MAX_CNAME_LINKS {
            let Some(here) = node else {
                return Answer::missing(Missing::NxDomain, ttl.min(self.negative_ttl));
            };
            let mut found = match here.get(kind, self.negative_ttl) {
                node::Found::Answer(answer) => answer,
                node::Found::Alias(target, alias_ttl) => {
                    ttl = ttl.min(alias_ttl);
                    node = self.find(target);
                    continue;
                }
            };
            found.ttl = found.ttl.min(ttl);
            return found;
        }
        Answer::missing(Missing::NoData, ttl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TemporaryKind;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    /// The zone of RFC 4592 2.2.1, and the answers that section gives.
    #[test]
    fn wildcards_of_rfc_4592() {
        let mut zone = Zone::new();
        zone.add_txt("*.example", "this is a wildcard").unwrap();
        zone.add_mx("*.example", 10, "host1.example").unwrap();
        zone.add_txt("sub.*.example", "this is not a wildcard").unwrap();
        zone.add_a("host1.example", [192, 0, 2, 1].into()).unwrap();
        zone.add_name("_ssh._tcp.host1.example").unwrap();
        zone.add_name("_ssh._tcp.host2.example").unwrap();
        zone.add_name("subdel.example").unwrap();
        assert_eq!(zone.mx(&name("host3.example")).unwrap().len(), 1);
        assert_eq!(zone.a(&name("host3.example")), Err(Missing::NoData));
        assert_eq!(zone.txt(&name("foo.bar.example")).unwrap().len(), 1);
        assert_eq!(zone.mx(&name("host1.example")), Err(Missing::NoData));
        assert_eq!(zone.mx(&name("sub.*.example")), Err(Missing::NoData));
        assert_eq!(zone.txt(&name("_telnet._tcp.host1.example")), Err(Missing::NxDomain));
        assert_eq!(zone.txt(&name("host.subdel.example")), Err(Missing::NxDomain));
        assert_eq!(zone.txt(&name("ghost.*.example")), Err(Missing::NxDomain));
        assert_eq!(zone.txt(&name("*.example")).unwrap().len(), 1);
        assert_eq!(zone.txt(&name("_tcp.host2.example")), Err(Missing::NoData));
    }

    #[test]
    fn a_chain_of_eight_links_is_the_longest() {
        let mut zone = Zone::new();
        for link in 0..9 {
            zone.add_cname(format!("c{link}.example"), format!("c{}.example", link + 1)).unwrap();
        }
        zone.add_a("c9.example", [192, 0, 2, 1].into()).unwrap();
        assert!(zone.a(&name("c1.example")).is_ok());
        assert_eq!(zone.a(&name("c0.example")), Err(Missing::NoData));
        zone.add_cname("loop.example", "loop.example").unwrap();
        assert_eq!(zone.a(&name("loop.example")), Err(Missing::NoData));
        zone.add_cname("gone.example", "nowhere.test").unwrap();
        assert_eq!(zone.a(&name("gone.example")), Err(Missing::NxDomain));
    }

    #[test]
    fn faults_stand_before_records_or_behind_them() {
        let mut zone = Zone::new();
        zone.add_a("x.example", [192, 0, 2, 1].into()).unwrap();
        zone.add_fault_else("x.example", TemporaryKind::ServFail).unwrap();
        assert!(zone.a(&name("X.Example")).is_ok());
        assert_eq!(zone.txt(&name("x.example")), Err(TemporaryKind::ServFail.into()));
        zone.add_fault("x.example", Kind::A, Missing::NxDomain).unwrap();
        assert_eq!(zone.a(&name("x.example")), Err(Missing::NxDomain));
        assert_eq!(zone.query(&name("x.example"), Kind::Txt).ttl, 0);
        zone.add_cname("alias.example", "x.example").unwrap();
        zone.add_fault_else("alias.example", TemporaryKind::Timeout).unwrap();
        assert_eq!(zone.mx(&name("alias.example")), Err(TemporaryKind::Timeout.into()));
    }

    #[test]
    fn the_ttl_is_the_smallest_on_the_way() {
        let mut zone = Zone::new();
        zone.ttl(30, 7).add_cname("a.example", "b.example").unwrap();
        zone.ttl(60, 7).add_txt("b.example", "x").unwrap();
        zone.ttl(20, 7).add_txt("b.example", "y").unwrap();
        assert_eq!(zone.query(&name("a.example"), Kind::Txt).ttl, 20);
        assert_eq!(zone.query(&name("a.example"), Kind::A).ttl, 7);
        assert_eq!(zone.query(&name("c.example"), Kind::A).ttl, 7);
    }
}
