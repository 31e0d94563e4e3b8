//! Searches in text without regard to ASCII letter case.

use memchr::{memchr, memchr2};

/// Where `part`, which is ASCII, stands first.
pub(crate) fn ascii_find(text: &str, part: &str) -> Option<usize> {
    let (bytes, part) = (text.as_bytes(), part.as_bytes());
    let first = *part.first()?;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        at += if first.is_ascii_alphabetic() {
            memchr2(first.to_ascii_lowercase(), first.to_ascii_uppercase(), rest)?
        } else {
            memchr(first, rest)?
        };
        let here = bytes.get(at..at + part.len())?;
        if here.eq_ignore_ascii_case(part) {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether `text` begins with `prefix`.
pub(crate) fn starts_with_fold(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// `text` without the spaces that it begins with.
pub(crate) fn trim_start_spaces(text: &str) -> &str {
    text.trim_start_matches(' ')
}
