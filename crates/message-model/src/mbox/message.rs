//! One message of an mbox: its octets, its place, and what its marker line says.

use std::borrow::Cow;

use memchr::memchr_iter;
use memchr::memmem::Finder;

use crate::date::DateTime;

use super::{MARKER, Variant};

/// One message, borrowed from the reader's buffer or from the bytes that were split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MboxMessage<'a> {
    /// The marker line without its line break; [`Reader`](super::Reader) keeps its first
    /// [`MARKER_OCTETS`](super::MARKER_OCTETS).
    pub marker: &'a [u8],
    /// The octets of the message as they stand in the file, `begin..end`; only their beginning where `cut` is set.
    pub raw: &'a [u8],
    /// Where the marker line begins in the file.
    pub marker_offset: u64,
    /// Where the message begins: behind the line break of the marker line.
    pub begin: u64,
    /// Where it ends in the file, also if it was cut: before the line break in front of the next marker line.
    pub end: u64,
    /// Whether the message is longer than [`MboxLimits::message_octets`](super::MboxLimits::message_octets), so that
    /// `raw` is not all of it.
    pub cut: bool,
    pub(super) variant: Variant,
}

impl<'a> MboxMessage<'a> {
    /// The envelope sender of the marker line, without angle brackets; often `-` or `MAILER-DAEMON`, maybe empty. It
    /// is whatever the program that delivered wrote, for example an id of the archive.
    #[must_use]
    pub fn sender(&self) -> &'a [u8] {
        let sender = self.marker_parts().0;
        sender.strip_prefix(b"<").and_then(|inner| inner.strip_suffix(b">")).unwrap_or(sender)
    }

    /// The rest of the marker line, from its weekday if it has one: mostly a date as `asctime` writes it, in UTC by
    /// RFC 4155 and in local time of an unknown zone by many programs.
    #[must_use]
    pub fn date(&self) -> &'a [u8] {
        self.marker_parts().1
    }

    /// The [`date`](Self::date), if it can be read. Without a zone it counts as UTC.
    #[must_use]
    pub fn date_time(&self) -> Option<DateTime> {
        DateTime::parse(self.date())
    }

    /// The message with the quoting of its variant taken off: of each line that begins with `>From ` (in mboxrd also
    /// `>>From ` and so on) the first `>` goes. With [`Variant::Cl`] nothing was quoted.
    ///
    /// Signatures were made before the quoting: verify them over these octets.
    #[must_use]
    pub fn unquoted(&self) -> Cow<'a, [u8]> {
        match self.variant {
            Variant::Cl => Cow::Borrowed(self.raw),
            Variant::Mboxo => unquote(self.raw, 1),
            Variant::Mboxrd | Variant::Auto => unquote(self.raw, usize::MAX),
        }
    }

    /// Sender and date. The sender of a local mailbox may have blanks in quotes, so the weekday decides.
    fn marker_parts(&self) -> (&'a [u8], &'a [u8]) {
        let line = self.marker.strip_prefix(MARKER).unwrap_or_default().trim_ascii();
        let blanks = || memchr_iter(b' ', line);
        let date = std::iter::once(0)
            .chain(blanks().map(|blank| blank + 1))
            .find(|&at| line.get(at..).is_some_and(begins_with_weekday))
            .or_else(|| blanks().next())
            .unwrap_or(line.len());
        let (sender, date) = line.split_at_checked(date).unwrap_or_default();
        (sender.trim_ascii(), date.trim_ascii())
    }
}

fn begins_with_weekday(text: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    text.split_first_chunk::<3>().is_some_and(|(day, rest)| {
        DAYS.contains(&day.as_slice()) && rest.first().is_none_or(|next| b" ,".contains(next))
    })
}

/// Takes one `>` off each line that begins with up to `most` of them and `From `.
fn unquote(raw: &[u8], most: usize) -> Cow<'_, [u8]> {
    let finder = Finder::new(b">From ");
    let (mut out, mut copied, mut at) = (Vec::new(), 0, 0);
    while let Some(hit) = raw.get(at..).and_then(|rest| finder.find(rest)) {
        let last_quote = at + hit;
        at = last_quote + 1;
        let before = raw.get(..last_quote).unwrap_or_default();
        let more = before.iter().rev().take_while(|&&byte| byte == b'>').count();
        let line = before.len() - more;
        let starts_line = line.checked_sub(1).is_none_or(|end| raw.get(end) == Some(&b'\n'));
        if starts_line && more < most {
            out.extend_from_slice(raw.get(copied..line).unwrap_or_default());
            copied = line + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(raw);
    }
    out.extend_from_slice(raw.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(marker: &[u8]) -> MboxMessage<'_> {
        let (raw, variant) = (b"".as_slice(), Variant::Mboxrd);
        MboxMessage { marker, raw, marker_offset: 0, begin: 0, end: 0, cut: false, variant }
    }

    #[test]
    fn sender_and_date() {
        for (line, sender, date) in [
            ("From ann@example.com Sat Jan  3 01:05:34 1996", "ann@example.com", "Sat Jan  3 01:05:34 1996"),
            (
                "From <ann@example.com>  Sat Jan  3 01:05:34 1996",
                "ann@example.com",
                "Sat Jan  3 01:05:34 1996",
            ),
            (
                "From \"ann b\"@example.com Sat Jan  3 01:05:34 1996",
                "\"ann b\"@example.com",
                "Sat Jan  3 01:05:34 1996",
            ),
            ("From Satis Sun, 3 Jan 1996", "Satis", "Sun, 3 Jan 1996"),
            ("From ann 1996-01-03", "ann", "1996-01-03"),
            ("From - ", "-", ""),
            ("From Mon Jan  3 01:05:34 1996", "", "Mon Jan  3 01:05:34 1996"),
            ("From ", "", ""),
            ("From 1844347792267117879@xxx Fri Oct 4", "1844347792267117879@xxx", "Fri Oct 4"),
        ] {
            let message = marked(line.as_bytes());
            assert_eq!((message.sender(), message.date()), (sender.as_bytes(), date.as_bytes()), "{line}");
        }
    }

    #[test]
    fn dates_of_marker_lines() {
        let unix = |line: &'static [u8]| marked(line).date_time().map(|date| date.to_unix());
        assert_eq!(unix(b"From a@b.example Sat Jan  3 01:05:34 1996"), Some(820_631_134));
        assert_eq!(unix(b"From a@b.example Sat Jan  3 01:05:34 +0100 1996"), Some(820_627_534));
        assert_eq!(unix(b"From - "), None);
    }

    #[test]
    fn quoting_is_taken_off_once() {
        let raw = b">From a\n>>From b\n >From c\nx >From d\n>From";
        assert_eq!(unquote(raw, usize::MAX).as_ref(), b"From a\n>From b\n >From c\nx >From d\n>From");
        assert_eq!(unquote(raw, 1).as_ref(), b"From a\n>>From b\n >From c\nx >From d\n>From");
        assert!(matches!(unquote(b"From a", usize::MAX), Cow::Borrowed(b"From a")));
    }
}
