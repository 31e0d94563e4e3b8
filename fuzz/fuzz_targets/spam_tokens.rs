//! Any octets are a message with features: each once, the same again, within the limits.
#![no_main]

use std::sync::{LazyLock, Mutex};

use libfuzzer_sys::fuzz_target;
use mailwright_antispam::content::{Extractor, Key, MAX_GRAM_OCTETS, View};
use mailwright_message_model::Message;

static EXTRACTOR: LazyLock<Mutex<Extractor>> = LazyLock::new(|| Mutex::new(Extractor::new(Key::default())));

fuzz_target!(|data: &[u8]| {
    let message = Message::parse(data).unwrap();
    let mut extractor = EXTRACTOR.lock().unwrap();
    let features = extractor.features(&message);
    for view in View::ALL {
        let mut slots = features.view(view).to_vec();
        let count = slots.len();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!(slots.len(), count);
    }
    assert!(features.view(View::Grams).len() <= 2 * MAX_GRAM_OCTETS);
    assert_eq!(extractor.features(&message), features);
});
