//! Whose message it is, and how far that is certain.

use std::fmt;
use std::net::IpAddr;

use mailwright_message_model::authres::{AuthenticationResults, Method, MethodResult, PropertyType};
use mailwright_message_model::domain::{Domain, OrgDomain};

/// Whose message it is.
#[derive(Clone, Default)]
pub struct Who<'a> {
    /// The address of the SMTP client.
    pub client: Option<IpAddr>,
    /// The sender of the envelope; `None` or empty for the null sender.
    pub sender: Option<&'a str>,
    /// The addresses of From.
    pub from: Vec<&'a str>,
    /// What the verifiers found.
    pub authentication: Option<&'a AuthenticationResults>,
    /// The public suffix list, or what the caller has: with it the signature of `example.org` speaks for `news.example.org` (RFC
    /// 9989 3.2.10, relaxed alignment). Without it domains must be equal.
    pub org: Option<&'a dyn OrgDomain>,
}

impl Who<'_> {
    /// Whether an address of From is authentic by its domain.
    pub(super) fn is_authentic(&self, address: &str) -> bool {
        let Some(domain) = domain_of(address) else { return false };
        let Some(results) = self.authentication else { return false };
        results.results().iter().filter(|result| result.is_pass()).any(|result| match result.method() {
            Method::Dmarc => property(result, &PropertyType::Header, &["from"])
                .and_then(domain_or_of)
                .is_some_and(|named| named == domain),
            Method::Dkim => property(result, &PropertyType::Header, &["d", "i"])
                .and_then(domain_or_of)
                .is_some_and(|named| self.aligned(&named, &domain)),
            Method::Spf => property(result, &PropertyType::Smtp, &["mailfrom"])
                .and_then(domain_or_of)
                .is_some_and(|named| self.aligned(&named, &domain)),
            _ => false,
        })
    }

    /// Whether SPF passed for the domain of the envelope's sender.
    pub(super) fn is_sender_authentic(&self) -> bool {
        let Some(domain) = self.sender.and_then(domain_of) else { return false };
        let results = self.authentication.map(AuthenticationResults::results).unwrap_or_default();
        let spf = results.iter().filter(|result| result.is_pass() && *result.method() == Method::Spf);
        let mut named = spf
            .filter_map(|result| property(result, &PropertyType::Smtp, &["mailfrom"]).and_then(domain_or_of));
        named.any(|named| named == domain)
    }

    fn aligned(&self, named: &Domain, domain: &Domain) -> bool {
        named == domain || self.org.is_some_and(|org| org.org(named) == org.org(domain))
    }
}

impl fmt::Debug for Who<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Who")
            .field("client", &self.client)
            .field("sender", &self.sender)
            .field("from", &self.from)
            .field("authentication", &self.authentication)
            .finish_non_exhaustive()
    }
}

fn property<'r>(result: &'r MethodResult, ptype: &PropertyType, names: &[&str]) -> Option<&'r str> {
    names.iter().find_map(|name| result.property(ptype, name))
}

fn domain_of(address: &str) -> Option<Domain> {
    address.rsplit_once('@')?.1.parse().ok()
}

/// A domain, or that of an address: RFC 8601 2.7.2 lets `smtp.mailfrom` be either.
fn domain_or_of(value: &str) -> Option<Domain> {
    domain_of(value).or_else(|| value.parse().ok())
}
