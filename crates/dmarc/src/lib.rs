#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod author;
pub mod destination;
mod evaluate;
mod identifiers;
pub mod mta_sts;
mod policy;
mod psl;
pub mod record;
#[cfg(feature = "report")]
#[cfg_attr(docsrs, doc(cfg(feature = "report")))]
pub mod report;
pub mod walk;

pub use author::{Author, MAX_MAILBOXES, NoAuthor};
pub use evaluate::{
    Aligned, Config, Evaluation, Mode, NoneReason, Published, Relation, Source, TempReason, Verdict, evaluate,
};
pub use identifiers::{ArcChain, DkimIdentifier, Identifiers, MAX_SIGNATURES, SpfIdentifier};
pub use policy::{Alignment, FailureOption, Override, OverrideKind, Policy, Psd};
pub use psl::{MAX_LIST, PublicSuffixList};
pub use record::{Record, RecordError};
