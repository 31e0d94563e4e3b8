//! Where the layers are in MIME (RFC 8551 3), on the octets received.

use std::borrow::Cow;

use mailwright_message_model::{Entity, Span};

use crate::stream::Canonical;

/// A layer as MIME shows it.
#[derive(Clone, Copy)]
pub(crate) enum Form<'m, 'a> {
    /// multipart/signed: content and signature (RFC 8551 3.5.3).
    Detached { content: Entity<'m, 'a>, signature: Entity<'m, 'a> },
    /// application/pkcs7-mime: CMS (RFC 8551 3.2).
    Cms(Entity<'m, 'a>),
    /// multipart/signed that is not made as it must be.
    Broken,
}

/// The layer that this entity is, if it is one.
pub(super) fn form<'m, 'a>(entity: Entity<'m, 'a>) -> Option<Form<'m, 'a>> {
    let type_ = entity.media_type();
    if type_.is("multipart", "signed") {
        let mut parts = entity.children();
        let (content, signature, more) = (parts.next(), parts.next(), parts.next());
        let (Some(content), Some(signature)) = (content, signature) else {
            return is_smime(entity).then_some(Form::Broken);
        };
        if !is_signature(signature) {
            // Of PGP, say, unless the message claims to be of this kind.
            return is_smime(entity).then_some(Form::Broken);
        }
        // RFC 1847 2.1: exactly two parts.
        return Some(if more.is_some() { Form::Broken } else { Form::Detached { content, signature } });
    }
    let is_cms = type_.is("application", "pkcs7-mime") || type_.is("application", "x-pkcs7-mime");
    (is_cms || has_name(entity, &[".p7m", ".p7z"])).then_some(Form::Cms(entity))
}

/// The layer that the whole of a message is: some send CMS under the type of a signature, with the content inside.
pub(crate) fn form_of_root<'m, 'a>(root: Entity<'m, 'a>) -> Option<Form<'m, 'a>> {
    form(root).or_else(|| is_signature(root).then_some(Form::Cms(root)))
}

/// Whether a multipart/signed says that its signature is one of CMS.
pub(crate) fn is_smime(entity: Entity<'_, '_>) -> bool {
    entity.content_type().is_some_and(|type_| {
        type_.param("protocol").is_some_and(|protocol| {
            ["application/pkcs7-signature", "application/x-pkcs7-signature"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(protocol.trim()))
        })
    })
}

fn is_signature(entity: Entity<'_, '_>) -> bool {
    let type_ = entity.media_type();
    type_.is("application", "pkcs7-signature")
        || type_.is("application", "x-pkcs7-signature")
        || has_name(entity, &[".p7s"])
}

/// RFC 8551 3.9: gateways make application/octet-stream of it, and leave the name.
fn has_name(entity: Entity<'_, '_>, endings: &[&str]) -> bool {
    entity.media_type().is("application", "octet-stream")
        && entity.file_name().is_some_and(|name| {
            let name = name.to_ascii_lowercase();
            endings.iter().any(|ending| name.ends_with(ending))
        })
}

/// What was signed: the octets of the part, with the line ends of mail (RFC 8551 3.1.1) in place of those of a file.
pub(crate) fn canonical(part: &[u8]) -> Cow<'_, [u8]> {
    let mut canonical = Canonical::default();
    if !canonical.changes(part) {
        return Cow::Borrowed(part);
    }
    let mut octets = Vec::new();
    canonical.push(part, &mut octets);
    Cow::Owned(octets)
}

/// A part of `whole`, borrowed where that is.
pub(super) fn slice<'a>(whole: &Cow<'a, [u8]>, span: Span) -> Cow<'a, [u8]> {
    match whole {
        Cow::Borrowed(octets) => Cow::Borrowed(span.of(octets)),
        Cow::Owned(octets) => Cow::Owned(span.of(octets).to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_those_of_mail() {
        assert!(matches!(canonical(b"a\r\nb\r\n"), Cow::Borrowed(_)));
        assert_eq!(&*canonical(b"a\nb\r\nc\n\nd"), b"a\r\nb\r\nc\r\n\r\nd");
        assert_eq!(&*canonical(b"\n"), b"\r\n");
        assert_eq!(&*canonical(b"a\rb\n"), b"a\rb\r\n");
    }
}
