//! CSS tokens (CSS Syntax 3, section 4), with the slips of the official validator's tokenizer.

use std::borrow::Cow;

use memchr::memchr2;

use super::{Fault, Place};
use crate::report::ErrorCode;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    WhiteSpace,
    Cdo,
    Cdc,
    Colon,
    Semicolon,
    Comma,
    OpenCurly,
    CloseCurly,
    OpenSquare,
    CloseSquare,
    OpenParen,
    CloseParen,
    /// `~=`, `|=`, `^=`, `$=`, `*=`.
    Match,
    Column,
    Delim(char),
    Ident,
    Function,
    AtKeyword,
    Hash,
    String,
    Url,
    Number,
    Percentage,
    Dimension,
    /// Left out: it nests too deep.
    Dropped,
    End,
}

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) at: Place,
    /// The name of an identifier and its like, the content of a string or URL, the digits of a number.
    pub(super) text: Cow<'a, str>,
}

/// The tokens of `source`, whose first character stands at `start`; the last is [`TokenKind::End`].
pub(super) fn tokens<'a>(source: &'a str, start: Place, faults: &mut Vec<Fault>) -> Vec<Token<'a>> {
    let mut tokenizer = Tokenizer { source, bytes: source.as_bytes(), pos: 0, seen: 0, place: start, faults };
    let mut tokens = Vec::with_capacity(source.len() / 4 + 1);
    while tokenizer.pos < source.len() {
        if let Some(token) = tokenizer.token() {
            tokens.push(token);
        }
    }
    let at = tokenizer.place_of(source.len());
    tokens.push(Token { kind: TokenKind::End, at, text: Cow::Borrowed("") });
    tokens
}

/// CSS Syntax 3.3: CRLF, CR and form feed become a line feed each.
pub(super) fn normalized(source: &str) -> Cow<'_, str> {
    if memchr2(b'\r', b'\x0c', source.as_bytes()).is_none() {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.replace("\r\n", "\n").replace(['\r', '\x0c'], "\n"))
}

struct Tokenizer<'a, 'f> {
    source: &'a str,
    bytes: &'a [u8],
    pos: usize,
    /// `place` is that of this octet.
    seen: usize,
    place: Place,
    faults: &'f mut Vec<Fault>,
}

