//! From evaluations to reports.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use mailwright_message_model::authres::AuthResult;
use mailwright_message_model::domain::Domain;

use super::write::disposition_of;
use super::{
    DiscoveryMethod, Disposition, DkimResult, DmarcResult, Form, Metadata, PolicyPublished, Report, Row,
    Scope, SpfResult,
};
use crate::evaluate::{Aligned, Evaluation, Relation, Verdict};
use crate::policy::{Override, OverrideKind, Policy};
use crate::record::Record;

/// Rows that an [`Aggregator`] holds, of all reports together: some 500 MB at most. A receiver with more sends reports more
/// often.
pub const MAX_ROWS: usize = 1_000_000;

/// Signatures of a row (RFC 9990 3.1.3).
const MAX_SIGNATURES: usize = 100;

/// One message that was evaluated, and what was done with it.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'o> {
    /// The client.
    pub source_ip: IpAddr,
    /// The evaluation.
    pub evaluation: &'o Evaluation,
    /// What was done.
    pub disposition: Policy,
    /// The domain of MAIL FROM; `None` for the null reverse-path.
    pub envelope_from: Option<&'o Domain>,
    /// The domain of RCPT TO, where it is to be reported.
    pub envelope_to: Option<&'o Domain>,
}

/// Counts messages that are alike, and makes a report for each policy (RFC 9990 3.1, 3.3). It keeps no message and reads no
/// clock.
///
/// ```
/// use mailwright_dmarc::report::aggregate::{Aggregator, Metadata, Observation};
/// use mailwright_dmarc::{Author, Config, Identifiers, Policy, evaluate};
/// use mailwright_dns::Zone;
///
/// let mut zone = Zone::new();
/// zone.add_txt("_dmarc.example.com", "v=DMARC1; p=none; rua=mailto:d@example.com")?;
/// let author = Author::of_addresses(["jo@example.com"]);
/// let evaluation = evaluate(&author, &Identifiers::default(), &zone, &Config::default());
/// let mut aggregator = Aggregator::default();
/// for _ in 0..2 {
///     aggregator.add(&Observation {
///         source_ip: [192, 0, 2, 1].into(),
///         evaluation: &evaluation,
///         disposition: Policy::None,
///         envelope_from: None,
///         envelope_to: None,
///     })?;
/// }
/// let metadata = Metadata {
///     org_name: "Example".into(),
///     email: "dmarc@mx.example".into(),
///     begin: Some(1_764_547_200),
///     end: Some(1_764_633_599),
///     ..Metadata::default()
/// };
/// let reports = aggregator.finish(&metadata, "mx.example");
/// assert_eq!((reports.len(), reports[0].rows.len(), reports[0].rows[0].count), (1, 1, 2));
/// assert_eq!(&*reports[0].metadata.report_id, "1764547200-0-example.com@mx.example");
/// assert!(reports[0].to_xml()?.contains("<source_ip>192.0.2.1</source_ip>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Aggregator {
    reports: Vec<(PolicyPublished, Vec<Row>)>,
    by_policy: HashMap<PolicyPublished, usize>,
    /// The place of a row, which is counted as 0 here, in its report.
    by_row: HashMap<(usize, Row), usize>,
}

/// An [`Aggregator`] that holds [`MAX_ROWS`] and would have to hold another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the aggregator holds {MAX_ROWS} rows: send reports and begin anew")
    }
}

impl std::error::Error for Full {}

impl Aggregator {
    /// Counts a message. One to which DMARC does not apply, or of which the result is not known, is passed over.
    ///
    /// # Errors
    /// [`Full`]: the message is not counted.
    pub fn add(&mut self, seen: &Observation<'_>) -> Result<(), Full> {
        if !matches!(seen.evaluation.verdict, Verdict::Pass | Verdict::Fail) {
            return Ok(());
        }
        let Some((policy, row)) = entry(seen) else { return Ok(()) };
        let report = self.by_policy.get(&policy).copied().unwrap_or(self.reports.len());
        let key = (report, row);
        let known = self.by_row.get(&key).copied();
        if known.is_none() && self.by_row.len() >= MAX_ROWS {
            return Err(Full);
        }
        if report == self.reports.len() {
            self.by_policy.insert(policy.clone(), report);
            self.reports.push((policy, Vec::new()));
        }
        let Some((_, rows)) = self.reports.get_mut(report) else { return Ok(()) };
        match known.and_then(|at| rows.get_mut(at)) {
            Some(row) => row.count = row.count.saturating_add(1),
            None => {
                rows.push(Row { count: 1, ..key.1.clone() });
                self.by_row.insert(key, rows.len().saturating_sub(1));
            }
        }
        Ok(())
    }

