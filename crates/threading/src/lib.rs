#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod batch;
mod cfws;
mod date;
mod error;
mod forest;
mod guard;
mod header;
mod hints;
mod id;
pub mod index;
mod limits;
mod link;
mod merge;
mod options;
mod ordered;
pub mod output;
mod prune;
pub mod quote;
mod rule;
mod subject;
pub mod view;
mod why;

pub use batch::thread;
pub use date::sent_date;
pub use error::{Error, ErrorKind};
pub use forest::{Forest, NodeId, Visit, Walk};
pub use guard::MAX_PARTICIPANTS;
pub use header::Header;
pub use hints::MAX_THREAD_INDEX;
pub use id::{IdMode, Ids, MessageIds, Source};
pub use limits::{Limits, MAX_HEADER_OCTETS, MAX_IDS, MAX_MESSAGES, MAX_NODES};
pub use options::{Algorithm, Guard, Merge, Options, SubjectPolicy};
pub use rule::Rule;
pub use subject::{BaseSubject, Blobs, MAX_PREFIX, Prefixes, SubjectRules, Tags, base_subject, casemap};
pub use why::{Place, Why};
