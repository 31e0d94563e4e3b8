//! `mailwright dkim`: verify, explain, sign, keys.

mod explain;
mod key;
mod sign;
mod verify;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use mailwright_dkim::{Policy, Prepared, SignatureResult, Verification};
use mailwright_dns::{Answers, Limits, Session};

use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::input::{Input, Options, Origin};
use crate::line_ends::as_sent;
use crate::output::Output;
use crate::section::outcome_tone;
use crate::shown::Shown;

/// DKIM signatures (RFC 6376): verify, explain why one fails, sign, make keys.
#[derive(Args)]
pub(crate) struct Dkim {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Verify(verify::Verify),
    Explain(explain::Explain),
    Sign(sign::Sign),
    Key(key::Key),
}

impl Dkim {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Verify(verb) => verb.run(output),
            Verb::Explain(verb) => verb.run(output),
            Verb::Sign(verb) => verb.run(output),
            Verb::Key(verb) => verb.run(output),
        }
    }
}

/// What verbs that verify are given.
#[derive(Args)]
pub(super) struct Given {
    /// A message, mbox, Maildir or folder; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    ask: Ask,

    /// What is accepted.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    accept: Accept,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,
}

/// One message, verified.
pub(super) struct Verified<'v> {
    origin: &'v Origin,
    /// The message as it was sent.
    sent: &'v [u8],
    found: Verification,
    answers: &'v Answers,
    policy: &'v Policy,
    /// The one message there is.
    alone: bool,
}

impl Given {
    /// Verifies every message and gives it to `see`.
    fn each(&self, mut see: impl FnMut(&Verified<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
        let source = self.ask.source()?;
        let (policy, now) = (self.accept.policy(), self.ask.now());
        let mut input = Input::open(&self.paths, Options::default())?;
        let alone = input.is_single();
        input.read(|item| {
            let sent = as_sent(item.raw);
            let prepared = Prepared::new(&sent, &policy, now);
            let mut session = Session::new(Limits::default());
            let found = session.blocking(&source, |dns| prepared.evaluate(dns));
            let (origin, answers) = (&item.origin, session.answers());
            see(&Verified { origin, sent: &sent, found, answers, policy: &policy, alone })
        })?;
        input.passed_over.failure().map_or(Ok(()), Err)
    }
}

/// A line on one signature.
fn line(output: &mut Output, result: &SignatureResult) -> io::Result<()> {
    let tone = output.paint.tone(outcome_tone(result.outcome));
    writeln!(output.out, "{tone}{}{tone:#}", Shown::clipped(&result.to_string(), usize::MAX))
}

/// What is accepted.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Accept {
    /// RFC 6376 with RFC 8301: no SHA-1, RSA from 1024 bits.
    #[default]
    Standard,
    /// As before, and nothing that leaves part of the body or a field that people see unsigned.
    Strict,
    /// SHA-1 too, for old mail.
    Legacy,
}

impl Accept {
    pub(super) fn policy(self) -> Policy {
        match self {
            Self::Standard => Policy::rfc8301(),
            Self::Strict => Policy::strict(),
            Self::Legacy => Policy::legacy(),
        }
    }
}
