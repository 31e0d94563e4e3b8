//! A flattened record says what the record said.

use std::cell::Cell;
use std::net::IpAddr;

use mailwright_dns::drive_blocking;
use mailwright_spf::{Config, FlattenNote, FlattenOptions, Limits, Request, SpfResult, check_host, flatten};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::world::{self, World};

/// Worlds that are tried; each by [`MESSAGES`].
const WORLDS: u32 = 300;
const MESSAGES: usize = 120;

/// Comparisons that are to be made in all: worlds that cannot be flattened and messages that end in an error make none.
const COMPARED: usize = 10_000;

#[test]
fn the_verdict_stays() {
    let compared = Cell::new(0);
    let messages = prop::collection::vec((world::ip(), world::sender()), MESSAGES);
    let octets = prop::sample::select(vec![80usize, 120, 450]);
    let mut runner = TestRunner::new(ProptestConfig { cases: WORLDS, ..ProptestConfig::default() });
    runner
        .run(&(world::world(), messages, octets, any::<bool>()), |(world, messages, octets, addresses)| {
            compare(&world, &messages, octets, addresses, &compared)
        })
        .unwrap();
    assert!(compared.get() >= COMPARED, "{} comparisons", compared.get());
}

fn compare(
    world: &World,
    messages: &[(IpAddr, String)],
    octets: usize,
    addresses: bool,
    compared: &Cell<usize>,
) -> Result<(), TestCaseError> {
    let zone = world.zone();
    let mut options = FlattenOptions::default();
    (options.record_octets, options.addresses) = (octets, addresses);
    let found = flatten("a.test", &zone, &options, &Limits::default());
    let waited = drive_blocking(&zone, |dns| flatten("a.test", dns, &options, &Limits::default()));
    prop_assert_eq!(&waited, &found);
    let Ok(flat) = found else { return Ok(()) };
    for (_, text) in &flat.records {
        prop_assert!(text.len() <= octets, "{text}");
        mailwright_spf::Record::parse(text.as_bytes())
            .map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
    }
    let apart = |note: &FlattenNote| {
        matches!(note, FlattenNote::ClientName { .. } | FlattenNote::TooManyLookups { .. })
    };
    if flat.notes.iter().any(apart) {
        return Ok(());
    }
    let new = world.zone_with(&flat.records);
    for (ip, sender) in messages {
        let request = Request::mail_from(*ip, sender, "h1.test");
        let before = check_host(&request, &zone, &Config::default());
        let decided = [SpfResult::Pass, SpfResult::Fail, SpfResult::SoftFail, SpfResult::Neutral];
        if decided.contains(&before.result) {
            let after = check_host(&request, &new, &Config::default());
            prop_assert_eq!(
                after.result,
                before.result,
                "{} {}: {:?}\nnow {}",
                ip,
                sender,
                flat.records,
                after
            );
            compared.set(compared.get() + 1);
        }
    }
    Ok(())
}
