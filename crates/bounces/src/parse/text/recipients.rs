//! Which addresses of a report are those of recipients, and what is said of each.

use super::Named;
use super::scan::{Line, Scan};
use crate::classify::{Confidence, classify};
use crate::parse::address::{self, Found};
use crate::parse::mark::{LABEL, OTHER};
use crate::reason::Reason;

/// The words alone in a line below a label, as names at `domain`.
pub(super) fn local_names(scan: &Scan<'_>, domain: Option<&str>) -> Vec<Named> {
    let (Some(domain), Some(label)) = (domain, scan.lines.iter().position(|line| line.bits & LABEL != 0))
    else {
        return Vec::new();
    };
    let below = scan.lines.iter().skip(label.saturating_add(1)).take(MOST_LOCAL);
    let named = below.filter_map(|line| {
        let word = scan.content(line).trim();
        let plain =
            word.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'_' | b'-'));
        (!word.is_empty()
            && word.len() <= 64
            && plain
            && word.bytes().any(|octet| octet.is_ascii_alphanumeric()))
        .then(|| Named {
            address: format!("{word}@{domain}"),
            diagnostic: scan.report().to_owned(),
            place: line.start..line.end,
        })
    });
    named.collect()
}

/// Lines below a label in which names are looked for.
const MOST_LOCAL: usize = 10;

/// How an address stands in its line, from the surest to the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// `<jo@example.org>:` with the words below or behind.
    Headed,
    /// Behind a label, or alone in a line below one.
    Labelled,
    /// Alone in a line.
    Alone,
    /// `550 <jo@example.org>... User unknown`, as sendmail has it in its transcripts.
    Reply,
    /// In a line whose words say why.
    Told,
}

struct Candidate {
    form: Form,
    /// The line behind the last reply.
    from: usize,
    line: usize,
    start: usize,
    end: usize,
}

/// The recipients of a report.
pub(super) fn find(scan: &Scan<'_>, sender: &[String], most: usize) -> Vec<Named> {
    let mut candidates = collect(scan, most, false);
    if candidates.is_empty() {
        // What words say is asked only where places say nothing.
        candidates = collect(scan, most, true);
    }
    let address = |candidate: &Candidate| scan.text.get(candidate.start..candidate.end).unwrap_or_default();
    let is_sender =
        |candidate: &Candidate| sender.iter().any(|sender| sender.eq_ignore_ascii_case(address(candidate)));
    // The report goes to the sender, whose address says nothing, unless it is the only one.
    if candidates.iter().any(|candidate| !is_sender(candidate)) {
        candidates.retain(|candidate| !is_sender(candidate) || candidate.form == Form::Headed);
    }
    original_instead(scan, &mut candidates);
    if candidates.is_empty() {
        candidates.extend(behind_aliases(scan));
    }
    let Some(best) = candidates.iter().map(|candidate| candidate.form).min() else { return Vec::new() };
    let chosen: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.form == best).collect();
    let mut named: Vec<Named> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (number, candidate) in chosen.iter().enumerate() {
        if named.len() >= most || !seen.insert(address(candidate).to_lowercase()) {
            continue;
        }
        let next = chosen.iter().skip(number.saturating_add(1)).find(|next| next.line > candidate.line);
        let until = next.map_or(scan.lines.len(), |next| next.line);
        named.push(Named {
            address: address(candidate).to_owned(),
            diagnostic: said_of(scan, candidate, address(candidate), until, chosen.len() <= MOST_SOUGHT),
            place: candidate.start..candidate.end,
        });
    }
    named
}

/// The addresses that may be recipients; with `told`, also those in lines whose words say so.
fn collect(scan: &Scan<'_>, most: usize, told: bool) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut below_label = false;
    let mut from = 0;
    for (number, line) in scan.lines.iter().enumerate() {
        let text = scan.content(line);
        below_label |= line.bits & LABEL != 0;
        if candidates.len() >= most || memchr::memchr(b'@', text.as_bytes()).is_none() {
            continue;
        }
        let before = candidates.len();
        candidates.extend(in_line(line, text, below_label, told).map(|(form, found)| Candidate {
            form,
            from,
            line: number,
            start: line.start.saturating_add(found.start),
            end: line.start.saturating_add(found.end),
        }));
        let added = candidates.get(before..).unwrap_or_default();
        if added.iter().any(|candidate| candidate.form == Form::Reply) {
            from = number.saturating_add(1);
        }
    }
    candidates
}

