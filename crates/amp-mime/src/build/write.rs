//! Escaping by type. Text never becomes mark-up, and never a mustache tag.

/// Where text is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The AMP document outside of templates, and the HTML fallback.
    Page,
    /// Inside a `<template>`, whose content is read as mustache after the parser has undone its entities.
    Template,
}

/// Appends text as the content of an element.
pub(super) fn text(out: &mut String, text: &str, place: Place) {
    escape(out, text, |out, c| match (c, place) {
        ('{', Place::Template) => out.push_str("{<wbr>"),
        ('{', Place::Page) => out.push_str("&#123;"),
        _ => out.push(c),
    });
}

/// Appends text as the value of an attribute in double quotes.
pub(super) fn value(out: &mut String, text: &str, place: Place) {
    // U+2060 is no character to see: it only keeps two braces apart.
    escape(out, text, |out, c| match (c, place) {
        ('{', Place::Template) => out.push_str("{\u{2060}"),
        ('{', Place::Page) => out.push_str("&#123;"),
        _ => out.push(c),
    });
}

fn escape(out: &mut String, text: &str, other: impl Fn(&mut String, char)) {
    let mut previous = '\0';
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A line end is written in the one form that comes back from a mail.
            '\r' => out.push('\n'),
            '\n' if previous == '\r' => {}
            '\n' | '\t' => out.push(c),
            // The parser changes them anyway, each in another way.
            c if c.is_control() => out.push('\u{fffd}'),
            c => other(out, c),
        }
        previous = c;
    }
}

/// An element's start tag under construction.
#[derive(Clone)]
pub(super) struct Tag(String, Place);

impl Tag {
    pub(super) fn new(name: &str) -> Self {
        Self(format!("<{name}"), Place::Page)
    }

    pub(super) fn inside(name: &str, place: Place) -> Self {
        Self(format!("<{name}"), place)
    }

    /// An attribute with text as its value.
    pub(super) fn attr(mut self, name: &str, text: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        value(&mut self.0, text, self.1);
        self.0.push('"');
        self
    }

    /// An attribute whose value is written as it is: a mustache tag, or what is made of it.
    pub(super) fn raw(mut self, name: &str, text: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        self.0.push_str(text);
        self.0.push('"');
        self
    }

    pub(super) fn opt(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.attr(name, text),
            None => self,
        }
    }

    pub(super) fn number(self, name: &str, number: Option<u32>) -> Self {
        match number {
            Some(number) => self.attr(name, &number.to_string()),
            None => self,
        }
    }

    /// An attribute without a value.
    pub(super) fn flag(mut self, name: &str, is_set: bool) -> Self {
        if is_set {
            self.0.push(' ');
            self.0.push_str(name);
        }
        self
    }

    pub(super) fn done(mut self) -> String {
        self.0.push('>');
        self.0
    }
}

/// One line of text for the plain part: no control characters but blanks.
pub(super) fn plain(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}
