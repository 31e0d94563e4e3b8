//! Whatever the headers say.

use std::collections::HashSet;

use mailwright_threading::view::{Card, Folds, View};
use mailwright_threading::{
    Algorithm, Forest, Guard, Header, IdMode, Ids, Limits, Merge, Options, SubjectPolicy, SubjectRules,
    base_subject, quote, sent_date, thread,
};
use proptest::prelude::*;

/// The values of one message.
#[derive(Clone, Debug)]
struct Mail {
    message_id: Vec<u8>,
    in_reply_to: Vec<u8>,
    references: Vec<u8>,
    subject: Vec<u8>,
    from: Vec<u8>,
    sent: Option<i64>,
    thread_index: Vec<u8>,
    gmail_thread: Vec<u8>,
}

impl Mail {
    fn header(&self) -> Header<'_> {
        Header {
            message_id: &self.message_id,
            in_reply_to: &self.in_reply_to,
            references: &self.references,
            subject: &self.subject,
            from: &self.from,
            sent: self.sent,
            thread_index: &self.thread_index,
            gmail_thread: &self.gmail_thread,
            ..Header::default()
        }
    }
}

/// Ids of few messages, so that they meet, in ways that contradict each other.
fn ids(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..12_u8, 0..=most)
        .prop_map(|ids| ids.iter().map(|id| format!("<{id}@x> ")).collect::<String>().into_bytes())
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[<>@\"()\\[\\] a:\\\\.=?]{0,40}".prop_map(String::into_bytes)
    ]
}

fn subject() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "((Re|Fwd|AW|\\[x\\]|\\[fwd)[:\\] ]){0,4}[ab]?( \\(fwd\\))?\\]?".prop_map(String::into_bytes),
        octets()
    ]
}

