//! `mailwright smime decrypt`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use mailwright_smime::{Context, ErrorKind, LayerKind, Report, open, outside_fields};

use super::{Given, tell};
use crate::exit::{Exit, Failure};
use crate::input::Origin;
use crate::output::Output;
use crate::smime::{Large, PasswordFrom, Taken, Unwrapped, keys};

/// Open an encrypted message.
///
/// What is written is the message with the content of its encrypted layer in its place: a signature inside stays, for
/// `smime verify` to judge. Where the cipher does not authenticate (CBC), standard error says so.
///
/// Exit status: 0 opened, 1 not encrypted or not to be opened with these keys, 2 a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright smime decrypt sealed.eml --key bob.p12 --output opened.eml\n  mailwright smime decrypt - --key bob.pem --cert bob.crt --password-file secret < sealed.eml")]
pub(crate) struct Decrypt {
    #[command(flatten)]
    given: Given,

    /// Private keys: PEM, DER or PKCS#12. May be repeated.
    #[arg(long, value_name = "FILE", required_unless_present = "password_recipient")]
    key: Vec<PathBuf>,

    /// Certificates of the keys, where they are not in the same file. May be repeated.
    #[arg(long, value_name = "FILE")]
    cert: Vec<PathBuf>,

    /// The message is sealed with a password, the one that is asked for.
    #[arg(long)]
    password_recipient: bool,

    #[command(flatten)]
    password: PasswordFrom,

    /// Write what is inside alone, without the fields around it.
    #[arg(long)]
    entity: bool,
}

impl Decrypt {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let mut keys = keys(&self.key, &self.cert, &self.password)?;
        if self.password_recipient {
            keys.add_password(self.password.password("the message")?.as_bytes());
        }
        let context = Context::new().signatures_only().keys(&keys);
        match self.given.take(self.key.iter().chain(&self.cert).chain(self.password.file()))? {
            Taken::Large(large) => self.stream(large, &context, output),
            Taken::Held(input) => self.given.write(input, output, |item| {
                let report = open(item.raw, &context);
                let report =
                    report.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
                let Some(at) = opened(&item.origin, &report)? else { return Ok(None) };
                let content = report.layers.get(at).map(|layer| &*layer.content).unwrap_or_default();
                let mut made = if self.entity { Vec::new() } else { outside_fields(item.raw, content) };
                made.extend_from_slice(content);
                Ok(Some(made))
            }),
        }
    }

    /// A message that is too large to be held.
    fn stream(&self, mut large: Large, context: &Context<'_>, output: &mut Output) -> Result<Exit, Failure> {
        // How many layers there are around the encrypted one, and whether it opens.
        let mut layers = 1;
        loop {
            let report = large.open(context, Some(layers), &mut io::sink())?;
            let found = report.layers.len();
            let is_encrypted = report.layers.last().is_some_and(|layer| layer.encrypted().is_some());
            if is_encrypted || found < layers {
                match opened(&large.origin, &report)? {
                    Some(_) => break,
                    None => return Ok(Exit::Finding),
                }
            }
            layers += 1;
        }
        let outside = if self.entity { None } else { Some(large.header()?) };
        let write = |out: &mut dyn Write| {
            let mut out = Unwrapped::new(outside, out);
            large.open(context, Some(layers), &mut out)?;
            out.finish().map_err(Failure::from)
        };
        self.given.write_to(output, write)?;
        Ok(Exit::Fine)
    }
}

/// Which layer is the outermost encrypted one, if it is opened; standard error says why it is not, or what to mind.
fn opened(origin: &Origin, report: &Report<'_>) -> Result<Option<usize>, Failure> {
    let mut layers = report.layers.iter().enumerate();
    let Some((at, encrypted)) = layers.find_map(|(at, layer)| Some((at, layer.encrypted()?))) else {
        match report.layers.last().map(|layer| &layer.kind) {
            Some(LayerKind::Unreadable(error)) => tell(origin, &error.to_string())?,
            _ => tell(origin, "not encrypted")?,
        }
        return Ok(None);
    };
    match &encrypted.opened {
        Ok(opened) => {
            if !opened.cipher.is_authenticated() {
                let cipher = opened.cipher;
                let what = format!(
                    "the text is not authenticated ({cipher}): it may have been changed on the way (RFC 8551 6)"
                );
                tell(origin, &what)?;
            }
            Ok(Some(at))
        }
        Err(error) => {
            let mut what = error.to_string();
            if *error.kind() == ErrorKind::NoRecipient {
                let names = encrypted.recipients.iter().take(5).map(ToString::to_string);
                what = format!("{what}; it is for {}", names.collect::<Vec<_>>().join(", "));
            }
            tell(origin, &what)?;
            Ok(None)
        }
    }
}
