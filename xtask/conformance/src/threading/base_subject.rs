//! The suite `base-subject`.

use std::path::Path;

use mailwright_threading::base_subject;
use serde_json::{Value, json};

use crate::case::{Case, Input, Verdict};
use crate::json;

const SUITE: &str = "base-subject";

pub(super) fn cases(path: &Path) -> Vec<Case> {
    if !path.exists() {
        return Vec::new();
    }
    let entries = match json::elements_of_file(path) {
        Ok(entries) => entries,
        Err(why) => return vec![Case::unreadable(SUITE, SUITE.to_owned(), why)],
    };
    let case = |(index, entry): (usize, Result<Value, String>)| {
        let id = index.to_string();
        entry
            .and_then(|entry| case(id.clone(), &entry))
            .unwrap_or_else(|why| Case::unreadable(SUITE, id, why))
    };
    entries.into_iter().enumerate().map(case).collect()
}

fn case(id: String, entry: &Value) -> Result<Case, String> {
    let object = json::object(entry, &["subject", "base", "reply_or_forward", "flag_checked"])?;
    let subject = json::text(object, "subject")?.to_owned();
    let flag = |key: &str| {
        let flag = object.get(key).and_then(Value::as_bool);
        flag.ok_or_else(|| format!("`{key}` is missing or no truth value"))
    };
    // how the suite knows the flag; it is graded all the same
    flag("flag_checked")?;
    let want = json!({ "base": json::text(object, "base")?, "reply_or_forward": flag("reply_or_forward")? });
    let input = Input::Text(subject.clone());
    let judge = Box::new(move |want: &Value| {
        let ours = base_subject(subject.as_bytes());
        Verdict::equal(want, &json!({ "base": ours.text, "reply_or_forward": ours.reply_or_forward }))
    });
    Ok(Case { suite: SUITE, id, input, want: Ok(want), judge })
}
