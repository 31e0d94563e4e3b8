//! A zone text reads or is refused with a line that exists; what reads answers every question, and ends every alias.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dns::{Dns, Kind, Name, Zone};

fuzz_target!(|text: &[u8]| {
    let lines = text.iter().filter(|&&octet| octet == b'\n').count() + 1;
    let zone = match Zone::parse(text, &Name::ROOT) {
        Ok(zone) => zone,
        Err(error) => {
            return assert!(error.line().is_some_and(|line| (1..=lines).contains(&line)), "{error}");
        }
    };
    // Whatever words the text has, as names.
    for word in text.split(|octet| b" \t\r\n();\"".contains(octet)).take(64) {
        let Ok(name) = Name::new(word) else { continue };
        let text = name.to_string();
        assert!(text.parse::<Name>().is_ok_and(|again| again.labels().eq(name.labels())), "{text}");
        for kind in Kind::ALL {
            let answer = zone.query(&name, kind);
            match answer.result {
                Ok(records) => assert!(records.kind() == kind && !records.is_empty()),
                Err(why) => assert!(why.is_void()),
            }
        }
    }
});
