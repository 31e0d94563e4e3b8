//! Which fields are signed (RFC 6376 5.4).

use super::{SignError, SignErrorKind};
use crate::header::Header;

/// The fields that are signed where a message has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderSet {
    names: Vec<String>,
}

/// Whether a field can be added without breaking the signature (RFC 6376 8.15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Oversign {
    /// No second field of a kind that people or programs act on: each such name stands in `h=` once more than the message has
    /// fields of it, also where the message has none. Fields that lists and relays add (Sender, List-*, Resent-*) stay free.
    #[default]
    Auto,
    /// From alone.
    From,
    /// None: `h=` lists what the message has.
    None,
}

/// Fields that are oversigned: those of which RFC 5322 3.6 and RFC 2045 3 allow one, and no relay adds.
const OVERSIGNED: [&str; 13] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
];

/// Fields that are signed where there are any (RFC 6376 5.4.1; RFC 8058 4 for List-Unsubscribe-Post).
const SIGNED: [&str; 20] = [
    "Sender",
    "Content-ID",
    "Content-Description",
    "Content-Language",
    "Resent-Date",
    "Resent-From",
    "Resent-Sender",
    "Resent-To",
    "Resent-Cc",
    "Resent-Message-ID",
    "List-Id",
    "List-Help",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Subscribe",
    "List-Post",
    "List-Owner",
    "List-Archive",
    "Autocrypt",
    "Feedback-ID",
];

impl HeaderSet {
    /// What RFC 6376 5.4.1 names as the core of a message, with the fields of MIME and of mailing lists.
    #[must_use]
    pub fn recommended() -> Self {
        Self { names: OVERSIGNED.into_iter().chain(SIGNED).map(str::to_owned).collect() }
    }

    /// These fields and From.
    ///
    /// # Errors
    /// [`SignErrorKind::HeaderName`] for what is no field name.
    pub fn of<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Result<Self, SignError> {
        let mut set = Self { names: vec!["From".to_owned()] };
        for name in names {
            set = set.with(name.as_ref())?;
        }
        Ok(set)
    }

    /// With one more name.
    ///
    /// # Errors
    /// [`SignErrorKind::HeaderName`] for what is no field name.
    pub fn with(mut self, name: &str) -> Result<Self, SignError> {
        Self::check(name)?;
        if !self.names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            self.names.push(name.to_owned());
        }
        Ok(self)
    }

    /// Whether a name can stand in `h=`.
    pub(crate) fn check(name: &str) -> Result<(), SignError> {
        // RFC 5322 3.6.8; a semicolon would end the tag (RFC 6376 3.5 h=).
        let valid = |b: u8| b.is_ascii_graphic() && b != b':' && b != b';';
        let is_name = !name.is_empty() && name.bytes().all(valid);
        is_name.then_some(()).ok_or_else(|| SignError::new(SignErrorKind::HeaderName, name))
    }

    /// Without a name. From stays.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.names.retain(|known| known == "From" || !known.eq_ignore_ascii_case(name));
        self
    }

    /// The value of `h=` for a message, one name an element.
    pub(super) fn names_for(&self, header: &Header<'_>, oversign: Oversign) -> Vec<&str> {
        let mut out = Vec::new();
        for name in self.names.iter().map(String::as_str) {
            let more = match oversign {
                Oversign::Auto => OVERSIGNED.iter().any(|one| one.eq_ignore_ascii_case(name)),
                Oversign::From => name == "From",
                Oversign::None => false,
            };
            let times = header.named(name).count() + usize::from(more);
            out.extend(core::iter::repeat_n(name, times));
        }
        out
    }
}

impl Default for HeaderSet {
    fn default() -> Self {
        Self::recommended()
    }
}
