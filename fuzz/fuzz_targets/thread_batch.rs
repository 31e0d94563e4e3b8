//! A mailbox of any headers: every message is in the forest once, whatever the options, and all output can be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_threading::output::jmap;
use mailwright_threading::view::{Card, Folds, View};
use mailwright_threading::{Algorithm, Header, IdMode, Options, SubjectPolicy, thread};

// Messages are divided by a line of `%`; each is a header.
fuzz_target!(|data: &[u8]| {
    let text: Vec<&[u8]> = data.split(|octet| *octet == b'%').collect();
    for algorithm in [Algorithm::References, Algorithm::Refs, Algorithm::OrderedSubject] {
        for options in [
            Options::dovecot(algorithm),
            Options { algorithm, ..Options::default() },
            Options {
                algorithm,
                subject: SubjectPolicy { split: true, ..SubjectPolicy::default() },
                ..Options::default()
            },
        ] {
            check(&text, &options);
        }
    }
});

fn check(text: &[&[u8]], options: &Options) {
    let mode: IdMode = options.ids;
    let headers: Vec<Header<'_>> = text.iter().map(|raw| Header::read(raw, 0, mode)).collect();
    let forest = thread(headers.iter().copied(), options).expect("few messages");
    let mut seen = vec![false; headers.len()];
    for visit in forest.walk() {
        if let Some(message) = forest.message(visit.node) {
            assert!(!std::mem::replace(&mut seen[message], true), "twice");
        }
    }
    assert!(seen.iter().all(|seen| *seen), "lost");
    let cards: Vec<Card> = headers.iter().zip(0..).map(|(header, key)| Card::of(header, key)).collect();
    let folds = Folds::default();
    let view = View::new(&forest, &cards, &folds);
    let _ = (view.to_text(80).to_string(), view.to_html("t").to_string(), view.to_dot().to_string());
    assert_eq!(jmap(&forest, |_| 0, |message| message.to_string()).len(), forest.roots().len());
}
