//! Text into the columns of a terminal.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// More columns than this are no help to who reads sentences.
const PROSE: usize = 100;

/// The lines of a sentence in `room` columns. A word that is longer stands alone: paths and identifiers are copied.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.clamp(20, PROSE);
    let mut lines: Vec<String> = Vec::new();
    let mut width = 0;
    for word in text.split(' ') {
        let wide = word.width();
        match lines.last_mut() {
            Some(line) if width + 1 + wide <= room => {
                line.push(' ');
                line.push_str(word);
                width += 1 + wide;
            }
            _ => {
                lines.push(word.to_owned());
                width = wide;
            }
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end_matches(' ').len());
    }
    lines
}

/// `text` in `room` columns, cut and with `…` behind where it is longer.
pub(crate) fn fit(text: &str, room: usize) -> Cow<'_, str> {
    if text.width() <= room {
        return Cow::Borrowed(text);
    }
    let (mut out, mut left) = (String::new(), room.saturating_sub(1));
    for c in text.chars() {
        let Some(rest) = left.checked_sub(c.width().unwrap_or(0)) else { break };
        left = rest;
        out.push(c);
    }
    out.push('…');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{fit, wrap};

    #[test]
    fn lines_keep_their_words() {
        assert_eq!(wrap("one two three four five six", 20), ["one two three four", "five six"]);
        assert_eq!(wrap("  1  x", 20), ["  1  x"]);
        assert_eq!(wrap("a bbbbbbbbbbbbbbbbbbbbbbbbb c", 20), ["a", "bbbbbbbbbbbbbbbbbbbbbbbbb", "c"]);
        assert_eq!(wrap("", 20), [""]);
        assert_eq!(wrap("a b ", 20), ["a b"]);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
    }
}
