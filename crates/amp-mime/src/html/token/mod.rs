//! The tokenizer (HTML 13.2.5), with the places and the slips of the official validator's, by which findings are told.

mod raw;
mod tag;

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::text::{lines, lower, no_nul, unescape};
use super::{Attr, Attrs, Place, Tag, Tree};

/// The attributes of a tag that are read; the official validator passes over the others in silence.
pub(crate) const MAX_ATTRIBUTES: usize = 1000;

/// What a token is. [`TokenKind::End`] is the end of the document, or a tag that the end cuts off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    End,
    Text,
    StartTag,
    EndTag,
    Comment,
    Doctype,
}

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) tag: Tag,
    /// The name of a tag that is [`Tag::Other`]; the text of the others.
    pub(super) data: Cow<'a, str>,
    pub(super) attrs: Attrs,
    pub(super) cut: bool,
    pub(super) self_closing: bool,
    /// A comment that is written as `<?`.
    pub(super) made: bool,
    pub(super) at: Place,
}

/// Reads tokens from a text.
pub(super) struct Tokenizer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    /// Octets read; the token began at `start`.
    pos: usize,
    start: usize,
    /// The text of the token.
    data: (usize, usize),
    place: Place,
    /// The end of each line that was left, and one entry for the line being read.
    line_ends: Vec<Place>,
    token_at: Place,
    eof: bool,
    /// The name of the element whose text is read as it is, if one is open.
    raw: Option<Raw>,
    text_is_raw: bool,
    nul_to_replacement: bool,
    pub(super) allow_cdata: bool,
    /// Where the search for `}}` of a section in a template ended last.
    closing: tag::Closing,
}

/// The elements whose content is not markup (HTML 13.2.5.1 and on).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raw(Tag);

