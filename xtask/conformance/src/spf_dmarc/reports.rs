//! The suites `reports` and `reports-full`: an entry of `reports/manifest.json` a case, and a file of full expectations one.

use std::path::{Path, PathBuf};

use mailwright_dmarc::OverrideKind;
use mailwright_dmarc::report::{Limits, Parsed, Report, aggregate, failure, parse};
use serde_json::{Map, Value, json};

use crate::case::{Case, Input, Verdict};
use crate::json;

const SUITE: &str = "reports";
const FULL: &str = "reports-full";

const ENTRY: &[&str] = &[
    "file",
    "expect",
    "full_expectation",
    "source",
    "source_path",
    "licence",
    "note",
    "comment",
    "description",
    "soft",
    "soft_why",
];
const EXPECT: &[&str] = &[
    "parse",
    "kind",
    "warnings",
    "org_name",
    "report_id",
    "domain",
    "p",
    "sp",
    "adkim",
    "aspf",
    "records",
    "messages",
    "rows",
    "feedback_type",
    "source_ip",
    "reported_domain",
    "auth_failure",
    "organization_name",
    "policies",
];
const ROW: &[&str] = &["source_ip", "count", "disposition", "dkim", "spf", "header_from"];

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let path = folder.join("manifest.json");
    if !path.exists() {
        return Vec::new();
    }
    let entries = match json::elements_of_file(&path) {
        Ok(entries) => entries,
        Err(why) => return vec![Case::unreadable(SUITE, "manifest.json".into(), why)],
    };
    let mut cases = Vec::new();
    let mut full = Vec::new();
    for entry in entries {
        let id = entry.as_ref().ok().and_then(|entry| entry.get("file")?.as_str()).unwrap_or("?").to_owned();
        if entry.as_ref().is_ok_and(|entry| entry.get("soft") == Some(&Value::Bool(true))) {
            continue;
        }
        let expectation = entry.as_ref().ok().and_then(|entry| entry.get("full_expectation")).cloned();
        let read = entry.and_then(|entry| read(folder, &id, &entry));
        cases.push(read.unwrap_or_else(|why| Case::unreadable(SUITE, id.clone(), why)));
        if let Some(expectation) = expectation {
            let read = full_case(folder, &id, &expectation);
            full.push(read.unwrap_or_else(|why| Case::unreadable(FULL, id, why)));
        }
    }
    cases.extend(full);
    cases
}

fn read(folder: &Path, id: &str, entry: &Value) -> Result<Case, String> {
    let object = json::object(entry, ENTRY)?;
    let path = folder.join(json::text(object, "file")?);
    let expect = object.get("expect").unwrap_or(&Value::Null);
    let wanted = json::object(expect, EXPECT)?;
    match json::text(wanted, "parse")? {
        "ok" | "error" => {}
        other => return Err(format!("unknown value `{other}` of parse")),
    }
    match wanted.get("kind").and_then(Value::as_str) {
        None | Some("aggregate" | "failure" | "arf" | "smtp_tls") => {}
        Some(other) => return Err(format!("unknown kind `{other}`")),
    }
    if wanted.contains_key("rows") {
        for row in json::list(wanted, "rows")? {
            json::object(row, ROW)?;
        }
    }
    let file = path.clone();
    let judge = Box::new(move |want: &Value| judge(&file, want));
    Ok(Case { suite: SUITE, id: id.to_owned(), input: Input::File(path), want: Ok(expect.clone()), judge })
}

fn ours(file: &PathBuf) -> Result<Parsed<Report>, String> {
    let octets = std::fs::read(file).map_err(|error| error.to_string())?;
    parse(&octets, &Limits::default()).map_err(|error| error.to_string())
}

fn judge(file: &PathBuf, want: &Value) -> Verdict {
    if !file.exists() {
        return Verdict::wrong(want, "no such file");
    }
    let ours = match ours(file) {
        Ok(parsed) => short(&parsed),
        Err(why) => json!({ "parse": "error", "why": why }),
    };
    let wanted = want.as_object().into_iter().flatten();
    let wrong: Vec<&String> =
        wanted.filter(|(key, want)| !agrees(key, want, &ours)).map(|(key, _)| key).collect();
    if wrong.is_empty() { Verdict::Right } else { Verdict::wrong(want, format!("{wrong:?} in {ours}")) }
}

