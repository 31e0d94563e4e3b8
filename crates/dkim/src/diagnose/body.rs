//! Trials on the body: what it may have been when it was signed.

use std::borrow::Cow;

use mailwright_message_model::transfer::{self, Encoding};
use mailwright_message_model::{Entity, Message, Span};
use memchr::{memchr, memchr_iter};

use super::hint::{Change, Evidence, Hint};
use super::{Budget, MAX_CUTS};
use crate::body_hash::BodyHashes;
use crate::canon::{Body, Canonicalization};
use crate::crypto::{Backend, Crypto};
use crate::line_ends;
use crate::signature::Signature;

/// Lines in front of the body that are taken for an addition: a banner has few.
const MAX_PREPENDED: usize = 16;
/// Parts that are taken for additions.
const MAX_PARTS: usize = 4;

/// A message whose body hash is another than that of `bh=`.
pub(super) struct Trial<'a> {
    pub(super) message: &'a [u8],
    /// Where the body begins.
    pub(super) start: usize,
    pub(super) signature: &'a Signature,
}

impl Trial<'_> {
    /// The first changes that, undone, make the hash that of `bh=`.
    pub(super) fn run(&self, budget: &mut Budget) -> Vec<Hint> {
        let body = self.message.get(self.start..).unwrap_or_default();
        let normal = with_crlfs(body);
        if let Cow::Owned(normal) = &normal {
            if self.matches(normal, budget) {
                return vec![hint(Change::LineBreaks, None)];
            }
            if let Some((change, _)) = self.appended(normal, budget) {
                return vec![hint(Change::LineBreaks, None), hint(change, None)];
            }
        }
        self.one(body, &normal, budget).into_iter().collect()
    }

    /// The first change that alone makes the hash that of `bh=`.
    fn one(&self, body: &[u8], normal: &[u8], budget: &mut Budget) -> Option<Hint> {
        let in_body = |(change, span): (Change, Span)| hint(change, Some(span.shifted(self.start)));
        if let Some(found) = self.appended(body, budget) {
            return Some(in_body(found));
        }
        // Blanks at the ends of lines are as well explained by a signer that hashed the relaxed form; they are what happens.
        let lines = self.line_by_line(normal, budget);
        if let Some(change) = lines.or_else(|| self.signers_mistake(body, budget)) {
            return Some(hint(change, None));
        }
        if let Ok(parsed) = Message::parse(self.message) {
            if let Some(change) = self.encoded(&parsed.root(), body, budget) {
                return Some(hint(change, None));
            }
            if let Some((change, span)) = self.parts(&parsed, budget) {
                return Some(hint(change, Some(span)));
            }
        }
        self.prepended(body, budget).map(in_body)
    }

    fn matches(&self, body: &[u8], budget: &mut Budget) -> bool {
        self.matches_pieces(&[body], budget)
    }

    fn matches_pieces(&self, pieces: &[&[u8]], budget: &mut Budget) -> bool {
        let kind = self.signature.canonicalization.body;
        self.hashes_to(kind, self.signature.length, pieces, budget)
    }

    fn hashes_to(
        &self,
        kind: Canonicalization,
        length: Option<u64>,
        pieces: &[&[u8]],
        budget: &mut Budget,
    ) -> bool {
        if !budget.spend(pieces.iter().map(|piece| piece.len()).sum()) {
            return false;
        }
        let mut hashes = BodyHashes::default();
        let wanted = hashes.want(kind, self.signature.algorithm.hash(), length);
        pieces.iter().for_each(|piece| hashes.write(piece));
        let found = hashes.finish().get(wanted).and_then(|(digest, _)| digest);
        found.is_some_and(|digest| digest.as_bytes() == self.signature.body_hash)
    }

    /// The body is as it was, and the signer did otherwise than the signature says.
    fn signers_mistake(&self, body: &[u8], budget: &mut Budget) -> Option<Change> {
        let signature = self.signature;
        let other = match signature.canonicalization.body {
            Canonicalization::Simple => Canonicalization::Relaxed,
            Canonicalization::Relaxed => Canonicalization::Simple,
        };
        if self.hashes_to(other, signature.length, &[body], budget) {
            return Some(Change::OtherCanonicalization(other));
        }
        let raw = signature.length.and_then(|length| body.get(..usize::try_from(length).ok()?));
        if raw.is_some_and(|raw| self.hashes_to(signature.canonicalization.body, None, &[raw], budget)) {
            return Some(Change::LengthOfRawBody);
        }
        let bare = without_crs(body);
        self.matches(&bare, budget).then_some(Change::SignedWithBareLf)
    }

    /// Whether what stands before one of the lines is the whole of what was signed: one pass over the canonical body, the hash
    /// being looked at behind each line.
    fn appended(&self, body: &[u8], budget: &mut Budget) -> Option<(Change, Span)> {
        if self.signature.length.is_some() || !budget.spend(body.len()) {
            return None;
        }
        let kind = self.signature.canonicalization.body;
        let mut canonical = Vec::with_capacity(body.len() + 2);
        let mut canon = Body::new(kind);
        canon.write(body, &mut |run| canonical.extend_from_slice(run));
        canon.finish(&mut |run| canonical.extend_from_slice(run));
        let lines = crlfs(&canonical).count();
        let mut hash = Crypto::hash(self.signature.algorithm.hash());
        let empty: &[u8] = if kind == Canonicalization::Simple { b"\r\n" } else { b"" };
        let mut of_empty = hash.clone();
        Crypto::update(&mut of_empty, empty);
        if Crypto::finish(of_empty).as_bytes() == self.signature.body_hash {
            return Some((Change::SignedEmpty, Span::new(0, body.len())));
        }
        let mut start = 0;
        for (line, end) in crlfs(&canonical).enumerate() {
            let text = canonical.get(start..end)?;
            Crypto::update(&mut hash, text);
            start = end;
            // RFC 6376 3.4.3: a body does not end in empty lines. The last line is the body as it is.
            if text == b"\r\n" || line + 1 == lines || lines - line > MAX_CUTS {
                continue;
            }
            if Crypto::finish(hash.clone()).as_bytes() == self.signature.body_hash {
                // Canonical lines are those of the body, one for one.
                let at = crlfs(body).nth(line).unwrap_or(body.len());
                let added = crlfs(body.get(at..).unwrap_or_default()).count().max(1);
                return Some((Change::Appended { lines: added }, Span::new(at, body.len())));
            }
        }
        None
    }

    fn prepended(&self, body: &[u8], budget: &mut Budget) -> Option<(Change, Span)> {
        let mut ends = crlfs(body).take(MAX_PREPENDED).enumerate();
        let (line, end) = ends.find(|(_, end)| self.matches(body.get(*end..).unwrap_or_default(), budget))?;
        Some((Change::Prepended { lines: line + 1 }, Span::new(0, end)))
    }

    /// Changes that gateways and mailboxes make to each line.
    fn line_by_line(&self, body: &[u8], budget: &mut Budget) -> Option<Change> {
        type Undo = fn(&[u8], &mut Vec<u8>) -> bool;
        let undo: [(Change, Undo); 6] = [
            (Change::TrailingBlanks, |line, out| {
                let kept = line.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |at| at + 1);
                out.extend_from_slice(line.get(..kept).unwrap_or_default());
                kept < line.len()
            }),
            (Change::SeparatorBlank, |line, out| replace(line, b"--", line == b"--", b"-- ", out)),
            (Change::DotsDoubled, |line, out| replace(line, b"..", line.starts_with(b".."), b".", out)),
            (Change::DotsRemoved, |line, out| replace(line, b".", line.starts_with(b"."), b"..", out)),
            (Change::FromQuoted, |line, out| replace(line, b">", is_quoted_from(line), b"", out)),
            (Change::FromUnquoted, |line, out| {
                replace(line, b"From ", line.starts_with(b"From "), b">From ", out)
            }),
        ];
        undo.into_iter().find_map(|(change, undo)| {
            let mut out = Vec::with_capacity(body.len());
            let (mut start, mut any) = (0, false);
            for end in crlfs(body).chain([body.len() + 2]) {
                let line = body.get(start..end - 2).unwrap_or_default();
                any |= undo(line, &mut out);
                if end <= body.len() {
                    out.extend_from_slice(b"\r\n");
                }
                start = end;
            }
            (any && self.matches(&out, budget)).then_some(change)
        })
    }

    /// The transfer encoding of a body that is no multipart.
    fn encoded(&self, root: &Entity<'_, '_>, body: &[u8], budget: &mut Budget) -> Option<Change> {
        if root.is_multipart() {
            return None;
        }
        let is = root.encoding();
        let decoded = match is {
            Encoding::QuotedPrintable | Encoding::Base64 => transfer::decode(is, body).bytes,
            _ => Cow::Borrowed(body),
        };
        if is == Encoding::QuotedPrintable || is == Encoding::Base64 {
            let was = if decoded.is_ascii() { Encoding::SevenBit } else { Encoding::EightBit };
            if self.matches(&decoded, budget) {
                return Some(Change::Reencoded { was, is });
            }
        }
        let others = [
            (Encoding::QuotedPrintable, transfer::quoted_printable as fn(&[u8]) -> String),
            (Encoding::Base64, transfer::base64),
        ];
        let mut others = others.into_iter().filter(|(was, _)| *was != is && budget.left(body.len()));
        let found: Vec<(Encoding, String)> =
            others.by_ref().map(|(was, encode)| (was, encode(&decoded))).collect();
        let (was, _) = found.into_iter().find(|(_, text)| self.matches(text.as_bytes(), budget))?;
        Some(Change::Reencoded { was, is })
    }

    /// Parts of a multipart: added, wrapped, re-encoded.
    fn parts(&self, parsed: &Message<'_>, budget: &mut Budget) -> Option<(Change, Span)> {
        let root = parsed.root();
        if !root.is_multipart() {
            return None;
        }
        let parts: Vec<Entity<'_, '_>> = root.children().collect();
        for (at, part) in parts.iter().take(MAX_PARTS).enumerate() {
            if self.matches(part.body_raw(), budget) {
                return Some((Change::Wrapped { part: at + 1 }, part.body_span()));
            }
        }
        let body = root.body_span();
        if let Some(close) = root.close_span() {
            for (count, part) in
                parts.iter().rev().take(MAX_PARTS.min(parts.len().saturating_sub(1))).enumerate()
            {
                let added = Span::new(part.delimiter_span().start, close.start);
                let before = Span::new(body.start, added.start).of(self.message);
                let behind = Span::new(added.end, self.message.len()).of(self.message);
                if self.matches_pieces(&[before, behind], budget) {
                    return Some((Change::PartsAdded { parts: count + 1 }, added));
                }
            }
        }
        let (original, count) = self.with_parts_in_8bit(parsed)?;
        self.matches(&original, budget).then_some((Change::PartsReencoded { parts: count }, body))
    }

    /// The body with its encoded leaves as a relay that downgrades 8bit found them (RFC 6152 3).
    fn with_parts_in_8bit(&self, parsed: &Message<'_>) -> Option<(Vec<u8>, usize)> {
        let mut out = Vec::with_capacity(self.message.len());
        let (mut done, mut count) = (self.start, 0);
        for leaf in parsed.walk().filter(|part| part.is_leaf() && part.depth() > 0) {
            let is = leaf.encoding();
            let Some(field) = leaf.encoding_field() else { continue };
            if !matches!(is, Encoding::QuotedPrintable | Encoding::Base64) || leaf.span().start < done {
                continue;
            }
            let (value, body) = (field.value_span(), leaf.body_span());
            out.extend_from_slice(Span::new(done, value.start).of(self.message));
            out.extend_from_slice(b" 8bit\r\n");
            out.extend_from_slice(Span::new(value.end, body.start).of(self.message));
            out.extend_from_slice(&leaf.decoded().bytes);
            done = body.end;
            count += 1;
        }
        out.extend_from_slice(self.message.get(done..)?);
        (count > 0).then_some((out, count))
    }
}