impl<'a> Tokenizer<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let start = Place { line: 1, col: 0 };
        Self {
            source,
            bytes: source.as_bytes(),
            pos: 0,
            start: 0,
            data: (0, 0),
            place: start,
            line_ends: vec![start],
            token_at: start,
            eof: false,
            raw: None,
            text_is_raw: false,
            nul_to_replacement: false,
            allow_cdata: false,
            closing: tag::Closing::default(),
        }
    }

    /// The place of the next octet.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Lets the tree builder say that the content of the element just opened is markup after all.
    pub(super) fn next_is_not_raw(&mut self) {
        self.raw = None;
    }

    /// The next token; the attributes of a tag are added to the tree. In a template `{{#x}}` is part of a name.
    pub(super) fn next(&mut self, in_template: bool, tree: &mut Tree<'a>) -> Token<'a> {
        let mut token = Token {
            kind: TokenKind::End,
            tag: Tag::Other,
            data: Cow::Borrowed(""),
            attrs: Attrs::default(),
            cut: false,
            self_closing: false,
            made: false,
            at: self.token_at,
        };
        token.kind = self.scan(in_template, tree, &mut token);
        match token.kind {
            TokenKind::Text => {
                token.data = self.text(false);
                self.token_at = self.place_before(token.data.len());
            }
            TokenKind::Comment | TokenKind::Doctype => {
                token.data = self.text(token.kind == TokenKind::Comment);
                let col = self.place.col.saturating_sub(length(token.data.len()));
                self.token_at = Place { line: self.place.line, col };
            }
            TokenKind::StartTag | TokenKind::EndTag => {
                let name = lower(self.slice(self.data));
                token.tag = Tag::of(&name);
                if token.tag == Tag::Other {
                    token.data = name;
                }
            }
            TokenKind::End => {}
        }
        token.at = self.token_at;
        token
    }

    fn scan(&mut self, in_template: bool, tree: &mut Tree<'a>, token: &mut Token<'a>) -> TokenKind {
        self.start = self.pos;
        self.data = (self.pos, self.pos);
        if self.eof {
            return TokenKind::End;
        }
        if let Some(raw) = self.raw {
            self.read_raw(raw);
            if self.data.1 > self.data.0 {
                self.nul_to_replacement = true;
                return TokenKind::Text;
            }
        }
        (self.text_is_raw, self.nul_to_replacement) = (false, false);
        while !self.eof {
            self.skip_to(b'<');
            if self.read().is_none() {
                break;
            }
            let Some(next) = self.read() else { break };
            if !(next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')) {
                self.unread();
                continue;
            }
            // What was read before the `<` is a token of its own.
            if self.start + 2 < self.pos {
                self.pos -= 2;
                self.data.1 = self.pos;
                self.place.col -= 2;
                return TokenKind::Text;
            }
            return match next {
                b'/' => match self.read() {
                    None => break,
                    Some(b'>') => TokenKind::Comment,
                    Some(letter) if letter.is_ascii_alphabetic() => {
                        self.read_tag(None, false);
                        if self.eof { TokenKind::End } else { TokenKind::EndTag }
                    }
                    Some(_) => {
                        self.unread();
                        self.read_until_close();
                        TokenKind::Comment
                    }
                },
                b'!' => self.read_declaration(),
                b'?' => {
                    token.made = true;
                    self.unread();
                    self.read_until_close();
                    TokenKind::Comment
                }
                _ => self.read_start_tag(in_template, tree, token),
            };
        }
        if self.start < self.pos {
            self.data.1 = self.pos;
            return TokenKind::Text;
        }
        TokenKind::End
    }

    /// The next octet, or `None` and the end is known.
    fn read(&mut self) -> Option<u8> {
        let Some(&byte) = self.bytes.get(self.pos) else {
            self.eof = true;
            return None;
        };
        self.pos += 1;
        self.place.col += match byte {
            0xC0..=0xDF => 0,
            0xE0..=0xEF => -1,
            0xF0..=0xF7 => -2,
            _ => 1,
        };
        let ends_line =
            byte == b'\n' || (byte == b'\r' && self.bytes.get(self.pos).is_some_and(|&next| next != b'\n'));
        if ends_line {
            self.end_line();
        }
        Some(byte)
    }

    fn end_line(&mut self) {
        if let Some(last) = self.line_ends.last_mut() {
            *last = self.place;
        }
        self.place = Place { line: self.place.line.saturating_add(1), col: 0 };
        self.line_ends.push(Place { line: self.place.line.saturating_add(1), col: 0 });
    }

    /// Goes back by an octet. After a line end the column is one too far from then on, as in the official validator.
    fn unread(&mut self) {
        self.pos = self.pos.saturating_sub(1);
        if self.place.line > 1 && self.place.col == 0 {
            if self.line_ends.len() > 1 {
                self.line_ends.pop();
            }
            if let Some(&last) = self.line_ends.last() {
                self.place = last;
            }
            return;
        }
        self.place.col -= 1;
    }

    /// Reads up to `end`, which is the start of a character, as [`Tokenizer::read`] would.
    fn advance(&mut self, end: usize) {
        while self.pos < end {
            let left = self.bytes.get(self.pos..end).unwrap_or_default();
            let Some(at) = memchr2(b'\n', b'\r', left) else {
                self.place.col += characters(left);
                self.pos = end;
                return;
            };
            self.place.col += characters(left.get(..at).unwrap_or_default());
            self.pos += at;
            self.read();
        }
    }

    /// Reads up to the next `byte`, or to the end.
    fn skip_to(&mut self, byte: u8) {
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        let end = memchr(byte, rest).map_or(self.bytes.len(), |at| self.pos + at);
        self.advance(end);
    }

    fn skip_white_space(&mut self) {
        while !self.eof {
            match self.read() {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b'\x0c') => {}
                // Also at the end, where nothing was read: the official validator does so.
                _ => {
                    self.unread();
                    return;
                }
            }
        }
    }

    /// A comment that is not written as one: all up to `>`.
    fn read_until_close(&mut self) {
        self.data.0 = self.pos;
        self.skip_to(b'>');
        self.data.1 = self.pos;
        self.read();
    }

    /// HTML 13.2.5.42: after `<!`.
    fn read_declaration(&mut self) -> TokenKind {
        self.data.0 = self.pos;
        let mut two = [0; 2];
        for byte in &mut two {
            let Some(read) = self.read() else {
                self.data.1 = self.pos;
                return TokenKind::Comment;
            };
            *byte = read;
        }
        if &two == b"--" {
            self.read_comment();
            return TokenKind::Comment;
        }
        self.unread();
        self.unread();
        if self.read_doctype() {
            return TokenKind::Doctype;
        }
        if self.allow_cdata && self.read_cdata() {
            self.nul_to_replacement = true;
            return TokenKind::Text;
        }
        self.read_until_close();
        TokenKind::Comment
    }

    fn read_comment(&mut self) {
        self.data.0 = self.pos;
        let mut dashes = 2_usize;
        loop {
            match self.read() {
                None => {
                    self.data.1 = self.pos.saturating_sub(dashes.min(2)).max(self.data.0);
                    return;
                }
                Some(b'-') => {
                    dashes += 1;
                    continue;
                }
                Some(b'>') if dashes >= 2 => {
                    self.data.1 = self.pos.saturating_sub(3).max(self.data.0);
                    return;
                }
                Some(b'!') if dashes >= 2 => match self.read() {
                    None => {
                        self.data.1 = self.pos;
                        return;
                    }
                    Some(b'>') => {
                        self.data.1 = self.pos.saturating_sub(4).max(self.data.0);
                        return;
                    }
                    Some(_) => {}
                },
                Some(_) => {}
            }
            dashes = 0;
            let rest = self.bytes.get(self.pos..).unwrap_or_default();
            let next = memchr(b'-', rest).map_or(self.bytes.len(), |at| self.pos + at);
            self.advance(next);
        }
    }

    fn read_doctype(&mut self) -> bool {
        for wanted in b"doctype" {
            let Some(byte) = self.read() else {
                self.data.1 = self.pos;
                return false;
            };
            if !byte.eq_ignore_ascii_case(wanted) {
                // The octets are read again; their columns count twice, as in the official validator.
                self.pos = self.data.0;
                return false;
            }
        }
        self.skip_white_space();
        if self.eof {
            self.data = (self.pos, self.pos);
            return true;
        }
        self.read_until_close();
        true
    }

    fn read_cdata(&mut self) -> bool {
        for wanted in b"[CDATA[" {
            let Some(byte) = self.read() else {
                self.data.1 = self.pos;
                return false;
            };
            if byte != *wanted {
                self.data.1 = self.start;
                return false;
            }
        }
        self.data.0 = self.pos;
        let mut brackets = 0;
        while let Some(byte) = self.read() {
            match byte {
                b']' => brackets += 1,
                b'>' if brackets >= 2 => {
                    self.data.1 = self.pos.saturating_sub(3).max(self.data.0);
                    return true;
                }
                _ => brackets = 0,
            }
        }
        self.data.1 = self.pos;
        true
    }

    fn slice(&self, range: (usize, usize)) -> &'a str {
        self.source.get(range.0..range.1).unwrap_or_default()
    }

    /// The text of the token.
    fn text(&mut self, comment: bool) -> Cow<'a, str> {
        let mut text = lines(self.slice(self.data));
        self.data = (self.pos, self.pos);
        if self.nul_to_replacement || comment {
            text = no_nul(text);
        }
        if self.text_is_raw { text } else { unescape(text, false) }
    }

    /// The place that the official validator gives a text: so many octets before this place.
    fn place_before(&self, octets: usize) -> Place {
        let col = self.place.col.saturating_sub(length(octets));
        if col >= 0 {
            return Place { line: self.place.line, col };
        }
        match self.line_ends.len().checked_sub(2).and_then(|at| self.line_ends.get(at)) {
            Some(before) => Place {
                line: before.line,
                col: before.col.saturating_sub(col.saturating_abs()).saturating_add(1),
            },
            None => Place { line: self.place.line, col: 0 },
        }
    }
}

/// The characters in `bytes`, which is UTF-8.
fn characters(bytes: &[u8]) -> i32 {
    length(bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count())
}

fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
