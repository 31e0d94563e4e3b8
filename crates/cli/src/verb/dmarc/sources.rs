//! What many reports say of each source.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use mailwright_dmarc::report::aggregate::{Disposition, Report};
use mailwright_message_model::date::DateTime;
use serde::Serialize;

use crate::shown::{count, grouped};

/// Sources that are kept; what comes from further ones is counted together.
const MAX_SOURCES: usize = 100_000;

/// A client, and what became of its mail.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Source {
    pub(super) ip: Option<IpAddr>,
    pub(super) header_from: String,
    pub(super) messages: u64,
    pub(super) failed: u64,
    pub(super) quarantined: u64,
    pub(super) rejected: u64,
    /// Domains that passed SPF or DKIM without being aligned: who sends it.
    pub(super) passed_as: Vec<String>,
}

/// What all reports say together.
#[derive(Debug, Default, Serialize)]
pub(super) struct Sources {
    pub(super) reports: u64,
    /// Reports that came again and are not counted (RFC 9990 3.5.4).
    pub(super) repeated: u64,
    pub(super) organizations: BTreeSet<String>,
    /// From the first begin to the last end, in seconds since 1970.
    pub(super) begin: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) messages: u64,
    pub(super) failed: u64,
    /// Messages of sources that are not kept.
    pub(super) elsewhere: u64,
    pub(super) sources: Vec<Source>,
    #[serde(skip)]
    places: HashMap<(Option<IpAddr>, String), usize>,
    #[serde(skip)]
    seen: HashSet<Identity>,
}

/// What tells a report from others: who wrote it, its id, the policy domain and the begin. A report that is sent to several
/// destinations, or again, has the same.
type Identity = (String, String, String, Option<i64>);

impl Sources {
    /// Adds a report; `false` where it was added before.
    pub(super) fn add(&mut self, report: &Report) -> bool {
        /// Domains of a source that are shown.
        const MAX_NAMES: usize = 5;
        /// Organizations whose names are kept.
        const MAX_ORGANIZATIONS: usize = 10_000;
        let metadata = &report.metadata;
        let organization = metadata.org_name.to_lowercase();
        let id = metadata.report_id.to_string();
        let identity = (organization, id, report.policy.domain.to_ascii_lowercase(), metadata.begin);
        if !metadata.report_id.is_empty() && !self.seen.insert(identity) {
            self.repeated = self.repeated.saturating_add(1);
            return false;
        }
        if !metadata.org_name.is_empty() && self.organizations.len() < MAX_ORGANIZATIONS {
            self.organizations.insert(metadata.org_name.to_string());
        }
        self.begin = [self.begin, metadata.begin].into_iter().flatten().min();
        self.end = self.end.max(metadata.end);
        self.reports = self.reports.saturating_add(1);
        for row in &report.rows {
            let failed = if row.passes() { 0 } else { row.count };
            self.messages = self.messages.saturating_add(row.count);
            self.failed = self.failed.saturating_add(failed);
            let key = (row.source_ip, row.header_from.to_ascii_lowercase());
            let next = self.sources.len();
            if next >= MAX_SOURCES && !self.places.contains_key(&key) {
                self.elsewhere = self.elsewhere.saturating_add(row.count);
                continue;
            }
            let place = *self.places.entry(key).or_insert_with_key(|(ip, header_from)| {
                self.sources.push(Source { ip: *ip, header_from: header_from.clone(), ..Source::default() });
                next
            });
            let Some(source) = self.sources.get_mut(place) else { continue };
            let add = |to: &mut u64, is: bool| *to = to.saturating_add(if is { row.count } else { 0 });
            add(&mut source.messages, true);
            add(&mut source.failed, failed > 0);
            add(&mut source.quarantined, row.disposition == Some(Disposition::Quarantine));
            add(&mut source.rejected, row.disposition == Some(Disposition::Reject));
            let pass = |result: &Option<_>| matches!(result, Some(mailwright_message_model::authres::AuthResult::Pass));
            let dkim = row.dkim_results.iter().filter(|dkim| pass(&dkim.result)).map(|dkim| &*dkim.domain);
            let spf = row.spf_results.iter().filter(|spf| pass(&spf.result)).filter_map(|spf| spf.domain.as_deref());
            for domain in dkim.chain(spf).filter(|_| failed > 0) {
                if source.passed_as.len() < MAX_NAMES && !source.passed_as.iter().any(|known| known == domain) {
                    source.passed_as.push(domain.to_owned());
                }
            }
        }
        true
    }

    /// What was read: how many reports, from whom, of which time.
    pub(super) fn about(&self) -> String {
        let of = |number: u64, one: &str, many: &str| {
            count(usize::try_from(number).unwrap_or(usize::MAX), one, many)
        };
        let mut text = of(self.reports, "report", "reports");
        if !self.organizations.is_empty() {
            text.push_str(&format!(" of {}", count(self.organizations.len(), "organization", "organizations")));
        }
        if let (Some(begin), Some(end)) = (day(self.begin), day(self.end)) {
            text.push_str(&if begin == end { format!(", {begin}") } else { format!(", {begin} to {end}") });
        }
        if self.repeated > 0 {
            let again = of(self.repeated, "report that came again is", "reports that came again are");
            text.push_str(&format!("; {again} not counted"));
        }
        text
    }

    /// How many failed, with their share.
    pub(super) fn verdict(&self) -> String {
        let tenths = u128::from(self.failed) * 1000 / u128::from(self.messages.max(1));
        let (failed, messages) = (grouped(self.failed), grouped(self.messages));
        format!("{failed} of {messages} messages failed ({}.{} %)", tenths / 10, tenths % 10)
    }

    /// Sorts the sources: those with the most failed messages first.
    pub(super) fn sort(&mut self) {
        self.places.clear();
        self.sources.sort_by(|a, b| {
            (b.failed, b.messages, &a.header_from, a.ip).cmp(&(a.failed, a.messages, &b.header_from, b.ip))
        });
    }
}

impl Source {
    /// What else is known of it: whose domain passed, and what was done with its mail.
    pub(super) fn remark(&self) -> String {
        let mut words = Vec::new();
        if !self.passed_as.is_empty() {
            words.push(format!("passed as {}", self.passed_as.join(", ")));
        }
        for (number, what) in [(self.quarantined, "quarantined"), (self.rejected, "rejected")] {
            if number > 0 {
                words.push(format!("{} {what}", grouped(number)));
            }
        }
        words.join("; ")
    }
}

/// The day in UTC.
fn day(seconds: Option<i64>) -> Option<String> {
    let date = DateTime::from_unix(seconds?, 0)?.rfc3339().to_string();
    date.split_once('T').map(|(day, _)| day.to_owned())
}
