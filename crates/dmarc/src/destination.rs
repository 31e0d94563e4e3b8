//! Where reports may go (RFC 9990 4, RFC 9991 5).

use std::fmt;

use mailwright_dns::{Dns, Kind, Missing, Name, Temporary};
use mailwright_message_model::domain::Domain;

use crate::evaluate::Mode;
use crate::policy::Psd;
use crate::record::{Record, ReportUri};
use crate::walk::{Lookups, Unknown};

/// Which reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum ReportKind {
    /// Aggregate reports, `rua`.
    Aggregate,
    /// Failure reports, `ruf`.
    Failure,
}

/// The destinations of the reports of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Destinations {
    /// What became of each URI of the record, in its order.
    pub list: Vec<Destination>,
    /// Whether answers were missing that a driver will bring: the result does not count yet.
    pub pending: bool,
}

/// A URI of a record, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Destination {
    /// The URI as the record has it.
    pub uri: ReportUri,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Outcome {
    /// It is in the organizational domain of the record: reports may go there.
    Internal,
    /// It is elsewhere, and its domain agrees: reports may go there.
    Verified,
    /// Its domain agrees and wants the reports at other addresses of the same host.
    Replaced(Vec<ReportUri>),
    /// No reports may go there.
    Refused(Refusal),
    /// It could not be found out; a later try may.
    Temporary(#[cfg_attr(feature = "serde", serde(serialize_with = "text"))] Temporary),
    /// A look-up has yet to be made.
    Pending,
}

/// Why no reports may go to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Refusal {
    /// The scheme is not `mailto` (RFC 9989 4.7: what is not supported is ignored).
    Scheme,
    /// The record is that of a public suffix domain, which gets no failure reports (RFC 9991 2).
    PublicSuffix,
    /// The name to be asked is longer than DNS can hold (RFC 9990 4, step 4).
    NameTooLong,
    /// The domain of the destination does not agree (RFC 9990 4, step 7).
    NotAuthorized,
    /// The domain of the destination agrees but names another host, so that neither gets a report (RFC 9990 4).
    OtherHost,
}

impl Refusal {
    /// One sentence for a postmaster.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheme => "only mailto is supported (RFC 9989 4.7)",
            Self::PublicSuffix => "a public suffix domain gets no failure reports (RFC 9991 2)",
            Self::NameTooLong => "the name that would have to be asked is too long (RFC 9990 4, step 4)",
            Self::NotAuthorized => {
                "the domain there does not agree to take these reports (RFC 9990 4, step 7)"
            }
            Self::OtherHost => "the domain there names another host, which it must not (RFC 9990 4)",
        }
    }
}

impl Destinations {
    /// The URIs that may get a report, in order, each once.
    #[must_use]
    pub fn deliver_to(&self) -> Vec<&ReportUri> {
        let mut uris: Vec<&ReportUri> = Vec::new();
        for destination in &self.list {
            let found: &[ReportUri] = match &destination.outcome {
                Outcome::Internal | Outcome::Verified => std::slice::from_ref(&destination.uri),
                Outcome::Replaced(other) => other,
                _ => &[],
            };
            for uri in found {
                if !uris.iter().any(|known| known.uri() == uri.uri()) {
                    uris.push(uri);
                }
            }
        }
        uris
    }

    /// Whether a temporary failure left the question open for a URI.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.list.iter().any(|destination| matches!(destination.outcome, Outcome::Temporary(_)))
    }
}

