//! Whole evaluations in any zone: they end within the limits, waiting changes nothing, and what is flattened says the same.
//!
//! The first line is an address, a sender and a HELO name; what follows is a master file.
#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use mailwright_dns::{Counting, Name, Zone, drive_blocking};
use mailwright_spf::{
    Config, FlattenNote, FlattenOptions, Limits, Request, SpfResult, check_host, check_host_traced, flatten,
    lint_domain,
};

fuzz_target!(|octets: &[u8]| {
    let Some(end) = octets.iter().position(|&octet| octet == b'\n') else { return };
    let Ok(line) = std::str::from_utf8(&octets[..end]) else { return };
    let Ok(zone) = Zone::parse(&octets[end..], &Name::ROOT) else { return };
    let mut words = line.split(' ');
    let ip: IpAddr = words.next().and_then(|word| word.parse().ok()).unwrap_or([192, 0, 2, 1].into());
    let (sender, helo) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let request = Request::mail_from(ip, sender, helo);
    let counting = Counting::new(&zone);
    let outcome = check_host(&request, &counting, &Config::default());
    assert!(counting.questions().len() <= 1 + 10 * 11 + 11 + 1, "{}", counting.questions().len());
    assert!(outcome.counts.lookups <= 11);
    let waited = drive_blocking(&zone, |dns| check_host_traced(&request, dns, &Config::default()).0);
    assert_eq!(waited, outcome);

    let domain = sender.rsplit_once('@').map_or(helo, |(_, domain)| domain);
    let _ = lint_domain(domain, &zone, &Limits::default()).to_string();
    let Ok(flat) = flatten(domain, &zone, &FlattenOptions::default(), &Limits::default()) else { return };
    let apart = |note: &FlattenNote| {
        matches!(note, FlattenNote::ClientName { .. } | FlattenNote::TooManyLookups { .. })
    };
    let Some(((name, text), [])) = flat.records.split_first().filter(|_| !flat.notes.iter().any(apart))
    else {
        return;
    };
    let (Ok(name), false) = (Name::new(name), text.contains("%{p")) else { return };
    let mut new = Over { name, record: Zone::new(), zone: &zone };
    new.record.add_txt(name.to_string(), text).ok();
    let decided = [SpfResult::Pass, SpfResult::Fail, SpfResult::SoftFail, SpfResult::Neutral];
    if decided.contains(&outcome.result) {
        assert_eq!(check_host(&request, &new, &Config::default()).result, outcome.result, "{text}");
    }
});

/// A zone in which one name has another text.
struct Over<'z> {
    name: Name,
    record: Zone,
    zone: &'z Zone,
}

impl mailwright_dns::Dns for Over<'_> {
    fn query(&self, name: &Name, kind: mailwright_dns::Kind) -> mailwright_dns::Answer {
        let replaced = *name == self.name && kind == mailwright_dns::Kind::Txt;
        if replaced { self.record.query(name, kind) } else { self.zone.query(name, kind) }
    }
}
