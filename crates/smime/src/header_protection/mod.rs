//! Header protection (RFC 9788): which header fields were signed and sealed along with the text.

mod confidentiality;
mod field;
mod legacy_display;

use mailwright_message_model::{Entity, Message};

pub use confidentiality::ConfidentialityPolicy;
pub use field::HeaderField;
use field::{fields, hp_outer};

/// What a message says of its header fields, inside and outside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HeaderProtection {
    /// How they are protected.
    pub scheme: Scheme,
    /// The fields of the message as it arrived, without those of MIME.
    pub outer: Vec<HeaderField>,
    /// The fields inside of the layers; with [`Scheme::None`] there are none.
    pub protected: Vec<HeaderField>,
    /// The fields that the sender says he put outside (RFC 9788 2.2).
    pub hp_outer: Vec<HeaderField>,
    /// Parts of the text, in order, in which fields stand once more for old readers, as their media types.
    pub legacy_display: Vec<String>,
    #[cfg_attr(feature = "serde", serde(skip))]
    encrypted: bool,
}

/// How header fields are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Scheme {
    /// Not at all.
    None,
    /// By RFC 9788, of a message that is only signed.
    Clear,
    /// By RFC 9788, of a message that is encrypted.
    Cipher,
    /// A whole message within the layers (RFC 8551 3.1).
    Rfc8551,
}

/// How one field is protected (RFC 9788 4.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum FieldState {
    /// Not at all.
    Unprotected,
    /// Signed; everyone on the way could read it.
    SignedOnly,
    /// Encrypted; anyone may have written it.
    EncryptedOnly,
    /// Both.
    SignedAndEncrypted,
}

impl FieldState {
    /// The name in RFC 9788.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unprotected => "unprotected",
            Self::SignedOnly => "signed-only",
            Self::EncryptedOnly => "encrypted-only",
            Self::SignedAndEncrypted => "signed-and-encrypted",
        }
    }

    /// Whether a reply must keep the field from the clear (RFC 9788 6.1).
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        matches!(self, Self::EncryptedOnly | Self::SignedAndEncrypted)
    }
}

impl HeaderProtection {
    /// Of a message whose layers hold `payload`; without layers there is none.
    pub(crate) fn read(raw: &[u8], payload: Option<&[u8]>, encrypted: bool) -> Self {
        let mut read = Self {
            scheme: Scheme::None,
            outer: fields(raw),
            protected: Vec::new(),
            hp_outer: Vec::new(),
            legacy_display: Vec::new(),
            encrypted,
        };
        let Some(message) = payload.and_then(|payload| Message::parse(payload).ok()) else { return read };
        let root = message.root();
        read.scheme = scheme(root);
        match read.scheme {
            Scheme::None => {}
            // RFC 9788 4.10.1
            Scheme::Rfc8551 => read.protected = fields(root.body_raw()),
            Scheme::Clear | Scheme::Cipher => {
                read.protected = fields(root.raw());
                read.hp_outer = hp_outer(root.raw());
                if encrypted {
                    read.legacy_display = legacy_display::parts(&message).map(|part| media(part)).collect();
                }
            }
        }
        read
    }

    /// The fields to be shown and used: the protected ones where there are any (RFC 9788 4.4).
    #[must_use]
    pub fn shown(&self) -> &[HeaderField] {
        if self.scheme == Scheme::None { &self.outer } else { &self.protected }
    }

    /// The first field of this name to be shown and used.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&HeaderField> {
        self.shown().iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// How a field is protected, in a message whose signature is good or not (RFC 9788 4.3.1).
    #[must_use]
    pub fn state(&self, field: &HeaderField, signature_is_good: bool) -> FieldState {
        let same =
            |other: &HeaderField| other.name.eq_ignore_ascii_case(&field.name) && other.value == field.value;
        if self.scheme == Scheme::None || !self.protected.iter().any(same) {
            return FieldState::Unprotected;
        }
        let in_the_clear = match self.scheme {
            Scheme::Cipher if self.encrypted => self.hp_outer.iter().any(same),
            // RFC 9788 4.10.2: nothing inside says what is outside, so the outside itself is asked.
            Scheme::Rfc8551 if self.encrypted => self.outer.iter().any(same),
            _ => true,
        };
        match (signature_is_good, in_the_clear) {
            (true, true) => FieldState::SignedOnly,
            (true, false) => FieldState::SignedAndEncrypted,
            (false, true) => FieldState::Unprotected,
            (false, false) => FieldState::EncryptedOnly,
        }
    }

    /// Whether the addresses of From inside and outside differ (RFC 9788 4.4.1.1): then one of the two is not the sender's.
    #[must_use]
    pub fn is_from_mismatch(&self) -> bool {
        self.scheme != Scheme::None && addresses(&self.outer, "From") != addresses(&self.protected, "From")
    }

    /// The text of the first `text/plain` or `text/html` part (`subtype`) of `content`, the innermost content of the
    /// message, without the fields that stand in it for old readers (RFC 9788 4.5.3).
    #[must_use]
    pub fn text(&self, content: &[u8], subtype: &str) -> Option<String> {
        let message = Message::parse(content).ok()?;
        let part = message.walk().find(|part| part.media_type().is("text", subtype))?;
        let text = part.text()?;
        let is_legacy = self.encrypted
            && matches!(self.scheme, Scheme::Clear | Scheme::Cipher)
            && legacy_display::parts(&message).any(|legacy| legacy.id() == part.id());
        Some(if is_legacy { legacy_display::without(&text, subtype == "html") } else { text.into_owned() })
    }
}

/// RFC 9788 4.1, 4.10.1
fn scheme(root: Entity<'_, '_>) -> Scheme {
    let hp = root.content_type().and_then(|type_| type_.param("hp").map(str::to_ascii_lowercase));
    match hp.as_deref() {
        Some("clear") => Scheme::Clear,
        Some("cipher") => Scheme::Cipher,
        _ if root.media_type().is("message", "rfc822") => Scheme::Rfc8551,
        _ => Scheme::None,
    }
}

fn media(part: Entity<'_, '_>) -> String {
    part.content_type().map_or_else(String::new, |type_| type_.to_string())
}

/// The addresses of all fields of this name.
pub(crate) fn addresses(fields: &[HeaderField], name: &str) -> Vec<String> {
    use mailwright_message_model::address::AddressList;
    fields
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case(name))
        .flat_map(|field| {
            let list = AddressList::parse(field.value.as_bytes());
            list.mailboxes().map(|mailbox| mailbox.addr().to_owned()).collect::<Vec<_>>()
        })
        .collect()
}
