//! What lists, gateways and relays do to real mail, several changes at once, and what is said of it.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#![allow(clippy::string_slice, clippy::unwrap_used, reason = "a test that fails here fails")]

mod support;

use mailwright_dkim::diagnose::Change;
use mailwright_message_model::transfer::{Encoding, base64, quoted_printable};
use support::changed::{SIMPLE, TEXT, changes, diagnosis, signed_by, signer};

/// Plain text and HTML.
const BOTH: &str = "From: Ann <ann@example.org>\r\nTo: food@lists.example\r\nSubject: lunch\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n\
    --b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\nKnoedel.\r\n\r\n\
    --b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>\r\n<p>Hello</p>\r\n</body></html>\r\n\r\n--b1--\r\n";
const FOOTER: &str = "_______\r\nfood mailing list\r\nhttps://lists.example/\r\n";

fn head_and_body(text: &str) -> (&str, &str) {
    text.split_once("\r\n\r\n").unwrap()
}

fn replaced(name: &str, was: &str) -> Change {
    Change::Replaced { name: name.into(), was: was.into() }
}

fn tag() -> Change {
    Change::SubjectTag { tag: "[food]".into() }
}

fn added(name: &str) -> Change {
    Change::FieldAdded { name: name.into() }
}

fn from(original: &str) -> Change {
    Change::FromRewritten { original: original.into() }
}

#[test]
fn a_list_that_replaces_from() {
    let signed = signed_by(&signer(), TEXT);
    let munged = |fields: &str| {
        let list = format!("From: Ann via food <food@lists.example>\r\n{fields}");
        signed.replace("From: Ann <ann@example.org>\r\n", &list).replace("Subject: ", "Subject: [food] ")
    };
    let reply_to = munged("Reply-To: Ann <ann@example.org>\r\n");
    assert_eq!(changes(&reply_to), [from("Reply-To"), tag(), added("Reply-To")]);
    let both = munged("Reply-To: food@lists.example, Ann <ann@example.org>\r\n");
    assert_eq!(changes(&both), [from("Reply-To"), tag(), added("Reply-To")]);
    let cc = munged("Reply-To: food@lists.example\r\nCc: Ann <ann@example.org>\r\n");
    assert_eq!(changes(&cc), [from("Cc"), tag(), added("Reply-To"), added("Cc")]);
    // Fields that nobody signed, and a footer.
    let sender = "Sender: food-bounces@lists.example\r\nList-Id: <food.lists.example>\r\n";
    let all = munged(&format!("Reply-To: Ann <ann@example.org>\r\n{sender}")) + FOOTER;
    assert_eq!(changes(&all), [Change::Appended { lines: 3 }, from("Reply-To"), tag(), added("Reply-To")]);
}

#[test]
fn a_tag_within_an_encoded_word() {
    let signed = signed_by(&signer(), &TEXT.replace("lunch", "=?utf-8?q?Kn=C3=B6del?="));
    assert_eq!(changes(&signed.replace("Subject: ", "Subject: [food] ")), [tag()]);
    assert_eq!(changes(&signed.replace("?q?Kn", "?q?=5Bfood=5D_Kn")), [tag()]);
    assert_eq!(changes(&signed.replace("Subject: ", "Subject: Re: [food] ")), []);
    let signed = signed_by(&signer(), &TEXT.replace("lunch", "Re: lunch"));
    assert_eq!(changes(&signed.replace("Subject: ", "Subject: [food] ")), [tag()]);
    assert_eq!(changes(&signed.replace("Re: ", "Re: [food] ")), [tag()]);
}

#[test]
fn a_footer_under_a_signature_with_a_length() {
    let signed = signed_by(&signer().body_length(true), TEXT);
    // The footer is allowed by l=; it is the tag that breaks the signature.
    let found = diagnosis(&(signed.replace("Subject: ", "Subject: [food] ") + FOOTER));
    assert_eq!(found.body_ok, Some(true));
    assert_eq!(found.hints.into_iter().map(|hint| hint.change).collect::<Vec<_>>(), [tag()]);
    let banner = signed.replace("\r\n\r\nHello", "\r\n\r\nCAUTION\r\nHello");
    assert_eq!(changes(&banner), [Change::Prepended { lines: 1 }]);
    let (head, body) = head_and_body(&signed);
    let short = format!("{head}\r\n\r\n{}", &body[..20]);
    assert!(
        matches!(changes(&short).as_slice(), [Change::Truncated { total: 20 | 22, .. }]),
        "{:?}",
        changes(&short)
    );
}

