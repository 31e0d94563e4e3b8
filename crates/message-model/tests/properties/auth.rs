//! Domains, mailboxes, Authentication-Results, claims to be us, and field blocks: what holds for any input.

use mailwright_message_model::authres::claim::Claims;
use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, ClaimedResults, Method, MethodResult, PropertyType,
};
use mailwright_message_model::block::{Blocks, Entry, decode_utf8_address, decode_xtext};
use mailwright_message_model::domain::Domain;
use mailwright_message_model::mailbox::{Host, Mailbox};
use mailwright_message_model::{Message, Span};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Text that quoting has to do with, and any other.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(vec!["\"", "\\", "(", ")", ";", "=", "@", " ", "  ", "\r\n", "\r\n ", "\t", "\0", "none", "reason", "a.b",
            "2001:db8::1", "joe@example.org", "ø", "\u{85}", "<>", ",", "/", "i=1;"]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~]{0,90}",
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn word<T: Clone + std::fmt::Debug + 'static>(
    registered: &'static [T],
    parse: fn(&str) -> Option<T>,
) -> impl Strategy<Value = T> {
    prop_oneof![select(registered), "[A-Za-z0-9_-]{1,12}".prop_map(move |word| parse(&word).unwrap())]
}

prop_compose! {
    fn method_result()(
        method in word(Method::REGISTERED, |w| w.parse().ok()),
        result in word(AuthResult::REGISTERED, |w| w.parse().ok()),
        version in option::weighted(0.2, any::<u32>()),
        reason in option::of(text()),
        comments in vec(text(), 0..3),
        props in vec((word(PropertyType::REGISTERED, |w| w.parse().ok()), text(), text()), 0..4),
    ) -> MethodResult {
        let mut found = MethodResult::new(method, result);
        if let Some(version) = version {
            found = found.with_version(version);
        }
        if let Some(reason) = reason {
            found = found.with_reason(reason);
        }
        let found = comments.into_iter().fold(found, MethodResult::with_comment);
        props.into_iter().fold(found, |found, (ptype, name, value)| found.with_prop(ptype, &name, value))
    }
}

prop_compose! {
    fn results()(
        id in text(),
        version in option::weighted(0.2, Just(1)),
        comments in vec(text(), 0..2),
        results in vec(method_result(), 0..4),
    ) -> AuthenticationResults {
        let mut all = AuthenticationResults::new(&id);
        if let Some(version) = version {
            all = all.with_version(version);
        }
        all = comments.iter().fold(all, |all, comment| all.with_comment(comment));
        results.into_iter().fold(all, AuthenticationResults::with_result)
    }
}

/// Values near the grammar.
fn value() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "mx.example.org",
        "MX.EXAMPLE.ORG.",
        "mx.",
        "example.org",
        "other.example",
        "\"",
        "\\",
        "(",
        ")",
        "(c)",
        ";",
        "; ",
        "=",
        " ",
        "\r\n ",
        "\r\n\t",
        "\r",
        "\n",
        "\r\n",
        "spf=pass",
        "dkim/1=fail",
        "none",
        " header.d=a",
        " reason=\"x\"",
        " smtp.mailfrom=",
        "1",
        "a@b.c",
        "i=2;",
        "\0",
        "ø",
        "=?utf-8?q?mx.example.org?=",
        ":",
        "/",
        ",",
    ]);
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A value that names us in one way or another.
fn naming_us() -> impl Strategy<Value = String> {
    let lead = select(vec!["", " ", "\r\n\t", "(c)", "(a (b\\) c) d) ", "(\")\r\n (", "\r"]);
    let id = select(vec![
        "mx.example.org",
        "MX.EXAMPLE.ORG.",
        "\"mx.example.org\"",
        "\"mx.\\example.org\"",
        "mx.example.org(c)",
    ]);
    let rest =
        select(vec![";none", " 1; spf=pass", "; spf=pass (", ";\r\n spf=pass", "\r; spf=pass", "\n ;none"]);
    (lead, id, rest).prop_map(|(lead, id, rest)| [lead, id, rest].concat())
}

