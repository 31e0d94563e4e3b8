//! The marks of `formats/*.toml`, compiled by `build.rs` into one automaton.

use std::borrow::Cow;

use super::mark::FORMAT_SHIFT;
use crate::rules::automaton::{Automaton, cell};

include!(concat!(env!("OUT_DIR"), "/marks.rs"));

/// Calls `found` with the bits and the end of every mark in `text`, in any case of ASCII letters.
pub(super) fn scan(text: &[u8], mut found: impl FnMut(u32, usize)) {
    MARKS.scan_lower(text, |pattern, end| {
        if let Some(code) = CODES.get(pattern as usize) {
            found(*code, end);
        }
    });
}

/// All bits of the marks in `text`.
pub(super) fn bits(text: &[u8]) -> u32 {
    let mut all = 0;
    scan(text, |code, _| all |= code & ((1 << FORMAT_SHIFT) - 1));
    all
}

/// The name of a format by its number, from 1.
pub(super) fn format_name(number: u32) -> Option<&'static str> {
    FORMATS.get((number as usize).checked_sub(1)?).copied()
}
