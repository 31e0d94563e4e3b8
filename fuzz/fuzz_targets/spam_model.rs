//! Any octets are a model or an error with its place; a model that is read is written the same, and judges.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_antispam::learn::Learner;
use mailwright_antispam::model::check;
use mailwright_antispam::store::Scope;
use mailwright_antispam::{Class, Place};
use mailwright_message_model::Message;

fuzz_target!(|data: &[u8]| {
    let _ = Learner::import(data);
    // No fuzzer finds a check that fits.
    import(&[data, &check(data)].concat());
});

fn import(data: &[u8]) {
    match Learner::import(data) {
        Ok(mut learner) => {
            let message = Message::parse(b"Subject: money\r\n\r\nlunch\r\n").unwrap();
            assert!(learner.opinion(&message, &Scope::Shared).unwrap().log_odds.is_finite());
            let octets = learner.export();
            assert!(Learner::import(&octets).unwrap().export() == octets);
            learner.train(&message, Class::Spam, &Scope::Shared).unwrap();
            assert!(learner.opinion(&message, &Scope::Shared).unwrap().log_odds.is_finite());
        }
        Err(error) => assert!(matches!(error.place(), Place::Octet(at) if *at <= data.len())),
    }
}
