//! A signed message, changed as lists, gateways and mailboxes do it, and what is said of it.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails here fails")]

mod support;

use mailwright_dkim::canon::Canonicalization;
use mailwright_dkim::diagnose::{Change, Evidence};
use mailwright_message_model::transfer::{Encoding, base64, quoted_printable};
use support::changed::{SIMPLE, TEXT, changes, diagnosis, signed_by, signer};

#[test]
fn changes_to_the_body() {
    let relaxed = signed_by(&signer(), TEXT);
    let simple = signed_by(&signer().canonicalization(SIMPLE), TEXT);
    let body_of = |text: &str| text.split_once("\r\n\r\n").unwrap().1.to_owned();
    let with_body =
        |text: &str, body: &str| format!("{}\r\n\r\n{body}", text.split_once("\r\n\r\n").unwrap().0);
    let body = body_of(TEXT);
    for (text, want) in [
        (format!("{relaxed}_____\r\nlist\r\n\r\n"), Change::Appended { lines: 3 }),
        (format!("{simple}_____\r\n"), Change::Appended { lines: 1 }),
        (with_body(&relaxed, &format!("CAUTION: external\r\n\r\n{body}")), Change::Prepended { lines: 2 }),
        (with_body(&relaxed, &body.replace("\r\n", "\n")), Change::LineBreaks),
        (with_body(&simple, &body.replace("-- \r\n", "--\r\n")), Change::SeparatorBlank),
        (with_body(&relaxed, &body.replace("\r\n.", "\r\n..")), Change::DotsDoubled),
        (with_body(&relaxed, &body.replace("\r\nFrom ", "\r\n>From ")), Change::FromQuoted),
        (with_body(&signed_by(&signer(), &TEXT.replace(&body, "")), "added\r\n"), Change::SignedEmpty),
    ] {
        assert_eq!(changes(&text), [want], "{text}");
    }
    let blanks = "Hello  \r\nBob\r\n";
    let simple = signed_by(&signer().canonicalization(SIMPLE), &with_body(TEXT, "Hello\r\nBob\r\n"));
    assert_eq!(changes(&with_body(&simple, blanks)), [Change::TrailingBlanks]);
    let both = with_body(&relaxed, &format!("{body}list\r\n").replace("\r\n", "\n"));
    assert_eq!(changes(&both), [Change::LineBreaks, Change::Appended { lines: 1 }]);
}

#[test]
fn other_encodings() {
    let (head, body) = TEXT.split_once("\r\n\r\n").unwrap();
    for (name, encoding, encoded) in [
        ("quoted-printable", Encoding::QuotedPrintable, quoted_printable(body.as_bytes())),
        ("base64", Encoding::Base64, base64(body.as_bytes())),
    ] {
        let signed = signed_by(&signer(), TEXT);
        let reencoded = signed.replace("8bit", name).replace(body, &encoded);
        let want = [
            Change::Reencoded { was: Encoding::EightBit, is: encoding },
            Change::Replaced { name: "Content-Transfer-Encoding".into(), was: "8bit".into() },
        ];
        assert_eq!(changes(&reencoded), want);
        let encoded_first = format!("{}\r\n\r\n{encoded}", head.replace("8bit", name));
        let decoded = signed_by(&signer(), &encoded_first).replace(name, "8bit").replace(&encoded, body);
        let want = [
            Change::Reencoded { was: encoding, is: Encoding::EightBit },
            Change::Replaced { name: "Content-Transfer-Encoding".into(), was: name.into() },
        ];
        assert_eq!(changes(&decoded), want);
    }
}

#[test]
fn multiparts() {
    let (head, _) = TEXT.split_once("\r\n\r\n").unwrap();
    let head = head.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b");
    let part = "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nKn\u{f6}del\r\n";
    let signed = signed_by(&signer(), &format!("{head}\r\n\r\n{part}--b--\r\n"));
    let added = signed.replace("--b--\r\n", "--b\r\n\r\nlist footer\r\n--b--\r\n");
    assert_eq!(changes(&added), [Change::PartsAdded { parts: 1 }]);
    let downgraded = signed.replace("8bit\r\n\r\nKn\u{f6}del", "quoted-printable\r\n\r\nKn=C3=B6del");
    assert_eq!(changes(&downgraded), [Change::PartsReencoded { parts: 1 }]);

    let signed = signed_by(&signer(), TEXT);
    let (head, body) = signed.split_once("\r\n\r\n").unwrap();
    let head = head.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=c");
    let wrapped = format!(
        "{head}\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n--c\r\n\r\nfooter\r\n--c--\r\n"
    );
    let want = [
        Change::Wrapped { part: 1 },
        Change::Replaced { name: "Content-Type".into(), was: "text/plain; charset=utf-8".into() },
    ];
    assert_eq!(changes(&wrapped), want);
}

