//! The lexical level, without allocation: head and parameters as slices of the field value.

use crate::Span;
use crate::encoded_word;

/// Type and subtype as written; each may be empty.
pub(super) struct Head<'a> {
    pub(super) type_: &'a [u8],
    pub(super) subtype: &'a [u8],
}

/// One `name=value` as written.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    /// Without blanks around, with the stars of RFC 2231.
    pub(super) name: &'a [u8],
    /// Without quotes and blanks around; a quoted one still with its escapes and line breaks.
    pub(super) value: &'a [u8],
    pub(super) quoted: bool,
    pub(super) span: Span,
}

/// The parameters of a field value.
pub(super) struct Pieces<'a> {
    source: &'a [u8],
    at: usize,
    /// An opening parenthesis from here on is known to have no partner: keeps the search for it linear.
    open_comment: bool,
}

pub(super) fn head(value: &[u8]) -> (Head<'_>, Pieces<'_>) {
    let mut pieces = Pieces { source: value, at: 0, open_comment: false };
    pieces.skip_blank();
    let type_ = pieces.token(true);
    pieces.skip_blank();
    let mut subtype = b"".as_slice();
    if pieces.peek() == Some(b'/') {
        pieces.at += 1;
        pieces.skip_blank();
        subtype = pieces.token(false);
    }
    (Head { type_, subtype }, pieces)
}

impl<'a> Pieces<'a> {
    /// Whether what follows is `;` or the end, as RFC 2045 5.1 wants it behind the subtype.
    pub(super) fn at_separator(&mut self) -> bool {
        self.skip_blank();
        matches!(self.peek(), None | Some(b';'))
    }

    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.source.get(start..end).unwrap_or_default()
    }

    fn rest(&self) -> &'a [u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks, line breaks, stray quotes and comments (RFC 822 3.1.4); an open comment reaches to the end.
    fn skip_blank(&mut self) {
        while let Some(octet) = self.peek() {
            match octet {
                b'(' => self.at = comment_end(self.source, self.at).unwrap_or(self.source.len()),
                b' ' | b'\t' | b'\r' | b'\n' | b'"' => self.at += 1,
                _ => break,
            }
        }
    }

    /// The type (`to_slash`) or subtype: up to a blank or to what cannot belong to either.
    fn token(&mut self, to_slash: bool) -> &'a [u8] {
        let start = self.at;
        while let Some(octet) = self.peek() {
            match octet {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'(' | b'"' | b'<' | b'>' | b',' => break,
                b'/' if to_slash => break,
                _ => self.at += 1,
            }
        }
        self.slice(start, self.at)
    }

    /// The name before the next `=`, with the place where it starts; the place is then behind the `=`.
    fn name(&mut self) -> Option<(&'a [u8], usize)> {
        let mut start = self.at;
        loop {
            match self.peek()? {
                b'=' => {
                    let name = self.slice(start, self.at);
                    start += name.len() - name.trim_ascii_start().len();
                    let name = name.trim_ascii();
                    self.at += 1;
                    if !name.is_empty() {
                        return Some((name, start));
                    }
                    start = self.at;
                }
                b'(' => {
                    self.at = comment_end(self.source, self.at).unwrap_or(self.source.len());
                    start = self.at;
                }
                b';' | b'\n' | b'"' => {
                    self.at += 1;
                    start = self.at;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Up to the closing quote, else to the end of the field; the place is then behind it.
    fn quoted(&mut self) -> &'a [u8] {
        let start = self.at;
        while let Some(found) = memchr::memchr2(b'"', b'\\', self.rest()) {
            self.at += found;
            if self.peek() == Some(b'"') {
                let value = self.slice(start, self.at);
                self.at += 1;
                return value;
            }
            self.at = self.source.len().min(self.at + 2);
        }
        self.at = self.source.len();
        let mut value = self.slice(start, self.at);
        while let [kept @ .., b'\r' | b'\n'] = value {
            value = kept;
        }
        value
    }

    /// Up to `;`, the end of the line, a comment or the next `name=`; blanks inside stay.
    fn unquoted(&mut self) -> (&'a [u8], usize) {
        let start = self.at;
        let mut end = self.at;
        let mut word_may_start = true;
        while let Some(octet) = self.peek() {
            match octet {
                b';' | b'\n' => break,
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    word_may_start = true;
                    if starts_parameter(self.rest()) {
                        break;
                    }
                    continue;
                }
                b'(' if !self.open_comment => match comment_end(self.source, self.at) {
                    None => {
                        self.open_comment = true;
                        self.at += 1;
                    }
                    // A comment stands at the end of a value; `a_(1).pdf` is a name whose quotes were forgotten.
                    Some(close)
                        if matches!(
                            self.source.get(close),
                            None | Some(b';' | b' ' | b'\t' | b'\r' | b'\n')
                        ) =>
                    {
                        self.at = close;
                        break;
                    }
                    Some(close) => self.at = close,
                },
                b'=' if word_may_start => match encoded_word::extent(self.rest()) {
                    Some(len) => {
                        self.at += len;
                        end = self.at;
                        continue;
                    }
                    None => self.at += 1,
                },
                _ => self.at += 1,
            }
            word_may_start = false;
            end = self.at;
        }
        (self.slice(start, end), end)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let (name, start) = self.name()?;
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
                self.at += 1;
            }
            // Some writers fold behind the `=`.
            if let [b'\n', b' ' | b'\t', ..] = self.rest() {
                self.at += 2;
                while matches!(self.peek(), Some(b' ' | b'\t')) {
                    self.at += 1;
                }
            }
            let quoted = self.peek() == Some(b'"');
            let (value, end) = if quoted {
                self.at += 1;
                (self.quoted(), self.at)
            } else {
                self.unquoted()
            };
            if quoted || !value.is_empty() {
                return Some(Piece { name, value, quoted, span: Span::new(start, end) });
            }
        }
    }
}

/// The offset behind the comment that opens at `start`; comments nest and hold quoted pairs (RFC 822 3.3).
fn comment_end(source: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match source.get(at)? {
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
}

/// Whether `rest` starts with `name=`, as where a `;` was forgotten.
fn starts_parameter(rest: &[u8]) -> bool {
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let name =
        rest.iter().take_while(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'*')).count();
    rest.get(name) == Some(&b'=')
        && !matches!(rest.get(name + 1), None | Some(b'?' | b'=' | b' ' | b'\r' | b'\n'))
}
