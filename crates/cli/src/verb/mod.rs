//! The verbs. To add one, add its file with a struct of arguments that has `run`, and a line in the table `verbs`.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::exit::{Exit, Failure};
use crate::output::{Color, Output};

macro_rules! verbs {
    ($($file:ident::$name:ident,)+) => {
        $(mod $file;)+

        #[derive(Subcommand)]
        enum Verb {
            $($name($file::$name),)+
        }

        impl Verb {
            fn run(self, output: &mut Output) -> Result<Exit, Failure> {
                match self {
                    $(Self::$name(verb) => verb.run(output),)+
                }
            }
        }
    };
}

verbs! {
    check::Check,
    tree::Tree,
    dkim::Dkim,
    arc::Arc,
    spf::Spf,
    dmarc::Dmarc,
    smime::Smime,
    cert::Cert,
    thread::Thread,
    bounce::Bounce,
    spam::Spam,
    amp::Amp,
    demo::Demo,
    completions::Completions,
    man::Man,
}

/// Check, explain and take apart e-mail.
///
/// Exit status: 0 nothing ambiguous, 1 a message that two readers may see differently or that was not read whole, 2 wrong
/// usage or a file that cannot be read. Verbs on signatures state their own.
#[derive(Parser)]
#[command(name = "mailwright", version, disable_help_subcommand = true, after_help = EXAMPLES)]
pub(crate) struct Mailwright {
    #[command(subcommand)]
    verb: Verb,

    /// When to colour; NO_COLOR and CLICOLOR are honoured.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = true
    )]
    color: Color,
}

const EXAMPLES: &str = "\
Examples:
  mailwright demo                        what a report looks like, on samples built in
  mailwright check message.eml           structure, defects, addresses, claims of one message
  mailwright check archive.mbox          a summary of all messages of a mailbox
  mailwright check ~/Maildir --html r.html
  mailwright tree message.eml --offsets
  mailwright dkim explain message.eml    why a signature fails
  mailwright spf lint example.org        faults and look-ups of an SPF record
  mailwright smime verify message.eml --trust root.pem
  mailwright thread archive.mbox         the conversations of a mailbox
  mailwright bounce summary bounces.mbox why mail did not arrive, by reason and domain
  mailwright amp explain message.eml     why a client shows HTML instead of AMP
  mailwright dmarc report *.xml.gz       the sources that fail, of a pile of reports";

/// Parses the arguments, runs the verb, and says on standard error why it could not.
pub(crate) fn run() -> ExitCode {
    let command = Mailwright::command().color(color_of_usage(std::env::args_os()));
    let parsed = command.try_get_matches().and_then(|matches| Mailwright::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let mut output = Output::new(arguments.color);
    let ran = arguments.verb.run(&mut output).and_then(|exit| {
        output.out.flush()?;
        Ok(exit)
    });
    match ran {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // What was written before is not wrong, and a reader that went away takes no more.
            let _ = output.out.flush();
            let _ = writeln!(std::io::stderr(), "mailwright: {failure}");
            ExitCode::from(Failure::STATUS)
        }
    }
}

/// What `--color` says, for text that is written where the arguments cannot be parsed.
fn color_of_usage(arguments: impl Iterator<Item = OsString>) -> clap::ColorChoice {
    let mut choice = clap::ColorChoice::Auto;
    let mut arguments = arguments.take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        let stated = match argument.to_str() {
            Some("--color") => arguments.next(),
            Some(text) => text.strip_prefix("--color=").map(OsString::from),
            None => None,
        };
        match stated.as_ref().and_then(|stated| stated.to_str()) {
            Some("never") => choice = clap::ColorChoice::Never,
            Some("always") => choice = clap::ColorChoice::Always,
            _ => {}
        }
    }
    choice
}

/// Help and version go to standard output with status 0, wrong usage to standard error with 2.
fn usage(error: &clap::Error) -> ExitCode {
    match error.print() {
        Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Failure::STATUS)),
        Err(_) => ExitCode::from(Failure::STATUS),
    }
}
