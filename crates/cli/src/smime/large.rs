//! Messages that are read as a stream, because they are too large to be held.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use mailwright_smime::{Context, Error, Report, outside_fields, stream::Opener};

use crate::exit::{Failure, reason};
use crate::input::{Input, Options, Origin};
use crate::progress::Progress;

/// Octets of a message that is held in memory as a whole; a larger one is read as a stream.
const HELD: u64 = 4 << 20;

/// Octets of a header that is put in front of what was opened; what is longer stays outside.
const MOST_HEADER: usize = 1 << 20;

/// What was given.
pub(crate) enum Taken {
    /// Messages to be held one at a time.
    Held(Input),
    /// One that is too large for that.
    Large(Large),
}

/// A large message.
pub(crate) struct Large {
    file: File,
    length: u64,
    pub origin: Origin,
}

/// Opens the paths; `-` is standard input, which is kept in a nameless file where it is large.
pub(crate) fn take(paths: &[PathBuf], options: Options) -> Result<Taken, Failure> {
    let [path] = paths else { return Input::open(paths, options).map(Taken::Held) };
    if path.as_os_str() == "-" {
        return take_stdin(options);
    }
    let fail = |error: &io::Error| Failure::at(path, reason(error));
    let metadata = std::fs::metadata(path).map_err(|error| fail(&error))?;
    if !metadata.is_file() || metadata.len() <= HELD {
        return Input::open(paths, options).map(Taken::Held);
    }
    let mut file = File::open(path).map_err(|error| fail(&error))?;
    let mut head = [0; 8];
    file.read_exact(&mut head).and_then(|()| file.rewind()).map_err(|error| fail(&error))?;
    if options.format.is_mbox(&head) {
        return Input::open(paths, options).map(Taken::Held);
    }
    let origin = Origin { path: Some(path.clone()), ..Origin::default() };
    Ok(Taken::Large(Large { file, length: metadata.len(), origin }))
}

fn take_stdin(options: Options) -> Result<Taken, Failure> {
    let fail = |error: io::Error| Failure::new(format!("standard input: {}", reason(&error)));
    let mut head = Vec::new();
    io::stdin().take(HELD + 1).read_to_end(&mut head).map_err(fail)?;
    if head.len() as u64 <= HELD || options.format.is_mbox(&head) {
        let rest = Box::new(Cursor::new(head).chain(io::stdin()));
        return Input::of(rest, options).map(Taken::Held);
    }
    let kept = tempfile::tempfile().and_then(|mut file| {
        file.write_all(&head)?;
        let rest = io::copy(&mut io::stdin(), &mut file)?;
        file.rewind()?;
        Ok((file, rest.saturating_add(head.len() as u64)))
    });
    let (file, length) = kept.map_err(fail)?;
    Ok(Taken::Large(Large { file, length, origin: Origin::default() }))
}

impl Large {
    /// Opens so many layers at most; what is inside goes to `out` while it is read, before it is judged. Of an encrypted layer
    /// nothing is written that does not open to its end.
    pub(crate) fn open(
        &mut self,
        context: &Context<'_>,
        layers: Option<usize>,
        out: &mut dyn Write,
    ) -> Result<Report<'static>, Failure> {
        let opener = Opener::new(context).checked();
        let opener = layers.map_or(opener, |layers| opener.layers(layers));
        let progress = Progress::new(Some(self.length), true);
        self.file.rewind().map_err(|error| self.failure(&reason(&error)))?;
        opener.open(Watched { file: &self.file, progress }, out).map_err(|error: Error| self.failure(&error))
    }

    /// Gives the message to `make` to read, and what that writes to `out` the line breaks that the message is stored with.
    pub(crate) fn make(
        &mut self,
        out: &mut dyn Write,
        make: impl FnOnce(&mut dyn Read, &mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Failure> {
        let is_stored_with_lf = !self.header()?.contains(&b'\r');
        self.file.rewind().map_err(|error| self.failure(&reason(&error)))?;
        let progress = Progress::new(Some(self.length), true);
        let mut out = AsStored { out, is_stored_with_lf, held: false };
        make(&mut Watched { file: &self.file, progress }, &mut out).map_err(|error| self.failure(&error))?;
        Ok(out.finish()?)
    }

    /// The header, or what is read of it.
    pub(crate) fn header(&mut self) -> Result<Vec<u8>, Failure> {
        let mut header = Vec::new();
        let read = self.file.rewind().and_then(|()| {
            let mut from = (&self.file).take(MOST_HEADER as u64);
            let mut piece = [0; 8192];
            while header_end(&header).is_none() {
                match from.read(&mut piece)? {
                    0 => break,
                    read => header.extend_from_slice(piece.get(..read).unwrap_or_default()),
                }
            }
            Ok(())
        });
        read.map_err(|error| self.failure(&reason(&error)))?;
        header.truncate(header_end(&header).unwrap_or(header.len()));
        Ok(header)
    }

    pub(crate) fn failure(&self, what: &dyn std::fmt::Display) -> Failure {
        Failure::new(format!("{}: {what}", self.origin.name()))
    }
}

/// Where the empty line ends that ends a header.
fn header_end(octets: &[u8]) -> Option<usize> {
    let lf = memchr::memmem::find(octets, b"\n\n").map(|at| at + 2);
    let crlf = memchr::memmem::find(octets, b"\r\n\r\n").map(|at| at + 4);
    lf.into_iter().chain(crlf).min()
}

/// A file whose reading is shown.
struct Watched<'f> {
    file: &'f File,
    progress: Progress,
}

