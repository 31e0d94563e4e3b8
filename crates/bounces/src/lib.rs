#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod builtin;
mod classify;
mod limits;
mod origin;
mod parse;
mod reason;
mod reply;
mod report;
mod rules;
mod score;
mod status;
pub mod tag;

pub use classify::{Classifier, Confidence, MAX_REPLY, RuleSet, Verdict, classify};
pub use limits::{Limits, MAX_DIAGNOSTIC, MAX_INPUT, MAX_RECIPIENTS, MAX_TEXT};
pub use origin::{Origin, sent_by_us};
pub use parse::{Parser, parse};
pub use reason::{Advice, Category, Class, Command, Nature, NoSuchName, Reason};
pub use reply::Reply;
pub use report::{Action, AutoReply, Feedback, Kind, Original, Recipient, Report, Source, Warning};
#[cfg(feature = "user-rules")]
pub use rules::error::{MAX_PHRASE, MAX_PHRASES, MAX_USER_RULES, RuleError, RuleErrorKind};
pub use score::{Policy, Score};
pub use status::{Status, StatusError};
