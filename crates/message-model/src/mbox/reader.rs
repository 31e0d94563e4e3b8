//! An mbox read as a stream: one message at a time is held, borrowed from a buffer that is filled in large pieces.

use std::fmt;
use std::io::{self, Read};
use std::mem;

use memchr::memchr;
use memchr::memmem::Finder;

use super::length::{End, LOOK_AHEAD, hint, lands};
use super::{
    BYTE_ORDER_MARK, LEADING_OCTETS, MARKER, MARKER_OCTETS, MboxLimits, MboxMessage, SEPARATOR, Variant,
};

/// Octets asked of the source at once: few calls, and a buffer that stays in the second-level cache.
const CHUNK: usize = 256 * 1024;

/// Octets kept while the end of a long message is looked for: a separator that has not come whole, and a CR before it.
const OVERLAP: usize = SEPARATOR.len();

/// Reads the messages of an mbox from `R`, which needs no buffer of its own.
///
/// Memory is bounded by twice [`MboxLimits::message_octets`] and some; with messages of usual size it is 256 KiB.
/// Work is linear in the file.
pub struct Reader<R> {
    source: R,
    variant: Variant,
    limits: MboxLimits,
    finder: Finder<'static>,
    buffer: Vec<u8>,
    /// The octets of `buffer` that were read and not yet yielded.
    start: usize,
    filled: usize,
    /// Offset in the file of `buffer[start]`.
    offset: u64,
    state: State,
    /// The marker line of the message last yielded.
    marker: Vec<u8>,
    /// The beginning of a message that is longer than the limit, with the LF in front of it.
    held: Vec<u8>,
    leading: Vec<u8>,
    leading_octets: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unread,
    AtMarker,
    Done,
}

/// The separator or the end of the file that was found.
#[derive(Clone, Copy)]
struct Found {
    /// Octets in front of it that are in the buffer, from `start`.
    length: usize,
    is_file_end: bool,
    /// Whether the line break is CR LF.
    crlf: bool,
    /// Whether those in front of it were more than could be kept: their beginning is in `held`.
    cut: bool,
}

impl<R: Read> Reader<R> {
    /// Reads `source` as [`Variant::Mboxrd`] with the default limits.
    pub fn new(source: R) -> Self {
        Self::with(source, Variant::default(), MboxLimits::default())
    }

    /// Reads `source` as `variant` and holds at most what `limits` allow.
    pub fn with(source: R, variant: Variant, limits: MboxLimits) -> Self {
        Self {
            source,
            variant,
            limits,
            finder: Finder::new(SEPARATOR),
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            offset: 0,
            state: State::Unread,
            marker: Vec::new(),
            held: Vec::new(),
            leading: Vec::new(),
            leading_octets: 0,
        }
    }

