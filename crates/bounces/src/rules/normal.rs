//! A reply reduced to the words that rules look for.
//!
//! Lower case, accents folded, one blank between words; numbers, codes, IP addresses and mail addresses taken out, so that
//! `<a@mailbox-full.example>` is not a full mailbox; host names and URLs kept as one word each. Articles and auxiliary verbs
//! are dropped, and so `the mailbox is full` and `mailbox full` are one text. Phrases of rules go through the same hands.

use super::word;

/// The reduced text, and where its words stand in the original.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normal {
    /// Words, with one blank before each and one at the end.
    pub(crate) text: Vec<u8>,
    /// For each word: where it begins in `text`, and from where to where it stands in the original.
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    at: u32,
    start: u32,
    end: u32,
}

impl Normal {
    /// Reduces `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut normal = Self {
            text: Vec::with_capacity(text.len().saturating_add(8)),
            marks: Vec::with_capacity((text.len() / 6).saturating_add(4)),
        };
        normal.pieces(text);
        normal.text.push(b' ');
        normal
    }

    /// The bytes of the original that `start..end` of the reduced text came from, to whole words.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        // A phrase that begins at a word takes the blank before it along.
        let after = self.marks.partition_point(|mark| (mark.at as usize) <= start.saturating_add(1));
        let first = self.marks.get(after.saturating_sub(1));
        let last_at = self.marks.partition_point(|mark| (mark.at as usize) < end);
        let last = self.marks.get(last_at.saturating_sub(1));
        (first.map_or(0, |mark| mark.start as usize), last.map_or(0, |mark| mark.end as usize))
    }

    fn pieces(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(rest) = bytes.get(at..) {
            let Some(skipped) = rest.iter().position(|octet| kind(*octet) & END == 0) else { return };
            at = at.saturating_add(skipped);
            let rest = rest.get(skipped..).unwrap_or_default();
            let mut kinds = 0u8;
            let ends = |octet: &u8| {
                let kind = kind(*octet);
                kinds |= kind & !END;
                kind & END != 0
            };
            let mut len = rest.iter().position(ends).unwrap_or(rest.len());
            let behind = rest.get(len..).unwrap_or_default();
            if behind.starts_with(b"://") {
                // A URL goes on behind its colon.
                kinds |= URL;
                let ends = |octet: &u8| {
                    matches!(octet, b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'>' | b'"' | b')' | b']')
                };
                len = len.saturating_add(behind.iter().position(ends).unwrap_or(behind.len()));
            }
            let end = at.saturating_add(len);
            if let Some(piece) = text.get(at..end) {
                self.piece(piece, at, kinds);
            }
            at = end;
        }
    }

    fn piece(&mut self, piece: &str, at: usize, kinds: u8) {
        if kinds & (LETTER | OTHER) == 0 {
            return; // Digits and marks: a code, a number, an IP address.
        }
        if kinds & URL != 0 {
            return self.one_word(piece, at);
        }
        if kinds & AT != 0 {
            // RFC 5321 4.1.2; what stands in front of an @ is somebody's name, and words in it are no news.
            return;
        }
        if kinds & MARK != 0 && piece.trim_matches('#').contains('#') {
            return self.whole(piece, at); // A code, as `AUP#In-1310`.
        }
        if kinds & !(LETTER | DOT) == 0
            && let Some(word) = piece.strip_suffix('.').filter(|word| word.bytes().all(|octet| octet != b'.'))
        {
            return self.word_ascii(word, at); // The end of a sentence.
        }
        if kinds & DOT != 0 && is_dotted(piece) {
            return self.whole(piece, at);
        }
        self.words(piece, at, kinds);
    }

    /// A host name or a code, as one word without the punctuation around it.
    fn whole(&mut self, piece: &str, at: usize) {
        let behind = piece.trim_start_matches(|c: char| c.is_ascii_punctuation());
        let at = at.saturating_add(piece.len()).saturating_sub(behind.len());
        self.one_word(behind.trim_end_matches(|c: char| c.is_ascii_punctuation()), at);
    }

    fn one_word(&mut self, piece: &str, at: usize) {
        self.open(at, piece.len());
        self.text.extend(piece.bytes().map(|octet| octet.to_ascii_lowercase()));
    }

    fn open(&mut self, start: usize, len: usize) {
        self.text.push(b' ');
        let small = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        self.marks.push(Mark {
            at: small(self.text.len()),
            start: small(start),
            end: small(start.saturating_add(len)),
        });
    }

    fn words(&mut self, piece: &str, at: usize, kinds: u8) {
        if kinds & !(LETTER | DIGIT) == 0 {
            return self.word_ascii(piece, at);
        }
        let mut start = None;
        for (offset, character) in piece.char_indices() {
            let part = character.is_alphanumeric()
                || character == '_'
                || word::is_apostrophe(character)
                || word::is_mark(character);
            match (part, start) {
                (true, None) => start = Some(offset),
                (false, Some(from)) => {
                    self.word(piece.get(from..offset).unwrap_or_default(), at.saturating_add(from));
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            self.word(piece.get(from..).unwrap_or_default(), at.saturating_add(from));
        }
    }

    fn word_ascii(&mut self, piece: &str, at: usize) {
        self.open(at, piece.len());
        let from = self.text.len();
        self.text.extend(piece.bytes().map(|octet| octet.to_ascii_lowercase()));
        self.close(from);
    }

    fn word(&mut self, piece: &str, at: usize) {
        if piece.bytes().all(|octet| octet.is_ascii_alphanumeric()) {
            if piece.bytes().any(|octet| octet.is_ascii_alphabetic()) {
                self.word_ascii(piece, at);
            }
            return;
        }
        if piece.contains('_') && !word::is_code(piece) {
            let mut from = at;
            for part in piece.split('_') {
                if !part.contains('_') && !part.is_empty() {
                    self.word(part, from);
                }
                from = from.saturating_add(part.len()).saturating_add(1);
            }
            return;
        }
        if let Some((head, tail)) = word::elision(piece) {
            let behind = at.saturating_add(piece.len()).saturating_sub(tail.len());
            self.simple(head, at);
            return self.simple(tail, behind);
        }
        self.simple(piece, at);
    }

    /// A word without anything to divide it at.
    fn simple(&mut self, piece: &str, at: usize) {
        // Chinese and Japanese have no blanks between words, and lines are broken anywhere.
        let joined = piece.chars().next().is_some_and(word::is_ideographic) && self.ends_ideographic();
        if joined {
            let small = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
            let len = self.text.len();
            self.marks.push(Mark {
                at: small(len),
                start: small(at),
                end: small(at.saturating_add(piece.len())),
            });
        } else {
            self.open(at, piece.len());
        }
        let from = self.text.len();
        for character in piece.chars() {
            word::fold(character, &mut self.text);
        }
        if !joined {
            self.close(from);
        }
    }

    fn ends_ideographic(&self) -> bool {
        let tail = self.text.len().saturating_sub(3);
        let last = self.text.get(tail..).and_then(|tail| std::str::from_utf8(tail).ok());
        last.and_then(|last| last.chars().next()).is_some_and(word::is_ideographic)
    }

    /// Takes the last word back if it says nothing; makes the contractions of `not` one word.
    fn close(&mut self, from: usize) {
        let Some(last) = self.text.get(from..) else { return };
        match word::judge(last) {
            word::Judgement::Keep => {}
            word::Judgement::Drop => {
                self.text.truncate(from.saturating_sub(1));
                self.marks.pop();
            }
            word::Judgement::Not => {
                self.text.truncate(from);
                self.text.extend_from_slice(b"not");
            }
        }
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const DOT: u8 = 4;
const AT: u8 = 8;
const URL: u8 = 16;
/// Octets beyond ASCII.
const OTHER: u8 = 32;
const MARK: u8 = 64;

/// A piece ends before it: blanks, controls, and marks that stand between words.
const END: u8 = 128;

/// What an octet says of the piece that it stands in.
#[inline]
fn kind(octet: u8) -> u8 {
    KINDS.get(usize::from(octet)).copied().unwrap_or(END)
}

const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let (ascii, _) = kinds.split_at_mut(128);
    let mut left = ascii;
    let mut octet = 0;
    while let [first, rest @ ..] = left {
        *first = ascii_kind(octet);
        left = rest;
        octet += 1;
    }
    kinds
};

const fn ascii_kind(octet: u8) -> u8 {
    match octet {
        b'a'..=b'z' | b'A'..=b'Z' => LETTER,
        b'0'..=b'9' => DIGIT,
        b'.' => DOT,
        b'@' => AT,
        0..=0x20 | 0x7f | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => END,
        b'"' | b',' | b';' | b':' | b'|' | b'=' => END,
        _ => MARK,
    }
}

/// Whether a piece with a dot in it is a host name or the like, and not two sentences without a blank between.
fn is_dotted(piece: &str) -> bool {
    let trimmed = piece.trim_matches(|c: char| c.is_ascii_punctuation());
    let bytes = trimmed.as_bytes();
    let mut dotted = false;
    for window in bytes.windows(3) {
        if let [before, b'.', after] = window {
            if before.is_ascii_lowercase() && after.is_ascii_uppercase() && !trimmed.contains('-') {
                return trimmed.bytes().filter(|octet| *octet == b'.').count() > 1;
            }
            dotted |= before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
        }
    }
    dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        String::from_utf8(Normal::of(text).text).unwrap()
    }

    #[test]
    fn what_is_left_of_a_reply() {
        assert_eq!(normal("550 5.1.1 <jo@mailbox-full.example>: User unknown"), " user unknown ");
        assert_eq!(
            normal("The user's mailbox isn't FULL, but it doesn't exist."),
            " users mailbox not full but not exist "
        );
        assert_eq!(
            normal("Client host [192.0.2.1] blocked using zen.spamhaus.org;"),
            " client host blocked using zen.spamhaus.org "
        );
        assert_eq!(normal("see http://example.com/a?b=c, bye"), " see http://example.com/a?b=c, bye ");
        assert_eq!(normal("rejected.Please see"), " rejected please see ");
        assert_eq!(
            normal("Bo\u{ee}te pleine, l'utilisateur n\u{2019}existe pas"),
            " boite pleine l utilisateur n existe pas "
        );
        assert_eq!(normal("Empf\u{e4}nger unbekannt"), " empfaenger unbekannt ");
        assert_eq!(
            normal("\u{6536}\u{4ef6}\u{4eba}\n \u{4e0d}\u{5b58}\u{5728}"),
            " \u{6536}\u{4ef6}\u{4eba}\u{4e0d}\u{5b58}\u{5728} "
        );
        assert_eq!(normal("OFR_417 mailbox_full [417]"), " ofr_417 mailbox full ");
        assert_eq!(normal(""), " ");
    }

    #[test]
    fn a_code_stands_where_it_begins() {
        let text = "550 *AUP#In-13\u{fffd}\u{fffd}, -mx.example.net-";
        let normal = Normal::of(text);
        assert_eq!(normal.original(0, 5), (5, 20));
        assert_eq!(text.get(5..20), Some("AUP#In-13\u{fffd}\u{fffd}"));
    }

    #[test]
    fn where_words_stand() {
        let text = "550 5.1.1 The user is unknown here";
        let normal = Normal::of(text);
        let at = memchr::memmem::find(&normal.text, b" user unknown").unwrap();
        let (start, end) = normal.original(at, at + 13);
        assert_eq!(text.get(start..end), Some("user is unknown"));
    }
}