fn mail() -> impl Strategy<Value = Mail> {
    let index = prop_oneof![
        Just(Vec::new()),
        Just(b"AcYPMFk9AAAAAAAAAAAAAAAAAAAAAA==".to_vec()),
        Just(b"AcYPMFk9AAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_vec()),
        octets()
    ];
    let texts = (subject(), octets(), index, prop_oneof![Just(Vec::new()), Just(b"1".to_vec()), octets()]);
    let links = (prop_oneof![ids(1), octets()], prop_oneof![ids(2), octets()], prop_oneof![ids(6), octets()]);
    (links, texts, prop::option::of(0..4_i64)).prop_map(|(links, texts, sent)| Mail {
        message_id: links.0,
        in_reply_to: links.1,
        references: links.2,
        subject: texts.0,
        from: texts.1,
        thread_index: texts.2,
        gmail_thread: texts.3,
        sent,
    })
}

fn options() -> impl Strategy<Value = Options> {
    let algorithm =
        prop_oneof![Just(Algorithm::References), Just(Algorithm::Refs), Just(Algorithm::OrderedSubject)];
    let guard = (any::<bool>(), any::<bool>(), prop::option::of(0..3_u64))
        .prop_map(|(reply, participants, window)| Guard { reply, participants, window });
    let merge = prop_oneof![Just(Merge::Never), Just(Merge::Always), guard.prop_map(Merge::Guarded)];
    let rules = prop_oneof![Just(SubjectRules::rfc5256()), Just(SubjectRules::default())];
    let ids = prop_oneof![Just(IdMode::Repair), Just(IdMode::Dovecot)];
    (algorithm, merge, rules, ids, any::<(bool, bool, bool)>(), 1..5_usize).prop_map(
        |(algorithm, merge, rules, ids, (split, thread_index, gmail_thread), most)| Options {
            algorithm,
            ids,
            subject: SubjectPolicy { rules, merge, split },
            thread_index,
            gmail_thread,
            limits: Limits { ids: most, ..Limits::default() },
        },
    )
}

/// Whether each message is in the forest once, by the walk from the roots and by the way up to them.
fn is_whole(forest: &Forest, count: usize) -> Result<(), TestCaseError> {
    let walked: Vec<usize> = forest.walk().filter_map(|visit| forest.message(visit.node)).collect();
    prop_assert_eq!(walked.len(), count);
    prop_assert_eq!(walked.iter().collect::<HashSet<_>>().len(), count);
    prop_assert!(walked.iter().all(|message| *message < count));
    let roots: HashSet<_> = forest.roots().iter().collect();
    prop_assert_eq!(roots.len(), forest.roots().len());
    for node in (0..count).filter_map(|message| forest.node_of(message)) {
        let mut above: Vec<_> = forest.ancestors(node).take(count + 2).collect();
        prop_assert!(above.len() <= count, "a loop");
        above.insert(0, node);
        prop_assert!(above.last().is_some_and(|top| roots.contains(top)));
    }
    // a missing root is at the top and holds several
    for root in forest.roots().iter().filter(|root| forest.message(**root).is_none()) {
        prop_assert!(forest.children(*root).count() >= 1);
        prop_assert!(forest.children(*root).all(|child| forest.message(child).is_some()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn every_message_is_there_once(mails in prop::collection::vec(mail(), 0..30), options in options()) {
        let forest = thread(mails.iter().map(Mail::header), &options).map_err(|e| TestCaseError::fail(e.to_string()))?;
        is_whole(&forest, mails.len())?;
        let imap = forest.to_imap().to_string();
        let mut numbers: Vec<usize> = imap
            .split(|character: char| !character.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        numbers.sort_unstable();
        prop_assert!(numbers.into_iter().eq(1..=mails.len()), "{}", imap);
        prop_assert_eq!(imap.matches('(').count(), imap.matches(')').count());
    }

    #[test]
    fn a_page_has_no_markup_of_a_header(mails in prop::collection::vec(mail(), 0..10)) {
        let forest = thread(mails.iter().map(Mail::header), &Options::default())
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        let mut cards: Vec<Card> = mails.iter().zip(0..).map(|(mail, key)| Card::of(&mail.header(), key)).collect();
        let folds = Folds::default();
        let elements = |cards: &[Card]| View::new(&forest, cards, &folds).to_html("t").to_string().matches('<').count();
        let ours = elements(&cards);
        // each by another one, so that what was equal stays so and nothing else becomes so
        let harmless = |character: char| match character {
            '<' => '\u{e000}',
            '>' => '\u{e001}',
            '&' => '\u{e002}',
            '"' => '\u{e003}',
            other => other,
        };
        for card in &mut cards {
            card.from = card.from.chars().map(harmless).collect();
            card.subject = card.subject.chars().map(harmless).collect();
        }
        prop_assert_eq!(ours, elements(&cards));
    }

    #[test]
    fn base_subjects_are_their_own_bases(value in subject()) {
        for rules in [SubjectRules::rfc5256(), SubjectRules::default()] {
            let (base, key) = (rules.base(&value), rules.key(&value));
            prop_assert!(base.text.chars().count() <= value.len().max(1) * 4);
            prop_assert_eq!(key.text.is_empty(), rules.key(&value).text.is_empty());
        }
        // what is decoded once must not look like an encoded word again
        let base = base_subject(&value).text.into_owned();
        prop_assume!(!base.contains("=?"));
        prop_assert_eq!(base_subject(base.as_bytes()).text, base.as_str());
    }

    #[test]
    fn any_octets_are_read(value in prop::collection::vec(any::<u8>(), 0..200), width in 0..50_usize) {
        for mode in [IdMode::Repair, IdMode::Dovecot] {
            let octets: usize = Ids::new(&value, mode).map(|id| id.len()).sum();
            prop_assert!(octets <= value.len());
            let _ = sent_date(&value, mode);
        }
        let text = String::from_utf8_lossy(&value);
        prop_assert_eq!(quote::lines(&text).len(), text.lines().count());
        prop_assert!(quote::snippet(&text, width).chars().count() <= width + 1);
        let _ = quote::unflow(&text, true);
    }

    #[test]
    fn the_order_of_rfc_5256_is_that_of_the_dates(mails in prop::collection::vec(mail(), 1..20)) {
        let forest = thread(mails.iter().map(Mail::header), &Options::dovecot(Algorithm::References))
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        let date = |node| forest.message(node).map(|message| (mails.get(message).and_then(|mail| mail.sent).unwrap_or(0), message));
        for visit in forest.walk() {
            let dates: Vec<_> = forest.children(visit.node).map(date).collect();
            prop_assert!(dates.is_sorted());
        }
    }
}
