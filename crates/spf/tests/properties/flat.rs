//! A flattened record says what the record said.

use mailwright_dns::drive_blocking;
use mailwright_spf::{Config, FlattenNote, FlattenOptions, Limits, Request, SpfResult, check_host, flatten};
use proptest::prelude::*;

use crate::world;

proptest! {
    // Some 150 worlds that can be flattened, by 120 messages each: more than 10,000.
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_verdict_stays(
        world in world::world(),
        messages in prop::collection::vec((world::ip(), world::sender()), 120),
        octets in prop::sample::select(vec![80usize, 120, 450]),
        addresses in any::<bool>(),
    ) {
        let zone = world.zone();
        let mut options = FlattenOptions::default();
        (options.record_octets, options.addresses) = (octets, addresses);
        let found = flatten("a.test", &zone, &options, &Limits::default());
        let waited = drive_blocking(&zone, |dns| flatten("a.test", dns, &options, &Limits::default()));
        prop_assert_eq!(&waited, &found);
        let Ok(flat) = found else { return Ok(()) };
        for (_, text) in &flat.records {
            prop_assert!(text.len() <= octets, "{text}");
            mailwright_spf::Record::parse(text.as_bytes()).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        }
        let apart = |note: &FlattenNote| {
            matches!(note, FlattenNote::ClientName { .. } | FlattenNote::TooManyLookups { .. })
        };
        if flat.notes.iter().any(apart) {
            return Ok(());
        }
        let new = world.zone_with(&flat.records);
        for (ip, sender) in &messages {
            let request = Request::mail_from(*ip, sender, "h1.test");
            let before = check_host(&request, &zone, &Config::default());
            let decided = [SpfResult::Pass, SpfResult::Fail, SpfResult::SoftFail, SpfResult::Neutral];
            if decided.contains(&before.result) {
                let after = check_host(&request, &new, &Config::default());
                prop_assert_eq!(after.result, before.result, "{} {}: {:?}\nnow {}", ip, sender, flat.records, after);
            }
        }
    }
}