/// Finds out where the reports of a record may go. A destination outside of the organizational domain of `policy_domain`
/// needs the consent of its domain, and that may name other addresses of the same host.
///
/// ```
/// use mailwright_dmarc::destination::{ReportKind, report_destinations};
/// use mailwright_dmarc::{Mode, Record};
/// use mailwright_dns::Zone;
///
/// let mut zone = Zone::new();
/// zone.add_txt("blue.example.com._report._dmarc.red.example.net", "v=DMARC1")?;
/// let record: Record = "v=DMARC1; rua=mailto:r@red.example.net,mailto:s@green.example.org".parse()?;
/// let domain = "blue.example.com".parse()?;
/// let found = report_destinations(&record, ReportKind::Aggregate, &domain, &zone, Mode::TreeWalk);
/// let uris: Vec<&str> = found.deliver_to().iter().map(|uri| uri.uri()).collect();
/// assert_eq!(uris, ["mailto:r@red.example.net"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn report_destinations<D: Dns + ?Sized>(
    record: &Record,
    kind: ReportKind,
    policy_domain: &Domain,
    dns: &D,
    mode: Mode<'_>,
) -> Destinations {
    let uris = match kind {
        ReportKind::Aggregate => record.rua(),
        ReportKind::Failure => record.ruf(),
    };
    let mut lookups = Lookups::new(dns);
    for host in uris.iter().filter_map(ReportUri::host) {
        announce(&lookups, policy_domain, &host, mode);
    }
    let suffix = kind == ReportKind::Failure && record.psd() == Psd::Yes;
    let mut list = Vec::new();
    for uri in uris {
        let outcome = if suffix {
            Outcome::Refused(Refusal::PublicSuffix)
        } else {
            outcome(&mut lookups, uri, kind, policy_domain, mode)
        };
        list.push(Destination { uri: uri.clone(), outcome });
    }
    let pending = lookups.pending || list.iter().any(|d| d.outcome == Outcome::Pending);
    Destinations { list, pending }
}

/// Announces what may be asked for a host, so that all hosts take one round.
fn announce<D: Dns + ?Sized>(lookups: &Lookups<'_, D>, domain: &Domain, host: &Domain, mode: Mode<'_>) {
    if host == domain {
        return;
    }
    if matches!(mode, Mode::TreeWalk) && host.labels().next_back() == domain.labels().next_back() {
        lookups.announce(domain);
        lookups.announce(host);
    }
    if let Ok(name) = consent_name(domain, host) {
        lookups.dns.announce(&name, Kind::Txt);
    }
}

fn outcome<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    uri: &ReportUri,
    kind: ReportKind,
    policy_domain: &Domain,
    mode: Mode<'_>,
) -> Outcome {
    let host = uri.host().filter(|_| is_mailto(uri));
    let Some(host) = host else { return Outcome::Refused(Refusal::Scheme) };
    match is_internal(lookups, policy_domain, &host, mode) {
        Ok(true) => return Outcome::Internal,
        Ok(false) => {}
        Err(Unknown { why: Some(why), .. }) => return Outcome::Temporary(why),
        Err(Unknown { why: None, .. }) => return Outcome::Pending,
    }
    // RFC 9990 4, steps 2 to 4.
    let Ok(name) = consent_name(policy_domain, &host) else { return Outcome::Refused(Refusal::NameTooLong) };
    let texts = match lookups.dns.txt(&name) {
        Ok(texts) => texts,
        Err(Missing::Temporary(why)) => return Outcome::Temporary(why),
        Err(Missing::Pending) => return Outcome::Pending,
        Err(_) => return Outcome::Refused(Refusal::NotAuthorized),
    };
    // Steps 6 to 8: what does not begin with the version is discarded, one that stays is enough.
    let records: Vec<Record> = texts.iter().filter_map(|text| Record::parse(text.as_bytes()).ok()).collect();
    if records.is_empty() {
        return Outcome::Refused(Refusal::NotAuthorized);
    }
    // Step 9, with `ruf` in the place of `rua` for failure reports (RFC 9991 5).
    let wanted = |record: &Record| match kind {
        ReportKind::Aggregate => record.rua.clone(),
        ReportKind::Failure => record.ruf.clone(),
    };
    match records.iter().map(wanted).find(|uris| !uris.is_empty()) {
        None => Outcome::Verified,
        Some(uris) if uris.iter().any(|uri| uri.host().as_ref() != Some(&host)) => {
            Outcome::Refused(Refusal::OtherHost)
        }
        // What the host wants in a way that nobody supports is ignored here too (RFC 9989 4.7).
        Some(mut uris) => {
            uris.retain(is_mailto);
            if uris.is_empty() { Outcome::Refused(Refusal::Scheme) } else { Outcome::Replaced(uris) }
        }
    }
}

