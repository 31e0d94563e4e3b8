//! Evaluations.

use mailwright_dns::{Counting, drive_blocking};
use mailwright_spf::{
    Config, Limits, RecordCache, Request, SpfResult, check_host, check_host_traced, lint_domain,
};
use proptest::prelude::*;

use crate::world;

/// The record; 10 terms, each of which asks at most for itself and 10 addresses; `%{p}` once; an explanation.
const MOST_QUESTIONS: usize = 1 + 10 * 11 + 11 + 1;

proptest! {
    #[test]
    fn every_evaluation_ends_within_its_limits(world in world::world(), ip in world::ip(), sender in world::sender()) {
        let zone = Counting::new(world.zone());
        let request = Request::mail_from(ip, &sender, "h1.test");
        let outcome = check_host(&request, &zone, &Config::default());
        prop_assert!(!outcome.pending);
        prop_assert!(zone.questions().len() <= MOST_QUESTIONS, "{}", zone.questions().len());
        let Limits { lookups, void_lookups, .. } = Limits::default();
        let within = outcome.counts.lookups <= lookups && outcome.counts.void_lookups <= void_lookups;
        // The one that was too many is counted; void look-ups of an explanation change nothing.
        prop_assert!(within || outcome.result == SpfResult::PermError || outcome.result == SpfResult::Fail);
        prop_assert!(outcome.counts.lookups <= lookups + 1);
        prop_assert_eq!(outcome.problem.is_some(), matches!(
            outcome.result,
            SpfResult::None | SpfResult::TempError | SpfResult::PermError
        ));
    }

    #[test]
    fn waiting_and_caching_change_nothing(world in world::world(), ip in world::ip(), sender in world::sender()) {
        let zone = world.zone();
        let request = Request::mail_from(ip, &sender, "h1.test");
        let config = Config::default();
        let (at_once, trace) = check_host_traced(&request, &zone, &config);
        prop_assert_eq!(&check_host(&request, &zone, &config), &at_once);
        let waited = drive_blocking(&zone, |dns| check_host_traced(&request, dns, &config));
        prop_assert_eq!(&waited.0, &at_once);
        prop_assert_eq!(waited.1.to_string(), trace.to_string());
        let cached = Config { cache: Some(RecordCache::new(3).into()), ..Config::default() };
        prop_assert_eq!(&check_host(&request, &zone, &cached), &at_once);
        prop_assert_eq!(&check_host(&request, &zone, &cached), &at_once);
    }

    #[test]
    fn no_evaluation_costs_more_than_the_tree(world in world::world(), ip in world::ip(), sender in world::sender()) {
        let zone = world.zone();
        let tree = lint_domain("a.test", &zone, &Limits::default());
        let broken = tree.findings.iter().any(|finding| finding.severity() == mailwright_spf::Severity::Error);
        let macros = tree.nodes.iter().any(|node| node.record.contains("include:%") );
        let outcome = check_host(&Request::mail_from(ip, &sender, "h1.test"), &zone, &Config::default());
        prop_assert!(broken || macros || outcome.counts.lookups <= tree.counts.lookups);
        let waited = drive_blocking(&zone, |dns| lint_domain("a.test", dns, &Limits::default()));
        prop_assert_eq!(waited, tree);
    }

    #[test]
    fn whatever_a_sender_says_does_no_harm(text in world::text(), ip in world::ip(), sender in ".{0,40}", helo in ".{0,40}") {
        let mut zone = mailwright_dns::Zone::new();
        zone.add_txt("a.test", &text).unwrap();
        for sender in [sender.clone(), format!("{sender}@a.test")] {
            let request = Request::mail_from(ip, &sender, &helo).receiver(&helo);
            let outcome = check_host(&request, &zone, &Config::default());
            // RFC 7208 9.1: one field, whatever stands in it.
            let field = outcome.received_spf(&request);
            prop_assert!(field.ends_with("\r\n"));
            let fields = field.split("\r\n").filter(|line| !line.is_empty() && !line.starts_with('\t'));
            prop_assert_eq!(fields.count(), 1);
            prop_assert!(!field.replace("\r\n", "").contains(['\r', '\n', '\0']));
            let entry = outcome.method_result(&request).to_string();
            prop_assert!(!entry.contains(['\r', '\n']));
        }
    }
}