/// Where the address that the sender wrote stands below the one it became, it is the one to tell.
fn original_instead(scan: &Scan<'_>, candidates: &mut Vec<Candidate>) {
    let is_original = |candidate: &Candidate| {
        let line = scan.lines.get(candidate.line).map_or("", |line| scan.content(line)).trim_start();
        line.get(..16).is_some_and(|head| head.eq_ignore_ascii_case("original address"))
    };
    let replaced: Vec<bool> = candidates
        .iter()
        .enumerate()
        .map(|(number, one)| {
            candidates
                .get(number.saturating_add(1))
                .is_some_and(|next| is_original(next) && next.line <= one.line.saturating_add(2))
        })
        .collect();
    let mut replaced = replaced.into_iter();
    candidates.retain(|_| replaced.next() != Some(true));
}

/// The addresses of lines such as `(generated from jo@example.org)`, where what failed itself is kept secret or no address.
fn behind_aliases(scan: &Scan<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (number, line) in scan.lines.iter().enumerate() {
        let text = scan.content(line);
        let Some(at) = text.find("generated from").or_else(|| text.find("expanded from")) else { continue };
        let address = address::addresses(text).find(|found| found.start >= at);
        found.extend(address.map(|address| Candidate {
            form: Form::Labelled,
            from: 0,
            line: number,
            start: line.start.saturating_add(address.start),
            end: line.start.saturating_add(address.end),
        }));
    }
    found
}

