//! `mailwright dkim sign`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_dkim::Signer;

use crate::dns::Clock;
use crate::exit::{Exit, Failure};
use crate::input::{Format, Input, Options};
use crate::line_ends::{as_sent, as_stored};
use crate::output::Output;
use crate::private_key::read;

/// Put a DKIM signature in front of a message.
///
/// The signed message is written to standard output, with the line breaks that the file has.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dkim sign message.eml --domain example.org --selector may --key may.pem > signed.eml")]
pub(crate) struct Sign {
    /// A message; - for standard input.
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// The domain that signs (d=).
    #[arg(long)]
    domain: String,

    /// The selector under which its key is published (s=).
    #[arg(long)]
    selector: String,

    /// The private key: PEM, PKCS#8 or PKCS#1.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    #[command(flatten)]
    clock: Clock,

    /// Let the signature expire after so many seconds (x=).
    #[arg(long, value_name = "SECONDS")]
    expire_in: Option<u64>,

    /// Put copies of the signed fields in (z=), so that a change can be told.
    #[arg(long)]
    copy_headers: bool,
}

impl Sign {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let signer = Signer::new(&self.domain, &self.selector, read(&self.key)?);
        let mut signer = signer.map_err(|error| Failure::new(error.to_string()))?;
        if let Some(seconds) = self.expire_in {
            signer = signer.expire_in(seconds);
        }
        let signer = signer.copy_headers(self.copy_headers);
        let now = self.clock.now();
        let options = Options { format: Format::Message, ..Options::default() };
        Input::open(std::slice::from_ref(&self.path), options)?.read(|item| {
            item.whole()?;
            let field = signer.sign(&as_sent(item.raw), now);
            let field = field.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
            output.out.write_all(as_stored(field.as_str(), item.raw).as_bytes())?;
            output.out.write_all(item.raw)?;
            Ok(())
        })?;
        Ok(Exit::Fine)
    }
}
