//! From layer to layer, without recursion.

use std::borrow::Cow;

use mailwright_message_model::{Entity, Message};

use super::context::Context;
use super::layer::{Coverage, EncryptedLayer, Layer, LayerKind, SignedLayer};
use super::mime::{self, Form};
use super::report::Report;
use super::signer::Signed;
use crate::ber::Reader;
use crate::cms::compressed::decompress;
use crate::cms::content::{self, ContentType};
use crate::cms::decrypt::decrypt;
use crate::cms::signed::SignedData;
use crate::cms::{Keys, SignatureFault, digested};
use crate::error::Error;
use crate::limits::{MAX_LAYERS, MAX_MIME_DEPTH};

pub(super) fn walk<'a>(raw: &'a [u8], context: &Context<'_>) -> Result<Report<'a>, Error> {
    let mut layers: Vec<Layer<'a>> = Vec::new();
    let mut current: Cow<'a, [u8]> = Cow::Borrowed(raw);
    while layers.len() < MAX_LAYERS {
        let Some(step) = step(&current, context)? else { break };
        let goes_on = step.goes_on();
        let next = step.content.clone();
        layers.push(step);
        if !goes_on {
            break;
        }
        current = next;
    }
    Ok(Report::new(raw, layers, current, context))
}

/// The outermost layer of an entity.
fn step<'a>(current: &Cow<'a, [u8]>, context: &Context<'_>) -> Result<Option<Layer<'a>>, Error> {
    let message = Message::parse(current).map_err(|_| Error::limit("message_model::Limits::bytes", 0))?;
    let root = message.root();
    if let Some(form) = mime::form_of_root(root) {
        return Ok(Some(layer(current, form, Coverage::Whole, context)));
    }
    // RFC 8551 3.5: what is signed may be a part. It is told, and says nothing about the rest.
    let part = message.walk().skip(1).find(|entity| {
        entity.depth() <= MAX_MIME_DEPTH && is_of_this_message(*entity) && is_signed_part(*entity)
    });
    Ok(part.and_then(|part| {
        let coverage = Coverage::Part(part.part_number());
        mime::form(part).map(|form| layer(current, form, coverage, context))
    }))
}

/// Whether a message has what may be a layer: a look at media types alone, which costs no decoding.
#[must_use]
pub fn has_layers(message: &Message<'_>) -> bool {
    mime::form_of_root(message.root()).is_some()
        || message.walk().skip(1).any(|entity| {
            entity.depth() <= MAX_MIME_DEPTH && mime::form(entity).is_some() && is_of_this_message(entity)
        })
}

/// Not inside a message that came along: what is signed there is signed for someone else.
fn is_of_this_message(entity: Entity<'_, '_>) -> bool {
    std::iter::successors(entity.parent(), Entity::parent).all(|above| !above.is_message())
}

/// A part that is signed: an encrypted one beside others is not opened, for its text could be sent off by what stands
/// around it (EFAIL).
fn is_signed_part(entity: Entity<'_, '_>) -> bool {
    match mime::form(entity) {
        Some(Form::Detached { .. } | Form::Broken) => true,
        Some(Form::Cms(entity)) => {
            let decoded = entity.decoded();
            content::enter(&mut Reader::new(&*decoded.bytes, "CMS")) == Ok(ContentType::SignedData)
        }
        None => false,
    }
}

fn layer<'a>(
    current: &Cow<'a, [u8]>,
    form: Form<'_, '_>,
    coverage: Coverage,
    context: &Context<'_>,
) -> Layer<'a> {
    match form {
        Form::Detached { content, signature } => {
            let content = mime::slice(current, content.span());
            let (kind, content) = multipart_signed(content, &signature.decoded().bytes, context);
            Layer { kind, coverage, content }
        }
        Form::Cms(entity) => {
            let (kind, content) = match cms(&entity.decoded().bytes, context) {
                Ok(opened) => opened,
                Err(error) => (LayerKind::Unreadable(error), Vec::new()),
            };
            Layer { kind, coverage, content: Cow::Owned(content) }
        }
        Form::Broken => {
            let kind = LayerKind::Unreadable(Error::asn1(0, "multipart/signed"));
            Layer { kind, coverage, content: Cow::Borrowed(&[]) }
        }
    }
}

