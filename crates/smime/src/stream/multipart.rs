//! The first part of a multipart, found by its delimiters (RFC 2046 5.1.1) while it is read.

use std::io::{BufRead, Read as _};

use memchr::memmem::Finder;

use super::source::BUFFER;
use crate::error::Error;

/// Octets of a delimiter line at most: behind the boundary there may be blanks, which someone might send without end.
const MAX_DELIMITER: usize = BUFFER;

/// Octets that are looked at together.
const WINDOW: usize = 4 * BUFFER;

/// The body of a multipart, read up to the end of its first part.
pub(super) struct FirstPart<R> {
    input: R,
    /// A line feed, two hyphens, and the boundary.
    delimiter: Finder<'static>,
    window: Vec<u8>,
    /// Where what is not handed on yet begins.
    at: usize,
    /// Where it ends, as far as it is known to be of the part.
    ready: usize,
    place: Place,
    is_there: bool,
    input_ended: bool,
}

/// Where in the body the window begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first delimiter: whether also before the first line.
    Preamble { start: bool },
    /// In the part: whether at the beginning of its first line, or of the one behind a doubled delimiter.
    Part { start: bool, doubled: bool },
    /// At the line break of a delimiter, or at the end.
    Behind,
}

/// A line with a delimiter.
struct Hit {
    /// Where its line break begins.
    line_break: usize,
    line_end: usize,
    /// Whether it is the last one.
    close: bool,
}

/// What there is in the window.
enum Found {
    Hit(Hit),
    /// No delimiter up to here; what follows may be one.
    Nothing(usize),
}

impl<R: BufRead> FirstPart<R> {
    /// `input` stands at the body.
    pub(super) fn new(input: R, boundary: &[u8]) -> Self {
        Self {
            input,
            delimiter: Finder::new(&[b"\n--", boundary].concat()).into_owned(),
            window: Vec::new(),
            at: 0,
            ready: 0,
            place: Place::Preamble { start: true },
            is_there: false,
            input_ended: false,
        }
    }

