//! `mailwright dkim key`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_dkim::key::{DnsRecord, PrivateKey, RecordCheck, Rotation};
use mailwright_dns::drive_blocking;
use mailwright_message_model::domain::Domain;

use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::private_key::{read, write_new};
use crate::shown::Shown;

/// Seconds that the record may be kept, and that the plan of a change goes by.
const TTL: u32 = 3600;

/// Make a key, print its record for DNS, or see whether it is published.
///
/// The line printed is for a master file; its strings have at most 255 octets.
///
/// Exit status: 0 done, or published; 1 not published; 2 a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dkim key may.pem --new --domain example.org --selector may\n  mailwright dkim key may.pem --check --domain example.org --selector may")]
pub(crate) struct Key {
    /// The private key: PEM, PKCS#8 or PKCS#1.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The domain that signs.
    #[arg(long)]
    domain: Domain,

    /// The selector.
    #[arg(long)]
    selector: Domain,

    /// Make a new Ed25519 key and write it to FILE, which must not exist.
    #[arg(long)]
    new: bool,

    /// Ask DNS whether the record is there.
    #[arg(long, conflicts_with = "new")]
    check: bool,

    /// Print when to do what on the way from an older key to this one.
    #[arg(long)]
    plan: bool,

    #[command(flatten)]
    ask: Ask,
}

impl Key {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let key = if self.new { self.make()? } else { read(&self.file)? };
        let record = DnsRecord::new(&self.selector, &self.domain, key.public_key().clone());
        let record = record.map_err(|error| Failure::new(error.to_string()))?;
        if self.check {
            let source = self.ask.source()?;
            let found = drive_blocking(&source, |dns| record.check(dns));
            writeln!(output.out, "{}: {}", record.name(), Shown::text(&found.to_string()))?;
            return Ok(Exit::of(found != RecordCheck::Published));
        }
        writeln!(output.out, "{}", record.zone_line(TTL))?;
        if self.plan {
            let plan = Rotation::new(self.ask.now(), TTL);
            for (at, what) in [
                (plan.publish_new, "publish this record"),
                (plan.sign_with_new, "sign with this key, once --check finds it"),
                (plan.revoke_old, "revoke the old key: an empty p= in its record"),
                (plan.remove_old, "remove the old record and destroy its key"),
            ] {
                writeln!(output.out, "; {at}  {what}")?;
            }
        }
        Ok(Exit::Fine)
    }

    fn make(&self) -> Result<PrivateKey, Failure> {
        let fail = |error: &dyn std::fmt::Display| Failure::at(&self.file, error);
        let key = PrivateKey::generate_ed25519().map_err(|error| fail(&error))?;
        let pem = key.to_pem().ok_or_else(|| fail(&"the key cannot be written"))?;
        write_new(&self.file, &pem)?;
        Ok(key)
    }
}