/// The signature of a multipart/signed over its first part, and what was signed.
fn multipart_signed<'a>(
    part: Cow<'a, [u8]>,
    signature: &[u8],
    context: &Context<'_>,
) -> (LayerKind, Cow<'a, [u8]>) {
    let canonical = match mime::canonical(&part) {
        Cow::Owned(canonical) => canonical,
        Cow::Borrowed(_) => {
            let signed = detached(signature, &part, context);
            return (signed.map_or_else(LayerKind::Unreadable, LayerKind::Signed), part);
        }
    };
    let signed = detached(signature, &canonical, context);
    // RFC 8551 3.1.1: content that is not text may be signed with the line ends it has.
    if is_changed(&signed) {
        let as_it_stands = detached(signature, &part, context);
        if !is_changed(&as_it_stands) {
            return (as_it_stands.map_or_else(LayerKind::Unreadable, LayerKind::Signed), part);
        }
    }
    (signed.map_or_else(LayerKind::Unreadable, LayerKind::Signed), Cow::Owned(canonical))
}

fn is_changed(signed: &Result<SignedLayer, Error>) -> bool {
    signed.as_ref().is_ok_and(|layer| {
        layer.signers.iter().any(|signer| signer.signature == Err(SignatureFault::MessageDigest))
    })
}

/// A signature beside its content.
pub(super) fn detached(
    signature: &[u8],
    content: &[u8],
    context: &Context<'_>,
) -> Result<SignedLayer, Error> {
    let mut reader = Reader::new(signature, "CMS signature");
    if content::enter(&mut reader)? != ContentType::SignedData {
        return Err(reader.error());
    }
    let data = SignedData::read(&mut reader, &mut |_| Ok(()))?;
    Ok(SignedLayer::beside(&data, Signed::Octets(content), context))
}

/// CMS of any kind, and its content.
pub(super) fn cms(octets: &[u8], context: &Context<'_>) -> Result<(LayerKind, Vec<u8>), Error> {
    let mut reader = Reader::new(octets, "CMS");
    let kind = content::enter(&mut reader)?;
    let mut content = Vec::new();
    let mut sink = |piece: &[u8]| {
        content.extend_from_slice(piece);
        Ok(())
    };
    match kind {
        ContentType::SignedData => {
            let data = SignedData::read(&mut reader, &mut sink)?;
            if data.signers.is_empty() && content.is_empty() && !data.certificates.is_empty() {
                return Ok((LayerKind::Certificates(data.certificates), content));
            }
            let inside = if data.detached { Signed::Elsewhere } else { Signed::Octets(&content) };
            Ok((LayerKind::Signed(SignedLayer::of(&data, inside, context)), content))
        }
        ContentType::EnvelopedData | ContentType::AuthEnvelopedData | ContentType::EncryptedData => {
            let none = Keys::new();
            let (opened, recipients) = decrypt(octets, context.keys.unwrap_or(&none), &mut content);
            Ok((LayerKind::Encrypted(EncryptedLayer { opened, recipients }), content))
        }
        ContentType::CompressedData => {
            decompress(&mut reader, context.max_decompressed, &mut sink)?;
            Ok((LayerKind::Compressed, content))
        }
        ContentType::DigestedData => {
            let good = digested::read(&mut reader, &mut sink)?;
            Ok((LayerKind::Digested(good), content))
        }
        ContentType::Data => {
            reader.octets(&mut sink)?;
            Ok((LayerKind::Data, content))
        }
        other => Err(content::no_layer(other)),
    }
}

impl Layer<'_> {
    /// Whether there is something inside to look into.
    fn goes_on(&self) -> bool {
        self.coverage == Coverage::Whole && !self.content.is_empty() && self.kind.is_open()
    }
}
