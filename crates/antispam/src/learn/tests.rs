use super::*;
use crate::store::MemoryStore;

const ALL: Scope = Scope::Shared;

fn learner() -> Learner<MemoryStore> {
    Learner::new(Key::default(), MemoryStore::new())
}

fn letter(n: u32) -> (Vec<u8>, Class) {
    let class = if n.is_multiple_of(3) { Class::Spam } else { Class::Ham };
    let word = if class == Class::Spam { "money" } else { "lunch" };
    (
        format!(
            "Subject: {word} {}\r\nMessage-ID: <{n}@example.org>\r\n\r\n{word} word{} x{n}\r\n",
            n % 7,
            n % 5
        )
        .into(),
        class,
    )
}

fn train(learner: &mut Learner<MemoryStore>, n: u32) {
    let (raw, class) = letter(n);
    let message = Message::parse(&raw).unwrap();
    assert_eq!(learner.train(&message, class, &ALL).unwrap(), Trained::New);
}

fn untrain(learner: &mut Learner<MemoryStore>, n: u32) -> Option<TakenBack> {
    let (raw, _) = letter(n);
    learner.untrain(&Message::parse(&raw).unwrap(), &ALL).unwrap()
}

#[test]
fn what_is_taken_back_was_never_there() {
    let (mut with, mut without) = (learner(), learner());
    for n in 0..530 {
        train(&mut with, n);
        if !matches!(n, 300 | 529) {
            train(&mut without, n);
        }
    }
    assert_eq!(untrain(&mut with, 529), Some(TakenBack::Exactly));
    assert_eq!(untrain(&mut with, 300), Some(TakenBack::Exactly));
    assert_eq!(untrain(&mut with, 300), None);
    assert!(with.export() == without.export());
    // Longer ago than is kept.
    assert_eq!(untrain(&mut with, 1), Some(TakenBack::CountsOnly));
}

#[test]
fn another_class_replaces() {
    let (mut one, mut other) = (learner(), learner());
    (0..5).for_each(|n| train(&mut one, n));
    [0, 1, 3, 4].into_iter().for_each(|n| train(&mut other, n));
    let (raw, class) = letter(2);
    let message = Message::parse(&raw).unwrap();
    let relabelled = one.train(&message, class.other(), &ALL).unwrap();
    assert_eq!(relabelled, Trained::Relabelled(TakenBack::Exactly));
    assert_eq!(one.train(&message, class.other(), &ALL).unwrap(), Trained::Already);
    other.train(&message, class.other(), &ALL).unwrap();
    assert!(one.export() == other.export());
}

#[test]
fn a_user_moves_counts_alone() {
    let mut learner = learner();
    (0..10).for_each(|n| train(&mut learner, n));
    let (raw, class) = letter(1);
    let message = Message::parse(&raw).unwrap();
    let zoe = Scope::User("zoe".to_owned());
    let before = learner.opinion(&message, &ALL).unwrap();
    learner.train(&message, class.other(), &zoe).unwrap();
    assert_eq!(learner.opinion(&message, &ALL).unwrap(), before);
    let hers = learner.opinion(&message, &zoe).unwrap();
    assert!(hers.bayes > before.bayes && hers.vector == before.vector);
    assert_eq!((hers.learned.spam, before.learned.spam), (5, 4));
}

#[test]
fn reasons_are_given() {
    let mut learner = learner();
    (0..60).for_each(|n| train(&mut learner, n));
    let message = Message::parse(b"Subject: money\r\n\r\nmoney lunch\r\n").unwrap();
    let opinion = learner.explain(&message, &ALL).unwrap();
    let of = |token: &str| opinion.tokens.iter().find(|evidence| evidence.token == token).unwrap().log_odds;
    assert!(of("money") > 0.0 && of("subject:money") > 0.0 && of("lunch") < 0.0);
    assert!(opinion.tokens.is_sorted_by(|one, other| one.log_odds.abs() >= other.log_odds.abs()));
    assert!(!opinion.is_ready());
    let finding = opinion.findings().next().unwrap();
    assert_eq!(finding.detail, "learned 40 of 50 ham and 20 of 50 spam");
    (60..200).for_each(|n| train(&mut learner, n));
    let opinion = learner.opinion(&message, &ALL).unwrap();
    let finding = opinion.findings().next().unwrap();
    assert!(opinion.is_spam() && finding.rule == "CONTENT" && finding.score > 0.0);
}
