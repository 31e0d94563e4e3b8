//! What lists said about one message.

use std::net::Ipv4Addr;

use mailwright_dns::Name;
use mailwright_dns::dnsbl::Listing;

use super::{DnsList, Meaning, Subject};
use crate::Finding;

/// What one list says about one subject.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// The name of the list.
    pub list: String,
    /// Its zone.
    pub zone: Name,
    /// What it was asked about.
    pub subject: Subject,
    /// What it says.
    pub listing: Listing,
    /// The points of the groups of codes that were found, each once.
    pub score: f64,
    /// What the operator says that the codes mean.
    pub about: String,
}

/// The answers of all lists about one message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    answers: Vec<Answer>,
    is_cut: bool,
}

impl Report {
    /// The answers, in the order of the lists.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Whether some question has yet to be asked.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.answers.iter().any(|answer| answer.listing == Listing::Pending)
    }

    /// Whether [`MAX_QUESTIONS`](super::MAX_QUESTIONS) left questions out.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// A finding for each listing (`DNS_` and the list's name), one without points for each list that gave no usable answer
    /// (`DNS_UNKNOWN`), and one where questions were left out (`DNS_CUT`).
    ///
    /// A list counts once for all links together, by the worst of them, so that a long letter is no worse than a short one.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut unknown: Vec<&str> = Vec::new();
        for answer in &self.answers {
            match &answer.listing {
                Listing::Listed(codes) => add(&mut findings, answer, codes),
                Listing::Unknown(why) if !unknown.contains(&answer.list.as_str()) => {
                    unknown.push(&answer.list);
                    let detail = format!("{}: {why}", answer.zone);
                    findings.push(Finding::new("DNS_UNKNOWN", 0.0).detail(detail));
                }
                _ => {}
            }
        }
        if self.is_cut {
            findings.push(Finding::new("DNS_CUT", 0.0).detail("more questions than one message may cost"));
        }
        findings.into_iter()
    }

    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }

    pub(super) fn cut(&mut self) {
        self.is_cut = true;
    }

    pub(super) fn add(&mut self, list: &DnsList, subject: Subject, listing: Listing) {
        let found: Vec<&Meaning> = match &listing {
            Listing::Listed(codes) => {
                let of = |meaning: &&Meaning| codes.iter().any(|code| meaning.codes.contains(*code));
                list.meanings.iter().filter(of).collect()
            }
            _ => Vec::new(),
        };
        let about: Vec<&str> =
            found.iter().map(|meaning| meaning.about.as_str()).filter(|about| !about.is_empty()).collect();
        self.answers.push(Answer {
            list: list.name.clone(),
            zone: list.zone,
            subject,
            listing,
            score: found.iter().map(|meaning| meaning.score).sum(),
            about: about.join(", "),
        });
    }
}

/// Adds a listing, or makes the finding that the list has already the stronger of both.
fn add(findings: &mut Vec<Finding>, answer: &Answer, codes: &[Ipv4Addr]) {
    let rule = format!("DNS_{}", answer.list);
    let codes: Vec<String> = codes.iter().map(Ipv4Addr::to_string).collect();
    let about = if answer.about.is_empty() { String::new() } else { format!(": {}", answer.about) };
    let detail = format!("{} is listed by {} ({}{about})", answer.subject, answer.zone, codes.join(" "));
    let finding = Finding::new(rule, answer.score).detail(detail);
    match findings.iter_mut().find(|known| known.rule == finding.rule) {
        Some(known) if known.score.abs() >= finding.score.abs() => {}
        Some(known) => *known = finding,
        None => findings.push(finding),
    }
}