impl Read for Watched<'_> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(octets)?;
        if self.progress.is_wanted() {
            let at = self.file.stream_position()?;
            self.progress.within(at);
        }
        Ok(read)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Writes with the line breaks of a message that is stored with LF alone.
struct AsStored<'o> {
    out: &'o mut dyn Write,
    is_stored_with_lf: bool,
    /// Whether a CR was not written yet.
    held: bool,
}

impl AsStored<'_> {
    fn finish(mut self) -> io::Result<()> {
        self.release()
    }

    fn release(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.held) { self.out.write_all(b"\r") } else { Ok(()) }
    }
}

impl Write for AsStored<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if !self.is_stored_with_lf {
            return self.out.write(octets);
        }
        if octets.first().is_some_and(|first| *first != b'\n') {
            self.release()?;
        }
        self.held = false;
        let (whole, held) = octets.strip_suffix(b"\r").map_or((octets, false), |whole| (whole, true));
        let mut from = 0;
        for crlf in memchr::memmem::find_iter(whole, b"\r\n") {
            self.out.write_all(whole.get(from..crlf).unwrap_or_default())?;
            from = crlf + 1;
        }
        self.out.write_all(whole.get(from..).unwrap_or_default())?;
        self.held = held;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes what is inside of a message's layers with the fields around it in front.
pub(crate) struct Unwrapped<'o> {
    outside: Option<Vec<u8>>,
    beginning: Vec<u8>,
    out: &'o mut dyn Write,
}

impl<'o> Unwrapped<'o> {
    /// With no fields where `outside` is `None`.
    pub(crate) fn new(outside: Option<Vec<u8>>, out: &'o mut dyn Write) -> Self {
        Self { outside, beginning: Vec::new(), out }
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.begin()
    }

    fn begin(&mut self) -> io::Result<()> {
        let Some(outside) = self.outside.take() else { return Ok(()) };
        self.out.write_all(&outside_fields(&outside, &self.beginning))?;
        self.out.write_all(&std::mem::take(&mut self.beginning))
    }
}

impl Write for Unwrapped<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.outside.is_none() {
            return self.out.write(octets);
        }
        self.beginning.extend_from_slice(octets);
        if header_end(&self.beginning).is_some() || self.beginning.len() > MOST_HEADER {
            self.begin()?;
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_go_in_front_of_what_comes_in_pieces() {
        let mut out = Vec::new();
        let mut writer = Unwrapped::new(Some(b"A: b\nContent-Type: x/y\n\n".to_vec()), &mut out);
        for piece in [&b"Content-Type: text/pl"[..], b"ain\r\n\r", b"\nHello", b".\r\n"] {
            writer.write_all(piece).unwrap();
        }
        writer.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "A: b\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello.\r\n");
    }

    #[test]
    fn line_breaks_are_those_of_the_store_however_they_come() {
        for size in 1..6 {
            let mut out = Vec::new();
            let mut writer = AsStored { out: &mut out, is_stored_with_lf: true, held: false };
            b"a\r\n\r\r\nb\rc\r".chunks(size).for_each(|piece| writer.write_all(piece).unwrap());
            writer.finish().unwrap();
            assert_eq!(out, b"a\n\r\nb\rc\r", "{size}");
        }
    }

    #[test]
    fn what_is_short_is_written_too() {
        let mut out = Vec::new();
        let mut writer = Unwrapped::new(Some(b"A: b\n\n".to_vec()), &mut out);
        writer.write_all(b"Hi").unwrap();
        writer.finish().unwrap();
        assert_eq!(out, b"A: b\r\nMIME-Version: 1.0\r\n\r\nHi");
    }
}
