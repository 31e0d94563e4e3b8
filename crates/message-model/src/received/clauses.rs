//! The clauses of a trace field outside of comments (RFC 5321 4.4).

use crate::cfws;

/// Words behind their keywords, and what stands behind the first `;`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Clauses<'a> {
    pub(super) with: Option<&'a [u8]>,
    pub(super) id: Option<&'a [u8]>,
    pub(super) date: Option<&'a [u8]>,
}

pub(super) fn find(value: &[u8]) -> Clauses<'_> {
    let mut found = Clauses::default();
    let mut keyword: &[u8] = b"";
    let mut at = cfws::skip(value, 0);
    while let Some(&byte) = value.get(at) {
        if byte == b';' {
            found.date = value.get(at + 1..);
            break;
        }
        let word = word(value, at);
        at = cfws::skip(value, at + word.len().max(1));
        let is = |clause: &str| keyword.eq_ignore_ascii_case(clause.as_bytes());
        if is("id") {
            found.id = Some(msg_id(word));
        } else if is("with") {
            found.with = Some(word);
        } else if !["from", "by", "via", "for"].into_iter().any(is) {
            keyword = word;
            continue;
        }
        keyword = b"";
    }
    found
}

/// What stands at `at` up to white space, a comment, `;` or `,`; what is in angle brackets is one word.
fn word(value: &[u8], at: usize) -> &[u8] {
    let rest = value.get(at..).unwrap_or_default();
    let mut angle = false;
    let end = rest.iter().position(|&b| match b {
        b'<' => {
            angle = true;
            false
        }
        b'>' => {
            angle = false;
            false
        }
        b';' | b',' | b'(' => !angle,
        _ => cfws::is_space(b),
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

fn msg_id(word: &[u8]) -> &[u8] {
    let inner = word.strip_prefix(b"<").unwrap_or(word);
    inner.strip_suffix(b">").unwrap_or(inner)
}

/// RFC 5322 3.2.3: what an atom may hold.
pub(super) fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_behind_keywords() {
        let found = find(b"from id (with x; id y) by with.example WITH ESMTP(z) ID <a;b@c> ; 1 Jan; x");
        // the "id" behind "from" is a host
        assert_eq!(found.id, Some(&b"a;b@c"[..]));
        assert_eq!(found.with, Some(&b"ESMTP"[..]));
        assert_eq!(found.date, Some(&b" 1 Jan; x"[..]));
        assert_eq!(find(b"(a; b"), Clauses::default());
    }
}
