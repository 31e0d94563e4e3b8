//! Bounces counted by reason, domain and advice.

use std::collections::HashMap;

use mailwright_bounces::{Class, Report};
use serde::Serialize;

/// Domains that are kept apart; those that come later count together.
const MAX_DOMAINS: usize = 100_000;

/// What was counted.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    /// All messages.
    pub messages: u64,
    /// By kind.
    pub kinds: Vec<Count>,
    /// Recipients that failed or are delayed.
    pub recipients: u64,
    pub hard: u64,
    pub soft: u64,
    pub reasons: Vec<Count>,
    pub domains: Vec<Count>,
    pub advice: Vec<Count>,
    #[serde(skip)]
    counts: [HashMap<String, u64>; 4],
}

/// A name and how often it came.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Count {
    pub name: String,
    pub count: u64,
}

impl Tally {
    pub(super) fn add(&mut self, report: &Report) {
        self.messages = self.messages.saturating_add(1);
        let [kinds, reasons, domains, advice] = &mut self.counts;
        add(kinds, report.kind.name());
        for recipient in report.failures().filter(|one| one.verdict.class != Class::Delivered) {
            self.recipients = self.recipients.saturating_add(1);
            match recipient.verdict.class {
                Class::Hard => self.hard = self.hard.saturating_add(1),
                _ => self.soft = self.soft.saturating_add(1),
            }
            add(reasons, recipient.verdict.reason.name());
            add(advice, recipient.verdict.advice.name());
            let domain = recipient.address.rsplit_once('@').map_or("(none)", |(_, domain)| domain).to_lowercase();
            let known = domains.len() < MAX_DOMAINS || domains.contains_key(&domain);
            add(domains, if known { &domain } else { "(others)" });
        }
    }

    /// Puts the lists in order, the largest first.
    pub(super) fn sort(&mut self) {
        let [kinds, reasons, domains, advice] = std::mem::take(&mut self.counts);
        self.kinds = sorted(kinds);
        self.reasons = sorted(reasons);
        self.domains = sorted(domains);
        self.advice = sorted(advice);
    }

    /// The lists and their titles.
    pub(super) fn lists(&self) -> [(&'static str, &[Count]); 4] {
        [
            ("Reasons", &self.reasons),
            ("Advice", &self.advice),
            ("Domains", &self.domains),
            ("Kinds of message", &self.kinds),
        ]
    }

    /// One sentence.
    pub(super) fn verdict(&self) -> String {
        use crate::shown::grouped;
        format!(
            "{} failed deliveries in {} messages: {} hard, {} soft",
            grouped(self.recipients),
            grouped(self.messages),
            grouped(self.hard),
            grouped(self.soft)
        )
    }
}

fn add(counts: &mut HashMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count = count.saturating_add(1),
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

fn sorted(counts: HashMap<String, u64>) -> Vec<Count> {
    let mut counts: Vec<Count> = counts.into_iter().map(|(name, count)| Count { name, count }).collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    counts
}
