//! Trials on the header: which fields may have been otherwise when it was signed.

use std::collections::HashMap;

use mailwright_message_model::Span;

use super::hint::{Change, Evidence, Hint, shown};
use super::{Budget, MAX_EDITS};
use crate::canon::{self, Canonicalization};
use crate::header::Header;
use crate::key::PublicKey;
use crate::signature::{CopiedField, Signature};
use crate::verify::evaluate::holds;

/// A message whose header does not match the signature.
pub(super) struct Trial<'a, 'm> {
    pub(super) header: &'a Header<'m>,
    /// Which field the signature is.
    field: usize,
    pub(super) signature: &'a Signature,
    key: &'a PublicKey,
    /// The fields of each name of `h=`, from the bottom; the name in lower case.
    pub(super) groups: HashMap<Vec<u8>, Vec<usize>>,
}

/// Of the changes that come first, so many are tried four together.
const MAX_OFTEN: usize = 14;

/// Something to undo.
pub(super) struct Edit {
    pub(super) change: Change,
    pub(super) span: Option<Span>,
    pub(super) undo: Undo,
}

pub(super) enum Undo {
    Remove(Vec<usize>),
    Replace(usize, Vec<u8>),
    Reverse(Vec<u8>),
    Every(fn(&[u8]) -> Vec<u8>),
    /// Each field has the name that `h=` gives it.
    Names,
}

impl Edit {
    /// Whether both are of one field, so that they are no pair.
    fn clashes(&self, other: &Self) -> bool {
        let fields = |edit: &Self| match &edit.undo {
            Undo::Remove(fields) => fields.clone(),
            Undo::Replace(field, _) => vec![*field],
            Undo::Reverse(_) | Undo::Every(_) | Undo::Names => Vec::new(),
        };
        let (one, two) = (fields(self), fields(other));
        let every = |edit: &Self| matches!(edit.undo, Undo::Every(_));
        one.iter().any(|field| two.contains(field)) || every(self) && every(other)
    }
}

impl<'a, 'm> Trial<'a, 'm> {
    pub(super) fn new(
        header: &'a Header<'m>,
        field: usize,
        signature: &'a Signature,
        key: &'a PublicKey,
    ) -> Self {
        let mut groups: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for name in &signature.headers {
            groups.entry(name.to_ascii_lowercase().into_bytes()).or_default();
        }
        for at in (0..header.len()).rev().filter(|&at| at != field) {
            if let Some(group) = groups.get_mut(&header.name(at).to_ascii_lowercase()) {
                group.push(at);
            }
        }
        Self { header, field, signature, key, groups }
    }

