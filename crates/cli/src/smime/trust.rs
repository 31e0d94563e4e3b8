//! Whom the user trusts, and what is known of certificates.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mailwright_smime::path::{Revocation, Validator};
use mailwright_smime::x509::{Certificate, Crl, OcspResponse};
use mailwright_smime::{Context, Policy, Time, TimeOfCheck};

use super::objects::{Objects, Wanted, certificates};
use super::password::PasswordFrom;
use super::time::At;
use crate::exit::Failure;

/// What certificates are judged by. All of it comes from these files: the system's trust is not looked at, and nothing is
/// fetched.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Trust {
    /// Trust the certificates in this file: PEM, DER, PKCS#7 or PKCS#12. May be repeated.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Certificates to build paths with, which are not trusted for that. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub cert: Vec<PathBuf>,

    /// Revocation lists. May be repeated.
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// OCSP responses. May be repeated.
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,

    #[command(flatten)]
    rules: Rules,
}

/// How strictly, and for which time.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    /// Judge as at this time (2027-06-01T00:00:00Z or seconds since 1970), not as now; `signed`: when each signer says.
    #[arg(long, value_name = "TIME")]
    at: Option<At>,

    /// Which digests and key sizes are good enough.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    policy: Level,

    /// How revocation counts.
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    revocation: Revoked,
}

/// Which algorithms are good enough.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Level {
    /// No SHA-1, RSA and DSA from 2048 bits.
    #[default]
    Strict,
    /// Old mail as well: SHA-1, and from 1024 bits.
    Interop,
}

/// How revocation counts.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Revoked {
    /// What is at hand counts.
    #[default]
    IfKnown,
    /// Each certificate must be known not to be revoked.
    Required,
    /// It is not looked at.
    Ignore,
}

/// The same, read.
#[derive(Default)]
pub(crate) struct Checked {
    anchors: Vec<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    responses: Vec<Vec<u8>>,
    rules: Rules,
}

impl Trust {
    /// Trusts the certificates in these files, by the default rules.
    pub(crate) fn of(trust: Vec<PathBuf>) -> Self {
        Self { trust, ..Self::default() }
    }

    /// All files that are read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.trust.iter().chain(&self.cert).chain(&self.crl).chain(&self.ocsp)
    }

    /// Whether anyone is trusted.
    pub(crate) fn is_some(&self) -> bool {
        !self.trust.is_empty()
    }

    /// Reads the files.
    pub(crate) fn read(&self, password: &PasswordFrom) -> Result<Checked, Failure> {
        let mut checked = Checked {
            anchors: certificates(&self.trust, password)?,
            certificates: certificates(&self.cert, password)?,
            rules: self.rules,
            ..Checked::default()
        };
        for path in &self.crl {
            let found = Objects::read(path, Wanted::Public, password)?.crls;
            if found.is_empty() {
                return Err(Failure::at(path, "no revocation list in it"));
            }
            checked.crls.extend(found);
        }
        for path in &self.ocsp {
            let found = Objects::read(path, Wanted::Public, password)?.responses;
            if found.is_empty() {
                return Err(Failure::at(path, "no OCSP response in it"));
            }
            checked.responses.extend(found);
        }
        Ok(checked)
    }
}

/// What cannot be read was not taken by [`Trust::read`].
macro_rules! read {
    ($kind:ident, $list:expr) => {
        $list.iter().filter_map(|der| $kind::from_der(der).ok())
    };
}

impl Checked {
    /// What messages are opened with.
    pub(crate) fn context(&self) -> Context<'_> {
        Context::new()
            .trust(read!(Certificate, self.anchors))
            .certificates(read!(Certificate, self.certificates))
            .crls(read!(Crl, self.crls))
            .responses(read!(OcspResponse, self.responses))
            .policy(self.rules.policy())
            .revocation(self.rules.revocation())
            .time(At::or_now(self.rules.at))
    }

    /// What single certificates are judged by: for a time, as no signer is there who says one.
    pub(crate) fn validator(&self) -> Result<Validator<'_>, Failure> {
        let TimeOfCheck::At(time) = At::or_now(self.rules.at) else {
            return Err(Failure::new("--at takes a time here"));
        };
        let validator = Validator::new(read!(Certificate, self.anchors))
            .certificates(read!(Certificate, self.certificates))
            .crls(read!(Crl, self.crls))
            .responses(read!(OcspResponse, self.responses))
            .policy(self.rules.policy())
            .revocation(self.rules.revocation());
        Ok(validator.at(time))
    }

    /// Trusts this certificate too.
    pub(crate) fn trust(&mut self, der: &[u8]) {
        self.anchors.push(der.to_vec());
    }

    /// Judges as at this time.
    pub(crate) const fn at(&mut self, time: Time) {
        self.rules.at = Some(At::Time(time));
    }

    /// Whether anyone is trusted.
    pub(crate) fn trusts(&self) -> bool {
        !self.anchors.is_empty()
    }
}

impl Rules {
    const fn policy(self) -> Policy {
        match self.policy {
            Level::Strict => Policy::strict(),
            Level::Interop => Policy::interop(),
        }
    }

    const fn revocation(self) -> Revocation {
        match self.revocation {
            Revoked::IfKnown => Revocation::IfKnown,
            Revoked::Required => Revocation::Required,
            Revoked::Ignore => Revocation::Ignore,
        }
    }
}
