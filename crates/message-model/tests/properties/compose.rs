//! Composing: what is written is read back, lines keep their limits, and nothing can be injected.

use mailwright_message_model::address::AddressList;
use mailwright_message_model::compose::{Address, Builder, HeaderField, Options, Part, Transport};
use mailwright_message_model::content_type::ContentType;
use mailwright_message_model::date::DateTime;
use mailwright_message_model::mailbox::Mailbox;
use mailwright_message_model::message_id::MessageIds;
use mailwright_message_model::transfer::Encoding;
use mailwright_message_model::{Entity, Field, Message};
use proptest::collection::vec;
use proptest::prelude::*;

fn transport() -> impl Strategy<Value = Transport> {
    prop_oneof![Just(Transport::SevenBit), Just(Transport::EightBitMime), Just(Transport::SmtpUtf8)]
}

/// Text of one line, of the kinds that are written in different ways.
fn line() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,12}",
        3 => Just(" ".to_owned()),
        1 => "[ \t]{1,5}",
        1 => "[!-~]{1,20}",
        2 => "[äöüß€一😀]{1,10}",
        1 => "[\u{1}-\u{8}\u{7f}]",
        1 => Just("=?utf-8?Q?x?=".to_owned()),
        1 => "[a-z]{70,90}",
        1 => Just("x".repeat(1100)),
        1 => Just(" ".repeat(1100)),
        // A charset decoder takes U+FEFF for a mark of the encoding.
        1 => "[^\r\n\0\u{feff}]{0,10}",
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// RFC 5322 2.1.1 and 3.2.2, and that lines above 78 have no place to fold.
fn check_header(header: &[u8]) -> Result<(), TestCaseError> {
    let header = header.strip_suffix(b"\r\n").expect("a header ends in a line break");
    for line in String::from_utf8_lossy(header).split("\r\n") {
        prop_assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{line:?}");
        prop_assert!(!line.trim_matches([' ', '\t']).is_empty(), "{line:?}");
        // RFC 2047 2
        if line.len() > if line.contains("=?") { 76 } else { 78 } {
            // Behind the colon there is a blank that does not help.
            let unit =
                line.split_once(": ").filter(|(name, _)| !name.contains(' ')).map_or(line, |(_, unit)| unit);
            let breaks = unit.trim_start().split(' ').filter(|word| !word.is_empty()).count();
            prop_assert!(
                breaks == 1 || unit.contains("  ") || unit.contains('\t') || unit.contains('"'),
                "{line:?}"
            );
        }
    }
    Ok(())
}

fn check_lines(octets: &[u8]) -> Result<(), TestCaseError> {
    for line in octets.split(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        prop_assert!(line.len() <= 998 && !line.contains(&b'\r'));
    }
    prop_assert_eq!(
        octets.iter().filter(|o| **o == b'\n').count(),
        octets.windows(2).filter(|o| o == b"\r\n").count()
    );
    Ok(())
}

