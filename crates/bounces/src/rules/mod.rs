//! Rules: phrases of replies and what they mean. `build.rs` compiles the files of `rules/` with these very modules, so that a
//! user's rules, compiled at run time, are read in the same way.

pub(crate) mod answer;
pub(crate) mod automaton;
#[cfg(feature = "user-rules")]
pub(crate) mod check;
#[cfg(feature = "user-rules")]
pub(crate) mod compile;
#[cfg(feature = "user-rules")]
pub(crate) mod error;
pub(crate) mod normal;
#[cfg(feature = "user-rules")]
pub(crate) mod read;
pub(crate) mod tables;
#[cfg(feature = "user-rules")]
pub(crate) mod trie;
mod word;
