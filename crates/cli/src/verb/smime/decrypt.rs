//! `mailwright smime decrypt`

use std::path::PathBuf;

use clap::Args;
use mailwright_smime::{Context, ErrorKind, LayerKind, open, outside_fields};

use super::{Made, tell};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::smime::{PasswordFrom, keys};

/// Open an encrypted message.
///
/// What is written is the message with the content of its encrypted layers in their place: a signature inside stays, for
/// `smime verify` to judge. Where the cipher does not authenticate (CBC), standard error says so.
///
/// Exit status: 0 opened, 1 not encrypted or not to be opened with these keys, 2 a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright smime decrypt sealed.eml --key bob.p12 --output opened.eml\n  mailwright smime decrypt - --key bob.pem --cert bob.crt --password-file secret < sealed.eml")]
pub(crate) struct Decrypt {
    #[command(flatten)]
    made: Made,

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
        self.made.write(output, |item| {
            let report = open(item.raw, &context);
            let report = report.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
            let encrypted = report.layers.iter().rev().find_map(|layer| Some((layer, layer.encrypted()?)));
            let Some((layer, encrypted)) = encrypted else {
                match report.layers.last().map(|layer| &layer.kind) {
                    Some(LayerKind::Unreadable(error)) => tell(item, &error.to_string())?,
                    _ => tell(item, "not encrypted")?,
                }
                return Ok(None);
            };
            let opened = match &encrypted.opened {
                Ok(opened) => opened,
                Err(error) => {
                    let mut what = error.to_string();
                    if *error.kind() == ErrorKind::NoRecipient {
                        let names: Vec<String> =
                            encrypted.recipients.iter().take(5).map(ToString::to_string).collect();
                        what = format!("{what}; it is for {}", names.join(", "));
                    }
                    tell(item, &what)?;
                    return Ok(None);
                }
            };
            if !opened.cipher.is_authenticated() {
                let cipher = opened.cipher;
                tell(
                    item,
                    &format!("the text is not authenticated ({cipher}): it may have been changed on the way (RFC 8551 6)"),
                )?;
            }
            let mut made = if self.entity { Vec::new() } else { outside_fields(item.raw, &layer.content) };
            made.extend_from_slice(&layer.content);
            Ok(Some(made))
        })
    }
}
