//! The suites `verify` and `verify-pass`: our verdicts in the classes of the suite, run by run.

use mailwright_dkim::{Outcome, Policy, SignatureResult, Verification, verify};
use mailwright_dns::Counting;
use serde_json::Value;

use super::expect::{Class, Expect, Wanted};
use super::given::Given;
use crate::case::Verdict;

/// Every key of `expect` holds.
pub(super) fn judge(given: &Given, want: &Value) -> Verdict {
    grade(given, want, |want, got| want == got, true)
}

/// Pass or not is right; the other classes are all one.
pub(super) fn judge_pass(given: &Given, want: &Value) -> Verdict {
    grade(given, want, |want, got| (want == Class::Pass) == (got == Class::Pass), false)
}

fn grade(given: &Given, want: &Value, same: fn(Class, Class) -> bool, everything: bool) -> Verdict {
    let (expect, message) = match (Expect::read(want), given.octets()) {
        (Ok(expect), Ok(message)) => (expect, message),
        (Err(why), _) | (_, Err(why)) => {
            return Verdict::wrong("a case of the form that the suite's README describes", why);
        }
    };
    let mut runs = Vec::new();
    match &expect.default {
        None => runs.push(("default", Policy::rfc8301(), &expect.first, false)),
        Some(default) => {
            runs.push(("legacy", Policy::legacy(), &expect.first, expect.small_key));
            runs.push(("default", Policy::rfc8301(), default, false));
        }
    }
    for (name, policy, wanted, or_invalid) in runs {
        let (found, queries) = run(given, &message, policy);
        let same = |want, got| same(want, got) || or_invalid && got == Class::Invalid;
        let wrong = objection(&found, wanted, same)
            .or_else(|| (expect.not_pass && found.passing().count() > 0).then(|| "no pass".into()))
            .or_else(|| if everything { further(&expect, &found, queries) } else { None });
        if let Some(wrong) = wrong {
            return Verdict::wrong(format!("{name} run: {wrong}"), told(&found, queries));
        }
    }
    if let Some(strict) = expect.strict.filter(|_| everything) {
        let (found, queries) = run(given, &message, Policy::strict());
        if overall(&found) != strict {
            return Verdict::wrong(format!("strict run: overall {strict}"), told(&found, queries));
        }
    }
    Verdict::Right
}

/// One evaluation, and how many questions it asked.
fn run(given: &Given, message: &[u8], policy: Policy) -> (Verification, usize) {
    let dns = Counting::new(&given.dns);
    let found = verify(message, &dns, &given.apply(policy), given.now);
    let queries = dns.questions().len();
    (found, queries)
}

/// What is not as wanted.
fn objection(found: &Verification, wanted: &Wanted, same: impl Fn(Class, Class) -> bool) -> Option<String> {
    if let Some(signatures) = &wanted.signatures {
        for (index, want) in signatures.iter().enumerate() {
            let got = found.signatures.get(index).map(class);
            match (want, got) {
                (Some(want), Some(got)) if !same(*want, got) => {
                    return Some(format!("signature {index} {want}"));
                }
                // Results may be missing only where none of the rest is graded.
                (_, None) if signatures.iter().skip(index).any(Option::is_some) => {
                    return Some(format!("{} results", signatures.len()));
                }
                _ => {}
            }
        }
        if found.signatures.len() > signatures.len() {
            return Some(format!("{} results", signatures.len()));
        }
    }
    let want = wanted.overall?;
    (!same(want, overall(found))).then(|| format!("overall {want}"))
}

/// What only the suite `verify` looks at.
fn further(expect: &Expect, found: &Verification, queries: usize) -> Option<String> {
    let all = |says: fn(&SignatureResult) -> bool| found.passing().all(says);
    if expect.testing && !all(SignatureResult::is_testing) {
        return Some("the key in test mode".into());
    }
    if expect.unsigned_body && !all(|result| result.body.is_some_and(|body| body.uncovered() > 0)) {
        return Some("octets of the body that are not covered".into());
    }
    let max = expect.max_dns_queries?;
    (queries > max).then(|| format!("at most {max} look-ups"))
}

fn class(result: &SignatureResult) -> Class {
    class_of(result.outcome)
}

fn class_of(outcome: Outcome) -> Class {
    match outcome {
        Outcome::Pass => Class::Pass,
        Outcome::Fail => Class::Fail,
        Outcome::TempError => Class::Temp,
        // policy, neutral, permerror
        _ => Class::Invalid,
    }
}

fn overall(found: &Verification) -> Class {
    found.overall().map_or(Class::None, class_of)
}

fn told(found: &Verification, queries: usize) -> String {
    let results: Vec<String> = found.signatures.iter().map(ToString::to_string).collect();
    format!("{} ({queries} look-ups): {}", overall(found), results.join(" | "))
}
