//! The whole list of what is odd: structure, fields, encodings, octets.

use std::collections::HashSet;

use memchr::{memchr, memchr_iter};

use crate::compose::LINE_MUST;
use crate::content_type::Parameter;
use crate::defect::KindSet;
use crate::field::ONCE;
use crate::transfer::Encoding;
use crate::{Defect, DefectKind, Entity, Field, Message, PartId, Span, Tile, TileKind, charset, grammar};

/// The MIME fields that a header may hold once, beside the two that the tree needs (RFC 2045 3, RFC 2183 2).
const MIME_ONCE: [&str; 4] = ["MIME-Version", "Content-Disposition", "Content-ID", "Content-Description"];

impl Message<'_> {
    /// Everything that is odd, in the order in which it stands in the message: what [`defects`](Self::defects) has of
    /// the structure, and what reading every field, decoding every body and looking at every octet finds.
    ///
    /// For a gateway that refuses what two readers would read differently. Costs about as much as decoding all bodies.
    /// Of fields, encodings and octets each kind is told once an entity, where it occurs first.
    ///
    /// ```
    /// use mailwright_message_model::{DefectKind, Message};
    ///
    /// let message = Message::parse(b"From: a@example.org\nFrom: b@example.org\nDate: 1 Jan 2026 10:00 +0000\n\n")?;
    /// let defects = message.inspect();
    /// assert_eq!(defects[0].kind, DefectKind::DuplicateField);
    /// # Ok::<(), mailwright_message_model::Error>(())
    /// ```
    #[must_use]
    pub fn inspect(&self) -> Vec<Defect> {
        let mut found =
            Findings { defects: self.defects().to_vec(), part: PartId::ROOT, said: KindSet::default() };
        for entity in self.walk() {
            found.part = entity.id();
            found.said = KindSet::default();
            fields(&entity, &mut found);
            mime(&entity, &mut found);
        }
        octets(self, &mut found);
        found.defects.sort_by_key(|defect| (defect.at, defect.kind));
        found.defects
    }
}

struct Findings {
    defects: Vec<Defect>,
    part: PartId,
    said: KindSet,
}

impl Findings {
    fn add(&mut self, kind: DefectKind, at: Span) {
        if self.said.insert(kind) {
            self.defects.push(Defect { kind, at, part: self.part });
        }
    }
}

fn fields(entity: &Entity<'_, '_>, found: &mut Findings) {
    let of_message = entity.parent().is_none_or(|parent| parent.is_message());
    let mut seen = [false; ONCE.len()];
    let mut seen_mime = [false; MIME_ONCE.len()];
    for field in entity.fields() {
        let once = |names: &[&str], seen: &mut [bool]| {
            let at = names.iter().position(|name| field.is(name));
            at.and_then(|at| seen.get_mut(at)).is_some_and(|seen| std::mem::replace(seen, true))
        };
        if of_message && once(&ONCE, &mut seen) {
            found.add(DefectKind::DuplicateField, field.span());
        }
        if once(&MIME_ONCE, &mut seen_mime) {
            found.add(DefectKind::DuplicateMimeField, field.span());
        }
        if field.is_cut() {
            found.add(DefectKind::FieldBytesCut, field.span());
        }
        if std::str::from_utf8(field.raw()).is_err() {
            found.add(DefectKind::RawEightBit, field.span());
        }
        if of_message {
            values(&field, found);
        }
    }
    if entity.parent().is_none() {
        let end = entity.header_span().end;
        let required = [("Date", DefectKind::MissingDate), ("From", DefectKind::MissingFrom)];
        for (name, kind) in required {
            if entity.field(name).is_none() {
                found.add(kind, Span::new(end, end));
            }
        }
    }
}

/// Values that cannot be read as the standard has them.
fn values(field: &Field<'_>, found: &mut Findings) {
    let address = ["From", "Sender", "Reply-To", "To", "Cc", "Bcc"].iter().any(|name| field.is(name));
    let kind = if field.is("Date") && field.date().is_none() {
        DefectKind::BadDate
    } else if field.is("Message-ID") && !grammar::is_message_id(field.value_raw()) {
        DefectKind::BadMessageId
    } else if address && field.addresses().is_cut() {
        DefectKind::AddressesCut
    } else if address && !grammar::is_address_list(field.value_raw()) {
        DefectKind::BadAddress
    } else {
        return;
    };
    found.add(kind, field.span());
}

