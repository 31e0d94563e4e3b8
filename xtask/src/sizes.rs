//! File sizes: a file has one subject, and a long one usually has two.

use crate::workspace::{files, root};

/// A full room.
const FULL: usize = 400;
/// Past this a wall is missing.
const TOO_LONG: usize = 500;

/// One sentence for each source file that has grown long; a warning, not a failure.
pub(crate) fn warnings() -> Vec<String> {
    let mut long: Vec<(usize, String)> = files("*.rs")
        .into_iter()
        .filter_map(|path| {
            let lines = std::fs::read_to_string(root().join(&path)).ok()?.lines().count();
            (lines > FULL).then_some((lines, path))
        })
        .collect();
    long.sort_by(|a, b| b.cmp(a));
    long.into_iter()
        .map(|(lines, path)| {
            let word =
                if lines > TOO_LONG { "past 500, look for the missing wall" } else { "past 400, full" };
            format!("{path}: {lines} lines ({word})")
        })
        .collect()
}
