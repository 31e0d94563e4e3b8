//! Arbitrary names and zones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use mailwright_dns::{Answers, Dns, Kind, MAX_NAME, Missing, Name, Txt, Zone, dnsbl};
use proptest::prelude::*;

fn labels() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..8)
}

/// Names of few and short labels, so that they meet.
fn small_name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "*", "C"]), 1..4)
        .prop_map(|labels| labels.join("."))
}

proptest! {
    #[test]
    fn text_reads_back(labels in labels()) {
        let name = Name::from_labels(&labels).unwrap();
        let again: Name = name.to_string().parse().unwrap();
        prop_assert!(again.labels().eq(labels.iter().map(Vec::as_slice)));
        prop_assert_eq!(again, name);
    }

    #[test]
    fn arbitrary_octets_make_a_name_or_an_error(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(name) = Name::new(&octets) {
            prop_assert!(name.text_len() <= MAX_NAME);
            let dotted = name.labels().collect::<Vec<_>>().join(&b'.');
            prop_assert!(octets.strip_suffix(b".").unwrap_or(&octets) == dotted);
        }
        let _ = String::from_utf8_lossy(&octets).parse::<Name>();
    }

    #[test]
    fn order_and_hash_agree_with_equality(one in labels(), flip in any::<u64>()) {
        let name = Name::from_labels(&one).unwrap();
        let other = Name::from_labels(one.iter().enumerate().map(|(at, label)| {
            if flip >> (at % 64) & 1 == 1 { label.to_ascii_uppercase() } else { label.to_ascii_lowercase() }
        })).unwrap();
        prop_assert_eq!(name, other);
        prop_assert_eq!(name.cmp(&other), std::cmp::Ordering::Equal);
        let set = std::collections::HashSet::from([name]);
        prop_assert!(set.contains(&other));
    }

    #[test]
    fn txt_parts_join(text in prop::collection::vec(any::<u8>(), 0..1000)) {
        let record = Txt::from_joined(&text);
        prop_assert_eq!(record.as_bytes(), &text);
        prop_assert_eq!(record.parts().collect::<Vec<_>>().concat(), text);
        prop_assert!(record.parts().all(|part| part.len() <= 255));
        prop_assert_eq!(Txt::from_parts(record.parts()).unwrap(), record);
    }

    /// RFC 8020: where a name exists, no ancestor is NXDOMAIN; RFC 4592: a name that was added never takes a wildcard's records.
    #[test]
    fn existence_goes_up(added in prop::collection::vec(small_name(), 1..6), asked in small_name()) {
        let mut zone = Zone::new();
        for text in &added {
            zone.add_txt(text, text.to_ascii_lowercase()).unwrap();
        }
        for text in &added {
            let name = Name::new(text).unwrap();
            let own = zone.txt(&name).unwrap();
            prop_assert!(own.iter().all(|txt| txt.as_bytes() == text.to_ascii_lowercase().as_bytes()));
            let mut above = name.parent();
            while let Some(name) = above {
                prop_assert_ne!(zone.a(&name), Err(Missing::NxDomain));
                above = name.parent();
            }
        }
        let asked = Name::new(&asked).unwrap();
        if zone.txt(&asked) == Err(Missing::NxDomain) {
            prop_assert_eq!(zone.txt(&asked.prepend("x").unwrap()), Err(Missing::NxDomain));
        }
    }

    #[test]
    fn aliases_always_end(links in prop::collection::vec((small_name(), small_name()), 0..12), asked in small_name()) {
        let mut zone = Zone::new();
        for (from, to) in &links {
            zone.add_cname(from, to).unwrap();
        }
        prop_assert!(zone.query(&Name::new(&asked).unwrap(), Kind::A).result.is_err());
    }

    #[test]
    fn dnsbl_names_hold_the_address(ip: std::net::IpAddr) {
        let zone = Name::new("bl.example").unwrap();
        let name = dnsbl::address_name(ip, &zone).unwrap();
        prop_assert!(name.is_within(&zone));
        let labels: Vec<String> = name.labels().map(|l| String::from_utf8_lossy(l).into_owned()).collect();
        let mut labels = labels[..labels.len() - 2].to_vec();
        labels.reverse();
        let read: std::net::IpAddr = match ip.to_canonical() {
            std::net::IpAddr::V4(_) => labels.join(".").parse().unwrap(),
            std::net::IpAddr::V6(_) => labels.concat().as_bytes().chunks(4)
                .map(|group| std::str::from_utf8(group).unwrap()).collect::<Vec<_>>().join(":").parse().unwrap(),
        };
        prop_assert_eq!(read, ip.to_canonical());
    }

    #[test]
    fn answers_never_invent(name in small_name()) {
        let answers = Answers::new();
        prop_assert_eq!(answers.a(&Name::new(&name).unwrap()), Err(Missing::Pending));
        prop_assert_eq!(answers.pending().len(), 1);
    }
}