#[test]
fn a_footer_in_each_text_part() {
    let signed = signed_by(&signer(), BOTH);
    let text = signed.replace("Knoedel.\r\n", "Knoedel.\r\n\r\n-- \r\nfood list\r\n");
    assert_eq!(changes(&text), [Change::AddedToParts { parts: 1, lines: 3, front: false }]);
    let both = text.replace("</html>\r\n", "</html>\r\n<p>food list</p>\r\n");
    assert_eq!(changes(&both), [Change::AddedToParts { parts: 2, lines: 4, front: false }]);
    let within = text.replace("</body>", "<p>food list</p>\r\n</body>");
    assert_eq!(changes(&within), [Change::AddedToParts { parts: 2, lines: 4, front: false }]);
    let banner =
        signed.replace("Hello\r\nKn", "CAUTION\r\n\r\nHello\r\nKn").replace("<p>", "<p>CAUTION</p>\r\n<p>");
    assert_eq!(changes(&banner), [Change::AddedToParts { parts: 2, lines: 3, front: true }]);
    // Another word in the HTML is no addition.
    assert_eq!(changes(&text.replace("<p>Hello", "<p>Hallo")), []);
}

#[test]
fn a_message_of_two_parts_in_a_new_multipart() {
    let signed = signed_by(&signer(), BOTH);
    let (head, body) = head_and_body(&signed);
    let kind = "multipart/alternative; boundary=\"b1\"";
    let head = head.replace(kind, "multipart/mixed; boundary=\"c\"");
    let wrapped = format!(
        "{head}\r\n\r\n--c\r\nContent-Type: {kind}\r\n\r\n{body}\r\n--c\r\nContent-Type: text/plain\r\n\r\n{FOOTER}--c--\r\n"
    );
    assert_eq!(changes(&wrapped), [Change::Wrapped { part: 1 }, replaced("Content-Type", kind)]);
}

#[test]
fn a_footer_in_an_encoded_body() {
    let signed = signed_by(&signer(), TEXT);
    let (head, body) = head_and_body(&signed);
    let text = format!("{body}{FOOTER}");
    let was = Encoding::EightBit;
    for (name, is, encoded) in [
        ("base64", Encoding::Base64, base64(text.as_bytes())),
        // By a program that had the text with LF.
        ("base64", Encoding::Base64, base64(text.replace("\r\n", "\n").as_bytes())),
        ("quoted-printable", Encoding::QuotedPrintable, quoted_printable(text.as_bytes())),
    ] {
        let want = [
            Change::Reencoded { was, is },
            Change::Appended { lines: 3 },
            replaced("Content-Transfer-Encoding", "8bit"),
        ];
        assert_eq!(changes(&format!("{}\r\n\r\n{encoded}", head.replace("8bit", name))), want, "{name}");
    }
    // It was in base64 before: decoded, added to, encoded again.
    let (head, body) = head_and_body(TEXT);
    // Not a whole number of lines of base64.
    let body = &format!("{body}A\r\n");
    for body in [body.clone(), body.replace("\r\n", "\n")] {
        let plain = format!("{}\r\n\r\n{}", head.replace("8bit", "base64"), base64(body.as_bytes()));
        let signed = signed_by(&signer(), &plain);
        let (head, _) = head_and_body(&signed);
        let again = format!("{head}\r\n\r\n{}", base64(format!("{body}{FOOTER}").as_bytes()));
        assert_eq!(changes(&again), [Change::Appended { lines: 3 }]);
    }
}

#[test]
fn line_breaks() {
    let breaks = [Change::LineBreaks, Change::HeaderLineBreaks];
    for signer in [signer(), signer().canonicalization(SIMPLE)] {
        let signed = signed_by(&signer, TEXT);
        assert_eq!(changes(&signed.replace("\r\n", "\n")), breaks);
        let tagged = signed.replace("\r\n", "\n").replace("Subject: ", "Subject: [food] ");
        assert_eq!(changes(&tagged), [&breaks[..], &[tag()]].concat());
        let (head, body) = head_and_body(&signed);
        let doubled = format!("{head}\r\n\r\n{}", body.replace("\r\n", "\r\r\n"));
        assert_eq!(changes(&doubled), [Change::DoubledCr]);
    }
}

#[test]
fn long_lines() {
    let line = "x y ".repeat(700);
    let signed = signed_by(&signer(), &TEXT.replace("Hello Bob", &line));
    for (at, end, start) in [(990, "!", " "), (998, "", ""), (998, "", " "), (980, "", "")] {
        let (one, rest) = line.split_at(at);
        let (two, three) = rest.split_at(at);
        let split = format!("{one}{end}\r\n{start}{two}{end}\r\n{start}{three}");
        assert_eq!(
            changes(&signed.replace(&line, &split)),
            [Change::LongLinesSplit],
            "{at} {end:?} {start:?}"
        );
    }
}

