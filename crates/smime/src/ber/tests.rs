use super::*;

fn collect(input: &[u8]) -> Result<Vec<u8>, Error> {
    Reader::new(input, "test").collect()
}

#[test]
fn der_is_collected_as_it_stands() {
    let input = [0x30, 0x08, 0x02, 0x01, 0x05, 0xa0, 0x03, 0x04, 0x01, 0x09];
    assert_eq!(collect(&input).unwrap(), input);
}

#[test]
fn indefinite_lengths_and_strings_in_pieces_become_der() {
    // SEQUENCE { OCTET STRING { "a", { "b" }, "" }, INTEGER 5 }
    let input = [
        0x30, 0x80, 0x24, 0x80, 0x04, 0x01, b'a', 0x24, 0x03, 0x04, 0x01, b'b', 0x04, 0x00, 0x00, 0x00, 0x02,
        0x81, 0x01, 0x05, 0x00, 0x00,
    ];
    assert_eq!(collect(&input).unwrap(), [0x30, 0x07, 0x04, 0x02, b'a', b'b', 0x02, 0x01, 0x05]);
}

#[test]
fn ends_that_are_missing_or_overrun_are_errors_with_their_place() {
    assert_eq!(collect(&[0x30, 0x80, 0x02, 0x01, 0x05]).unwrap_err().offset(), Some(5));
    assert_eq!(collect(&[0x30, 0x03, 0x02, 0x02, 0x05, 0x05]).unwrap_err().offset(), Some(4));
    assert_eq!(collect(&[0x30, 0x02, 0x00, 0x00]).unwrap_err().offset(), Some(4));
    assert!(collect(&[0x04, 0x80, 0x00, 0x00]).is_err(), "a primitive element has a length");
    assert!(collect(&[]).is_err());
}

#[test]
fn what_is_broken_inside_is_kept_where_its_end_is_known() {
    let keep = |input: &[u8]| Reader::new(input, "test").keep();
    // SEQUENCE { INTEGER of five octets, of which two are there }
    let broken = [0x30, 0x04, 0x02, 0x05, 0x01, 0x02];
    assert_eq!(keep(&broken).unwrap(), broken);
    assert!(collect(&broken).is_err());
    assert_eq!(keep(&[0x30, 0x81, 0x04, 0x24, 0x02, 0x04, 0x00]).unwrap(), [0x30, 0x02, 0x04, 0x00]);
    assert_eq!(keep(&[0x02, 0x81, 0x01, 0x05]).unwrap(), [0x02, 0x01, 0x05]);
    assert!(keep(&[0x30, 0x80, 0x02, 0x05, 0x01, 0x02]).is_err(), "the end is not known");
    assert!(keep(&[0x30, 0x05, 0x02]).is_err(), "the end is not there");
    let deep = [[0x30, 0x80].repeat(MAX_ASN1_DEPTH), [0, 0].repeat(MAX_ASN1_DEPTH)].concat();
    let deep = [&[0x30, 0x81, 0x80][..], &deep].concat();
    assert!(matches!(keep(&deep).unwrap_err().kind(), crate::ErrorKind::Limit { .. }));
}

#[test]
fn tag_numbers_of_32_bits_are_read() {
    let input = [0xdf, 0x8f, 0xff, 0xff, 0xff, 0x7f, 0x00];
    assert_eq!(collect(&input).unwrap(), input);
}

#[test]
fn depth_is_limited() {
    let deep = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
    assert!(collect(&deep(MAX_ASN1_DEPTH)).is_ok());
    assert!(matches!(
        collect(&deep(MAX_ASN1_DEPTH + 1)).unwrap_err().kind(),
        crate::ErrorKind::Limit { which: "MAX_ASN1_DEPTH", .. }
    ));
}

#[test]
fn octets_come_in_pieces_whatever_the_buffer() {
    let input = [0x24, 0x80, 0x04, 0x03, b'a', b'b', b'c', 0x04, 0x01, b'd', 0x00, 0x00];
    for size in 1..8 {
        let mut reader = Reader::new(std::io::BufReader::with_capacity(size, &input[..]), "test");
        let mut content = Vec::new();
        reader
            .octets(&mut |piece| {
                content.extend_from_slice(piece);
                Ok(())
            })
            .unwrap();
        assert_eq!(content, b"abcd");
        assert_eq!(reader.peek().unwrap(), None);
    }
}

#[test]
fn lengths_are_written_in_as_few_octets_as_do() {
    let header = |length| {
        let mut written = Vec::new();
        write::push_header(&mut written, Identifier::OCTETS, length);
        written
    };
    assert_eq!(header(0x7f), [4, 0x7f]);
    assert_eq!(header(0x80), [4, 0x81, 0x80]);
    assert_eq!(header(0x1_0000), [4, 0x83, 1, 0, 0]);
    assert_eq!(write::integer(0), [2, 1, 0]);
    assert_eq!(write::integer(128), [2, 2, 0, 128]);
}
