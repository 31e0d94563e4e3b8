//! MIME entities made: what goes into a layer, and the layer as MIME (RFC 8551 3).

use std::borrow::Cow;

use mailwright_message_model::{Header, transfer};

use crate::error::Error;

/// A message cut in two: the fields about the message, and the entity that is signed or encrypted.
pub(crate) struct Split {
    /// Fields with their line ends, to stand outside.
    pub(crate) outside: Vec<u8>,
    /// Fields of MIME, an empty line, and the body.
    pub(crate) inside: Vec<u8>,
}

/// With the line ends of mail (RFC 8551 3.1.1).
pub(super) fn canonical(octets: &[u8]) -> Cow<'_, [u8]> {
    crate::open::canonical(octets)
}

/// Cuts a message. Content-* goes inside; MIME-Version is written anew outside.
pub(crate) fn split(message: &[u8]) -> Result<Split, Error> {
    let message = canonical(message);
    let mut header = Header::new(&message);
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    for field in header.by_ref() {
        let of_content = field.name().get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"));
        if of_content {
            inside.extend_from_slice(field.raw());
        } else if !field.is("MIME-Version") {
            outside.extend_from_slice(field.raw());
        }
    }
    let rest = message.get(header.offset()..).unwrap_or_default();
    let body = rest.strip_prefix(b"\r\n").unwrap_or(rest);
    for part in [&mut outside, &mut inside] {
        if !part.is_empty() && !part.ends_with(b"\r\n") {
            part.extend_from_slice(b"\r\n");
        }
    }
    inside.extend_from_slice(b"\r\n");
    inside.extend_from_slice(body);
    Ok(Split { outside, inside })
}

/// The fields and body of application/pkcs7-mime (RFC 8551 3.2).
pub(super) fn pkcs7_mime(kind: &str, name: &str, der: &[u8]) -> Vec<u8> {
    (pkcs7_header(kind, name) + &lines(der)).into_bytes()
}

/// The fields alone, with the empty line behind them.
pub(crate) fn pkcs7_header(kind: &str, name: &str) -> String {
    format!(
        "Content-Type: application/pkcs7-mime; smime-type={kind}; name=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n"
    )
}

/// multipart/signed (RFC 8551 3.5.3) of an entity and its signature.
pub(super) fn multipart_signed(entity: &[u8], micalg: &str, signature: &[u8]) -> Result<Vec<u8>, Error> {
    SevenBit::default().check(entity)?;
    let boundary = boundary(entity, signature);
    let (before, behind) = (before_signed(micalg, &boundary), behind_signed(&boundary, signature));
    Ok([before.as_bytes(), entity, behind.as_bytes()].concat())
}

/// What stands before the entity that is signed.
pub(crate) fn before_signed(micalg: &str, boundary: &str) -> String {
    format!(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n \
         micalg={micalg}; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"
    )
}

/// What stands behind it: the signature.
pub(crate) fn behind_signed(boundary: &str, signature: &[u8]) -> String {
    format!(
        "\r\n--{boundary}\r\n\
         Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n{}--{boundary}--\r\n",
        lines(signature)
    )
}

/// RFC 8551 3.1.3: gateways change what is not of 7 bits, or has lines that are too long for mail.
#[derive(Clone, Copy, Default)]
pub(crate) struct SevenBit {
    /// Octets of the line that has not ended.
    line: usize,
}

/// RFC 5322 2.1.1: 998, and the carriage return.
const MAX_LINE: usize = 999;

impl SevenBit {
    /// Checks the next octets.
    pub(crate) fn check(&mut self, piece: &[u8]) -> Result<(), Error> {
        let refused = Error::key("what is signed beside its signature must be of 7 bits (RFC 8551 3.1.3)");
        if !piece.is_ascii() {
            return Err(refused);
        }
        let mut rest = piece;
        // From as far as a line may go back to its end, so that not every line is looked for.
        while let Some(reach) = rest.get(..(MAX_LINE + 1).saturating_sub(self.line)) {
            let end = memchr::memrchr(b'\n', reach).ok_or_else(|| refused.clone())?;
            rest = rest.get(end.saturating_add(1)..).unwrap_or_default();
            self.line = 0;
        }
        self.line = match memchr::memrchr(b'\n', rest) {
            Some(end) => rest.len().saturating_sub(end).saturating_sub(1),
            None => self.line.saturating_add(rest.len()),
        };
        Ok(())
    }
}

/// A delimiter that does not occur in the entity: made of the signature, which no one can choose.
fn boundary(entity: &[u8], signature: &[u8]) -> String {
    let hash = crate::backend::digest(crate::Digest::Sha256, signature);
    let mut boundary = boundary_of(&hash);
    while memchr::memmem::find(entity, boundary.as_bytes()).is_some() {
        boundary.push('_');
    }
    boundary
}

/// A delimiter of twelve octets that no one could foretell.
pub(crate) fn boundary_of(octets: &[u8]) -> String {
    let digits: String = octets.iter().take(12).map(|octet| format!("{octet:02x}")).collect();
    format!("=_signed_{digits}")
}

/// Base64 in lines, each with its end.
fn lines(octets: &[u8]) -> String {
    let mut text = transfer::base64(octets);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("\r\n");
    }
    text
}

/// Fields, then MIME-Version, then the entity.
pub(crate) fn with_fields(outside: &[u8], entity: &[u8]) -> Vec<u8> {
    [outside, b"MIME-Version: 1.0\r\n", entity].concat()
}
