//! Every area on the conformance data, as `cargo xtask conformance` runs it.

use std::io::Write;

use conformance::{AREAS, Disputes, Floors, default_data, run};

#[test]
fn every_suite_keeps_its_floor() {
    let Some(data) = default_data() else {
        assert_ne!(
            std::env::var("MAILWRIGHT_CONFORMANCE_REQUIRED").as_deref(),
            Ok("1"),
            "conformance data not found, and MAILWRIGHT_CONFORMANCE_REQUIRED=1"
        );
        // Not by println, whose output the test harness keeps from the reader.
        writeln!(std::io::stdout(), "conformance data not found: skipped").unwrap();
        return;
    };
    let (disputes, floors) = (Disputes::own().unwrap(), Floors::own().unwrap());
    for area in AREAS {
        let report = run(area, &data.join(area.name), &disputes).unwrap();
        println!("{report}");
        for suite in &report.suites {
            assert!(
                floors.hold(area.name, suite),
                "{}/{} is below its floor:\n{report}",
                area.name,
                suite.name
            );
        }
        assert_eq!(
            floors.missing(area.name, &report.suites),
            [] as [String; 0],
            "{}: suites without cases",
            area.name
        );
        let met: usize = report.suites.iter().map(|suite| suite.disputed).sum();
        assert_eq!(met, disputes.count(area.name), "{}: a dispute names no case of the suite", area.name);
    }
}
