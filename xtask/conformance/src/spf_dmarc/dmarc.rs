//! The suite `dmarc`: an entry of `dmarc/cases.json` a case.

use std::path::Path;

use mailwright_dmarc::destination::{Destinations, ReportKind, report_destinations};
use mailwright_dmarc::record::{PolicyTag, ReportUri};
use mailwright_dmarc::{
    Author, Config, DkimIdentifier, Evaluation, Identifiers, Mode, PublicSuffixList, Record, SpfIdentifier,
    evaluate, walk,
};
use mailwright_dns::{Counting, Kind, Zone};
use mailwright_message_model::Header;
use mailwright_message_model::domain::{Domain, OrgDomain};
use serde_json::{Map, Value, json};

use super::zone;
use crate::case::{Case, Input, Verdict};
use crate::json;

const SUITE: &str = "dmarc";
const FILE: &[&str] = &["format", "suite", "cases", "title", "sources", "notes"];
const COMMON: &[&str] =
    &["id", "kind", "mode", "expect", "spec", "description", "comment", "note", "soft", "soft_why"];

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let path = folder.join("cases.json");
    if !path.exists() {
        return Vec::new();
    }
    let whole = |why: String| vec![Case::unreadable(SUITE, "cases.json".into(), why)];
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return whole(error.to_string()),
    };
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => return whole(error.to_string()),
    };
    let Some(cases) = value.get("cases").and_then(Value::as_array) else {
        return whole("`cases` is missing or no list".into());
    };
    // Every case of a file of another form fails, so the cases are found all the same.
    let form = match value.get("format") {
        Some(format) if *format == json!(1) => json::object(&value, FILE).map(drop),
        other => Err(format!("format {}", other.unwrap_or(&Value::Null))),
    };
    let hard = cases.iter().filter(|case| case.get("soft") != Some(&Value::Bool(true)));
    hard.map(|case| {
        let id = case.get("id").and_then(Value::as_str).unwrap_or("?").to_owned();
        let read = form.clone().and_then(|()| read(&id, case));
        read.unwrap_or_else(|why| Case::unreadable(SUITE, id, why))
    })
    .collect()
}

fn read(id: &str, case: &Value) -> Result<Case, String> {
    let kind = case.get("kind").and_then(Value::as_str).unwrap_or_default();
    let (own, expected): (&[&str], &[&str]) = match kind {
        "evaluate" => (&["zone", "from", "spf", "dkim", "mail_from", "psl", "raw_from"], EVALUATED),
        "parse" => (&["record"], PARSED),
        "report_destination" => (&["zone", "policy_domain", "rua", "psl"], DESTINATIONS),
        other => return Err(format!("unknown kind `{other}`")),
    };
    let known: Vec<&str> = COMMON.iter().chain(own).copied().collect();
    let object = json::object(case, &known)?;
    let expect = object.get("expect").unwrap_or(&Value::Null);
    let wanted = json::object(expect, expected)?;
    let by_list = match json::text(object, "mode")? {
        "rfc9989" => false,
        "rfc7489" => true,
        other => return Err(format!("unknown mode `{other}`")),
    };
    let list = list(object, by_list)?;
    let ours: Box<dyn Fn() -> Value> = match kind {
        "parse" => {
            let record = json::text(object, "record")?.to_owned();
            Box::new(move || parsed(&record))
        }
        "evaluate" => {
            known_word(wanted, "result", &["pass", "fail", "temperror", "none", "permerror"])?;
            let message = Evaluate::read(object, list)?;
            Box::new(move || message.ours())
        }
        _ => {
            let zone = zone::read(object.get("zone").unwrap_or(&Value::Null))?;
            let domain: Domain = domain(json::text(object, "policy_domain")?)?;
            let uris: Result<Vec<&str>, String> = json::list(object, "rua")?
                .iter()
                .map(|uri| uri.as_str().ok_or("`rua` holds no text".into()))
                .collect();
            let record: Record = format!("v=DMARC1; p=none; rua={}", uris?.join(","))
                .parse()
                .map_err(|error| format!("{error}"))?;
            Box::new(move || destinations(&record, &domain, &zone, list.as_ref()))
        }
    };
    let judge = Box::new(move |want: &Value| {
        let ours = ours();
        let keys = want.as_object().into_iter().flatten();
        let wrong: Vec<_> = keys.filter(|(key, want)| !agrees(key, want, &ours)).collect();
        if wrong.is_empty() { Verdict::Right } else { Verdict::wrong(want, ours) }
    });
    Ok(Case {
        suite: SUITE,
        id: id.to_owned(),
        input: Input::Text(case.to_string()),
        want: Ok(expect.clone()),
        judge,
    })
}

