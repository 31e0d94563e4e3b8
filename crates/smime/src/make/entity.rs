//! MIME entities made: what goes into a layer, and the layer as MIME (RFC 8551 3).

use std::borrow::Cow;

use mailwright_message_model::{Header, transfer};

use crate::error::{Error, ErrorKind};

/// A message cut in two: the fields about the message, and the entity that is signed or encrypted.
pub(super) struct Split {
    /// Fields with their line ends, to stand outside.
    pub(super) outside: Vec<u8>,
    /// Fields of MIME, an empty line, and the body.
    pub(super) inside: Vec<u8>,
}

/// With the line ends of mail (RFC 8551 3.1.1).
pub(super) fn canonical(octets: &[u8]) -> Cow<'_, [u8]> {
    crate::open::canonical(octets)
}

/// Cuts a message. Content-* goes inside; MIME-Version is written anew outside.
pub(super) fn split(message: &[u8]) -> Result<Split, Error> {
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
    format!(
        "Content-Type: application/pkcs7-mime; smime-type={kind}; name=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}",
        lines(der)
    )
    .into_bytes()
}

/// multipart/signed (RFC 8551 3.5.3) of an entity and its signature.
pub(super) fn multipart_signed(entity: &[u8], micalg: &str, signature: &[u8]) -> Result<Vec<u8>, Error> {
    if !is_seven_bit(entity) {
        return Err(Error::new(ErrorKind::Key(
            "what is signed beside its signature must be of 7 bits (RFC 8551 3.1.3)",
        )));
    }
    let boundary = boundary(entity, signature);
    let mut made = format!(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n \
         micalg={micalg}; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"
    )
    .into_bytes();
    made.extend_from_slice(entity);
    made.extend_from_slice(
        format!(
            "\r\n--{boundary}\r\n\
             Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n{}--{boundary}--\r\n",
            lines(signature)
        )
        .as_bytes(),
    );
    Ok(made)
}

/// RFC 8551 3.1.3: gateways change what is not of 7 bits, or has lines that are too long for mail.
fn is_seven_bit(entity: &[u8]) -> bool {
    entity.is_ascii() && entity.split(|octet| *octet == b'\n').all(|line| line.len() <= 999)
}

/// A delimiter that does not occur in the entity: made of the signature, which no one can choose.
fn boundary(entity: &[u8], signature: &[u8]) -> String {
    let hash = crate::backend::digest(crate::Digest::Sha256, signature);
    let mut boundary: String = hash.iter().take(12).map(|octet| format!("{octet:02x}")).collect();
    boundary.insert_str(0, "=_signed_");
    while memchr::memmem::find(entity, boundary.as_bytes()).is_some() {
        boundary.push('_');
    }
    boundary
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
pub(super) fn with_fields(outside: &[u8], entity: &[u8]) -> Vec<u8> {
    [outside, b"MIME-Version: 1.0\r\n", entity].concat()
}
