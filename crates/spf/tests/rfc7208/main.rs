//! The rules of RFC 7208, section by section, each written from its text.

#![allow(clippy::unwrap_used, reason = "tests")]

mod limits;
mod macros;
mod mechanisms;
mod modifiers;
mod record;

use mailwright_dns::{Counting, Kind, Name, TemporaryKind, Zone};
use mailwright_spf::{Config, Request, SpfResult, check_host};

/// Names that do not answer stand in the zones as `NAME. TXT "!TIMEOUT"`.
const FAULT: &str = "!TIMEOUT";

/// A zone with these lines; names are below `test.` where they have no final dot.
fn zone(lines: &str) -> Zone {
    let (faults, lines): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| line.contains(FAULT));
    let text = format!("$TTL 60\n{}\n", lines.join("\n"));
    let mut zone = Zone::parse(text.as_bytes(), &Name::new("test").unwrap()).unwrap();
    for line in faults {
        let name = line.split_whitespace().next().unwrap();
        let name = if name.ends_with('.') { name.to_owned() } else { format!("{name}.test") };
        for kind in [Kind::Txt, Kind::A, Kind::Aaaa, Kind::Mx, Kind::Ptr] {
            zone.add_fault(&name, kind, TemporaryKind::Timeout).unwrap();
        }
    }
    zone
}

const IP: &str = "192.0.2.1";

fn of(request: &Request<'_>, lines: &str) -> SpfResult {
    check_host(request, &zone(lines), &Config::default()).result
}

/// The result for a client with the address and MAIL FROM `zoe@a.test`, whose record is `record`.
fn client(ip: &str, record: &str, lines: &str) -> SpfResult {
    let request = Request::mail_from(ip.parse().unwrap(), "zoe@a.test", "helo.test");
    of(&request, &format!("a TXT \"{record}\"\n{lines}"))
}

/// As [`client`] with [`IP`].
fn result(record: &str, lines: &str) -> SpfResult {
    client(IP, record, lines)
}

/// What the domain says to a client that fails.
fn explanation(record: &str, lines: &str) -> Option<String> {
    let request = Request::mail_from(IP.parse().unwrap(), "zoe@a.test", "helo.test")
        .receiver("mx.test")
        .now(1_700_000_000);
    let zone = zone(&format!("a TXT \"{record}\"\n{lines}"));
    let outcome = check_host(&request, &zone, &Config::default());
    assert_eq!(outcome.result, SpfResult::Fail);
    outcome.explanation
}

/// The names that were asked for records of a kind.
fn asked(kind: Kind, request: &Request<'_>, lines: &str) -> Vec<String> {
    let counting = Counting::new(zone(lines));
    check_host(request, &counting, &Config::default());
    counting.names(kind).iter().map(ToString::to_string).collect()
}
