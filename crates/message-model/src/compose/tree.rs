//! A tree of entities, written (RFC 2046 5.1.1, 5.2.1). No step recurses.

use std::borrow::Cow;

use crate::transfer::Encoding;

use super::body::Kind;
use super::boundary::Boundaries;
use super::part::Content;
use super::{ComposeError, ComposeErrorKind, HeaderField, Options, Part, Transport, body};

/// The fields that a part writes by itself.
const MIME_FIELDS: [&str; 4] =
    ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"];

/// An entity in document order, with all that is known of it before boundaries are made.
struct Node<'p> {
    part: &'p Part,
    parent: Option<usize>,
    /// Its own header fields, without those of MIME.
    fields: Vec<u8>,
    body: Cow<'p, [u8]>,
    encoding: Encoding,
    is_message: bool,
    /// Whether header or body, children included, have octets above 127.
    is_eight_bit: bool,
    /// Whether a header, those of children included, has such octets.
    has_utf8_header: bool,
}

/// Writes `root`, as the content of a message with the fields of `head` if there are some.
pub(super) fn write(
    root: &Part,
    options: &Options,
    head: Option<&[HeaderField]>,
) -> Result<Vec<u8>, ComposeError> {
    let mut nodes = flatten(root, options.transport, head.is_some())?;
    if let (Some(node), Some(head)) = (nodes.first_mut(), head) {
        let mut fields = own_fields(head, options.transport)?;
        fields.append(&mut node.fields);
        node.set_fields(fields);
    }
    spread(&mut nodes);
    let contents = nodes.iter().flat_map(|node| [node.fields.as_slice(), &node.body]);
    let boundaries = Boundaries::new(options.seed, contents);
    let octets = nodes.iter().map(|node| node.fields.len() + node.body.len() + 256).sum();
    let mut out = Vec::with_capacity(octets);
    // The multiparts and messages that the current entity stands in.
    let mut open: Vec<usize> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        while let Some(&last) = open.last().filter(|last| node.parent != Some(**last)) {
            open.pop();
            close(&mut out, &nodes, boundaries, last);
        }
        if let Some(parent) = open.last().filter(|parent| is_multipart(&nodes, **parent)) {
            // RFC 2046 5.1.1: the line break in front is part of the delimiter; the first follows the empty line.
            if node.parent.is_some_and(|parent| parent + 1 < at) {
                out.extend_from_slice(b"\r\n");
            }
            out.extend_from_slice(format!("--{}\r\n", boundaries.get(*parent)).as_bytes());
        }
        entity(&mut out, node, &boundaries.get(at))?;
        open.push(at);
    }
    while let Some(last) = open.pop() {
        close(&mut out, &nodes, boundaries, last);
    }
    // Without it the last line would have no line break. What is not encoded comes back as it was.
    if matches!(root.content, Content::Multipart) || nodes.first().is_some_and(Node::is_base64) {
        out.extend_from_slice(b"\r\n");
    }
    Ok(out)
}

fn is_multipart(nodes: &[Node<'_>], at: usize) -> bool {
    nodes.get(at).is_some_and(|node| matches!(node.part.content, Content::Multipart))
}

fn close(out: &mut Vec<u8>, nodes: &[Node<'_>], boundaries: Boundaries, at: usize) {
    if is_multipart(nodes, at) {
        out.extend_from_slice(format!("\r\n--{}--", boundaries.get(at)).as_bytes());
    }
}

/// The tree in document order, leaves encoded.
fn flatten(root: &Part, transport: Transport, is_message: bool) -> Result<Vec<Node<'_>>, ComposeError> {
    let mut nodes = Vec::new();
    let mut parts = vec![(root, None, is_message)];
    while let Some((part, parent, is_message)) = parts.pop() {
        let holds_message = matches!(part.content, Content::MessageOf);
        let at = nodes.len();
        nodes.push(node(part, parent, is_message, transport)?);
        parts.extend(part.children.iter().rev().map(|child| (child, Some(at), holds_message)));
    }
    Ok(nodes)
}

fn node<'p>(
    part: &'p Part,
    parent: Option<usize>,
    is_message: bool,
    transport: Transport,
) -> Result<Node<'p>, ComposeError> {
    let is_entity = matches!(part.content, Content::Entity(_));
    let (type_, subtype) = part.type_.value.split_once('/').unwrap_or_default();
    if subtype.is_empty() && !is_entity {
        return Err(ComposeError::new(ComposeErrorKind::MediaType).within("Content-Type"));
    }
    // RFC 2046 5.1 and 5.2.1: only these may not be encoded.
    let is_composite = type_.eq_ignore_ascii_case("multipart")
        || (type_.eq_ignore_ascii_case("message") && subtype.eq_ignore_ascii_case("rfc822"));
    let (body, encoding) = match &part.content {
        Content::Octets(_) | Content::Encoded(_) if is_composite => {
            return Err(ComposeErrorKind::Composite.into());
        }
        Content::Octets(octets) => {
            let encoded = body::encode(octets, Kind::of(type_, subtype), part.encoding, transport)?;
            (encoded.octets, encoded.encoding)
        }
        Content::Encoded(octets) => (Cow::Borrowed(octets.as_slice()), part.encoding.unwrap_or_default()),
        Content::Message(octets) | Content::Entity(octets) => {
            (Cow::Borrowed(octets.as_slice()), Encoding::SevenBit)
        }
        Content::Multipart if part.children.is_empty() => return Err(ComposeErrorKind::NoParts.into()),
        Content::Multipart | Content::MessageOf => (Cow::Borrowed([].as_slice()), Encoding::SevenBit),
    };
    let is_eight_bit = !body.is_ascii();
    if is_eight_bit && transport < Transport::EightBitMime {
        return Err(ComposeErrorKind::NeedsEightBitMime.into());
    }
    let fields = Vec::new();
    let mut node =
        Node { part, parent, fields, body, encoding, is_message, is_eight_bit, has_utf8_header: false };
    if !is_entity {
        node.set_fields(own_fields(&part.fields, transport)?);
    }
    Ok(node)
}

