//! The suite `mime`: a message of mime/manifest.json a case.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailwright_amp_mime::gate::{
    ClientProfile, FallbackReason, Registered, SenderAuth, Verdict as Shown, decide,
};
use mailwright_amp_mime::locate::{Structure, StructureWarning, locate};
use mailwright_amp_mime::validate;
use mailwright_dmarc::PublicSuffixList;
use mailwright_message_model::Message;
use mailwright_message_model::date::DateTime;
use serde_json::{Map, Value, json};

use super::documents::{findings, status_of, wanted_error};
use crate::case::{Case, Input, Verdict};
use crate::json;

const SUITE: &str = "mime";
const CASE: &[&str] = &["file", "structure", "warnings", "amp_status", "amp_errors", "verdict", "rule"];
const POLICY: &[&str] = &["trusted_authserv_id", "now", "max_age_days", "registered"];
const STRUCTURES: &[&str] = &["ok", "none", "amp_not_in_alternative", "multiple_amp_parts", "no_fallback"];

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let Some(value) = super::file(&folder.join("manifest.json")) else { return Vec::new() };
    let read = value.and_then(|value| {
        let object = json::object(&value, &["note", "policy", "order", "cases"])?;
        let policy = Policy::read(object.get("policy").ok_or("`policy` is missing")?, folder)?;
        let policy = Arc::new(policy);
        Ok(json::list(object, "cases")?.iter().map(|element| case(element, folder, &policy)).collect())
    });
    read.unwrap_or_else(|why: String| vec![Case::unreadable(SUITE, "manifest.json".to_owned(), why)])
}

/// What all messages of a manifest are held to.
struct Policy {
    trusted: String,
    now: u64,
    profiles: Vec<ClientProfile>,
    registered: Registered,
    suffixes: PublicSuffixList,
}

impl Policy {
    fn read(value: &Value, folder: &Path) -> Result<Self, String> {
        let object = json::object(value, POLICY)?;
        let now = DateTime::parse(json::text(object, "now")?.as_bytes()).ok_or("`now` is no time")?;
        let days = u32::try_from(json::number(object, "max_age_days")?).map_err(|error| error.to_string())?;
        let mut profiles = ClientProfile::all();
        for profile in profiles.iter_mut().filter(|profile| profile.max_age_days > 0) {
            profile.max_age_days = days;
        }
        let lists = object.get("registered").ok_or("`registered` is missing")?;
        let lists = json::object(lists, &["gmail", "yahoo_dkim_domains", "mailru"])?;
        let mut registered = Registered::new();
        for (client, list) in lists {
            for entry in list.as_array().ok_or("a list of registrations is none")? {
                let text = entry.as_str().ok_or("a registration is no text")?;
                let why = |error: &dyn std::fmt::Display| format!("{text}: {error}");
                registered = if client == "yahoo_dkim_domains" {
                    registered.with_dkim_domain("yahoo", text.parse().map_err(|error| why(&error))?)
                } else {
                    registered.with_address(client, text.parse().map_err(|error| why(&error))?)
                };
            }
        }
        let trusted = json::text(object, "trusted_authserv_id")?.to_owned();
        let now = u64::try_from(now.to_unix()).map_err(|error| error.to_string())?;
        Ok(Self { trusted, now, profiles, registered, suffixes: suffixes(folder)? })
    }
}

/// The public suffix list of the area `spf-dmarc`, beside the folder or in the default data.
fn suffixes(folder: &Path) -> Result<PublicSuffixList, String> {
    let beside = folder.parent().and_then(Path::parent).map(Path::to_owned);
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let places: Vec<PathBuf> = beside.into_iter().chain(crate::default_data()).chain([shared]).collect();
    let texts = places.iter().map(|place| place.join("spf-dmarc/psl/public_suffix_list.dat"));
    let text = texts.filter_map(|path| std::fs::read_to_string(path).ok()).next();
    text.map(|text| PublicSuffixList::parse(&text)).ok_or_else(|| "no public suffix list is found".to_owned())
}

