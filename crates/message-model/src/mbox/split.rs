//! An mbox in memory, split in place.

use std::iter::FusedIterator;

use memchr::memchr;
use memchr::memmem::Finder;

use super::length::{End, hint, lands};
use super::{BYTE_ORDER_MARK, MARKER, MboxMessage, SEPARATOR, Variant};

/// The messages of `file`, which is read as [`Variant::Mboxrd`]; nothing is copied.
///
/// ```
/// use mailwright_message_model::mbox::split;
///
/// let file = b"From a@example.com Sat Jan  3 01:05:34 1996\r\nSubject: 1\r\n\r\nFrom b@example.com x\r\nSubject: 2\r\n";
/// let subjects: Vec<&[u8]> = split(file).map(|message| message.raw).collect();
/// assert_eq!(subjects, [b"Subject: 1\r\n", b"Subject: 2\r\n"]);
/// ```
#[must_use]
pub fn split(file: &[u8]) -> Split<'_> {
    split_with(file, Variant::default())
}

/// The messages of `file`, read as `variant`.
#[must_use]
pub fn split_with(file: &[u8], variant: Variant) -> Split<'_> {
    let finder = Finder::new(SEPARATOR);
    let marked = file.strip_prefix(BYTE_ORDER_MARK).unwrap_or(file);
    let first = if marked.starts_with(MARKER) {
        file.len() - marked.len()
    } else {
        finder.find(file).map_or(file.len(), |line_feed| line_feed + 1)
    };
    Split { file, leading: file.get(..first).unwrap_or_default(), next: first, finder, variant }
}

/// Iterator over the messages of an mbox in memory; see [`split`].
#[derive(Clone, Debug)]
pub struct Split<'a> {
    file: &'a [u8],
    leading: &'a [u8],
    /// Where the next marker line begins; the end of the file if there is none.
    next: usize,
    finder: Finder<'static>,
    variant: Variant,
}

impl<'a> Split<'a> {
    /// What stands in front of the first marker line: mostly nothing, maybe a byte order mark; all of the file if it
    /// is no mbox.
    #[must_use]
    pub fn leading(&self) -> &'a [u8] {
        self.leading
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = MboxMessage<'a>;

    fn next(&mut self) -> Option<MboxMessage<'a>> {
        let marker_offset = self.next;
        let rest = self.file.get(marker_offset..).filter(|rest| !rest.is_empty())?;
        let line_feed = memchr(b'\n', rest).unwrap_or(rest.len());
        let marker = rest.get(..line_feed).unwrap_or_default();
        let marker =
            if line_feed < rest.len() { marker.strip_suffix(b"\r").unwrap_or(marker) } else { marker };
        // From the LF of the marker line, which may be the one in front of the next.
        let after = rest.get(line_feed..).unwrap_or_default();
        let message = after.get(1..).unwrap_or_default();
        let begin = self.file.len() - message.len();
        let mut end = self.finder.find(after).map_or(End::File, End::Separator);
        if let (Variant::Cl | Variant::Auto, End::Separator(found)) = (self.variant, end) {
            let place = after.get(1..found).and_then(hint).and_then(|place| place.checked_add(1));
            end = place
                .filter(|place| *place > found)
                .and_then(|place| lands(after, place, true))
                .unwrap_or(end);
        }
        let raw = match end {
            End::File => {
                self.next = self.file.len();
                message
            }
            End::Separator(found) => {
                self.next = marker_offset + line_feed + found + 1;
                let raw = after.get(1..found).unwrap_or_default();
                raw.strip_suffix(b"\r").unwrap_or(raw)
            }
        };
        Some(MboxMessage {
            marker,
            raw,
            marker_offset: marker_offset as u64,
            begin: begin as u64,
            end: (begin + raw.len()) as u64,
            cut: false,
            variant: self.variant,
        })
    }
}

impl FusedIterator for Split<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn raws(file: &[u8], variant: Variant) -> Vec<&[u8]> {
        split_with(file, variant).map(|message| message.raw).collect()
    }

    #[test]
    fn empty_messages_and_mixed_breaks() {
        let file = b"From a\nFrom b\r\nFrom c\n\r\nFrom d\r\n\nFrom e\nx\r\n\r\nFrom f";
        assert_eq!(raws(file, Variant::Mboxrd), [b"".as_slice(), b"", b"", b"", b"x\r\n", b""]);
        let places: Vec<_> = split(file).map(|m| (m.marker_offset, m.begin, m.end)).collect();
        assert_eq!(places[0], (0, 7, 7));
        assert_eq!(places[2], (15, 22, 22));
        assert_eq!(places[5].0, 45);
        assert_eq!(places[5].1, places[5].2);
    }

    #[test]
    fn what_leads_is_told() {
        assert_eq!(split(b"").leading(), b"");
        assert_eq!(split(b"Subject: x\n\n").leading(), b"Subject: x\n\n");
        assert_eq!(split(b"Subject: x\n\nFrom a\n").leading(), b"Subject: x\n\n");
        let mut marked = split(b"\xEF\xBB\xBFFrom a\nx");
        assert_eq!(marked.leading(), BYTE_ORDER_MARK);
        assert_eq!(marked.next().map(|m| (m.marker_offset, m.raw)), Some((3, b"x".as_slice())));
    }

    #[test]
    fn content_length_is_followed_only_where_it_lands() {
        let file =
            b"From a\nContent-Length: 14\n\nx\nFrom hill\ny\n\nFrom b\nContent-Length: 99\n\nz\n\nFrom c\n";
        let cl = raws(file, Variant::Cl);
        assert_eq!(cl.len(), 3);
        assert!(cl[0].ends_with(b"x\nFrom hill\ny\n") && cl[1].ends_with(b"z\n"));
        assert_eq!(raws(file, Variant::Mboxrd).len(), 4);
        assert_eq!(raws(b"From a\nContent-Length: 13\n\nx\nFrom hill\ny", Variant::Cl).len(), 1);
        assert_eq!(raws(b"From a\nContent-Length: 12\n\nx\nFrom hill\ny", Variant::Cl).len(), 2);
    }
}
