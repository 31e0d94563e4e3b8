//! The suite `psl`: a line of `psl/tests.txt` a case.

use std::path::Path;
use std::sync::Arc;

use mailwright_dmarc::PublicSuffixList;
use mailwright_message_model::domain::Domain;
use serde_json::{Value, json};

use crate::case::{Case, Input, Verdict};

const SUITE: &str = "psl";

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let Ok(tests) = std::fs::read_to_string(folder.join("tests.txt")) else { return Vec::new() };
    let list = std::fs::read_to_string(folder.join("public_suffix_list.dat"));
    let list = list.map(|text| Arc::new(PublicSuffixList::parse(&text))).map_err(|error| error.to_string());
    let lines = tests.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("//"));
    lines
        .map(|line| {
            let read = list.clone().and_then(|list| case(line, list));
            read.unwrap_or_else(|why| Case::unreadable(SUITE, line.to_owned(), why))
        })
        .collect()
}

fn case(line: &str, list: Arc<PublicSuffixList>) -> Result<Case, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [input, want] = words[..] else { return Err(format!("not two words: {line}")) };
    let want = match want {
        "null" => Value::Null,
        name => json!(name.parse::<Domain>().map_err(|error| error.to_string())?.as_str()),
    };
    let input = if input == "null" { String::new() } else { input.to_owned() };
    let judge = Box::new(move |want: &Value| {
        let found = input.parse::<Domain>().ok().and_then(|domain| list.registrable(&domain));
        Verdict::equal(want, &found.map_or(Value::Null, |domain| json!(domain.as_str())))
    });
    Ok(Case { suite: SUITE, id: line.to_owned(), input: Input::Text(line.to_owned()), want: Ok(want), judge })
}
