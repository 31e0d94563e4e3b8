//! mbox: the stream reader and the splitter agree on every file, whatever the reads give; offsets tile the file.

use std::io::{self, Read};

use mailwright_message_model::mbox::{MARKER_OCTETS, MboxLimits, Reader, Variant, Writer, split, split_with};
use proptest::prelude::*;

/// Gives its octets in reads of the sizes listed, over and over.
struct Chunks<'a, I> {
    rest: &'a [u8],
    sizes: I,
}

impl<I: Iterator<Item = usize>> Read for Chunks<'_, I> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().unwrap_or(1).min(into.len());
        let size = self.rest.len().min(size);
        let (now, later) = self.rest.split_at(size);
        into.split_at_mut(size).0.copy_from_slice(now);
        self.rest = later;
        Ok(size)
    }
}

/// Pieces that meet in ways that matter.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"\n".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        5 => Just(b"From ".to_vec()),
        2 => Just(b"\nFrom a@b.example Sat Jan  3 01:05:34 1996\n".to_vec()),
        1 => Just(b"Fro".to_vec()),
        1 => Just(b">From ".to_vec()),
        1 => Just(b"\n>>From \n".to_vec()),
        1 => (0_usize..40).prop_map(|length| format!("Content-Length: {length}\n").into_bytes()),
        1 => (0_usize..40).prop_map(|length| format!("From x\nContent-Length: {length}\n\n").into_bytes()),
        1 => Just(b"\xEF\xBB\xBF".to_vec()),
        1 => Just(vec![b'x'; MARKER_OCTETS]),
        2 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn variant() -> impl Strategy<Value = Variant> {
    prop_oneof![Just(Variant::Mboxrd), Just(Variant::Mboxo), Just(Variant::Cl), Just(Variant::Auto)]
}

proptest! {
    #[test]
    fn reads_of_any_size_equal_split(
        file in file(), sizes in proptest::collection::vec(1_usize..50, 1..5), variant in variant(),
    ) {
        let source = Chunks { rest: &file, sizes: sizes.iter().copied().cycle() };
        let mut reader = Reader::with(source, variant, MboxLimits::default());
        let mut expected = split_with(&file, variant);
        let leading = expected.leading();
        while let Some(message) = reader.next().unwrap() {
            let want = expected.next().expect("the reader found more");
            prop_assert_eq!(message.raw, want.raw);
            prop_assert_eq!(message.marker, want.marker.get(..MARKER_OCTETS).unwrap_or(want.marker));
            prop_assert_eq!(
                (message.marker_offset, message.begin, message.end, message.cut),
                (want.marker_offset, want.begin, want.end, false)
            );
            prop_assert_eq!(message.unquoted(), want.unquoted());
        }
        prop_assert!(expected.next().is_none());
        prop_assert_eq!((reader.leading(), reader.leading_octets()), (leading, leading.len() as u64));
    }

    #[test]
    fn a_limit_cuts_what_is_longer_and_nothing_else(
        file in file(), sizes in proptest::collection::vec(1_usize..50, 1..5), limit in 1_usize..60,
    ) {
        let source = Chunks { rest: &file, sizes: sizes.iter().copied().cycle() };
        let mut reader = Reader::with(source, Variant::Mboxrd, MboxLimits { message_octets: limit });
        for want in split(&file) {
            let message = reader.next().unwrap().expect("the reader found fewer");
            prop_assert_eq!(message.cut, want.raw.len() > limit);
            prop_assert_eq!(message.raw, want.raw.get(..limit).unwrap_or(want.raw));
            prop_assert_eq!(
                (message.marker_offset, message.begin, message.end),
                (want.marker_offset, want.begin, want.end)
            );
        }
        prop_assert!(reader.next().unwrap().is_none());
    }

    #[test]
    fn offsets_tile_the_file(file in file(), variant in variant()) {
        let messages = split_with(&file, variant);
        let mut at = messages.leading().len() as u64;
        let octets = |from: u64, to: u64| &file[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
        for message in messages {
            // Between a message and the next marker there is its line break, or nothing behind an empty message.
            prop_assert!(matches!(octets(at, message.marker_offset), b"" | b"\n" | b"\r\n"));
            let line = octets(message.marker_offset, message.begin);
            prop_assert!(line.starts_with(b"From ") && line.starts_with(message.marker));
            prop_assert!(line.len() - message.marker.len() <= 2);
            prop_assert_eq!(octets(message.begin, message.end), message.raw);
            at = message.end;
        }
        prop_assert_eq!(at, file.len() as u64);
    }

    #[test]
    fn each_marker_line_starts_a_message(file in file()) {
        let lines = file.split_inclusive(|octet| *octet == b'\n');
        let mark = file.starts_with(b"\xEF\xBB\xBFFrom ");
        let markers = lines.filter(|line| line.starts_with(b"From ")).count() + usize::from(mark);
        prop_assert_eq!(split(&file).count(), markers);
    }

    #[test]
    fn what_is_written_is_read_back(
        messages in proptest::collection::vec(file(), 0..5),
    ) {
        let mut writer = Writer::new(Vec::new());
        for message in &messages {
            writer.write(b"a@b.example", b"Sat Jan  3 01:05:34 1996", message).unwrap();
        }
        let written = writer.into_inner();
        prop_assert_eq!(split(&written).count(), messages.len());
        for (read, message) in split(&written).zip(&messages) {
            let unquoted = read.unquoted();
            let rest = unquoted.strip_prefix(message.as_slice()).expect("the message is a prefix");
            // The line break that a last line lacked, and at the end of the file the empty line.
            prop_assert!(matches!(rest, b"" | b"\n" | b"\r\n" | b"\n\n" | b"\r\n\r\n"));
            prop_assert_eq!(read.sender(), b"a@b.example");
        }
    }
}
