//! Unstructured text and phrases as units of a folded field (RFC 5322 3.2.5, RFC 2047).

use std::ops::Range;

use crate::encoded_word::{Place, encode};

use super::fold::has_line_break;
use super::{ComposeError, ComposeErrorKind, Folder};

/// Longest word that is written as it is: the rest of the line is for a field name and the like.
const LONGEST_WORD: usize = 900;

/// Longest quoted string: longer ones are written as encoded words, which can be folded.
const LONGEST_QUOTED: usize = 76;

/// Appends unstructured text: words as they are where they can be, else as encoded words, so that reading gives `text`
/// again, also its blanks at both ends.
pub(super) fn unstructured(folder: &mut Folder, text: &str, is_utf8: bool) -> Result<(), ComposeError> {
    if has_line_break(text.as_bytes()) {
        return Err(ComposeErrorKind::LineBreak.into());
    }
    // Between two runs there is one blank, as in front of the first.
    for Run { at, is_encoded } in runs(text, is_utf8) {
        let run = text.get(at).unwrap_or_default();
        if is_encoded {
            encode(run, Place::Text).iter().try_for_each(|word| folder.unit(" ", word))?;
        } else {
            folder.unit(" ", run)?;
        }
    }
    Ok(())
}

/// The units of a phrase, as in a display name: words where it consists of them, else a quoted string, else encoded
/// words.
pub(super) fn phrase(text: &str, is_utf8: bool) -> Result<Vec<String>, ComposeError> {
    if has_line_break(text.as_bytes()) {
        return Err(ComposeErrorKind::LineBreak.into());
    }
    let is_edged = text.trim_matches([' ', '\t']).len() < text.len();
    if is_edged || !text.split(' ').all(|word| word.is_empty() || is_plain(word, is_utf8)) {
        return Ok(encode(text, Place::Phrase));
    }
    // RFC 5322 3.2.3, RFC 6532 3.2: atext
    let is_atom = |word: &str| {
        let is_atext = |octet: u8| {
            octet.is_ascii_alphanumeric() || octet > 127 || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
        };
        !word.is_empty() && word.bytes().all(is_atext)
    };
    if text.split(' ').all(is_atom) {
        return Ok(text.split(' ').map(str::to_owned).collect());
    }
    let quoted = quoted_string(text);
    Ok(if quoted.len() <= LONGEST_QUOTED { vec![quoted] } else { encode(text, Place::Phrase) })
}

/// `text` as a quoted string (RFC 5322 3.2.4); it has no line breaks.
pub(super) fn quoted_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
    out
}

/// Text that is written in one way; between two runs there is one blank.
struct Run {
    at: Range<usize>,
    is_encoded: bool,
}

/// A run for each plain word, and one for all words that follow each other and must be encoded: blanks between two
/// encoded words are no text (RFC 2047 6.2). Words with more than one blank between them stay together, since not all
/// readers keep such blanks at a fold or beside an encoded word.
fn runs(text: &str, is_utf8: bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut start = 0;
    for word in text.split([' ', '\t']) {
        let at = start..start + word.len();
        start = at.end + 1;
        if !word.is_empty() {
            runs.push(Run { at, is_encoded: !is_plain(word, is_utf8) });
        }
    }
    runs.dedup_by(|next, run| {
        let is_odd = text.get(run.at.end..next.at.start) != Some(" ");
        if is_odd {
            run.at.end = next.at.end;
            run.is_encoded |= next.is_encoded || run.at.len() > LONGEST_WORD;
        }
        is_odd
    });
    if runs.is_empty() && !text.is_empty() {
        runs.push(Run { at: 0..text.len(), is_encoded: true });
    }
    // Readers take off the blanks at both ends of the value: inside an encoded word they stay.
    if let Some(first) = runs.first_mut().filter(|first| first.at.start > 0) {
        *first = Run { at: 0..first.at.end, is_encoded: true };
    }
    if let Some(last) = runs.last_mut().filter(|last| last.at.end < text.len()) {
        *last = Run { at: last.at.start..text.len(), is_encoded: true };
    }
    runs.dedup_by(|next, run| {
        let is_joined = run.is_encoded && next.is_encoded;
        if is_joined {
            run.at.end = next.at.end;
        }
        is_joined
    });
    runs
}

/// Whether a word can be written as it is: printable, not too long, and not to be taken for an encoded word.
fn is_plain(word: &str, is_utf8: bool) -> bool {
    let is_written = |character: char| {
        if character.is_ascii() { character.is_ascii_graphic() } else { is_utf8 && !character.is_control() }
    };
    word.len() <= LONGEST_WORD && word.chars().all(is_written) && !word.contains("=?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut folder = Folder::new("Subject").unwrap();
        unstructured(&mut folder, text, false).unwrap();
        folder.finish()
    }

    #[test]
    fn only_what_must_be_is_encoded() {
        assert_eq!(written("a  b\tc"), "Subject: a  b\tc\r\n");
        assert_eq!(written("Das Äffchenhaus ist da"), "Subject: Das =?utf-8?Q?=C3=84ffchenhaus?= ist da\r\n");
        assert_eq!(written("Ä Ö x"), "Subject: =?utf-8?B?w4Qgw5Y=?= x\r\n");
        assert_eq!(written("a =?x?= b"), "Subject: a =?utf-8?B?PT94Pz0=?= b\r\n");
        assert_eq!(written("Ä  b c"), "Subject: =?utf-8?B?w4QgIGI=?= c\r\n");
        assert_eq!(written(" a b"), "Subject: =?utf-8?Q?_a?= b\r\n");
        assert_eq!(written("a b "), "Subject: a =?utf-8?Q?b_?=\r\n");
        assert_eq!(written(" "), "Subject: =?utf-8?Q?_?=\r\n");
        assert_eq!(written(""), "Subject:\r\n");
    }

    #[test]
    fn phrases() {
        let units = |text| phrase(text, false).unwrap().join(" ");
        assert_eq!(units("Ann B"), "Ann B");
        assert_eq!(units("Ann B."), "\"Ann B.\"");
        assert_eq!(units("Ann \"B\""), r#""Ann \"B\"""#);
        assert_eq!(units("Ann  B"), "\"Ann  B\"");
        assert_eq!(units("Ännchen von Tharau"), "=?utf-8?Q?=C3=84nnchen_von_Tharau?=");
        assert_eq!(phrase("Ännchen B", true).unwrap(), ["Ännchen", "B"]);
        assert_eq!(phrase("a\nb", true).unwrap_err().kind(), ComposeErrorKind::LineBreak);
    }
}