    /// The fewest changes that, undone together, make the signature hold.
    pub(super) fn run(&self, message: &[u8], budget: &mut Budget) -> Vec<Hint> {
        let mut edits = self.edits(message);
        if edits.len() > MAX_EDITS {
            edits.truncate(MAX_EDITS);
            budget.cut_short = true;
        }
        let count = edits.len();
        let singles = (0..count).map(|a| vec![a]);
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| vec![a, b]));
        let triples = |of: usize| {
            (0..of).flat_map(move |a| (a + 1..of).flat_map(move |b| (b + 1..of).map(move |c| vec![a, b, c])))
        };
        // A list that replaces From adds a field or two and a tag.
        let often = count.min(MAX_OFTEN);
        let quads = triples(often).flat_map(move |three| {
            let after = three.last().map_or(0, |last| last + 1);
            (after..often).map(move |d| [three.as_slice(), &[d]].concat())
        });
        let triples_of_others = triples(count).filter(|three| three.iter().any(|&at| at >= often));
        let covered = self.groups.values().flatten().map(|&field| self.header.field(field).len()).sum();
        for chosen in singles.chain(pairs).chain(triples(often)).chain(quads).chain(triples_of_others) {
            let undone: Vec<&Edit> = chosen.iter().filter_map(|&at| edits.get(at)).collect();
            let clash =
                undone.iter().enumerate().any(|(at, one)| undone.iter().take(at).any(|two| one.clashes(two)));
            if clash {
                continue;
            }
            if !budget.try_once(covered) {
                break;
            }
            if self.holds_with(&undone) {
                let hint = |edit: &&Edit| Hint {
                    change: edit.change.clone(),
                    span: edit.span,
                    evidence: Evidence::Signature,
                };
                return undone.iter().map(hint).collect();
            }
        }
        Vec::new()
    }

    fn holds_with(&self, edits: &[&Edit]) -> bool {
        let mut replaced: HashMap<usize, Option<&[u8]>> = HashMap::new();
        let (mut every, mut names) = (None, false);
        let mut groups: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for edit in edits {
            match &edit.undo {
                Undo::Remove(fields) => replaced.extend(fields.iter().map(|&field| (field, None))),
                Undo::Replace(field, raw) => {
                    replaced.insert(*field, Some(raw));
                }
                Undo::Names => names = true,
                Undo::Reverse(name) => {
                    let group = self.groups.get(name).cloned().unwrap_or_default();
                    groups.insert(name, group.into_iter().rev().collect());
                }
                Undo::Every(change) => every = Some(change),
            }
        }
        let mut next: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut octets = Vec::new();
        let kind = self.signature.canonicalization.header;
        for written in &self.signature.headers {
            let name = written.to_ascii_lowercase().into_bytes();
            let Some(group) = groups.get(name.as_slice()).or_else(|| self.groups.get(&name)) else {
                continue;
            };
            let next = next.entry(name).or_default();
            while let Some(&field) = group.get(*next) {
                *next += 1;
                let raw = match replaced.get(&field) {
                    Some(None) => continue,
                    Some(Some(raw)) => raw,
                    None => self.header.field(field),
                };
                let renamed = names
                    .then(|| [written.as_bytes(), raw.get(written.len()..).unwrap_or_default()].concat());
                let raw = renamed.as_deref().unwrap_or(raw);
                match every {
                    Some(change) => canon::field(kind, &change(raw), &mut octets),
                    None => canon::field(kind, raw, &mut octets),
                }
                break;
            }
        }
        self.holds(octets)
    }

    /// Whether the signature holds for the header as it is.
    pub(super) fn is_sound(&self) -> bool {
        self.holds_with(&[])
    }

    fn holds(&self, mut octets: Vec<u8>) -> bool {
        let kind = self.signature.canonicalization.header;
        canon::signature_field(kind, self.header.field(self.field), self.signature.b_span, &mut octets);
        holds(self.key, self.signature, &octets)
    }

    /// What the copies of `z=` say (RFC 6376 3.5), and whether they prove themselves.
    pub(super) fn copies(&self, budget: &mut Budget) -> (Vec<Hint>, bool) {
        if self.signature.copied.is_empty() {
            return (Vec::new(), false);
        }
        let mut copied: HashMap<Vec<u8>, Vec<&CopiedField>> = HashMap::new();
        for copy in &self.signature.copied {
            copied.entry(copy.name.to_ascii_lowercase().into_bytes()).or_default().push(copy);
        }
        let mut next: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut octets = Vec::new();
        let mut changes = Vec::new();
        for written in &self.signature.headers {
            let name = written.to_ascii_lowercase().into_bytes();
            let nth = next.entry(name.clone()).or_default();
            let copies = copied.get(&name);
            let copy = copies.and_then(|copies| copies.get(*nth));
            let here = self.groups.get(&name).and_then(|group| group.get(*nth)).copied();
            *nth += 1;
            let raw = copy.map(|copy| [copy.name.as_bytes(), b":", &copy.value, b"\r\n"].concat());
            if let Some(raw) = &raw {
                canon::field(self.signature.canonicalization.header, raw, &mut octets);
            }
            let (name, span) = (written.to_owned(), here.map(|field| self.header.span(field)));
            let change = match (copy, here) {
                (Some(copy), Some(field)) => {
                    let same =
                        relaxed(raw.as_deref().unwrap_or_default()) == relaxed(self.header.field(field));
                    (!same).then(|| Change::Replaced { name, was: shown(&copy.value) })
                }
                (Some(copy), None) => Some(Change::FieldRemoved { name, was: shown(&copy.value) }),
                // Only where the signer copied fields of that name at all is a missing copy a sign.
                (None, Some(_)) => copies.is_some().then_some(Change::FieldAdded { name }),
                (None, None) => None,
            };
            changes.extend(change.map(|change| (change, span)));
        }
        let proved = budget.try_once(octets.len()) && self.holds(octets);
        let evidence = if proved { Evidence::ProvedCopy } else { Evidence::Copy };
        (changes.into_iter().map(|(change, span)| Hint { change, span, evidence }).collect(), proved)
    }
}

fn relaxed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    canon::field(Canonicalization::Relaxed, raw, &mut out);
    out
}
