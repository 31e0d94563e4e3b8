//! Finding and taking out the AMP part: every other octet stays, and what is left has no AMP.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_amp_mime::locate::locate;
use mailwright_amp_mime::{strip, stripped_spans};
use mailwright_message_model::Message;

fuzz_target!(|data: &[u8]| {
    let Ok(message) = Message::parse(data) else { return };
    let found = locate(&message, Some(1_795_478_400));
    let _ = found.amp.map(|amp| amp.text().len());
    let stripped = strip(&message).into_owned();
    let mut wanted = data.to_vec();
    for span in stripped_spans(&message).into_iter().rev() {
        wanted.drain(span.start..span.end);
    }
    assert_eq!(stripped, wanted);
    if let Ok(again) = Message::parse(&stripped) {
        assert!(locate(&again, None).all.iter().all(|part| part.body_raw().is_empty()));
    }
});