/// Whether both have the same organizational domain (RFC 9990 4).
fn is_internal<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    domain: &Domain,
    host: &Domain,
    mode: Mode<'_>,
) -> Result<bool, Unknown> {
    if domain == host {
        return Ok(true);
    }
    if let Mode::PublicSuffix { list, .. } = mode {
        return Ok(list.org(domain) == list.org(host));
    }
    if domain.labels().next_back() != host.labels().next_back() {
        return Ok(false);
    }
    let organizational = lookups.walk(domain)?.organizational;
    Ok(host.is_within(&organizational) && lookups.walk(host)?.organizational == organizational)
}

fn is_mailto(uri: &ReportUri) -> bool {
    uri.scheme().eq_ignore_ascii_case("mailto")
}

fn consent_name(domain: &Domain, host: &Domain) -> Result<Name, mailwright_dns::Error> {
    Name::new(host.as_str())?.prepend("_report._dmarc")?.prepend(domain.as_str())
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.uri.uri())?;
        match &self.outcome {
            Outcome::Internal => f.write_str("in the same organizational domain"),
            Outcome::Verified => f.write_str("elsewhere, and the domain there agrees (RFC 9990 4)"),
            Outcome::Replaced(uris) => {
                let uris: Vec<&str> = uris.iter().map(ReportUri::uri).collect();
                write!(f, "elsewhere, and the domain there wants {} (RFC 9990 4, step 9)", uris.join(","))
            }
            Outcome::Refused(why) => f.write_str(why.as_str()),
            Outcome::Temporary(why) => write!(f, "not known for now: {why}"),
            Outcome::Pending => f.write_str("not asked yet"),
        }
    }
}

