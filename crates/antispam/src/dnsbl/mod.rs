//! DNS lists: who the client is and where the links lead, as block and allow lists know it (RFC 5782).
//!
//! A [`DnsLists`] holds lists and what a listing is worth. [`DnsLists::ask`] asks every question of a message at once over
//! [`Dns`], so that a message costs one waiting time; [`Report::findings`] turns the answers into findings. An answer that means
//! nothing (a failure, an error code of the operator, the address of an advertising page) is never a listing.
//!
//! ```
//! use mailwright_antispam::dnsbl::{DnsLists, Subjects};
//! use mailwright_dns::Zone;
//!
//! let lists = DnsLists::parse("
//! [[list]]
//! name = \"OFFICE\"
//! zone = \"bl.example\"
//! asks = [\"client\"]
//! about = \"our own list\"
//! codes = [{ code = \"127.0.0.2-127.0.0.9\", score = 4.0 }]
//! ")?;
//! let mut zone = Zone::new();
//! zone.add_a("1.2.0.192.bl.example", [127, 0, 0, 4].into()).unwrap();
//! let subjects = Subjects { client: Some([192, 0, 2, 1].into()), ..Subjects::default() };
//! let report = lists.ask(&zone, &subjects);
//! assert!(!report.is_pending());
//! let findings: Vec<String> = report.findings().map(|finding| finding.to_string()).collect();
//! assert_eq!(findings, ["+4 DNS_OFFICE: 192.0.2.1 is listed by bl.example (127.0.0.4)"]);
//! # Ok::<(), mailwright_antispam::Error>(())
//! ```

mod codes;
mod read;
mod report;
mod subjects;

use std::sync::LazyLock;

use mailwright_dns::dnsbl::{self, Health, Listing};
use mailwright_dns::{Dns, Name};

use crate::{Error, ErrorKind};

pub use codes::Codes;
pub use mailwright_dns::dnsbl::{Entries, address_name, domain_name, written_name};
pub use report::{Answer, Report};
pub use subjects::{MAX_ADDRESSES, MAX_DOMAINS, Subject, Subjects};

/// Lists of one file: nobody asks more for one message, and each costs a question.
pub const MAX_LISTS: usize = 64;

/// Questions for one message, all lists together: what a driver of the `dns` crate asks at most.
pub const MAX_QUESTIONS: usize = mailwright_dns::MAX_QUESTIONS;

/// The lists that are shipped, as data.
const KNOWN: &str = include_str!("../../data/dns-lists.toml");

/// What a list is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Asks {
    /// The address of the SMTP client.
    Client,
    /// The domain of the envelope's sender.
    Sender,
    /// The name in HELO.
    Helo,
    /// The organizational domains of links.
    UrlDomain,
    /// The addresses that stand in links in place of a host name.
    UrlAddress,
}

impl Asks {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Client, Self::Sender, Self::Helo, Self::UrlDomain, Self::UrlAddress];

    /// As it is written in a file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Sender => "sender",
            Self::Helo => "helo",
            Self::UrlDomain => "url-domain",
            Self::UrlAddress => "url-address",
        }
    }
}

/// What one group of codes of a list means.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The codes.
    pub codes: Codes,
    /// Points of a listing: above 0 for a block list, below for an allow list.
    pub score: f64,
    /// What the operator says that they mean; may be empty.
    pub about: String,
}

/// A list: its zone, what it is asked about and what its codes mean.
#[derive(Clone, Debug, PartialEq)]
pub struct DnsList {
    /// The name of its rule, in upper case.
    pub name: String,
    /// The zone.
    pub zone: Name,
    /// What it is asked about.
    pub asks: Vec<Asks>,
    /// What its codes mean. Each group found counts by itself.
    pub meanings: Vec<Meaning>,
    /// What the list is.
    pub about: String,
    /// Under what terms the operator lets it be asked; may be empty.
    pub terms: String,
}

impl DnsList {
    /// What the list says about a subject.
    pub fn ask(&self, dns: &(impl Dns + ?Sized), subject: &Subject) -> Listing {
        let list = dnsbl::List::new(self.zone, self.codes());
        match subject {
            Subject::Client(ip) | Subject::UrlAddress(ip) => list.address(dns, *ip),
            Subject::Sender(name) | Subject::Helo(name) | Subject::UrlDomain(name) => list.domain(dns, name),
        }
    }

    /// Whether the list works, by the entries that every list has and that none may have (RFC 5782 5).
    pub fn health(&self, dns: &(impl Dns + ?Sized), entries: Entries) -> Health {
        dnsbl::List::new(self.zone, self.codes()).health(dns, entries)
    }

    /// All codes that mean "listed".
    fn codes(&self) -> dnsbl::Codes {
        dnsbl::Codes::ranges(self.meanings.iter().flat_map(|meaning| meaning.codes.ranges()))
    }
}

/// The lists that a server asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DnsLists {
    lists: Vec<DnsList>,
}

impl DnsLists {
    /// The lists of a file.
    ///
    /// # Errors
    /// [`ErrorKind::Lists`] with the line, where the text is no TOML of this form, a zone or code cannot be read, a name stands
    /// twice, or there are more lists than [`MAX_LISTS`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        read::lists(text).map(|lists| Self { lists })
    }

    /// The lists that are shipped (`data/dns-lists.toml`), well-known ones with the terms of their operators. They are a catalogue
    /// to [choose](Self::choose) from: most ask for registration or payment above a small number of messages.
    #[must_use]
    pub fn known() -> &'static Self {
        static LISTS: LazyLock<DnsLists> = LazyLock::new(|| DnsLists::parse(KNOWN).unwrap_or_default());
        &LISTS
    }

    /// Those of the lists that are named here.
    ///
    /// # Errors
    /// [`ErrorKind::Lists`] for a name that no list has.
    pub fn choose(&self, names: &[&str]) -> Result<Self, Error> {
        let find = |name: &&str| {
            let found = self.lists.iter().find(|list| list.name.eq_ignore_ascii_case(name)).cloned();
            found.ok_or_else(|| Error::new(ErrorKind::Lists(format!("there is no list {name:?}"))))
        };
        Ok(Self { lists: names.iter().map(find).collect::<Result<_, _>>()? })
    }

    /// The lists.
    #[must_use]
    pub fn lists(&self) -> &[DnsList] {
        &self.lists
    }

    /// Asks every list about every subject that it is about. Nothing waits for anything else, so that a driver resolves all in
    /// one round; a [pending](Report::is_pending) report is to be thrown away.
    pub fn ask(&self, dns: &(impl Dns + ?Sized), subjects: &Subjects) -> Report {
        let mut report = Report::default();
        let subjects = subjects.bounded();
        for list in &self.lists {
            for subject in subjects.iter().filter(|subject| list.asks.contains(&subject.asks())) {
                if report.len() >= MAX_QUESTIONS {
                    report.cut();
                    return report;
                }
                report.add(list, subject.clone(), list.ask(dns, subject));
            }
        }
        report
    }
}

#[cfg(test)]
mod tests;
