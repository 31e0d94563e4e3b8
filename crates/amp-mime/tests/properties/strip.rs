//! Taking the AMP part out.

use mailwright_amp_mime::locate::{Structure, locate};
use mailwright_amp_mime::{strip, stripped_spans};
use mailwright_message_model::{Entity, Message};
use proptest::prelude::*;

/// A message of pieces of which trees are made, in any order.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("Content-Type: multipart/alternative; boundary=b\r\n\r\n"),
        Just("Content-Type: multipart/mixed; boundary=bc\n\n"),
        Just("Content-Type: multipart/related; boundary=c\r\n\r\n"),
        Just("Content-Type: message/rfc822\r\n\r\n"),
        Just("Content-Type: text/x-amp-html; charset=utf-8\r\n\r\n<!doctype html>"),
        Just("Content-Type: TEXT/X-AMP-HTML\n\n"),
        Just("Content-Type: text/html\r\n\r\nhtml"),
        Just("Content-Transfer-Encoding: base64\r\n"),
        Just("Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n"),
        Just("\r\n--b\r\n"),
        Just("\r\n--bc\r\n"),
        Just("\n--c\n"),
        Just("\r\n--b--\r\n"),
        Just("\r\n--bc--\r\n"),
        Just("\n--c--"),
        Just("\r\n"),
        Just("text"),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

/// The leaves of the tree that are not AMP, or stand in an attached message.
fn rest(message: &Message<'_>) -> Vec<Vec<u8>> {
    let is_attached = |entity: &Entity<'_, '_>| {
        std::iter::successors(entity.parent(), Entity::parent).any(|parent| parent.is_message())
    };
    let is_amp = |entity: &Entity<'_, '_>| entity.media_type().is("text", "x-amp-html");
    let leaves = message.walk().filter(Entity::is_leaf);
    leaves.filter(|leaf| is_attached(leaf) || !is_amp(leaf)).map(|leaf| leaf.raw().to_vec()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn strip_leaves_every_other_octet(raw in message()) {
        let message = Message::parse(&raw).unwrap();
        let stripped = strip(&message).into_owned();
        let mut wanted = raw.clone();
        for span in stripped_spans(&message).into_iter().rev() {
            wanted.drain(span.start..span.end);
        }
        prop_assert_eq!(&stripped, &wanted);
        let again = Message::parse(&stripped).unwrap();
        // Of a message that uses a boundary twice the end may go: what becomes a part would be AMP.
        let is_cut = stripped_spans(&message).last().is_some_and(|span| span.end == raw.len());
        prop_assert!(is_cut || rest(&again) == rest(&message));
        let left = locate(&again, None);
        prop_assert!(left.all.iter().all(|part| part.body_raw().is_empty()));
        prop_assert_eq!(locate(&message, None).structure == Structure::None, stripped == raw && left.all.is_empty());
    }

    #[test]
    fn any_octets(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        let message = Message::parse(&raw).unwrap();
        let found = locate(&message, Some(0));
        let _ = found.amp.map(|amp| amp.text().len());
        let _ = strip(&message);
    }
}
