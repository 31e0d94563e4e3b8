//! What all structured fields share: folding, white space, comments and the ends of encoded words (RFC 5322 2.2.3, 3.2.2).

use memchr::{memchr, memmem};

/// How long the charset and language of an encoded word may be: registered names have 45 characters at most, languages
/// are short, and the limit keeps a row of `=?` from being read again and again.
const MAX_CHARSET_BYTES: usize = 80;

/// The value up to the line break that no white space follows, without that line break: where the field ends.
pub(crate) fn field(value: &[u8]) -> &[u8] {
    let mut from = 0;
    while let Some(at) = value.get(from..).and_then(|rest| memchr(b'\n', rest)).map(|at| at + from) {
        // RFC 5322 2.2.3: a line break is folding where white space follows
        if !matches!(value.get(at + 1), Some(b' ' | b'\t')) {
            let line = value.get(..at).unwrap_or_default();
            return line.strip_suffix(b"\r").unwrap_or(line);
        }
        from = at + 1;
    }
    value
}

/// White space of a field value, folding included.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// `bytes` without white space at both ends.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&b| !is_space(b)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|&b| !is_space(b)).map_or(start, |at| at + 1);
    bytes.get(start..end).unwrap_or_default()
}

/// Offset behind the comment whose `(` stands at `at`; the end of the value where it is not closed.
pub(crate) fn comment_end(value: &[u8], at: usize) -> usize {
    let mut depth = 0usize;
    let mut at = at;
    while let Some(&byte) = value.get(at) {
        at += 1;
        match byte {
            b'\\' => at = escaped(value, at) + 1,
            // RFC 5322 3.2.2: comments nest; counted, so depth costs no memory
            b'(' => depth = depth.saturating_add(1),
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    value.len()
}

/// Offset behind the quoted string whose `"` stands at `at`; `None` where it is not closed.
pub(crate) fn quoted_end(value: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    while let Some(&byte) = value.get(at) {
        at += 1;
        match byte {
            b'"' => return Some(at),
            // RFC 5322 3.2.4: a quoted-pair
            b'\\' => at = escaped(value, at) + 1,
            _ => {}
        }
    }
    None
}

/// Offset of the octet that a `\` in front of `at` quotes: folding in between is not what was quoted.
pub(crate) fn escaped(value: &[u8], at: usize) -> usize {
    match value.get(at..) {
        Some([b'\r', b'\n', b' ' | b'\t', ..]) => at + 3,
        Some([b'\n', b' ' | b'\t', ..]) => at + 2,
        _ => at,
    }
}

/// Offset behind white space and comments that start at `at` (RFC 5322 3.2.2: CFWS).
pub(crate) fn skip(value: &[u8], at: usize) -> usize {
    let mut at = at;
    while let Some(&byte) = value.get(at) {
        match byte {
            b'(' => at = comment_end(value, at),
            byte if is_space(byte) => at += 1,
            _ => break,
        }
    }
    at
}

/// Finds where encoded words end. Asked with growing offsets only, it searches every octet once.
#[derive(Debug)]
pub(crate) struct EncodedWords<'a> {
    value: &'a [u8],
    close: Ahead,
    line: Ahead,
}

impl<'a> EncodedWords<'a> {
    pub(crate) fn new(value: &'a [u8]) -> Self {
        Self { value, close: Ahead::default(), line: Ahead::default() }
    }

    /// Offset behind the encoded word that starts at `at`; `None` where there is none.
    pub(crate) fn end(&mut self, at: usize) -> Option<usize> {
        // RFC 2047 2: "=?" charset "?" encoding "?" encoded-text "?="
        let start = at.checked_add(2)?;
        if self.value.get(at..start)? != b"=?" {
            return None;
        }
        let rest = self.value.get(start..)?;
        let charset = rest.iter().take(MAX_CHARSET_BYTES).position(|&b| b == b'?' || is_space(b))?;
        let Some([b'?', b'b' | b'B' | b'q' | b'Q', b'?']) = rest.get(charset..charset + 3) else {
            return None;
        };
        let text = start + charset + 3;
        let value = self.value;
        let close = self.close.at_or_after(text, |from| memmem::find(value.get(from..)?, b"?="))?;
        let line = self.line.at_or_after(text, |from| memchr(b'\n', value.get(from..)?));
        // an encoded word does not cross a line; encoded text with spaces inside is wrong but common
        line.is_none_or(|line| close < line).then_some(close + 2)
    }
}

/// A search that only moves forward and remembers what it found.
#[derive(Debug, Default)]
struct Ahead {
    hit: Option<usize>,
    none_left: bool,
}

impl Ahead {
    fn at_or_after(&mut self, from: usize, find: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        if self.none_left {
            return None;
        }
        if self.hit.is_none_or(|hit| hit < from) {
            self.hit = find(from).map(|offset| from + offset);
            self.none_left = self.hit.is_none();
        }
        self.hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_ends_at_unfolded_line_break() {
        assert_eq!(field(b" a\r\n b\r\nc"), b" a\r\n b");
        assert_eq!(field(b"a\n"), b"a");
        assert_eq!(field(b"a\n\tb"), b"a\n\tb");
        assert_eq!(field(b""), b"");
    }

    #[test]
    fn comments_nest_and_quote() {
        assert_eq!(comment_end(b"(a (b) \\) c) d", 0), 12);
        assert_eq!(comment_end(b"(a \\\n ) b) c", 0), 10);
        assert_eq!(comment_end(b"((a)", 0), 4);
        assert_eq!(comment_end(b"(\\", 0), 2);
        assert_eq!(skip(b" (a)\r\n (b) c", 0), 11);
    }

    #[test]
    fn encoded_words_end() {
        let value = b"=?utf-8?q?a,b?= =?x =?utf-8?b?YQ\n ?= =?a?q?";
        let mut words = EncodedWords::new(value);
        assert_eq!(words.end(0), Some(15));
        assert_eq!(words.end(16), None);
        assert_eq!(words.end(20), None);
        assert_eq!(words.end(37), None);
    }
}
