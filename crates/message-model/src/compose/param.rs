//! Values with parameters (RFC 2045 5.1, RFC 2231).

use super::fold::{LINE_SHOULD, has_line_break};
use super::text::quoted_string;
use super::{ComposeError, ComposeErrorKind, Folder};

/// Octets of a segment of a long value at least, however long its name is.
const SHORTEST_SEGMENT: usize = 16;

/// A value and its parameters.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl Parameters {
    pub(super) fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), parameters: Vec::new() }
    }

    pub(super) fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.parameters.push((name.into(), value.into()));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn write(&self, folder: &mut Folder, is_utf8: bool) -> Result<(), ComposeError> {
        // RFC 2045 5.1, RFC 2183 2: a token, or two with a slash between
        let (first, second) = self.value.split_once('/').unwrap_or((&self.value, "x"));
        if has_line_break(self.value.as_bytes()) {
            return Err(ComposeErrorKind::LineBreak.into());
        }
        if !is_token(first) || !is_token(second) {
            return Err(ComposeErrorKind::MediaType.into());
        }
        let mut units = vec![self.value.clone()];
        for (name, value) in &self.parameters {
            parameter(&mut units, name, value, is_utf8)?;
        }
        let last = units.len().saturating_sub(1);
        let units = units.iter_mut().enumerate();
        for (at, unit) in units {
            if at < last {
                unit.push(';');
            }
            folder.unit(" ", unit)?;
        }
        Ok(())
    }
}

fn parameter(units: &mut Vec<String>, name: &str, value: &str, is_utf8: bool) -> Result<(), ComposeError> {
    if has_line_break(name.as_bytes()) || has_line_break(value.as_bytes()) {
        return Err(ComposeErrorKind::LineBreak.into());
    }
    // RFC 2231 7: attribute
    if !is_token(name) || name.contains(['*', '\'', '%']) {
        return Err(ComposeErrorKind::ParameterName.into());
    }
    // A unit has a blank in front and a semicolon behind.
    let room = LINE_SHOULD - 2;
    let is_printed = |c: char| if c.is_ascii() { matches!(c, ' '..='~') } else { is_utf8 && !c.is_control() };
    // Many readers decode encoded words here, although RFC 2047 5 has none in quotes.
    let is_plain = value.chars().all(is_printed) && !value.contains("=?");
    let single = format!("{name}={}", if is_token(value) { value.to_owned() } else { quoted_string(value) });
    if is_plain && (single.len() <= room || name == "boundary") {
        units.push(single);
        return Ok(());
    }
    // RFC 2231 4
    if !is_plain {
        let mut single = format!("{name}*=utf-8''");
        value.bytes().for_each(|octet| push_extended(&mut single, octet));
        if single.len() <= room {
            units.push(single);
            return Ok(());
        }
    }
    // RFC 2231 3 and 4.1: in a part that is not extended quotes are as ever.
    let mut segments = Segments { units, name, is_extended: !is_plain, number: 0 };
    let mut segment = if is_plain { String::new() } else { "utf-8''".to_owned() };
    for character in value.chars() {
        let mut more = String::new();
        match character {
            _ if !is_plain => {
                character.encode_utf8(&mut [0; 4]).bytes().for_each(|octet| push_extended(&mut more, octet));
            }
            '"' | '\\' => more.extend(['\\', character]),
            _ => more.push(character),
        }
        if segment.len() + more.len() > segments.room(room) {
            segments.push(&segment);
            segment.clear();
        }
        segment.push_str(&more);
    }
    segments.push(&segment);
    Ok(())
}

struct Segments<'u> {
    units: &'u mut Vec<String>,
    name: &'u str,
    is_extended: bool,
    number: usize,
}

impl Segments<'_> {
    fn head(&self) -> String {
        let mark = if self.is_extended { "*=" } else { "=\"" };
        format!("{}*{}{mark}", self.name, self.number)
    }

    fn room(&self, all: usize) -> usize {
        let quote = usize::from(!self.is_extended);
        all.saturating_sub(self.head().len() + quote).max(SHORTEST_SEGMENT)
    }

    fn push(&mut self, segment: &str) {
        let quote = if self.is_extended { "" } else { "\"" };
        self.units.push(format!("{}{segment}{quote}", self.head()));
        self.number += 1;
    }
}

/// Appends an octet of an extended value: as it is if it is an attribute-char (RFC 2231 7), else as `%XX`.
fn push_extended(out: &mut String, octet: u8) {
    if is_token_octet(octet) && !b"*'%".contains(&octet) {
        out.push(char::from(octet));
    } else {
        out.push_str(&format!("%{octet:02X}"));
    }
}

/// RFC 2045 5.1: token
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_octet)
}

fn is_token_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str, parameters: &[(&str, &str)], is_utf8: bool) -> Result<String, ComposeErrorKind> {
        let mut all = Parameters::new(value);
        parameters.iter().for_each(|(name, value)| all.push(*name, *value));
        let mut folder = Folder::new("Content-Type").unwrap();
        all.write(&mut folder, is_utf8).map_err(|error| error.kind())?;
        Ok(folder.finish())
    }

    #[test]
    fn tokens_quotes_and_extended_values() {
        assert_eq!(
            written("text/plain", &[("charset", "utf-8"), ("a", "b c"), ("q", "\"\\"), ("e", "")], false)
                .unwrap(),
            "Content-Type: text/plain; charset=utf-8; a=\"b c\"; q=\"\\\"\\\\\"; e=\"\"\r\n"
        );
        assert_eq!(
            written("a/b", &[("n", "ä'*%")], false).unwrap(),
            "Content-Type: a/b; n*=utf-8''%C3%A4%27%2A%25\r\n"
        );
        assert_eq!(written("a/b", &[("n", "ä")], true).unwrap(), "Content-Type: a/b; n=\"ä\"\r\n");
    }

    #[test]
    fn long_values_are_continued() {
        let long = "a b\"".repeat(30);
        let field = written("a/b", &[("name", &long)], false).unwrap();
        assert!(field.contains("\r\n name*0=\"a b\\\"a b") && field.contains("\";\r\n name*1=\""));
        assert!(field.lines().all(|line| line.len() <= LINE_SHOULD));
        let field = written("a/b", &[("name", &"ä".repeat(40))], false).unwrap();
        assert!(field.contains("\r\n name*0*=utf-8''%C3%A4%C3%A4") && field.contains("\r\n name*3*=%C3%A4"));
        assert!(
            field.lines().all(|line| line.len() <= LINE_SHOULD
                && line.matches("%C3").count() == line.matches("%A4").count())
        );
    }

    #[test]
    fn nothing_can_be_injected() {
        let kind = |value, name, text| written(value, &[(name, text)], true).unwrap_err();
        assert_eq!(kind("a/b\r\nX: y", "a", "b"), ComposeErrorKind::LineBreak);
        assert_eq!(kind("a/b", "a", "b\r\nX: y"), ComposeErrorKind::LineBreak);
        assert_eq!(kind("a/b", "a\n", "b"), ComposeErrorKind::LineBreak);
        assert_eq!(kind("a/b; x=y", "a", "b"), ComposeErrorKind::MediaType);
        assert_eq!(kind("a/b/c", "a", "b"), ComposeErrorKind::MediaType);
        assert_eq!(kind("a/b", "a*", "b"), ComposeErrorKind::ParameterName);
        assert_eq!(kind("a/b", "a=b; c", "b"), ComposeErrorKind::ParameterName);
    }
}
