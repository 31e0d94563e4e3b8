//! Reading Authentication-Results (RFC 8601 2.2), with what the wild adds to it.

use std::borrow::Cow;

use super::error::{AuthResError, AuthResErrorKind as Kind};
use super::registry::{AuthResult, Keyword, Method, PropertyType, is_keyword_byte, is_ptype_byte};
use super::result::{MethodResult, Property, representable};
use super::write::quoted;
use super::{AuthenticationResults, ClaimedResults, MAX_ITEMS};
use crate::mailbox::{is_atext, is_dot_string};

/// A cursor on the octets of a field value.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Comments passed that belong to nothing yet.
    comments: Vec<String>,
    items: usize,
}

type Result<T> = std::result::Result<T, AuthResError>;

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, comments: Vec::new(), items: 0 }
    }

    /// RFC 8601 2.2, authres-payload.
    pub(super) fn payload(mut self) -> Result<ClaimedResults> {
        let authserv_id = self.authserv_id()?;
        self.cfws()?;
        let version = match authserv_id {
            Some(_) if self.peek().is_some_and(|b| b.is_ascii_digit()) => Some(self.number()?),
            _ => None,
        };
        self.cfws()?;
        let named = authserv_id.is_some();
        let mut claim = AuthenticationResults {
            authserv_id: authserv_id.unwrap_or_default(),
            version,
            comments: std::mem::take(&mut self.comments),
            results: Vec::new(),
        };
        if named && self.peek().is_some_and(|b| b != b';') {
            return self.fail(Kind::NoSemicolon);
        }
        let none = self.results(&mut claim.results, named)?;
        claim.comments.append(&mut self.comments);
        if claim.results.is_empty() && !none {
            return self.fail(Kind::NoResults);
        }
        Ok(ClaimedResults { named, claim })
    }

    /// All `; resinfo` up to the end; true when one was `none`.
    fn results(&mut self, results: &mut Vec<MethodResult>, named: bool) -> Result<bool> {
        let mut none = false;
        // Without authserv-id the first result has no `;` before it.
        if !named {
            results.push(self.resinfo()?);
        }
        loop {
            self.cfws()?;
            if self.peek().is_none() {
                return Ok(none);
            }
            if !self.eat(b';') {
                return self.fail(Kind::Unexpected);
            }
            self.cfws()?;
            // A `;` at the very end is common and says nothing.
            if self.peek().is_none() {
                return Ok(none);
            }
            if self.no_result()? {
                none = true;
            } else {
                results.push(self.resinfo()?);
            }
        }
    }

    /// RFC 8601 2.2, no-result: the word alone.
    fn no_result(&mut self) -> Result<bool> {
        let (start, comments) = (self.position, self.comments.len());
        if self.run(is_keyword_byte).eq_ignore_ascii_case(b"none") {
            self.cfws()?;
            if matches!(self.peek(), None | Some(b';')) {
                return Ok(true);
            }
        }
        self.position = start;
        self.comments.truncate(comments);
        Ok(false)
    }

    /// The instance and `;` before the payload of RFC 8617 4.1.1.
    pub(super) fn instance(&mut self) -> Result<u32> {
        self.cfws()?;
        if !self.eat(b'i') && !self.eat(b'I') {
            return self.fail(Kind::NoInstance);
        }
        self.cfws()?;
        if !self.eat(b'=') {
            return self.fail(Kind::NoInstance);
        }
        self.cfws()?;
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return self.fail(Kind::NoInstance);
        }
        let instance = self.number()?;
        self.cfws()?;
        if self.eat(b';') { Ok(instance) } else { self.fail(Kind::NoInstance) }
    }

    /// The authserv-id; `None`, with nothing consumed, when a method stands in its place.
    fn authserv_id(&mut self) -> Result<Option<String>> {
        self.cfws()?;
        if self.peek() == Some(b'"') {
            return self.quoted_string().map(Some);
        }
        let start = self.position;
        // More than a token: names of the wild have a port or a path.
        let run = self.run(|b| b.is_ascii_graphic() && !b"()\";=,".contains(&b) || !b.is_ascii());
        if run.is_empty() {
            return self.fail(Kind::NoAuthservId);
        }
        let id = text(run);
        let comments = self.comments.len();
        let end = self.position;
        self.cfws()?;
        let method = self.peek() == Some(b'=');
        self.position = if method { start } else { end };
        // They are passed again.
        self.comments.truncate(comments);
        Ok((!method).then_some(id))
    }

    /// RFC 8601 2.2, methodspec [reasonspec] *propspec.
    fn resinfo(&mut self) -> Result<MethodResult> {
        let start = self.position;
        let method = self.word(is_keyword_byte, Kind::NoMethod)?;
        self.cfws()?;
        let mut version = None;
        if self.eat(b'/') {
            self.cfws()?;
            version = Some(self.number()?);
            self.cfws()?;
        }
        if !self.eat(b'=') {
            self.position = start;
            return self.fail(Kind::NoMethod);
        }
        self.cfws()?;
        let result = self.word(is_keyword_byte, Kind::NoResult)?;
        self.count(start)?;
        let mut found = MethodResult::new(Method::of(method), AuthResult::of(result));
        found.version = version;
        loop {
            self.cfws()?;
            if matches!(self.peek(), None | Some(b';')) {
                found.comments = std::mem::take(&mut self.comments);
                return Ok(found);
            }
            self.propspec(&mut found)?;
        }
    }

    /// RFC 8601 2.2: propspec or reasonspec; or `word=value` without a ptype, which is no property.
    fn propspec(&mut self, found: &mut MethodResult) -> Result<()> {
        let start = self.position;
        let word = self.word(is_ptype_byte, Kind::Unexpected)?;
        self.cfws()?;
        if self.eat(b'.') {
            self.cfws()?;
            let name = self.word(is_keyword_byte, Kind::NoPropertyName)?;
            self.equals()?;
            let value = self.pvalue()?;
            self.count(start)?;
            found.props.push(Property { ptype: PropertyType::of(word), name, value });
            return Ok(());
        }
        self.equals()?;
        let value = self.pvalue()?;
        if word.as_str() == "reason" && found.reason.is_none() {
            found.reason = Some(value);
        }
        Ok(())
    }

    fn equals(&mut self) -> Result<()> {
        self.cfws()?;
        if self.eat(b'=') { Ok(()) } else { self.fail(Kind::NoEquals) }
    }

    /// RFC 8601 2.2, pvalue: a quoted string, a token, a domain, `@domain` or a mailbox. A bare one may have all that a
    /// local part can have, as base64 in `header.b` does; it may be missing before a `;`.
    fn pvalue(&mut self) -> Result<String> {
        self.cfws()?;
        let mut value = String::new();
        if self.peek() == Some(b'"') {
            value = self.quoted_string()?;
            if self.peek() != Some(b'@') {
                return Ok(value);
            }
            if !is_dot_string(&value) {
                value = quoted(&value);
            }
        }
        // `<>` is what some write for the null reverse-path.
        let bare = |b: u8| b".@<>".contains(&b) || !b.is_ascii() || is_atext(char::from(b));
        value.push_str(&text(self.run(bare)));
        match self.peek() {
            None | Some(b';' | b'(' | b' ' | b'\t' | b'\r' | b'\n') => Ok(value),
            Some(_) => self.fail(Kind::Unquoted),
        }
    }

    fn word(&mut self, allows: impl Fn(u8) -> bool, missing: Kind) -> Result<Keyword> {
        let start = self.position;
        let word = std::str::from_utf8(self.run(&allows)).ok();
        let word = word.and_then(|word| Keyword::new(word, allows).ok());
        word.ok_or(AuthResError { kind: missing, position: start })
    }

    fn number(&mut self) -> Result<u32> {
        let start = self.position;
        let digits = self.run(|b| b.is_ascii_digit());
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        number.ok_or(AuthResError { kind: Kind::Version, position: start })
    }

    /// Passes white space and comments (RFC 5322 3.2.2); the comments are kept.
    fn cfws(&mut self) -> Result<()> {
        loop {
            self.run(is_white);
            if self.peek() != Some(b'(') {
                return Ok(());
            }
            let comment = self.comment()?;
            self.count(self.position)?;
            self.comments.push(comment);
        }
    }

    /// The text of the comment that begins here. Nested ones stay in it, with their parentheses.
    fn comment(&mut self) -> Result<String> {
        let start = self.position;
        let mut depth: usize = 0;
        self.delimited(Kind::OpenComment, |b| {
            match b {
                b'(' => depth = depth.saturating_add(1),
                b')' if depth == 0 => return true,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            false
        })
        .map_err(|e| AuthResError { position: start, ..e })
    }

    fn quoted_string(&mut self) -> Result<String> {
        self.delimited(Kind::OpenQuote, |b| b == b'"')
    }

    /// The text between the octet here and the one that `closes` says yes to, backslashes and folds taken off.
    fn delimited(&mut self, open: Kind, mut closes: impl FnMut(u8) -> bool) -> Result<String> {
        let start = self.position;
        self.advance();
        let mut octets = Vec::new();
        while let Some(b) = self.peek() {
            self.advance();
            match b {
                b'\\' => {
                    octets.extend(self.peek());
                    self.advance();
                }
                b'\r' if matches!(self.bytes.get(self.position..), Some([b'\n', b' ' | b'\t', ..])) => {}
                b'\n' if matches!(self.peek(), Some(b' ' | b'\t')) => {}
                b if closes(b) => return Ok(text(&octets)),
                b => octets.push(b),
            }
        }
        Err(AuthResError { kind: open, position: start })
    }

    fn run(&mut self, takes: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let len = rest.iter().position(|&b| !takes(b)).unwrap_or(rest.len());
        self.position = self.position.saturating_add(len);
        rest.get(..len).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn advance(&mut self) {
        self.position = self.position.saturating_add(1).min(self.bytes.len());
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.advance();
        }
        there
    }

    fn count(&mut self, position: usize) -> Result<()> {
        self.items = self.items.saturating_add(1);
        if self.items > MAX_ITEMS { Err(AuthResError { kind: Kind::TooMany, position }) } else { Ok(()) }
    }

    fn fail<T>(&self, kind: Kind) -> Result<T> {
        Err(AuthResError { kind, position: self.position })
    }
}

const fn is_white(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

fn text(octets: &[u8]) -> String {
    let text: Cow<'_, str> = String::from_utf8_lossy(octets);
    representable(&text)
}