const EVALUATED: &[&str] = &[
    "result",
    "policy_domain",
    "organizational_domain",
    "policy",
    "disposition",
    "spf_aligned",
    "dkim_aligned",
    "testing",
    "adkim",
    "aspf",
    "txt_queries",
    "max_txt_queries",
];
const PARSED: &[&str] = &["valid", "p", "sp", "np", "adkim", "aspf", "psd", "t", "fo", "rua", "ruf"];
const DESTINATIONS: &[&str] = &["deliver_to", "temporary", "txt_queries_to_report_names"];

/// Whether our answer has under `key` what is wanted.
fn agrees(key: &str, want: &Value, ours: &Value) -> bool {
    let ours = ours.get(key).unwrap_or(&Value::Null);
    let names = |value: &Value| {
        let list = value.as_array().cloned().unwrap_or_default();
        let mut names: Vec<Option<Domain>> =
            list.iter().map(|name| name.as_str().and_then(|name| name.parse().ok())).collect();
        names.sort();
        names.dedup();
        names
    };
    match key {
        "max_txt_queries" => ours.as_u64().zip(want.as_u64()).is_some_and(|(ours, most)| ours <= most),
        "txt_queries" => want.is_array() && names(want) == names(ours),
        "policy_domain" | "organizational_domain" => {
            let domain = |value: &Value| value.as_str().and_then(|name| name.parse::<Domain>().ok());
            if want.is_null() {
                ours.is_null()
            } else {
                domain(want).is_some() && domain(want) == domain(ours)
            }
        }
        _ => want == ours,
    }
}

fn known_word(object: &Map<String, Value>, key: &str, words: &[&str]) -> Result<(), String> {
    match object.get(key) {
        Some(Value::String(word)) if !words.contains(&word.as_str()) => {
            Err(format!("unknown {key} `{word}`"))
        }
        _ => Ok(()),
    }
}

fn domain(name: &str) -> Result<Domain, String> {
    name.parse().map_err(|error| format!("{name}: {error}"))
}

/// The rules of the case; without any, the rule `*` holds.
fn list(object: &Map<String, Value>, by_list: bool) -> Result<Option<PublicSuffixList>, String> {
    let rules = if object.contains_key("psl") { json::list(object, "psl")? } else { &[] };
    if !by_list && !rules.is_empty() {
        return Err("`psl` in another mode than rfc7489".into());
    }
    let rules: Option<Vec<&str>> = rules.iter().map(Value::as_str).collect();
    let rules = rules.ok_or("`psl` holds no text")?;
    Ok(by_list.then(|| PublicSuffixList::parse(&rules.join("\n"))))
}

struct Evaluate {
    zone: Zone,
    author: Author,
    /// The author by `raw_from`, where it is given.
    raw: Option<Author>,
    found: Identifiers,
    list: Option<PublicSuffixList>,
}

impl Evaluate {
    fn read(object: &Map<String, Value>, list: Option<PublicSuffixList>) -> Result<Self, String> {
        let from: Option<Vec<&str>> = json::list(object, "from")?.iter().map(Value::as_str).collect();
        let author = Author::of_addresses(from.ok_or("`from` holds no text")?);
        let raw = match object.get("raw_from") {
            None => None,
            Some(raw) => {
                let raw = raw.as_str().ok_or("`raw_from` is no text")?;
                Some(Author::of_fields(Header::new(raw.as_bytes())))
            }
        };
        let spf = match object.get("spf") {
            None | Some(Value::Null) => None,
            Some(spf) => {
                let spf = json::object(spf, &["domain", "result"])?;
                let result = json::text(spf, "result")?.parse().map_err(|error| format!("{error}"))?;
                Some(SpfIdentifier::new(domain(json::text(spf, "domain")?)?, result))
            }
        };
        let dkim = if object.contains_key("dkim") { json::list(object, "dkim")? } else { &[] };
        let dkim = dkim.iter().map(|dkim| {
            let dkim = json::object(dkim, &["domain", "selector", "result"])?;
            let selector = dkim.get("selector").and_then(Value::as_str);
            let result = json::text(dkim, "result")?.parse().map_err(|error| format!("{error}"))?;
            Ok(DkimIdentifier::new(domain(json::text(dkim, "domain")?)?, selector, result))
        });
        let found = Identifiers { spf, dkim: dkim.collect::<Result<_, String>>()?, arc: None };
        let zone = zone::read(object.get("zone").unwrap_or(&Value::Null))?;
        Ok(Self { zone, author, raw, found, list })
    }