#[test]
fn mistakes_of_the_signer() {
    // Signed as relaxed, then said to be simple: the header falls too, for the tag is signed.
    let text = TEXT.replace("Hello", "Hello  \t");
    let found = changes(&signed_by(&signer(), &text).replace("c=relaxed/relaxed", "c=relaxed/simple"));
    assert_eq!(found, [Change::OtherCanonicalization(Canonicalization::Relaxed)]);
}

#[test]
fn changes_to_the_header() {
    let relaxed = signed_by(&signer(), TEXT);
    for (text, want) in [
        (relaxed.replace("Subject: ", "Subject: [food] "), vec![Change::SubjectTag { tag: "[food]".into() }]),
        (
            relaxed.replace(
                "From: Ann <ann@example.org>",
                "From: Ann via food <food@lists.example>\r\nX-Original-From: Ann <ann@example.org>",
            ),
            vec![Change::FromRewritten { original: "X-Original-From".into() }],
        ),
        (
            relaxed.replace("Subject: ", "Reply-To: food@lists.example\r\nSubject: [food] "),
            vec![Change::SubjectTag { tag: "[food]".into() }, Change::FieldAdded { name: "Reply-To".into() }],
        ),
        (relaxed.replace("From: Ann <", "From: \"Ann\" <"), vec![Change::NameQuotes { name: "From".into() }]),
        (
            relaxed.replace("Subject: lunch\r\n", "Subject: lunch\r\nSubject: free money\r\n"),
            vec![Change::FieldAdded { name: "Subject".into() }],
        ),
    ] {
        let found = diagnosis(&text);
        assert_eq!((found.body_ok, found.header_ok), (Some(true), Some(false)));
        assert!(
            found.hints.iter().all(|hint| hint.evidence == Evidence::Signature && !hint.change.is_of_body())
        );
        let found: Vec<Change> = found.hints.into_iter().map(|hint| hint.change).collect();
        assert_eq!(found, want, "{text}");
    }
    let unknown = diagnosis(&relaxed.replace("lunch", "supper"));
    assert!(unknown.hints.is_empty() && unknown.header_ok == Some(false));

    let simple = signed_by(&signer().canonicalization(SIMPLE), TEXT);
    assert_eq!(changes(&simple.replace("Date: Tue, ", "Date: Tue,\r\n ")), [Change::Refolded]);
}

#[test]
fn copies_tell_what_a_field_was() {
    let signed = signed_by(&signer().copy_headers(true), TEXT);
    let found = diagnosis(
        &signed.replace("Subject: lunch", "Subject: supper").replace("To: bob@example.net\r\n", ""),
    );
    let changes: Vec<Change> = found.hints.iter().map(|hint| hint.change.clone()).collect();
    assert!(
        changes.contains(&Change::Replaced { name: "Subject".into(), was: "lunch".into() }),
        "{changes:?}"
    );
    assert!(changes.contains(&Change::FieldRemoved { name: "To".into(), was: "bob@example.net".into() }));
    assert_eq!(changes.len(), 2);
    assert!(found.hints.iter().all(|hint| hint.evidence == Evidence::ProvedCopy));
    assert!(
        found.hints.iter().any(|hint| hint.to_string().starts_with("Subject was changed; it was \"lunch\""))
    );
}

#[test]
fn long_messages_end_the_search() {
    let signed = signed_by(&signer(), TEXT);
    let long = signed.replace("Hello", &"x".repeat(30 << 20));
    let found = diagnosis(&long);
    assert!(found.cut_short && found.hints.is_empty());
    let many = signed.replacen("Subject: ", &format!("{}Subject: ", "Subject: a\r\n".repeat(10_000)), 1);
    let started = std::time::Instant::now();
    assert!(diagnosis(&many).cut_short);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
