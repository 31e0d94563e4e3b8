//! Reading the XML.

use std::borrow::Cow;

use super::element::Element;
use super::scan::{Scanner, Token};
use super::value::Filler;
use super::{Form, NAMESPACE, Report};
use crate::report::{Error, ErrorKind, Limits, WarningKind as Kind, Warnings};

/// Reads the XML of a report.
pub(in crate::report) fn read(xml: &str, limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    let mut scanner = Scanner::new(xml);
    let mut open = Open {
        stack: Vec::with_capacity(limits.depth.min(Limits::DEPTH)),
        prefix: "",
        text: Cow::Borrowed(""),
        filler: Filler::new(limits, warnings),
        found: false,
    };
    loop {
        let offset = scanner.offset();
        open.filler.offset = offset;
        match scanner.next() {
            Some(Token::Start(tag)) => open.start(tag, limits)?,
            Some(Token::Empty(tag)) => {
                open.start(tag, limits)?;
                open.pop();
            }
            Some(Token::End(name)) => open.end(name),
            Some(Token::Text(text)) => open.references(text, limits),
            Some(Token::Literal(text)) => open.text(Cow::Borrowed(text), limits),
            Some(Token::Stray(text)) => {
                open.filler.warn(Kind::BrokenTag, open.top().name());
                open.references(text, limits);
            }
            Some(Token::DocType) => return Err(Error::at(ErrorKind::DocumentType, offset)),
            Some(Token::Broken) => {
                open.filler.warn(Kind::Syntax, "feedback");
                break;
            }
            None => break,
        }
    }
    open.close()
}

/// The elements that are open, and what they fill.
struct Open<'x, 'l> {
    stack: Vec<(Element, &'x str)>,
    /// The prefix of the feedback element, with its colon.
    prefix: &'x str,
    /// The text of the innermost element so far.
    text: Cow<'x, str>,
    filler: Filler<'l>,
    found: bool,
}

impl<'x> Open<'x, '_> {
    fn top(&self) -> Element {
        self.stack.last().map_or(Element::Outside, |(element, _)| *element)
    }

    /// `tag` is what stands between the angle brackets.
    fn start(&mut self, tag: &'x str, limits: &Limits) -> Result<(), Error> {
        if self.stack.len() >= limits.depth {
            return Err(Error::at(ErrorKind::Limit("depth"), self.filler.offset));
        }
        let end = tag.bytes().position(|b| b.is_ascii_whitespace() || b == b'/').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at_checked(end).unwrap_or((tag, ""));
        let parent = self.top();
        let local = match name.strip_prefix(self.prefix) {
            _ if parent == Element::Outside => name.rsplit_once(':').map_or(name, |(_, local)| local),
            // An element of another namespace is that of an extension (RFC 9990 5).
            Some(local) if !local.contains(':') => local,
            _ => "",
        };
        let element = if local.is_empty() { Element::Unknown } else { parent.child(local) };
        match element {
            Element::Feedback => {
                let wrapped = !self.stack.is_empty();
                if wrapped {
                    self.filler.warn(Kind::Wrapped, "feedback");
                }
                if self.found {
                    self.filler.warn(Kind::Repeated, "feedback");
                }
                self.found = true;
                self.prefix = name.strip_suffix(local).unwrap_or_default();
                self.namespace(attributes);
            }
            Element::Extension => {
                let of = |key| attribute(attributes, key).unwrap_or_default();
                let in_record = self.stack.iter().any(|(element, _)| *element == Element::Record);
                self.filler.extension(of("name"), of("definition"), in_record);
            }
            other => self.filler.begin(other),
        }
        if element.is_leaf() {
            self.text = Cow::Borrowed("");
        }
        self.stack.push((element, name));
        Ok(())
    }

    fn namespace(&mut self, attributes: &str) {
        let declared = if self.prefix.is_empty() {
            attribute(attributes, "xmlns")
        } else {
            attribute(attributes, &format!("xmlns:{}", self.prefix.trim_end_matches(':')))
        };
        match declared {
            Some(NAMESPACE) => self.filler.report.form = Form::Rfc9990,
            None | Some("") => {}
            Some(_) => self.filler.warn(Kind::Namespace, "feedback"),
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.stack.iter().rposition(|(_, open)| *open == name) else {
            return self.filler.warn(Kind::StrayEnd, self.top().name());
        };
        while self.stack.len() > at.saturating_add(1) {
            self.filler.warn(Kind::Unclosed, self.top().name());
            self.pop();
        }
        self.pop();
    }

    /// Closes the innermost element.
    fn pop(&mut self) {
        let Some((element, _)) = self.stack.pop() else { return };
        if element.is_leaf() {
            let text = std::mem::take(&mut self.text);
            self.filler.leaf(element, trimmed(&text));
        } else {
            self.filler.finish(element);
        }
    }

    fn text(&mut self, text: Cow<'x, str>, limits: &Limits) {
        let top = self.top();
        if !top.is_leaf() || text.is_empty() {
            return;
        }
        let room = limits.text.saturating_sub(self.text.len());
        let text = if text.len() > room {
            self.filler.warn(Kind::TextCut, top.name());
            let end = (0..=room).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
            Cow::Owned(text.get(..end).unwrap_or_default().to_owned())
        } else {
            text
        };
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
    }

    /// Text with references in it.
    fn references(&mut self, text: &'x str, limits: &Limits) {
        if !self.top().is_leaf() {
            return;
        }
        let mut rest = text;
        while let Some((head, behind)) =
            memchr::memchr(b'&', rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
        {
            self.text(Cow::Borrowed(head), limits);
            // XML 1.0 4.1; a name of any length is no reference that we know.
            let end = behind.bytes().take(MAX_REFERENCE).position(|b| b == b';');
            let name = end.and_then(|end| behind.get(1..end));
            match name.and_then(character) {
                Some(character) => self.text(Cow::Owned(character.to_string()), limits),
                None => self.filler.warn(Kind::Entity, self.top().name()),
            }
            let known = name.filter(|name| character(name).is_some());
            let len = known.map_or(1, |name| name.len().saturating_add(2));
            let (reference, tail) = behind.split_at_checked(len).unwrap_or((behind, ""));
            if known.is_none() {
                self.text(Cow::Borrowed(reference), limits);
            }
            rest = tail;
        }
        self.text(Cow::Borrowed(rest), limits);
    }

    fn close(mut self) -> Result<Report, Error> {
        while !self.stack.is_empty() {
            self.filler.warn(Kind::Unclosed, self.top().name());
            self.pop();
        }
        if !self.found {
            return Err(Error::new(ErrorKind::NoFeedback));
        }
        self.filler.done()
    }
}

/// As [`str::trim`], which most texts need not.
fn trimmed(text: &str) -> &str {
    let ends = |octet: Option<&u8>| octet.is_none_or(u8::is_ascii_graphic);
    let octets = text.as_bytes();
    if ends(octets.first()) && ends(octets.last()) { text } else { text.trim() }
}

/// The longest reference that is one: `&#x10ffff;` with some zeros.
const MAX_REFERENCE: usize = 16;

/// The five entities of XML 1.0 4.6 and characters by number (4.1); nothing else is expanded.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// The value of an attribute, entities left as they are.
fn attribute<'t>(attributes: &'t str, key: &str) -> Option<&'t str> {
    let mut rest = attributes;
    loop {
        let (name, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, next) = behind.get(1..)?.split_once(quote)?;
        if name.trim() == key {
            return Some(value);
        }
        rest = next;
    }
}
