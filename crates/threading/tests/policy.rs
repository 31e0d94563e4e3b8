//! What the options do.

use mailwright_threading::{
    Algorithm, Guard, Header, Merge, Options, Rule, SubjectPolicy, SubjectRules, thread,
};

const DAY: i64 = 86_400;

fn mail<'a>(id: &'a str, references: &'a str, subject: &'a str, sent: i64) -> Header<'a> {
    Header {
        message_id: id.as_bytes(),
        references: references.as_bytes(),
        subject: subject.as_bytes(),
        sent: Some(sent),
        from: b"Zoe <zoe@example.org>",
        ..Header::default()
    }
}

fn imap(messages: &[Header<'_>], options: &Options) -> String {
    thread(messages.iter().copied(), options).map_or_else(|e| e.to_string(), |f| f.to_imap().to_string())
}

fn merging(merge: Merge) -> Options {
    Options { subject: SubjectPolicy { merge, ..SubjectPolicy::default() }, ..Options::default() }
}

#[test]
fn machine_mail_of_one_subject_stays_apart_and_lost_replies_come_back() {
    let messages = [
        mail("<1@a>", "", "backup done", 0),
        mail("<2@a>", "", "backup done", DAY),
        mail("<3@a>", "", "AW: backup done", 2 * DAY),
        mail("<4@a>", "", "Re: backup done", 100 * DAY),
        Header { from: b"x@example.net", ..mail("<5@a>", "", "Re: backup done", 3 * DAY) },
    ];
    assert_eq!(imap(&messages, &Options::default()), "(1)(2 3)(5)(4)");
    assert_eq!(imap(&messages, &merging(Merge::Never)), "(1)(2)(3)(5)(4)");
    assert_eq!(imap(&messages, &merging(Merge::Always)), "((1)(2)(3)(5)(4))");
    let no_window = Guard { window: None, ..Guard::default() };
    assert_eq!(imap(&messages, &merging(Merge::Guarded(no_window))), "(1)(2 (3)(4))(5)");
    let anyone = Guard { participants: false, ..Guard::default() };
    assert_eq!(imap(&messages, &merging(Merge::Guarded(anyone))), "(1)(2 (3)(5))(4)");
    // RFC 5256 knows no AW
    let rfc = Options::dovecot(Algorithm::References);
    assert_eq!(imap(&messages[..3], &rfc), "((1)(2))(3)");
}

#[test]
fn two_lost_replies_are_siblings() {
    let messages =
        [mail("<1@a>", "", "Re: x", 0), mail("<2@a>", "", "Re: x", 1), mail("<3@a>", "<1@a>", "Re: x", 2)];
    assert_eq!(imap(&messages, &Options::default()), "((1 3)(2))");
}

#[test]
fn a_new_subject_splits_where_that_is_wanted() {
    let messages = [
        mail("<1@a>", "", "lunch", 0),
        mail("<2@a>", "<1@a>", "Re: lunch", 1),
        mail("<3@a>", "<1@a> <2@a>", "dinner (was: lunch)", 2),
        mail("<4@a>", "<1@a> <2@a> <3@a>", "Re: dinner (was: lunch)", 3),
    ];
    assert_eq!(imap(&messages, &Options::default()), "(1 2 3 4)");
    let policy = SubjectPolicy { split: true, ..SubjectPolicy::default() };
    let options = Options { subject: policy, ..Options::default() };
    let forest = thread(messages, &options).unwrap();
    assert_eq!(forest.to_imap().to_string(), "(1 2)(3 4)");
    assert_eq!(forest.rule(2), Rule::Split);
    assert_eq!(forest.rule(3), Rule::References);
}

#[test]
fn exchange_and_gmail_say_where() {
    // 22 octets of the conversation, and 5 more for the reply
    let first = Header { thread_index: b"AcYPMFk9AAAAAAAAAAAAAAAAAAAAAA==", ..mail("<1@a>", "", "a", 0) };
    let reply = Header { thread_index: b"AcYPMFk9AAAAAAAAAAAAAAAAAAAAAAAAAAAA", ..mail("<2@a>", "", "b", 1) };
    let forest = thread([first, reply], &Options::default()).unwrap();
    assert_eq!((forest.to_imap().to_string().as_str(), forest.rule(1)), ("(1 2)", Rule::ThreadIndex));
    assert_eq!(imap(&[first, reply], &Options::dovecot(Algorithm::References)), "(1)(2)");

    let gmail = |mail| Header { gmail_thread: b"1266894439832287888", ..mail };
    let messages =
        [gmail(mail("<1@a>", "", "a", 0)), mail("<2@a>", "", "b", 1), gmail(mail("<3@a>", "<4@a>", "c", 2))];
    assert_eq!(imap(&messages, &Options::default()), "(1 3)(2)");
}

#[test]
fn a_hint_that_contradicts_references_makes_no_loop() {
    let first = Header { thread_index: b"AcYPMFk9AAAAAAAAAAAAAAAAAAAAAAAAAAAA", ..mail("<1@a>", "", "a", 0) };
    let second =
        Header { thread_index: b"AcYPMFk9AAAAAAAAAAAAAAAAAAAAAA==", ..mail("<2@a>", "<1@a>", "a", 1) };
    assert_eq!(imap(&[first, second], &Options::default()), "(1 2)");
}

#[test]
fn refs_puts_the_newest_thread_last() {
    let at = |arrived, mail| Header { arrived, ..mail };
    let messages = [
        at(1, mail("<1@a>", "", "a", 0)),
        at(2, mail("<2@a>", "", "a", 0)),
        at(3, mail("<3@a>", "<1@a>", "a", 0)),
    ];
    assert_eq!(imap(&messages, &Options::dovecot(Algorithm::Refs)), "(2)(1 3)");
}

#[test]
fn rules_of_a_users_own() {
    let mut rules = SubjectRules::default();
    rules.prefixes.extend("Betr # Dutch\n");
    let policy = SubjectPolicy { rules, ..SubjectPolicy::default() };
    let messages = [mail("<1@a>", "", "x", 0), mail("<2@a>", "", "Betr: x", 1)];
    assert_eq!(imap(&messages, &Options::default()), "(1)(2)");
    assert_eq!(imap(&messages, &Options { subject: policy, ..Options::default() }), "(1 2)");
}
