//! `mailwright smime sign`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mailwright_smime::{Digest, Signer, SystemRandom, TimeOfCheck, stream};

use super::Given;
use crate::exit::{Exit, Failure};
use crate::line_ends::stored_as;
use crate::output::Output;
use crate::smime::{At, PasswordFrom, Taken, identities};

/// Sign a message.
///
/// The fields of the message stay outside; its content is signed. A message that is stored with LF alone stays so.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright smime sign message.eml --key alice.p12 > signed.eml\n  mailwright smime sign message.eml --key alice.pem --cert alice.crt --cert issuing.crt --opaque -o signed.eml")]
pub(crate) struct Sign {
    #[command(flatten)]
    given: Given,

    /// The private key: PEM, DER or PKCS#12.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// Its certificate and those between it and an anchor, where they are not in the same file. May be repeated.
    #[arg(long, value_name = "FILE")]
    cert: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordFrom,

    /// Put the content inside of the signature: no gateway can change it, and no reader without S/MIME can show it.
    #[arg(long)]
    opaque: bool,

    /// Another digest than the one that goes with the key.
    #[arg(long, value_enum, value_name = "NAME")]
    digest: Option<Hash>,

    /// With an RSA key, RSASSA-PSS instead of PKCS #1 v1.5.
    #[arg(long)]
    pss: bool,

    /// The time to be signed (2027-06-01T00:00:00Z or seconds since 1970), not now.
    #[arg(long, value_name = "TIME", conflicts_with = "no_time")]
    at: Option<At>,

    /// Sign no time.
    #[arg(long)]
    no_time: bool,
}

/// What new signatures are made with.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Sign {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let found = identities(std::slice::from_ref(&self.key), &self.cert, &self.password)?;
        let fail = |error: mailwright_smime::Error| Failure::at(&self.key, error);
        let identity = found.first().ok_or_else(|| Failure::at(&self.key, "no private key in it"))?;
        let signer = Signer::new(&identity.key, &identity.certificate).map_err(fail)?;
        let mut signer = signer.chain(identity.chain.iter().map(Vec::as_slice));
        if let Some(digest) = self.digest {
            signer = signer.digest(digest.into()).map_err(fail)?;
        }
        if self.pss {
            signer = signer.pss();
        }
        if self.opaque {
            signer = signer.opaque();
        }
        match At::or_now(self.at) {
            _ if self.no_time => {}
            TimeOfCheck::At(time) => signer = signer.signing_time(time),
            _ => return Err(Failure::new("--at takes a time here")),
        }
        let input = match self.given.take([&self.key].into_iter().chain(&self.cert).chain(self.password.file()))? {
            Taken::Large(large) => {
                return self.given.stream(large, output, |message, out| {
                    stream::sign_message(&signer, message, out, &mut SystemRandom::new())
                });
            }
            Taken::Held(input) => input,
        };
        self.given.write(input, output, |item| {
            let signed = signer.sign_message(item.raw).map_err(|error| {
                let hint = if self.opaque { "" } else { "; --opaque signs it as it is" };
                Failure::new(format!("{}: {error}{hint}", item.origin.name()))
            })?;
            Ok(Some(stored_as(signed, item.raw)))
        })
    }
}

impl From<Hash> for Digest {
    fn from(hash: Hash) -> Self {
        match hash {
            Hash::Sha256 => Self::Sha256,
            Hash::Sha384 => Self::Sha384,
            Hash::Sha512 => Self::Sha512,
        }
    }
}
