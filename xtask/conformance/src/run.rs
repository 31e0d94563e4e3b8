//! Grading the cases of an area, and the report.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::case::{Case, Verdict};
use crate::disputes::Disputes;

/// The outcome of an area.
#[derive(Debug)]
pub struct Report {
    /// The area's name.
    pub area: &'static str,
    /// Its suites, in the order in which their first cases came.
    pub suites: Vec<SuiteResult>,
}

/// The outcome of a suite.
#[derive(Debug)]
pub struct SuiteResult {
    /// The suite's name.
    pub name: &'static str,
    /// Cases that are right.
    pub right: usize,
    /// All its cases.
    pub total: usize,
    /// Cases graded by an answer of `disputed.toml`.
    pub disputed: usize,
    /// The cases that are wrong.
    pub failed: Vec<Failed>,
}

/// A case that is wrong.
#[derive(Debug)]
pub struct Failed {
    /// The case.
    pub id: String,
    /// The answer wanted.
    pub want: String,
    /// Ours.
    pub got: String,
}

/// Grades all cases. A panic in our code is caught and makes the case wrong.
#[must_use]
pub fn grade(area: &'static str, cases: Vec<Case>, disputes: &Disputes) -> Report {
    let mut suites: Vec<SuiteResult> = Vec::new();
    for case in cases {
        let place = suites.iter().position(|suite| suite.name == case.suite).unwrap_or_else(|| {
            suites.push(SuiteResult {
                name: case.suite,
                right: 0,
                total: 0,
                disputed: 0,
                failed: Vec::new(),
            });
            suites.len() - 1
        });
        let Some(suite) = suites.get_mut(place) else { continue };
        let answer = disputes.answer(area, &case);
        suite.total += 1;
        suite.disputed += usize::from(answer.is_some());
        let verdict = match &case.want {
            Err(why) => Verdict::wrong("a case of the form that the suite's README describes", why),
            Ok(want) => {
                let want = answer.unwrap_or(want);
                catch_unwind(AssertUnwindSafe(|| (case.judge)(want)))
                    .unwrap_or_else(|_| Verdict::wrong(want, "a panic"))
            }
        };
        match verdict {
            Verdict::Right => suite.right += 1,
            Verdict::Wrong { want, got } => suite.failed.push(Failed { id: case.id, want, got }),
        }
    }
    Report { area, suites }
}

impl SuiteResult {
    /// Whether it is printed for reading and has no goal: its name begins with `info `.
    #[must_use]
    pub fn is_info(&self) -> bool {
        self.name.starts_with("info ")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for suite in &self.suites {
            if let Some(name) = suite.name.strip_prefix("info ") {
                writeln!(f, "info {}/{name}: {} of {}", self.area, suite.right, suite.total)?;
                continue;
            }
            write!(f, "{}/{}: {} of {}", self.area, suite.name, suite.right, suite.total)?;
            if suite.disputed > 0 {
                write!(f, " ({} disputed)", suite.disputed)?;
            }
            writeln!(f)?;
        }
        for suite in self.suites.iter().filter(|suite| !suite.is_info()) {
            for failed in &suite.failed {
                writeln!(f, "failed {}/{} {}", self.area, suite.name, failed.id)?;
                writeln!(f, "    want {}", failed.want)?;
                writeln!(f, "    got  {}", failed.got)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::case::Input;

    fn case(id: &str, input: &str, want: Value, ours: Value) -> Case {
        let judge = Box::new(move |want: &Value| Verdict::equal(want, &ours));
        Case { suite: "s", id: id.into(), input: Input::Text(input.into()), want: Ok(want), judge }
    }

    #[test]
    fn wrong_and_unreadable_cases_fail_and_are_told() {
        let cases = vec![
            case("k/0", "", json!(1), json!(1)),
            case("k/1", "", json!(1), json!(2)),
            Case::unreadable("s", "k/2".into(), "unknown key `x`"),
        ];
        let report = grade("a", cases, &Disputes::default());
        let text = report.to_string();
        assert!(
            text.starts_with("a/s: 1 of 3\nfailed a/s k/1\n    want 1\n    got  2\nfailed a/s k/2\n"),
            "{text}"
        );
        assert!(text.ends_with("got  unknown key `x`\n"), "{text}");
    }

    #[test]
    fn a_panic_is_a_wrong_answer() {
        let judge = Box::new(|_: &Value| panic!("as a crate of ours must not"));
        let panics = Case { judge, ..case("k/0", "", json!(1), json!(1)) };
        let report = grade("a", vec![panics], &Disputes::default());
        assert_eq!(report.to_string(), "a/s: 0 of 1\nfailed a/s k/0\n    want 1\n    got  a panic\n");
    }

    #[test]
    fn a_disputed_case_is_graded_by_the_answer_given() {
        // The digest is that of the input "abc" (FIPS 180-4).
        let disputes = Disputes::parse(
            "[[a.s]]\nid = 'k/0'\nsha256 = 'ba7816bf8f01cfea'\nwant = '2'\nrfc = 'RFC 5322 3.4'\nreason = 'so'\n",
        )
        .unwrap();
        let line = |input, ours| {
            let report = grade("a", vec![case("k/0", input, json!(1), ours)], &disputes).to_string();
            report.lines().next().unwrap().to_owned()
        };
        assert_eq!(line("abc", json!(2)), "a/s: 1 of 1 (1 disputed)");
        assert_eq!(line("abc", json!(1)), "a/s: 0 of 1 (1 disputed)");
        // The same id in another folder, with another input, is another case.
        assert_eq!(line("abd", json!(1)), "a/s: 1 of 1");
        assert_eq!(line("abd", json!(2)), "a/s: 0 of 1");
    }
}
