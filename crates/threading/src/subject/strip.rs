//! RFC 5256 2.1 steps 2 to 6 and the grammar of its section 5.

use std::ops::Range;

use super::SubjectRules;
use super::rules::split_blob;

/// Where the base is in a subject.
pub(super) struct Stripped {
    /// The blobs in front of the base that belong to it.
    pub(super) kept: Vec<Range<usize>>,
    pub(super) base: Range<usize>,
    /// Whether a mark of a reply or a forward was taken off.
    pub(super) marked: bool,
}

/// Takes apart `text`, in which white space is single spaces.
pub(super) fn strip(text: &str, rules: &SubjectRules) -> Stripped {
    // `base` always is an end of `rest`, and `rest` starts where `text` does
    let (mut rest, mut base) = (text, text);
    let mut stripped = Stripped { kept: Vec::new(), base: 0..0, marked: false };
    loop {
        // RFC 5256 2.1 (2): subj-trailer
        let before = base.len();
        base = base.trim_end_matches(' ');
        while let Some(inner) = strip_suffix(base, "(fwd)") {
            base = inner.trim_end_matches(' ');
            stripped.marked = true;
        }
        rest = rest.get(..rest.len() - (before - base.len())).unwrap_or_default();
        // RFC 5256 2.1 (3) to (5): subj-leader and subj-blob
        base = leaders(base, rest.len(), rules, &mut stripped);
        // RFC 5256 2.1 (6): subj-fwd-hdr and subj-fwd-trl
        match strip_prefix(base, "[fwd:").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => {
                base = inner;
                rest = rest.strip_suffix(']').unwrap_or_default();
                stripped.marked = true;
            }
            None => {
                stripped.base = rest.len() - base.len()..rest.len();
                return stripped;
            }
        }
    }
}

/// Takes off what stands in front of the base; `end` is where `text` ends.
fn leaders<'a>(text: &'a str, end: usize, rules: &SubjectRules, stripped: &mut Stripped) -> &'a str {
    let mut base = text.trim_start_matches(' ');
    loop {
        // subj-leader = (*subj-blob subj-refwd) / WSP: all blobs are read once, whether a subj-refwd follows or not
        let mut behind = base;
        let mut last_blob = base;
        let mut keeps_last = false;
        while let Some((inner, rest)) = split_blob(behind) {
            last_blob = behind;
            keeps_last = !rules.blobs.come_off(inner);
            if keeps_last {
                let start = end - behind.len();
                stripped.kept.push(start..start + inner.len() + 2);
            }
            behind = rest;
        }
        if let Some(rest) = rules.prefixes.strip(behind) {
            stripped.marked = true;
            base = rest.trim_start_matches(' ');
            continue;
        }
        if !behind.is_empty() {
            return behind;
        }
        // (4): a blob stays where nothing would be left behind it
        if keeps_last {
            stripped.kept.pop();
        }
        return last_blob;
    }
}

/// `text` without `prefix`, which is ASCII, in any case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// `text` without `suffix`, which is ASCII, in any case.
fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}
