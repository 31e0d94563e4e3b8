//! Macros: any domain-spec and any explanation, with any sender; nothing leaves what DNS can hold.
//!
//! The input is lines: domain-spec, sender, HELO name, explanation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dns::{Counting, MAX_NAME, Zone};
use mailwright_spf::{Config, MAX_EXPLANATION_BYTES, Request, check_host};

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (spec, sender, helo, explanation) = (next(), next(), next(), next());
    let mut zone = Zone::new();
    let record = format!("v=spf1 exists:{spec} a:{spec}/24 -all exp=why.example.org");
    let sender = format!("{sender}@example.org");
    zone.add_txt("example.org", record).expect("a name");
    zone.add_txt("why.example.org", explanation).expect("a name");
    zone.add_ptr([192, 0, 2, 1].into(), "mx.example.org").expect("a name");
    zone.add_a("mx.example.org", [192, 0, 2, 1].into()).expect("a name");
    for ip in ["192.0.2.1", "2001:db8::1"] {
        let zone = Counting::new(&zone);
        let request =
            Request::mail_from(ip.parse().expect("an address"), &sender, helo).receiver(helo).now(1);
        let outcome = check_host(&request, &zone, &Config::default());
        assert!(zone.questions().iter().all(|question| question.name.text_len() <= MAX_NAME));
        assert!(outcome.explanation.as_ref().is_none_or(|text| text.len() <= MAX_EXPLANATION_BYTES));
        let field = outcome.received_spf(&request);
        assert!(!field.replace("\r\n", "").contains(['\r', '\n']), "{field:?}");
    }
});