    /// The next message, `None` behind the last one.
    ///
    /// # Errors
    /// What the source gives, except [`io::ErrorKind::Interrupted`], which is tried again. The reader ends with it.
    #[expect(clippy::should_implement_trait, reason = "the message borrows from the reader")]
    pub fn next(&mut self) -> io::Result<Option<MboxMessage<'_>>> {
        if self.state == State::Unread {
            self.state = State::Done;
            self.open()?;
        }
        if self.state == State::Done {
            return Ok(None);
        }
        // Until this message is whole: an error on the way ends the reading.
        self.state = State::Done;
        self.held = Vec::new();
        let marker_offset = self.offset;
        let begin = self.take_marker()?;
        // The LF of the marker line may be the one in front of the next marker line.
        let found = self.find_separator(self.limits.message_octets.max(1).saturating_add(1))?;
        let found = if found.cut { found } else { self.follow_length(found)? };
        let end = self.offset + found.length as u64 - u64::from(found.crlf);
        let first = self.start;
        self.consume(found.length);
        if !found.is_file_end {
            self.consume(1);
            self.state = State::AtMarker;
        }
        let raw = if found.cut {
            self.held.get(1..)
        } else {
            let last = (first + found.length).saturating_sub(usize::from(found.crlf));
            self.buffer.get(first + 1..last)
        };
        Ok(Some(MboxMessage {
            marker: &self.marker,
            raw: raw.unwrap_or_default(),
            marker_offset,
            begin,
            end: end.max(begin),
            cut: found.cut,
            variant: self.variant,
        }))
    }

    /// What stands in front of the first marker line, its first [`LEADING_OCTETS`](super::LEADING_OCTETS): mostly
    /// nothing, maybe a byte order mark; all of the file if it is no mbox. Empty until [`next`](Self::next) was called.
    pub fn leading(&self) -> &[u8] {
        &self.leading
    }

    /// How many octets stand in front of the first marker line.
    pub fn leading_octets(&self) -> u64 {
        self.leading_octets
    }

    /// Finds the first marker line.
    fn open(&mut self) -> io::Result<()> {
        while self.live().len() < BYTE_ORDER_MARK.len() + MARKER.len() && self.fill()? {}
        let live = self.live();
        let marked = live.strip_prefix(BYTE_ORDER_MARK).unwrap_or(live);
        if marked.starts_with(MARKER) {
            let mark = live.len() - marked.len();
            self.leading = live.get(..mark).unwrap_or_default().to_vec();
            self.consume(mark);
            self.state = State::AtMarker;
        } else {
            let found = self.find_separator(LEADING_OCTETS)?;
            let line_feed = usize::from(!found.is_file_end);
            if !found.cut {
                self.held = self.live().get(..found.length + line_feed).unwrap_or_default().to_vec();
            }
            self.leading = mem::take(&mut self.held);
            self.consume(found.length + line_feed);
            if !found.is_file_end {
                self.state = State::AtMarker;
            }
        }
        self.leading_octets = self.offset;
        Ok(())
    }

    /// Takes the marker line up to its LF, which stays in front; returns where the message begins.
    fn take_marker(&mut self) -> io::Result<u64> {
        self.marker.clear();
        let mut length = 0;
        loop {
            let live = self.buffer.get(self.start..self.filled).unwrap_or_default();
            let end = memchr(b'\n', live);
            let part = live.get(..end.unwrap_or(live.len())).unwrap_or_default();
            let room = MARKER_OCTETS - self.marker.len();
            self.marker.extend_from_slice(part.get(..room).unwrap_or(part));
            length += part.len();
            self.consume(part.len());
            if end.is_some() {
                if length == self.marker.len() {
                    self.marker.pop_if(|last| *last == b'\r');
                }
                return Ok(self.offset + 1);
            }
            if !self.fill()? {
                return Ok(self.offset);
            }
        }
    }

    /// Looks for the line break in front of a marker line, from the octet in front on. Where more than `keep` octets
    /// stand before it, `keep` of them go to `held`.
    fn find_separator(&mut self, keep: usize) -> io::Result<Found> {
        let (mut scanned, mut cut) = (0, false);
        loop {
            let live = self.live();
            let hit = live.get(scanned..).and_then(|rest| self.finder.find(rest)).map(|hit| scanned + hit);
            scanned = live.len().saturating_sub(OVERLAP - 1);
            if let Some(length) = hit {
                let crlf = length.checked_sub(1).is_some_and(|before| live.get(before) == Some(&b'\r'));
                return Ok(self.hold(Found { length, is_file_end: false, crlf, cut }, keep));
            }
            // A separator that is still to come stands behind all that may be kept.
            if cut || scanned > keep.saturating_add(1) {
                self.drop_scanned(if cut { 0 } else { keep });
                (scanned, cut) = (1, true);
            }
            if !self.fill()? {
                let length = self.live().len();
                return Ok(self.hold(Found { length, is_file_end: true, crlf: false, cut }, keep));
            }
        }
    }

    /// Copies the beginning of what was found to `held` if it is longer than `keep` octets.
    fn hold(&mut self, found: Found, keep: usize) -> Found {
        if found.cut || found.length - usize::from(found.crlf) <= keep {
            return found;
        }
        self.held = self.live().get(..keep).unwrap_or_default().to_vec();
        Found { cut: true, ..found }
    }

    /// Drops what is in the buffer but for the last [`OVERLAP`] octets, after its first `keep` went to `held`.
    fn drop_scanned(&mut self, keep: usize) {
        let dropped = self.live().len().saturating_sub(OVERLAP);
        if keep == 0 {
            self.consume(dropped);
            return;
        }
        let tail = self.live().get(dropped..).unwrap_or_default().to_vec();
        let mut buffer = mem::replace(&mut self.buffer, tail);
        buffer.truncate(self.start + keep);
        buffer.drain(..self.start);
        self.held = buffer;
        self.offset += dropped as u64;
        (self.start, self.filled) = (0, self.buffer.len());
    }

    /// Follows Content-Length from the end that was found to a later one, if the variant has it and the message stays
    /// within the limit.
    fn follow_length(&mut self, found: Found) -> io::Result<Found> {
        if found.is_file_end || !matches!(self.variant, Variant::Cl | Variant::Auto) {
            return Ok(found);
        }
        let message = self.live().get(1..found.length).unwrap_or_default();
        let Some(place) = hint(message).and_then(|place| place.checked_add(1)) else { return Ok(found) };
        if place <= found.length || place.saturating_add(LOOK_AHEAD) > self.limits.message_octets {
            return Ok(found);
        }
        let mut last = false;
        while !last && self.live().len() < place + LOOK_AHEAD {
            last = !self.fill()?;
        }
        let live = self.live();
        Ok(match lands(live, place, last) {
            Some(End::Separator(length)) => {
                let crlf = length.checked_sub(1).is_some_and(|before| live.get(before) == Some(&b'\r'));
                Found { length, crlf, ..found }
            }
            Some(End::File) => Found { length: live.len(), is_file_end: true, crlf: false, cut: false },
            None => found,
        })
    }

    /// The octets that were read and not yet yielded.
    fn live(&self) -> &[u8] {
        self.buffer.get(self.start..self.filled).unwrap_or_default()
    }

    fn consume(&mut self, octets: usize) {
        let octets = octets.min(self.filled - self.start);
        self.start += octets;
        self.offset += octets as u64;
    }

    /// Reads once; `false` at the end of the file. The buffer grows only when it is full of octets that are needed, so
    /// by what was read and never by what the file says.
    fn fill(&mut self) -> io::Result<bool> {
        if self.filled == self.buffer.len() {
            let live = self.filled - self.start;
            // What is needed is at most the limit: with twice as much room each octet moves less than once on average.
            let most = self.limits.message_octets.saturating_add(CHUNK).saturating_mul(2);
            if self.start > 0 && (self.start >= live || self.buffer.len() >= most) {
                self.buffer.copy_within(self.start..self.filled, 0);
                (self.start, self.filled) = (0, live);
            } else {
                let grown = self.buffer.len().saturating_mul(2).clamp(CHUNK, most.max(CHUNK));
                self.buffer.resize(grown.max(self.buffer.len() + 1), 0);
            }
        }
        loop {
            match self.source.read(self.buffer.get_mut(self.filled..).unwrap_or_default()) {
                Ok(0) => return Ok(false),
                // A source that claims more than it was given room for gets no more than that.
                Ok(read) => {
                    self.filled = self.filled.saturating_add(read).min(self.buffer.len());
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("variant", &self.variant)
            .field("limits", &self.limits)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