#[cfg(feature = "zone")]
mod master_files {
    use super::*;
    use std::fmt::Write;

    type Written = Vec<(Name, Vec<Vec<u8>>)>;

    /// A text of entries that the reader must take, with what it must read from them.
    fn entries() -> impl Strategy<Value = (String, Written)> {
        let strings = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..4);
        prop::collection::vec(
            (labels().prop_filter("no root", |l| !l.is_empty()), strings, any::<bool>()),
            1..6,
        )
        .prop_map(|records| {
            let (mut text, mut read) = (String::new(), Vec::new());
            for (labels, strings, folded) in records {
                let name = Name::from_labels(&labels).unwrap();
                write!(text, "{name}. IN TXT").unwrap();
                text.push_str(if folded { " (\n" } else { "" });
                for string in &strings {
                    text.push_str(" \"");
                    for &octet in string {
                        match octet {
                            b'"' | b'\\' => write!(text, "\\{}", char::from(octet)).unwrap(),
                            0x20..=0x7e => text.push(char::from(octet)),
                            _ => write!(text, "\\{octet:03}").unwrap(),
                        }
                    }
                    text.push_str(if folded { "\" ; and \"so on\n" } else { "\"" });
                }
                text.push_str(if folded { ") ; the end\r\n" } else { "\n" });
                read.push((name, strings));
            }
            (text, read)
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read((text, read) in entries()) {
            let zone = Zone::parse(&text, &Name::ROOT).unwrap();
            for (name, strings) in read {
                let found = zone.txt(&name).unwrap();
                prop_assert!(found.iter().any(|txt| txt.parts().eq(strings.iter().map(Vec::as_slice))), "{}", text);
            }
        }

        #[test]
        fn arbitrary_texts_never_panic(text in "[a-c@$. \\t\\n\"();\\\\0-9]{0,80}|(\\$ORIGIN |\\$TTL |a|@| |\\n|IN |A |TXT |MX |10 |1\\.2\\.3\\.4|\"|\\(|\\)|\\\\|;){0,30}") {
            let _ = Zone::parse(text, &Name::ROOT);
        }
    }
}

mod messages {
    use super::*;
    use mailwright_dns::Question;
    use mailwright_dns::message::{Case, Reply, query, reply};

    proptest! {
        #[test]
        fn arbitrary_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..300), id: u16) {
            let question = Question::new(Name::new("example.com").unwrap(), Kind::Mx);
            let _ = reply(&question, id, Case::Ignored, &octets);
        }

        /// A reply that begins well goes on with anything.
        #[test]
        fn arbitrary_sections_never_panic(
            labels in labels(),
            tail in prop::collection::vec(any::<u8>(), 0..200),
            counts in prop::array::uniform3(0u8..4),
            kind in prop::sample::select(&Kind::ALL),
            id: u16,
        ) {
            let question = Question::new(Name::from_labels(&labels).unwrap(), kind);
            let mut octets = query(&question, id, None).unwrap();
            octets[2] |= 0x80;
            (octets[7], octets[9], octets[11]) = (counts[0], counts[1], counts[2]);
            octets.extend(tail);
            let read = reply(&question, id, Case::Exact, &octets);
            prop_assert_ne!(&read, &Reply::Foreign);
            // One bit of the id, and it is not ours.
            prop_assert_eq!(reply(&question, id ^ 1, Case::Exact, &octets), Reply::Foreign);
        }
    }
}
