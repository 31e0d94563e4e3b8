//! Tags and their attributes (HTML 13.2.5.8, 13.2.5.32 and on).

use memchr::memmem;

use super::{Attr, MAX_ATTRIBUTES, Raw, Tag, Token, TokenKind, Tokenizer, Tree, lines, lower, unescape};

/// The longest name of a section in a template whose end is looked for; a longer one is no section, which bounds how
/// often its octets are compared.
const MAX_SECTION_NAME: usize = 1024;

/// Where `}}` was found last, so that many `{{#` do not search the rest of the document each.
#[derive(Default)]
pub(super) struct Closing {
    searched_from: usize,
    /// `None` where there is none up to the end.
    found: Option<usize>,
    known: bool,
}

/// A range of the source.
type Range = (usize, usize);

impl<'a> Tokenizer<'a> {
    /// After `<` and a letter.
    pub(super) fn read_start_tag(
        &mut self,
        in_template: bool,
        tree: &mut Tree<'a>,
        token: &mut Token<'a>,
    ) -> TokenKind {
        self.token_at = super::Place { line: self.place.line, col: self.place.col - 1 };
        let start = super::super::index(tree.attrs.len());
        let cut = self.read_tag(Some(&mut tree.attrs), in_template);
        if self.eof {
            return TokenKind::End;
        }
        token.attrs = super::Attrs { start, end: super::super::index(tree.attrs.len()) };
        token.cut = cut;
        let name = lower(self.slice(self.data));
        self.raw = Raw::of(Tag::of(&name)).or(self.raw);
        token.self_closing = self.bytes.get(self.pos.saturating_sub(2)) == Some(&b'/');
        TokenKind::StartTag
    }

    /// Reads the rest of a tag, and its attributes into `attrs`; whether there were too many.
    pub(super) fn read_tag(&mut self, mut attrs: Option<&mut Vec<Attr<'a>>>, in_template: bool) -> bool {
        let before = attrs.as_ref().map_or(0, |attrs| attrs.len());
        let mut cut = false;
        self.read_tag_name();
        self.skip_white_space();
        while !self.eof {
            match self.read() {
                None | Some(b'>') => break,
                Some(_) => self.unread(),
            }
            let name = self.read_attribute_name(in_template);
            let value = self.read_attribute_value();
            if name.0 != name.1
                && let Some(attrs) = &mut attrs
            {
                if attrs.len() - before < MAX_ATTRIBUTES {
                    let value = unescape(lines(self.slice(value)), true);
                    attrs.push(Attr { name: lower(self.slice(name)), value });
                } else {
                    cut = true;
                }
            }
            self.skip_white_space();
        }
        cut
    }

    fn read_tag_name(&mut self) {
        self.data.0 = self.pos.saturating_sub(1);
        loop {
            match self.read() {
                None => {
                    self.data.1 = self.pos;
                    return;
                }
                Some(b' ' | b'\n' | b'\r' | b'\t' | b'\x0c') => {
                    self.data.1 = self.pos - 1;
                    return;
                }
                Some(b'/' | b'>') => {
                    self.unread();
                    self.data.1 = self.pos;
                    return;
                }
                Some(_) => {}
            }
        }
    }

    fn read_attribute_name(&mut self, in_template: bool) -> Range {
        let start = self.pos;
        let mut section: Option<Range> = None;
        let mut first = true;
        loop {
            let Some(mut byte) = self.read() else { return (self.pos, self.pos) };
            if in_template {
                self.unread();
                self.unread();
                self.unread();
                let braces = (self.read(), self.read());
                byte = self.read().unwrap_or(0);
                if braces == (Some(b'{'), Some(b'{')) && self.section(byte, &mut section) {
                    continue;
                }
            }
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' | b'\x0c' | b'/' => return (start, self.pos - 1),
                // An equals sign that begins a name is part of it.
                b'=' if first && LEADING_EQUALS => {}
                b'=' | b'>' => {
                    self.unread();
                    return (start, self.pos);
                }
                _ => {}
            }
            first = false;
        }
    }

    /// After `{{` and `byte` in a name: whether they open or close a section, whose octets are then part of the name.
    fn section(&mut self, byte: u8, section: &mut Option<Range>) -> bool {
        if byte == b'/'
            && let Some(name) = section.map(|range| self.slice(range))
            && self.source.get(self.pos..self.pos + name.len()) == Some(name)
        {
            let back = self.pos;
            self.pos += name.len();
            if (self.read(), self.read()) == (Some(b'}'), Some(b'}')) {
                *section = None;
                return true;
            }
            self.pos = back;
        }
        if matches!(byte, b'#' | b'^')
            && let Some(end) = self.closing_braces()
            && end - self.pos <= MAX_SECTION_NAME
        {
            *section = Some((self.pos, end));
            return true;
        }
        false
    }

    /// Where the next `}}` is.
    fn closing_braces(&mut self) -> Option<usize> {
        let closing = &mut self.closing;
        let still_next = closing.known
            && closing.searched_from <= self.pos
            && closing.found.is_none_or(|found| found >= self.pos);
        if !still_next {
            let rest = self.bytes.get(self.pos..).unwrap_or_default();
            let found = memmem::find(rest, b"}}").map(|at| self.pos + at);
            *closing = Closing { searched_from: self.pos, found, known: true };
        }
        self.closing.found
    }

    fn read_attribute_value(&mut self) -> Range {
        let none = (self.pos, self.pos);
        self.skip_white_space();
        if self.eof {
            return none;
        }
        match self.read() {
            None => return none,
            Some(b'=') => {}
            Some(_) => {
                self.unread();
                return none;
            }
        }
        self.skip_white_space();
        if self.eof {
            return none;
        }
        match self.read() {
            None => none,
            Some(b'>') => {
                self.unread();
                none
            }
            Some(quote @ (b'\'' | b'"')) => {
                let start = self.pos;
                self.skip_to(quote);
                let end = self.pos;
                self.read();
                (start, end)
            }
            Some(_) => {
                let start = self.pos - 1;
                loop {
                    match self.read() {
                        None => return (start, self.pos),
                        Some(b' ' | b'\n' | b'\r' | b'\t' | b'\x0c') => return (start, self.pos - 1),
                        Some(b'>') => {
                            self.unread();
                            return (start, self.pos);
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }
}

/// HTML 13.2.5.32 makes an equals sign at the start of a name part of it; the build that we agree with does not.
const LEADING_EQUALS: bool = true;
