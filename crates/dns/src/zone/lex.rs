//! The tokens of a master file (RFC 1035 5.1).

use crate::{Error, ErrorKind};

/// One entry: what stands on a line, or on several between parentheses.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// It begins with white space: the owner is that of the entry before.
    pub(super) same_owner: bool,
    pub(super) tokens: Vec<Token<'t>>,
}

/// A word or a quoted string, its escapes untouched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) raw: &'t [u8],
    pub(super) quoted: bool,
    pub(super) line: usize,
}

/// Cuts a text into entries.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    rest: &'t [u8],
    line: usize,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t [u8]) -> Self {
        Self { rest: text, line: 1 }
    }

    /// The next entry that has tokens.
    pub(super) fn next_entry(&mut self) -> Result<Option<Entry<'t>>, Error> {
        loop {
            let entry = self.entry()?;
            if !entry.tokens.is_empty() {
                return Ok(Some(entry));
            }
            if self.rest.is_empty() {
                return Ok(None);
            }
        }
    }

    fn entry(&mut self) -> Result<Entry<'t>, Error> {
        let mut entry = Entry {
            line: self.line,
            same_owner: matches!(self.rest.first(), Some(b' ' | b'\t')),
            tokens: Vec::new(),
        };
        let mut opened = None;
        while let Some((&octet, after)) = self.rest.split_first() {
            match octet {
                b'\n' => {
                    self.rest = after;
                    self.line = self.line.saturating_add(1);
                    if opened.is_none() {
                        return Ok(entry);
                    }
                }
                b' ' | b'\t' | b'\r' => self.rest = after,
                b';' => self.take(|octet| octet != b'\n'),
                b'(' if opened.is_none() => {
                    opened = Some(self.line);
                    self.rest = after;
                }
                b')' if opened.is_some() => {
                    opened = None;
                    self.rest = after;
                }
                b'(' => return Err(self.expected("no parenthesis inside parentheses")),
                b')' => return Err(self.expected("an opening parenthesis before the closing one")),
                b'"' => entry.tokens.push(self.quoted(after)?),
                _ => entry.tokens.push(self.word()?),
            }
        }
        opened.map_or(Ok(entry), |line| {
            Err(Error::whole(ErrorKind::Syntax("a closing parenthesis")).at_line(line))
        })
    }

    /// A string in quotes, given what follows the first.
    fn quoted(&mut self, after: &'t [u8]) -> Result<Token<'t>, Error> {
        self.rest = after;
        let raw = self.until(|octet| octet == b'"' || octet == b'\n')?;
        match self.rest.strip_prefix(b"\"") {
            Some(after) => self.rest = after,
            None => return Err(self.expected("a closing quote on the line")),
        }
        Ok(Token { raw, quoted: true, line: self.line })
    }

    fn word(&mut self) -> Result<Token<'t>, Error> {
        let ends = |octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'(' | b')' | b'"');
        Ok(Token { raw: self.until(ends)?, quoted: false, line: self.line })
    }

    /// Takes everything before the first octet that ends it; one after a `\` does not, but a line end may not be escaped.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Result<&'t [u8], Error> {
        let mut escaped = false;
        let len = self.rest.iter().position(|&octet| {
            let end = octet == b'\n' || (!escaped && ends(octet));
            escaped = octet == b'\\' && !escaped;
            end
        });
        let (taken, rest) = self.rest.split_at_checked(len.unwrap_or(self.rest.len())).unwrap_or_default();
        self.rest = rest;
        if ends_in_escape(taken) {
            return Err(Error::whole(ErrorKind::BadEscape).at_line(self.line));
        }
        Ok(taken)
    }

    fn take(&mut self, wanted: impl Fn(u8) -> bool) {
        let len = self.rest.iter().position(|&octet| !wanted(octet)).unwrap_or(self.rest.len());
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    fn expected(&self, what: &'static str) -> Error {
        Error::whole(ErrorKind::Syntax(what)).at_line(self.line)
    }
}

/// Whether the last `\` has nothing behind it to escape.
pub(super) fn ends_in_escape(raw: &[u8]) -> bool {
    raw.iter().rev().take_while(|&&octet| octet == b'\\').count() % 2 == 1
}
