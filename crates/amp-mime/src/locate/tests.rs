use mailwright_message_model::Message;

use super::StructureWarning as Warning;
use super::*;

const HEAD: &str = "From: a@example.org\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n";
const AMP: &str = "Content-Type: text/x-amp-html; charset=utf-8\n\n<amp>";
const HTML: &str = "Content-Type: text/html\n\nhtml";

/// A multipart; its delimiters are named by its subtype and a number.
fn multi(subtype: &str, parts: &[&str]) -> String {
    let boundary = format!("{subtype}{}", parts.concat().len());
    let inner: String = parts.iter().map(|part| format!("--{boundary}\n{part}\n")).collect();
    format!("Content-Type: multipart/{subtype}; boundary={boundary}\n\n{inner}--{boundary}--\n")
}

fn found(entity: &str) -> (Structure, Vec<Warning>) {
    let raw = format!("{HEAD}{entity}");
    let message = Message::parse(raw.as_bytes()).unwrap();
    let found = locate(&message, Some(1_795_478_400));
    (found.structure, found.warnings)
}

#[test]
fn structures() {
    let alternative = |parts: &[&str]| multi("alternative", parts);
    assert_eq!(found(&alternative(&["\ntext", AMP, HTML])), (Structure::Ok, vec![]));
    assert_eq!(found("\nhello").0, Structure::None);
    assert_eq!(found(&multi("mixed", &["\ntext", AMP])).0, Structure::AmpNotInAlternative);
    assert_eq!(found(AMP).0, Structure::AmpNotInAlternative);
    assert_eq!(found(&alternative(&[AMP, AMP, HTML])).0, Structure::MultipleAmpParts);
    assert_eq!(found(&alternative(&[AMP])).0, Structure::NoFallback);
    // An alternative inside an alternative: one choice among all.
    let inner = alternative(&[AMP, HTML]);
    assert_eq!(found(&alternative(&["\ntext", &inner, AMP])).0, Structure::MultipleAmpParts);
    let attached = format!("Content-Type: message/rfc822\n\n{}", alternative(&[AMP, HTML]));
    assert_eq!(found(&multi("mixed", &["\ntext", &attached])).0, Structure::None);
}

#[test]
fn warnings_of_the_place() {
    let alternative = |parts: &[&str]| multi("alternative", parts);
    assert_eq!(found(&alternative(&[HTML, AMP])), (Structure::Ok, vec![Warning::AmpAfterHtml]));
    let attachment = format!("Content-Disposition: attachment\n{AMP}");
    assert_eq!(found(&alternative(&[&attachment, HTML])).1, [Warning::AmpAttachment]);
    let related = multi("related", &[AMP, "Content-Type: image/png\n\nx"]);
    assert_eq!(found(&alternative(&[&related, HTML])), (Structure::Ok, vec![Warning::AmpInRelated]));
    let mixed = multi("mixed", &[AMP]);
    assert_eq!(found(&alternative(&[&mixed, HTML])), (Structure::Ok, vec![Warning::AmpNotDirect]));
    let elsewhere = multi("mixed", &[&alternative(&[AMP, HTML]), AMP]);
    assert_eq!(found(&elsewhere), (Structure::Ok, vec![Warning::AmpElsewhere]));
    assert_eq!(found(&alternative(&["\ntext", AMP])).1, [Warning::NoHtml]);
    let signed =
        multi("signed", &[&alternative(&[AMP, HTML]), "Content-Type: application/pgp-signature\n\nx"]);
    assert_eq!(found(&signed).1, [Warning::AmpSigned]);
}

#[test]
fn warnings_of_the_header_and_the_encoding() {
    let entity = multi("alternative", &[AMP, HTML]);
    let of = |head: &str, entity: &str| {
        let raw = format!("{head}{entity}");
        let message = Message::parse(raw.as_bytes()).unwrap();
        locate(&message, Some(1_795_478_400)).warnings
    };
    assert_eq!(of("", &entity), [Warning::NoDate]);
    assert_eq!(of("Date: soon\n", &entity), [Warning::NoDate]);
    assert_eq!(of("Date: Wed, 25 Nov 2026 00:00:01 +0000\n", &entity), [Warning::FutureDate]);
    assert_eq!(of("Date: Wed, 25 Nov 2026 00:00:00 +0000\n", &entity), []);
    assert_eq!(of(&format!("{HEAD}{HEAD}"), &entity), [Warning::DuplicateDate, Warning::DuplicateFrom]);
    assert_eq!(of(HEAD, &entity.replace("; charset=utf-8", "")), [Warning::NoCharset]);
    assert_eq!(of(HEAD, &entity.replace("=utf-8", "=x-none")), [Warning::BadCharset]);
    assert_eq!(
        of(HEAD, &entity.replace("<amp>", "<\u{26a1}").replace("=utf-8", "=us-ascii")),
        [Warning::BadCharset]
    );
    let base64 = entity.replacen("charset=utf-8", "charset=utf-8\nContent-Transfer-Encoding: base64", 1);
    assert_eq!(of(HEAD, &base64), [Warning::BadEncoding]);
}

#[test]
fn the_text_keeps_its_mark_and_its_line_ends() {
    let text = |entity: &[u8]| {
        let raw = [b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n", entity, b"\r\n--b--"]
            .concat();
        let message = Message::parse(&raw).unwrap();
        locate(&message, None).amp.unwrap().text().into_owned()
    };
    let head = |charset: &str, encoding: &str| {
        format!("Content-Type: text/x-amp-html{charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n")
    };
    let of = |charset: &str, encoding: &str, body: &[u8]| {
        text(&[head(charset, encoding).as_bytes(), body].concat())
    };
    assert_eq!(of("; charset=UTF-8", "base64", b"77u/PGh0bWwg4pqhPg=="), "\u{feff}<html \u{26a1}>");
    assert_eq!(of("", "quoted-printable", b"=EF=BB=BF=E2=9A=\r\n=A1\r\na\r\n"), "\u{feff}\u{26a1}\r\na\r\n");
    assert_eq!(of("; charset=koi8-r", "8bit", b"\xd4\xc5\xd3\xd4"), "тест");
    assert_eq!(of("; charset=utf-16le", "base64", b"PABhAD4A"), "<a>");
}