proptest! {
    #[test]
    fn text_is_read_back(text in line(), transport in transport()) {
        let written = HeaderField::text("Subject", &text).build(transport).unwrap();
        check_header(written.as_bytes())?;
        prop_assert!(transport == Transport::SmtpUtf8 || written.is_ascii());
        prop_assert_eq!(Field::parse(written.as_bytes()).unwrap().text(), text);
    }

    #[test]
    fn a_line_break_never_makes_a_field(text in any::<String>(), name in "\\PC{0,8}", transport in transport()) {
        let odd = text.contains(['\r', '\n', '\0']);
        for field in [
            HeaderField::text("Subject", &text),
            HeaderField::parameterised("Content-Type", "a/b", [("name", &text)]),
            HeaderField::addresses("To", [(text.as_str(), "a@example.org")]),
        ] {
            let written = field.build(transport);
            prop_assert_eq!(written.is_err(), odd);
            let Ok(written) = written else { continue };
            check_header(written.as_bytes())?;
            prop_assert!(written.lines().skip(1).all(|line| line.starts_with([' ', '\t'])));
        }
        for written in [
            HeaderField::text(&name, "x").build(transport),
            HeaderField::folded("X", &text).build(transport),
            HeaderField::message_ids("X", [&text]).build(transport),
            HeaderField::parameterised("X", &text, [("a", "b")]).build(transport),
            HeaderField::parameterised("X", "a", [(&text, "b")]).build(transport),
        ].into_iter().flatten() {
            prop_assert!(written.lines().skip(1).all(|line| line.starts_with([' ', '\t'])));
            check_lines(written.as_bytes())?;
        }
    }

    #[test]
    fn names_and_addresses_are_read_back(list in vec((line(), "[a-z. \"]{1,12}"), 1..6), transport in transport()) {
        let mut addresses = Vec::new();
        let mut wanted = Vec::new();
        for (name, local) in &list {
            let mailbox = Mailbox::new(local, Mailbox::parse(b"a@example.org").unwrap().host().clone()).unwrap();
            wanted.push((Some(name.clone()).filter(|name| !name.is_empty()), mailbox.clone()));
            addresses.push(Address::from((name.as_str(), mailbox)));
        }
        let written = HeaderField::addresses("To", addresses).build(transport).unwrap();
        check_header(written.as_bytes())?;
        let value = written.strip_prefix("To:").unwrap();
        let read = AddressList::parse(value.as_bytes());
        let read: Vec<_> = read.addresses().iter().map(|address| {
            (address.name().map(str::to_owned), Mailbox::parse(address.addr().as_bytes()).unwrap())
        }).collect();
        prop_assert_eq!(read, wanted, "{}", written);
    }

    #[test]
    fn message_ids_are_read_back(ids in vec("[a-z0-9.!#]{1,60}@[a-z0-9.-]{1,60}", 1..12)) {
        let written = HeaderField::message_ids("References", &ids).build(Transport::SevenBit).unwrap();
        check_header(written.as_bytes())?;
        let value = written.strip_prefix("References:").unwrap();
        let read: Vec<String> = MessageIds::parse(value.as_bytes()).map(|id| id.to_str_lossy().into_owned()).collect();
        prop_assert_eq!(read, ids);
    }

    #[test]
    fn parameters_are_read_back(values in vec(line(), 0..4), transport in transport()) {
        let parameters = values.iter().enumerate().map(|(at, value)| (format!("p{at}"), value));
        let field = HeaderField::parameterised("Content-Type", "text/plain", parameters);
        let written = field.build(transport).unwrap();
        check_header(written.as_bytes())?;
        let read = ContentType::parse(written.strip_prefix("Content-Type:").unwrap().as_bytes()).unwrap();
        for (at, value) in values.iter().enumerate() {
            prop_assert_eq!(read.param(&format!("p{at}")), Some(value.as_str()), "{}", written);
        }
    }
}

/// What a [`Part`] is made from, to compare with what is read.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(bool, Option<Encoding>, Vec<u8>),
    Multipart(Vec<Tree>),
    Message(String, Box<Tree>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let content = prop_oneof![
        vec(any::<u8>(), 0..60),
        any::<String>().prop_map(String::into_bytes),
        vec(
            prop_oneof![
                Just("a\r\n"),
                Just("From "),
                Just("--"),
                Just("\n"),
                Just(""),
                Just("ä"),
                Just(" \r\n.\r\n")
            ],
            0..8
        )
        .prop_map(|pieces| pieces.concat().into_bytes()),
        Just(vec![b'a'; 1500]),
    ];
    let encoding = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Encoding::QuotedPrintable)),
        1 => Just(Some(Encoding::Base64)),
    ];
    let leaf = (any::<bool>(), encoding, content);
    let leaf = leaf.prop_map(|(is_text, encoding, content)| Tree::Leaf(is_text, encoding, content));
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(Tree::Multipart),
            (line(), inner).prop_map(|(subject, inner)| Tree::Message(subject, Box::new(inner))),
        ]
    })
}

fn part(tree: &Tree) -> Part {
    match tree {
        Tree::Leaf(is_text, encoding, content) => {
            let media_type = if *is_text { "text/x-any" } else { "application/octet-stream" };
            let part = Part::new(media_type, content.clone());
            match encoding {
                Some(encoding) => part.encoding(*encoding),
                None => part,
            }
        }
        Tree::Multipart(children) => Part::multipart("mixed", children.iter().map(part)),
        Tree::Message(subject, inner) => {
            Part::message(part(inner).field(HeaderField::text("Subject", subject)))
        }
    }
}

fn check_tree(entity: &Entity<'_, '_>, tree: &Tree) -> Result<(), TestCaseError> {
    let children: Vec<_> = entity.children().collect();
    match tree {
        Tree::Leaf(_, _, content) => {
            let decoded = entity.decoded();
            prop_assert_eq!((&*decoded.bytes, decoded.problem), (content.as_slice(), None));
        }
        Tree::Multipart(parts) => {
            prop_assert!(entity.is_multipart());
            prop_assert_eq!(children.len(), parts.len());
            for (child, part) in children.iter().zip(parts) {
                check_tree(child, part)?;
            }
        }
        Tree::Message(subject, inner) => {
            prop_assert!(entity.is_message());
            prop_assert_eq!(children.len(), 1);
            prop_assert_eq!(children[0].field("Subject").unwrap().text(), subject.as_str());
            check_tree(&children[0], inner)?;
        }
    }
    Ok(())
}