fn case(element: &Value, folder: &Path, policy: &Arc<Policy>) -> Case {
    let id = element.get("file").and_then(Value::as_str).unwrap_or("without file").to_owned();
    let read = || -> Result<Case, String> {
        let object = json::object(element, CASE)?;
        let want = wanted(object)?;
        let path = folder.join(json::text(object, "file")?);
        std::fs::metadata(&path).map_err(|error| error.to_string())?;
        let (input, policy) = (Input::File(path.clone()), Arc::clone(policy));
        let judge = Box::new(move |want: &Value| match std::fs::read(&path) {
            Ok(raw) => Verdict::equal(want, &answer(&raw, &policy)),
            Err(error) => Verdict::wrong(want, error),
        });
        Ok(Case { suite: SUITE, id: id.clone(), input, want: Ok(want), judge })
    };
    read().unwrap_or_else(|why| Case::unreadable(SUITE, id.clone(), why))
}

/// What is graded of a case, once all of it is known.
fn wanted(object: &Map<String, Value>) -> Result<Value, String> {
    let structure = json::text(object, "structure")?;
    if !STRUCTURES.contains(&structure) {
        return Err(format!("unknown structure `{structure}`"));
    }
    let warnings = json::list(object, "warnings")?;
    if warnings.iter().any(|warning| warning.as_str() != Some(StructureWarning::AmpAfterHtml.code())) {
        return Err("an unknown warning".into());
    }
    let status = object.get("amp_status").ok_or("`amp_status` is missing")?;
    if !status.is_null() && !["PASS", "FAIL"].contains(&status.as_str().unwrap_or_default()) {
        return Err(format!("unknown status {status}"));
    }
    let errors = json::list(object, "amp_errors")?.iter().map(wanted_error);
    let errors = in_order(errors.collect::<Result<_, _>>()?);
    let verdicts = object.get("verdict").ok_or("`verdict` is missing")?;
    let verdicts = json::object(verdicts, &["gmail", "yahoo", "mailru", "outlook"])?;
    for verdict in verdicts.values() {
        let word = verdict.as_str().ok_or("a verdict is no text")?;
        let reason = word.strip_prefix("fallback:");
        let is_known = |reason: &str| FallbackReason::ALL.iter().any(|known| known.code() == reason);
        if word != "render" && !reason.is_some_and(is_known) {
            return Err(format!("unknown verdict `{word}`"));
        }
    }
    Ok(json!({
        "structure": structure,
        "warnings": warnings,
        "amp_status": status,
        "amp_errors": errors,
        "verdict": verdicts,
    }))
}

/// Their order is not graded.
fn in_order(mut errors: Vec<Value>) -> Vec<Value> {
    errors.sort_by_cached_key(Value::to_string);
    errors
}

fn answer(raw: &[u8], policy: &Policy) -> Value {
    let message = match Message::parse(raw) {
        Ok(message) => message,
        Err(error) => return json!(error.to_string()),
    };
    let found = locate(&message, Some(policy.now));
    let is_ok = found.structure == Structure::Ok;
    let warned = found.warnings.iter().filter(|warning| is_ok && **warning == StructureWarning::AmpAfterHtml);
    let warnings: Vec<&str> = warned.map(|warning| warning.code()).collect();
    let report = found.amp.filter(|_| is_ok).map(|amp| validate(&amp.text()));
    let auth = SenderAuth::trusting(&message, &policy.trusted).with_org_domain(&policy.suffixes);
    let graded = policy.profiles.iter().filter(|profile| profile.id != "fairemail");
    let verdicts: Map<String, Value> = graded
        .map(|profile| {
            let verdict: Shown = decide(&message, &auth, profile, &policy.registered, policy.now).verdict;
            (profile.id.clone(), json!(verdict.to_string()))
        })
        .collect();
    json!({
        "structure": found.structure.name(),
        "warnings": warnings,
        "amp_status": report.as_ref().map(status_of),
        "amp_errors": report.as_ref().map(findings).map(in_order).unwrap_or_default(),
        "verdict": verdicts,
    })
}
