//! What may be undone in a header: the changes that lists, gateways and relays make.

use mailwright_message_model::{Message, encoded_word};

use super::header::{Edit, Trial, Undo};
use super::hint::{Change, shown};
use super::subject::untagged;
use crate::canon::Canonicalization;
use crate::tags::outside_quotes;

/// Other fields that keep what From was.
const ORIGINAL_FROM: [&str; 7] = [
    "X-Original-From",
    "X-Google-Original-From",
    "Original-From",
    "Reply-To",
    "Cc",
    "X-Original-Sender",
    "X-MailFrom",
];
/// Addresses of such a field that are looked at.
const MAX_ADDRESSES: usize = 6;

impl Trial<'_, '_> {
    pub(super) fn edits(&self, message: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let first = |name: &[u8]| self.groups.get(name).and_then(|group| group.first()).copied();
        if let Some(subject) = first(b"subject") {
            let value = self.value(subject);
            let found = untagged(value).into_iter();
            edits.extend(found.map(|(tag, was)| self.replacement(subject, &was, Change::SubjectTag { tag })));
        }
        if let Some(from) = first(b"from") {
            for original in ORIGINAL_FROM {
                let others =
                    self.header.named(original).take(1).flat_map(|other| elements(self.value(other)));
                edits.extend(others.take(MAX_ADDRESSES).map(|value| {
                    let change = Change::FromRewritten { original: original.to_owned() };
                    self.replacement(from, &value, change)
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
            edits.push(Edit { change: Change::NamesRespelled, span: None, undo: Undo::Names });
            // Two that programs spell otherwise than the RFCs.
            for (one, other) in [("Message-ID", "Message-Id"), ("MIME-Version", "Mime-Version")] {
                let Some(field) = first(one.to_ascii_lowercase().as_bytes()) else { continue };
                let was = if self.name(field) == one { other } else { one };
                let raw = [was.as_bytes(), self.header.field(field).get(was.len()..).unwrap_or_default()];
                edits.push(Edit {
                    change: Change::NamesRespelled,
                    span: Some(self.header.span(field)),
                    undo: Undo::Replace(field, raw.concat()),
                });
            }
        }
        // What happens often comes first, for pairs and triples of it are tried before the limit; and the same whatever the
        // order in the map.
        edits.sort_by_key(|edit| (rank(edit), edit.span.map(|span| span.start)));
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
            if ["to", "cc", "reply-to"].iter().any(|of| name.eq_ignore_ascii_case(of)) {
                let was = [respaced(value, b""), respaced(value, b" ")].into_iter().find(|was| was != value);
                edits.extend(was.map(|was| {
                    let change = Change::Replaced { name: name.clone(), was: shown(&was) };
                    self.replacement(field, &was, change)
                }));
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
        let value = self.value(field);
        let bare: Vec<u8> = value.iter().copied().filter(|&b| b != b'"').collect();
        let was = if bare.len() < value.len() { Some(bare) } else { quoted_values(value) };
        edits.extend(was.map(|was| {
            let change = Change::Replaced { name: self.name(field), was: shown(&was) };
            self.replacement(field, &was, change)
        }));
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

/// How soon a change is tried: what lists do first, with the fields that they add.
fn rank(edit: &Edit) -> u8 {
    const ADDED: [&str; 4] = ["Reply-To", "Cc", "Sender", "List-"];
    let added =
        |name: &str| ADDED.iter().any(|of| name.get(..of.len()).is_some_and(|n| n.eq_ignore_ascii_case(of)));
    match &edit.change {
        Change::SubjectTag { .. } | Change::FromRewritten { .. } | Change::ListFieldsAdded => 0,
        Change::FieldAdded { name } if added(name) => 1,
        Change::Replaced { name, .. } if name.to_ascii_lowercase().starts_with("content-") => 2,
        Change::FieldAdded { .. } => 4,
        _ => 3,
    }
}

/// A list of addresses, whole and one by one; each as the value of a field.
fn elements(value: &[u8]) -> Vec<Vec<u8>> {
    let mut out = vec![value.to_vec()];
    let parts: Vec<&[u8]> = outside_quotes(value, b',').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        out.extend(parts.into_iter().map(|part| [b" ", part, b"\r\n"].concat()));
    }
    out
}

/// With `blank` behind each comma and nothing else.
fn respaced(value: &[u8], blank: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for (at, part) in value.split(|&b| b == b',').enumerate() {
        if at > 0 {
            out.push(b',');
            out.extend_from_slice(blank);
            out.extend_from_slice(part.trim_ascii_start());
        } else {
            out.extend_from_slice(part);
        }
    }
    out
}

/// With quotes around the values of all parameters.
fn quoted_values(value: &[u8]) -> Option<Vec<u8>> {
    let text = value.strip_suffix(b"\r\n").unwrap_or(value);
    let mut out = Vec::with_capacity(value.len() + 8);
    for (at, part) in text.split(|&b| b == b';').enumerate() {
        if at > 0 {
            out.push(b';');
        }
        match memchr::memchr(b'=', part)
            .and_then(|equals| part.split_at_checked(equals + 1))
            .filter(|_| at > 0)
        {
            Some((name, token)) => {
                out.extend_from_slice(&[name, b"\"", token.trim_ascii(), b"\""].concat());
            }
            None => out.extend_from_slice(part),
        }
    }
    out.extend_from_slice(b"\r\n");
    (out != value).then_some(out)
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
