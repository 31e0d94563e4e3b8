//! `hickory-resolver` as an [`AsyncResolver`].

use hickory_resolver::config::{ResolveHosts, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::{ConnectionProvider, Resolver};

use crate::message::{MAX_NEGATIVE_TTL, Step, follow, lifetime, record_type, to_hickory};
use crate::{Answer, AsyncResolver, Missing, Question, Temporary, TemporaryKind};

/// A resolver of `hickory-resolver`, with any of its runtimes and transports.
///
/// Names are absolute whatever its search list says. Build it with [`options`], so that the hosts file of the machine does not answer
/// for the DNS.
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
        let Some(name) = to_hickory(&question.name) else {
            return Answer::temporary(TemporaryKind::Malformed);
        };
        match self.resolver.lookup(name, record_type(question.kind)).await {
            Ok(lookup) => read(question, &lookup),
            Err(error) => failed(&error),
        }
    }
}

fn read(question: &Question, lookup: &Lookup) -> Answer {
    match follow(question, lookup.answers()) {
        Step::Records(records, ttl) => Answer::records(records, ttl),
        // The resolver follows aliases as far as it goes, and gives out what it has.
        Step::End(end) => Answer::missing(Missing::NoData, end.ttl.min(MAX_NEGATIVE_TTL)),
        Step::TooLong(ttl) => Answer::missing(Missing::NoData, ttl.min(MAX_NEGATIVE_TTL)),
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
