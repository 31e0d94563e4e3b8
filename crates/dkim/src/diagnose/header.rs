//! Trials on the header: which fields may have been otherwise when it was signed.

use std::collections::HashMap;

use mailwright_message_model::{Message, Span, encoded_word};

use super::hint::{Change, Evidence, Hint, shown};
use super::subject::untagged;
use super::{Budget, MAX_EDITS};
use crate::canon::{self, Canonicalization};
use crate::header::Header;
use crate::key::PublicKey;
use crate::signature::{CopiedField, Signature};
use crate::verify::evaluate::holds;

/// A message whose header does not match the signature.
pub(super) struct Trial<'a, 'm> {
    header: &'a Header<'m>,
    /// Which field the signature is.
    field: usize,
    signature: &'a Signature,
    key: &'a PublicKey,
    /// The fields of each name of `h=`, from the bottom; the name in lower case.
    groups: HashMap<Vec<u8>, Vec<usize>>,
}

/// Something to undo.
struct Edit {
    change: Change,
    span: Option<Span>,
    undo: Undo,
}

enum Undo {
    Remove(Vec<usize>),
    Replace(usize, Vec<u8>),
    Reverse(Vec<u8>),
    Every(fn(&[u8]) -> Vec<u8>),
}

/// Other fields that keep what From was.
const ORIGINAL_FROM: [&str; 6] = [
    "X-Original-From",
    "X-Google-Original-From",
    "Original-From",
    "Reply-To",
    "X-Original-Sender",
    "X-MailFrom",
];

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
        edits.truncate(MAX_EDITS);
        let count = edits.len();
        let singles = (0..count).map(|a| vec![a]);
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| vec![a, b]));
        let triples = (0..count)
            .flat_map(move |a| (a + 1..count).flat_map(move |b| (b + 1..count).map(move |c| vec![a, b, c])));
        let covered = self.groups.values().flatten().map(|&field| self.header.field(field).len()).sum();
        for chosen in singles.chain(pairs).chain(triples) {
            let undone: Vec<&Edit> = chosen.iter().filter_map(|&at| edits.get(at)).collect();
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
        let mut every = None;
        let mut groups: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for edit in edits {
            match &edit.undo {
                Undo::Remove(fields) => replaced.extend(fields.iter().map(|&field| (field, None))),
                Undo::Replace(field, raw) => {
                    // Two changes of one field are no pair.
                    if replaced.insert(*field, Some(raw)).is_some() {
                        return false;
                    }
                }
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
        for name in &self.signature.headers {
            let name = name.to_ascii_lowercase().into_bytes();
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
                match every {
                    Some(change) => canon::field(kind, &change(raw), &mut octets),
                    None => canon::field(kind, raw, &mut octets),
                }
                break;
            }
        }
        self.holds(octets)
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

    fn edits(&self, message: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let first = |name: &[u8]| self.groups.get(name).and_then(|group| group.first()).copied();
        if let Some(subject) = first(b"subject") {
            let value = self.value(subject);
            let found = untagged(value).into_iter();
            edits.extend(found.map(|(tag, was)| self.replacement(subject, &was, Change::SubjectTag { tag })));
        }
        if let Some(from) = first(b"from") {
            for original in ORIGINAL_FROM {
                let other = self.header.named(original).next();
                edits.extend(other.map(|other| {
                    let change = Change::FromRewritten { original: original.to_owned() };
                    self.replacement(from, self.value(other), change)
                }));
            }
        }
        self.list_fields(&mut edits);
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort();
        for (name, group) in groups {
            let name = || String::from_utf8_lossy(name).into_owned();
            edits.extend(group.iter().map(|&field| Edit {
                change: Change::FieldAdded { name: self.name(field) },
                span: Some(self.header.span(field)),
                undo: Undo::Remove(vec![field]),
            }));
            if group.len() > 1 {
                let undo = Undo::Reverse(name().into_bytes());
                let name = group.first().map_or_else(name, |&field| self.name(field));
                edits.push(Edit { change: Change::Reordered { name }, span: None, undo });
            }
        }
        self.spellings(&mut edits);
        self.mime(message, &mut edits);
        if self.signature.canonicalization.header == Canonicalization::Simple {
            let every = [unfolded as fn(&[u8]) -> Vec<u8>, tight];
            edits.extend(every.map(|undo| Edit {
                change: Change::Refolded,
                span: None,
                undo: Undo::Every(undo),
            }));
        }
        // The same whatever the order in the map.
        edits.sort_by_key(|edit| (matches!(edit.undo, Undo::Remove(_)), edit.span.map(|span| span.start)));
        edits
    }

    fn list_fields(&self, edits: &mut Vec<Edit>) {
        let of_list = |name: &&Vec<u8>| name.starts_with(b"list-");
        let groups = self.groups.iter().filter(|(name, _)| of_list(name));
        let fields: Vec<usize> = groups.flat_map(|(_, group)| group).copied().collect();
        if fields.len() > 1 {
            edits.push(Edit { change: Change::ListFieldsAdded, span: None, undo: Undo::Remove(fields) });
        }
    }

    /// Other spellings of the same: quotes around names, encoded words.
    fn spellings(&self, edits: &mut Vec<Edit>) {
        for &field in self.groups.values().flatten() {
            let value = self.value(field);
            let name = self.name(field);
            if value.windows(2).any(|pair| pair == b"=?") {
                let was = format!(" {}\r\n", encoded_word::decode(value).trim());
                edits.push(self.replacement(
                    field,
                    was.as_bytes(),
                    Change::EncodedWords { name: name.clone() },
                ));
            }
            if ["from", "to", "cc", "reply-to", "sender"].iter().any(|of| name.eq_ignore_ascii_case(of)) {
                let bare: Vec<u8> = value.iter().copied().filter(|&b| b != b'"').collect();
                let was = if bare.len() < value.len() { Some(bare) } else { quoted_name(value) };
                edits.extend(was.map(|was| self.replacement(field, &was, Change::NameQuotes { name })));
            }
        }
    }

    /// The fields of MIME, which a gateway that re-encodes or wraps a message writes anew.
    fn mime(&self, message: &[u8], edits: &mut Vec<Edit>) {
        let first = |name: &[u8]| self.groups.get(name).and_then(|group| group.first()).copied();
        let replaced = |field: usize, was: &str| {
            let change = Change::Replaced { name: self.name(field), was: was.trim().to_owned() };
            self.replacement(field, format!(" {}\r\n", was.trim()).as_bytes(), change)
        };
        if let Some(field) = first(b"content-transfer-encoding") {
            let is = self.value(field).trim_ascii().to_ascii_lowercase();
            let others = ["8bit", "7bit", "quoted-printable", "base64"];
            let others = others.into_iter().filter(|other| other.as_bytes() != is);
            edits.extend(others.map(|was| replaced(field, was)));
        }
        let Some(field) = first(b"content-type") else { return };
        let Ok(parsed) = Message::parse(message) else { return };
        let part = parsed.root().children().next();
        let of_part = part.and_then(|part| part.content_type_field());
        edits.extend(of_part.map(|of_part| {
            let change = Change::Replaced { name: self.name(field), was: shown(of_part.value()) };
            self.replacement(field, of_part.value_raw(), change)
        }));
    }

    fn replacement(&self, field: usize, value: &[u8], change: Change) -> Edit {
        let raw = self.header.field(field);
        let name = raw.split_at_checked(self.header.value_at(field)).map_or(raw, |(name, _)| name);
        let undo = Undo::Replace(field, [name, value].concat());
        Edit { change, span: Some(self.header.span(field)), undo }
    }

    /// What stands behind the colon.
    fn value(&self, field: usize) -> &[u8] {
        let raw = self.header.field(field);
        raw.get(self.header.value_at(field)..).unwrap_or_default()
    }

    fn name(&self, field: usize) -> String {
        String::from_utf8_lossy(self.header.name(field)).into_owned()
    }
}

fn relaxed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    canon::field(Canonicalization::Relaxed, raw, &mut out);
    out
}

/// On one line (RFC 5322 2.2.3).
fn unfolded(raw: &[u8]) -> Vec<u8> {
    let text = raw.strip_suffix(b"\r\n").unwrap_or(raw);
    let mut out: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    out.extend_from_slice(b"\r\n");
    out
}

/// On one line, with one blank for each run and one behind the colon.
fn tight(raw: &[u8]) -> Vec<u8> {
    let colon = memchr::memchr(b':', raw).unwrap_or(raw.len());
    let (name, value) = raw.split_at_checked(colon).unwrap_or((raw, &[]));
    let words = value.get(1..).unwrap_or_default().split(|b| b.is_ascii_whitespace());
    let mut out = [name, b":"].concat();
    for word in words.filter(|word| !word.is_empty()) {
        out.push(b' ');
        out.extend_from_slice(word);
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// `Name <a@b>` with quotes around the name.
fn quoted_name(value: &[u8]) -> Option<Vec<u8>> {
    let angle = memchr::memchr(b'<', value)?;
    let (name, rest) = value.split_at_checked(angle)?;
    let name = name.trim_ascii();
    (!name.is_empty()).then(|| [b" \"", name, b"\" ", rest].concat())
}
