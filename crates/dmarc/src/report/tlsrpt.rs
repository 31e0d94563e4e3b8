//! TLS reports (RFC 8460).

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use super::{Error, ErrorKind, Limits, Parsed, Report as Any, WarningKind, Warnings};

/// Octets of JSON that are read: reports have some KB, and what is read takes several times the memory.
pub const MAX_JSON: usize = 4 << 20;

/// Policies of a report, and failures of a policy, that are kept.
pub const MAX_ENTRIES: usize = 10_000;

/// A TLS report. What it lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[serde(default, rename_all = "kebab-case")]
pub struct Report {
    /// Who reports.
    #[serde(deserialize_with = "text")]
    pub organization_name: Box<str>,
    /// Of which time.
    pub date_range: DateRange,
    /// How to reach them.
    #[serde(deserialize_with = "text")]
    pub contact_info: Box<str>,
    /// The id of the report.
    #[serde(deserialize_with = "text")]
    pub report_id: Box<str>,
    /// What was seen with each policy.
    #[serde(deserialize_with = "entries")]
    pub policies: Vec<PolicyResult>,
}

/// The time of a report, as RFC 3339 has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[serde(default, rename_all = "kebab-case")]
pub struct DateRange {
    /// Its begin.
    #[serde(deserialize_with = "text")]
    pub start_datetime: Box<str>,
    /// Its end.
    #[serde(deserialize_with = "text")]
    pub end_datetime: Box<str>,
}

/// What was seen with a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[serde(default, rename_all = "kebab-case")]
pub struct PolicyResult {
    /// The policy.
    pub policy: Policy,
    /// The sessions, counted.
    pub summary: Summary,
    /// The failures.
    #[serde(deserialize_with = "entries")]
    pub failure_details: Vec<FailureDetails>,
}

/// A policy (RFC 8460 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[serde(default, rename_all = "kebab-case")]
pub struct Policy {
    /// `tlsa`, `sts` or `no-policy-found`.
    #[serde(deserialize_with = "text")]
    pub policy_type: Box<str>,
    /// The policy, a line or record each.
    #[serde(deserialize_with = "texts")]
    pub policy_string: Vec<Box<str>>,
    /// The domain that it is for.
    #[serde(deserialize_with = "text")]
    pub policy_domain: Box<str>,
    /// The patterns of exchangers of an MTA-STS policy.
    #[serde(deserialize_with = "texts")]
    pub mx_host: Vec<Box<str>>,
}

/// Sessions, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[serde(default, rename_all = "kebab-case")]
pub struct Summary {
    /// Those that succeeded.
    #[serde(deserialize_with = "count")]
    pub total_successful_session_count: u64,
    /// Those that failed.
    #[serde(deserialize_with = "count")]
    pub total_failure_session_count: u64,
}

/// Failures that are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[serde(default, rename_all = "kebab-case")]
pub struct FailureDetails {
    /// As `certificate-expired` (RFC 8460 4.3).
    #[serde(deserialize_with = "text")]
    pub result_type: Box<str>,
    /// The sender's address.
    #[serde(deserialize_with = "text")]
    pub sending_mta_ip: Box<str>,
    /// The exchanger.
    #[serde(deserialize_with = "text")]
    pub receiving_mx_hostname: Box<str>,
    /// What the exchanger said in its greeting.
    #[serde(deserialize_with = "text")]
    pub receiving_mx_helo: Box<str>,
    /// The exchanger's address.
    #[serde(deserialize_with = "text")]
    pub receiving_ip: Box<str>,
    /// How many sessions.
    #[serde(deserialize_with = "count")]
    pub failed_session_count: u64,
    /// Where there is more about it.
    #[serde(deserialize_with = "text", alias = "additional-info-uri")]
    pub additional_information: Box<str>,
    /// A code of the reporter's.
    #[serde(deserialize_with = "text")]
    pub failure_reason_code: Box<str>,
}

impl Report {
    /// The report as JSON (RFC 8460 4.4); what is empty and not required is left out.
    #[must_use]
    pub fn to_json(&self) -> String {
        let policies: Vec<Value> = self.policies.iter().map(PolicyResult::to_value).collect();
        json!({
            "organization-name": self.organization_name,
            "date-range": {
                "start-datetime": self.date_range.start_datetime,
                "end-datetime": self.date_range.end_datetime,
            },
            "contact-info": self.contact_info,
            "report-id": self.report_id,
            "policies": policies,
        })
        .to_string()
    }

    /// Sessions that failed, of all policies.
    #[must_use]
    pub fn failures(&self) -> u64 {
        let counts = self.policies.iter().map(|policy| policy.summary.total_failure_session_count);
        counts.fold(0, u64::saturating_add)
    }

    /// All sessions, of all policies.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        let counts = self.policies.iter().map(|policy| policy.summary.total_successful_session_count);
        counts.fold(self.failures(), u64::saturating_add)
    }
}

