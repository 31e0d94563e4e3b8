//! The lines of a report and the marks in them.

use crate::parse::mark::{DELAYED, END, FAILED, FINAL, FORMAT_SHIFT, LABEL};
use crate::parse::marks;

/// A text with its marks, up to where the returned message begins.
#[derive(Debug)]
pub(in crate::parse) struct Scan<'t> {
    pub(in crate::parse) text: &'t str,
    pub(super) lines: Vec<Line>,
    /// The bits of all lines.
    pub(in crate::parse) bits: u32,
    format: u32,
    /// Where the returned message begins, behind the line that says so.
    pub(in crate::parse) end: Option<usize>,
}

/// A line of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) bits: u32,
    /// Where the last label ends in the text.
    pub(super) label: usize,
}

impl<'t> Scan<'t> {
    /// Finds the marks. With `whole`, the text is read to its end, whatever a line says of a returned message.
    pub(in crate::parse) fn of(text: &'t str, whole: bool) -> Self {
        let mut scan = Self { text, lines: Vec::with_capacity(32), bits: 0, format: 0, end: None };
        let mut start = 0;
        while start < text.len() {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let end = start.saturating_add(len);
            let line = scan.line(start, end);
            let next = end.saturating_add(1);
            if line.bits & (END | LABEL) == END && !whole && scan.announces(&line) {
                scan.end = Some(if scan.is_field(&line) { start } else { next.min(text.len()) });
                break;
            }
            scan.bits |= line.bits;
            scan.lines.push(line);
            start = next;
        }
        scan
    }

    fn line(&mut self, start: usize, end: usize) -> Line {
        let content = self.text.as_bytes().get(start..end).unwrap_or_default();
        let mut line = Line { start, end, bits: 0, label: start };
        let mut format = 0;
        marks::scan(content, |code, at| {
            line.bits |= code & ((1 << FORMAT_SHIFT) - 1);
            if code & LABEL != 0 {
                line.label = start.saturating_add(at);
            }
            if code >> FORMAT_SHIFT != 0 {
                format = code >> FORMAT_SHIFT;
            }
        });
        if self.format == 0 {
            self.format = format;
        }
        line
    }

    /// Whether a line with the words for a returned message announces one, and is not running text about it.
    fn announces(&self, line: &Line) -> bool {
        let text = self.content(line).trim();
        text.starts_with(|c: char| !c.is_alphanumeric())
            || text.ends_with([':', '-', '*', '=', '|', '>'])
            || text.ends_with('.') && (text.contains("follow") || text.contains("below"))
            || self.is_field(line)
    }

    /// Whether a line that ends the report is already the first field of the returned message.
    fn is_field(&self, line: &Line) -> bool {
        let text = self.content(line).trim_start();
        text.split_once(':').is_some_and(|(name, value)| {
            !value.trim().is_empty()
                && !name.is_empty()
                && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
        })
    }

    pub(super) fn content(&self, line: &Line) -> &'t str {
        self.text.get(line.start..line.end).unwrap_or_default()
    }

    /// The name of the format; `generic` where no mark of one was found.
    pub(in crate::parse) fn format(&self) -> &'static str {
        marks::format_name(self.format).unwrap_or("generic")
    }

    /// Whether it says that mail was not delivered.
    pub(in crate::parse) const fn says_failed(&self) -> bool {
        self.bits & (FAILED | DELAYED) != 0
    }

    /// Whether it says that the server keeps trying.
    pub(in crate::parse) const fn says_delayed(&self) -> bool {
        self.bits & DELAYED != 0 && self.bits & FINAL == 0
    }

    /// Whether it says that the server has given up.
    pub(in crate::parse) const fn says_final(&self) -> bool {
        self.bits & FINAL != 0
    }

    /// The report without the returned message.
    pub(in crate::parse) fn report(&self) -> &'t str {
        // A rule of underscores below the addresses: what is behind it was added on the way.
        let named = self.lines.iter().position(|line| self.content(line).contains('@')).unwrap_or(usize::MAX);
        let added = self.lines.iter().skip(named).find(|line| {
            let text = self.content(line).trim();
            text.len() >= 20 && text.bytes().all(|octet| octet == b'_')
        });
        let end = added.map(|line| line.start).or(self.lines.last().map(|line| line.end)).unwrap_or(0);
        self.text.get(..end).unwrap_or_default()
    }
}