fn builder() -> Builder {
    Builder::new().from("a@example.org").date(DateTime::from_unix(1_700_000_000, 0).unwrap())
}

proptest! {
    #[test]
    fn trees_are_read_back(tree in tree(), subject in line(), transport in transport(), seed in any::<u64>()) {
        let builder = builder().subject(&subject).transport(transport).seed(seed);
        let octets = builder.body(part(&tree)).build().unwrap();
        check_lines(&octets)?;
        prop_assert!(transport > Transport::SevenBit || octets.is_ascii());
        let message = Message::parse(&octets).unwrap();
        let read = message.subject();
        prop_assert_eq!(read.as_deref(), Some(subject.as_str()));
        prop_assert!(message.defects().is_empty(), "{:?}\n{}", message.defects(), String::from_utf8_lossy(&octets));
        check_tree(&message.root(), &tree)?;
        for entity in message.walk() {
            check_header(entity.header_raw().strip_suffix(b"\r\n").unwrap())?;
        }
    }

    #[test]
    fn boundaries_avoid_what_is_in_the_parts(seed in any::<u64>(), more in 0_u64..3) {
        let options = |seed| Options::new(Transport::SevenBit, seed);
        // Parts that hold the very delimiters that their own seed would make.
        let mut inner = Part::multipart("mixed", [Part::text("plain", "x")]).build(&options(seed)).unwrap();
        for turn in 0..more {
            let parts = [Part::entity(inner.clone()), Part::new("text/plain", inner.clone())];
            inner = Part::multipart("mixed", parts).build(&options(seed.wrapping_add(turn))).unwrap();
        }
        let octets = Part::multipart("mixed", [Part::entity(inner.clone())]).build(&options(seed)).unwrap();
        let message = Message::parse(&octets).unwrap();
        let child = message.root().children().next().unwrap();
        prop_assert_eq!(child.raw(), inner.strip_suffix(b"\r\n").map_or(inner.as_slice(), |_| inner.as_slice()));
        prop_assert!(message.defects().is_empty(), "{:?}", message.defects());
    }

    #[test]
    fn octets_that_are_done_stay_as_they_are(octets in vec(any::<u8>(), 0..60), message in "[a-z:\r\n -]{0,40}") {
        let parts = [
            Part::entity(octets.clone()),
            Part::message_octets(message.clone()),
            Part::encoded("a/b", Encoding::Binary, octets.clone()),
        ];
        let written = Part::multipart("mixed", parts).build(&Options::new(Transport::EightBitMime, 0)).unwrap();
        let read = Message::parse(&written).unwrap();
        let children: Vec<_> = read.root().children().collect();
        prop_assert_eq!(children[0].raw(), octets.as_slice());
        prop_assert_eq!(children[1].body_raw(), message.as_bytes());
        prop_assert_eq!(children[2].body_raw(), octets.as_slice());
    }

    #[test]
    fn text_bodies_are_read_back(text in any::<String>(), html in "[a-zä\n]{0,200}", transport in transport()) {
        let octets = builder().text(&text).html(&html).attachment("ä.bin", "a/b", b"\0\r").transport(transport).build();
        let octets = octets.unwrap();
        let message = Message::parse(&octets).unwrap();
        let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
        let leaves: Vec<_> = message.walk().filter(Entity::is_leaf).collect();
        let decoded = |at: usize| String::from_utf8(leaves[at].decoded().bytes.into_owned()).unwrap();
        prop_assert_eq!(decoded(0).replace("\r\n", "\n"), lines(&text));
        prop_assert_eq!(decoded(1).replace("\r\n", "\n"), lines(&html));
        let file_name = leaves[2].file_name();
        prop_assert_eq!(file_name.as_deref(), Some("ä.bin"));
        prop_assert_eq!(&*leaves[2].decoded().bytes, b"\0\r");
    }
}

#[test]
fn deep_trees_are_written_and_dropped() {
    let mut tree = Part::text("plain", "x");
    for depth in 0..100_000 {
        tree = if depth % 2 == 0 { Part::multipart("mixed", [tree]) } else { Part::message(tree) };
    }
    let octets = tree.build(&Options::default()).unwrap();
    assert!(octets.ends_with(b"--\r\n") || octets.ends_with(b"--"));
    assert_eq!(memchr::memmem::find_iter(&octets, "multipart/mixed").count(), 50_000);
}
