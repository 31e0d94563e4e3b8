//! What lists are asked about, of one message.

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;

use mailwright_dns::Name;
use mailwright_message_model::domain::{Domain, OrgDomain};
use mailwright_message_model::envelope::Envelope;

use super::Asks;

/// Organizational domains of links that are asked about: what a message has more leads nowhere else in practice, and each costs a
/// question a list.
pub const MAX_DOMAINS: usize = 20;

/// Addresses in links that are asked about.
pub const MAX_ADDRESSES: usize = 10;

/// Something to ask a list about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// The address of the SMTP client.
    Client(IpAddr),
    /// The domain of the envelope's sender.
    Sender(Name),
    /// The name in HELO.
    Helo(Name),
    /// The organizational domain of a link.
    UrlDomain(Name),
    /// The address in a link.
    UrlAddress(IpAddr),
}

impl Subject {
    /// Of which sort it is.
    #[must_use]
    pub const fn asks(&self) -> Asks {
        match self {
            Self::Client(_) => Asks::Client,
            Self::Sender(_) => Asks::Sender,
            Self::Helo(_) => Asks::Helo,
            Self::UrlDomain(_) => Asks::UrlDomain,
            Self::UrlAddress(_) => Asks::UrlAddress,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(ip) | Self::UrlAddress(ip) => write!(f, "{ip}"),
            Self::Sender(name) | Self::Helo(name) | Self::UrlDomain(name) => write!(f, "{name}"),
        }
    }
}

/// Everything to ask about, of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    /// The address of the SMTP client. Addresses that are no public unicast ones are not asked about.
    pub client: Option<IpAddr>,
    /// The domain of the envelope's sender.
    pub sender: Option<Domain>,
    /// The name in HELO.
    pub helo: Option<Domain>,
    /// The organizational domains of links; the first [`MAX_DOMAINS`] different ones are asked about.
    pub url_domains: Vec<Domain>,
    /// Addresses in links; the first [`MAX_ADDRESSES`] different public ones are asked about.
    pub url_addresses: Vec<IpAddr>,
}

impl Subjects {
    /// Those of an envelope.
    #[must_use]
    pub fn of_envelope(envelope: &Envelope) -> Self {
        Self {
            client: Some(envelope.client_ip),
            sender: envelope.mail_from.as_ref().and_then(|mailbox| mailbox.domain().cloned()),
            helo: envelope.helo_domain(),
            ..Self::default()
        }
    }

    /// The same with the hosts of links, as they stand there: names by their organizational domain (`org` is the public suffix
    /// list or whatever the caller has), addresses as they are. What is neither is passed over.
    #[must_use]
    pub fn with_hosts<'h>(
        mut self,
        hosts: impl IntoIterator<Item = &'h str>,
        org: &(impl OrgDomain + ?Sized),
    ) -> Self {
        for host in hosts {
            let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
            if let Ok(ip) = literal.parse::<IpAddr>() {
                self.url_addresses.push(ip);
            } else if let Ok(domain) = host.parse::<Domain>()
                && domain.label_count() > 1
            {
                self.url_domains.push(org.org(&domain));
            }
        }
        self
    }

    /// What is asked, each once.
    pub(super) fn bounded(&self) -> Vec<Subject> {
        let name = |domain: &Domain| Name::new(domain.as_str()).ok();
        let client = self.client.filter(|ip| is_public(*ip)).map(Subject::Client);
        let sender = self.sender.as_ref().and_then(name).map(Subject::Sender);
        let helo = self.helo.as_ref().and_then(name).map(Subject::Helo);
        let mut seen = HashSet::new();
        let domains = self.url_domains.iter().filter_map(name).map(Subject::UrlDomain);
        let domains: Vec<Subject> =
            domains.filter(|one| seen.insert(one.clone())).take(MAX_DOMAINS).collect();
        let addresses = self.url_addresses.iter().map(IpAddr::to_canonical).filter(|ip| is_public(*ip));
        let addresses = addresses.map(Subject::UrlAddress);
        let addresses: Vec<Subject> =
            addresses.filter(|one| seen.insert(one.clone())).take(MAX_ADDRESSES).collect();
        client.into_iter().chain(sender).chain(helo).chain(domains).chain(addresses).collect()
    }
}

/// Whether a list can know the address: neither private nor of this machine nor of one link (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || (first == 100 && second & 0xc0 == 64))
        }
        IpAddr::V6(ip) => {
            !(ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                || ip.is_unicast_link_local())
        }
    }
}