impl PolicyResult {
    fn to_value(&self) -> Value {
        let mut policy = Map::new();
        policy.insert("policy-type".into(), json!(self.policy.policy_type));
        if !self.policy.policy_string.is_empty() {
            policy.insert("policy-string".into(), json!(self.policy.policy_string));
        }
        policy.insert("policy-domain".into(), json!(self.policy.policy_domain));
        if !self.policy.mx_host.is_empty() {
            policy.insert("mx-host".into(), json!(self.policy.mx_host));
        }
        let mut result = json!({
            "policy": policy,
            "summary": {
                "total-successful-session-count": self.summary.total_successful_session_count,
                "total-failure-session-count": self.summary.total_failure_session_count,
            },
        });
        let details: Vec<Value> = self.failure_details.iter().map(FailureDetails::to_value).collect();
        if let (false, Some(result)) = (details.is_empty(), result.as_object_mut()) {
            result.insert("failure-details".into(), Value::Array(details));
        }
        result
    }
}

impl FailureDetails {
    fn to_value(&self) -> Value {
        let mut details = Map::new();
        for (name, text) in [
            ("result-type", &self.result_type),
            ("sending-mta-ip", &self.sending_mta_ip),
            ("receiving-mx-hostname", &self.receiving_mx_hostname),
            ("receiving-mx-helo", &self.receiving_mx_helo),
            ("receiving-ip", &self.receiving_ip),
            ("additional-information", &self.additional_information),
            ("failure-reason-code", &self.failure_reason_code),
        ] {
            if !text.is_empty() {
                details.insert(name.into(), json!(text));
            }
        }
        details.insert("failed-session-count".into(), json!(self.failed_session_count));
        Value::Object(details)
    }
}

/// Reads a TLS report, in whatever it is wrapped.
///
/// # Errors
/// As [`parse`](super::parse), and where it is a report of another sort.
///
/// ```
/// use mailwright_dmarc::report::{Limits, tlsrpt};
///
/// let json = br#"{"organization-name": "Example", "report-id": "1", "policies": [{"policy": {"policy-type": "sts",
///     "policy-domain": "example.com"}, "summary": {"total-failure-session-count": 2}}]}"#;
/// let report = tlsrpt::parse(json, &Limits::default())?.report;
/// assert_eq!(report.failures(), 2);
/// # Ok::<(), mailwright_dmarc::report::Error>(())
/// ```
pub fn parse(octets: &[u8], limits: &Limits) -> Result<Parsed<Report>, Error> {
    let parsed = super::parse(octets, limits)?;
    match parsed.report {
        Any::Tls(report) => Ok(Parsed { report: *report, warnings: parsed.warnings }),
        _ => Err(Error::new(ErrorKind::NoTlsReport)),
    }
}

pub(super) fn read(json: &str, _: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    if json.len() > MAX_JSON {
        return Err(Error::new(ErrorKind::Limit("tlsrpt::MAX_JSON")));
    }
    let report: Report = serde_json::from_str(json).map_err(|error| {
        let lines = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
        Error::at(ErrorKind::NoTlsReport, lines.sum::<usize>().saturating_add(error.column()))
    })?;
    if report == Report::default() {
        return Err(Error::new(ErrorKind::NoTlsReport));
    }
    for (missing, name) in [
        (report.organization_name.is_empty(), "organization-name"),
        (report.date_range.start_datetime.is_empty(), "start-datetime"),
        (report.date_range.end_datetime.is_empty(), "end-datetime"),
        (report.contact_info.is_empty(), "contact-info"),
        (report.report_id.is_empty(), "report-id"),
        (report.policies.is_empty(), "policies"),
    ] {
        if missing {
            warnings.add(WarningKind::MissingMember, name, 0);
        }
    }
    if report.policies.len() >= MAX_ENTRIES {
        warnings.add(WarningKind::EntriesCut, "policies", 0);
    }
    Ok(report)
}

/// A text, or a number or a truth value as text; anything else is nothing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<str>, D::Error> {
    let texts = deserializer.deserialize_any(Texts)?;
    Ok(texts.into_iter().next().unwrap_or_default())
}

/// A list of texts, or one of them alone.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Box<str>>, D::Error> {
    deserializer.deserialize_any(Texts)
}

/// A number, also such that is written as text; what is none is 0.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let texts = deserializer.deserialize_any(Texts)?;
    Ok(texts.first().and_then(|text| text.parse().ok()).unwrap_or_default())
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Vec<Box<str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of them")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![text.trim().into()])
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(vec![number.to_string().into()])
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(vec![number.to_string().into()])
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(vec![number.to_string().into()])
    }

    fn visit_bool<E>(self, is: bool) -> Result<Self::Value, E> {
        Ok(vec![is.to_string().into()])
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while texts.len() < MAX_ENTRIES {
            // Only texts stand in these lists.
            match list.next_element::<Option<String>>()? {
                Some(text) => texts.extend(text.map(|text| Box::from(text.trim()))),
                None => return Ok(texts),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(texts)
    }
}

/// A list of entries, those that say nothing left out, up to [`MAX_ENTRIES`]; `null` is none.
fn entries<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default + PartialEq,
{
    deserializer.deserialize_any(Entries(std::marker::PhantomData))
}

struct Entries<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de> + Default + PartialEq> Visitor<'de> for Entries<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while entries.len() < MAX_ENTRIES {
            match list.next_element::<T>()? {
                Some(entry) if entry == T::default() => {}
                Some(entry) => entries.push(entry),
                None => return Ok(entries),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(entries)
    }
}