fn mime(entity: &Entity<'_, '_>, found: &mut Findings) {
    let content_type = entity.content_type();
    if let (Some(content_type), Some(field)) = (&content_type, entity.content_type_field()) {
        parameters(content_type.params(), content_type.is_cut(), field.span(), !entity.is_multipart(), found);
        if !grammar::is_content_type(field.value_raw()) {
            found.add(DefectKind::ParameterSyntax, field.span());
        }
    }
    if let Some(field) = entity.field("Content-Disposition") {
        match field.disposition() {
            Some(disposition) => {
                parameters(disposition.params(), disposition.is_cut(), field.span(), true, found);
                if !grammar::is_disposition(field.value_raw()) {
                    found.add(DefectKind::ParameterSyntax, field.span());
                }
                let type_name = content_type.as_ref().and_then(|content_type| content_type.file_name());
                let names = disposition.file_name().zip(type_name);
                if names.is_some_and(|(disposition, content_type)| disposition != content_type) {
                    found.add(DefectKind::FileNamesDiffer, field.span());
                }
            }
            None => found.add(DefectKind::ParameterSyntax, field.span()),
        }
    }
    if let Some(field) = entity.encoding_field()
        && !grammar::is_one_token(field.value_raw())
    {
        found.add(DefectKind::EncodingSyntax, field.span());
    }
    if !entity.is_leaf() {
        return;
    }
    let body = entity.body_span();
    let encoding = entity.encoding();
    if encoding == Encoding::Unknown {
        found.add(DefectKind::UnknownEncoding, entity.encoding_field().map_or(body, |field| field.span()));
    }
    let decoded = entity.decoded();
    if let Some(problem) = decoded.problem {
        let at = body.start + problem.at;
        found.add(DefectKind::BadEncoding, Span::new(at, (at + 1).min(body.end.max(at))));
    }
    if entity.media_type().type_ != "text" {
        return;
    }
    let name = content_type.as_ref().and_then(|content_type| content_type.charset()).unwrap_or("us-ascii");
    let at = entity.content_type_field().map_or(body, |field| field.span());
    match charset::is_valid(name.as_bytes(), &decoded.bytes) {
        None => found.add(DefectKind::UnknownCharset, at),
        Some(false) => found.add(DefectKind::BadCharset, at),
        Some(true) => {}
    }
}

