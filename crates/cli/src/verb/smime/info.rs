//! `mailwright smime info`

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Context, Coverage, EncryptedLayer, Layer, LayerKind, Report, SignedLayer, open};

use crate::exit::{Exit, Failure};
use crate::input::{Options, Origin};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;
use crate::smime::{PasswordFrom, Taken, keys, take};

/// Show the layers of a message: who signed, for whom it is encrypted, which certificates it carries.
///
/// Nobody is judged. With --key, encrypted layers are looked into.
///
/// Exit status: 0 there are layers, 1 a message has none, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright smime info sealed.eml\n  mailwright smime info sealed.eml --key bob.p12 --json")]
pub(crate) struct Info {
    /// A message, mbox, Maildir or folder; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Private keys to look into encrypted layers with: PEM, DER or PKCS#12. May be repeated.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,

    /// Certificates of the keys, where they are not in the same file. May be repeated.
    #[arg(long, value_name = "FILE")]
    cert: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordFrom,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,
}

impl Info {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let keys = keys(&self.key, &self.cert, &self.password)?;
        let context = Context::new().signatures_only().keys(&keys);
        let mut input = match take(&self.paths, Options::default())? {
            Taken::Held(input) => input,
            Taken::Large(mut large) => {
                let report = large.open(&context, None, &mut io::sink())?;
                self.show(output, &large.origin, &report)?;
                return Ok(Exit::of(report.layers.is_empty()));
            }
        };
        let alone = input.is_single();
        let mut all_have = true;
        input.read(|item| {
            item.whole()?;
            let report = open(item.raw, &context);
            let report = report.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
            all_have &= !report.layers.is_empty();
            if !alone && !self.json {
                writeln!(output.out, "{}", item.origin.name())?;
            }
            Ok(self.show(output, &item.origin, &report)?)
        })?;
        input.passed_over.failure().map_or(Ok(Exit::of(!all_have)), Err)
    }

    fn show(&self, output: &mut Output, origin: &Origin, report: &Report<'_>) -> io::Result<()> {
        if self.json {
            let found = serde_json::json!({ "layers": report.layers, "from": report.from });
            return json::line(&mut output.out, &json::found(origin, found));
        }
        if report.layers.is_empty() {
            writeln!(output.out, "neither signed nor encrypted")?;
        }
        report.layers.iter().try_for_each(|layer| show(output, layer))
    }
}

fn show(output: &mut Output, layer: &Layer<'_>) -> io::Result<()> {
    let part = match &layer.coverage {
        Coverage::Part(part) => format!("part {part}: "),
        _ => String::new(),
    };
    match &layer.kind {
        LayerKind::Signed(signed) => {
            let form = if signed.detached { "beside its content" } else { "around its content" };
            sentence(output, Tone::Plain, &format!("{part}signed, {form}"), 0)?;
            show_signed(output, signed)
        }
        LayerKind::Encrypted(encrypted) => {
            sentence(output, Tone::Plain, &format!("{part}{encrypted}"), 0)?;
            show_recipients(output, encrypted)
        }
        LayerKind::Certificates(list) => {
            sentence(output, Tone::Plain, &format!("{part}{layer}"), 0)?;
            list.iter().try_for_each(|der| show_certificate(output, der))
        }
        _ => sentence(output, Tone::Plain, &format!("{part}{layer}"), 0),
    }
}

fn show_signed(output: &mut Output, signed: &SignedLayer) -> io::Result<()> {
    for signer in &signed.signers {
        let who = match signer.addresses.as_slice() {
            [] => "someone whose certificate names no address".to_owned(),
            addresses => addresses.join(", "),
        };
        let time = signer.signing_time.map(|time| format!(", signed {time} by the signer's word"));
        let digest = signer.digest.map(|digest| format!(", {digest}"));
        let line =
            format!("signer {who}{}{}", digest.unwrap_or_default(), time.unwrap_or_default());
        sentence(output, Tone::Plain, &line, 2)?;
    }
    signed.certificates.iter().try_for_each(|der| show_certificate(output, der))
}

fn show_certificate(output: &mut Output, der: &[u8]) -> io::Result<()> {
    let line = match Certificate::from_der(der) {
        Ok(certificate) => format!("certificate {certificate}, issued by {}", certificate.issuer()),
        Err(error) => format!("certificate that cannot be read: {error}"),
    };
    sentence(output, Tone::Quiet, &line, 2)
}

fn show_recipients(output: &mut Output, encrypted: &EncryptedLayer) -> io::Result<()> {
    encrypted.recipients.iter().try_for_each(|to| sentence(output, Tone::Quiet, &format!("for {to}"), 2))
}
