//! What is checked: the client and the identity it uses.

use std::borrow::Cow;
use std::net::IpAddr;

use mailwright_message_model::domain::Domain;

use crate::outcome::Identity;

/// A client and the identity that it uses (RFC 7208 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'r> {
    pub(crate) ip: IpAddr,
    pub(crate) identity: Identity,
    pub(crate) local: &'r str,
    pub(crate) domain: &'r str,
    pub(crate) helo: &'r str,
    pub(crate) receiver: &'r str,
    pub(crate) now: u64,
    pub(crate) null_path: bool,
}

impl<'r> Request<'r> {
    /// Checks the reverse-path `mail_from`, without angle brackets; empty for `<>`, where RFC 7208 2.4 takes
    /// `postmaster@` and the HELO name.
    #[must_use]
    pub fn mail_from(ip: IpAddr, mail_from: &'r str, helo: &'r str) -> Self {
        let at = memchr::memrchr(b'@', mail_from.as_bytes());
        let parts = at.and_then(|at| Some((mail_from.get(..at)?, mail_from.get(at + 1..)?)));
        let (local, domain) = match parts {
            Some(parts) => parts,
            None if mail_from.is_empty() => ("", helo),
            None => ("", mail_from),
        };
        let mut request = Self::new(ip, Identity::MailFrom, local, domain, helo);
        request.null_path = mail_from.is_empty();
        request
    }

    /// Checks the HELO name by itself (RFC 7208 2.3).
    #[must_use]
    pub fn helo(ip: IpAddr, helo: &'r str) -> Self {
        Self::new(ip, Identity::Helo, "", helo, helo)
    }

    fn new(ip: IpAddr, identity: Identity, local: &'r str, domain: &'r str, helo: &'r str) -> Self {
        // RFC 7208 4.3
        let local = if local.is_empty() { "postmaster" } else { local };
        // RFC 7208 5: an IPv4-mapped address is IPv4.
        Self { ip: ip.to_canonical(), identity, local, domain, helo, receiver: "", now: 0, null_path: false }
    }

    /// The name of the receiving host, for `%{r}`; `unknown` where none is given.
    #[must_use]
    pub const fn receiver(mut self, receiver: &'r str) -> Self {
        self.receiver = receiver;
        self
    }

    /// Unix time in seconds, for `%{t}`.
    #[must_use]
    pub const fn now(mut self, now: u64) -> Self {
        self.now = now;
        self
    }

    /// The domain as DNS has it, in A-labels (RFC 8616 4).
    pub(crate) fn dns_domain(&self) -> Option<Cow<'r, str>> {
        if self.domain.is_ascii() {
            // An address literal (RFC 5321 4.1.3) is no domain name.
            let domain = self.domain.strip_suffix('.').unwrap_or(self.domain);
            return Some(Cow::Borrowed(domain)).filter(|domain| !domain.starts_with('['));
        }
        self.domain.parse::<Domain>().ok().map(|domain| Cow::Owned(domain.as_str().to_owned()))
    }
}
