//! Writing a DKIM-Signature field (RFC 6376 3.5), folded as RFC 5322 2.1.1 wants it.

use super::{SignError, SignErrorKind, SignatureField, Signer};
use crate::canon;
use crate::crypto::Digest;
use crate::header::{ByName, Header};
use crate::{base64, quoted};
use mailwright_message_model::Span;

/// Octets of a line after which it is folded where it can be (RFC 5322 2.1.1).
const LINE: usize = 76;
/// Columns of the tab that begins a folded line.
const TAB: usize = 8;

impl Signer {
    /// The field for a message of which the header and the hash of the body are known.
    pub(super) fn field(
        &self,
        header: &Header<'_>,
        body_hash: Digest,
        body_length: u64,
        now: u64,
    ) -> Result<SignatureField, SignError> {
        let names = self.headers.names_for(header, self.oversign);
        let by_name = ByName::new(header);
        let picked = by_name.pick(names.iter().map(|name| name.as_bytes()), usize::MAX);
        let mut text = self.tags(header, &names, &picked.fields, body_hash, body_length, now)?;
        let mut octets = Vec::new();
        for &field in picked.fields.iter().flatten() {
            canon::field(self.canonicalization.header, header.field(field), &mut octets);
        }
        // The value of b= is still empty.
        let end = Span::new(text.len(), text.len());
        canon::signature_field(self.canonicalization.header, text.as_bytes(), end, &mut octets);
        let signature = super::signature(&*self.key, &octets)?;
        let mut folder = Folder::at_end_of(&mut text);
        folder.anywhere(&base64::encode(&signature));
        text.push_str("\r\n");
        Ok(SignatureField(text))
    }

    /// All of the field but the value of `b=`.
    fn tags(
        &self,
        header: &Header<'_>,
        names: &[&str],
        fields: &[Option<usize>],
        body_hash: Digest,
        body_length: u64,
        now: u64,
    ) -> Result<String, SignError> {
        let mut text = String::with_capacity(1024);
        text.push_str("DKIM-Signature:");
        let mut out = Folder::at_end_of(&mut text);
        let algorithm = self.key.algorithm();
        out.tag("v=1;");
        out.tag(&format!("a={algorithm};"));
        out.tag(&format!("c={};", self.canonicalization));
        out.tag(&format!("d={};", self.domain));
        out.tag(&format!("s={};", self.selector));
        if let Some(identity) = &self.identity {
            let mut local = String::new();
            quoted::encode(identity.local.as_deref().unwrap_or_default().as_bytes(), &mut local);
            let tag = format!("i={local}@{};", identity.domain);
            // Whole where a line holds it: not everybody undoes the folding of an address.
            if tag.len() <= LINE - TAB {
                out.tag(&tag);
            } else {
                out.fold();
                out.anywhere_quoted(&tag);
            }
        }
        if let Some((author, hash)) = &self.atps {
            out.tag(&format!("atps={author};"));
            out.tag(&format!("atpsh={};", hash.as_str()));
        }
        out.tag(&format!("t={now};"));
        if let Some(seconds) = self.expire_in {
            let expires = now.checked_add(seconds).filter(|expires| *expires > now);
            let expires =
                expires.ok_or_else(|| SignError::new(SignErrorKind::Expiry, &seconds.to_string()))?;
            out.tag(&format!("x={expires};"));
        }
        if self.body_length {
            out.tag(&format!("l={body_length};"));
        }
        out.tag("h=");
        let last = names.len().saturating_sub(1);
        for (at, name) in names.iter().enumerate() {
            out.piece(name, if at == last { ";" } else { ":" });
        }
        if self.copy_headers {
            out.tag("z=");
            let mut bar = "";
            for &field in fields.iter().flatten() {
                let raw = header.field(field);
                let value = raw.split_at_checked(header.value_at(field)).map_or(&[][..], |(_, value)| value);
                let value = value.strip_suffix(b"\r\n").unwrap_or(value);
                let mut copy = String::from(bar);
                // RFC 6376 3.5: the name as it is, the value quoted.
                quoted::encode(header.name(field), &mut copy);
                copy.push(':');
                quoted::encode(value, &mut copy);
                out.anywhere_quoted(&copy);
                bar = "|";
            }
            out.anywhere_quoted(";");
        }
        out.tag("bh=");
        out.anywhere(&base64::encode(body_hash.as_bytes()));
        out.piece(";", "");
        out.tag("b=");
        Ok(text)
    }
}

/// Appends and folds.
struct Folder<'t> {
    text: &'t mut String,
    column: usize,
}

impl<'t> Folder<'t> {
    fn at_end_of(text: &'t mut String) -> Self {
        let column = text.rfind('\n').map_or(text.len(), |at| text.len() - at);
        Self { text, column }
    }

    fn fold(&mut self) {
        self.text.push_str("\r\n\t");
        self.column = TAB;
    }

    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.column += piece.len();
    }

    /// A tag that is not broken: behind a blank, or on a new line.
    fn tag(&mut self, tag: &str) {
        if self.column + 1 + tag.len() > LINE {
            self.fold();
        } else {
            self.push(" ");
        }
        self.push(tag);
    }

    /// A piece with what ends it; a line break may stand before it.
    fn piece(&mut self, piece: &str, end: &str) {
        if self.column + piece.len() + end.len() > LINE {
            self.fold();
        }
        self.push(piece);
        self.push(end);
    }

    /// Base64: a line break may stand anywhere.
    fn anywhere(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let room = LINE.saturating_sub(self.column);
            if room == 0 {
                self.fold();
                continue;
            }
            let (now, later) = rest.split_at_checked(room).unwrap_or((rest, ""));
            self.push(now);
            rest = later;
        }
    }

    /// Quoted-printable: a line break may stand anywhere but within an escape (RFC 6376 2.11).
    fn anywhere_quoted(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let unit = if rest.starts_with('=') { 3 } else { 1 };
            let (now, later) = rest.split_at_checked(unit).unwrap_or((rest, ""));
            self.piece(now, "");
            rest = later;
        }
    }
}
