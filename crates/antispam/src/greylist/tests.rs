use super::*;
use crate::{Error, ErrorKind};

/// A store that is down.
struct Down;

impl GreylistStore for Down {
    fn touch(&self, _: &Key, _: u64, _: &Policy) -> Result<Answer, Error> {
        Err(Error::store("connection refused"))
    }
}

fn key(sender: &str) -> Key {
    Key::new([192, 0, 2, 1].into(), sender, "b@y.example")
}

fn passes(greylist: &Greylist<MemoryGreylist>, sender: &str, now: u64) -> bool {
    greylist.check(&key(sender), now).retry_after().is_none()
}

#[test]
fn a_store_that_is_down_accepts_with_a_finding() {
    let greylist = Greylist::new(Down);
    let answer = greylist.check(&key("a@x.example"), 0);
    assert_eq!(answer.action(), Action::Accept);
    let finding = answer.finding();
    assert_eq!((finding.rule.as_ref(), finding.score), ("GREYLIST_UNKNOWN", 0.0));
    assert!(finding.detail.contains("connection refused"));
    assert_eq!(ErrorKind::Store("x".into()), *Error::store("x").kind());
}

#[test]
fn waits_for_what_is_left_of_the_delay() {
    let greylist = Greylist::new(MemoryGreylist::new());
    let wait = |now| greylist.check(&key("a@x.example"), now).retry_after().map(|wait| wait.as_secs());
    assert_eq!(wait(1_000), Some(300));
    assert_eq!(wait(1_100), Some(200));
    assert_eq!(wait(900), Some(300));
    assert_eq!(wait(1_300), None);
}

/// Five keys of the network pass; the sixth need not wait. Deferred ones do not count.
#[test]
fn a_network_that_retries_is_let_in() {
    let greylist = Greylist::new(MemoryGreylist::new());
    for number in 0..5_u64 {
        let sender = format!("u{number}x@x.example");
        assert!(!passes(&greylist, &sender, number), "{sender}");
        assert!(!passes(&greylist, &format!("never{number}x@x.example"), number));
    }
    for number in 0..4_u64 {
        let sender = format!("u{number}x@x.example");
        assert!(passes(&greylist, &sender, 400 + number));
        // Passing again is not counted again.
        assert!(passes(&greylist, &sender, 500 + number));
    }
    assert!(!passes(&greylist, "new@x.example", 600));
    assert!(passes(&greylist, "u4x@x.example", 700));
    let sixth = greylist.check(&key("newer@x.example"), 701);
    assert_eq!(sixth, Greylisted::Known(Answer::NetworkAllowed { passed: 5 }));
    assert_eq!(sixth.finding().rule, "GREYLIST_NETWORK");
    // Another network waits.
    let other = Key::new([192, 0, 3, 1].into(), "a@x.example", "b@y.example");
    assert!(greylist.check(&other, 702).retry_after().is_some());
    // Unseen for longer than the expiry, the network is a stranger again.
    let late = 701 + EXPIRE.as_secs() + 1;
    assert!(!passes(&greylist, "later@x.example", late));
    assert!(passes(&greylist, "later@x.example", late + 300));
}

#[test]
fn a_network_is_never_let_in_where_the_policy_says_so() {
    let policy = Policy { auto_allow_after: 0, ..Policy::default() };
    let greylist = Greylist::with_policy(MemoryGreylist::new(), policy);
    for number in 0..9_u64 {
        assert!(!passes(&greylist, &format!("u{number}x@x.example"), 0));
        assert!(passes(&greylist, &format!("u{number}x@x.example"), 300));
    }
    assert!(!passes(&greylist, "last@x.example", 301));
}

#[test]
fn a_key_that_passed_stays_while_it_is_seen() {
    let greylist = Greylist::new(MemoryGreylist::new());
    let month = EXPIRE.as_secs();
    assert!(!passes(&greylist, "a@x.example", 0));
    assert!(passes(&greylist, "a@x.example", 300));
    assert!(passes(&greylist, "a@x.example", 300 + month));
    assert!(passes(&greylist, "a@x.example", 300 + 2 * month));
    assert!(!passes(&greylist, "a@x.example", 301 + 3 * month));
}

/// A clock that was far ahead once does not lock a key out for years.
#[test]
fn a_clock_that_was_wrong() {
    let greylist = Greylist::new(MemoryGreylist::new());
    assert!(!passes(&greylist, "a@x.example", u64::MAX));
    assert!(!passes(&greylist, "a@x.example", 1_000));
    assert!(!passes(&greylist, "a@x.example", 1_299));
    assert!(passes(&greylist, "a@x.example", 1_300));
}

#[test]
fn memory_is_bounded() {
    let greylist = Greylist::new(MemoryGreylist::with_room(3));
    for number in 0..9 {
        assert!(!passes(&greylist, &format!("u{number}x@x.example"), 0));
    }
    assert_eq!(greylist.store.len(), 3);
    // After the window the three make room.
    let late = WINDOW.as_secs() + 1;
    assert!(!passes(&greylist, "a@x.example", late));
    assert!(passes(&greylist, "a@x.example", late + 300));
    assert_eq!(greylist.store.len(), 1);
}
