use super::*;

fn texts(raw: &[u8]) -> Vec<String> {
    let message = Message::parse(raw).unwrap();
    Extractor::new(Key::default()).texts(&message).into_iter().map(|(_, _, text)| text).collect()
}

fn features(raw: &[u8]) -> Features {
    Extractor::new(Key::default()).features(&Message::parse(raw).unwrap())
}

#[test]
fn encodings_are_undone() {
    let plain = b"Subject: Free money\r\n\r\nCaf\xc3\xa9 now\r\n";
    let coded = b"Subject: =?utf-8?b?RnJlZSBtb25leQ==?=\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nQ2Fmw6kgbm93DQo=\r\n";
    for raw in [plain.as_slice(), coded] {
        let texts = texts(raw);
        for token in ["subject:free", "subject:money", "caf\u{e9}", "now"] {
            assert!(texts.iter().any(|text| text == token), "{token}");
        }
    }
    assert_eq!(features(plain).view(View::Body), features(coded).view(View::Body));
}

#[test]
fn hidden_text_stands_apart() {
    let raw = b"Content-Type: text/html\r\n\r\n<p>Bu<!-- -->y</p><p style='display:none'>poem</p><a href='http://x.example/p?q'>z</a>";
    let (texts, features) = (texts(raw), features(raw));
    for token in ["buy", "hidden:poem", "link:x.example", "link:q"] {
        assert!(texts.iter().any(|text| text == token), "{token}");
    }
    assert!(!texts.iter().any(|text| text == "poem"));
    assert_eq!((features.tricks().split_words, features.tricks().hidden), (1, 4));
}

#[test]
fn verdicts_of_others_are_not_seen() {
    let with = b"X-Spam-Flag: YES\r\nSubject: a\r\n\r\nb";
    let without = b"Subject: a\r\n\r\nb";
    for view in View::ALL {
        assert_eq!(features(with).view(view), features(without).view(view));
    }
}

#[test]
fn limits_hold() {
    let mut raw = b"Subject: a\r\n\r\n".to_vec();
    (0..MAX_WORDS + 10).for_each(|n| raw.extend_from_slice(format!("w{n} ").as_bytes()));
    let features = features(&raw);
    assert!(features.view(View::Body).len() <= MAX_WORDS && features.cuts().words == 1);
    assert!(features.view(View::Grams).len() <= 2 * MAX_GRAM_OCTETS);
}

#[test]
fn working_memory_is_clean_again() {
    let one = Message::parse(b"Subject: a b c\r\n\r\nd e f\r\n").unwrap();
    let other = Message::parse(b"Subject: a b x\r\n\r\nd e y\r\n").unwrap();
    let mut extractor = Extractor::new(Key::default());
    let first = extractor.features(&one);
    let _ = extractor.features(&other);
    let _ = extractor.texts(&other);
    assert_eq!(extractor.features(&one), first);
    assert_ne!(Extractor::new(Key::new([7; 16])).features(&one).digest(), first.digest());
}
