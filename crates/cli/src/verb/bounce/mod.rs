//! `mailwright bounce`: parse, classify, explain, summary.

mod classify;
mod explain;
mod page;
mod parse;
mod summary;
mod tally;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use mailwright_bounces::{Class, Recipient, Reply, RuleSet, Verdict};

use crate::exit::{Exit, Failure, reason};
use crate::output::Output;
use crate::report::lay_out::wrap;
use crate::section::Tone;
use crate::shown::Shown;

/// Bounces: why mail did not arrive, hard or soft, and what to do.
#[derive(Args)]
pub(crate) struct Bounce {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Parse(parse::Parse),
    Classify(classify::Classify),
    Explain(explain::Explain),
    Summary(summary::Summary),
}

impl Bounce {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Parse(verb) => verb.run(output),
            Verb::Classify(verb) => verb.run(output),
            Verb::Explain(verb) => verb.run(output),
            Verb::Summary(verb) => verb.run(output),
        }
    }
}

/// The reply lines of `demo`: one hard, one soft, and one whose code misleads.
const SAMPLES: [(&str, &str); 3] = [
    ("A hard bounce: nobody of that name.", "550 5.1.1 <jo@example.net>: Recipient address rejected: User unknown"),
    ("A soft one: the mailbox is full, which may change.", "452 4.2.2 The mailbox of jo@example.net is over quota"),
    (
        "A misleading code: 5.1.1 is \"no such user\", the words say that too much was sent.",
        "550 5.1.1 <jo@example.net> - 192.0.2.7 has sent to too many recipients this hour",
    ),
];

/// Shows how replies are judged, for `demo`.
pub(crate) fn demo(output: &mut Output) -> io::Result<()> {
    for (about, line) in SAMPLES {
        lines(output, 0, Tone::Plain, about)?;
        verdict(output, &mailwright_bounces::classify(line), &Reply::parse(line))?;
        writeln!(output.out)?;
    }
    Ok(())
}

/// The rules of the file that the user names.
fn rules(path: Option<&Path>) -> Result<RuleSet, Failure> {
    let Some(path) = path else { return Ok(RuleSet::default()) };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::at(path, reason(&error)))?;
    RuleSet::from_toml(&text).map_err(|error| Failure::at(path, error))
}

/// A file of rules.
#[derive(Args)]
struct Given {
    /// Rules of your own, asked before those built in: TOML, as in the folder rules of the crate.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

pub(super) const fn class_tone(class: Class) -> Tone {
    match class {
        Class::Hard => Tone::Bad,
        Class::Soft => Tone::Warning,
        Class::Delivered => Tone::Good,
        _ => Tone::Quiet,
    }
}

/// A verdict: the reply with what was found in brackets, what it means, and by what.
fn verdict(output: &mut Output, verdict: &Verdict, reply: &Reply<'_>) -> io::Result<()> {
    let found = verdict.matched.clone();
    let part = |range: std::ops::Range<usize>| Shown::clipped(reply.text.get(range).unwrap_or_default(), usize::MAX);
    let (before, behind) = (part(0..found.start), part(found.end..reply.text.len()));
    let said = match part(found) {
        found if found.is_empty() => format!("{before}{behind}"),
        found => format!("{before}[{found}]{behind}"),
    };
    lines(output, 2, Tone::Plain, &said)?;
    let meaning = format!("{}, {}: {}", verdict.class, verdict.reason, verdict.reason.describe());
    lines(output, 2, class_tone(verdict.class), &meaning)?;
    lines(output, 2, Tone::Plain, &format!("advice: {}; {}", verdict.advice, by(verdict)))
}

/// Harmless text in lines that fit the terminal.
fn lines(output: &mut Output, indent: usize, tone: Tone, text: &str) -> io::Result<()> {
    let paint = output.paint.tone(tone);
    for line in wrap(text, output.columns.saturating_sub(indent)) {
        writeln!(output.out, "{:indent$}{paint}{line}{paint:#}", "")?;
    }
    Ok(())
}

/// What a verdict rests on, in words.
fn by(verdict: &Verdict) -> Shown {
    let provider = verdict.provider.as_deref().map(|provider| format!(" of {provider}")).unwrap_or_default();
    let text = match &verdict.rule {
        Some(rule) => format!("rule {rule}{provider} ({})", verdict.confidence.name()),
        None => "no rule holds: the first digit decides".to_owned(),
    };
    Shown::text(&text)
}

/// A recipient: address, what became of the mail, reason, hard or soft, advice.
fn recipient_line(output: &mut Output, recipient: &Recipient) -> io::Result<()> {
    let verdict = &recipient.verdict;
    let status = recipient.status.map(|status| format!(" {status}")).unwrap_or_default();
    let text = format!(
        "{} {}{status}: {}, {}; {}",
        Shown::text(&recipient.address),
        recipient.action.name(),
        verdict.reason,
        verdict.class,
        verdict.advice
    );
    lines(output, 2, class_tone(verdict.class), &text)
}