impl Node<'_> {
    fn set_fields(&mut self, fields: Vec<u8>) {
        self.has_utf8_header = !fields.is_ascii();
        self.is_eight_bit |= self.has_utf8_header;
        self.fields = fields;
    }

    fn is_base64(&self) -> bool {
        matches!(self.part.content, Content::Octets(_)) && self.encoding == Encoding::Base64
    }
}

fn own_fields(fields: &[HeaderField], transport: Transport) -> Result<Vec<u8>, ComposeError> {
    let mut out = Vec::new();
    for field in fields {
        let is_mime = MIME_FIELDS.iter().any(|name| field.name().eq_ignore_ascii_case(name));
        if is_mime {
            return Err(ComposeError::new(ComposeErrorKind::DuplicateField).within(field.name()));
        }
        out.extend_from_slice(field.build(transport)?.as_bytes());
    }
    Ok(out)
}

/// Tells each entity what its children hold. Children stand behind their parents, so one pass from the end does it.
fn spread(nodes: &mut [Node<'_>]) {
    for at in (0..nodes.len()).rev() {
        let Some((before, [node, ..])) = nodes.split_at_mut_checked(at) else { continue };
        if let Some(parent) = node.parent.and_then(|parent| before.get_mut(parent)) {
            parent.is_eight_bit |= node.is_eight_bit;
            parent.has_utf8_header |= node.has_utf8_header;
        }
    }
}

fn entity(out: &mut Vec<u8>, node: &Node<'_>, boundary: &str) -> Result<(), ComposeError> {
    out.extend_from_slice(&node.fields);
    let is_entity = matches!(node.part.content, Content::Entity(_));
    // RFC 2045 4. An entity that is a message of its own has it or not.
    if node.is_message && !(is_entity && node.parent.is_some()) {
        out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    }
    if is_entity {
        out.extend_from_slice(&node.body);
        return Ok(());
    }
    let mut type_ = Cow::Borrowed(&node.part.type_);
    match node.part.content {
        Content::Multipart if type_.has("boundary") => {
            return Err(ComposeError::new(ComposeErrorKind::ParameterName).within("Content-Type"));
        }
        Content::Multipart => type_.to_mut().push("boundary", boundary),
        // RFC 6532 3.7
        Content::MessageOf if node.has_utf8_header => type_.to_mut().value = "message/global".to_owned(),
        _ => {}
    }
    // RFC 2045 6.4: an entity that is not encoded says what its parts hold.
    let encoding = match (&node.part.content, node.encoding) {
        (Content::Octets(_) | Content::Encoded(_), encoding) => name(encoding)?,
        _ if node.is_eight_bit => "8bit",
        _ => "7bit",
    };
    let type_ = HeaderField::with_parameters("Content-Type", &type_);
    let encoding = HeaderField::text("Content-Transfer-Encoding", encoding);
    let disposition = &node.part.disposition;
    let disposition =
        disposition.as_ref().map(|kind| HeaderField::with_parameters("Content-Disposition", kind));
    for field in [Some(type_), Some(encoding), disposition].into_iter().flatten() {
        // Parameters in UTF-8 are allowed with SMTPUTF8, but all readers know those of RFC 2231.
        out.extend_from_slice(field.build(Transport::SevenBit)?.as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(&node.body);
    Ok(())
}

/// RFC 2045 6.1
fn name(encoding: Encoding) -> Result<&'static str, ComposeErrorKind> {
    Ok(match encoding {
        Encoding::SevenBit => "7bit",
        Encoding::EightBit => "8bit",
        Encoding::Binary => "binary",
        Encoding::Base64 => "base64",
        Encoding::QuotedPrintable => "quoted-printable",
        _ => return Err(ComposeErrorKind::Encoding),
    })
}
