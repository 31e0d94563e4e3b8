//! mbox: the stream reader and the splitter agree whatever the reads give, offsets tile the file, limits cut and say
//! so, and what is written is read back.
#![no_main]

use std::io::{self, Read};

use libfuzzer_sys::fuzz_target;
use mailwright_message_model::mbox::{MARKER_OCTETS, MboxLimits, Reader, Variant, Writer, split, split_with};

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (sizes, limit, file) = input;
    for variant in [Variant::Mboxrd, Variant::Mboxo, Variant::Cl, Variant::Auto] {
        reads_equal_split(file, sizes, variant);
        offsets_tile(file, variant);
    }
    limit_cuts(file, sizes, usize::from(limit).max(1));
    written_is_read_back(file);
});

/// Gives its octets in reads of 1, 2, ... `most` octets, over and over.
struct Chunks<'a> {
    rest: &'a [u8],
    most: usize,
    now: usize,
}

impl<'a> Chunks<'a> {
    fn new(rest: &'a [u8], most: u8) -> Self {
        Self { rest, most: usize::from(most).max(1), now: 0 }
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.now = self.now % self.most + 1;
        let size = self.now.min(into.len()).min(self.rest.len());
        let (now, later) = self.rest.split_at(size);
        into[..size].copy_from_slice(now);
        self.rest = later;
        Ok(size)
    }
}

fn reads_equal_split(file: &[u8], sizes: u8, variant: Variant) {
    let mut reader = Reader::with(Chunks::new(file, sizes), variant, MboxLimits::default());
    let mut expected = split_with(file, variant);
    while let Some(message) = reader.next().expect("no error in memory") {
        let want = expected.next().expect("the reader found more");
        assert_eq!(message.raw, want.raw);
        assert_eq!(message.marker, want.marker.get(..MARKER_OCTETS).unwrap_or(want.marker));
        assert_eq!((message.marker_offset, message.begin), (want.marker_offset, want.begin));
        assert_eq!((message.end, message.cut), (want.end, false));
        assert_eq!(message.unquoted(), want.unquoted());
        let _ = (message.sender(), message.date());
    }
    assert!(expected.next().is_none());
}

fn offsets_tile(file: &[u8], variant: Variant) {
    let messages = split_with(file, variant);
    let mut at = messages.leading().len();
    for message in messages {
        let [marker, begin, end] = [message.marker_offset, message.begin, message.end]
            .map(|offset| usize::try_from(offset).expect("inside the file"));
        assert!(matches!(&file[at..marker], b"" | b"\n" | b"\r\n"));
        assert!(file[marker..begin].starts_with(b"From "));
        assert_eq!(&file[begin..end], message.raw);
        at = end;
    }
    assert_eq!(at, file.len());
}

fn limit_cuts(file: &[u8], sizes: u8, limit: usize) {
    let limits = MboxLimits { message_octets: limit };
    let mut reader = Reader::with(Chunks::new(file, sizes), Variant::Mboxrd, limits);
    for want in split(file) {
        let message = reader.next().expect("no error in memory").expect("the reader found fewer");
        assert_eq!(message.cut, want.raw.len() > limit);
        assert_eq!(message.raw, want.raw.get(..limit).unwrap_or(want.raw));
        assert_eq!(message.end, want.end);
    }
    assert!(reader.next().expect("no error in memory").is_none());
}

fn written_is_read_back(message: &[u8]) {
    let mut writer = Writer::new(Vec::new());
    for _ in 0..2 {
        writer
            .write(b"a@b.example", b"Sat Jan  3 01:05:34 1996", message)
            .expect("no line break in the marker");
    }
    let file = writer.into_inner();
    assert_eq!(split(&file).count(), 2);
    for read in split(&file) {
        assert!(read.unquoted().starts_with(message));
    }
}