fn in_line<'t>(
    line: &Line,
    text: &'t str,
    below_label: bool,
    told: bool,
) -> Box<dyn Iterator<Item = (Form, Found<'t>)> + 't> {
    let Some(first) = address::first(text) else { return Box::new(std::iter::empty()) };
    let before = text.get(..first.start).unwrap_or_default();
    let behind = text.get(first.end..).unwrap_or_default();
    let head = before.trim_start_matches(['>', ' ', '\t']);
    if head == "<" && behind.starts_with(">:") {
        return Box::new(std::iter::once((Form::Headed, first)));
    }
    let bare = before.trim_matches(|c: char| c.is_whitespace() || "<>*\"'[(-|#:=\u{2022}\u{b7}".contains(c));
    if is_reply(before, behind) && line.bits & OTHER == 0 {
        return Box::new(std::iter::once((Form::Reply, first)));
    }
    // `c=us;a= ;dda:SMTP=jo@example.org` (X.400).
    let leads = bare.is_empty()
        || bare.ends_with("SMTP")
        || bare.eq_ignore_ascii_case("smtp")
        || bare.eq_ignore_ascii_case("mailto");
    if leads && ends_address(behind) && line.bits & OTHER == 0 {
        let form = if below_label { Form::Labelled } else { Form::Alone };
        // `a@example.org, b@example.org`
        let listed = address::addresses(text).take_while(move |found| {
            found.start == first.start
                || text
                    .get(first.end..found.start)
                    .is_some_and(|gap| !gap.contains(char::is_alphanumeric) || gap.contains(','))
        });
        let one = text.get(first.end..).is_some_and(|rest| !rest.trim_start().starts_with([',', ';']));
        return Box::new(listed.take(if one { 1 } else { usize::MAX }).map(move |found| (form, found)));
    }
    // A line of a dialogue says what was asked, and not what failed.
    let dialogue = text.trim_start().starts_with(">>>") || text.contains("remote mail server after");
    if line.bits & LABEL != 0 && !dialogue {
        let from = line.label.saturating_sub(line.start);
        let labelled = address::addresses(text).filter(move |found| found.start >= from);
        let mut labelled = labelled.peekable();
        if let Some(next) = labelled.peek().copied() {
            // Words between: the label is of something else.
            let gap = text.get(from..next.start).unwrap_or_default();
            if gap.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count() <= 2 {
                let list = gap.trim().is_empty() || gap.contains(':') || gap.contains('<');
                let several = labelled.take(if list { usize::MAX } else { 1 });
                let several = several.scan(next.start, move |end, found| {
                    let gap = text.get(*end..found.start).unwrap_or_default();
                    let joined = found.start == next.start || !gap.contains(char::is_alphabetic);
                    *end = found.end;
                    joined.then_some(found)
                });
                return Box::new(several.map(|found| (Form::Labelled, found)));
            }
        }
    }
    if told && line.bits & OTHER == 0 {
        let verdict = classify(text);
        if verdict.confidence >= Confidence::Phrase && verdict.reason != Reason::Unknown {
            return Box::new(std::iter::once((Form::Told, first)));
        }
    }
    Box::new(std::iter::empty())
}

/// Whether a line is a reply of a server to the recipient in it.
fn is_reply(before: &str, behind: &str) -> bool {
    let code = before.trim().strip_suffix('<').unwrap_or(before).trim();
    let (digits, rest) = code.split_at_checked(3).unwrap_or((code, ""));
    let is_code = digits.len() == 3
        && digits.starts_with(['4', '5'])
        && digits.bytes().all(|octet| octet.is_ascii_digit());
    is_code && !rest.contains(char::is_alphabetic) && behind.trim_start_matches('>').starts_with("...")
}

/// Whether what stands behind an address lets it be the subject of the line.
fn ends_address(behind: &str) -> bool {
    let rest = behind.trim_start_matches(['>', '"', '\'', ']', ')', '|', '*']).trim_start();
    rest.is_empty()
        || rest.starts_with([':', ',', ';', '[', '(', '<', '-', '.', '{'])
        || rest.starts_with("on ")
        || rest.starts_with("&")
}

/// The words about a recipient: behind it, below it, and wherever its address stands again.
fn said_of(scan: &Scan<'_>, candidate: &Candidate, address: &str, until: usize, seek: bool) -> String {
    let mut said = String::new();
    let mut add = |text: &str| {
        let text = text.trim();
        if !text.is_empty() && said.len() < MOST_SAID {
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(text);
        }
    };
    if let Some(line) = scan.lines.get(candidate.line) {
        if candidate.form == Form::Reply {
            // What the server said stands above, marked `<<<`.
            let above = scan.lines.get(candidate.from..candidate.line).unwrap_or_default();
            above
                .iter()
                .map(|line| scan.content(line))
                .filter(|text| text.starts_with("<<<"))
                .for_each(&mut add);
            add(scan.content(line));
        } else if candidate.form == Form::Told {
            add(scan.content(line));
        } else {
            let behind = scan.text.get(candidate.end..line.end).unwrap_or_default();
            let behind = behind.trim_start_matches(['>', '"', ':', '.', ',', ' ', '\'', '*']);
            if behind.contains(char::is_alphabetic) {
                add(behind);
            } else if candidate.form == Form::Labelled {
                // `User mailbox exceeds allowed size: jo@example.org`
                add(scan.content(line));
            }
        }
    }
    let until = if candidate.form == Form::Reply { 0 } else { until };
    let below = scan.lines.get(candidate.line.saturating_add(1)..until).unwrap_or_default();
    let mut blanks = 0;
    for line in below {
        let text = scan.content(line);
        if text.trim().is_empty() {
            blanks += 1;
            continue;
        }
        // What is behind the second blank line, or a rule, is about something else.
        if blanks > 1 && candidate.form == Form::Headed {
            break;
        }
        add(text);
    }
    let judged = classify(&said);
    if judged.confidence >= Confidence::Phrase && judged.reason != Reason::Unknown {
        return said;
    }
    let mut elsewhere = String::new();
    for (number, line) in scan.lines.iter().enumerate().take(if seek { usize::MAX } else { 0 }) {
        let text = scan.content(line);
        if number != candidate.line && text.contains(address) && elsewhere.len() < MOST_SAID {
            elsewhere.push_str(text.trim());
            elsewhere.push(' ');
        }
    }
    if !elsewhere.is_empty() {
        let judged = classify(&elsewhere);
        if judged.confidence >= Confidence::Phrase && judged.reason != Reason::Unknown {
            return elsewhere;
        }
    }
    if said.is_empty() { elsewhere } else { said }
}

/// Recipients whose addresses are looked for in the whole report: each look reads it once.
const MOST_SOUGHT: usize = 50;

/// Octets that are collected about one recipient.
const MOST_SAID: usize = 4 << 10;
