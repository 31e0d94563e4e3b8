//! Elements whose content is text: HTML 13.2.5.2 to 13.2.5.5 and 13.2.5.15 to 13.2.5.31.

use memchr::memchr;

use super::{Raw, Tag, Tokenizer};

/// How far into `<!-- <script> --> </script>` a script is. The states have the standard's names, less "script data".
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Data,
    LessThan,
    EndTagOpen,
    EscapeStart,
    EscapeStartDash,
    Escaped,
    EscapedDash,
    EscapedDashDash,
    EscapedLessThan,
    EscapedEndTagOpen,
    DoubleEscapeStart,
    DoubleEscaped,
    DoubleEscapedDash,
    DoubleEscapedDashDash,
    DoubleEscapedLessThan,
    DoubleEscapedEnd,
}

impl Raw {
    /// Whether the content of an element is text.
    pub(super) fn of(tag: Tag) -> Option<Self> {
        use Tag::*;
        let raw = matches!(
            tag,
            Iframe | Noembed | Noframes | Noscript | Plaintext | Script | Style | Textarea | Title | Xmp
        );
        raw.then_some(Self(tag))
    }
}

impl Tokenizer<'_> {
    pub(super) fn read_raw(&mut self, raw: Raw) {
        match raw.0 {
            Tag::Plaintext => {
                self.advance(self.bytes.len());
                self.eof = true;
                self.data.1 = self.pos;
                self.text_is_raw = true;
                return;
            }
            Tag::Script => {
                self.read_script();
                self.data.1 = self.pos;
                self.text_is_raw = true;
                self.raw = None;
                return;
            }
            _ => {}
        }
        while !self.eof {
            self.skip_to(b'<');
            if self.read().is_none() {
                break;
            }
            match self.read() {
                None => break,
                Some(b'/') => {}
                Some(_) => {
                    self.unread();
                    continue;
                }
            }
            if self.read_raw_end(raw.0) || self.eof {
                break;
            }
        }
        self.data.1 = self.pos;
        // The text of these two can hold character references.
        self.text_is_raw = !matches!(raw.0, Tag::Textarea | Tag::Title);
        self.raw = None;
    }

    /// After `</`: whether the tag that ends the element follows; if so it is to be read again.
    fn read_raw_end(&mut self, tag: Tag) -> bool {
        let name = tag.name().as_bytes();
        for wanted in name {
            let Some(byte) = self.read() else { return false };
            if !byte.eq_ignore_ascii_case(wanted) {
                self.unread();
                return false;
            }
        }
        match self.read() {
            None => false,
            Some(b' ' | b'\n' | b'\r' | b'\t' | b'\x0c' | b'/' | b'>') => {
                // `</`, the name and the octet after it.
                self.pos = self.pos.saturating_sub(3 + name.len());
                self.place.col -= super::length(3 + name.len());
                true
            }
            Some(_) => {
                self.unread();
                false
            }
        }
    }

    fn read_script(&mut self) {
        use Script::*;
        let mut state = Data;
        while !self.eof {
            // Most of a script is this.
            if state == Data {
                let rest = self.bytes.get(self.pos..).unwrap_or_default();
                self.advance(memchr(b'<', rest).map_or(self.bytes.len(), |at| self.pos + at));
            }
            state = match state {
                EndTagOpen => {
                    if self.read_raw_end(Tag::Script) || self.eof {
                        return;
                    }
                    Data
                }
                EscapedEndTagOpen => {
                    if self.read_raw_end(Tag::Script) {
                        return;
                    }
                    Escaped
                }
                DoubleEscapeStart => match self.double_escape_start() {
                    Some(state) => state,
                    None => return,
                },
                DoubleEscapedEnd => {
                    if self.read_raw_end(Tag::Script) {
                        self.pos += "</script>".len();
                        Escaped
                    } else if self.eof {
                        return;
                    } else {
                        DoubleEscaped
                    }
                }
                _ => match self.read() {
                    Some(byte) => self.script_step(state, byte),
                    None => return,
                },
            };
        }
    }

    fn script_step(&mut self, state: Script, byte: u8) -> Script {
        use Script::*;
        let next = match (state, byte) {
            (Data, b'<') => Some(LessThan),
            (Data, _) => Some(Data),
            (LessThan, b'/') => Some(EndTagOpen),
            (LessThan, b'!') => Some(EscapeStart),
            (EscapeStart, b'-') => Some(EscapeStartDash),
            (EscapeStartDash, b'-') => Some(EscapedDashDash),
            (Escaped, b'-') => Some(EscapedDash),
            (EscapedDash | EscapedDashDash, b'-') => Some(EscapedDashDash),
            (Escaped | EscapedDash | EscapedDashDash, b'<') => Some(EscapedLessThan),
            (EscapedDashDash, b'>') => Some(Data),
            (Escaped | EscapedDash | EscapedDashDash, _) => Some(Escaped),
            (EscapedLessThan, b'/') => Some(EscapedEndTagOpen),
            (EscapedLessThan, letter) if letter.is_ascii_alphabetic() => Some(DoubleEscapeStart),
            (DoubleEscaped, b'-') => Some(DoubleEscapedDash),
            (DoubleEscapedDash | DoubleEscapedDashDash, b'-') => Some(DoubleEscapedDashDash),
            (DoubleEscaped | DoubleEscapedDash | DoubleEscapedDashDash, b'<') => Some(DoubleEscapedLessThan),
            (DoubleEscapedDash | DoubleEscapedDashDash, b'>') => Some(Data),
            (DoubleEscaped | DoubleEscapedDash | DoubleEscapedDashDash, _) => Some(DoubleEscaped),
            (DoubleEscapedLessThan, b'/') => Some(DoubleEscapedEnd),
            _ => None,
        };
        next.unwrap_or_else(|| {
            // The octet is read again in the state before.
            self.unread();
            match state {
                DoubleEscapedLessThan => DoubleEscaped,
                _ => Data,
            }
        })
    }

    /// Whether `script` follows. As in the official validator one mismatch does not end the comparison.
    fn double_escape_start(&mut self) -> Option<Script> {
        self.unread();
        for wanted in b"script" {
            if !self.read()?.eq_ignore_ascii_case(wanted) {
                self.unread();
            }
        }
        match self.read()? {
            b' ' | b'\n' | b'\r' | b'\t' | b'\x0c' | b'/' | b'>' => Some(Script::DoubleEscaped),
            _ => {
                self.unread();
                Some(Script::Escaped)
            }
        }
    }
}
