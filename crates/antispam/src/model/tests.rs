use mailwright_message_model::Message;

use super::*;
use crate::content::Key;
use crate::store::Scope;
use crate::{Class, ErrorKind, Place};

fn learner() -> Learner<MemoryStore> {
    let mut learner = Learner::new(Key::new([3; 16]), MemoryStore::new());
    let user = Scope::User("zoe@example.org".to_owned());
    for (raw, class) in
        [(b"Subject: one\r\n\r\nmoney".as_slice(), Class::Spam), (b"Subject: two\r\n\r\nlunch", Class::Ham)]
    {
        let message = Message::parse(raw).unwrap();
        learner.train(&message, class, &Scope::Shared).unwrap();
        learner.train(&message, class.other(), &user).unwrap();
    }
    learner
}

#[test]
fn equal_octets_again() {
    let octets = learner().export();
    let mut back = Learner::import(&octets).unwrap();
    assert!(back.export() == octets);
    assert_eq!(back.store().learned(&Scope::User("zoe@example.org".to_owned())).ham, 1);
    let message = Message::parse(b"Subject: one\r\n\r\nmoney").unwrap();
    let trained = back.train(&message, Class::Spam, &Scope::Shared).unwrap();
    assert_eq!(trained, crate::learn::Trained::Already);
    // The weights are of a past that this learner does not know.
    assert_eq!(back.untrain(&message, &Scope::Shared).unwrap(), Some(crate::learn::TakenBack::CountsOnly));
}

#[test]
fn weights_alone() {
    let whole = learner();
    let mut bare = Learner::import_weights(&whole.export_weights(), MemoryStore::new()).unwrap();
    let message = Message::parse(b"Subject: three\r\n\r\nmoney").unwrap();
    let (one, other) = (whole_opinion(whole, &message), bare.opinion(&message, &Scope::Shared).unwrap());
    assert_eq!(one.vector, other.vector);
    assert_eq!(other.learned, crate::store::Counts::default());
}

fn whole_opinion(mut learner: Learner<MemoryStore>, message: &Message<'_>) -> crate::learn::Opinion {
    learner.opinion(message, &Scope::Shared).unwrap()
}

/// The model with `change` made to what is checked, and a check that fits.
fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Result<Learner<MemoryStore>, Error> {
    let mut octets = learner().export();
    octets.truncate(octets.len() - 8);
    change(&mut octets);
    let sum = check(&octets);
    octets.extend_from_slice(&sum);
    Learner::import(&octets)
}

#[test]
fn broken_models_say_where() {
    let said = |result: Result<Learner<MemoryStore>, Error>| result.unwrap_err().to_string();
    assert!(changed(|_| {}).is_ok());
    assert_eq!(
        said(changed(|octets| octets[0] = b'M')),
        "octet 16: not a model: mark: it does not begin as one"
    );
    assert_eq!(said(changed(|octets| octets[16] = 2)), "octet 17: not a model: version: version 2 is not 1");
    assert!(said(changed(|octets| octets.push(0))).ends_with("check: something stands behind the window"));
    assert!(said(changed(|octets| octets.truncate(60))).ends_with("classes: it ends too soon"));
    let mut damaged = learner().export();
    damaged[40] ^= 1;
    let error = Learner::import(&damaged).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Model("check: it is damaged".to_owned()));
    assert_eq!(error.place(), &Place::Octet(17));
    assert!(Learner::import(b"").is_err() && Learner::import(&damaged[..20]).is_err());
}

#[test]
fn nothing_is_taken_on_trust() {
    // A count that nothing stands behind: the reader ends at the end of the octets.
    for count in [[0xff, 0xff, 0x3d].as_slice(), &[0xff; 10]] {
        let result = changed(|octets| {
            octets.truncate(16 + 1 + 16 + 2);
            octets.extend_from_slice(count);
        });
        assert!(result.is_err());
    }
}
