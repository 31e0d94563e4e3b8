//! Any octets are a message: its tiles cover them, its entities nest, its limits hold, and everything in it decodes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_message_model::{Header, Limits, Message, MessageBuf};

fuzz_target!(|raw: &[u8]| {
    let tight = Limits { parts: 5, depth: 2, fields: 7, field_bytes: 40, ..Limits::default() };
    for limits in [Limits::default(), tight] {
        let message = Message::parse_with(raw, &limits).expect("only the size fails");
        check_structure(&message, &limits);
        read_all(&message);
    }
    let message = Message::parse(raw).expect("only the size fails");
    assert!(Header::new(raw).map(|field| field.span()).eq(message.fields().map(|field| field.span())));

    let owned = MessageBuf::from(message.clone());
    assert_eq!(owned.message().tiles(), message.tiles());
    assert_eq!(owned.into_raw(), raw);
});

fn check_structure(message: &Message<'_>, limits: &Limits) {
    let mut at = 0;
    for tile in message.tiles() {
        assert_eq!(tile.span.start, at, "gap or overlap before {tile:?}");
        assert!(!tile.span.is_empty());
        at = tile.span.end;
    }
    assert_eq!(at, message.raw().len());
    assert!(message.walk().len() <= limits.parts);
    for entity in message.walk() {
        assert!(entity.depth() <= limits.depth);
        assert_eq!(entity.header_span().end, entity.body_span().start);
        let mut from = entity.body_span().start;
        for child in entity.children() {
            assert_eq!(child.parent().map(|parent| parent.id()), Some(entity.id()));
            assert!(from <= child.span().start && child.span().end <= entity.span().end);
            from = child.span().end;
        }
    }
    let fields: usize = message.walk().map(|entity| entity.fields().len()).sum();
    assert!(fields <= limits.fields);
    for defect in message.defects().iter().chain(&message.inspect()) {
        assert!(defect.at.end <= message.raw().len());
        assert!(message.entity(defect.part).is_some());
    }
}

/// Every view of every entity; a part number leads back to the octets of its part.
fn read_all(message: &Message<'_>) {
    let _ = (message.subject(), message.preview(40).len());
    let bodies = message.bodies();
    let _ = (bodies.text.len(), bodies.html.len(), bodies.attachments.len());
    for entity in message.walk() {
        let _ = (entity.media_type(), entity.content_type(), entity.disposition(), entity.file_name());
        let text = entity.text();
        assert!(text.is_none() || entity.is_leaf());
        let _ = (entity.decoded(), entity.encoding());
        let _ = message.section(&entity.part_number().to_string());
    }
}
