//! `mailwright cert show`

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use mailwright_smime::Digest;
use mailwright_smime::x509::{Certificate, Crl, OcspResponse};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;
use crate::shown::Shown;
use crate::smime::{Objects, PasswordFrom, Wanted};

/// Show the certificates, revocation lists, OCSP responses and keys in files: PEM, DER, PKCS#7 or PKCS#12.
///
/// Of private keys only the kind is shown. Nothing is judged.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright cert show alice.crt\n  mailwright cert show alice.p12 --password-file secret --json")]
pub(crate) struct Show {
    /// Files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordFrom,

    /// Open private keys too, which may need a password.
    #[arg(long)]
    keys: bool,

    /// Write one JSON object a line, one for each of them.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let wanted = if self.keys { Wanted::Keys } else { Wanted::Public };
        for path in &self.files {
            let objects = Objects::read(path, wanted, &self.password)?;
            let found = described(&objects);
            if found.is_empty() {
                let hint = if self.keys { "" } else { "; --keys shows private keys" };
                return Err(Failure::at(path, format!("no certificate, list or response in it{hint}")));
            }
            if !self.json && self.files.len() > 1 {
                writeln!(output.out, "{}", Shown::path(path))?;
            }
            for object in found {
                self.write(output, path, &object)?;
            }
        }
        Ok(Exit::Fine)
    }

    fn write(&self, output: &mut Output, path: &Path, object: &Described) -> io::Result<()> {
        if self.json {
            let mut value = object.json.clone();
            if let Value::Object(fields) = &mut value {
                fields.insert("path".to_owned(), path.to_string_lossy().into());
            }
            return json::line(&mut output.out, &value);
        }
        sentence(output, Tone::Plain, &object.title, 0)?;
        object.lines.iter().try_for_each(|(name, value)| {
            sentence(output, Tone::Plain, &format!("{name}: {value}"), 2)
        })
    }
}

/// One object for people and for programs.
struct Described {
    title: String,
    lines: Vec<(&'static str, String)>,
    json: Value,
}

fn described(objects: &Objects) -> Vec<Described> {
    let certificates = objects.certificates.iter().filter_map(|der| Certificate::from_der(der).ok());
    let crls = objects.crls.iter().filter_map(|der| Crl::from_der(der).ok());
    let responses = objects.responses.iter().filter_map(|der| OcspResponse::from_der(der).ok());
    let keys = objects.keys.iter().map(|key| {
        let name = key.algorithm();
        let json = json!({ "kind": "private_key", "key": name });
        Described { title: format!("private key: {name}"), lines: Vec::new(), json }
    });
    certificates
        .map(|certificate| of_certificate(&certificate))
        .chain(crls.map(|crl| of_crl(&crl)))
        .chain(responses.map(|response| of_response(&response)))
        .chain(keys)
        .collect()
}

fn of_certificate(certificate: &Certificate<'_>) -> Described {
    let subject = certificate.subject();
    let title = if subject.is_empty() { "certificate".to_owned() } else { format!("certificate: {subject}") };
    let mut lines = vec![
        ("issuer", certificate.issuer().to_string()),
        ("serial", hex(certificate.serial())),
        ("valid", format!("{} to {}", certificate.not_before(), certificate.not_after())),
        ("key", certificate.public_key().to_string()),
    ];
    let addresses = certificate.email_addresses();
    if !addresses.is_empty() {
        lines.push(("addresses", addresses.join(", ")));
    }
    if let Ok(Some(constraints)) = certificate.basic_constraints() {
        let most = constraints.path_length.map(|most| format!(", at most {most} below it"));
        let ca = if constraints.ca { format!("an authority{}", most.unwrap_or_default()) } else { "no authority".to_owned() };
        lines.push(("is", ca));
    }
    let usage = certificate.key_usage().ok().flatten().map(|usage| usage.to_string());
    lines.extend(usage.clone().map(|usage| ("usage", usage)));
    let purposes: Vec<String> = certificate
        .extended_key_usage()
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .map(|oid| purpose(&oid.to_string()))
        .collect();
    if !purposes.is_empty() {
        lines.push(("purposes", purposes.join(", ")));
    }
    lines.push(("SHA-256", hex(&certificate.fingerprint(Digest::Sha256))));
    let mut json = json!({ "kind": "certificate" });
    if let (Value::Object(all), Ok(Value::Object(found))) = (&mut json, serde_json::to_value(certificate)) {
        all.extend(found);
        all.insert("usage".to_owned(), json!(usage));
        all.insert("purposes".to_owned(), json!(purposes));
    }
    Described { title, lines, json }
}

fn of_crl(crl: &Crl<'_>) -> Described {
    let (issuer, this) = (crl.issuer().to_string(), crl.this_update());
    let (next, revoked) = (crl.next_update(), crl.entries().count());
    Described {
        title: format!("revocation list of {issuer}"),
        lines: vec![
            ("of", this.to_string()),
            ("next", next.map_or_else(|| "not said".to_owned(), |next| next.to_string())),
            ("revoked", revoked.to_string()),
        ],
        json: json!({
            "kind": "crl", "issuer": issuer, "this_update": this, "next_update": next, "revoked": revoked,
        }),
    }
}

fn of_response(response: &OcspResponse<'_>) -> Described {
    let (at, certificates) = (response.produced_at(), response.certificates().len());
    Described {
        title: "OCSP response".to_owned(),
        lines: vec![("of", at.to_string()), ("certificates in it", certificates.to_string())],
        json: json!({ "kind": "ocsp_response", "produced_at": at, "certificates": certificates }),
    }
}

/// What people call a purpose (RFC 5280 4.2.1.12).
fn purpose(oid: &str) -> String {
    match oid {
        "2.5.29.37.0" => "any",
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        oid => oid,
    }
    .to_owned()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
