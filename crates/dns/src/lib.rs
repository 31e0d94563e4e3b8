#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod answers;
mod counting;
pub mod dnsbl;
mod drive;
mod error;
#[cfg(feature = "hickory")]
pub mod hickory;
mod memo;
#[cfg(any(feature = "stub", feature = "hickory"))]
pub mod message;
mod name;
#[cfg(feature = "stub")]
mod stub;
mod zone;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

pub use answer::{Answer, Kind, MAX_STRING, Missing, Mx, Question, Records, Temporary, TemporaryKind, Txt};
pub use answers::Answers;
pub use counting::Counting;
pub use drive::{
    AsyncResolver, Limits, MAX_QUESTIONS, MAX_QUESTIONS_A_ROUND, MAX_ROUNDS, MAX_TIME, Resolver, Session,
    drive_async, drive_blocking,
};
pub use error::{Error, ErrorKind};
pub use name::{Labels, MAX_LABEL, MAX_NAME, Name};
#[cfg(feature = "stub")]
pub use stub::{CACHE_OCTETS, MAX_SERVERS, PORT, Stub, StubOptions, name_servers};
pub use zone::{Data, MAX_CNAME_LINKS, Zone};
#[cfg(feature = "zone")]
pub use zone::{MAX_ZONE_NAMES, MAX_ZONE_TEXT};

/// Where an evaluation asks its questions: at once, without waiting.
///
/// An implementation either knows the answer ([`Zone`]) or says [`Missing::Pending`] ([`Answers`]); it never waits on a
/// network. CNAMEs are followed by it, the evaluation never sees one.
///
/// An evaluation that gets [`Missing::Pending`] asks whatever else it knows it will need, and returns any value: a driver
/// ([`drive_blocking`], [`drive_async`]) resolves all pending questions together and evaluates again, and gives out the value
/// of the run in which nothing was pending. So an evaluation must depend on its input and the answers only.
pub trait Dns {
    /// The records of `kind` at `name`.
    fn query(&self, name: &Name, kind: Kind) -> Answer;

    /// Says that this question may follow, so that the driver can ask it along with others. It is no question: it counts
    /// against no limit of the evaluation and never causes a round of its own.
    fn announce(&self, name: &Name, kind: Kind) {
        let _ = (name, kind);
    }

    /// The TXT records of a name.
    ///
    /// # Errors
    /// [`Missing`]: there are none, or it is not known.
    fn txt(&self, name: &Name) -> Result<Arc<[Txt]>, Missing> {
        match self.query(name, Kind::Txt).result? {
            Records::Txt(records) => Ok(records),
            _ => Err(Missing::NoData),
        }
    }

    /// The IPv4 addresses of a name.
    ///
    /// # Errors
    /// As [`Dns::txt`].
    fn a(&self, name: &Name) -> Result<Arc<[Ipv4Addr]>, Missing> {
        match self.query(name, Kind::A).result? {
            Records::A(records) => Ok(records),
            _ => Err(Missing::NoData),
        }
    }

    /// The IPv6 addresses of a name.
    ///
    /// # Errors
    /// As [`Dns::txt`].
    fn aaaa(&self, name: &Name) -> Result<Arc<[Ipv6Addr]>, Missing> {
        match self.query(name, Kind::Aaaa).result? {
            Records::Aaaa(records) => Ok(records),
            _ => Err(Missing::NoData),
        }
    }

    /// The mail exchangers of a name, in the order of the answer.
    ///
    /// # Errors
    /// As [`Dns::txt`].
    fn mx(&self, name: &Name) -> Result<Arc<[Mx]>, Missing> {
        match self.query(name, Kind::Mx).result? {
            Records::Mx(records) => Ok(records),
            _ => Err(Missing::NoData),
        }
    }

    /// The names at a [reverse name](Name::reverse).
    ///
    /// # Errors
    /// As [`Dns::txt`].
    fn ptr(&self, name: &Name) -> Result<Arc<[Name]>, Missing> {
        match self.query(name, Kind::Ptr).result? {
            Records::Ptr(records) => Ok(records),
            _ => Err(Missing::NoData),
        }
    }
}

impl<D: Dns + ?Sized> Dns for &D {
    fn query(&self, name: &Name, kind: Kind) -> Answer {
        (**self).query(name, kind)
    }

    fn announce(&self, name: &Name, kind: Kind) {
        (**self).announce(name, kind);
    }
}

impl<D: Dns + ?Sized> Dns for Arc<D> {
    fn query(&self, name: &Name, kind: Kind) -> Answer {
        (**self).query(name, kind)
    }

    fn announce(&self, name: &Name, kind: Kind) {
        (**self).announce(name, kind);
    }
}

impl<D: Dns + ?Sized> Dns for Box<D> {
    fn query(&self, name: &Name, kind: Kind) -> Answer {
        (**self).query(name, kind)
    }

    fn announce(&self, name: &Name, kind: Kind) {
        (**self).announce(name, kind);
    }
}
