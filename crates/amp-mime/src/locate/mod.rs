//! The AMP part of a message (amp.dev, "AMP for Email structure"): where it is, what is odd, its text.

pub(crate) mod find;
mod warning;

use std::borrow::Cow;
use std::fmt;

use mailwright_message_model::{Entity, Message, charset};

pub use warning::StructureWarning;

/// The media type of AMP for Email.
pub const MEDIA_TYPE: &str = "text/x-amp-html";

/// Finds the AMP part of a message.
///
/// Only the message's own tree counts, nothing inside an attached message. `now`, in seconds since 1970, is needed to
/// tell a Date that lies ahead; without it that is not looked at.
///
/// ```
/// use mailwright_amp_mime::locate::{Structure, locate};
/// use mailwright_message_model::Message;
///
/// let raw = b"Content-Type: multipart/alternative; boundary=b\r\n\r\n\
///     --b\r\nContent-Type: text/plain\r\n\r\nhello\r\n\
///     --b\r\nContent-Type: text/x-amp-html; charset=utf-8\r\n\r\n<!doctype html>\r\n--b--\r\n";
/// let message = Message::parse(raw)?;
/// let found = locate(&message, None);
/// assert_eq!(found.structure, Structure::Ok);
/// assert_eq!(found.amp.unwrap().text(), "<!doctype html>");
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[must_use]
pub fn locate<'m, 'a>(message: &'m Message<'a>, now: Option<u64>) -> AmpParts<'m, 'a> {
    find::find(message, now)
}

/// What was found of AMP in a message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AmpParts<'m, 'a> {
    /// Whether a client can use it.
    pub structure: Structure,
    /// The AMP part: that of the first multipart/alternative that has one, else the first.
    pub amp: Option<AmpPart<'m, 'a>>,
    /// The multipart/alternative around it.
    pub alternative: Option<Entity<'m, 'a>>,
    /// The text/html part beside it.
    pub html: Option<Entity<'m, 'a>>,
    /// The text/plain part beside it.
    pub text: Option<Entity<'m, 'a>>,
    /// All AMP parts of the message's own tree, in order.
    pub all: Vec<Entity<'m, 'a>>,
    /// What is odd and yet keeps no client from showing it by itself.
    pub warnings: Vec<StructureWarning>,
}

/// Whether the AMP part stands where a client can use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Structure {
    /// It does.
    Ok,
    /// There is none.
    None,
    /// It is not inside a multipart/alternative.
    AmpNotInAlternative,
    /// There is more than one in the same multipart/alternative.
    MultipleAmpParts,
    /// The multipart/alternative around it has no other part.
    NoFallback,
}

impl Structure {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::None => "none",
            Self::AmpNotInAlternative => "amp_not_in_alternative",
            Self::MultipleAmpParts => "multiple_amp_parts",
            Self::NoFallback => "no_fallback",
        }
    }
}

impl fmt::Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "the AMP part is in its place",
            Self::None => "there is no text/x-amp-html part",
            Self::AmpNotInAlternative => {
                "the AMP part is not inside a multipart/alternative: put it between text and HTML"
            }
            Self::MultipleAmpParts => "a multipart/alternative has more than one AMP part: leave one",
            Self::NoFallback => {
                "the AMP part stands alone: add text or HTML for clients that do not show AMP"
            }
        })
    }
}

/// An AMP part.
#[derive(Clone, Copy, Debug)]
pub struct AmpPart<'m, 'a> {
    entity: Entity<'m, 'a>,
}

impl<'m, 'a> AmpPart<'m, 'a> {
    /// The part in the tree of its message.
    #[must_use]
    pub const fn entity(&self) -> Entity<'m, 'a> {
        self.entity
    }

    /// The document: transfer encoding and charset undone, everything else left as it is. Line ends are not changed, and
    /// a leading U+FEFF stays, since it makes a document invalid: what is validated must be what is shown.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        let content_type = self.entity.content_type();
        let name = content_type.as_ref().and_then(|content_type| content_type.charset());
        match self.entity.decoded().bytes {
            Cow::Borrowed(octets) => text_of(name, octets),
            Cow::Owned(octets) => Cow::Owned(text_of(name, &octets).into_owned()),
        }
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

fn text_of<'o>(name: Option<&str>, octets: &'o [u8]) -> Cow<'o, str> {
    let Some(name) = name.filter(|name| charset::is_known(name.as_bytes())) else {
        return charset::decode_lossy(octets);
    };
    // Reading as UTF-8 takes the mark off; read as anything else it is text already.
    let is_taken_off =
        octets.starts_with(BOM) && charset::decode(name.as_bytes(), BOM).is_some_and(|text| text.is_empty());
    if is_taken_off {
        return String::from_utf8_lossy(octets);
    }
    charset::decode_or_lossy(Some(name.as_bytes()), octets)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
