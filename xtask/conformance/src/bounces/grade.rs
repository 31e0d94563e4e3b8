//! The suites of manifest.json.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use mailwright_bounces::{Action, Class, Kind, Recipient, Report, parse};
use serde_json::{Value, json};

use super::entry::{Entry, Wanted};
use crate::case::{Case, Input, Verdict};
use crate::json;

/// A message, parsed when the first case needs it.
struct Subject {
    path: PathBuf,
    entry: Entry,
    report: OnceCell<Result<Report, String>>,
}

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let manifest = folder.join("manifest.json");
    if !manifest.exists() {
        return Vec::new();
    }
    let entries = match json::elements_of_file(&manifest) {
        Ok(entries) => entries,
        Err(why) => return vec![Case::unreadable("kind", "manifest.json".to_owned(), why)],
    };
    entries.into_iter().enumerate().flat_map(|(number, entry)| of_entry(folder, number, &entry)).collect()
}

fn of_entry(folder: &Path, number: usize, value: &Result<Value, String>) -> Vec<Case> {
    let entry = value.as_ref().map_err(Clone::clone).and_then(Entry::read);
    match entry {
        Ok(entry) => {
            let subject = Rc::new(Subject { path: folder.join(&entry.file), entry, report: OnceCell::new() });
            of_subject(&subject)
        }
        Err(why) => {
            let name = value.as_ref().ok().and_then(|value| value.get("file")).and_then(Value::as_str);
            let id = name.map_or_else(|| number.to_string(), str::to_owned);
            broken_suites(value.as_ref().ok())
                .into_iter()
                .map(|suite| Case::unreadable(suite, id.clone(), &why))
                .collect()
        }
    }
}

/// The suites that a broken entry belongs to, as far as it can be told.
fn broken_suites(value: Option<&Value>) -> Vec<&'static str> {
    let mut suites = vec!["kind"];
    let kind = value.and_then(|value| value.get("kind")).and_then(Value::as_str).unwrap_or("bounce");
    match kind {
        "bounce" => {
            let has =
                |key: &str| value.is_some_and(|value| value.get(key).is_some_and(|value| !value.is_null()));
            let recipients = value.and_then(|value| value.get("recipients")).and_then(Value::as_array);
            let optional = value.and_then(|value| value.get("recipients_optional")).and_then(Value::as_bool)
                == Some(true);
            if !optional && recipients.is_some_and(|recipients| !recipients.is_empty()) {
                suites.extend(["recipients", "reason", "reason-best", "hard-soft", "status", "action"]);
            }
            if has("any_reason") {
                suites.push("any-reason");
            }
        }
        "feedback_report" => suites.extend(["no-false-positive", "feedback"]),
        "delivery_notification" => suites.extend(["no-false-positive", "notifications"]),
        _ => suites.push("no-false-positive"),
    }
    suites
}

type Judge = fn(&Subject, usize, &Value) -> Verdict;

fn of_subject(subject: &Rc<Subject>) -> Vec<Case> {
    let entry = &subject.entry;
    let mut cases = Vec::new();
    let mut add = |suite, number: Option<usize>, want: Value, judge: Judge| {
        let shared = Rc::clone(subject);
        let id = number.map_or_else(|| entry.file.clone(), |number| format!("{}#{number}", entry.file));
        cases.push(Case {
            suite,
            id,
            input: Input::File(subject.path.clone()),
            want: Ok(want),
            judge: Box::new(move |want| judge(&shared, number.unwrap_or(0), want)),
        });
    };
    add("kind", None, json!(entry.kind_accept), |subject, _, want| {
        subject.with(|report| among(want, kind_name(report)))
    });
    if entry.kind != "bounce" {
        let may = entry.kind_accept.iter().any(|kind| kind == "bounce");
        add("no-false-positive", None, json!(may), |subject, _, want| {
            let may = want.as_bool() == Some(true);
            subject.with(|report| {
                if may || kind_name(report) != "bounce" {
                    Verdict::Right
                } else {
                    Verdict::wrong("no bounce", "bounce")
                }
            })
        });
    }
    if !entry.any_reason.is_empty() {
        add("any-reason", None, json!(entry.any_reason), |subject, _, want| {
            subject.with(|report| {
                let reasons: Vec<&str> =
                    report.recipients.iter().map(|one| one.verdict.reason.name()).collect();
                if reasons.iter().any(|reason| contains(want, reason)) {
                    Verdict::Right
                } else {
                    Verdict::wrong(want, reasons.join(" "))
                }
            })
        });
    }
    if entry.kind == "feedback_report" {
        add("feedback", None, addresses_of(entry), feedback);
    }
    if entry.kind == "delivery_notification" {
        add("notifications", None, addresses_of(entry), notifications);
    }
    if entry.is_address_entry() {
        add("recipients", None, addresses_of(entry), |subject, _, _| {
            subject.with(|report| {
                let wanted: Vec<&Wanted> =
                    subject.entry.recipients.iter().filter(|wanted| wanted.is_failure()).collect();
                same_addresses(&wanted, &failed(report))
            })
        });
        for (number, wanted) in entry.recipients.iter().enumerate().filter(|(_, wanted)| wanted.is_failure())
        {
            of_recipient(number, wanted, &mut add);
        }
    }
    cases
}

