//! `hickory-resolver` as an [`AsyncResolver`].

use hickory_resolver::config::{ResolveHosts, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::{ConnectionProvider, Resolver};

use crate::message::{
    MAX_NEGATIVE_TTL, MAX_TTL, Step, follow, from_hickory, lifetime, record_type, to_hickory,
};
use crate::{Answer, AsyncResolver, MAX_CNAME_LINKS, Missing, Name, Question, Temporary, TemporaryKind};

/// A resolver of `hickory-resolver`, with any of its runtimes and transports.
///
/// Names are absolute whatever its search list says. Build it with [`options`], so that the hosts file of the machine does not answer
/// for the DNS.
///
/// Where a server gives one alias a reply, it is the resolver that stops after seven of them, with no data.
///
/// ```
/// use hickory_resolver::config::{NameServerConfig, ResolverConfig};
/// use hickory_resolver::net::runtime::TokioRuntimeProvider;
/// use hickory_resolver::Resolver;
/// use mailwright_dns::hickory::{Hickory, options};
/// let server = NameServerConfig::udp_and_tcp([127, 0, 0, 1].into());
/// let config = ResolverConfig::from_name_servers(vec![server]);
/// let resolver =
///     Resolver::builder_with_config(config, TokioRuntimeProvider::default()).with_options(options()).build()?;
/// let hickory = Hickory::new(resolver);
/// // In a Tokio runtime: mailwright_dns::drive_async(&hickory, |dns| dns.txt(&name)).await
/// # let _ = hickory;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Hickory<P: ConnectionProvider> {
    resolver: Resolver<P>,
}

/// The resolver's default options without the hosts file, with EDNS and with aliases kept in the answer.
#[must_use]
pub fn options() -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.use_hosts_file = ResolveHosts::Never;
    options.edns0 = true;
    options.preserve_intermediates = true;
    options
}

impl<P: ConnectionProvider> Hickory<P> {
    /// Asks through this resolver.
    #[must_use]
    pub const fn new(resolver: Resolver<P>) -> Self {
        Self { resolver }
    }
}

impl<P: ConnectionProvider> core::fmt::Debug for Hickory<P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Hickory").finish_non_exhaustive()
    }
}

impl<P: ConnectionProvider> AsyncResolver for Hickory<P> {
    async fn resolve(&self, question: &Question) -> Answer {
        let mut asked = *question;
        let (mut ttl, mut links) = (MAX_TTL, 0usize);
        loop {
            let lookup = match self.lookup(&asked.name, record_type(asked.kind)).await {
                Ok(lookup) => lookup,
                Err(mut answer) => {
                    answer.ttl = answer.ttl.min(ttl);
                    return answer;
                }
            };
            let end = match follow(&asked, links, lookup.answers()) {
                Step::Records(records, its_ttl) => return Answer::records(records, its_ttl.min(ttl)),
                Step::TooLong(its_ttl) => {
                    return Answer::missing(Missing::NoData, its_ttl.min(ttl).min(MAX_NEGATIVE_TTL));
                }
                Step::End(end) => end,
            };
            ttl = ttl.min(end.ttl);
            // The resolver found records, but of a chain whose beginning it left out, as it does where it had the rest in its
            // cache: whether they are ours is asked link by link, not guessed.
            let alias = match self.lookup(&end.target, RecordType::CNAME).await {
                Ok(lookup) => lookup.answers().iter().find_map(|record| match &record.data {
                    RData::CNAME(target) if from_hickory(&record.name) == Some(end.target) => {
                        Some((from_hickory(&target.0)?, lifetime(record.ttl)))
                    }
                    _ => None,
                }),
                Err(answer) if answer.result.as_ref().is_err_and(Missing::is_void) => None,
                Err(answer) => return answer,
            };
            links = end.links.saturating_add(1);
            match alias {
                Some((target, alias_ttl)) if links <= MAX_CNAME_LINKS => {
                    ttl = ttl.min(alias_ttl);
                    asked.name = target;
                }
                _ => return Answer::missing(Missing::NoData, ttl.min(MAX_NEGATIVE_TTL)),
            }
        }
    }
}

impl<P: ConnectionProvider> Hickory<P> {
    async fn lookup(&self, name: &Name, kind: RecordType) -> Result<Lookup, Answer> {
        let name = to_hickory(name).ok_or_else(|| Answer::temporary(TemporaryKind::Malformed))?;
        self.resolver.lookup(name, kind).await.map_err(|error| failed(&error))
    }
}

fn failed(error: &NetError) -> Answer {
    let why = match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => {
            let ttl = none.negative_ttl.map_or(0, lifetime).min(MAX_NEGATIVE_TTL);
            return match none.response_code {
                ResponseCode::NXDomain => Answer::missing(Missing::NxDomain, ttl),
                ResponseCode::NoError => Answer::missing(Missing::NoData, ttl),
                code => temporary(TemporaryKind::OtherCode, code.to_str()),
            };
        }
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => TemporaryKind::ServFail,
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => TemporaryKind::Refused,
        NetError::Dns(DnsError::ResponseCode(code)) => {
            return temporary(TemporaryKind::OtherCode, code.to_str());
        }
        NetError::Dns(DnsError::DnssecBogus) => TemporaryKind::Bogus,
        NetError::Timeout => TemporaryKind::Timeout,
        NetError::Io(error) => return temporary(TemporaryKind::Network, &error.to_string()),
        NetError::NoConnections => TemporaryKind::Network,
        error => return temporary(TemporaryKind::Malformed, &error.to_string()),
    };
    Answer::temporary(why)
}

fn temporary(kind: TemporaryKind, detail: &str) -> Answer {
    Answer::missing(Missing::Temporary(Temporary::with_detail(kind, detail)), 0)
}
