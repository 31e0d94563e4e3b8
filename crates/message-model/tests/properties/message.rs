//! What holds for the tree of any octets whatever.

use mailwright_message_model::{Header, Limits, Message, MessageBuf};
use proptest::prelude::*;

/// Every octet stands in exactly one tile, every child inside its parent, siblings in order.
fn check(raw: &[u8], limits: &Limits) -> Result<(), TestCaseError> {
    let message = Message::parse_with(raw, limits).unwrap();
    let mut at = 0;
    for tile in message.tiles() {
        prop_assert_eq!(tile.span.start, at, "gap or overlap before {:?}", tile);
        prop_assert!(!tile.span.is_empty());
        at = tile.span.end;
    }
    prop_assert_eq!(at, raw.len());
    for entity in message.walk() {
        let span = entity.span();
        prop_assert_eq!([entity.header_raw(), entity.body_raw()].concat(), entity.raw());
        prop_assert!(entity.depth() <= limits.depth);
        let mut from = entity.body_span().start;
        for child in entity.children() {
            prop_assert!(from <= child.delimiter_span().start && child.span().end <= span.end);
            prop_assert_eq!(child.parent().map(|parent| parent.id()), Some(entity.id()));
            prop_assert_eq!(child.depth(), entity.depth() + 1);
            from = child.span().end;
        }
        let mut from = entity.header_span().start;
        for field in entity.fields() {
            prop_assert!(from <= field.span().start && field.span().end <= entity.header_span().end);
            prop_assert_eq!(field.span().of(raw), field.raw());
            prop_assert_eq!(field.value_span().of(raw), field.value_raw());
            from = field.span().end;
        }
    }
    prop_assert!(message.walk().len() <= limits.parts.max(1));
    let below: usize = message.walk().map(|entity| entity.children().count()).sum();
    prop_assert_eq!(below + 1, message.walk().len());
    for defect in message.defects() {
        prop_assert!(defect.at.end <= raw.len());
        prop_assert!(message.entity(defect.part).is_some());
    }
    let owned = MessageBuf::parse_with(raw.to_vec(), limits).unwrap();
    prop_assert_eq!(owned.message().tiles(), message.tiles());
    Ok(())
}

/// Lines that make trees: few boundaries, so that they meet.
fn line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        "text",
        "--a",
        "--a--",
        "--b",
        "--b--",
        "--ab",
        "--a ",
        "Content-Type: multipart/mixed; boundary=a",
        "Content-Type: multipart/digest; boundary=b",
        "Content-Type: multipart/alternative; boundary=\"a b\"",
        "Content-Type: multipart/mixed",
        "Content-Type: message/rfc822",
        "Content-Type: text/html",
        "Content-Type : text/plain",
        "Content-Transfer-Encoding: base64",
        " folded",
        "\t",
        "no colon",
        "From me Thu Jan  1 00:00:00 1970",
        "From: a@example.org",
        "--a b",
    ])
}

fn mime() -> impl Strategy<Value = Vec<u8>> {
    let end = prop::sample::select(vec!["\r\n", "\n", "\r\n", "\n", "\r", "\r\r\n"]);
    prop::collection::vec((line(), end), 0..40).prop_map(|lines| {
        lines.into_iter().flat_map(|(line, end)| [line, end]).collect::<String>().into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn octets_tile(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&raw, &Limits::default())?;
    }

    #[test]
    fn mime_tiles(raw in mime()) {
        check(&raw, &Limits::default())?;
    }

    #[test]
    fn limits_hold(raw in mime(), parts in 1_usize..6, depth in 0_usize..4, fields in 0_usize..5) {
        check(&raw, &Limits { parts, depth, fields, ..Limits::default() })?;
    }

    /// The quick view of a header and the tree see the same fields.
    #[test]
    fn header_alone_is_the_header_of_the_message(raw in mime()) {
        let message = Message::parse(&raw).unwrap();
        let fields: Vec<_> = message.fields().map(|field| field.raw()).collect();
        let alone: Vec<_> = Header::new(&raw).map(|field| field.raw()).collect();
        prop_assert_eq!(alone, fields);
    }
}
