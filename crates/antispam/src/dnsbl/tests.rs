use mailwright_dns::dnsbl::Unknown;
use mailwright_dns::{Answers, Kind, Name, TemporaryKind, Zone, drive_blocking};
use mailwright_message_model::domain::Domain;

use super::*;

fn org(domain: &Domain) -> Domain {
    domain.suffix(2).unwrap_or_else(|| domain.clone())
}

fn subjects(hosts: &[&str]) -> Subjects {
    Subjects { client: Some([192, 0, 2, 1].into()), ..Subjects::default() }
        .with_hosts(hosts.iter().copied(), &org)
}

fn names(report: &Report) -> Vec<(String, f64)> {
    report.findings().map(|finding| (finding.rule.into_owned(), finding.score)).collect()
}

#[test]
fn the_catalogue_can_be_read() {
    let known = DnsLists::parse(KNOWN).unwrap();
    assert!(known.lists().len() >= 10);
    for list in known.lists() {
        assert!(!list.about.is_empty() && !list.terms.is_empty() && !list.asks.is_empty(), "{}", list.name);
        // A list of the domains of links must not be asked about clients with a code that means another thing.
        assert!(!list.meanings.is_empty(), "{}", list.name);
    }
    assert_eq!(DnsLists::known(), &known);
}

#[test]
fn a_link_is_asked_by_its_organizational_domain_and_by_address() {
    let lists = DnsLists::known().choose(&["URIBL", "SPAMHAUS_DBL"]).unwrap();
    let mut zone = Zone::new();
    zone.add_a("example.com.multi.uribl.com", [127, 0, 0, 2].into()).unwrap();
    zone.add_a("9.2.0.192.multi.uribl.com", [127, 0, 0, 6].into()).unwrap();
    // DBL is never asked about an address: it answers 127.0.1.255 to all of them.
    zone.add_a("9.2.0.192.dbl.spamhaus.org", [127, 0, 1, 255].into()).unwrap();
    let report =
        lists.ask(&zone, &subjects(&["www.shop.example.com", "example.com", "192.0.2.9", "localhost"]));
    assert_eq!(report.answers().len(), 3);
    let listed: Vec<(String, f64)> = report
        .answers()
        .iter()
        .filter(|answer| matches!(answer.listing, Listing::Listed(_)))
        .map(|answer| (answer.subject.to_string(), answer.score))
        .collect();
    assert_eq!(listed, [("example.com".to_owned(), 4.0), ("192.0.2.9".to_owned(), 5.0)]);
    // One finding a list, that of the worst link.
    assert_eq!(names(&report), [("DNS_URIBL".to_owned(), 5.0)]);
}

#[test]
fn an_allow_list_takes_points_away() {
    let lists = DnsLists::known().choose(&["dnswl"]).unwrap();
    let mut zone = Zone::new();
    zone.add_a("1.2.0.192.list.dnswl.org", [127, 0, 5, 3].into()).unwrap();
    assert_eq!(names(&lists.ask(&zone, &subjects(&[]))), [("DNS_DNSWL".to_owned(), -4.0)]);
    // Refused: 127.0.0.255 is no code.
    let mut zone = Zone::new();
    zone.add_a("1.2.0.192.list.dnswl.org", [127, 0, 0, 255].into()).unwrap();
    assert_eq!(names(&lists.ask(&zone, &subjects(&[]))), [("DNS_UNKNOWN".to_owned(), 0.0)]);
}

#[test]
fn no_answer_is_no_listing() {
    let lists = DnsLists::known().choose(&["SPAMHAUS_ZEN"]).unwrap();
    let name = "1.2.0.192.zen.spamhaus.org";
    for kind in [TemporaryKind::Timeout, TemporaryKind::ServFail] {
        let mut zone = Zone::new();
        zone.add_fault(name, Kind::A, kind).unwrap();
        let report = lists.ask(&zone, &subjects(&[]));
        assert!(matches!(report.answers()[0].listing, Listing::Unknown(Unknown::Temporary(_))));
        assert_eq!(names(&report), [("DNS_UNKNOWN".to_owned(), 0.0)]);
    }
}

#[test]
fn all_questions_of_a_message_go_out_together() {
    let lists = DnsLists::known();
    let answers = Answers::new();
    let report = lists.ask(&answers, &subjects(&["a.example.com", "b.example.net"]));
    assert!(report.is_pending());
    assert_eq!(answers.pending().len(), report.answers().len());
    let mut rounds = 0;
    let report = drive_blocking(&Zone::new(), |dns| {
        rounds += 1;
        lists.ask(dns, &subjects(&["a.example.com", "b.example.net"]))
    });
    assert!(!report.is_pending() && report.findings().next().is_none());
    assert_eq!(rounds, 2);
}

#[test]
fn what_is_asked_is_bounded_and_public() {
    let hosts: Vec<String> = (0..100).map(|number| format!("www.d{number}.example")).collect();
    let many = subjects(&hosts.iter().map(String::as_str).collect::<Vec<_>>()).bounded();
    assert_eq!(many.len(), 1 + MAX_DOMAINS);
    for private in ["10.1.2.3", "127.0.0.1", "100.64.0.1", "fe80::1", "::ffff:192.168.0.1", "fd00::1"] {
        let subjects = Subjects { client: Some(private.parse().unwrap()), ..Subjects::default() };
        assert!(subjects.bounded().is_empty(), "{private}");
    }
}

#[test]
fn health() {
    let lists = DnsLists::known().choose(&["SPAMHAUS_ZEN", "SPAMHAUS_DBL"]).unwrap();
    let mut zone = Zone::new();
    zone.add_a("2.0.0.127.zen.spamhaus.org", [127, 0, 0, 2].into()).unwrap();
    zone.add_a("test.dbl.spamhaus.org", [127, 0, 1, 2].into()).unwrap();
    let health: Vec<Health> = lists
        .lists()
        .iter()
        .map(|list| {
            let domains = list.asks.contains(&Asks::UrlDomain);
            list.health(&zone, if domains { Entries::Domains } else { Entries::Ipv4 })
        })
        .collect();
    assert_eq!(health, [Health::Working, Health::Working]);
}

#[test]
fn an_error_names_its_line() {
    let line = |text: &str| match DnsLists::parse(text).unwrap_err().place() {
        crate::Place::Line(line) => *line,
        other => panic!("{other:?}"),
    };
    let list = |zone: &str, asks: &str, code: &str| {
        format!(
            "\n[[list]]\nname = \"A\"\nzone = \"{zone}\"\nasks = [\"{asks}\"]\ncodes = [{{ code = \"{code}\", score = 1.0 }}]\n"
        )
    };
    assert_eq!(line(&list("two..dots", "client", "127.0.0.2")), 4);
    assert_eq!(line(&list("bl.example", "weather", "127.0.0.2")), 5);
    assert_eq!(line(&list("bl.example", "client", "127.0.0")), 6);
    assert_eq!(line("[[list]]\nname = \"A\"\nzone = 3\n"), 3);
    let good = list("bl.example", "client", "127.0.0.2");
    assert!(DnsLists::parse(&format!("{good}{good}")).unwrap_err().to_string().contains("taken"));
    assert_eq!(DnsLists::parse(&good).unwrap().lists()[0].zone, Name::new("bl.example").unwrap());
}