fn of_recipient(
    number: usize,
    wanted: &Wanted,
    add: &mut impl FnMut(&'static str, Option<usize>, Value, Judge),
) {
    let number = Some(number);
    if let Some(reason) = &wanted.reason {
        add("reason", number, json!(wanted.reason_accept), |subject, number, want| {
            subject.of(number, |one| among(want, one.verdict.reason.name()))
        });
        add("reason-best", number, json!([reason]), |subject, number, want| {
            subject.of(number, |one| among(want, one.verdict.reason.name()))
        });
        add("hard-soft", number, json!(wanted.hard_accept), |subject, number, want| {
            subject.of(number, |one| {
                let hard = one.verdict.class == Class::Hard;
                let accepted = want.as_array().is_some_and(|list| list.contains(&json!(hard)));
                if accepted {
                    Verdict::Right
                } else {
                    Verdict::wrong(want, format!("{hard} ({})", told(one)))
                }
            })
        });
        if wanted.hard_accept == [false] {
            add("no-false-hard", number, json!([false]), |subject, number, _| {
                let verdict = subject.of(number, |one| {
                    if one.verdict.class == Class::Hard {
                        Verdict::wrong("not hard", told(one))
                    } else {
                        Verdict::Right
                    }
                });
                // A recipient that was not answered was not called hard.
                match verdict {
                    Verdict::Wrong { got, .. } if got == MISSING => Verdict::Right,
                    verdict => verdict,
                }
            });
        }
    }
    if !wanted.status.is_empty() {
        add("status", number, json!(wanted.status), |subject, number, want| {
            subject
                .of(number, |one| among(want, &one.status.map_or(String::new(), |status| status.to_string())))
        });
    }
    if let Some(action) = &wanted.action {
        add("action", number, json!([action]), |subject, number, want| {
            subject.of(number, |one| among(want, action_name(one.action)))
        });
    }
    if let Some(id) = &wanted.message_id {
        add("message-id", number, json!([id]), |subject, number, want| {
            let verdict = subject.of(number, |_| Verdict::Right);
            match verdict {
                Verdict::Right => subject.with(|report| {
                    let id = report.original.as_ref().and_then(|original| original.message_id.as_deref());
                    among(want, id.unwrap_or_default())
                }),
                wrong => wrong,
            }
        });
    }
    let info: [(&'static str, &Option<String>, Judge); 4] = [
        ("info reply-code", &wanted.reply_code, |subject, number, want| {
            subject
                .of(number, |one| among(want, &one.reply_code.map_or(String::new(), |code| code.to_string())))
        }),
        ("info command", &wanted.command, |subject, number, want| {
            subject.of(number, |one| among(want, one.command.map_or("", |command| command.name())))
        }),
        ("info remote-host", &wanted.remote_host, |subject, number, want| {
            subject.of(number, |one| among(want, one.remote_mta.as_deref().unwrap_or_default()))
        }),
        ("info alias", &wanted.alias, |subject, number, want| {
            subject.of(number, |one| among(want, one.original.as_deref().unwrap_or_default()))
        }),
    ];
    for (suite, want, judge) in info {
        if let Some(want) = want {
            add(suite, number, json!([want]), judge);
        }
    }
}

/// What a recipient that was not answered is called in the report.
const MISSING: &str = "no such recipient";

impl Subject {
    fn with(&self, judge: impl FnOnce(&Report) -> Verdict) -> Verdict {
        let read = || std::fs::read(&self.path).map(|raw| parse(&raw)).map_err(|error| error.to_string());
        match self.report.get_or_init(read) {
            Ok(report) => judge(report),
            Err(why) => Verdict::wrong("a file that can be read", why),
        }
    }

    /// Judges the first answer for a recipient.
    fn of(&self, number: usize, judge: impl FnOnce(&Recipient) -> Verdict) -> Verdict {
        let Some(wanted) = self.entry.recipients.get(number) else {
            return Verdict::wrong("a recipient of the entry", number);
        };
        self.with(|report| match failed(report).into_iter().find(|one| wanted.is(&one.address)) {
            Some(one) => judge(one),
            None => Verdict::wrong(&wanted.address, MISSING),
        })
    }
}

fn told(one: &Recipient) -> String {
    format!(
        "{} by {:?}: {}",
        one.verdict.reason,
        one.verdict.rule.as_deref().unwrap_or("nothing"),
        one.diagnostic
    )
}

/// The recipients that count in address entries.
fn failed(report: &Report) -> Vec<&Recipient> {
    report.failures().collect()
}

/// Our kind in the suite's words.
fn kind_name(report: &Report) -> &'static str {
    match report.kind {
        Kind::Bounce | Kind::DelayWarning => "bounce",
        Kind::DeliveryNotification => "delivery_notification",
        Kind::FeedbackReport => "feedback_report",
        Kind::AutoReply => "auto_reply",
        _ => "not_bounce",
    }
}

/// Our action in the suite's words: a failure whose action is not stated counts as failed.
fn action_name(action: Action) -> &'static str {
    match action {
        Action::NotStated => "failed",
        action => action.name(),
    }
}