#[test]
fn blanks_and_a_footer() {
    let signed = signed_by(&signer().canonicalization(SIMPLE), TEXT);
    let blanks = signed.replace("Bob,\r\n", "Bob, \t\r\n");
    assert_eq!(changes(&blanks), [Change::TrailingBlanks]);
    assert_eq!(changes(&(blanks + FOOTER)), [Change::TrailingBlanks, Change::Appended { lines: 3 }]);
    let quoted = signed.replace("\r\nFrom noon", "\r\n>From noon") + FOOTER;
    assert_eq!(changes(&quoted), [Change::FromQuoted, Change::Appended { lines: 3 }]);
}

#[test]
fn fields_written_otherwise() {
    let text = TEXT
        .replace("Date:", "Message-ID: <1@example.org>\r\nDate:")
        .replace("net\r\n", "net, c@example.net\r\n");
    let relaxed = signed_by(&signer(), &text);
    let kind = replaced("Content-Type", "text/plain; charset=utf-8");
    assert_eq!(changes(&relaxed.replace("charset=utf-8", "charset=\"utf-8\"")), [kind]);
    let quoted = signed_by(&signer(), &text.replace("charset=utf-8", "charset=\"utf-8\""));
    let kind = replaced("Content-Type", "text/plain; charset=\"utf-8\"");
    assert_eq!(changes(&quoted.replace("charset=\"utf-8\"", "charset=utf-8")), [kind]);
    let to = replaced("To", "bob@example.net, c@example.net");
    assert_eq!(changes(&relaxed.replace("net, c@", "net,c@")), [to]);
    // Folding and capitals are nothing to the relaxed form.
    let refolded = relaxed.replace("net, c@", "net,\r\n\tc@").replace("\r\nMessage-ID", "\r\nMessage-Id");
    assert_eq!(changes(&refolded.replace("lunch", "[food] lunch")), [tag()]);

    let simple = signed_by(&signer().canonicalization(SIMPLE), &text);
    assert_eq!(changes(&simple.replace("net, c@", "net,\r\n c@")), [Change::Refolded]);
    assert_eq!(changes(&simple.replace("\r\nTo: ", "\r\nTo:  ")), [Change::Refolded]);
    assert_eq!(changes(&simple.replace("\r\nMessage-ID", "\r\nMessage-Id")), [Change::NamesRespelled]);
    let odd =
        signed_by(&signer().canonicalization(SIMPLE), &text.replace("\r\nMessage-ID", "\r\nMessage-Id"));
    assert_eq!(changes(&odd.replace("\r\nMessage-Id", "\r\nMessage-ID")), [Change::NamesRespelled]);
    let names = simple.replace("\r\nSubject:", "\r\nsubject:").replace("\r\nDate:", "\r\nDATE:");
    assert_eq!(changes(&names), [Change::NamesRespelled]);
}

#[test]
fn fields_in_another_order() {
    let received = "Received: one\r\nReceived: two\r\n";
    let names = mailwright_dkim::sign::HeaderSet::recommended().with("Received").unwrap();
    let signed = signed_by(&signer().headers(names), &format!("{received}{TEXT}"));
    let turned = signed.replace(received, "Received: two\r\nReceived: one\r\n");
    assert_eq!(changes(&turned), [Change::Reordered { name: "Received".into() }]);
    // Fields of other names may stand anywhere (RFC 6376 5.4.2).
    let moved =
        signed.replace("Subject: lunch\r\n", "").replace("\r\nMIME-V", "\r\nSubject: lunch\r\nMIME-V");
    let turned = moved.replace(received, "Received: two\r\nReceived: one\r\n");
    assert_eq!(changes(&turned), [Change::Reordered { name: "Received".into() }]);
}

#[test]
fn a_pathological_message_ends_the_search() {
    // Two text parts of many lines and a long tail, with nothing that could be found.
    let lines = "a line of text\r\n".repeat(200);
    let tail = "x".repeat(4 << 20);
    let body = format!(
        "--b1\r\n\r\n{lines}\r\n--b1\r\nContent-Type: text/html\r\n\r\n{lines}\r\n--b1\r\nContent-Type: image/png\r\n\r\n{tail}\r\n--b1--\r\n"
    );
    let (head, _) = head_and_body(BOTH);
    let signed = signed_by(&signer(), &format!("{head}\r\n\r\n{body}"));
    let started = std::time::Instant::now();
    let found = diagnosis(&signed.replacen("a line", "A line", 1));
    assert!(found.cut_short && found.hints.is_empty());
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
