//! Where each limit cuts, and what one odd line hides of another.

use crate::{DefectKind, Limits, Message};

fn kinds(raw: &[u8], limits: &Limits) -> Vec<DefectKind> {
    Message::parse_with(raw, limits).unwrap().defects().iter().map(|defect| defect.kind).collect()
}

/// A multipart with that many parts.
fn parts(count: usize) -> Vec<u8> {
    format!("Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n", "--b\n\nx\n".repeat(count)).into_bytes()
}

#[test]
fn the_last_part_allowed_takes_the_rest() {
    let limits = Limits { parts: 4, ..Limits::default() };
    let message = parts(3);
    let entities = |raw: &[u8]| Message::parse_with(raw, &limits).unwrap().walk().len();
    assert_eq!(entities(&parts(2)), 3);
    assert_eq!(kinds(&parts(2), &limits), []);
    // The fourth entity is the last one: it is kept whole, and nothing is said of a close delimiter it may hold.
    assert_eq!(entities(&message), 4);
    assert_eq!(kinds(&message, &limits), [DefectKind::PartsCut]);
    let parsed = Message::parse_with(&message, &limits).unwrap();
    assert_eq!(parsed.walk().last().unwrap().raw(), b"\nx\n--b--\n");
}

#[test]
fn fields_up_to_the_limit_are_read() {
    let limits = Limits { fields: 2, ..Limits::default() };
    let fields = |raw: &[u8]| Message::parse_with(raw, &limits).unwrap().fields().len();
    assert_eq!((fields(b"A: 1\nB: 2\n\n"), kinds(b"A: 1\nB: 2\n\n", &limits)), (2, vec![]));
    let three = b"A: 1\nB: 2\nC: 3\n folded\n\nbody";
    assert_eq!((fields(three), kinds(three, &limits)), (2, vec![DefectKind::FieldsCut]));
    assert_eq!(Message::parse_with(three, &limits).unwrap().root().body_raw(), b"body");
}

#[test]
fn a_field_is_cut_behind_its_limit() {
    let limits = Limits { field_bytes: 4, ..Limits::default() };
    let cut = |raw: &[u8]| Message::parse_with(raw, &limits).unwrap().field("A").unwrap().is_cut();
    assert!(!cut(b"A: 12\n\n"), "4 octets behind the colon");
    assert!(cut(b"A: 123\n\n"), "5 octets behind the colon");
}

#[test]
fn depth_is_counted_from_the_message() {
    let nested = b"Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nSubject: in\n\nx";
    let depth =
        |depth| Message::parse_with(nested, &Limits { depth, ..Limits::default() }).unwrap().walk().len();
    assert_eq!((depth(0), depth(1), depth(2)), (1, 2, 3));
}

#[test]
fn one_oddity_of_a_boundary_hides_no_other() {
    let raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--bx\n--b--\n--b\n\nhidden\n";
    assert_eq!(kinds(raw, &Limits::default()), [DefectKind::BoundaryPrefix, DefectKind::DelimiterAfterClose]);
}

#[test]
fn a_line_that_two_boundaries_begin_is_told_once() {
    let raw =
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=ab\n\n\
        --ab\n\nx\n--abc\n--ab--\n--a--\n";
    assert_eq!(kinds(raw, &Limits::default()), [DefectKind::BoundaryPrefix]);
}

#[test]
fn blanks_behind_a_delimiter_do_not_count() {
    let raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\nx\n--b-- \n";
    assert_eq!(Message::parse(raw).unwrap().walk().last().unwrap().body_raw(), b"x");
}

#[test]
fn a_carriage_return_is_no_blank_before_a_colon() {
    assert_eq!(kinds(b"A: b\nName\r: x\n\n", &Limits::default()), [DefectKind::NoColon]);
    assert_eq!(kinds(b"A: b\nName : x\n\n", &Limits::default()), [DefectKind::SpaceBeforeColon]);
}
