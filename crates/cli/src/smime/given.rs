//! What `check` opens and judges layers of S/MIME with.

use std::path::PathBuf;

use clap::Args;
use mailwright_smime::cms::Keys;
use mailwright_smime::{Context, Report, Time, open};

use super::keys::{add_keys, keys};
use super::objects::{Objects, Wanted};
use super::password::PasswordFrom;
use super::trust::{Checked, Trust};
use crate::exit::Failure;

/// The arguments of a verb that looks at whole messages.
#[derive(Args, Clone, Debug)]
pub(crate) struct Given {
    /// Judge S/MIME signers by the certificates in this file; without it their trust is not checked. May be repeated.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Open what is encrypted for this private key: PKCS#12, or PEM with its certificate. May be repeated.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordFrom,
}

/// The same, read.
#[derive(Default)]
pub(crate) struct Opening {
    pub checked: Checked,
    pub keys: Keys,
}

impl Given {
    /// Reads the files; what is judged is judged for this time.
    pub(crate) fn read(&self, now: u64) -> Result<Opening, Failure> {
        let mut checked = Trust::of(self.trust.clone()).read(&self.password)?;
        checked.at(time(now));
        Ok(Opening { checked, keys: keys(&self.key, &[], &self.password)? })
    }
}

impl Opening {
    /// With what stands in these files, which are at hand: whom to trust, and a key with its certificate.
    pub(crate) fn of(trust: (&str, &[u8]), key: (&str, &[u8]), now: u64) -> Result<Self, Failure> {
        let password = PasswordFrom::default();
        let mut opening = Self::default();
        let anchors = Objects::of(trust.1, trust.0.as_ref(), Wanted::Public, &password)?;
        anchors.certificates.iter().for_each(|der| opening.checked.trust(der));
        opening.checked.at(time(now));
        let holder = Objects::of(key.1, key.0.as_ref(), Wanted::Keys, &password)?;
        add_keys(&mut opening.keys, holder, key.0.as_ref())?;
        Ok(opening)
    }

    /// The layers of a message; `None` for one beyond the limits of what is read.
    pub(crate) fn open<'a>(&self, raw: &'a [u8]) -> Option<Report<'a>> {
        let context: Context<'_> = self.checked.context().keys(&self.keys);
        open(raw, &context).ok()
    }
}

/// As certificates have it.
fn time(unix: u64) -> Time {
    Time::from_unix(i64::try_from(unix).unwrap_or(i64::MAX))
}
