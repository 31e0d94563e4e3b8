//! `mailwright arc seal`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_dkim::arc::{self, Findings, Sealer};
use mailwright_dkim::Policy;
use mailwright_dns::drive_blocking;

use crate::dns::Ask;
use crate::exit::{Exit, Failure, reason};
use crate::input::{Format, Input, Options};
use crate::line_ends::{as_sent, as_stored};
use crate::output::Output;
use crate::private_key::read;

/// Put an ARC Set in front of a message that is passed on.
///
/// What was found about the message is taken from its Authentication-Results fields with your authserv-id: see to it that
/// none comes in from outside. The sealed message is written to standard output.
///
/// Exit status: 0 done, 1 the last sealer found the chain broken, so that nothing was added, 2 it cannot be sealed.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright arc seal leaves.eml --received came.eml --authserv-id mx.example.org \\\n      --domain example.org --selector arc --key arc.pem > sealed.eml")]
pub(crate) struct Seal {
    /// The message as it leaves; - for standard input.
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// The message as it came, where it was changed meanwhile.
    #[arg(long, value_name = "FILE")]
    received: Option<PathBuf>,

    /// The name of your server in Authentication-Results.
    #[arg(long)]
    authserv_id: String,

    /// The domain that seals (d=).
    #[arg(long)]
    domain: String,

    /// The selector under which its key is published (s=).
    #[arg(long)]
    selector: String,

    /// The private key: PEM, PKCS#8 or PKCS#1.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    #[command(flatten)]
    ask: Ask,
}

impl Seal {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let sealer = Sealer::new(&self.domain, &self.selector, read(&self.key)?);
        let sealer = sealer.map_err(|error| Failure::new(error.to_string()))?;
        let (source, now) = (self.ask.source()?, self.ask.now());
        let received = self.received.as_deref().map(|path| {
            std::fs::read(path).map_err(|error| Failure::at(path, reason(&error)))
        });
        let received = received.transpose()?;
        let mut exit = Exit::Fine;
        let options = Options { format: Format::Message, ..Options::default() };
        Input::open(std::slice::from_ref(&self.path), options)?.read(|item| {
            item.whole()?;
            let came = as_sent(received.as_deref().unwrap_or(item.raw));
            let prepared = arc::Prepared::new(&came, &Policy::default(), now);
            let chain = drive_blocking(&source, |dns| prepared.evaluate(dns));
            let leaves = as_sent(item.raw);
            let findings = Findings::of_message(&leaves, &self.authserv_id);
            let set = findings.and_then(|findings| sealer.seal(&leaves, &chain, &findings, now));
            match set.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))? {
                Some(set) => output.out.write_all(as_stored(&set.to_string(), item.raw).as_bytes())?,
                None => exit = Exit::Finding,
            }
            output.out.write_all(item.raw)?;
            Ok(())
        })?;
        Ok(exit)
    }
}
