//! `mailwright cert verify`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mailwright_smime::path::{Path, PathError, Purpose};
use mailwright_smime::x509::Certificate;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;
use crate::smime::{Objects, PasswordFrom, Trust, Wanted};

/// Say whether a certificate is good: by a path to one that you trust, for a purpose and an address.
///
/// The first certificate in FILE is judged; the others in it are known, and not trusted for that. Nothing is fetched.
///
/// Exit status: 0 good, 1 not good, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright cert verify alice.crt --trust root.crt --cert issuing.crt --purpose sign --address alice@example.org\n  mailwright cert verify chain.pem --trust root.crt --crl ca.crl --revocation required --at 2027-06-01T00:00:00Z")]
pub(crate) struct Verify {
    /// A certificate: PEM, DER, PKCS#7 or PKCS#12.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    trust: Trust,

    #[command(flatten)]
    password: PasswordFrom,

    /// What its key is to be used for.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    purpose: Use,

    /// The address that it must be for.
    #[arg(long)]
    address: Option<String>,

    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Purposes.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Use {
    /// Whatever it is.
    #[default]
    Any,
    /// Signatures over mail.
    Sign,
    /// Encryption of mail to its holder.
    Encrypt,
}

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let objects = Objects::read(&self.file, Wanted::Public, &self.password)?;
        let mut certificates = objects.certificates.iter().filter_map(|der| Certificate::from_der(der).ok());
        let Some(certificate) = certificates.next() else {
            return Err(Failure::at(&self.file, "no certificate in it"));
        };
        let checked = self.trust.read(&self.password)?;
        let validator = checked.validator()?.certificates(certificates).purpose(self.purpose.into());
        let validator = match &self.address {
            Some(address) => validator.address(address),
            None => validator,
        };
        let found = validator.validate(&certificate);
        let exit = Exit::of(found.is_err());
        if self.json {
            let (path, error) = (found.as_ref().ok(), found.as_ref().err());
            let value = serde_json::json!({
                "path": self.file.to_string_lossy(),
                "certificate": certificate,
                "good": path.is_some(),
                "chain": path,
                "error": error,
            });
            json::line(&mut output.out, &value)?;
            return Ok(exit);
        }
        show(output, &certificate, &found)?;
        Ok(exit)
    }
}

fn show(
    output: &mut Output,
    certificate: &Certificate<'_>,
    found: &Result<Path<'_>, PathError>,
) -> Result<(), Failure> {
    let path = match found {
        Ok(path) => path,
        Err(error) => return Ok(sentence(output, Tone::Bad, &format!("not good: {error}"), 0)?),
    };
    sentence(output, Tone::Good, &format!("good: {certificate}"), 0)?;
    for (at, (each, status)) in path.certificates().iter().zip(path.revocation()).enumerate() {
        let above = path.certificates().get(at + 1).unwrap_or(path.anchor());
        sentence(output, Tone::Plain, &format!("{}: issued by {}; {status}", each.subject(), above.subject()), 2)?;
    }
    sentence(output, Tone::Plain, &format!("{}: trusted", path.anchor().subject()), 2)?;
    Ok(())
}

impl From<Use> for Purpose {
    fn from(purpose: Use) -> Self {
        match purpose {
            Use::Any => Self::Any,
            Use::Sign => Self::EmailSign,
            Use::Encrypt => Self::EmailEncrypt,
        }
    }
}
