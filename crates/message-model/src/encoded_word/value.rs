//! Encoded words in parameter values, where RFC 2047 5 forbids them and mail has them nevertheless.

use super::word::{Run, Word};
use crate::charset;

/// A parameter value with its encoded words decoded, unquoted as well if `quoted`; `None` where it has none.
///
/// A word is seen at the start, behind a blank and behind another word. Blanks between words stay in a quoted string, but
/// a fold with its blank does not: writers fold long names there.
pub(crate) fn decode_value(value: &[u8], quoted: bool) -> Option<String> {
    memchr::memmem::find(value, b"=?")?;
    let mut text = String::with_capacity(value.len());
    let mut run = Run::default();
    let mut plain = Vec::new();
    let mut found = false;
    // After a word or a blank, or at the start.
    let mut may_start = true;
    let mut rest = value;
    while let Some((&octet, behind)) = rest.split_first() {
        if octet == b'='
            && may_start
            && let Some((word, length)) = Word::parse(rest)
        {
            if !plain.is_empty() {
                run.flush(&mut text);
                text.push_str(&charset::decode_lossy(&plain));
                plain.clear();
            }
            run.push(&word, &mut text);
            found = true;
            rest = between_words(rest.get(length..).unwrap_or_default(), quoted);
            continue;
        }
        rest = behind;
        match (octet, behind) {
            (b'\\', [escaped, behind @ ..]) if quoted => {
                if !matches!(escaped, b'\r' | b'\n') {
                    plain.push(*escaped);
                }
                rest = behind;
            }
            (b'\r' | b'\n', _) if quoted => {}
            _ => plain.push(octet),
        }
        may_start = matches!(octet, b' ' | b'\t');
    }
    if !found {
        return None;
    }
    run.flush(&mut text);
    text.push_str(&charset::decode_lossy(&plain));
    Some(text)
}

/// What to go on with behind a word: without the fold, or in a token without the blanks, if another word follows.
fn between_words(rest: &[u8], quoted: bool) -> &[u8] {
    let blanks = rest.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
    let Some((blank, word)) = rest.split_at_checked(blanks) else {
        return rest;
    };
    if !word.starts_with(b"=?") {
        return rest;
    }
    if !quoted {
        return word;
    }
    match blank {
        [b'\r', b'\n', _, ..] => rest.get(3..).unwrap_or_default(),
        [b'\n', _, ..] => rest.get(2..).unwrap_or_default(),
        _ => rest,
    }
}
