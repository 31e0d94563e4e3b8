//! The rules of `rules/*.toml`, compiled by `build.rs`.

use std::borrow::Cow;

#[allow(unused_imports, reason = "rules may name any of them, or none")]
use crate::reason::{Advice, Class, Command, Reason};
use crate::rules::automaton::{Automaton, cell};
use crate::rules::tables::{Rule, Tables};

/// All built-in rules. Constants: there is nothing to load.
pub(crate) static BUILTIN: Tables = include!(concat!(env!("OUT_DIR"), "/rules.rs"));
