use super::*;

fn content_type(value: &str) -> ContentType<'_> {
    ContentType::parse(value.as_bytes()).unwrap()
}

fn params(value: &str) -> Vec<(String, String)> {
    content_type(value).params().iter().map(|p| (p.name.to_string(), p.value.to_string())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn boundary(value: &[u8]) -> Option<Vec<u8>> {
    scan(value).boundary.map(Cow::into_owned)
}

#[test]
fn continuations_come_in_any_order() {
    // RFC 2231 4.1, the example, shuffled and with a character split between segments.
    let value = "message/external-body; a*2=\"3\"; a*0*=utf-8'en'1%C3; a*1*=%A9; x=y";
    assert_eq!(params(value), pairs(&[("a", "1\u{e9}3"), ("x", "y")]));
    let value = content_type(value);
    let first = &value.params()[0];
    assert_eq!((first.charset.as_deref(), first.language.as_deref()), (Some("utf-8"), Some("en")));
    assert_eq!((first.form, first.further.len()), (Form::Extended, 2));
}

#[test]
fn missing_separators() {
    assert_eq!(params("application/pdf name=\"a b.pdf\""), pairs(&[("name", "a b.pdf")]));
    assert_eq!(
        params("a/b; x=mail-server y=\"z\" w=v"),
        pairs(&[("x", "mail-server"), ("y", "z"), ("w", "v")])
    );
    assert_eq!(params("a/b; name=This is a test.txt"), pairs(&[("name", "This is a test.txt")]));
    assert_eq!(boundary(b" multipart/mixed\n\tboundary=\"b\""), Some(b"b".to_vec()));
}

#[test]
fn comments() {
    assert_eq!(params("a/b; charset=x (c (d) \\) e); y=z"), pairs(&[("charset", "x"), ("y", "z")]));
    assert_eq!(params("a/b; charset=x(c)"), pairs(&[("charset", "x")]));
    assert_eq!(params("a/b; name=Invoice_(30).pdf"), pairs(&[("name", "Invoice_(30).pdf")]));
    assert_eq!(params("a/b; name=sad :("), pairs(&[("name", "sad :(")]));
}

#[test]
fn spans_and_octets() {
    let text = "a/b; x=y ; NAME = \"q\\\"r\" ;z=1";
    let value = content_type(text);
    let written: Vec<&[u8]> = value.params().iter().map(|p| p.span.of(text.as_bytes())).collect();
    assert_eq!(written, [b"x=y".as_slice(), b"NAME = \"q\\\"r\"", b"z=1"]);
    assert_eq!(&*value.params()[1].octets, b"q\"r");
    assert_eq!(value.params()[1].form, Form::Quoted);
}

#[test]
fn first_of_a_name_wins_and_extended_file_names_go_first() {
    let value = Disposition::parse(b"attachment; filename=a; filename=b; filename*=utf-8''c").unwrap();
    assert_eq!(value.param("filename"), Some("a"));
    assert_eq!(value.params().len(), 3);
    assert_eq!(value.file_name(), Some("c"));
}

#[test]
fn unusable() {
    for value in ["", ";", "/plain", " (c) ", "; name=\"a/b\""] {
        assert!(ContentType::parse(value.as_bytes()).is_none(), "{value}");
        assert!(scan(value.as_bytes()).doubts.unusable_type, "{value}");
    }
    for value in ["text", "text; charset=x", "text/", "application-x-gzip; name=\"document.xml.gz\""] {
        assert!(!content_type(value).is_usable(), "{value}");
        assert!(scan(value.as_bytes()).doubts.unusable_type, "{value}");
    }
}

#[test]
fn scanned() {
    let seen = scan(b" (a) Multipart / (b) Mixed (c) ;\r\n boundary = \"gc0p Jq0M:08\"\r\n");
    assert_eq!((seen.type_, seen.subtype), (b"Multipart".as_slice(), b"Mixed".as_slice()));
    assert!(matches!(seen.boundary, Some(Cow::Borrowed(b"gc0p Jq0M:08"))));
    assert_eq!(seen.doubts, Doubts::default());
    let seen = scan(b"text/plain>");
    assert_eq!((seen.type_, seen.subtype), (b"text".as_slice(), b"plain".as_slice()));
    assert_eq!(boundary(b"text/plain; boundary=x"), None);
    assert_eq!(boundary(b"multipart/mixed; boundary=\r\n\t----=_Part_1.2"), Some(b"----=_Part_1.2".to_vec()));
    assert_eq!(boundary(b"multipart/mixed; boundary=\"\""), None);
    assert_eq!(boundary(b"multipart/mixed; xboundary=a; boundary=b"), Some(b"b".to_vec()));
}

#[test]
fn doubts() {
    assert!(scan(b"multipart/mixed; boundary=a; BOUNDARY=b").doubts.duplicate_boundary);
    assert_eq!(boundary(b"multipart/mixed; boundary=a; BOUNDARY=b"), Some(b"a".to_vec()));
    let seen = scan(b"multipart/mixed; boundary*=us-ascii''a; boundary=b");
    assert!(seen.doubts.mixed_boundary && !seen.doubts.duplicate_boundary);
    assert_eq!(seen.boundary.as_deref(), Some(b"b".as_slice()));
    let seen = scan(b"multipart/signed; boundary*1=\"BaQU\"; boundary*0*=\"ansi-x3.4-1968''Ee%51\"");
    assert!(seen.doubts.extended_boundary && !seen.doubts.mixed_boundary);
    assert_eq!(seen.boundary.as_deref(), Some(b"EeQBaQU".as_slice()));
    let seen = scan(b"multipart/mixed; boundary=\"a \"");
    assert!(seen.doubts.boundary_ends_blank);
    assert_eq!(seen.boundary.as_deref(), Some(b"a".as_slice()));
    assert!(scan(b"multipart/mixed; boundary=\"a\\\"b\"").doubts.illegal_boundary);
    assert!(scan(format!("multipart/mixed; boundary={}", "a".repeat(71)).as_bytes()).doubts.long_boundary);
    let longest = format!("multipart/mixed; boundary={}", "a".repeat(70));
    assert_eq!(scan(longest.as_bytes()).doubts, Doubts::default());
    assert!(scan(b"text/plain/format").doubts.odd_type);
}