fn parameters(params: &[Parameter<'_>], cut: bool, at: Span, once: bool, found: &mut Findings) {
    if cut {
        found.add(DefectKind::ParametersCut, at);
    }
    if once && repeats(params) {
        found.add(DefectKind::DuplicateParameter, at);
    }
}

/// Whether a parameter is given more than once (RFC 2045 5.1).
fn repeats(params: &[Parameter<'_>]) -> bool {
    let mut names = HashSet::new();
    !params.iter().all(|param| names.insert(param.name.as_ref()))
}

/// What single octets and lines have: NUL, CR or LF alone, lines too long. In a body that says it is binary all octets
/// are allowed (RFC 2045 2.9).
fn octets(message: &Message<'_>, found: &mut Findings) {
    let raw = message.raw();
    let has_crlf = memchr::memmem::find(raw, b"\r\n").is_some();
    let tiles = message.tiles();
    found.said = KindSet::default();
    for tile in &tiles {
        let binary = tile.kind == TileKind::Body
            && message.entity(tile.part).is_some_and(|part| part.encoding() == Encoding::Binary);
        if !binary {
            found.part = tile.part;
            tile_octets(raw, tile, has_crlf, found);
        }
    }
}

fn tile_octets(raw: &[u8], tile: &Tile, has_crlf: bool, found: &mut Findings) {
    let octets = tile.span.of(raw);
    let one = |at: usize| Span::new(tile.span.start + at, tile.span.start + at + 1);
    if let Some(at) = memchr(0, octets) {
        found.add(DefectKind::Nul, one(at));
    }
    if let Some(at) = memchr_iter(b'\r', octets).find(|at| octets.get(at + 1) != Some(&b'\n')) {
        found.add(DefectKind::BareCr, one(at));
    }
    let mut line = 0;
    for at in memchr_iter(b'\n', octets) {
        let bare = at == 0 || octets.get(at - 1) != Some(&b'\r');
        let end = if bare { at } else { at - 1 };
        if end - line > LINE_MUST {
            found.add(DefectKind::LongLine, Span::new(tile.span.start + line, tile.span.start + end));
        }
        if has_crlf && bare {
            found.add(DefectKind::MixedLineEnds, one(at));
        }
        line = at + 1;
    }
    if octets.len() - line > LINE_MUST {
        found.add(DefectKind::LongLine, Span::new(tile.span.start + line, tile.span.end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Date: Tue, 1 Jul 2003 10:52:37 +0200\r\nFrom: a@example.org\r\n";

    fn kinds(raw: &[u8]) -> Vec<DefectKind> {
        Message::parse(raw).unwrap().inspect().into_iter().map(|defect| defect.kind).collect()
    }

    #[track_caller]
    fn only(more: &str, kind: DefectKind) {
        assert_eq!(kinds(format!("{GOOD}{more}").as_bytes()), [kind], "{more:?}");
    }

    #[test]
    fn a_plain_message_has_none() {
        assert_eq!(kinds(format!("{GOOD}Subject: hi\r\n\r\nhello\r\n").as_bytes()), []);
        assert_eq!(
            kinds(
                GOOD.replace("\r\n", "\n")
                    .as_bytes()
                    .iter()
                    .chain(b"\nhi\n")
                    .copied()
                    .collect::<Vec<_>>()
                    .as_slice()
            ),
            []
        );
    }

    #[test]
    fn fields_out_of_order() {
        only("Subject: a\r\nsubject: b\r\n\r\n", DefectKind::DuplicateField);
        only("Bcc: a@b.c\r\nBcc: d@e.f\r\n\r\n", DefectKind::DuplicateField);
        only("Reply-To: nobody at all\r\n\r\n", DefectKind::BadAddress);
        only("Message-ID: none\r\n\r\n", DefectKind::BadMessageId);
        only("To: nobody at all\r\n\r\n", DefectKind::BadAddress);
        only("To: undisclosed-recipients:;\r\nX-Note : x\r\n\r\n", DefectKind::SpaceBeforeColon);
        only(
            "Content-Disposition: attachment; filename=a; filename=b\r\n\r\n",
            DefectKind::DuplicateParameter,
        );
        assert_eq!(kinds(b"Subject: x\r\n\r\n"), [DefectKind::MissingDate, DefectKind::MissingFrom]);
    }

    #[test]
    fn bodies_that_are_not_what_they_say() {
        only("Content-Transfer-Encoding: base64\r\n\r\naGVs*bG8=\r\n", DefectKind::BadEncoding);
        only("Content-Transfer-Encoding: base64, 7bit\r\n\r\naGVsbG8=\r\n", DefectKind::EncodingSyntax);
        only("Content-Transfer-Encoding: rot13\r\n\r\nuryyb\r\n", DefectKind::UnknownEncoding);
        only("Content-Type: text/plain; charset=x-none\r\n\r\nhello\r\n", DefectKind::UnknownCharset);
        let utf8 = format!("{GOOD}Content-Type: text/plain; charset=utf-8\r\n\r\n");
        assert_eq!(kinds(&[utf8.as_bytes(), b"\xff\r\n"].concat()), [DefectKind::BadCharset]);
        let alias = utf8.replace("utf-8", "utf_8");
        assert_eq!(kinds(&[alias.as_bytes(), b"\xff\r\n"].concat()), [DefectKind::BadCharset]);
        let japanese = utf8.replace("utf-8", "shift_jis");
        assert_eq!(kinds(&[japanese.as_bytes(), b"\x83\r\n"].concat()), [DefectKind::BadCharset]);
        assert_eq!(kinds(&[japanese.as_bytes(), b"\x83\x65\r\n"].concat()), []);
    }

    #[test]
    fn what_lies_behind_a_limit_is_told() {
        let many = "; x=y".repeat(crate::content_type::MAX_PARAMETERS);
        let hidden = format!("{GOOD}Content-Disposition: attachment{many}; filename=evil.exe\r\n\r\n");
        assert!(kinds(hidden.as_bytes()).contains(&DefectKind::ParametersCut));
        let most = crate::address::MAX_ENTRIES;
        let to = ["a@b.c"].repeat(most + 1).join(",\r\n ");
        assert_eq!(kinds(format!("{GOOD}To: {to}\r\n\r\n").as_bytes()), [DefectKind::AddressesCut]);
    }

    #[test]
    fn two_file_names() {
        let both = "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=";
        only(&format!("{both}a.exe\r\n\r\n"), DefectKind::FileNamesDiffer);
        assert_eq!(kinds(format!("{GOOD}{both}a.pdf\r\n\r\n").as_bytes()), []);
    }

    #[test]
    fn octets_that_readers_differ_on() {
        only("\r\nnul \0\r\n", DefectKind::Nul);
        only("\r\ncr \r here\r\n", DefectKind::BareCr);
        only("\r\nlf \n here\r\n", DefectKind::MixedLineEnds);
        only(&format!("\r\n{}\r\n", "x".repeat(999)), DefectKind::LongLine);
        assert_eq!(kinds(format!("{GOOD}\r\n{}\r\n", "x".repeat(998)).as_bytes()), []);
        let binary = format!("{GOOD}Content-Transfer-Encoding: binary\r\n\r\n\0\r\n\n");
        assert_eq!(kinds(binary.as_bytes()), []);
    }
}
