//! Writing Authentication-Results: quoting and folding.

use super::result::MethodResult;
use super::{AuthenticationResults, ClaimedResults};
use crate::compose::LINE_SHOULD;
use crate::domain::MAX_LABEL;
use crate::mailbox::is_dot_string;

/// The value of the field, on one line.
pub(super) fn value(id: Option<&str>, results: &AuthenticationResults) -> String {
    let mut line = Line::new(false);
    line.value(id, results);
    line.out
}

/// The whole field with its line ends, folded.
pub(super) fn field(name: &str, instance: Option<u32>, results: &AuthenticationResults) -> String {
    let mut line = Line::new(true);
    line.glue(name);
    line.glue(":");
    line.first = line.column;
    if let Some(instance) = instance {
        line.token(&format!("i={instance};"));
    }
    line.value(Some(&results.authserv_id), results);
    line.out.push_str("\r\n");
    line.out
}

/// One result, on one line.
pub(super) fn method_result(result: &MethodResult) -> String {
    let mut line = Line::new(false);
    line.method_result(result);
    line.out
}

impl std::fmt::Display for AuthenticationResults {
    /// The value of the field, on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&value(Some(&self.authserv_id), self))
    }
}

impl std::fmt::Display for ClaimedResults {
    /// The value of the field as understood, on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&value(self.authserv_id(), &self.claim))
    }
}

struct Line {
    out: String,
    /// Octets on the current line.
    column: usize,
    /// Octets of the field's name: the first line does not end there, though it may (RFC 5322 2.2.3), since some
    /// readers take that for an empty field.
    first: usize,
    fold: bool,
}

impl Line {
    const fn new(fold: bool) -> Self {
        Self { out: String::new(), column: 0, first: 0, fold }
    }

    /// RFC 8601 2.2, authres-payload.
    fn value(&mut self, id: Option<&str>, results: &AuthenticationResults) {
        if let Some(id) = id {
            self.token(&if is_token(id) { id.to_owned() } else { quoted(id) });
        }
        if let Some(version) = results.version {
            self.token(&version.to_string());
        }
        for text in &results.comments {
            self.token(&comment(text));
        }
        if results.results.is_empty() {
            self.glue(";");
            self.token("none");
        }
        for (index, result) in results.results.iter().enumerate() {
            if index > 0 || id.is_some() {
                self.glue(";");
                self.break_line();
            }
            self.method_result(result);
        }
    }

    /// RFC 8601 2.2, resinfo without its `;`.
    fn method_result(&mut self, result: &MethodResult) {
        let version = result.version.map_or_else(String::new, |v| format!("/{v}"));
        self.token(&format!("{}{version}={}", result.method, result.result));
        for text in &result.comments {
            self.token(&comment(text));
        }
        if let Some(reason) = &result.reason {
            self.token(&format!("reason={}", if is_token(reason) { reason.clone() } else { quoted(reason) }));
        }
        for prop in &result.props {
            self.token(&format!("{}.{}={}", prop.ptype, prop.name, pvalue(&prop.value)));
        }
    }

    /// Text that must follow the last one directly.
    fn glue(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = self.column.saturating_add(text.len());
    }

    /// Text that white space separates from the last one.
    fn token(&mut self, text: &str) {
        if !self.fold {
            if !self.out.is_empty() {
                self.out.push(' ');
            }
            self.out.push_str(text);
            return;
        }
        // A comment or quoted string longer than a line may be folded before a blank of its own (RFC 5322 2.2.3); the
        // blank stays. Not where blanks meet, lest a line of nothing but white space comes about.
        let mut rest = text;
        loop {
            let whole = rest.len().saturating_add(1) <= LINE_SHOULD;
            let end = if whole { None } else { next_break(rest) }.unwrap_or(rest.len());
            let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if self.column.saturating_add(1).saturating_add(word.len()) > LINE_SHOULD
                && self.column > self.first
            {
                self.break_line();
            }
            self.glue(" ");
            self.glue(word);
            match tail.strip_prefix(' ') {
                Some(tail) => rest = tail,
                None => return,
            }
        }
    }

    fn break_line(&mut self) {
        if self.fold && self.column > 0 {
            self.out.push_str("\r\n");
            (self.column, self.first) = (0, 0);
        }
    }
}

/// The first blank of `text` that has no blank beside it. None is half of a backslash pair: we put no backslash before one.
fn next_break(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = |i: Option<usize>| i.and_then(|i| bytes.get(i)).copied().unwrap_or(b' ');
    memchr::memchr_iter(b' ', bytes).find(|&i| at(i.checked_sub(1)) != b' ' && at(i.checked_add(1)) != b' ')
}

/// RFC 8601 2.2, pvalue: bare where every reader takes it, else a quoted string.
fn pvalue(value: &str) -> String {
    let bare = is_token(value)
        || value.split_once('@').is_some_and(|(local, domain)| {
            domain.split('.').all(is_label)
                && (local.is_empty() || (local.is_ascii() && is_dot_string(local)))
        });
    if bare { value.to_owned() } else { quoted(value) }
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// RFC 2045 5.1.
fn is_token(text: &str) -> bool {
    let token = |b: u8| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b);
    !text.is_empty() && text.bytes().all(token)
}

/// RFC 5322 3.2.4.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    escape(&mut out, text, "\"\\");
    out.push('"');
    out
}

/// RFC 5322 3.2.2. Parentheses stay as they are where they match each other.
fn comment(text: &str) -> String {
    let mut depth: usize = 0;
    let matching = text.bytes().all(|b| match b {
        b'(' => depth.checked_add(1).inspect(|&d| depth = d).is_some(),
        b')' => depth.checked_sub(1).inspect(|&d| depth = d).is_some(),
        _ => true,
    });
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('(');
    escape(&mut out, text, if matching && depth == 0 { "\\" } else { "()\\" });
    out.push(')');
    out
}

fn escape(out: &mut String, text: &str, special: &str) {
    for c in text.chars() {
        if special.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}