fn agrees(key: &str, want: &Value, ours: &Value) -> bool {
    let got = ours.get(key).unwrap_or(&Value::Null);
    let lower = |value: &Value| value.as_str().map(|text| text.trim().to_ascii_lowercase());
    match key {
        // Absent: not graded.
        "warnings" => want == got || *want == json!(false),
        "org_name" => lower(want) == lower(got),
        "rows" => {
            let rows = (want.as_array(), got.as_array());
            let (Some(want), Some(got)) = rows else { return false };
            let same = |(want, got): (&Value, &Value)| {
                want.as_object().is_some_and(|row| row.iter().all(|(k, v)| got.get(k) == Some(v)))
            };
            want.len() <= got.len() && want.iter().zip(got).all(same)
        }
        _ => want == got,
    }
}

/// What the manifest may ask for.
fn short(parsed: &Parsed<Report>) -> Value {
    let mut value = match &parsed.report {
        Report::Aggregate(report) => {
            let word = |policy: Option<mailwright_dmarc::Policy>| policy.map(|policy| policy.as_str());
            let mode = |mode: Option<mailwright_dmarc::Alignment>| mode.map_or("r", |mode| mode.as_str());
            let policy = &report.policy;
            let rows: Vec<Value> = report.rows.iter().map(short_row).collect();
            json!({
                "kind": "aggregate",
                "org_name": report.metadata.org_name,
                "report_id": report.metadata.report_id,
                "domain": policy.domain,
                "p": word(policy.p),
                "sp": word(policy.sp.or(policy.p)),
                "adkim": mode(policy.adkim),
                "aspf": mode(policy.aspf),
                "records": report.rows.len(),
                "messages": report.messages(),
                "rows": rows,
            })
        }
        Report::Failure(report) => json!({
            "kind": if report.is_auth_failure() { "failure" } else { "arf" },
            "feedback_type": report.feedback_type,
            "source_ip": report.source_ip.map(|ip| ip.to_string()),
            "reported_domain": report.reported_domain.first(),
            "auth_failure": report.auth_failure,
        }),
        Report::Tls(report) => json!({
            "kind": "smtp_tls",
            "organization_name": report.organization_name,
            "report_id": report.report_id,
            "policies": report.policies.len(),
        }),
        _ => json!({}),
    };
    if let Some(value) = value.as_object_mut() {
        value.insert("parse".into(), json!("ok"));
        value.insert("warnings".into(), json!(!parsed.warnings.is_empty()));
    }
    value
}

fn short_row(row: &aggregate::Row) -> Value {
    json!({
        "source_ip": row.source_ip.map(|ip| ip.to_string()),
        "count": row.count,
        "disposition": row.disposition.map(|disposition| disposition.as_str()),
        "dkim": row.dkim.map(|result| result.as_str()),
        "spf": row.spf.map(|result| result.as_str()),
        "header_from": row.header_from,
    })
}

fn full_case(folder: &Path, id: &str, expectation: &Value) -> Result<Case, String> {
    let name = expectation.as_str().ok_or("`full_expectation` is no text")?;
    let text = std::fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"))?;
    let want: Value = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
    let path = folder.join(id);
    let file = path.clone();
    let judge = Box::new(move |want: &Value| {
        let ours = match ours(&file) {
            Err(why) => return Verdict::wrong("a report", why),
            Ok(parsed) => match parsed.report {
                Report::Aggregate(report) => full_aggregate(&report),
                Report::Failure(report) => full_failure(&report),
                _ => Value::Null,
            },
        };
        match differs(want, &ours, "") {
            None => Verdict::Right,
            Some((place, want, got)) => Verdict::wrong(format!("{place}: {want}"), got),
        }
    });
    Ok(Case { suite: FULL, id: name.to_owned(), input: Input::File(path), want: Ok(want), judge })
}

/// The first place where a key that is wanted has another value.
fn differs(want: &Value, got: &Value, place: &str) -> Option<(String, Value, Value)> {
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (want, got) {
        (Value::Object(want), _) => want.iter().find_map(|(key, want)| {
            differs(want, got.get(key).unwrap_or(&Value::Null), &format!("{place}.{key}"))
        }),
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            let pairs = want.iter().zip(got).enumerate();
            pairs.into_iter().find_map(|(at, (want, got))| differs(want, got, &format!("{place}[{at}]")))
        }
        (Value::Array(want), Value::Null) if want.is_empty() => None,
        (Value::String(want), Value::String(got)) if spaced(want) == spaced(got) => None,
        _ if want == got => None,
        _ => Some((place.to_owned(), want.clone(), got.clone())),
    }
}

