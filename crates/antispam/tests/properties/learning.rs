//! Content, learning, models.

use mailwright_antispam::content::{Extractor, Key, View};
use mailwright_antispam::learn::{Learner, Opinion, TakenBack, Trained};
use mailwright_antispam::store::{MemoryStore, Scope};
use mailwright_antispam::{Class, html::Html};
use mailwright_message_model::Message;
use proptest::prelude::*;

const ALL: Scope = Scope::Shared;

/// Letters of few words, so that features recur, and arbitrary octets between them.
fn letter() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("free"),
        Just("money"),
        Just("lunch"),
        Just("noon"),
        Just("<b>"),
        Just("</b>"),
        Just("<a href=http://x.example/>"),
        Just("\u{200b}"),
        Just("日本"),
        Just("&#102;"),
        Just("=?utf-8?q?a?="),
        Just("\r\n"),
        Just("\r\n\r\n"),
    ];
    let html = prop_oneof![
        Just(""),
        Just("Content-Type: text/html\r\n"),
        Just("Content-Transfer-Encoding: base64\r\n")
    ];
    (html, prop::collection::vec(word, 0..20), prop::collection::vec(any::<u8>(), 0..40)).prop_map(
        |(html, words, tail)| {
            let mut raw =
                format!("Subject: {}\r\n{html}\r\n", words.first().copied().unwrap_or_default()).into_bytes();
            raw.extend_from_slice(words.join(" ").as_bytes());
            raw.extend_from_slice(&tail);
            raw
        },
    )
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![Just(Class::Ham), Just(Class::Spam)]
}

fn trained(letters: &[(Vec<u8>, Class)]) -> Learner<MemoryStore> {
    let mut learner = Learner::new(Key::new([5; 16]), MemoryStore::new());
    for (raw, class) in letters {
        learner.train(&Message::parse(raw).unwrap(), *class, &ALL).unwrap();
    }
    learner
}

fn bits(opinion: &Opinion) -> [u64; 4] {
    [opinion.log_odds, opinion.bayes, opinion.logistic, opinion.vector].map(f64::to_bits)
}

fn opinions(learner: &mut Learner<MemoryStore>, letters: &[(Vec<u8>, Class)]) -> Vec<[u64; 4]> {
    let mut of = |raw: &[u8]| bits(&learner.opinion(&Message::parse(raw).unwrap(), &ALL).unwrap());
    letters.iter().map(|(raw, _)| of(raw)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn arbitrary_octets_are_judged(raw in prop::collection::vec(any::<u8>(), 0..3_000), letters in prop::collection::vec((letter(), class()), 0..4)) {
        let mut learner = trained(&letters);
        let message = Message::parse(&raw).unwrap();
        let opinion = learner.explain(&message, &ALL).unwrap();
        prop_assert!(opinion.log_odds.is_finite() && (0.0..=1.0).contains(&opinion.probability()));
        prop_assert_eq!(bits(&opinion), bits(&trained(&letters).opinion(&message, &ALL).unwrap()));
    }

    #[test]
    fn what_is_taken_back_changes_nothing(letters in prop::collection::vec((letter(), class()), 1..8), other in letter(), class in class()) {
        let mut learner = trained(&letters);
        let before = opinions(&mut learner, &letters);
        let octets = learner.export();
        let message = Message::parse(&other).unwrap();
        if learner.train(&message, class, &ALL).unwrap() == Trained::New {
            prop_assert_eq!(learner.untrain(&message, &ALL).unwrap(), Some(TakenBack::Exactly));
            prop_assert!(learner.export() == octets);
        }
        prop_assert_eq!(opinions(&mut trained(&letters), &letters), before);
    }

    #[test]
    fn any_message_is_taken_back_as_if_it_had_not_been(letters in prop::collection::vec((letter(), class()), 1..8), at in any::<prop::sample::Index>()) {
        let mut learner = trained(&letters);
        let gone = at.get(&letters).0.clone();
        learner.untrain(&Message::parse(&gone).unwrap(), &ALL).unwrap();
        let rest: Vec<_> = letters.iter().filter(|(raw, _)| *raw != gone).cloned().collect();
        prop_assert!(learner.export() == trained(&rest).export());
    }

    #[test]
    fn models_travel(letters in prop::collection::vec((letter(), class()), 0..8), more in letter(), class in class()) {
        let mut learner = trained(&letters);
        let mut other = Learner::import(&learner.export()).unwrap();
        prop_assert_eq!(opinions(&mut learner, &letters), opinions(&mut other, &letters));
        let message = Message::parse(&more).unwrap();
        prop_assert_eq!(learner.train(&message, class, &ALL).is_ok(), other.train(&message, class, &ALL).is_ok());
        prop_assert!(learner.export() == other.export());
    }

    #[test]
    fn arbitrary_models_are_refused_or_read(mut octets in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        prop_assert!(Learner::import(&octets).is_err());
        octets.splice(0..0, *b"mailwright spam\n\x01");
        prop_assert!(Learner::import(&octets).is_err());
        let mut model = trained(&[(b"Subject: a\r\n\r\nb".to_vec(), Class::Ham)]).export();
        let at = at.index(model.len());
        let before = std::mem::replace(&mut model[at], octet);
        prop_assert_eq!(Learner::import(&model).is_ok(), before == octet);
    }
}

proptest! {
    #[test]
    fn html_ends_and_is_bounded(source in "[<>/a-c =\"'!\\-&#;\\s]{0,400}") {
        let html = Html::read(&source);
        prop_assert!(html.visible.len() <= 2 * source.len() + 2);
    }

    #[test]
    fn features_are_sets(raw in letter()) {
        let message = Message::parse(&raw).unwrap();
        let mut extractor = Extractor::new(Key::default());
        let features = extractor.features(&message);
        for view in View::ALL {
            let mut slots = features.view(view).to_vec();
            slots.sort_unstable();
            slots.dedup();
            prop_assert_eq!(slots.len(), features.view(view).len());
        }
        prop_assert_eq!(extractor.features(&message), features);
    }
}
