//! Content types, transfer encodings, charsets and encoded words: what holds for any input.

use mailwright_message_model::charset;
use mailwright_message_model::content_type::{ContentType, Disposition, MAX_PARAMETERS};
use mailwright_message_model::encoded_word::{self, MAX_WORD, Place};
use mailwright_message_model::transfer::{self, Decoder, Encoding, LINE_LENGTH, MAX_LINE, ProblemKind};
use proptest::collection::vec;
use proptest::prelude::*;

const ENCODINGS: [Encoding; 7] = [
    Encoding::SevenBit,
    Encoding::EightBit,
    Encoding::Binary,
    Encoding::Base64,
    Encoding::QuotedPrintable,
    Encoding::UuEncode,
    Encoding::Unknown,
];

/// One name of each table, and all that are read by code of ours.
const CHARSETS: [&str; 59] = [
    "utf-8",
    "us-ascii",
    "utf-7",
    "utf-16",
    "utf-16be",
    "utf-16le",
    "utf-32",
    "utf-32le",
    "hz-gb-2312",
    "iso-2022-kr",
    "iso-2022-jp",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-9",
    "iso-8859-10",
    "iso-8859-11",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "koi8-r",
    "koi8-u",
    "koi8-ru",
    "macintosh",
    "x-mac-cyrillic",
    "x-user-defined",
    "ibm850",
    "ibm866",
    "tis-620",
    "gb2312",
    "gb_2312-80",
    "gbk",
    "gb18030",
    "big5",
    "big5-hkscs",
    "euc-jp",
    "euc-kr",
    "ks_c_5601-1987",
    "shift_jis",
    "windows-31j",
    "cp949",
    "cp950",
];

/// Octets of which the parsers make more than of others.
fn syntax() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "=?utf-8?q?",
            "=?iso-2022-jp?b?",
            "?=",
            "=",
            "?",
            "\r\n ",
            "\n",
            "\"",
            "\\",
            "(",
            ")",
            ";",
            "*",
            "'",
            "%41",
            "*0*=",
            "*1=",
            "boundary=",
            "multipart/mixed",
            "text",
            "/",
            " ",
            "=C3",
            "YWJj",
            "~{",
            "+",
            "-",
            "\u{e9}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>(), 0..3),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A token of RFC 2045 5.1 without the characters of RFC 2231.
fn token() -> impl Strategy<Value = String> {
    "[A-Za-z0-9!#$&+.^_`{|}~-]{1,20}"
}

