//! Writing an mbox in its reversible form, mboxrd.

use std::fmt;
use std::io::{self, Write};

use memchr::memchr;
use memchr::memmem::Finder;

use super::MARKER;

/// Writes messages as mboxrd: lines that begin with `From `, or with any number of `>` and `From `, are given a `>`.
///
/// ```
/// use mailwright_message_model::mbox::{Writer, split};
///
/// let mut writer = Writer::new(Vec::new());
/// writer.write(b"ann@example.com", b"Sat Jan  3 01:05:34 1996", b"Subject: x\n\nFrom here on\n")?;
/// let file = writer.into_inner();
/// assert_eq!(file, b"From ann@example.com Sat Jan  3 01:05:34 1996\nSubject: x\n\n>From here on\n\n");
/// assert!(split(&file).next().unwrap().unquoted().starts_with(b"Subject: x\n\nFrom here on\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer<W> {
    target: W,
}

/// Why a marker line cannot be written: sender or date hold a line break or a NUL, which would begin another line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkerError(());

impl fmt::Display for MarkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sender or date of an mbox marker line holds CR, LF or NUL (RFC 4155, Appendix A)")
    }
}

impl std::error::Error for MarkerError {}

impl<W: Write> Writer<W> {
    /// Writes to `target`, which should be buffered, from an empty line or the beginning of a file on.
    pub fn new(target: W) -> Self {
        Self { target }
    }

    /// Appends `message` with a marker line of `sender` (`-` if empty) and `date` (as `asctime` writes it, in UTC: RFC
    /// 4155). The octets stay as they are but for the quoting; a last line without line break is given one, of the
    /// kind that the message has, and an empty line follows.
    ///
    /// # Errors
    /// [`MarkerError`] inside [`io::ErrorKind::InvalidInput`] if sender or date hold CR, LF or NUL, before anything is
    /// written; else what the target gives.
    pub fn write(&mut self, sender: &[u8], date: &[u8], message: &[u8]) -> io::Result<()> {
        if [sender, date].concat().iter().any(|octet| b"\r\n\0".contains(octet)) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, MarkerError(())));
        }
        let line_break = match memchr(b'\n', message) {
            Some(at) if message.get(..at).is_some_and(|line| line.ends_with(b"\r")) => b"\r\n".as_slice(),
            _ => b"\n",
        };
        self.target.write_all(MARKER)?;
        self.target.write_all(if sender.is_empty() { b"-" } else { sender })?;
        if !date.is_empty() {
            self.target.write_all(b" ")?;
            self.target.write_all(date)?;
        }
        self.target.write_all(line_break)?;
        self.write_quoted(message)?;
        if !message.ends_with(b"\n") && !message.is_empty() {
            self.target.write_all(line_break)?;
        }
        self.target.write_all(line_break)
    }

    /// Flushes the target.
    ///
    /// # Errors
    /// What the target gives.
    pub fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }

    /// The target.
    pub fn into_inner(self) -> W {
        self.target
    }

    fn write_quoted(&mut self, message: &[u8]) -> io::Result<()> {
        let finder = Finder::new(MARKER);
        let (mut written, mut at) = (0, 0);
        while let Some(hit) = message.get(at..).and_then(|rest| finder.find(rest)) {
            let from = at + hit;
            at = from + MARKER.len();
            let before = message.get(..from).unwrap_or_default();
            let line = from - before.iter().rev().take_while(|&&octet| octet == b'>').count();
            if line.checked_sub(1).is_none_or(|end| message.get(end) == Some(&b'\n')) {
                self.target.write_all(message.get(written..line).unwrap_or_default())?;
                self.target.write_all(b">")?;
                written = line;
            }
        }
        self.target.write_all(message.get(written..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marker_lines_cannot_be_injected() {
        let mut writer = Writer::new(Vec::new());
        for (sender, date) in [("a\nFrom b", ""), ("a", "x\r\nSubject: y"), ("a\0", "")] {
            let error = writer.write(sender.as_bytes(), date.as_bytes(), b"x").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
            assert!(error.get_ref().is_some_and(|inner| inner.is::<MarkerError>()));
        }
        assert_eq!(writer.into_inner(), b"");
    }

    #[test]
    fn all_depths_are_quoted_and_line_breaks_kept() {
        let mut writer = Writer::new(Vec::new());
        writer.write(b"", b"", b"From a\r\n>From b\r\n> From c\r\nd From e").unwrap();
        assert_eq!(writer.into_inner(), b"From -\r\n>From a\r\n>>From b\r\n> From c\r\nd From e\r\n\r\n");
    }
}
