//! Messages of other filters' tests: each is scored, and none that is labelled ham is refused.

use std::path::Path;
use std::rc::Rc;

use mailwright_antispam::rules::RuleSet;
use mailwright_antispam::{Action, Filter, Findings, Input};
use mailwright_message_model::Message;
use serde_json::{Value, json};

use super::HEURISTICS;
use crate::archive;
use crate::case::{self, Case, Verdict};

/// The cases of `heuristics.tar.xz`, one a line of the index in it.
pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let archive = folder.join("heuristics.tar.xz");
    if !archive.exists() {
        return Vec::new();
    }
    let index = match archive::member(&archive, "heuristics/index") {
        Ok(index) => index,
        Err(why) => return vec![Case::unreadable(HEURISTICS, "index".to_owned(), why)],
    };
    // Default settings: the rules as shipped, no model.
    let filter = Rc::new(Filter::new().with_check(RuleSet::builtin().clone()));
    String::from_utf8_lossy(&index).lines().map(|line| of_line(&archive, line, &filter)).collect()
}

fn of_line(archive: &Path, line: &str, filter: &Rc<Filter>) -> Case {
    let Some((label, path)) = line.split_once(' ') else {
        return Case::unreadable(HEURISTICS, line.to_owned(), "no `LABEL PATH`");
    };
    if !["ham", "spam", "none"].contains(&label) {
        return Case::unreadable(HEURISTICS, path.to_owned(), format!("label {label:?} is not known"));
    }
    let octets = match archive::member(archive, &format!("heuristics/{path}")) {
        Ok(octets) => octets,
        Err(why) => return Case::unreadable(HEURISTICS, path.to_owned(), why),
    };
    let filter = Rc::clone(filter);
    Case {
        suite: HEURISTICS,
        id: path.to_owned(),
        input: case::Input::Text(String::from_utf8_lossy(&octets).into_owned()),
        want: Ok(json!(label)),
        judge: Box::new(move |want| judge(&filter, &octets, want)),
    }
}

fn judge(filter: &Filter, octets: &[u8], want: &Value) -> Verdict {
    let message = match Message::parse(octets) {
        Ok(message) => message,
        Err(error) => return Verdict::wrong(want, error),
    };
    let verdict = filter.judge(&Input::new(&message, 0), Findings::new());
    let refused = verdict.action == Action::Reject && want.as_str() == Some("ham");
    if refused || !verdict.score.is_finite() { Verdict::wrong(want, verdict) } else { Verdict::Right }
}
