//! Addresses, message identifiers, dates, lists and trace fields: no octets break them, and what is written is read.

use mailwright_message_model::address::{AddressList, MAX_ENTRIES};
use mailwright_message_model::date::{DateTime, MAX_OFFSET_MINUTES};
use mailwright_message_model::message_id::{MessageId, MessageIds};
use mailwright_message_model::phrases::Phrases;
use mailwright_message_model::received::Received;
use proptest::prelude::*;

/// Octets with many of those that mean something in these fields.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let special = prop::sample::select(&b"<>()[]\"\\,;:@.=?- \t\r\n+0159aTZ"[..]);
    let word = prop::sample::select(vec![
        &b"=?utf-8?q?a?="[..],
        b"=?utf-8?b?",
        b"?=",
        b"a@b.example",
        b" from ",
        b" by ",
        b" id ",
        b" with ESMTP ",
        b"\r\n ",
        b"1 Jan 2003 10:00:00 ",
        b"2003-01-01T10:00Z",
        b"-9223372036854775808",
    ]);
    let piece = prop_oneof![
        5 => special.prop_map(|b| vec![b]),
        2 => word.prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|b| vec![b]),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_panics_and_spans_lie_in_the_value(value in hostile()) {
        let list = AddressList::parse(&value);
        for address in list.addresses() {
            for span in [Some(address.span()), address.name_span(), address.addr_span()].into_iter().flatten() {
                prop_assert!(span.start <= span.end && span.end <= value.len());
            }
            // line breaks of the field must not get out; what an encoded word hides is its own affair
            prop_assert!(!address.written().contains(['\r', '\n']));
            if !value.contains(&b'?') {
                let name = address.name_with_comments();
                prop_assert!(name.is_none_or(|name| !name.contains(['\r', '\n'])));
            }
            prop_assert!(address.addr().len() <= address.written().len());
        }
        let grouped: usize = list.groups().map(|group| group.addresses().len()).sum();
        prop_assert_eq!(grouped, list.addresses().len());
        prop_assert!(list.addresses().len() <= MAX_ENTRIES);

        for id in MessageIds::parse(&value) {
            prop_assert!(!id.as_bytes().is_empty());
            let compact = id.compact();
            prop_assert_eq!(MessageId::new(&compact).compact(), compact.clone());
        }
        prop_assert!(Phrases::parse(&value).count() <= value.len());
        let _ = Received::parse(&value);
        if let Some(date) = DateTime::parse(&value) {
            prop_assert!((1900..=9999).contains(&date.year()));
        }
    }

    #[test]
    fn dates_written_are_read(seconds in -2_208_988_800_i64..253_402_300_000, offset in -MAX_OFFSET_MINUTES..=MAX_OFFSET_MINUTES) {
        let date = DateTime::from_unix(seconds, offset);
        prop_assume!(date.is_some_and(|date| date.year() >= 1900));
        let date = date.unwrap();
        prop_assert_eq!(date.to_unix(), seconds);
        prop_assert_eq!(DateTime::parse(date.to_string().as_bytes()), Some(date));
        let again = DateTime::parse(date.rfc3339().to_string().as_bytes());
        prop_assert_eq!(again.filter(|d| d.year() >= 1900).map(|d| d.to_unix()), Some(seconds));
        let folded = date.to_string().replace(' ', "\r\n (a (b) \\) c) ");
        prop_assert_eq!(DateTime::parse(folded.as_bytes()), Some(date));
    }

    #[test]
    fn order_of_dates_is_by_instant(a in 0_i64..10_000, b in 0_i64..10_000, x in -1440_i16..1440, y in -1440_i16..1440) {
        let (first, second) = (DateTime::from_unix(a, x).unwrap(), DateTime::from_unix(b, y).unwrap());
        prop_assert_eq!(first.cmp(&second), (a, x).cmp(&(b, y)));
    }

    #[test]
    fn identifiers_written_are_read(
        ids in prop::collection::vec("[!#-;=?A-~]{1,20}@[a-z.]{1,10}", 1..8),
        between in prop::sample::select(vec!["", " ", "\r\n\t", ", ", " (Joe's) "]),
    ) {
        let value: Vec<String> = ids.iter().map(|id| format!("<{id}>")).collect();
        let value = value.join(between);
        let read: Vec<_> = MessageIds::parse(value.as_bytes()).map(|id| id.to_str_lossy().into_owned()).collect();
        prop_assert_eq!(read, ids);
    }

    #[test]
    fn addresses_written_are_read(
        entries in prop::collection::vec(("[a-zA-Z ,;:<>@.()äß]{0,15}[a-z]", "[a-z.+]{1,10}@[a-z]{1,5}\\.example"), 1..8),
        fold in prop::sample::select(vec![", ", ",\r\n ", ",,", ", (c) "]),
    ) {
        let value: Vec<String> = entries.iter().map(|(name, addr)| format!("\"{name}\" <{addr}>")).collect();
        let value = value.join(fold);
        let list = AddressList::parse(value.as_bytes());
        let read: Vec<_> = list.mailboxes().map(|a| (a.name().unwrap_or_default().to_owned(), a.addr().to_owned())).collect();
        prop_assert_eq!(read, entries);
        prop_assert!(!list.has_groups());
    }

    #[test]
    fn items_written_are_read(items in prop::collection::vec("[a-z][a-z ,\\\\\"]{0,10}[a-z]", 1..8)) {
        let quoted = |item: &String| format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\""));
        let value = items.iter().map(quoted).collect::<Vec<_>>().join(",\r\n ");
        let read: Vec<_> = Phrases::parse(value.as_bytes()).collect();
        prop_assert_eq!(read, items);
    }

    #[test]
    fn trace_fields_written_are_read(id in "[a-zA-Z0-9][a-zA-Z0-9/-]{3,15}[a-zA-Z]", seconds in 0_i64..4_000_000_000, ip in any::<[u8; 4]>()) {
        let date = DateTime::from_unix(seconds, 60).unwrap();
        let ip = std::net::Ipv4Addr::from(ip);
        let value = format!("from a.example (a.example [{ip}])\r\n\tby b.example (P) with ESMTPS id <{id}@x>\r\n\tfor <c@d.example>; {date}");
        let hop = Received::parse(value.as_bytes());
        prop_assert_eq!(hop.date, Some(date));
        prop_assert_eq!(hop.from_ip, Some(ip.into()));
        prop_assert_eq!(hop.id.as_deref(), Some(&*format!("{id}@x")));
        prop_assert_eq!(hop.for_.as_deref(), Some("c@d.example"));
    }
}