impl<'a> Tokenizer<'a, '_> {
    /// The place of the octet `pos`, which is not before the last one asked for.
    fn place_of(&mut self, pos: usize) -> Place {
        for &byte in self.bytes.get(self.seen..pos).unwrap_or_default() {
            if byte == b'\n' {
                self.place = Place { line: self.place.line.saturating_add(1), col: 0 };
            } else if byte & 0xC0 != 0x80 {
                self.place.col = self.place.col.saturating_add(1);
            }
        }
        self.seen = self.seen.max(pos);
        self.place
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn fault(&mut self, at: Place, code: ErrorCode) {
        self.faults.push(Fault { code, at, param: None });
    }

    fn token(&mut self) -> Option<Token<'a>> {
        if !self.comments() {
            return self.ghost();
        }
        if self.pos >= self.bytes.len() {
            return None;
        }
        let at = self.place_of(self.pos);
        let start = self.pos;
        let first = self.peek(0);
        self.pos += 1;
        let simple = |kind| Some(Token { kind, at, text: Cow::Borrowed("") });
        match first {
            b'\n' | b'\t' | b' ' => {
                while is_white_space(self.peek(0)) && self.pos < self.bytes.len() {
                    self.pos += 1;
                }
                simple(TokenKind::WhiteSpace)
            }
            quote @ (b'"' | b'\'') => self.string(quote, at),
            b'#' if is_name(self.peek(0)) || self.is_escape(0) => {
                let text = self.name();
                Some(Token { kind: TokenKind::Hash, at, text })
            }
            b'$' | b'*' | b'^' | b'~' | b'|' if self.peek(0) == b'=' => {
                self.pos += 1;
                simple(TokenKind::Match)
            }
            b'|' if self.peek(0) == b'|' => {
                self.pos += 1;
                simple(TokenKind::Column)
            }
            b'(' => simple(TokenKind::OpenParen),
            b')' => simple(TokenKind::CloseParen),
            b',' => simple(TokenKind::Comma),
            b':' => simple(TokenKind::Colon),
            b';' => simple(TokenKind::Semicolon),
            b'[' => simple(TokenKind::OpenSquare),
            b']' => simple(TokenKind::CloseSquare),
            b'{' => simple(TokenKind::OpenCurly),
            b'}' => simple(TokenKind::CloseCurly),
            b'+' | b'-' | b'.' | b'0'..=b'9' if self.begins_number(start) => {
                self.pos = start;
                Some(self.numeric(at))
            }
            b'-' if self.peek(0) == b'-' && self.peek(1) == b'>' => {
                self.pos += 2;
                simple(TokenKind::Cdc)
            }
            b'-' if self.begins_name(start) => {
                self.pos = start;
                self.ident_like(at)
            }
            b'<' if self.bytes.get(self.pos..).is_some_and(|rest| rest.starts_with(b"!--")) => {
                self.pos += 3;
                simple(TokenKind::Cdo)
            }
            b'@' if self.begins_name(self.pos) => {
                let text = self.name();
                Some(Token { kind: TokenKind::AtKeyword, at, text })
            }
            b'\\' => {
                if self.peek(0) == b'\n' {
                    self.fault(at, ErrorCode::CssSyntaxStrayTrailingBackslash);
                    return None;
                }
                self.pos = start;
                self.ident_like(at)
            }
            letter if is_name_start(letter) => {
                self.pos = start;
                self.ident_like(at)
            }
            other => simple(TokenKind::Delim(char::from(other))),
        }
    }

    /// Whether the comments here end.
    fn comments(&mut self) -> bool {
        if self.peek(0) != b'/' || self.peek(1) != b'*' {
            return true;
        }
        // The official tokenizer stands on the character before, and tells its place; at the start 1:0.
        let at = match self.char_before(self.pos) {
            Some(before) => self.place_of(before),
            None => Place { line: 1, col: 0 },
        };
        while self.peek(0) == b'/' && self.peek(1) == b'*' {
            let from = self.pos + 2;
            let rest = self.bytes.get(from..).unwrap_or_default();
            match memchr::memmem::find(rest, b"*/") {
                Some(end) => self.pos = from + end + 2,
                None => {
                    self.fault(at, ErrorCode::CssSyntaxUnterminatedComment);
                    self.pos = self.bytes.len();
                    return false;
                }
            }
        }
        true
    }

    /// Where the character before `pos` begins.
    fn char_before(&self, pos: usize) -> Option<usize> {
        (0..pos).rev().find(|&at| self.source.is_char_boundary(at))
    }

    /// After a comment that does not end the official tokenizer looks at the last character once more.
    fn ghost(&mut self) -> Option<Token<'a>> {
        let last = self.char_before(self.bytes.len())?;
        let at = self.place_of(last);
        let kind = match self.bytes.get(last).copied().unwrap_or(0) {
            byte if is_white_space(byte) => TokenKind::WhiteSpace,
            b'"' | b'\'' => TokenKind::String,
            b'(' => TokenKind::OpenParen,
            b')' => TokenKind::CloseParen,
            b',' => TokenKind::Comma,
            b':' => TokenKind::Colon,
            b';' => TokenKind::Semicolon,
            b'[' => TokenKind::OpenSquare,
            b']' => TokenKind::CloseSquare,
            b'{' => TokenKind::OpenCurly,
            b'}' => TokenKind::CloseCurly,
            b'0'..=b'9' => TokenKind::Number,
            b'\\' => TokenKind::Ident,
            byte @ (b'#' | b'$' | b'*' | b'+' | b'-' | b'.' | b'<' | b'@' | b'^' | b'|' | b'~') => {
                TokenKind::Delim(char::from(byte))
            }
            byte if is_name_start(byte) => TokenKind::Ident,
            _ => return None,
        };
        Some(Token { kind, at, text: Cow::Borrowed("") })
    }

    fn numeric(&mut self, at: Place) -> Token<'a> {
        let start = self.pos;
        if matches!(self.peek(0), b'+' | b'-') {
            self.pos += 1;
        }
        self.digits();
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.pos += 1;
            self.digits();
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.pos += 1 + sign;
                self.digits();
            }
        }
        let text = Cow::Borrowed(self.source.get(start..self.pos).unwrap_or_default());
        if self.begins_name(self.pos) {
            self.name();
            return Token { kind: TokenKind::Dimension, at, text };
        }
        if self.peek(0) == b'%' {
            self.pos += 1;
            return Token { kind: TokenKind::Percentage, at, text };
        }
        Token { kind: TokenKind::Number, at, text }
    }

    fn digits(&mut self) {
        while self.peek(0).is_ascii_digit() {
            self.pos += 1;
        }
    }

    fn ident_like(&mut self, at: Place) -> Option<Token<'a>> {
        let text = self.name();
        if self.peek(0) != b'(' {
            return Some(Token { kind: TokenKind::Ident, at, text });
        }
        self.pos += 1;
        if text.eq_ignore_ascii_case("url") {
            while is_white_space(self.peek(0)) && is_white_space(self.peek(1)) {
                self.pos += 1;
            }
            let space = usize::from(is_white_space(self.peek(0)));
            if !matches!(self.peek(space), b'"' | b'\'') {
                return self.url(at);
            }
        }
        Some(Token { kind: TokenKind::Function, at, text })
    }

    fn string(&mut self, quote: u8, at: Place) -> Option<Token<'a>> {
        let start = self.pos;
        let mut text: Option<String> = None;
        loop {
            let byte = self.peek(0);
            if self.pos >= self.bytes.len() || byte == quote {
                let plain = self.source.get(start..self.pos).unwrap_or_default();
                self.pos = (self.pos + 1).min(self.bytes.len());
                let text = text.map_or(Cow::Borrowed(plain), Cow::Owned);
                return Some(Token { kind: TokenKind::String, at, text });
            }
            match byte {
                b'\n' => {
                    self.fault(at, ErrorCode::CssSyntaxUnterminatedString);
                    return None;
                }
                b'\\' => {
                    let so_far = self.source.get(start..self.pos).unwrap_or_default();
                    let text = text.get_or_insert_with(|| so_far.to_owned());
                    self.pos += 1;
                    if self.pos >= self.bytes.len() {
                        continue;
                    }
                    if self.peek(0) == b'\n' {
                        self.pos += 1;
                    } else {
                        text.push(self.escape());
                    }
                }
                _ => self.char_into(&mut text),
            }
        }
    }

    fn url(&mut self, at: Place) -> Option<Token<'a>> {
        while is_white_space(self.peek(0)) && self.pos < self.bytes.len() {
            self.pos += 1;
        }
        let start = self.pos;
        let mut text: Option<String> = None;
        loop {
            let end = self.pos;
            let byte = self.peek(0);
            let at_end = end >= self.bytes.len();
            let closes = at_end || byte == b')' || is_white_space(byte);
            if closes {
                while is_white_space(self.peek(0)) && self.pos < self.bytes.len() {
                    self.pos += 1;
                }
                if self.pos < self.bytes.len() && self.peek(0) != b')' {
                    return self.bad_url(at);
                }
                self.pos = (self.pos + 1).min(self.bytes.len());
                let plain = self.source.get(start..end).unwrap_or_default();
                let text = text.map_or(Cow::Borrowed(plain), Cow::Owned);
                return Some(Token { kind: TokenKind::Url, at, text });
            }
            match byte {
                b'"' | b'\'' | b'(' | 0..=8 | 0x0B | 0x0E..=0x1F | 0x7F => {
                    self.pos += 1;
                    return self.bad_url(at);
                }
                b'\\' if self.peek(1) == b'\n' => {
                    self.pos += 1;
                    return self.bad_url(at);
                }
                b'\\' => {
                    let so_far = self.source.get(start..end).unwrap_or_default();
                    let text = text.get_or_insert_with(|| so_far.to_owned());
                    self.pos += 1;
                    text.push(self.escape());
                }
                _ => self.char_into(&mut text),
            }
        }
    }

    /// Passes over the rest of a URL that cannot be read, which the official tokenizer takes to end at a hyphen.
    fn bad_url(&mut self, at: Place) -> Option<Token<'a>> {
        self.fault(at, ErrorCode::CssSyntaxBadUrl);
        while self.pos < self.bytes.len() {
            let byte = self.peek(0);
            self.pos += self.char_len();
            if byte == b'-' {
                break;
            }
            if byte == b'\\' && self.peek(0) != b'\n' {
                self.escape();
            }
        }
        None
    }

    /// A name, as it is where it is plain.
    fn name(&mut self) -> Cow<'a, str> {
        let start = self.pos;
        while is_name(self.peek(0)) && self.peek(0) < 0x80 {
            self.pos += 1;
        }
        let plain = self.source.get(start..self.pos).unwrap_or_default();
        if !(self.peek(0) >= 0x80 || self.is_escape(0)) {
            return Cow::Borrowed(plain);
        }
        // The official tokenizer keeps the lowest octet of each character.
        let mut octets = plain.as_bytes().to_vec();
        loop {
            if is_name(self.peek(0)) && self.pos < self.bytes.len() {
                let char = self.next_char();
                octets.push(lowest_octet(char));
            } else if self.is_escape(0) {
                self.pos += 1;
                octets.push(lowest_octet(self.escape()));
            } else {
                return Cow::Owned(String::from_utf8_lossy(&octets).into_owned());
            }
        }
    }

    /// After a backslash that begins an escape.
    fn escape(&mut self) -> char {
        if self.pos >= self.bytes.len() {
            return '\u{FFFD}';
        }
        let mut value = 0_u32;
        let mut count = 0;
        while count < 6
            && let Some(digit) = char::from(self.peek(0)).to_digit(16)
        {
            value = value * 16 + digit;
            count += 1;
            self.pos += 1;
        }
        if count == 0 {
            return self.next_char();
        }
        if is_white_space(self.peek(0)) && self.pos < self.bytes.len() {
            self.pos += 1;
        }
        char::from_u32(value).unwrap_or('\u{FFFD}')
    }

    fn next_char(&mut self) -> char {
        let char = self.source.get(self.pos..).and_then(|rest| rest.chars().next());
        self.pos += self.char_len();
        char.unwrap_or('\u{FFFD}')
    }

    fn char_len(&self) -> usize {
        match self.peek(0) {
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => 1,
        }
    }

    fn char_into(&mut self, text: &mut Option<String>) {
        match text {
            Some(text) => {
                let char = self.next_char();
                text.push(char);
            }
            None => self.pos += self.char_len(),
        }
    }

    fn is_escape(&self, ahead: usize) -> bool {
        self.peek(ahead) == b'\\' && self.peek(ahead + 1) != b'\n'
    }

    fn begins_name(&self, pos: usize) -> bool {
        let at = |ahead: usize| self.bytes.get(pos + ahead).copied().unwrap_or(0);
        let escape = |ahead: usize| at(ahead) == b'\\' && at(ahead + 1) != b'\n';
        match at(0) {
            b'-' => is_name_start(at(1)) || at(1) == b'-' || escape(1),
            b'\\' => escape(0),
            other => is_name_start(other),
        }
    }

    fn begins_number(&self, pos: usize) -> bool {
        let at = |ahead: usize| self.bytes.get(pos + ahead).copied().unwrap_or(0);
        match at(0) {
            b'+' | b'-' => at(1).is_ascii_digit() || (at(1) == b'.' && at(2).is_ascii_digit()),
            b'.' => at(1).is_ascii_digit(),
            other => other.is_ascii_digit(),
        }
    }
}

fn lowest_octet(char: char) -> u8 {
    let [_, _, _, octet] = u32::from(char).to_be_bytes();
    octet
}

fn is_white_space(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t' | b' ')
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 || byte == b'_'
}

fn is_name(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || byte == b'-'
}
