//! Reading the XML.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::element::Element;
use super::value::Filler;
use super::{Form, NAMESPACE, Report};
use crate::report::{Error, ErrorKind, Limits, WarningKind as Kind, Warnings};

/// Reads the XML of a report.
pub(in crate::report) fn read(xml: &str, limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    // Broken reports are put right here, not by quick-xml.
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    let mut open = Open {
        stack: Vec::with_capacity(limits.depth.min(Limits::DEPTH)),
        prefix: "",
        text: Cow::Borrowed(""),
        filler: Filler::new(limits, warnings),
        found: false,
    };
    loop {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        open.filler.offset = offset;
        match reader.read_event() {
            Ok(Event::Start(tag)) => open.start(whole(&tag, xml, offset), limits)?,
            Ok(Event::Empty(tag)) => {
                let raw = whole(&tag, xml, offset);
                open.start(raw, limits)?;
                // What is taken apart has no slash that closes it.
                if !raw.contains('<') {
                    open.pop();
                }
            }
            Ok(Event::End(tag)) => open.end(tag.name().into_inner()),
            Ok(Event::Text(text)) => open.text(text.into_inner(), limits),
            Ok(Event::CData(text)) => open.text(text.into_inner(), limits),
            Ok(Event::GeneralRef(name)) => open.reference(&name, limits),
            Ok(Event::DocType(_)) => return Err(Error::at(ErrorKind::DocumentType, offset)),
            Ok(Event::Eof) => break,
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => {}
            Err(_) => {
                open.filler.warn(Kind::Syntax, "feedback");
                break;
            }
        }
    }
    open.close()
}

/// The inside of a tag, as it stands in the XML: it begins behind the `<` at or behind `offset`.
fn whole<'x>(tag: &BytesStart<'_>, xml: &'x str, offset: usize) -> &'x str {
    let rest = xml.get(offset..).unwrap_or_default();
    let start = memchr::memchr(b'<', rest.as_bytes()).map_or(0, |at| at.saturating_add(1));
    rest.get(start..start.saturating_add(tag.len())).unwrap_or_default()
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
        let inner = memchr::memrchr(b'<', tag.as_bytes()).and_then(|at| tag.split_at_checked(at));
        let Some((broken, inner)) = inner else { return self.open(tag, limits) };
        let inner = inner.strip_prefix('<').unwrap_or(inner);
        // `bad<xml.net</header_from>`: the last part is a tag, the rest is text.
        self.filler.warn(Kind::BrokenTag, self.top().name());
        self.text(Cow::Owned(format!("<{broken}")), limits);
        match inner.strip_prefix('/') {
            Some(name) => {
                self.end(name.trim());
                Ok(())
            }
            None => self.open(inner, limits),
        }
    }

    fn open(&mut self, tag: &'x str, limits: &Limits) -> Result<(), Error> {
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
            self.filler.leaf(element, text.trim());
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

    /// `&name;`: the five of XML 1.0 4.6 and characters by number; nothing else is expanded.
    fn reference(&mut self, name: &str, limits: &Limits) {
        let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
        let character = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number.and_then(char::from_u32),
        };
        match character {
            Some(character) => self.text(Cow::Owned(character.to_string()), limits),
            None => {
                self.filler.warn(Kind::Entity, self.top().name());
                self.text(Cow::Owned(format!("&{name};")), limits);
            }
        }
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
