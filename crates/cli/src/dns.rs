//! Where the answers of DNS come from, and what time it is.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use mailwright_dns::{Answer, Name, Question, Resolver, Stub, StubOptions, Zone, name_servers};

use crate::exit::{Failure, reason};

/// Where the system says which name servers to ask (resolv.conf(5)).
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// The arguments of verbs that ask DNS.
#[derive(Args, Clone, Debug)]
pub(crate) struct Ask {
    /// Take the answers of DNS from this master file (RFC 1035 5), not from the network.
    #[arg(long, value_name = "FILE")]
    zone: Option<PathBuf>,

    #[command(flatten)]
    clock: Clock,
}

/// What time it is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Clock {
    /// Work as at this time, in seconds since 1970, not as now.
    #[arg(long, value_name = "SECONDS")]
    at: Option<u64>,
}

/// A zone, or the name servers of the system.
pub(crate) enum Source {
    Zone(Box<Zone>),
    System(Box<Stub>),
}

impl Ask {
    /// Opens the zone, or else finds the system's name servers.
    pub(crate) fn source(&self) -> Result<Source, Failure> {
        self.zone.as_deref().map_or_else(Source::system, Source::zone)
    }

    /// As [`source`](Self::source), but that the network is asked only where `resolve` says so. `None`: nothing is asked.
    pub(crate) fn source_if(&self, resolve: bool) -> Result<Option<Source>, Failure> {
        (resolve || self.zone.is_some()).then(|| self.source()).transpose()
    }

    /// The time to judge at.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }
}

impl Clock {
    /// The time given, or else the system's.
    pub(crate) fn now(&self) -> u64 {
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.at.unwrap_or_else(clock)
    }
}

impl Source {
    /// A master file whose text is at hand; `path` is what it is called.
    pub(crate) fn of_text(text: &[u8], path: &Path) -> Result<Self, Failure> {
        let zone = Zone::parse(text, &Name::ROOT).map_err(|error| Failure::at(path, error))?;
        Ok(Self::Zone(Box::new(zone)))
    }

    fn zone(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read(path).map_err(|error| Failure::at(path, reason(&error)))?;
        Self::of_text(&text, path)
    }

    fn system() -> Result<Self, Failure> {
        let path = Path::new(RESOLV_CONF);
        let text = std::fs::read_to_string(path).map_err(|error| Failure::at(path, reason(&error)))?;
        let servers = name_servers(&text);
        if servers.is_empty() {
            return Err(Failure::at(path, "no name server; --zone FILE needs none"));
        }
        Ok(Self::System(Box::new(Stub::new(servers, StubOptions::default()))))
    }
}

impl Resolver for Source {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        match self {
            Self::Zone(zone) => zone.resolve_all(questions),
            Self::System(stub) => stub.resolve_all(questions),
        }
    }
}