proptest! {
    #[test]
    fn any_octets_are_read(octets in prop_oneof![syntax(), vec(any::<u8>(), 0..200)], quoted in any::<bool>()) {
        let value = ContentType::parse(&octets);
        if let Some(value) = &value {
            prop_assert!(value.params().len() <= MAX_PARAMETERS);
            for parameter in value.params() {
                prop_assert!(!parameter.name.is_empty());
                prop_assert!(!parameter.name.bytes().any(|octet| octet.is_ascii_uppercase()));
                let name = parameter.span.of(&octets);
                prop_assert!(memchr::memchr(b'=', name).is_some());
            }
        }
        prop_assert_eq!(value.is_some(), Disposition::parse(&octets).is_some());
        let _ = encoded_word::decode(&octets);
        let _ = encoded_word::decode_phrase(&octets);
        for encoding in ENCODINGS {
            let decoded = transfer::decode(encoding, &octets);
            prop_assert!(decoded.bytes.len() <= octets.len());
            if let Some(problem) = decoded.problem {
                prop_assert!(problem.at <= octets.len());
            }
        }
        let _ = Encoding::parse(&octets);
        let name = if quoted { "\"utf-8\"" } else { "x" };
        let _ = charset::decode(name.as_bytes(), &octets);
        let _ = charset::decode(&octets, b"text");
    }

    #[test]
    fn charsets_read_any_octets(octets in prop_oneof![syntax(), vec(any::<u8>(), 0..200)]) {
        for name in CHARSETS {
            let text = charset::decode(name.as_bytes(), &octets);
            prop_assert!(text.is_some_and(|text| text.len() <= octets.len() * 4), "{}", name);
        }
    }

    #[test]
    fn ascii_is_the_same_in_all_charsets_that_hold_it(text in "[ -}]{0,40}") {
        for name in CHARSETS.iter().filter(|name| !name.starts_with("utf-16") && !name.starts_with("utf-32")) {
            // A plus opens base64 in UTF-7, a tilde a table in HZ.
            let text = if *name == "utf-7" { text.replace('+', "-") } else { text.clone() };
            let read = charset::decode(name.as_bytes(), text.as_bytes());
            prop_assert_eq!(read.as_deref(), Some(&*text), "{}", name);
        }
    }

    #[test]
    fn utf16_comes_back(text in any::<String>()) {
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let read = charset::decode(b"utf-16be", &big);
        prop_assert_eq!(read.as_deref(), Some(&*text));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let read = charset::decode(b"utf-16le", &little);
        prop_assert_eq!(read.as_deref(), Some(&*text));
    }

    #[test]
    fn base64_comes_back(octets in vec(any::<u8>(), 0..400), bare in any::<bool>()) {
        let mut encoded = transfer::base64(&octets);
        prop_assert!(encoded.lines().all(|line| line.len() <= LINE_LENGTH));
        if bare {
            encoded = encoded.replace("\r\n", "\n");
        }
        let decoded = transfer::decode(Encoding::Base64, encoded.as_bytes());
        prop_assert_eq!(&*decoded.bytes, &*octets);
        prop_assert_eq!(decoded.problem, None);
    }

    #[test]
    fn base64_does_not_depend_on_where_lines_end(octets in vec(any::<u8>(), 0..300), width in 1..100_usize) {
        let whole: String = transfer::base64(&octets).split_whitespace().collect();
        let lines: Vec<u8> = whole.as_bytes().chunks(width).flat_map(|line| [line, b"\n"].concat()).collect();
        let decoded = transfer::decode(Encoding::Base64, &lines);
        prop_assert_eq!(&*decoded.bytes, &*octets);
        prop_assert_eq!(decoded.problem, None);
    }

    #[test]
    fn base64_skips_stray_octets(octets in vec(any::<u8>(), 3..300), at in any::<prop::sample::Index>()) {
        let mut encoded = transfer::base64(&octets).trim_end_matches(['=', '\r', '\n']).to_owned().into_bytes();
        encoded.insert(at.index(encoded.len()), b'!');
        let decoded = transfer::decode(Encoding::Base64, &encoded);
        prop_assert_eq!(&*decoded.bytes, &*octets);
        prop_assert!(decoded.problem.is_some());
    }

    #[test]
    fn quoted_printable_comes_back(octets in prop_oneof![vec(any::<u8>(), 0..300), "[ a=.\tF\r\n-]{0,300}".prop_map(String::into_bytes)]) {
        let encoded = transfer::quoted_printable_binary(&octets);
        prop_assert!(encoded.is_ascii() && encoded.split("\r\n").all(|line| line.len() <= LINE_LENGTH));
        let decoded = transfer::decode(Encoding::QuotedPrintable, encoded.as_bytes());
        prop_assert_eq!(&*decoded.bytes, &*octets);
        prop_assert_eq!(decoded.problem, None);
    }

    #[test]
    fn quoted_printable_text_comes_back_with_canonical_lines(text in "([ a=.\tF\u{e9}-]{0,90}(\n|\r\n)){0,6}") {
        let encoded = transfer::quoted_printable(text.as_bytes());
        prop_assert!(encoded.is_ascii() && encoded.split("\r\n").all(|line| line.len() <= LINE_LENGTH));
        let decoded = transfer::decode(Encoding::QuotedPrintable, encoded.as_bytes());
        let canonical = text.replace("\r\n", "\n").replace('\n', "\r\n");
        prop_assert_eq!(&*decoded.bytes, canonical.as_bytes());
        prop_assert_eq!(decoded.problem, None);
    }

    #[test]
    fn pieces_give_what_the_whole_gives(
        body in prop_oneof![
            syntax(),
            "[A-Za-z0-9+/= \n-]{0,120}".prop_map(String::into_bytes),
            vec(any::<u8>(), 0..300).prop_map(|octets| transfer::base64(&octets).into_bytes()),
            vec(any::<u8>(), 0..300).prop_map(|octets| transfer::quoted_printable(&octets).into_bytes()),
            Just(b"x\nbegin 644 cat.txt\n#0V%T\n`\nend\nmore\n".to_vec()),
        ],
        widths in vec(1..50_usize, 1..8),
    ) {
        for encoding in ENCODINGS {
            let whole = transfer::decode(encoding, &body);
            if whole.problem.is_some_and(|problem| problem.kind == ProblemKind::NoBegin) {
                continue;
            }
            let mut decoder = Decoder::new(encoding);
            let mut out = b"kept".to_vec();
            let mut rest = body.as_slice();
            for width in widths.iter().cycle() {
                let (piece, behind) = rest.split_at(rest.len().min(*width));
                decoder.push(piece, &mut out);
                rest = behind;
                if rest.is_empty() {
                    break;
                }
            }
            let problem = decoder.finish(&mut out);
            prop_assert_eq!(&out[4..], &*whole.bytes, "{:?}", encoding);
            prop_assert_eq!(problem, whole.problem, "{:?}", encoding);
        }
    }

    #[test]
    fn encoded_words_come_back(text in any::<String>(), phrase in any::<bool>(), fold in any::<bool>()) {
        let place = if phrase { Place::Phrase } else { Place::Text };
        let words = encoded_word::encode(&text, place);
        prop_assert!(words.iter().all(|word| word.is_ascii() && word.len() <= MAX_WORD && !word.contains(' ')));
        let value = words.join(if fold { "\r\n " } else { " " });
        let decoded = encoded_word::decode(value.as_bytes());
        prop_assert_eq!(&*decoded, &*text);
        if phrase {
            prop_assert_eq!(&*encoded_word::decode_phrase(value.as_bytes()), &*text);
        }
    }

    #[test]
    fn text_without_words_stays(text in "[!-<>-~\u{e9}]([ !-<>-~\u{e9}]*[!-<>-~\u{e9}])?") {
        prop_assert_eq!(&*encoded_word::decode(text.as_bytes()), &*text);
    }

    #[test]
    fn parameters_come_back(
        type_ in token(),
        pairs in vec((token(), "[ -~\u{e9}\u{3042}]{0,30}"), 0..6),
        separator in prop::sample::select(vec![";", "; ", ";\r\n\t", " ;\n "]),
    ) {
        let mut value = format!("{type_}/x");
        for (name, text) in &pairs {
            let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
            value.push_str(&format!("{separator}{name}=\"{quoted}\""));
        }
        prop_assume!(!value.contains("=?"));
        let parsed = ContentType::parse(value.as_bytes()).unwrap();
        prop_assert_eq!(parsed.type_(), type_.to_ascii_lowercase());
        let read: Vec<_> = parsed.params().iter().map(|p| (p.name.to_string(), p.value.to_string())).collect();
        let written: Vec<_> = pairs.iter().map(|(name, text)| (name.to_ascii_lowercase(), text.clone())).collect();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn continuations_come_back_from_any_order(
        text in "[a-z\u{e9}\u{3042}%' ]{1,60}",
        width in 1..9_usize,
        seed in any::<u64>(),
    ) {
        // RFC 2231 4.1: octets are split anywhere, also inside of characters.
        let mut segments: Vec<String> = text
            .as_bytes()
            .chunks(width)
            .enumerate()
            .map(|(number, octets)| {
                let prefix = if number == 0 { "utf-8'en'" } else { "" };
                let octets: String = octets.iter().map(|octet| format!("%{octet:02x}")).collect();
                format!("name*{number}*={prefix}{octets}")
            })
            .collect();
        let length = segments.len();
        for at in 0..length {
            let other = usize::try_from(seed.rotate_left(u32::try_from(at).unwrap()) % 64).unwrap() % length;
            segments.swap(at, other);
        }
        let value = format!("a/b; {}", segments.join("; "));
        let parsed = ContentType::parse(value.as_bytes()).unwrap();
        prop_assert_eq!(parsed.params().len(), 1);
        prop_assert_eq!(parsed.param("name"), Some(&*text));
        prop_assert_eq!(parsed.params()[0].language.as_deref(), Some("en"));
    }
}

proptest! {
    // Each case is long.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn long_lines_in_pieces(start in "[ab= ]{0,8}", octets in vec(any::<u8>(), 1..64), width in 1..40_000_usize) {
        let octets = octets.repeat(3 * MAX_LINE / octets.len());
        let base64: String = transfer::base64(&octets).split_whitespace().collect();
        let printable = start + &transfer::quoted_printable_binary(&octets).replace("=\r\n", "");
        for (encoding, body) in [(Encoding::Base64, base64), (Encoding::QuotedPrintable, printable)] {
            let mut decoder = Decoder::new(encoding);
            let mut out = Vec::new();
            for piece in body.as_bytes().chunks(width) {
                decoder.push(piece, &mut out);
            }
            let problem = decoder.finish(&mut out);
            let whole = transfer::decode(encoding, body.as_bytes());
            prop_assert!(out == *whole.bytes, "{:?}", encoding);
            prop_assert_eq!(problem, whole.problem, "{:?}", encoding);
        }
    }
}

