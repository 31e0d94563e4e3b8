#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod cache;
mod error;
mod eval;
mod flatten;
mod header;
mod limits;
mod lint;
mod macros;
mod outcome;
mod record;
mod request;
mod trace;

pub use cache::{MAX_CACHED_RECORDS, MAX_MEMO_TERMS, RecordCache};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use eval::{Config, check_host};
pub use flatten::{FlattenError, FlattenNote, FlattenOptions, Flattened, MAX_FLAT_RECORDS, flatten};
pub use limits::{Limits, MAX_EXPLANATION_BYTES, MAX_RECORD_BYTES};
pub use lint::{Finding, FindingKind, MAX_TREE_RECORDS, Severity, Tree, TreeNode, lint, lint_domain};
pub use macros::MacroString;
pub use outcome::{Counts, Identity, Matched, Outcome, Problem, SpfResult};
pub use record::{Builder, DualPrefix, Mechanism, Network, Qualifier, Record, Term, TermKind};
pub use request::Request;
pub use trace::{Asked, TermOutcome, Trace, TraceEvent, TraceStep, check_host_traced};
