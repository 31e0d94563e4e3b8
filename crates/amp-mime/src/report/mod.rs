//! What a validation found.

mod code;

use std::fmt;

pub use code::ErrorCode;

/// Whether a document is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "UPPERCASE"))]
pub enum Status {
    /// No finding is an error.
    Pass,
    /// At least one is.
    Fail,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "UPPERCASE"))]
pub enum Severity {
    /// Mail clients show the document all the same.
    Warning,
    /// The document is not valid, and mail clients show another part of the message.
    Error,
}

/// One thing that is wrong. As text: `LINE:COLUMN: error: WORDS; HINT [CODE]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// What it is.
    pub code: ErrorCode,
    /// The line, from 1.
    pub line: u32,
    /// The column in Unicode code points, from 0.
    pub col: u32,
    /// What the words speak of, in the official validator's order.
    pub params: Vec<String>,
    /// Where the rule is described.
    pub spec_url: Option<&'static str>,
}

/// The outcome for a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Report {
    /// Whether it is valid.
    pub status: Status,
    /// What was found, by line and column.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the document is valid; it may have warnings.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.status == Status::Pass
    }

    /// The findings that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// The findings that are warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Warning)
    }
}

/// The findings, a line each.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))
    }
}

impl Finding {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(&self) -> String {
        self.fill(self.code.words().0)
    }

    /// How to mend it, in words.
    #[must_use]
    pub fn hint(&self) -> String {
        self.fill(self.code.words().1)
    }

    /// `words` with the parameters put in; each is cut to a length that can be read, and has no line ends.
    fn fill(&self, words: &str) -> String {
        let mut out = String::with_capacity(words.len());
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (place, next) = after.split_once('}').unwrap_or((after, ""));
            let param = place.parse().ok().and_then(|place: usize| self.params.get(place));
            let param = param.map_or("", String::as_str);
            let shown = param.chars().take(MAX_SHOWN);
            out.extend(shown.map(|char| if char.is_control() { ' ' } else { char }));
            if param.chars().nth(MAX_SHOWN).is_some() {
                out.push('…');
            }
            rest = next;
        }
        out.push_str(rest);
        out
    }
}

/// Characters of a parameter that words show; a value can be as long as the document.
const MAX_SHOWN: usize = 120;

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let (line, col) = (self.line, self.col);
        write!(f, "{line}:{col}: {severity}: {}; {} [{}]", self.message(), self.hint(), self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_parameters() {
        let finding = Finding {
            severity: Severity::Error,
            code: ErrorCode::DisallowedAttr,
            line: 3,
            col: 7,
            params: vec!["on\nclick".into(), "x".repeat(200)],
            spec_url: None,
        };
        let text = finding.to_string();
        assert!(text.starts_with("3:7: error: attribute `on click` is not allowed in `xxx"), "{text}");
        assert!(text.ends_with("x…`; take it out [DISALLOWED_ATTR]"), "{text}");
    }

    #[test]
    fn every_code_has_words_for_people() {
        for code in ErrorCode::ALL {
            let (message, hint) = code.words();
            assert!(!message.is_empty() && !hint.is_empty() && !hint.ends_with('.'), "{code}");
        }
    }
}
