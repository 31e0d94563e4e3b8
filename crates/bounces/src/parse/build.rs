//! A recipient from what was found of it.

use std::ops::Range;

use super::Reader;
use crate::reason::{Command, Reason};
use crate::reply::{self, Reply};
use crate::report::{Action, Recipient, Source};
use crate::status::Status;

/// Recipients of one report of whom the words for all of them are asked, where those about each tell nothing. A report that
/// names more is a list's, and its words say nothing of one.
pub(super) const MOST_TOLD_OF: usize = 100;

/// What was found of a recipient.
pub(super) struct Draft<'t> {
    pub(super) address: String,
    pub(super) original: Option<String>,
    pub(super) action: Action,
    pub(super) status_field: Option<Status>,
    pub(super) remote_mta: Option<String>,
    /// The best diagnostic, and others to ask where it tells nothing.
    pub(super) diagnostic: String,
    pub(super) others: Vec<&'t str>,
    /// The command that was answered, where the text beside the fields says so.
    pub(super) command: Option<Command>,
    pub(super) source: Source,
    pub(super) span: Range<usize>,
}

impl Reader<'_, '_, '_> {
    /// Judges a draft.
    pub(super) fn recipient(&self, draft: Draft<'_>) -> Recipient {
        let diagnostic = one_line(&draft.diagnostic, self.limits.diagnostic);
        let found = reply::find_status(&diagnostic);
        let elsewhere = draft.others.iter().find_map(|text| reply::find_status(text));
        let status_diagnostic = found.or(elsewhere);
        let field = draft.status_field;
        // What the field says, unless it says nothing (RFC 3463 3.1).
        let status = match (field, status_diagnostic) {
            (Some(field), Some(said)) if says_little(field) && !says_little(said) => Some(said),
            (Some(field), _) => Some(field),
            (None, said) => said,
        };
        let domain = draft.address.rsplit_once('@').map(|(_, domain)| domain);
        let judge = |text: &str| {
            let mut reply = Reply {
                command: draft.command,
                status,
                domain,
                remote_host: draft.remote_mta.as_deref(),
                ..Reply::parse(text)
            };
            if reply.code.is_none() && draft.action == Action::Delayed && status.is_none() {
                reply.status = Some(Status::new(4, 0, 0));
            }
            self.classifier.classify_command(&reply)
        };
        let (mut verdict, mut command) = judge(&diagnostic);
        // The exit code of a program says less than the words about it.
        if diagnostic.starts_with("X-Unix") && !draft.others.is_empty() {
            verdict.confidence = crate::Confidence::Code;
        }
        let mut told = diagnostic.as_str();
        for other in draft.others.iter().copied() {
            if verdict.confidence >= crate::Confidence::Phrase {
                break;
            }
            let (judged, said) = judge(other);
            command = command.or(said);
            if judged.confidence > verdict.confidence {
                // Its place is in a text that the report does not keep.
                verdict = crate::Verdict { matched: 0..0, ..judged };
                told = other;
            }
        }
        // Whoever gives up for a transient reason has tried for days.
        let gave_up = matches!(draft.action, Action::Failed | Action::NotStated);
        if verdict.reason == Reason::NetworkError
            && gave_up
            && told.contains("timed out")
            && !status.is_some_and(Status::is_permanent)
        {
            verdict.reason = Reason::DeliveryExpired;
            verdict.advice = Reason::DeliveryExpired.advice_for(verdict.class);
        }
        let reply = Reply::parse(told);
        let code = reply::find_code(&diagnostic).or(reply.code);
        Recipient {
            command,
            reply_code: code,
            remote_mta: draft.remote_mta.or_else(|| remote_host(&diagnostic)),
            address: draft.address,
            original: draft.original,
            action: draft.action,
            status,
            status_field: field,
            status_diagnostic,
            verdict,
            diagnostic,
            source: draft.source,
            span: draft.span,
        }
    }
}

fn says_little(status: Status) -> bool {
    status.is_generic()
}

/// The server that a diagnostic names, in the words of Postfix, Exim and others.
fn remote_host(diagnostic: &str) -> Option<String> {
    const BEFORE: [&str; 5] = ["host ", "connect to ", "talking to ", "Server ", "server "];
    let (_, behind) = BEFORE.iter().find_map(|words| diagnostic.split_once(words))?;
    let name = behind.split(|c: char| c.is_whitespace() || "[(:,;".contains(c)).next()?.trim_end_matches('.');
    (name.contains('.') && name.is_ascii() && name.len() < 256).then(|| name.to_owned())
}

/// In one line, without control characters, which would forge lines of a log, and without the characters that turn the
/// direction of writing.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most));
    let mut blank = true;
    for character in text.chars() {
        if out.len() >= most {
            break;
        }
        let turns =
            matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_whitespace() || character.is_control() {
            if !blank {
                out.push(' ');
            }
            blank = true;
        } else if !turns {
            out.push(character);
            blank = false;
        }
    }
    out.truncate(out.trim_end().len());
    out
}
