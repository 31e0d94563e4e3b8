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
pub(super) const MAX_PREPENDED: usize = 16;
/// Lines at the end of a text in base64 that are taken for an addition: each is a trial of its own.
const MAX_ENCODED_CUTS: usize = 40;
/// Octets of a line from which on relays split it: RFC 5321 4.5.3.1.6 allows 998, and some count otherwise.
const SPLIT_FROM: usize = 970;

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
        if has_doubled_crs(body) && self.matches(&without_doubled_crs(body), budget) {
            return vec![hint(Change::DoubledCr, None)];
        }
        let normal = with_crlfs(body);
        if let Cow::Owned(normal) = &normal {
            if self.matches(normal, budget) {
                return vec![hint(Change::LineBreaks, None)];
            }
            if let Some((change, _)) = self.appended(normal, budget) {
                return vec![hint(Change::LineBreaks, None), hint(change, None)];
            }
        }
        self.others(body, &normal, budget)
    }

    /// The first change that makes the hash that of `bh=`.
    fn others(&self, body: &[u8], normal: &[u8], budget: &mut Budget) -> Vec<Hint> {
        let in_body = |(change, span): (Change, Span)| hint(change, Some(span.shifted(self.start)));
        if let Some(found) = self.appended(body, budget) {
            return vec![in_body(found)];
        }
        // Blanks at the ends of lines are as well explained by a signer that hashed the relaxed form; they are what happens.
        let lines = self.line_by_line(normal, budget);
        if !lines.is_empty() {
            return lines;
        }
        if let Some(change) = self.signers_mistake(body, budget) {
            return vec![hint(change, None)];
        }
        if self.long_lines(normal, budget) {
            return vec![hint(Change::LongLinesSplit, None)];
        }
        if let Ok(parsed) = Message::parse(self.message) {
            let encoded = self.encoded(&parsed.root(), body, budget);
            if !encoded.is_empty() {
                return encoded;
            }
            if let Some((change, span)) = self.parts(&parsed, budget) {
                return vec![hint(change, Some(span))];
            }
        }
        self.prepended(body, budget).map(in_body).into_iter().collect()
    }

    pub(super) fn matches(&self, body: &[u8], budget: &mut Budget) -> bool {
        self.matches_pieces(&[body], budget)
    }

    pub(super) fn matches_pieces(&self, pieces: &[&[u8]], budget: &mut Budget) -> bool {
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
    fn line_by_line(&self, body: &[u8], budget: &mut Budget) -> Vec<Hint> {
        type Undo = fn(&[u8], &mut Vec<u8>) -> bool;
        let undo: [(Change, Undo); 6] = [
            (Change::TrailingBlanks, |line, out| {
                // That one has its blank by right (RFC 3676 4.3).
                if line == b"-- " {
                    out.extend_from_slice(line);
                    return false;
                }
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
        let found = undo.into_iter().find_map(|(change, undo)| {
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
            if any && self.matches(&out, budget) {
                return Some(vec![hint(change, None)]);
            }
            let (added, _) = self.appended(&out, budget).filter(|_| any)?;
            Some(vec![hint(change, None), hint(added, None)])
        });
        found.unwrap_or_default()
    }

    /// The transfer encoding of a body that is no multipart, and lines added to what it encodes.
    fn encoded(&self, root: &Entity<'_, '_>, body: &[u8], budget: &mut Budget) -> Vec<Hint> {
        if root.is_multipart() {
            return Vec::new();
        }
        let is = root.encoding();
        let is_encoded = matches!(is, Encoding::QuotedPrintable | Encoding::Base64);
        let decoded = if is_encoded { transfer::decode(is, body).bytes } else { Cow::Borrowed(body) };
        if is_encoded {
            let was = if decoded.is_ascii() { Encoding::SevenBit } else { Encoding::EightBit };
            let reencoded = hint(Change::Reencoded { was, is }, None);
            // The encoder may have seen the text with LF.
            let sent = with_crlfs(&decoded);
            if self.matches(&decoded, budget) || self.matches(&sent, budget) {
                return vec![reencoded];
            }
            if let Some((change, _)) = self.appended(&sent, budget) {
                return vec![reencoded, hint(change, None)];
            }
        }
        type Encode = fn(&[u8]) -> String;
        let encoders: [(Encoding, Encode); 2] =
            [(Encoding::QuotedPrintable, transfer::quoted_printable), (Encoding::Base64, transfer::base64)];
        for (was, encode) in encoders.into_iter().filter(|(was, _)| *was != is) {
            if budget.left(body.len()) && self.matches(encode(&decoded).as_bytes(), budget) {
                return vec![hint(Change::Reencoded { was, is }, None)];
            }
        }
        if is == Encoding::Base64 {
            return self.appended_to_base64(&decoded, budget).into_iter().collect();
        }
        Vec::new()
    }

    /// A list that adds to a text in base64 decodes it and encodes it again.
    fn appended_to_base64(&self, decoded: &[u8], budget: &mut Budget) -> Option<Hint> {
        let mut ends: Vec<usize> = memchr_iter(b'\n', decoded).map(|at| at + 1).collect();
        ends.pop();
        let ends = ends.iter().rev().take(MAX_ENCODED_CUTS).enumerate();
        for (cut, end) in ends {
            let kept = decoded.get(..*end).unwrap_or_default();
            // Some encoders leave out the last line break, which belongs to the next delimiter or to nothing.
            let bare = kept.strip_suffix(b"\n").unwrap_or(kept);
            let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
            for text in [kept, bare] {
                if budget.left(text.len()) && self.matches(transfer::base64(text).as_bytes(), budget) {
                    return Some(hint(Change::Appended { lines: cut + 1 }, None));
                }
            }
        }
        None
    }

    /// Lines that a relay split since they were too long.
    fn long_lines(&self, body: &[u8], budget: &mut Budget) -> bool {
        let long = lines(body).any(|line| line.len() >= SPLIT_FROM);
        let mut tried = |undone: Vec<u8>| undone.len() < body.len() && self.matches(&undone, budget);
        // sendmail puts "!" before the break and a blank behind it.
        long && (tried(joined(body, b"!", b" "))
            || tried(joined(body, b"", b""))
            || tried(joined(body, b"", b" ")))
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
pub(super) fn crlfs(body: &[u8]) -> impl Iterator<Item = usize> {
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

/// Whether a CR is doubled somewhere.
fn has_doubled_crs(body: &[u8]) -> bool {
    memchr_iter(b'\n', body).any(|at| body.get(..at).is_some_and(|before| before.ends_with(b"\r\r")))
}

fn without_doubled_crs(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|&b| b == b'\n') {
        match line.strip_suffix(b"\r\r\n") {
            Some(text) => {
                out.extend_from_slice(text);
                out.extend_from_slice(b"\r\n");
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

/// The lines without their breaks.
fn lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// With the break behind each long line taken away where `end` stands before it and `start` behind it, both included.
fn joined(body: &[u8], end: &[u8], start: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr(b'\n', rest) {
        let (line, behind) = rest.split_at_checked(at + 1).unwrap_or((rest, &[]));
        let text = line.strip_suffix(b"\r\n").filter(|text| text.len() >= SPLIT_FROM);
        match (text.and_then(|text| text.strip_suffix(end)), behind.strip_prefix(start)) {
            (Some(text), Some(next)) => {
                out.extend_from_slice(text);
                rest = next;
            }
            _ => {
                out.extend_from_slice(line);
                rest = behind;
            }
        }
    }
    out.extend_from_slice(rest);
    out
}
