//! The suite `jwz-testthreader`: one mailbox, of which each message is a case.

use std::path::Path;
use std::rc::Rc;

use mailwright_threading::Algorithm;
use serde_json::Value;

use super::answer::{self, Trees};
use super::mailbox;
use crate::case::{Case, Input, Verdict};

const SUITE: &str = "jwz-testthreader";

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let path = folder.join("jwz-testthreader.jsonl");
    let answer = folder.join("expected").join("jwz-testthreader.REFERENCES.txt");
    if !path.exists() && !answer.exists() {
        return Vec::new();
    }
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| error.to_string());
    let both = read(&path).and_then(|text| Ok((mailbox::read(&text)?, read(&answer)?)));
    let (messages, want) = match both {
        Ok(both) => both,
        Err(why) => return vec![Case::unreadable(SUITE, SUITE.to_owned(), why)],
    };
    let count = messages.len();
    let messages = Rc::new(messages);
    let want = Value::String(want.trim_end().to_owned());
    (1..=count)
        .map(|number| {
            let messages = Rc::clone(&messages);
            let judge = Box::new(move |want: &Value| {
                let ours = mailbox::imap(&messages, Algorithm::References);
                grade(want.as_str().unwrap_or_default(), &ours, number, count)
            });
            let input = Input::File(path.clone());
            Case { suite: SUITE, id: number.to_string(), input, want: Ok(want.clone()), judge }
        })
        .collect()
}

/// Grades one message: right where the whole answer is, else by its parent and its thread.
fn grade(want: &str, ours: &str, number: usize, count: usize) -> Verdict {
    if want == ours {
        return Verdict::Right;
    }
    let (theirs, got) = match (Trees::parse(want, count), Trees::parse(ours, count)) {
        (Ok(theirs), Ok(got)) => (theirs, got),
        (Err(why), _) | (_, Err(why)) => return Verdict::wrong(want, why),
    };
    let same = theirs.same_places(&got);
    // an answer that only orders differently is one message less than all
    let graded = same.contains(&number) && (same.len() < count || number < count);
    if graded { Verdict::Right } else { answer::same_text(want, ours) }
}
