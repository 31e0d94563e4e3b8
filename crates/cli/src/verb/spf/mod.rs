//! `mailwright spf`: check, explain, lint, flatten.

mod check;
mod explain;
mod flatten;
mod lint;

use std::io::{self, Write as _};
use std::net::IpAddr;

use clap::{Args, Subcommand};
use mailwright_spf::Request;

use crate::authenticate::unbracketed;
use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::section::spf_tone as tone;
use crate::shown::Shown;

/// SPF (RFC 7208): check a sender, explain the verdict, look for faults in a record, flatten it.
#[derive(Args)]
pub(crate) struct Spf {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Check(check::Check),
    Explain(explain::Explain),
    Lint(lint::Lint),
    Flatten(flatten::Flatten),
}

impl Spf {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Check(verb) => verb.run(output),
            Verb::Explain(verb) => verb.run(output),
            Verb::Lint(verb) => verb.run(output),
            Verb::Flatten(verb) => verb.run(output),
        }
    }
}

/// A client and the identity that it uses.
#[derive(Args)]
struct Client {
    /// The address of the client.
    #[arg(long, value_name = "ADDRESS")]
    ip: IpAddr,

    /// The reverse-path; empty or `<>` for the null one. Without it the HELO name is checked.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "helo")]
    mail_from: Option<String>,

    /// The name that the client gave in HELO or EHLO.
    #[arg(long, value_name = "NAME")]
    helo: Option<String>,

    /// The name of the receiving host, for the macro r.
    #[arg(long, value_name = "NAME", default_value = "")]
    receiver: String,

    #[command(flatten)]
    ask: Ask,
}

impl Client {
    fn request(&self) -> Request<'_> {
        let helo = self.helo.as_deref().unwrap_or_default();
        let request = match &self.mail_from {
            Some(mail_from) => Request::mail_from(self.ip, unbracketed(mail_from), helo),
            None => Request::helo(self.ip, helo),
        };
        request.receiver(&self.receiver).now(self.ask.now())
    }
}

/// Text of more than one line, of which some is a stranger's.
fn write_lines(output: &mut Output, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(output.out, "{}", Shown::clipped(line, usize::MAX)))
}