    /// Rows so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_row.len()
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }

    /// The reports, one for each policy, in the order in which they were first seen. Where `metadata` has no report id, one
    /// is made of the begin, a number, the policy domain and `receiver`, the reporting domain (RFC 9990 3.5.1).
    #[must_use]
    pub fn finish(self, metadata: &Metadata, receiver: &str) -> Vec<Report> {
        let reports = self.reports.into_iter().enumerate();
        reports
            .map(|(at, (policy, rows))| {
                let mut metadata = metadata.clone();
                if metadata.report_id.is_empty() {
                    let begin = metadata.begin.unwrap_or_default();
                    metadata.report_id = format!("{begin}-{at}-{}@{receiver}", policy.domain).into();
                }
                let version = Some("1.0".into());
                Report { form: Form::Rfc9990, version, metadata, policy, rows, extensions: Vec::new() }
            })
            .collect()
    }
}

fn entry(seen: &Observation<'_>) -> Option<(PolicyPublished, Row)> {
    let evaluation = seen.evaluation;
    let record = evaluation.record.as_deref()?;
    let published = evaluation.published?.policy;
    let policy = published_policy(evaluation, record)?;
    let aligned = |is| if is { DmarcResult::Pass } else { DmarcResult::Fail };
    let (dkim, spf) = (evaluation.dkim_aligned(), evaluation.spf_aligned());
    let disposition = match seen.disposition {
        // RFC 9990 appendix A: pass = no action, passing with an enforcing policy.
        Policy::None if (dkim || spf) && published != Policy::None => Disposition::Pass,
        applied => disposition_of(applied),
    };
    // RFC 9990 3.1.6 knows no selection by pct.
    let mut reasons: Vec<Override> = evaluation.reasons.clone();
    for reason in &mut reasons {
        if matches!(reason.kind, OverrideKind::SampledOut | OverrideKind::Forwarded) {
            reason.kind = OverrideKind::Other;
        }
    }
    // RFC 9990 3.1.1.9: a reason is required.
    if !(dkim || spf) && seen.disposition != published && reasons.is_empty() {
        reasons.push(Override { kind: OverrideKind::LocalPolicy, comment: None });
    }
    let spf_results = evaluation.spf.iter().map(|spf| SpfResult {
        domain: Some(spf.domain.as_str().into()),
        scope: Some(Scope::MailFrom),
        result: Some(result(&spf.result)),
        human_result: None,
    });
    let row = Row {
        source_ip: Some(seen.source_ip),
        count: 0,
        disposition: Some(disposition),
        dkim: Some(aligned(dkim)),
        spf: Some(aligned(spf)),
        reasons,
        header_from: evaluation.author.as_ref()?.as_str().into(),
        // RFC 9990 3.1.1.10: empty for the null reverse-path.
        envelope_from: Some(seen.envelope_from.map_or("", Domain::as_str).into()),
        envelope_to: seen.envelope_to.map(|domain| domain.as_str().into()),
        dkim_results: signatures(&evaluation.dkim),
        spf_results: spf_results.collect(),
        extensions: Vec::new(),
    };
    Some((policy, row))
}

/// RFC 9990 3.1.1.5: from `p` on with the defaults.
fn published_policy(evaluation: &Evaluation, record: &Record) -> Option<PolicyPublished> {
    // RFC 9989 4.10.1: a record that is not fit for a policy counts as one with p=none.
    let p = if record.is_faulty() { Policy::None } else { record.p().policy()? };
    let fo: Vec<&str> = record.fo().iter().map(|option| option.as_str()).collect();
    let method = if evaluation.by_suffix_list { DiscoveryMethod::Psl } else { DiscoveryMethod::TreeWalk };
    Some(PolicyPublished {
        domain: evaluation.policy_domain.as_ref()?.as_str().into(),
        discovery_method: Some(method),
        p: Some(p),
        sp: record.sp().policy(),
        np: record.np().policy(),
        adkim: Some(record.adkim()),
        aspf: Some(record.aspf()),
        fo: Some(fo.join(":").into()),
        testing: Some(record.is_testing()),
        pct: None,
    })
}

/// RFC 9990 3.1.3: strict passes first, then relaxed ones, other passes, and the rest.
fn signatures(found: &[Aligned]) -> Vec<DkimResult> {
    let mut sorted: Vec<&Aligned> = found.iter().collect();
    sorted.sort_by_key(|signature| match (&signature.result, &signature.relation) {
        (AuthResult::Pass, Relation::Same) => 0,
        (AuthResult::Pass, Relation::Relaxed) => 1,
        (AuthResult::Pass, _) => 2,
        _ => 3,
    });
    let listed = sorted.into_iter().take(MAX_SIGNATURES);
    listed
        .map(|signature| DkimResult {
            domain: signature.domain.as_str().into(),
            selector: Some(signature.selector.clone().unwrap_or_default()),
            result: Some(match result(&signature.result) {
                AuthResult::SoftFail => AuthResult::Fail,
                other => other,
            }),
            human_result: None,
        })
        .collect()
}

/// A word that the schema has.
fn result(found: &AuthResult) -> AuthResult {
    match found {
        AuthResult::None
        | AuthResult::Pass
        | AuthResult::Fail
        | AuthResult::Policy
        | AuthResult::Neutral
        | AuthResult::TempError
        | AuthResult::PermError
        | AuthResult::SoftFail => found.clone(),
        AuthResult::HardFail => AuthResult::Fail,
        _ => AuthResult::Neutral,
    }
}