/// The report in the words of the schema.
fn full_aggregate(report: &aggregate::Report) -> Value {
    let (metadata, policy) = (&report.metadata, &report.policy);
    let rows: Vec<Value> = report.rows.iter().map(full_row).collect();
    json!({
        "version": report.version,
        "report_metadata": {
            "org_name": metadata.org_name,
            "email": metadata.email,
            "extra_contact_info": metadata.extra_contact_info,
            "report_id": metadata.report_id,
            "date_range": { "begin": metadata.begin, "end": metadata.end },
            "error": metadata.errors,
            "generator": metadata.generator,
        },
        "policy_published": {
            "domain": policy.domain,
            "p": policy.p.map(|policy| policy.as_str()),
            "sp": policy.sp.map(|policy| policy.as_str()),
            "np": policy.np.map(|policy| policy.as_str()),
            "adkim": policy.adkim.map(|mode| mode.as_str()),
            "aspf": policy.aspf.map(|mode| mode.as_str()),
            "fo": policy.fo,
            "pct": policy.pct,
            "testing": policy.testing,
            "discovery_method": policy.discovery_method.map(|method| method.as_str()),
        },
        "record": rows,
        "extensions": extensions(&report.extensions),
    })
}

fn full_row(row: &aggregate::Row) -> Value {
    let reasons: Vec<Value> = row
        .reasons
        .iter()
        .map(|reason| json!({ "type": OverrideKind::as_str(reason.kind), "comment": reason.comment }))
        .collect();
    let dkim: Vec<Value> = row
        .dkim_results
        .iter()
        .map(|dkim| {
            json!({
                "domain": dkim.domain,
                "selector": dkim.selector,
                "result": dkim.result.as_ref().map(|result| result.as_str()),
                "human_result": dkim.human_result,
            })
        })
        .collect();
    let spf: Vec<Value> = row
        .spf_results
        .iter()
        .map(|spf| {
            json!({
                "domain": spf.domain,
                "scope": spf.scope.map(|scope| scope.as_str()),
                "result": spf.result.as_ref().map(|result| result.as_str()),
                "human_result": spf.human_result,
            })
        })
        .collect();
    json!({
        "row": {
            "source_ip": row.source_ip.map(|ip| ip.to_string()),
            "count": row.count,
            "policy_evaluated": {
                "disposition": row.disposition.map(|disposition| disposition.as_str()),
                "dkim": row.dkim.map(|result| result.as_str()),
                "spf": row.spf.map(|result| result.as_str()),
                "reason": reasons,
            },
        },
        "identifiers": {
            "envelope_to": row.envelope_to,
            "envelope_from": row.envelope_from,
            "header_from": row.header_from,
        },
        "auth_results": { "dkim": dkim, "spf": spf },
        "extensions": extensions(&row.extensions),
    })
}

fn extensions(list: &[aggregate::Extension]) -> Vec<Value> {
    list.iter()
        .map(|extension| json!({ "name": extension.name, "definition": extension.definition }))
        .collect()
}

fn full_failure(report: &failure::Report) -> Value {
    let mut value = Map::new();
    let mut put = |key: &str, is: Value| value.insert(key.to_owned(), is);
    put("feedback_type", json!(report.feedback_type));
    put("version", json!(report.version));
    put("user_agent", json!(report.user_agent));
    put("source_ip", json!(report.source_ip.map(|ip| ip.to_string())));
    put("source_port", json!(report.source_port));
    put("arrival_date", json!(report.arrival_date));
    put("incidents", json!(report.incidents));
    put("original_envelope_id", json!(report.original_envelope_id));
    put("original_mail_from", json!(report.original_mail_from));
    put("original_rcpt_to", json!(report.original_rcpt_to.first()));
    put("reporting_mta", json!(report.reporting_mta));
    put("reported_domain", json!(report.reported_domain));
    put("reported_uri", json!(report.reported_uri));
    put("authentication_results", json!(report.authentication_results));
    put("auth_failure", json!(report.auth_failure.first()));
    put("identity_alignment", json!(report.identity_alignment));
    put("delivery_result", json!(report.delivery_result));
    put("dkim_domain", json!(report.dkim.domain));
    put("dkim_identity", json!(report.dkim.identity));
    put("dkim_selector", json!(report.dkim.selector));
    put("spf_dns", json!(report.spf_dns.first()));
    Value::Object(value)
}