fn contains(want: &Value, got: &str) -> bool {
    want.as_array().is_some_and(|list| list.iter().any(|one| one.as_str() == Some(got)))
}

fn among(want: &Value, got: &str) -> Verdict {
    if contains(want, got) { Verdict::Right } else { Verdict::wrong(want, got) }
}

fn addresses_of(entry: &Entry) -> Value {
    json!(entry.recipients.iter().map(|wanted| wanted.address.as_str()).collect::<Vec<_>>())
}

/// Whether both sets are equal: each expected one is answered, and nothing else is.
fn same_addresses(wanted: &[&Wanted], got: &[&Recipient]) -> Verdict {
    let all = wanted.iter().all(|wanted| got.iter().any(|one| wanted.is(&one.address)));
    let none_else = got.iter().all(|one| wanted.iter().any(|wanted| wanted.is(&one.address)));
    if all && none_else {
        return Verdict::Right;
    }
    let names = |names: Vec<&str>| names.join(", ");
    Verdict::wrong(
        names(wanted.iter().map(|wanted| wanted.address.as_str()).collect()),
        names(got.iter().map(|one| one.address.as_str()).collect()),
    )
}

fn feedback(subject: &Subject, _: usize, _: &Value) -> Verdict {
    const REGISTERED: [&str; 6] = ["abuse", "fraud", "virus", "other", "not-spam", "auth-failure"];
    subject.with(|report| {
        if report.kind != Kind::FeedbackReport {
            return Verdict::wrong("feedback_report", report.kind.name());
        }
        if let Some(wanted) = &subject.entry.feedback_type {
            let wanted = wanted.to_lowercase();
            let got = report
                .feedback
                .as_ref()
                .and_then(|feedback| feedback.feedback_type.as_deref())
                .unwrap_or_default();
            let other = !REGISTERED.contains(&wanted.as_str()) && got == "other";
            if got != wanted && !other {
                return Verdict::wrong(wanted, got);
            }
        }
        if subject.entry.optional {
            return Verdict::Right;
        }
        let wanted: Vec<&Wanted> = subject.entry.recipients.iter().collect();
        same_addresses(&wanted, &report.recipients.iter().collect::<Vec<_>>())
    })
}

fn notifications(subject: &Subject, _: usize, _: &Value) -> Verdict {
    subject.with(|report| {
        if report.kind != Kind::DeliveryNotification {
            return Verdict::wrong("delivery_notification", report.kind.name());
        }
        let wanted: Vec<&Wanted> = subject.entry.recipients.iter().collect();
        if !subject.entry.optional {
            let same = same_addresses(&wanted, &report.recipients.iter().collect::<Vec<_>>());
            if same != Verdict::Right {
                return same;
            }
        }
        for wanted in wanted {
            let got = report.recipients.iter().find(|one| wanted.is(&one.address));
            if let (Some(action), Some(got)) = (&wanted.action, got)
                && action_name(got.action) != action
            {
                return Verdict::wrong(action, got.action.name());
            }
        }
        Verdict::Right
    })
}
