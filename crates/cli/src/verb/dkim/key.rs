//! `mailwright dkim key`

use std::io::Write as _;
use std::ops::Deref;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mailwright_dkim::key::{DnsRecord, PrivateKey, RecordCheck, Rotation};
use mailwright_dns::drive_blocking;
use mailwright_message_model::date::DateTime;
use mailwright_message_model::domain::Domain;

use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::private_key::{read, write_new};
use crate::shown::Shown;

/// Seconds that the record may be kept, and that the plan of a change goes by.
const TTL: u32 = 3600;
/// The size of a new RSA key: what every receiver takes, in one UDP answer.
const RSA_BITS: u32 = 2048;

/// Make a key, print its record for DNS, or see whether it is published.
///
/// The line printed is for a master file; its strings have at most 255 octets.
///
/// Exit status: 0 done, or published; 1 not published; 2 a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dkim key may.pem --new --domain example.org --selector may\n  mailwright dkim key may.pem --new --algorithm rsa --domain example.org --selector may --plan --old april\n  mailwright dkim key may.pem --check --domain example.org --selector may")]
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

    /// Make a new key and write it to FILE, which must not exist, for its owner alone.
    #[arg(long)]
    new: bool,

    /// Of which kind. Publish and sign with one of each: not every receiver knows Ed25519.
    #[arg(long, value_enum, value_name = "KIND", requires = "new", default_value = "ed25519")]
    algorithm: Kind,

    /// The size of an RSA key: 2048, 3072 or 4096; 2048 unless it is given.
    #[arg(long, requires = "new")]
    bits: Option<u32>,

    /// Ask DNS whether the record is there.
    #[arg(long, conflicts_with = "new")]
    check: bool,

    /// Print when to do what on the way from an older key to this one.
    #[arg(long)]
    plan: bool,

    /// The selector of the older key, for the plan.
    #[arg(long, value_name = "SELECTOR", requires = "plan")]
    old: Option<Domain>,

    #[command(flatten)]
    ask: Ask,
}

/// Kinds of keys (RFC 6376 3.3, RFC 8463 3).
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Ed25519,
    Rsa,
}

impl Key {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let (key, made) = if self.new {
            let (key, pem) = self.make()?;
            (key, Some(pem))
        } else {
            (read(&self.file)?, None)
        };
        let record = DnsRecord::new(&self.selector, &self.domain, key.public_key().clone());
        let record = record.map_err(|error| Failure::new(error.to_string()))?;
        // Not before the record is known to be possible, for the file would be in the way of the next try.
        if let Some(pem) = made {
            write_new(&self.file, &pem)?;
        }
        if self.check {
            let source = self.ask.source()?;
            let found = drive_blocking(&source, |dns| record.check(dns));
            writeln!(output.out, "{}: {}", record.name(), Shown::text(&found.to_string()))?;
            return Ok(Exit::of(found != RecordCheck::Published));
        }
        writeln!(output.out, "{}", record.zone_line(TTL))?;
        if self.plan {
            self.write_plan(output)?;
        }
        Ok(Exit::Fine)
    }

    /// Comments of a master file, so that the output is one in any case.
    fn write_plan(&self, output: &mut Output) -> Result<(), Failure> {
        let plan = Rotation::new(self.ask.now(), TTL);
        let (new, domain) = (&self.selector, &self.domain);
        let old = self.old.as_ref().map_or("OLD".to_owned(), ToString::to_string);
        for (at, what) in [
            (plan.publish_new, format!("publish {new}._domainkey.{domain}, as above")),
            (plan.sign_with_new, format!("sign with selector {new}, once --check finds its record")),
            (plan.revoke_old, format!("revoke the old key: {old}._domainkey.{domain}. {TTL} IN TXT \"v=DKIM1; p=\"")),
            (plan.remove_old, format!("remove {old}._domainkey.{domain}, and destroy its key")),
        ] {
            let date = i64::try_from(at).ok().and_then(|at| DateTime::from_unix(at, 0));
            let date = date.map_or_else(|| at.to_string(), |date| date.to_string());
            writeln!(output.out, "; {date}  {what}")?;
        }
        Ok(())
    }

    /// A new key and what is to be written.
    fn make(&self) -> Result<(PrivateKey, impl Deref<Target = String> + use<>), Failure> {
        let fail = |error: &dyn std::fmt::Display| Failure::at(&self.file, error);
        match self.algorithm {
            Kind::Ed25519 if self.bits.is_some() => Err(Failure::new("--bits is for --algorithm rsa".to_owned())),
            Kind::Ed25519 => {
                let key = PrivateKey::generate_ed25519().map_err(|error| fail(&error))?;
                let pem = key.to_pem().ok_or_else(|| fail(&"the key cannot be written"))?;
                Ok((key, pem))
            }
            Kind::Rsa => {
                let pem = PrivateKey::generate_rsa_pem(self.bits.unwrap_or(RSA_BITS), getrandom::fill);
                let pem = pem.map_err(|error| fail(&error))?;
                Ok((PrivateKey::from_pem(&pem).map_err(|error| fail(&error))?, pem))
            }
        }
    }
}