/// Shapes that are quadratic in readers which look ahead from each octet: a quarter of a megabyte each.
#[test]
fn hostile_shapes_end() {
    const SIZE: usize = 1 << 18;
    for shape in [
        "=?",
        "=?aa",
        "=?aa?q?",
        "=?aa?b?",
        "=?aa?q?x?=",
        "=?utf-8?b?YQ==?= ",
        "=?utf-8?q?=C3?=",
        "=?=",
        "(",
        "()",
        "(a",
        "((a)",
        "\"",
        "\\",
        "a=b;",
        "a*=b;",
        "a*1=b;",
        "a*0*=x''%41;",
        "boundary=a;",
        "boundary*9=a;",
        "a=(b;",
        "a=b(c)d",
        "a=b c=d ",
        " a=",
        "a=\"b\"",
        "'",
        "%",
        "*",
        ";",
        "\n",
        "\n ",
        "\r\n\t",
        "=\n",
        "= ",
        "A\n",
        "AAAA\n",
        "AAAA=\n",
        "AA==",
        "A=",
        "~{",
        "+",
        "\x1b$)C\x0e",
        "begin 644 a\n",
        "M",
        " ",
    ] {
        let body = shape.repeat(SIZE / shape.len());
        let octets = body.as_bytes();
        for start in ["", "multipart/mixed; ", "a/b; name=", "a/b; name=\""] {
            let value = [start.as_bytes(), octets].concat();
            if let Some(value) = ContentType::parse(&value) {
                assert!(value.params().len() <= MAX_PARAMETERS);
            }
        }
        let _ = encoded_word::decode(octets);
        let _ = encoded_word::decode_phrase(octets);
        for encoding in ENCODINGS {
            let _ = transfer::decode(encoding, octets);
        }
        // A first line far longer than all others.
        let _ = transfer::decode(Encoding::Base64, &["A".repeat(SIZE).as_bytes(), b"\n", octets].concat());
        // The tables are walked octet by octet: a small part shows as much.
        let part = octets.get(..SIZE / 16).unwrap_or(octets);
        for name in CHARSETS {
            let _ = charset::decode(name.as_bytes(), part);
        }
    }
}