#[cfg(feature = "serde")]
fn text<S: serde::Serializer>(why: &Temporary, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailwright_dns::{Counting, TemporaryKind, Zone};

    fn deliver(zone: &Zone, record: &str, kind: ReportKind) -> (Vec<String>, Destinations) {
        let record: Record = record.parse().unwrap();
        let found =
            report_destinations(&record, kind, &"a.example.com".parse().unwrap(), zone, Mode::TreeWalk);
        (found.deliver_to().iter().map(|uri| uri.uri().to_owned()).collect(), found)
    }

    #[test]
    fn an_override_keeps_the_host() {
        let mut zone = Zone::new();
        zone.add_txt("a.example.com._report._dmarc.one.example", "v=DMARC1; rua=mailto:x@one.example!5m")
            .unwrap();
        zone.add_txt("a.example.com._report._dmarc.two.example", "v=DMARC1; rua=mailto:x@one.example")
            .unwrap();
        let record = "v=DMARC1; rua=mailto:a@one.example,mailto:b@one.example,mailto:c@two.example";
        let (uris, found) = deliver(&zone, record, ReportKind::Aggregate);
        assert_eq!(uris, ["mailto:x@one.example"]);
        assert_eq!(found.list[2].outcome, Outcome::Refused(Refusal::OtherHost));
        // The rua of a consent says nothing about ruf (RFC 9991 5).
        let (uris, _) = deliver(&zone, "v=DMARC1; ruf=mailto:c@two.example", ReportKind::Failure);
        assert_eq!(uris, ["mailto:c@two.example"]);
    }

    /// RFC 9989 4.7: a scheme that is not supported is ignored, in an override too.
    #[test]
    fn an_override_is_a_mailbox() {
        let mut zone = Zone::new();
        zone.add_txt(
            "a.example.com._report._dmarc.one.example",
            "v=DMARC1; rua=https://one.example/r,mailto:x@one.example",
        )
        .unwrap();
        zone.add_txt("a.example.com._report._dmarc.two.example", "v=DMARC1; rua=https://two.example/r")
            .unwrap();
        let record = "v=DMARC1; rua=mailto:a@one.example,mailto:b@two.example";
        let (uris, found) = deliver(&zone, record, ReportKind::Aggregate);
        assert_eq!(uris, ["mailto:x@one.example"]);
        assert_eq!(found.list[1].outcome, Outcome::Refused(Refusal::Scheme));
    }

    #[test]
    fn one_valid_consent_among_others_is_enough() {
        let mut zone = Zone::new();
        for text in ["v=spf1 -all", "DMARC1", "v=DMARC1;"] {
            zone.add_txt("*._report._dmarc.one.example", text).unwrap();
        }
        let (uris, _) = deliver(&zone, "v=DMARC1; rua=mailto:a@one.example", ReportKind::Aggregate);
        assert_eq!(uris, ["mailto:a@one.example"]);
    }

    /// RFC 9990 4, step 8: one is enough, and more are no fault; the first that names addresses overrides (step 9).
    #[test]
    fn several_consents() {
        let mut zone = Zone::new();
        for text in ["v=DMARC1", "v=DMARC1; rua=mailto:x@one.example", "v=DMARC1; rua=mailto:y@one.example"] {
            zone.add_txt("a.example.com._report._dmarc.one.example", text).unwrap();
        }
        let (uris, _) = deliver(&zone, "v=DMARC1; rua=mailto:a@one.example", ReportKind::Aggregate);
        assert_eq!(uris, ["mailto:x@one.example"]);
    }

    /// RFC 9991 2 refuses failure reports to a public suffix domain; aggregate reports it gets.
    #[test]
    fn a_public_suffix_gets_aggregate_reports() {
        let record = "v=DMARC1; psd=y; rua=mailto:a@a.example.com; ruf=mailto:b@a.example.com";
        assert_eq!(deliver(&Zone::new(), record, ReportKind::Aggregate).0, ["mailto:a@a.example.com"]);
        assert!(deliver(&Zone::new(), record, ReportKind::Failure).0.is_empty());
    }

    /// RFC 9990 4 compares organizational domains: below or above the policy domain is inside, a sibling of another one is not.
    #[test]
    fn inside_is_by_the_organizational_domain() {
        let mut zone = Zone::new();
        zone.add_txt("_dmarc.example.com", "v=DMARC1").unwrap();
        zone.add_txt("_dmarc.own.example.com", "v=DMARC1; psd=n").unwrap();
        let record = "v=DMARC1; rua=mailto:a@example.com,mailto:b@x.y.example.com,mailto:c@own.example.com,mailto:d@com,\
            MAILTO:e@A.EXAMPLE.COM!1g";
        let (uris, _) = deliver(&zone, record, ReportKind::Aggregate);
        assert_eq!(uris, ["mailto:a@example.com", "mailto:b@x.y.example.com", "MAILTO:e@A.EXAMPLE.COM"]);
    }

    #[test]
    fn failures_and_refusals() {
        let mut zone = Zone::new();
        zone.add_fault("a.example.com._report._dmarc.one.example", Kind::Txt, TemporaryKind::Timeout)
            .unwrap();
        zone.add_txt("_dmarc.example.com", "v=DMARC1").unwrap();
        let record = "v=DMARC1; rua=mailto:a@one.example,https://a.example.com/,mailto:b@example.com";
        let (uris, found) = deliver(&zone, record, ReportKind::Aggregate);
        assert_eq!(uris, ["mailto:b@example.com"]);
        assert!(found.is_temporary());
        let (uris, _) = deliver(&zone, "v=DMARC1; psd=y; ruf=mailto:b@a.example.com", ReportKind::Failure);
        assert!(uris.is_empty());
    }

    #[test]
    fn one_question_a_host() {
        let counting = Counting::new(Zone::new());
        let long = format!("{0}.{0}.{0}.example", "a".repeat(60));
        let record = format!("v=DMARC1; rua=mailto:a@one.test,mailto:b@one.test,mailto:c@{long}");
        let record: Record = record.parse().unwrap();
        let domain = format!("{0}.{0}.test", "b".repeat(30)).parse().unwrap();
        let found = report_destinations(&record, ReportKind::Aggregate, &domain, &counting, Mode::TreeWalk);
        assert_eq!(found.list[2].outcome, Outcome::Refused(Refusal::NameTooLong));
        let asked = counting.names(Kind::Txt).iter().filter(|n| n.to_string().contains("_report")).count();
        assert_eq!(asked, 1);
    }
}
