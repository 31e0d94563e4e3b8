//! What many reports say of each source.

use std::collections::HashMap;
use std::net::IpAddr;

use mailwright_dmarc::report::aggregate::{Disposition, Report};
use serde::Serialize;

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
    pub(super) messages: u64,
    pub(super) failed: u64,
    /// Messages of sources that are not kept.
    pub(super) elsewhere: u64,
    pub(super) sources: Vec<Source>,
    #[serde(skip)]
    places: HashMap<(Option<IpAddr>, String), usize>,
}

impl Sources {
    pub(super) fn add(&mut self, report: &Report) {
        /// Domains of a source that are shown.
        const MAX_NAMES: usize = 5;
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
    }

    /// Sorts the sources: those with the most failed messages first.
    pub(super) fn sort(&mut self) {
        self.places.clear();
        self.sources.sort_by(|a, b| (b.failed, b.messages, &a.header_from, a.ip).cmp(&(a.failed, a.messages, &b.header_from, b.ip)));
    }
}