/// Headers in which claims are hidden.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let name = select(vec![
        "Authentication-Results:",
        "authentication-results \t:",
        "Authentication-Results\r\n :",
        "Authentication-Results",
        "ARC-Authentication-Results: i=1;",
        "Subject:",
        "\u{feff}Authentication-Results:",
        " Authentication-Results:",
        "From x",
        "",
        ":",
    ]);
    let ending = select(vec!["\r\n", "\n", "\r", "\r\n ", "\n\t", "\r ", "", "\r\n\r\n", "\n\n"]);
    let value = prop_oneof![value(), naming_us()];
    vec((name, value, ending), 0..6).prop_map(|fields| {
        fields.into_iter().map(|(n, v, e)| [n, &v, e].concat()).collect::<String>().into_bytes()
    })
}

fn ours(claim: Result<ClaimedResults, impl Sized>) -> bool {
    claim.is_ok_and(|claim| claim.trust("mx.example.org").is_ok())
}

proptest! {
    #[test]
    fn results_are_read_as_written(x in results()) {
        let value = x.to_string();
        prop_assert!(!value.contains(char::is_control), "{:?}", value);
        let read = ClaimedResults::parse(value.as_bytes()).unwrap();
        prop_assert_eq!(read.authserv_id(), Some(x.authserv_id()));
        prop_assert_eq!(read.version(), x.version());
        prop_assert_eq!(&read.trust(x.authserv_id()).unwrap(), &x);

        let field = x.to_field();
        let folded = field.strip_prefix("Authentication-Results:").unwrap().strip_suffix("\r\n").unwrap();
        for line in folded.split("\r\n") {
            prop_assert!(line.starts_with(' ') && !line.trim().is_empty() && !line.contains(char::is_control), "{:?}", line);
        }
        prop_assert_eq!(&ClaimedResults::parse(folded.as_bytes()).unwrap(), &read);

        let arc = x.to_arc_field(7);
        let arc = arc.strip_prefix("ARC-Authentication-Results:").unwrap();
        prop_assert_eq!(ClaimedResults::parse_arc(arc.as_bytes()).unwrap(), (7, read));
    }

    #[test]
    fn what_is_read_is_written_the_same(value in prop_oneof![value(), naming_us()]) {
        if let Ok(claim) = value.parse::<ClaimedResults>() {
            let written = claim.to_string();
            prop_assert_eq!(written.parse::<ClaimedResults>().unwrap(), claim, "{:?}", written);
        }
        if let Err(e) = value.parse::<ClaimedResults>() {
            prop_assert!(e.position() <= value.len());
        }
    }

    #[test]
    fn any_octets_are_safe(octets in vec(any::<u8>(), 0..300)) {
        let _ = ClaimedResults::parse(&octets);
        let _ = ClaimedResults::parse_arc(&octets);
        let _ = Domain::parse(&octets);
        let _ = Mailbox::parse(&octets);
        let _ = Mailbox::parse_path(&octets);
        let _ = Claims::of("a").with_arc().with_unnamed().remove(&octets);
    }

    #[test]
    fn no_claim_survives(header in header(), body in vec(any::<u8>(), 0..20)) {
        let message = [&header[..], b"\r\n\r\n", &body].concat();
        let claims = Claims::of("mx.example.org");
        let spans = claims.spans(&message);
        let cleaned = claims.remove(&message);

        let mut kept = Vec::new();
        let mut from = 0;
        for span in &spans {
            prop_assert!(from <= span.start && !span.is_empty());
            kept.extend_from_slice(Span::new(from, span.start).of(&message));
            from = span.end;
        }
        kept.extend_from_slice(Span::new(from, message.len()).of(&message));
        prop_assert_eq!(cleaned.as_ref(), &kept[..]);
        prop_assert!(cleaned.ends_with(&body));
        prop_assert!(claims.spans(&cleaned).is_empty(), "{:?}", String::from_utf8_lossy(&cleaned));

        // As our own reader sees it, and one that takes a bare CR for a line break.
        let with_lf = String::from_utf8_lossy(&cleaned).replace("\r\n", "\n").replace('\r', "\n").into_bytes();
        for reading in [cleaned.as_ref(), &with_lf] {
            let message = Message::parse(reading).unwrap();
            for field in message.root().fields().filter(|field| field.is("Authentication-Results")) {
                prop_assert!(!ours(ClaimedResults::parse(field.value_raw())), "{:?}", String::from_utf8_lossy(field.raw()));
            }
        }
    }

    #[test]
    fn a_claim_is_found_wherever_it_stands(before in vec("[A-Z]: [ -~]{0,20}(\r\n [!-~]{1,9})?", 0..4), result in method_result(),
        comment in text(), after in vec("[A-Z]: [ -~]{0,20}", 0..4)) {
        let field = AuthenticationResults::new("MX.example.org").with_comment(&comment).with_result(result).to_field();
        let lines = |fields: &[String]| fields.iter().map(|field| format!("{field}\r\n")).collect::<String>();
        let (before, after) = (lines(&before), lines(&after));
        let message = format!("{before}{field}{after}\r\n{field}");
        let spans = Claims::of("mx.example.org").spans(message.as_bytes());
        prop_assert_eq!(spans, [Span::new(before.len(), before.len() + field.len())]);
    }

    #[test]
    fn a_domain_reads_itself(name in "(xn--)?[a-zA-Z0-9_.ßéあ。-]{1,40}") {
        if let Ok(domain) = name.parse::<Domain>() {
            prop_assert_eq!(&domain.as_str().parse::<Domain>().unwrap(), &domain);
            prop_assert_eq!(&domain.to_unicode().parse::<Domain>().unwrap(), &domain);
            prop_assert!(domain.labels().all(|label| (1..=63).contains(&label.len())));
            prop_assert_eq!(domain.suffix(domain.label_count()), Some(domain.clone()));
            if let Some(parent) = domain.parent() {
                prop_assert!(domain.is_subdomain_of(&parent) && !parent.is_within(&domain));
                prop_assert_eq!(domain.suffix(domain.label_count() - 1), Some(parent));
            }
        }
    }

    #[test]
    fn a_mailbox_reads_itself(local in text(), ip in any::<std::net::IpAddr>()) {
        for host in [Host::Ip(ip), Host::Domain("example.org".parse().unwrap())] {
            let Ok(mailbox) = Mailbox::new(&local, host) else {
                prop_assert!(local.is_empty() || local.contains(char::is_control));
                continue;
            };
            let written = mailbox.to_string();
            prop_assert_eq!(&written.parse::<Mailbox>().unwrap(), &mailbox);
            prop_assert_eq!(Mailbox::parse_path(format!("<{written}>").as_bytes()).unwrap(), Some(mailbox));
        }
    }

    #[test]
    fn blocks_tile_what_is_not_blank(body in "([A-Z]{1,3} ?:| |\t|\r|\n|\r\n|;|\\(|é|[a-z]){0,60}") {
        let body = body.as_bytes();
        let mut from = 0;
        for block in Blocks::new(body) {
            let span = block.span();
            prop_assert!(from <= span.start && span.end <= body.len());
            prop_assert!(Span::new(from, span.start).of(body).trim_ascii().is_empty());
            let mut at = span.start;
            for entry in block.entries() {
                let entry = match entry {
                    Entry::Odd(span) => span,
                    Entry::Field(field) => {
                        let text = field.text();
                        prop_assert!(!text.contains(['\r', '\n']));
                        let _ = (field.without_comments(), field.typed().and_then(|typed| typed.mailbox()));
                        field.span()
                    }
                    _ => unreachable!(),
                };
                prop_assert_eq!(entry.start, at);
                at = entry.end;
            }
            prop_assert_eq!(at, span.end);
            from = span.end;
        }
        prop_assert!(Span::new(from, body.len()).of(body).trim_ascii().is_empty());
    }

    #[test]
    fn addresses_are_decoded(address in "[ -~éあ]{0,20}") {
        // RFC 3461 4: all but printable ASCII without "+" and "=" is escaped.
        let plain = |b: u8| b.is_ascii_graphic() && b != b'+' && b != b'=';
        let xtext: String = address.bytes().map(|b| if plain(b) { char::from(b).into() } else { format!("+{b:02X}") }).collect();
        prop_assert_eq!(decode_xtext(&xtext), address.as_str());
        // RFC 6533 3
        let plain = |c: char| c.is_ascii_graphic() && !"+=\\".contains(c);
        let escaped: String =
            address.chars().map(|c| if plain(c) { c.into() } else { format!("\\x{{{:02X}}}", u32::from(c)) }).collect();
        prop_assert_eq!(decode_utf8_address(&escaped), address.as_str());
    }
}
