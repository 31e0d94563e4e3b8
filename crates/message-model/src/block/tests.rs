use super::*;

fn names(body: &[u8]) -> Vec<Vec<&str>> {
    Blocks::new(body).map(|block| block.fields().map(|f| f.name()).collect()).collect()
}

#[test]
fn any_line_break_and_blank_lines_with_blanks() {
    for ending in ["\r\n", "\n", "\r"] {
        let body = ["", " \t", "A: 1", "B : 2", " folded", "", "  ", "C: 3", ""].join(ending);
        assert_eq!(names(body.as_bytes()), [vec!["A", "B"], vec!["C"]], "{ending:?}");
        let block = Blocks::new(body.as_bytes()).next().unwrap();
        assert_eq!(block.get("b").unwrap().text(), "2 folded");
    }
    assert_eq!(names(b"A: 1"), [["A"]]);
    assert_eq!(names(b""), Vec::<Vec<&str>>::new());
    assert_eq!(names(b"\r\n\r\n"), Vec::<Vec<&str>>::new());
}

#[test]
fn spans_are_of_the_body() {
    let body = b"\r\nA: 1\r\nno colon\r\n B-: x\r\nC\t: 2\r\n\t3\r\n\r\n";
    let block = Blocks::new(body).next().unwrap();
    assert_eq!(block.span(), Span::new(2, body.len() - 2));
    assert_eq!(block.raw(), block.span().of(body));
    let odd: Vec<&[u8]> = block.oddities().map(|span| span.of(body)).collect();
    assert_eq!(odd, [&b"no colon\r\n"[..], b" B-: x\r\n"]);
    let c = block.get("C").unwrap();
    assert_eq!(c.span().of(body), b"C\t: 2\r\n\t3\r\n");
    assert_eq!((c.value_span().of(body), c.value_raw()), (&b" 2\r\n\t3"[..], &b" 2\r\n\t3"[..]));
    assert_eq!(c.text(), "2\t3");
}

#[test]
fn several_of_one_name() {
    let block = Blocks::new(b"Original-Rcpt-To: a\nX: y\noriginal-rcpt-to: b\n").next().unwrap();
    let all: Vec<_> = block.all("Original-Rcpt-To").map(|f| f.text().into_owned()).collect();
    assert_eq!(all, ["a", "b"]);
    assert!(block.get("Version").is_none());
}

#[test]
fn types_and_comments() {
    let field = |text: &'static str| Blocks::new(text.as_bytes()).next().unwrap().fields().next().unwrap();
    let typed = |text| field(text).typed().unwrap();
    // RFC 3464 2.3.2 and 2.3.6
    let final_recipient = typed("Final-Recipient: RFC822 (c) ; <louisl@larry.slip.umd.edu> (Louis)");
    assert!(final_recipient.is("rfc822"));
    assert_eq!(final_recipient.mailbox().unwrap().to_string(), "louisl@larry.slip.umd.edu");
    let diagnostic = typed("Diagnostic-Code: smtp;\r\n 550 5.1.1 (user; unknown)");
    assert_eq!((&*diagnostic.kind, &*diagnostic.value), ("smtp", "550 5.1.1 (user; unknown)"));
    assert_eq!(typed("X: ; a").kind, "");
    assert_eq!(field("X: a").typed(), None);
    assert_eq!(field("Action: (a (b\\)) c) failed (d)").without_comments(), "failed");
    assert_eq!(field("Action: failed (d").without_comments(), "failed (d");
    assert_eq!(field("X: \"a (b)\" (c)").without_comments(), "\"a (b)\"");
    // RFC 6533 3
    let utf8 = typed(r"Final-Recipient: utf-8; \x{3B1}\x{D800}\x{A}\x{+1}\x{10FFFF}\x{110000}\x{@x.org");
    assert_eq!(utf8.address(), "α\\x{D800}\\x{A}\\x{+1}\u{10ffff}\\x{110000}\\x{@x.org");
    // A plus sign in an address of another type is a plus sign.
    assert_eq!(typed("Final-Recipient: rfc822; bob+40Example@x.org").address(), "bob+40Example@x.org");
}

#[test]
fn xtext() {
    assert_eq!(decode_xtext("a+3Db+40"), "a=b@");
    assert_eq!(decode_xtext("+C3+B8+2B"), "ø+");
    assert_eq!(decode_xtext("+C3+2B"), "+C3+");
    assert_eq!(decode_xtext("+3d+4+"), "+3d+4+");
    assert_eq!(decode_xtext("+00+C2+85"), "+00+C2+85");
}

#[test]
fn limits_cut() {
    let limits = BlockLimits { blocks: 2, fields: 3, field_bytes: 5 };
    let mut blocks = Blocks::with_limits(b"A: 1\n\nB: 2\n\n\nC: 3\n", limits);
    assert_eq!(blocks.by_ref().count(), 2);
    assert!(blocks.is_cut());
    let mut blocks = Blocks::with_limits(b"A: 1\n\nB: 2\n\n \n", limits);
    assert_eq!(blocks.by_ref().count(), 2);
    assert!(!blocks.is_cut());

    let block = |body| Blocks::with_limits(body, limits).next().unwrap();
    assert_eq!(block(b"A: 1\nB: 2\nC\nD: 4").entries().count(), 3);
    assert!(block(b"A: 1\nB: 2\nC\nD: 4").is_cut());
    assert!(!block(b"A: 1\nB: 2\nC").is_cut());
    let field = block("A: abcdø".as_bytes()).get("A").unwrap();
    assert!(field.is_cut());
    assert_eq!(field.text(), "abcd");
    assert!(!block(b"A: abcde").get("A").unwrap().is_cut());
    assert_eq!(block("A: abc\u{f8}\u{f8}".as_bytes()).get("A").unwrap().text(), "abc\u{f8}");
    assert_eq!(block("A: ab\u{20ac}d".as_bytes()).get("A").unwrap().text(), "ab\u{20ac}");
}

#[cfg(feature = "serde")]
#[test]
fn json() {
    let block = Blocks::new(b"A: 1\nB:\n 2\n").next().unwrap();
    let expected = serde_json::json!([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]);
    assert_eq!(serde_json::to_value(block).unwrap(), expected);
    assert_eq!(serde_json::to_value(block.get("A").unwrap().typed()).unwrap(), serde_json::Value::Null);
}