    fn ours(&self) -> Value {
        if let Some(ours) = &self.raw {
            let sorted = |author: &Author| {
                let mut list = author.mailboxes().to_vec();
                list.sort();
                list
            };
            if sorted(ours) != sorted(&self.author) {
                return json!({ "raw_from": format!("{ours:?}") });
            }
        }
        let counting = Counting::new(&self.zone);
        let config = self.list.as_ref().map_or_else(Config::default, |list| Config::public_suffix(list));
        let evaluation = evaluate(&self.author, &self.found, &counting, &config);
        let names = counting.names(Kind::Txt);
        let asked: Vec<String> = names.iter().map(|name| name.to_string().to_ascii_lowercase()).collect();
        let policies: Vec<&String> = asked.iter().filter(|name| name.starts_with("_dmarc.")).collect();
        let record = evaluation.record.as_deref();
        json!({
            "result": evaluation.verdict.as_str(),
            "policy_domain": evaluation.policy_domain.as_ref().map(Domain::as_str),
            "organizational_domain": self.organizational(&evaluation).as_ref().map(Domain::as_str),
            "policy": evaluation.published.map(|published| published.policy.as_str()),
            "disposition": evaluation.requested.as_str(),
            "spf_aligned": evaluation.spf_aligned(),
            "dkim_aligned": evaluation.dkim_aligned(),
            "testing": evaluation.is_testing(),
            "adkim": record.map(|record| record.adkim().as_str()),
            "aspf": record.map(|record| record.aspf().as_str()),
            "txt_queries": policies,
            "max_txt_queries": asked.len(),
            "why": evaluation.to_string(),
        })
    }

    /// An evaluation does not ask for the organizational domain where nothing depends on it; the suite may.
    fn organizational(&self, evaluation: &Evaluation) -> Option<Domain> {
        evaluation.organizational_domain.clone().or_else(|| {
            let author = evaluation.author.as_ref()?;
            match &self.list {
                Some(list) => Some(list.org(author)),
                None => walk::organizational_domain(author, &self.zone).ok(),
            }
        })
    }
}

fn parsed(record: &str) -> Value {
    let Ok(record) = record.parse::<Record>() else { return json!({ "valid": false }) };
    let policy = |tag: &PolicyTag| tag.policy().map(|policy| policy.as_str());
    let uris = |uris: &[ReportUri]| -> Vec<Value> { uris.iter().map(uri).collect() };
    let fo: Vec<&str> = record.fo().iter().map(|option| option.as_str()).collect();
    json!({
        "valid": true,
        "p": policy(record.p()).unwrap_or("none"),
        "sp": policy(record.sp()),
        "np": policy(record.np()),
        "adkim": record.adkim().as_str(),
        "aspf": record.aspf().as_str(),
        "psd": record.psd().as_str(),
        "t": if record.is_testing() { "y" } else { "n" },
        "fo": fo,
        "rua": uris(record.rua()),
        "ruf": uris(record.ruf()),
    })
}

fn uri(uri: &ReportUri) -> Value {
    match uri.obsolete_size() {
        Some(octets) => json!({ "uri": uri.uri(), "obsolete_size": octets }),
        None => json!({ "uri": uri.uri() }),
    }
}

fn destinations(record: &Record, domain: &Domain, zone: &Zone, list: Option<&PublicSuffixList>) -> Value {
    let mode = list.map_or(Mode::TreeWalk, |list| Mode::PublicSuffix { list, sample: 0 });
    let counting = Counting::new(zone);
    let found: Destinations = report_destinations(record, ReportKind::Aggregate, domain, &counting, mode);
    let report =
        |name: &&mailwright_dns::Name| name.to_string().to_ascii_lowercase().contains("._report._dmarc.");
    let deliver: Vec<&str> = found.deliver_to().iter().map(|uri| uri.uri()).collect();
    json!({
        "deliver_to": deliver,
        "temporary": found.is_temporary(),
        "txt_queries_to_report_names": counting.names(Kind::Txt).iter().filter(report).count(),
    })
}
