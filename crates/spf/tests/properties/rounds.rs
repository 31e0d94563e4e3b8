//! How often an evaluation waits.

use mailwright_dns::{Counting, Zone, drive_blocking};
use mailwright_spf::{Config, Request, check_host};

/// Rounds of waiting for a client that no term matches.
fn rounds(records: &[(&str, &str)]) -> usize {
    let mut zone = Zone::new();
    for (name, text) in records {
        zone.add_txt(name, text).unwrap();
    }
    for host in ["a.test", "b.test", "m1.test", "m2.test", "m3.test", "zoe.test"] {
        zone.add_a(host, [192, 0, 2, 9].into()).unwrap();
    }
    for host in ["m1.test", "m2.test", "m3.test"] {
        zone.add_mx("a.test", 10, host).unwrap();
        zone.add_mx("c.test", 10, host).unwrap();
    }
    zone.add_ptr([198, 51, 100, 1].into(), "m1.test").unwrap();
    let counting = Counting::new(&zone);
    let request = Request::mail_from([198, 51, 100, 1].into(), "zoe@a.test", "h.test");
    let outcome = drive_blocking(&counting, |dns| check_host(&request, dns, &Config::default()));
    assert!(outcome.problem.is_none(), "{outcome}");
    counting.rounds()
}

#[test]
fn no_more_than_the_longest_chain() {
    assert_eq!(rounds(&[("a.test", "v=spf1 ip4:192.0.2.1 -all")]), 1);
    assert_eq!(rounds(&[("a.test", "v=spf1 a a:b.test exists:%{l}.nobody.test a:m1.test -all")]), 2);
    assert_eq!(rounds(&[("a.test", "v=spf1 a mx ~all")]), 3);
    assert_eq!(rounds(&[("a.test", "v=spf1 mx mx:c.test a:m1.test ~all")]), 3);
    // The explanation comes with the addresses.
    assert_eq!(rounds(&[("a.test", "v=spf1 a -all exp=x.test"), ("x.test", "no")]), 2);
    let tree = [
        ("a.test", "v=spf1 a include:b.test include:c.test -all"),
        ("b.test", "v=spf1 a:m1.test include:d.test -all"),
        ("c.test", "v=spf1 a:m2.test ?all"),
        ("d.test", "v=spf1 a:m3.test -all"),
    ];
    // a, then b and c, then d, then its address.
    assert_eq!(rounds(&tree), 4);
    assert_eq!(rounds(&[("a.test", "v=spf1 a redirect=b.test"), ("b.test", "v=spf1 a -all")]), 3);
    // PTR, then the addresses of the names, then what %{p} stands in.
    assert_eq!(rounds(&[("a.test", "v=spf1 a ptr:b.test -all")]), 3);
    assert_eq!(rounds(&[("a.test", "v=spf1 a exists:%{p}.b.test -all")]), 4);
}
