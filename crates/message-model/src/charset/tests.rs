use super::*;

#[track_caller]
fn gives(charset: &str, octets: &[u8], text: &str) {
    assert_eq!(decode(charset.as_bytes(), octets).as_deref(), Some(text), "{charset}");
}

#[test]
fn names() {
    for name in ["iso-8859-2", " \"ISO_8859-2\" ", "iso-8859-2*pl", "'latin2'", "x-latin2", "\tL2\r\n"] {
        gives(name, b"\xb3", "\u{142}");
    }
    for name in ["windows-1251", "win1251", "CP-1251", "x-cp1251", "windows1251"] {
        gives(name, b"\xef", "\u{43f}");
    }
    for name in ["", "*", "x-", "x-unknown", "unknown-8bit", "replacement", "utf-8 x"] {
        assert_eq!(decode(name.as_bytes(), b"a"), None, "{name}");
        assert!(!is_known(name.as_bytes()));
    }
    assert_eq!(decode(&[b'a'; 1_000], b"a"), None);
}

#[test]
fn ascii_and_utf8_borrow() {
    for name in ["us-ascii", "utf-8", "iso-8859-15", "gbk", "UTF8"] {
        assert!(matches!(decode(name.as_bytes(), b"plain"), Some(Cow::Borrowed("plain"))), "{name}");
    }
    assert!(matches!(decode(b"utf-8", "\u{e9}".as_bytes()), Some(Cow::Borrowed("\u{e9}"))));
    gives("utf-8", b"\xef\xbb\xbfa\xff", "a\u{fffd}");
    gives("us-ascii", b"\x80", "\u{20ac}");
    gives("us-ascii", "\u{e9}".as_bytes(), "\u{e9}");
}

/// RFC 2152, its examples and rules.
#[test]
fn utf7() {
    gives("utf-7", b"A+ImIDkQ.", "A\u{2262}\u{391}.");
    gives("utf-7", b"Hi Mom -+Jjo--!", "Hi Mom -\u{263a}-!");
    gives("utf-7", b"+ZeVnLIqe-", "\u{65e5}\u{672c}\u{8a9e}");
    gives("utf-7", b"Item 3 is +AKM-1.", "Item 3 is \u{a3}1.");
    gives("utf-7", b"1 +- 1", "1 + 1");
    gives("utf-7", b"+AGE", "a");
    gives("utf-7", b"+AG", "\u{fffd}");
    gives("utf-7", b"+2Dw-", "\u{fffd}");
    gives("utf-7", b"+!\xe9", "\u{fffd}!\u{fffd}");
}

#[test]
fn utf16_and_utf32() {
    gives("utf-16", b"\xff\xfea\0", "a");
    gives("utf-16", b"\xfe\xff\0a", "a");
    gives("utf-16", b"\0a\xd8\x3d\xde\x00", "a\u{1f600}");
    gives("utf-16le", b"a\0\x3d\xd8b", "a\u{fffd}\u{fffd}");
    gives("utf-32", b"\0\x01\xf6\x00\0\x11\0\0a", "\u{1f600}\u{fffd}\u{fffd}");
    gives("utf-32le", b"\0\xf6\x01\0", "\u{1f600}");
}

#[test]
fn shifted() {
    // RFC 1843 2, the example.
    gives(
        "hz-gb-2312",
        b"The next sentence is in GB.~{<:Ky2;S{#,NpJ)l6HK!#~}Bye.",
        "The next sentence is in GB.\u{5df1}\u{6240}\u{4e0d}\u{6b32}\u{ff0c}\u{52ff}\u{65bd}\u{65bc}\u{4eba}\u{3002}Bye.",
    );
    gives("hz", b"a~~b~\nc~{<:\nd", "a~bc\u{5df1}\nd");
    gives("iso-2022-kr", b"\x1b$)Ca\x0e0!\x0fb", "a\u{ac00}b");
    gives("iso-2022-jp", b"\x1b$B%O%m\x1b(B!", "\u{30cf}\u{30ed}!");
}

/// Against the mapping files of the Unicode Consortium.
#[test]
fn corrected_tables() {
    gives("iso-8859-7", b"\xa4\xa5\xaa\xe1", "\u{20ac}\u{20af}\u{37a}\u{3b1}");
    gives("latin10", b"\xa5\xab", "\u{201e}\u{ab}");
    gives("x-mac-roman", b"\xc6\xcd\xdb\xf6\xf7\x8e", "\u{2206}\u{d5}\u{20ac}\u{2c6}\u{2dc}\u{e9}");
    gives("tis-620", b"\xa0\xa1", "\u{a0}\u{e01}");
}
