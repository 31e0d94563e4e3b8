//! The gate: nobody renders without results or what is not valid, and files of profiles are read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_amp_mime::gate::{ClientProfile, NotKnown, SenderAuth, Verdict, decide};
use mailwright_amp_mime::locate::locate;
use mailwright_amp_mime::validate;
use mailwright_message_model::Message;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = ClientProfile::parse(text);
    }
    let Ok(message) = Message::parse(data) else { return };
    let trusted = SenderAuth::trusting(&message, "mx.example.org");
    for profile in ClientProfile::all() {
        let nobody = decide(&message, &SenderAuth::unknown(), &profile, &NotKnown, 1_795_478_400);
        assert_ne!(nobody.verdict, Verdict::Render);
        let decision = decide(&message, &trusted, &profile, &NotKnown, 1_795_478_400);
        let _ = decision.to_string();
        if decision.verdict == Verdict::Render {
            assert!(!trusted.results().is_empty());
            assert!(validate(&locate(&message, None).amp.unwrap().text()).is_valid());
        }
    }
});
