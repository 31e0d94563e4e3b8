//! Records.

use mailwright_spf::{Record, lint};
use proptest::prelude::*;

use crate::world;

proptest! {
    #[test]
    fn what_is_written_reads_back(text in world::text()) {
        let record = Record::parse(text.as_bytes()).unwrap();
        let written = record.to_string();
        let again = Record::parse(written.as_bytes()).unwrap();
        let kinds = |record: &Record<'_>| record.terms().map(|term| format!("{:?}", term.kind)).collect::<Vec<_>>();
        prop_assert_eq!(kinds(&record), kinds(&again));
        // What was written once is written the same again, octet for octet.
        prop_assert_eq!(again.to_string(), written);
    }

    #[test]
    fn words_near_the_grammar_are_read_or_refused_at_their_place(
        words in prop::collection::vec("[-+~?]?(a|mx|ip4|ip6|ptr|all|exists|include|redirect|exp|x)[:=/]?[-a-z0-9.:/%{}_]{0,12}", 0..6)
    ) {
        let text = format!("v=spf1 {}", words.join(" "));
        match Record::parse(text.as_bytes()) {
            Ok(record) => {
                prop_assert_eq!(record.terms().count(), words.len());
                for (term, word) in record.terms().zip(&words) {
                    prop_assert_eq!(term.text, word);
                    prop_assert_eq!(text.get(term.span.start..term.span.end), Some(word.as_str()));
                }
                prop_assert!(Record::parse(record.to_string().as_bytes()).is_ok());
            }
            Err(error) => prop_assert!((6..=text.len()).contains(&error.position())),
        }
    }

    #[test]
    fn arbitrary_octets_do_no_harm(mut octets in prop::collection::vec(any::<u8>(), 0..300), spf in any::<bool>()) {
        if spf {
            octets.splice(0..0, *b"v=spf1 ");
        }
        let _ = Record::parse(&octets);
        for finding in lint(&octets) {
            prop_assert!(finding.span.end <= octets.len().max(finding.span.start));
            prop_assert!(!finding.to_string().is_empty());
        }
    }
}
