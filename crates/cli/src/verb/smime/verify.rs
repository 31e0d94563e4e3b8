//! `mailwright smime verify`

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use clap::Args;
use mailwright_smime::{Context, Verdict, open};

use super::write_report;
use crate::exit::{Exit, Failure};
use crate::file;
use crate::input::Options;
use crate::output::Output;
use crate::report::json;
use crate::smime::{Large, PasswordFrom, Taken, Trust, keys, take};

/// Say of every signature whether it holds, who signed, and whether he is trusted and the sender.
///
/// A message is good where all of it is signed, by one whom those you --trust certify, for each address in From. What
/// cannot be found out, as without --trust, makes it unknown. With --key, encrypted layers are looked into.
///
/// Exit status: 0 every message is good, 1 one is bad, unknown or not signed, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// A message, mbox, Maildir or folder; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    trust: Trust,

    /// Private keys to look into encrypted layers with: PEM, DER or PKCS#12; certificates that are not in the same file
    /// are given with --cert. May be repeated.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordFrom,

    /// The address that the signer must have, not those in From.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "any_from")]
    from: Option<String>,

    /// Leave open whether the signer is the sender.
    #[arg(long)]
    any_from: bool,

    /// Write what is inside of the layers to this file; of one message only, and not of one that is bad.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  mailwright smime verify message.eml --trust root.pem
  mailwright smime verify message.eml --trust root.pem --crl ca.crl --revocation required
  mailwright smime verify sealed.eml --trust root.pem --key alice.p12 --password-env P12_PASSWORD
  mailwright smime verify old.eml --trust root.pem --at signed --policy interop --json";

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let checked = self.trust.read(&self.password)?;
        let keys = keys(&self.key, &self.trust.cert, &self.password)?;
        let mut context = checked.context().keys(&keys);
        if self.any_from {
            context = context.from(None);
        } else if let Some(address) = &self.from {
            context = context.from(Some(address));
        }
        let mut input = match take(&self.paths, Options::default())? {
            Taken::Large(large) => return self.stream(large, &context, output),
            Taken::Held(input) => input,
        };
        let alone = input.is_single();
        if let Some(path) = &self.content {
            if !alone {
                return Err(Failure::new("--content takes one message, no mailbox"));
            }
            file::spare(self.read_files(), path)?;
        }
        let mut all_good = true;
        input.read(|item| {
            item.whole()?;
            let report = open(item.raw, &context);
            let report = report.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
            let verdict = report.verdict();
            all_good &= verdict.is_good();
            if let Some(path) = self.content.as_ref().filter(|_| !matches!(verdict, Verdict::Bad(_))) {
                file::write(path, |file| file.write_all(&report.content))?;
            }
            if self.json {
                let found = serde_json::to_value(&report).unwrap_or_default();
                json::line(&mut output.out, &json::found(&item.origin, found))?;
                return Ok(());
            }
            if !alone {
                writeln!(output.out, "{}", item.origin.name())?;
            }
            write_report(output, &report.to_string(), &verdict)?;
            Ok(())
        })?;
        input.passed_over.failure().map_or(Ok(Exit::of(!all_good)), Err)
    }

    /// All files that are read.
    fn read_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter().chain(&self.key).chain(self.trust.files()).chain(self.password.file())
    }

    /// A message that is too large to be held.
    fn stream(&self, mut large: Large, context: &Context<'_>, output: &mut Output) -> Result<Exit, Failure> {
        let report = match &self.content {
            None => large.open(context, None, &mut io::sink())?,
            Some(path) => {
                file::spare(self.read_files(), path)?;
                let (path, written) = file::beside(path)?;
                let mut written = BufWriter::new(written);
                let report = large.open(context, None, &mut written)?;
                if !matches!(report.verdict(), Verdict::Bad(_)) {
                    file::persist(written, &path)?;
                }
                report
            }
        };
        let verdict = report.verdict();
        if self.json {
            let found = serde_json::to_value(&report).unwrap_or_default();
            json::line(&mut output.out, &json::found(&large.origin, found))?;
        } else {
            write_report(output, &report.to_string(), &verdict)?;
        }
        Ok(Exit::of(!verdict.is_good()))
    }
}
