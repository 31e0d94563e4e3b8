//! Mailboxes of the suites, and those of which the whole answer is graded.

use std::cell::OnceCell;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use mailwright_threading::{Algorithm, Header, IdMode, Limits, Options, sent_date, thread};
use serde_json::Value;

use super::{answer, entries};
use crate::case::{Case, Input, Verdict};
use crate::json;

/// A message of a mailbox: the values of its fields.
pub(super) struct Message {
    arrived: i64,
    date: String,
    subject: String,
    message_id: String,
    in_reply_to: String,
    references: String,
}

/// A mailbox that is read when it is first asked for.
struct Mailbox {
    path: PathBuf,
    messages: OnceCell<Result<Vec<Message>, String>>,
}

/// The suites REFERENCES, ORDEREDSUBJECT and REFS.
pub(super) fn corpora(folder: &Path) -> Vec<Case> {
    let mut mailboxes: Vec<(String, Rc<Mailbox>)> = Vec::new();
    for (name, path) in entries(&folder.join("corpora")) {
        if let Some(name) = name.strip_suffix(".jsonl.zst") {
            mailboxes.push((name.to_owned(), Rc::new(Mailbox { path, messages: OnceCell::new() })));
        }
    }
    let mut cases = Vec::new();
    for (name, path) in entries(&folder.join("expected")) {
        let Some(stem) = name.strip_suffix(".txt.zst") else { continue };
        let (corpus, algorithm) = stem.rsplit_once('.').unwrap_or((stem, ""));
        let Some((suite, algorithm)) = suite(algorithm) else {
            cases.push(Case::unreadable("REFERENCES", stem.to_owned(), "an unknown algorithm"));
            continue;
        };
        let id = corpus.to_owned();
        let Some((_, mailbox)) = mailboxes.iter().find(|(name, _)| name == corpus) else {
            cases.push(Case::unreadable(suite, id, "its corpus is missing"));
            continue;
        };
        let mailbox = Rc::clone(mailbox);
        let input = Input::File(mailbox.path.clone());
        let want = unpacked(&path).map(|text| Value::String(text.trim_end().to_owned()));
        let judge = Box::new(move |want: &Value| {
            let messages = match mailbox.messages() {
                Ok(messages) => messages,
                Err(why) => return Verdict::wrong("a corpus of the form that the README describes", why),
            };
            let want = want.as_str().unwrap_or_default();
            let ours = imap(messages, algorithm);
            if algorithm == Algorithm::Refs {
                answer::same_trees(want, &ours, messages.len())
            } else {
                answer::same_text(want, &ours)
            }
        });
        cases.push(Case { suite, id, input, want, judge });
    }
    cases
}

fn suite(algorithm: &str) -> Option<(&'static str, Algorithm)> {
    Some(match algorithm {
        "REFERENCES" => ("REFERENCES", Algorithm::References),
        "ORDEREDSUBJECT" => ("ORDEREDSUBJECT", Algorithm::OrderedSubject),
        "REFS" => ("REFS", Algorithm::Refs),
        _ => return None,
    })
}

/// The suite `adversarial`: folders of mailboxes, and of answers with the same names.
pub(super) fn adversarial(folder: &Path) -> Vec<Case> {
    let (boxes, answers) = (entries(folder), entries(&folder.join("expected")));
    let mut folders: Vec<&String> = boxes.iter().chain(&answers).map(|(name, _)| name).collect();
    folders.retain(|name| name.starts_with("adversarial-"));
    folders.sort();
    folders.dedup();
    folders.into_iter().flat_map(|name| sized(folder, name)).collect()
}

fn sized(folder: &Path, size: &str) -> Vec<Case> {
    let (boxes, answers) = (folder.join(size), folder.join("expected").join(size));
    let named = |(name, _): (String, PathBuf)| {
        name.strip_suffix(".jsonl.zst").or_else(|| name.strip_suffix(".txt")).map(str::to_owned)
    };
    let mut names: Vec<String> =
        entries(&boxes).into_iter().chain(entries(&answers)).filter_map(named).collect();
    names.sort();
    names.dedup();
    let case = |name: String| {
        let path = boxes.join(format!("{name}.jsonl.zst"));
        let answer = answers.join(format!("{name}.txt"));
        let want = std::fs::read_to_string(&answer)
            .map(|text| Value::String(text.trim_end().to_owned()))
            .map_err(|error| error.to_string());
        let input = Input::File(path.clone());
        let judge = Box::new(move |want: &Value| match unpacked(&path).and_then(|text| read(&text)) {
            Ok(messages) => {
                let ours = imap(&messages, Algorithm::References);
                answer::same_text(want.as_str().unwrap_or_default(), &ours)
            }
            Err(why) => Verdict::wrong("a mailbox of the form that the README describes", why),
        });
        Case { suite: "adversarial", id: format!("{size}/{name}"), input, want, judge }
    };
    names.into_iter().map(case).collect()
}

impl Mailbox {
    fn messages(&self) -> Result<&[Message], &str> {
        let read = self.messages.get_or_init(|| unpacked(&self.path).and_then(|text| read(&text)));
        read.as_deref().map_err(String::as_str)
    }
}

/// The text in a file that Zstandard packed.
fn unpacked(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(zstd::Decoder::new)
        .and_then(|mut decoder| decoder.read_to_string(&mut text))
        .map_err(|error| error.to_string())?;
    Ok(text)
}

/// The messages of a mailbox: an object a line, numbered from 1.
pub(super) fn read(text: &str) -> Result<Vec<Message>, String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .enumerate()
        .map(|(index, line)| message(index + 1, line).map_err(|why| format!("line {}: {why}", index + 1)))
        .collect()
}

fn message(number: usize, line: &str) -> Result<Message, String> {
    const KNOWN: &[&str] = &["n", "t", "from", "date", "subject", "message_id", "in_reply_to", "references"];
    let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let object = json::object(&value, KNOWN)?;
    if json::number(object, "n")? != number {
        return Err(format!("`n` is not {number}"));
    }
    let field = |key: &str| match object.get(key) {
        None => Ok(String::new()),
        Some(_) => json::text(object, key).map(str::to_owned),
    };
    field("from")?;
    Ok(Message {
        arrived: object.get("t").and_then(Value::as_i64).ok_or("`t` is missing or no whole number")?,
        date: field("date")?,
        subject: field("subject")?,
        message_id: field("message_id")?,
        in_reply_to: field("in_reply_to")?,
        references: field("references")?,
    })
}

/// Our answer to `THREAD`, with the settings that the README states.
pub(super) fn imap(messages: &[Message], algorithm: Algorithm) -> String {
    let headers = messages.iter().map(|message| Header {
        message_id: message.message_id.as_bytes(),
        in_reply_to: message.in_reply_to.as_bytes(),
        references: message.references.as_bytes(),
        subject: message.subject.as_bytes(),
        sent: sent_date(message.date.as_bytes(), IdMode::Dovecot),
        arrived: message.arrived,
        ..Header::default()
    });
    let options = Options { limits: Limits::NONE, ..Options::dovecot(algorithm) };
    thread(headers, &options).map_or_else(|error| error.to_string(), |forest| forest.to_imap().to_string())
}
