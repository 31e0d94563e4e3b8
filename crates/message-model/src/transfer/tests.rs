use super::*;

fn decoded(encoding: Encoding, body: &str) -> (String, Option<(ProblemKind, usize)>) {
    let Decoded { bytes, problem } = decode(encoding, body.as_bytes());
    (String::from_utf8_lossy(&bytes).into_owned(), problem.map(|problem| (problem.kind, problem.at)))
}

#[track_caller]
fn base64_gives(body: &str, text: &str, problem: Option<(ProblemKind, usize)>) {
    assert_eq!(decoded(Encoding::Base64, body), (text.to_owned(), problem));
}

#[track_caller]
fn printable_gives(body: &str, text: &str, problem: Option<(ProblemKind, usize)>) {
    assert_eq!(decoded(Encoding::QuotedPrintable, body), (text.to_owned(), problem));
}

#[test]
fn names() {
    for (value, encoding) in [
        ("7bit", Encoding::SevenBit),
        (" 8BIT \r\n", Encoding::EightBit),
        ("base64 (comment)", Encoding::Base64),
        ("(comment) \"base64\"", Encoding::Base64),
        ("quoted-printable;", Encoding::QuotedPrintable),
        ("x-uuencode", Encoding::UuEncode),
        ("", Encoding::Unknown),
        ("base64x", Encoding::Unknown),
        ("(base64", Encoding::Unknown),
    ] {
        assert_eq!(Encoding::parse(value.as_bytes()), encoding, "{value}");
    }
}

#[test]
fn identities_borrow() {
    for encoding in [Encoding::SevenBit, Encoding::EightBit, Encoding::Binary, Encoding::Unknown] {
        assert!(matches!(decode(encoding, b"a=3D\0\xff").bytes, Cow::Borrowed(b"a=3D\0\xff")));
    }
}

/// RFC 4648 10.
#[test]
fn base64_vectors() {
    for (text, encoded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        base64_gives(encoded, text, None);
        let ended = if encoded.is_empty() { String::new() } else { format!("{encoded}\r\n") };
        assert_eq!(base64(text.as_bytes()), ended);
    }
}

#[test]
fn base64_of_the_wild() {
    use ProblemKind::{DataAfterPadding, StrayOctet, TrailingText, Truncated};
    base64_gives("Zm9v\nYmFy\n", "foobar", None);
    base64_gives("Zm9vY\r\nmFy\r\n", "foobar", None);
    base64_gives("Zm9v Ym\tFy\r\n\r\n", "foobar", None);
    base64_gives("Zm9v!YmFy", "foobar", Some((StrayOctet, 4)));
    base64_gives("Zm9v\nYm*Fy\nZm9v\n", "foobarfoo", Some((StrayOctet, 7)));
    base64_gives("Zm9vYg", "foob", Some((Truncated, 6)));
    base64_gives("Zm9vYmE", "fooba", Some((Truncated, 7)));
    base64_gives("Zm9vY", "foo", Some((Truncated, 5)));
    base64_gives("Zg==Zm9v", "ffoo", Some((DataAfterPadding, 4)));
    base64_gives("Zg==\nZm9v\n", "ffoo", Some((DataAfterPadding, 5)));
    base64_gives("Zg==\n______\nPost to the list\n", "f", Some((TrailingText, 5)));
    base64_gives("Zm9v\n\nThis is a footer\n", "foo", Some((TrailingText, 6)));
    base64_gives("=Zm9v", "foo", Some((StrayOctet, 0)));
}

#[test]
fn base64_finds_its_way_back_to_equal_lines() {
    let line = "Zm9vYmFyZm9v\r\n";
    let body = format!("{line}{line}Zm9v\r\n{line}Zm9vYmFyZm9vYmFy\r\n{line}");
    base64_gives(&body, &format!("{0}{0}foo{0}{0}bar{0}", "foobarfoo"), None);
}

#[test]
fn quoted_printable_vectors() {
    // RFC 2045 6.7, the example.
    printable_gives(
        "Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.",
        "Now's the time for all folk to come to the aid of their country.",
        None,
    );
    printable_gives("a=3Db=c3=A9c\n", "a=b\u{e9}c\n", None);
    printable_gives("a  \t\r\nb \nc ", "a\r\nb\nc", None);
    printable_gives("a= \t\r\nb", "ab", None);
    printable_gives("a=", "a", None);
    printable_gives("a=zz=", "a=zz", Some((ProblemKind::BadEscape, 1)));
    printable_gives("a=4", "a=4", Some((ProblemKind::BadEscape, 1)));
    printable_gives("a==41", "a=A", Some((ProblemKind::BadEscape, 1)));
    // What an escape stands for is kept at the end of a line.
    printable_gives("a=20\r\n", "a \r\n", None);
}

#[test]
fn quoted_printable_written() {
    assert_eq!(quoted_printable(b"a=b\xe9 \nc\r\n\td\t"), "a=3Db=E9=20\r\nc\r\n\td=09");
    assert_eq!(quoted_printable(b"From me\n.\nFrom"), "=46rom me\r\n=2E\r\nFrom");
    assert_eq!(quoted_printable_binary(b"a\r\nb\n"), "a=0D=0Ab=0A");
    assert_eq!(quoted_printable(&[b'x'; 76]), format!("{}=\r\nx", "x".repeat(75)));
    let mut line = vec![b'x'; 76];
    line.push(b'\n');
    assert_eq!(quoted_printable(&line), format!("{}\r\n", "x".repeat(76)));
    assert!(quoted_printable(&[0xe9; 200]).lines().all(|line| line.len() <= LINE_LENGTH));
}

#[test]
fn uuencoded() {
    let body = "text\nbegin 644 cat.txt\n#0V%T\n`\nend\nmore\n";
    assert_eq!(decoded(Encoding::UuEncode, body), ("Cat".to_owned(), None));
    let (text, problem) = decoded(Encoding::UuEncode, "no");
    assert_eq!((text.as_str(), problem), ("no", Some((ProblemKind::NoBegin, 0))));
}
