//! `mailwright smime encrypt`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mailwright_message_model::Message;
use mailwright_smime::path::{Purpose, same_address};
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Cipher, Encryptor, SystemRandom, Transport, stream};

use super::{Given, tell};
use crate::exit::{Exit, Failure};
use crate::input::Origin;
use crate::line_ends::stored_as;
use crate::output::Output;
use crate::smime::{Checked, Objects, PasswordFrom, Taken, Trust, Wanted};

/// Encrypt a message.
///
/// Its fields, the subject too, stay outside for everyone to read; its content is sealed. With --trust, a recipient
/// whose certificate is not good for it is refused. Whoever of To and Cc has no certificate here is named on standard
/// error.
///
/// Exit status: 0 encrypted, 1 the certificate of a recipient is not good, 2 a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright smime encrypt message.eml --to bob.crt --to alice.crt > sealed.eml\n  mailwright smime sign message.eml --key alice.p12 | mailwright smime encrypt - --to bob.crt -o sealed.eml")]
pub(crate) struct Encrypt {
    #[command(flatten)]
    given: Given,

    /// The certificates of a recipient: PEM, DER, PKCS#7 or PKCS#12; the first that is for encryption is taken. May be
    /// repeated; do not forget the sender.
    #[arg(long, value_name = "FILE", required_unless_present = "to_password")]
    to: Vec<PathBuf>,

    /// Also for who knows the password that is asked for.
    #[arg(long)]
    to_password: bool,

    /// The cipher; CBC and Triple DES, which do not authenticate, are for readers that do not know GCM.
    #[arg(long, value_enum, value_name = "NAME", default_value_t)]
    cipher: Sealing,

    /// For RSA keys, RSAES-OAEP instead of PKCS #1 v1.5.
    #[arg(long)]
    oaep: bool,

    #[command(flatten)]
    trust: Trust,

    #[command(flatten)]
    password: PasswordFrom,
}

/// What messages are sealed with.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Sealing {
    #[default]
    Aes256Gcm,
    Aes192Gcm,
    Aes128Gcm,
    Aes256Cbc,
    Aes192Cbc,
    Aes128Cbc,
    #[value(name = "3des")]
    TripleDes,
}

impl Encrypt {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let checked = self.trust.read(&self.password)?;
        let transport = if self.oaep { Transport::Oaep } else { Transport::Pkcs1 };
        let mut encryptor = Encryptor::new().cipher(self.cipher.into()).transport(transport);
        let mut recipients = Vec::new();
        for path in &self.to {
            let objects = Objects::read(path, Wanted::Public, &self.password)?;
            let der = for_encryption(&objects.certificates);
            let der = der.ok_or_else(|| Failure::at(path, "no certificate for encryption in it"))?;
            encryptor = encryptor.to(der).map_err(|error| Failure::at(path, error))?;
            recipients.push(der.clone());
        }
        if self.to_password {
            let password = self.password.password("the message")?;
            encryptor = encryptor.to_password(password.as_bytes());
        }
        let input = match self.given.take(self.to.iter().chain(self.trust.files()).chain(self.password.file()))? {
            Taken::Large(mut large) => {
                if !self.may_be_sealed(&large.origin.clone(), &large.header()?, &recipients, &checked)? {
                    return Ok(Exit::Finding);
                }
                return self.given.stream(large, output, |message, out| {
                    stream::encrypt_message(&encryptor, message, out, &mut SystemRandom::new())
                });
            }
            Taken::Held(input) => input,
        };
        self.given.write(input, output, |item| {
            if !self.may_be_sealed(&item.origin, item.raw, &recipients, &checked)? {
                return Ok(None);
            }
            let sealed = encryptor.encrypt_message(item.raw, &mut SystemRandom::new());
            let sealed = sealed.map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
            Ok(Some(stored_as(sealed, item.raw)))
        })
    }
}

impl Encrypt {
    /// Whether every recipient is good; names who cannot read a message that begins with this.
    fn may_be_sealed(
        &self,
        origin: &Origin,
        message: &[u8],
        recipients: &[Vec<u8>],
        checked: &Checked,
    ) -> Result<bool, Failure> {
        if self.trust.is_some() && !are_good(origin, recipients, checked)? {
            return Ok(false);
        }
        if !self.to_password {
            name_who_cannot_read(origin, message, recipients)?;
        }
        Ok(true)
    }
}

/// The first of a file that no key usage forbids it.
fn for_encryption(certificates: &[Vec<u8>]) -> Option<&Vec<u8>> {
    certificates.iter().find(|der| {
        Certificate::from_der(der).is_ok_and(|certificate| Purpose::EmailEncrypt.allows(&certificate))
    })
}

/// Whether each certificate has a path to one that is trusted; says which has none.
fn are_good(origin: &Origin, recipients: &[Vec<u8>], checked: &Checked) -> Result<bool, Failure> {
    let validator = checked.validator()?.purpose(Purpose::EmailEncrypt);
    let mut good = true;
    for certificate in recipients.iter().filter_map(|der| Certificate::from_der(der).ok()) {
        if let Err(error) = validator.validate(&certificate) {
            tell(origin, &format!("not encrypted for {error}"))?;
            good = false;
        }
    }
    Ok(good)
}

/// Names those of To and Cc for whom there is no certificate.
fn name_who_cannot_read(origin: &Origin, message: &[u8], recipients: &[Vec<u8>]) -> Result<(), Failure> {
    let Ok(message) = Message::parse(message) else { return Ok(()) };
    let certificates: Vec<Certificate<'_>> =
        recipients.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    let certified: Vec<&str> = certificates.iter().flat_map(Certificate::email_addresses).collect();
    let mut without = Vec::new();
    for field in ["To", "Cc"].iter().flat_map(|name| message.root().fields_named(name)) {
        for mailbox in field.addresses().mailboxes() {
            if !certified.iter().any(|known| same_address(known, mailbox.addr())) {
                without.push(mailbox.addr().to_owned());
            }
        }
    }
    if without.is_empty() {
        return Ok(());
    }
    tell(origin, &format!("no certificate is given for {}: it cannot be read there", without.join(", ")))
}

impl From<Sealing> for Cipher {
    fn from(sealing: Sealing) -> Self {
        match sealing {
            Sealing::Aes256Gcm => Self::Aes256Gcm,
            Sealing::Aes192Gcm => Self::Aes192Gcm,
            Sealing::Aes128Gcm => Self::Aes128Gcm,
            Sealing::Aes256Cbc => Self::Aes256Cbc,
            Sealing::Aes192Cbc => Self::Aes192Cbc,
            Sealing::Aes128Cbc => Self::Aes128Cbc,
            Sealing::TripleDes => Self::TripleDesCbc,
        }
    }
}