    /// Goes on until there are octets of the part; false at its end.
    pub(super) fn fill(&mut self) -> Result<bool, Error> {
        while self.at >= self.ready {
            match self.place {
                Place::Preamble { start } => self.skip(start)?,
                Place::Part { start, doubled } => self.find(start, doubled)?,
                Place::Behind => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Octets of the part.
    pub(super) fn piece(&self) -> &[u8] {
        self.window.get(self.at..self.ready).unwrap_or_default()
    }

    /// Whether a part has begun.
    pub(super) const fn is_there(&self) -> bool {
        self.is_there
    }

    /// All octets of the last piece are done with.
    pub(super) const fn done(&mut self) {
        self.at = self.ready;
    }

    /// What stands behind the part, from its delimiter on, up to `max` octets; `None` if there is more.
    pub(super) fn rest(&mut self, max: usize) -> Option<Vec<u8>> {
        let mut rest = self.window.get(self.at..)?.to_vec();
        let left = max.checked_sub(rest.len())?;
        // What cannot be read is known where it failed.
        let _ = self.input.by_ref().take(left as u64).read_to_end(&mut rest);
        let more = rest.len() >= max && self.input.fill_buf().is_ok_and(|more| !more.is_empty());
        self.at = self.window.len();
        (!more).then_some(rest)
    }

    pub(super) const fn input(&mut self) -> &mut R {
        &mut self.input
    }

    /// Passes over what stands before the first delimiter.
    fn skip(&mut self, start: bool) -> Result<(), Error> {
        match self.search(start)? {
            Found::Hit(hit) => {
                self.at = hit.line_end;
                self.ready = hit.line_end;
                self.is_there = !hit.close;
                // A multipart that is closed before it begins has no parts.
                let part = Place::Part { start: true, doubled: false };
                self.place = if hit.close { Place::Behind } else { part };
            }
            Found::Nothing(up_to) => {
                self.at = up_to;
                self.ready = up_to;
                self.place = if self.input_ended {
                    Place::Behind
                } else {
                    Place::Preamble { start: start && up_to == 0 }
                };
            }
        }
        Ok(())
    }

    /// Looks for the end of the part.
    fn find(&mut self, start: bool, doubled: bool) -> Result<(), Error> {
        match self.search(start)? {
            // RFC 2046 5.1.1: each delimiter has a line break of its own, so the second of a pair begins no part; it is text.
            Found::Hit(hit) if start && !doubled && !hit.close && self.is_doubled(&hit) => {
                self.ready = hit.line_end;
                self.place = Place::Part { start: true, doubled: true };
            }
            Found::Hit(hit) => {
                self.ready = hit.line_break.max(self.at);
                self.place = Place::Behind;
            }
            Found::Nothing(up_to) => {
                self.ready = up_to;
                let start = start && up_to == self.at;
                self.place = if self.input_ended { Place::Behind } else { Place::Part { start, doubled } };
            }
        }
        Ok(())
    }

    /// Whether the line begins where the part begins, without a line break in front.
    fn is_doubled(&self, hit: &Hit) -> bool {
        hit.line_break == self.at && self.window.get(self.at..).is_some_and(|line| line.starts_with(b"--"))
    }

    /// Reads on, and looks for a delimiter from `at` on; `start`: a line begins there.
    fn search(&mut self, start: bool) -> Result<Found, Error> {
        self.read_on()?;
        let window = self.window.get(self.at..).unwrap_or_default();
        let needle = self.delimiter.needle();
        if start
            && let Some(without_break) = needle.get(1..)
            && window.len() < without_break.len()
            && !self.input_ended
        {
            return Ok(Found::Nothing(self.at));
        }
        // Where a delimiter would begin: of the first line, then behind each line feed.
        let first = (start && needle.get(1..).is_some_and(|needle| window.starts_with(needle))).then_some(0);
        let others = self.delimiter.find_iter(window).map(|at| at.saturating_add(1));
        for line in first.into_iter().chain(others) {
            let behind =
                window.get(line.saturating_add(needle.len()).saturating_sub(1)..).unwrap_or_default();
            let line_break = self.at.saturating_add(line_break_before(window, line));
            match end_of_line(behind, self.input_ended) {
                Line::Delimiter { close, end } => {
                    let line_end = self.window.len().saturating_sub(behind.len()).saturating_add(end);
                    return Ok(Found::Hit(Hit { line_break, line_end, close }));
                }
                Line::Text => {}
                Line::Unknown if behind.len() > MAX_DELIMITER => {
                    return Err(Error::limit("MAX_DELIMITER", MAX_DELIMITER as u64));
                }
                Line::Unknown => return Ok(Found::Nothing(line_break)),
            }
        }
        let held = if self.input_ended { 0 } else { needle.len().saturating_add(1) };
        Ok(Found::Nothing(self.window.len().saturating_sub(held).max(self.at)))
    }

    /// Drops what was handed on, and fills the window.
    fn read_on(&mut self) -> Result<(), Error> {
        self.window.drain(..self.at);
        self.ready = self.ready.saturating_sub(self.at);
        self.at = 0;
        let mut filled = self.window.len();
        let wanted = filled.saturating_add(BUFFER).max(WINDOW);
        self.window.resize(wanted, 0);
        while filled < wanted && !self.input_ended {
            let place = self.window.get_mut(filled..).unwrap_or_default();
            match self.input.read(place) {
                Ok(0) => self.input_ended = true,
                Ok(read) => filled = filled.saturating_add(read),
                Err(error) => {
                    self.window.truncate(filled);
                    return Err(Error::io(&error));
                }
            }
        }
        self.window.truncate(filled);
        Ok(())
    }
}

/// What a line is that begins with the boundary.
enum Line {
    Delimiter {
        close: bool,
        end: usize,
    },
    Text,
    /// Its end has not come.
    Unknown,
}

/// Judges by what stands behind the boundary.
fn end_of_line(behind: &[u8], input_ended: bool) -> Line {
    let (line, end) = match memchr::memchr(b'\n', behind) {
        Some(at) => (behind.get(..at).unwrap_or_default(), at.saturating_add(1)),
        None if input_ended => (behind, behind.len()),
        None => {
            let may_be = behind.iter().all(|octet| matches!(octet, b'-' | b' ' | b'\t' | b'\r'));
            return if may_be { Line::Unknown } else { Line::Text };
        }
    };
    let mut line = line.strip_suffix(b"\r").unwrap_or(line);
    // RFC 2046 5.1.1: transport padding.
    while let [rest @ .., b' ' | b'\t'] = line {
        line = rest;
    }
    match line {
        b"" => Line::Delimiter { close: false, end },
        b"--" => Line::Delimiter { close: true, end },
        _ => Line::Text,
    }
}

/// Where the line break begins that ends before the line.
fn line_break_before(window: &[u8], line: usize) -> usize {
    match window.get(..line) {
        Some([.., b'\r', b'\n']) => line.saturating_sub(2),
        Some([.., b'\n']) => line.saturating_sub(1),
        _ => line,
    }
}
