//! Trials on the parts of a multipart.

use mailwright_message_model::transfer::Encoding;
use mailwright_message_model::{Entity, Message, Span};

use super::Budget;
use super::body::{MAX_PREPENDED, Trial, crlfs};
use super::hint::Change;
use crate::canon::Body;
use crate::crypto::{Backend, Crypto};

/// Parts that are taken for additions.
const MAX_PARTS: usize = 4;
/// Lines at the end of a text part that are taken for an addition.
const MAX_PART_LINES: usize = 24;
/// Lines of the part that stand behind an addition, or in front of one.
const MAX_KEPT: usize = 2;

/// The lines of a text part, counted in the body.
#[derive(Clone, Copy)]
struct Lines {
    first: usize,
    /// Behind the last.
    end: usize,
}

/// Canonical octets that are taken away.
struct Place {
    from: usize,
    to: usize,
    lines: usize,
}

impl Trial<'_> {
    /// Parts of a multipart: added, wrapped, re-encoded.
    pub(super) fn parts(&self, parsed: &Message<'_>, budget: &mut Budget) -> Option<(Change, Span)> {
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
        if let Some((original, count)) = self.with_parts_in_8bit(parsed)
            && self.matches(&original, budget)
        {
            return Some((Change::PartsReencoded { parts: count }, body));
        }
        self.lines_in_parts(parsed, budget).map(|change| (change, body))
    }

    /// Lines that were added at the ends of the first two text parts, or in front of them, as lists and gateways do to the plain
    /// text and the HTML of a message.
    fn lines_in_parts(&self, parsed: &Message<'_>, budget: &mut Budget) -> Option<Change> {
        if self.signature.length.is_some() {
            return None;
        }
        let body = self.message.get(self.start..)?;
        let mut canonical = Vec::with_capacity(body.len() + 2);
        let mut canon = Body::new(self.signature.canonicalization.body);
        canon.write(body, &mut |run| canonical.extend_from_slice(run));
        canon.finish(&mut |run| canonical.extend_from_slice(run));
        // Canonical lines are those of the body, one for one.
        let (ends, of_body): (Vec<usize>, Vec<usize>) = (crlfs(&canonical).collect(), crlfs(body).collect());
        let texts = parsed.walk().filter(|part| part.is_leaf() && part.depth() > 0 && is_text(part)).take(2);
        let texts: Vec<Lines> = texts
            .filter_map(|part| {
                let span = part.body_span();
                let line = |at: usize| of_body.partition_point(|end| *end <= at);
                let first = line(span.start.checked_sub(self.start)?);
                // The break in front of a delimiter is the delimiter's, and that of the last line.
                let end = line(span.end.checked_sub(self.start)?) + 1;
                (end <= ends.len()).then_some(Lines { first, end })
            })
            .collect();
        let (one, two) = (*texts.first()?, texts.get(1).copied());
        [false, true].into_iter().find_map(|front| self.cut_lines(&canonical, &ends, one, two, front, budget))
    }

    /// Takes lines away from the ends, or from the starts, of one or two parts.
    fn cut_lines(
        &self,
        canonical: &[u8],
        ends: &[usize],
        one: Lines,
        two: Option<Lines>,
        front: bool,
        budget: &mut Budget,
    ) -> Option<Change> {
        let of_one = places(one, ends, front);
        let of_two = two.filter(|two| two.first >= one.end).map(|two| places(two, ends, front));
        for place in &of_one {
            let mut hash = Crypto::hash(self.signature.algorithm.hash());
            Crypto::update(&mut hash, canonical.get(..place.from)?);
            let Some(of_two) = &of_two else {
                if self.ends_with(hash, &[canonical.get(place.to..)?], budget)? {
                    return Some(Change::AddedToParts { parts: 1, lines: place.lines, front });
                }
                continue;
            };
            // Up to the first place of the second part at which anything is taken away.
            let between = of_two.iter().map(|place| place.from).min()?;
            Crypto::update(&mut hash, canonical.get(place.to..between)?);
            if !budget.spend(between) {
                return None;
            }
            for second in of_two {
                let rest = [canonical.get(between..second.from)?, canonical.get(second.to..)?];
                if self.ends_with(hash.clone(), &rest, budget)? {
                    let parts = usize::from(place.lines > 0) + usize::from(second.lines > 0);
                    return Some(Change::AddedToParts { parts, lines: place.lines + second.lines, front });
                }
            }
        }
        None
    }

    /// Whether the hash is that of `bh=` with these octets behind; `None` where they cost too much.
    fn ends_with(
        &self,
        mut hash: <Crypto as Backend>::Hash,
        rest: &[&[u8]],
        budget: &mut Budget,
    ) -> Option<bool> {
        if !budget.spend(rest.iter().map(|octets| octets.len()).sum()) {
            return None;
        }
        rest.iter().for_each(|octets| Crypto::update(&mut hash, octets));
        Some(Crypto::finish(hash).as_bytes() == self.signature.body_hash)
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
/// Where lines may have been added to a part: nowhere, or few or many of them at its end, or before the last lines (a blank one,
/// the ends of HTML); or likewise at its start.
fn places(part: Lines, ends: &[usize], front: bool) -> Vec<Place> {
    let most = if front { MAX_PREPENDED } else { MAX_PART_LINES };
    let start = |line: usize| line.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied());
    let all = part.end.saturating_sub(part.first);
    let mut out = Vec::new();
    for lines in 0..=most {
        for kept in 0..=if lines == 0 { 0 } else { MAX_KEPT } {
            // Not all of a part: that is another change.
            if lines + kept >= all {
                continue;
            }
            let from = if front { part.first + kept } else { part.end - kept - lines };
            out.extend(start(from).zip(start(from + lines)).map(|(from, to)| Place { from, to, lines }));
        }
    }
    out
}

fn is_text(part: &Entity<'_, '_>) -> bool {
    part.content_type().is_none_or(|kind| kind.type_() == "text")
}
