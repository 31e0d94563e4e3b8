use super::*;

#[track_caller]
fn gives(value: &str, text: &str) {
    assert_eq!(decode(value.as_bytes()), text, "{value:?}");
}

/// RFC 2047 8, the table of examples.
#[test]
fn adjacent_words() {
    gives("=?ISO-8859-1?Q?a?=", "a");
    gives("=?ISO-8859-1?Q?a?= b", "a b");
    gives("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab");
    gives("=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab");
    gives("=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab");
    gives("=?ISO-8859-1?Q?a_b?=", "a b");
    gives("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b");
}

#[test]
fn characters_split_between_words() {
    gives("=?utf-8?q?=C3?= =?UTF-8?B?qQ==?=", "\u{e9}");
    gives("=?utf-8?q?=E2=82?=\r\n =?utf-8?q?=AC?=", "\u{20ac}");
    // Other text between them: two wrong pieces.
    gives("=?utf-8?q?=C3?= x =?utf-8?q?=A9?=", "\u{fffd} x \u{fffd}");
    // Each word of UTF-7 starts in ASCII.
    gives("=?utf-7?q?+AGE?= =?utf-7?q?+AGI-?=", "ab");
}

#[test]
fn languages_and_unknown_charsets() {
    // RFC 2231 5, the example.
    gives("=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore");
    gives("=?x-unknown?q?=C3=A9?= =?nope?q?=E9?=", "\u{e9}\u{e9}");
}

#[test]
fn no_words() {
    for text in [
        "=?",
        "=?=",
        "=?utf-8",
        "=?utf-8?",
        "=?utf-8?q",
        "=?utf-8?q?a",
        "=?utf-8?q?a?",
        "=?utf-8?x?a?=",
        "=?a?q?b?=",
        "=?utf-8?q?=zz?=",
        "=?utf-8?b?a!?=",
        "=?utf-8?b?YQ==? x",
        "=?ut f?q?a?=",
        "a=b?c=d",
    ] {
        gives(text, text);
    }
    gives("=?utf-8?q?a =?utf-8?q?b?=", "=?utf-8?q?a b");
}

#[test]
fn sloppy_words() {
    gives("=?utf-8?q?a b?=", "a b");
    gives("=?utf-8?q?100=?=", "100");
    gives("=?utf-8?q?=c3=a9??=", "\u{e9}?");
    gives("=?utf-8?b?YWI?=", "ab");
    gives("x=?utf-8?q?y?=z", "x y z");
}

#[test]
fn text_as_it_is() {
    assert!(matches!(decode(b" a  b \r\n"), Cow::Borrowed("a  b")));
    assert!(matches!(decode(b" a=b \r\n"), Cow::Borrowed("a=b")));
    assert_eq!(decode(b"\xe9 \xc3\xa9"), "\u{e9} \u{c3}\u{a9}");
    gives("a \r\n  b\r\n\t\r\n c", "a b c");
    gives("", "");
    gives(" \r\n ", "");
}

#[test]
fn phrases() {
    assert_eq!(decode_phrase(b"\"=?utf-8?q?a?=\" b"), "a b");
    assert_eq!(decode_phrase(b"=?utf-8?q?a\"b?= \"c\\\\d\""), "a\"b c\\d");
    assert_eq!(decode_phrase(b"John Q. Public"), "John Q. Public");
    assert_eq!(decode_phrase(b"\"open"), "open");
}

#[test]
fn values() {
    let decode = |value: &str, quoted| decode_value(value.as_bytes(), quoted);
    assert_eq!(decode("a=?b", false), None);
    assert_eq!(decode("a=?utf-8?q?b?=", false), None);
    assert_eq!(decode("a =?utf-8?q?b?= =?utf-8?q?c?=.d", false).as_deref(), Some("a bc.d"));
    assert_eq!(decode("=?utf-8?q?b?= =?utf-8?q?c?=", true).as_deref(), Some("b c"));
    assert_eq!(decode("=?utf-8?q?=C3?=\r\n =?utf-8?q?=A9?=\\\"", true).as_deref(), Some("\u{e9}\""));
}

#[test]
fn written() {
    assert_eq!(encode("", Place::Text), [""; 0]);
    assert_eq!(encode("abc. def ghi \u{e9}_", Place::Text), ["=?utf-8?Q?abc._def_ghi_=C3=A9=5F?="]);
    assert_eq!(
        encode("abc. def ghi jkl mno \u{e9}", Place::Phrase),
        ["=?utf-8?Q?abc=2E_def_ghi_jkl_mno_=C3=A9?="]
    );
    assert_eq!(encode("\u{442}\u{435}\u{441}\u{442}", Place::Text), ["=?utf-8?B?0YLQtdGB0YI=?="]);
    let words = encode(&"\u{65e5}".repeat(100), Place::Text);
    assert!(words.iter().all(|word| word.len() <= MAX_WORD));
    // Fifteen characters of three octets fill a word of sixty base64 characters.
    assert_eq!((words.len(), words[0].len()), (7, 72));
    let words = encode(&"x".repeat(64), Place::Phrase);
    assert_eq!(words.iter().map(String::len).collect::<Vec<_>>(), [75, 13]);
}