const fn hint(change: Change, span: Option<Span>) -> Hint {
    Hint { change, span, evidence: Evidence::BodyHash }
}

/// A line that a mailbox in mboxrd form has escaped.
fn is_quoted_from(line: &[u8]) -> bool {
    let start = line.iter().position(|&b| b != b'>').unwrap_or(0);
    start > 0 && line.get(start..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// Appends a line, `old` at its start replaced by `new` where that is due.
fn replace(line: &[u8], old: &[u8], due: bool, new: &[u8], out: &mut Vec<u8>) -> bool {
    match line.strip_prefix(old).filter(|_| due) {
        Some(rest) => {
            out.extend_from_slice(new);
            out.extend_from_slice(rest);
            true
        }
        None => {
            out.extend_from_slice(line);
            false
        }
    }
}

/// The ends of the lines that end in CRLF.
fn crlfs(body: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'\n', body)
        .filter(|&at| at.checked_sub(1).is_some_and(|before| body.get(before) == Some(&b'\r')))
        .map(|at| at + 1)
}

/// With each bare LF and CR made CRLF; borrowed where there is none.
fn with_crlfs(body: &[u8]) -> Cow<'_, [u8]> {
    let out = line_ends::normalized(body);
    if out == body { Cow::Borrowed(body) } else { Cow::Owned(out) }
}

fn without_crs(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr(b'\r', rest) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(before);
        rest = match behind {
            [b'\r', b'\n', ..] => behind.get(1..).unwrap_or_default(),
            _ => {
                out.push(b'\r');
                behind.get(1..).unwrap_or_default()
            }
        };
    }
    out.extend_from_slice(rest);
    out
}
