//! The test lines of rules: each is won by its own rule, or the rule is shadowed.

use super::answer::answer;
use super::error::{RuleError, RuleErrorKind};
use super::read::Source;
use super::tables::Tables;
use crate::reply::Reply;

/// Whether the rules of one file win their test lines. `must` asks for a test line of every rule.
///
/// # Errors
/// All that is wrong, in the order of the file.
pub(crate) fn check(
    builtin: &Tables,
    user: Option<&Tables>,
    source: &Source,
    text: &str,
    must: bool,
) -> Vec<RuleError> {
    let mut wrong = Vec::new();
    for rule in &source.rule {
        if must && rule.test.is_empty() {
            let kind = RuleErrorKind::Untested(rule.name.as_ref().clone());
            wrong.push(RuleError::at(kind, text, rule.name.span().start));
        }
        for line in &rule.test {
            let got = answer(builtin, user, &Reply::parse(line.as_ref()));
            let winner = got.found.and_then(|found| got.tables.rules.get(found.rule as usize));
            let winner = winner.map(|rule| rule.name.clone().into_owned());
            if winner.as_ref() != Some(rule.name.as_ref()) {
                let kind = RuleErrorKind::Lost {
                    rule: rule.name.as_ref().clone(),
                    line: line.as_ref().clone(),
                    winner,
                };
                wrong.push(RuleError::at(kind, text, line.span().start));
            }
        }
    }
    wrong
}
