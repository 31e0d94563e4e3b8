//! RFC 5256 2.1 steps 2 to 6 and the grammar of its section 5.

/// The base of `text`, and whether a mark of a reply or a forward was taken off. White space in `text` is single spaces.
pub(super) fn strip(text: &str) -> (&str, bool) {
    let mut base = text;
    let mut marked = false;
    loop {
        // RFC 5256 2.1 (2): subj-trailer
        base = base.trim_end_matches(' ');
        while let Some(rest) = strip_suffix(base, "(fwd)") {
            base = rest.trim_end_matches(' ');
            marked = true;
        }
        // RFC 5256 2.1 (3) to (5): subj-leader and subj-blob
        base = leaders(base, &mut marked);
        // RFC 5256 2.1 (6): subj-fwd-hdr and subj-fwd-trl
        match strip_prefix(base, "[fwd:").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => {
                base = inner;
                marked = true;
            }
            None => return (base, marked),
        }
    }
}

/// Takes off what stands in front of the base.
fn leaders<'a>(text: &'a str, marked: &mut bool) -> &'a str {
    let mut base = text.trim_start_matches(' ');
    loop {
        // subj-leader = (*subj-blob subj-refwd) / WSP: all blobs are read once, whether a subj-refwd follows or not
        let mut behind = base;
        let mut last_blob = base;
        while let Some(rest) = blob(behind) {
            last_blob = behind;
            behind = rest;
        }
        if let Some(rest) = refwd(behind) {
            *marked = true;
            base = rest.trim_start_matches(' ');
        } else {
            // (4): a blob stays where nothing would be left behind it
            return if behind.is_empty() { last_blob } else { behind };
        }
    }
}

/// `subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"`: what stands behind it.
fn refwd(text: &str) -> Option<&str> {
    let behind = strip_prefix(text, "re")
        .or_else(|| strip_prefix(text, "fwd"))
        .or_else(|| strip_prefix(text, "fw"))?;
    let behind = behind.trim_start_matches(' ');
    blob(behind).unwrap_or(behind).strip_prefix(':')
}

/// `subj-blob = "[" *BLOBCHAR "]" *WSP`: what stands behind it.
fn blob(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let (_, from) = inner.split_at_checked(memchr::memchr2(b'[', b']', inner.as_bytes())?)?;
    Some(from.strip_prefix(']')?.trim_start_matches(' '))
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
