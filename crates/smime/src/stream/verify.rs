//! Signed layers (RFC 8551 3.5), their content hashed while it goes by.

use std::io::BufRead;

use mailwright_message_model::Message;

use super::canonical::Canonical;
use super::layer::{Content, Input};
use super::multipart::FirstPart;
use super::source::{BUFFER, drain};
use crate::algorithm::Digest;
use crate::ber::Reader;
use crate::cms::SignatureFault;
use crate::cms::content::{self, ContentType};
use crate::cms::hashes::{Hashes, Hashing};
use crate::cms::signed::{Beginning, Reading, SignedData};
use crate::error::Error;
use crate::limits::MAX_SIGNATURE_PART;
use crate::open::{Context, Form, LayerKind, Signed, SignedLayer, form_of_root};

/// What is known of a content that goes by.
#[derive(Clone)]
pub(super) struct Known {
    hashing: Hashing,
    beginning: Beginning,
}

impl Known {
    pub(super) fn new(digests: impl IntoIterator<Item = Digest>) -> Self {
        Self { hashing: Hashing::new(digests), beginning: Beginning::default() }
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.hashing.update(piece);
        self.beginning.push(piece);
    }

    pub(super) fn finish(self) -> (Hashes, Beginning) {
        (self.hashing.finish(), self.beginning)
    }
}

/// The digests that `micalg` names (RFC 8551 3.5.3.2); all there are if it names none that is known.
pub(super) fn digests(micalg: Option<&str>) -> Vec<Digest> {
    let name = |name: &str| name.trim().to_ascii_lowercase().replace(['-', '_'], "");
    let named: Vec<Digest> = micalg
        .unwrap_or_default()
        .split(',')
        .filter_map(|stated| {
            let stated = name(stated);
            Digest::ALL.into_iter().find(|digest| name(&digest.to_string()) == stated)
        })
        .collect();
    if named.is_empty() { Digest::ALL.to_vec() } else { named }
}

/// A multipart/signed: its content is its first part.
pub(super) struct Multipart<'p, 'c> {
    part: FirstPart<Input<'p>>,
    /// The header of the multipart, with its empty line.
    header: Vec<u8>,
    boundary: Vec<u8>,
    context: &'c Context<'c>,
    canonical: Canonical,
    known: Known,
    /// The same of the octets as they stand, from where they differ.
    as_it_stands: Option<Known>,
    /// The piece with the line ends of mail, where it had others.
    changed: Vec<u8>,
    is_changed: bool,
    /// Octets of the piece that were handed on.
    at: usize,
    /// The beginning of the part.
    head: Vec<u8>,
}

impl<'p, 'c> Multipart<'p, 'c> {
    pub(super) fn new(
        input: Input<'p>,
        header: &[u8],
        boundary: &[u8],
        digests: Vec<Digest>,
        context: &'c Context<'c>,
    ) -> Self {
        Self {
            part: FirstPart::new(input, boundary),
            header: header.to_vec(),
            boundary: boundary.to_vec(),
            context,
            canonical: Canonical::default(),
            known: Known::new(digests),
            as_it_stands: None,
            changed: Vec::new(),
            is_changed: false,
            at: 0,
            head: Vec::new(),
        }
    }

    fn piece_whole(&self) -> &[u8] {
        if self.is_changed { &self.changed } else { self.part.piece() }
    }

    /// Whether there is a signature at all. Reads everything.
    pub(super) fn find_signature(mut self) -> bool {
        while self.fill().is_ok_and(|more| more) {
            self.at = self.piece_whole().len();
        }
        let signed = !matches!(self.signature(), Ok(None));
        drain(self.part.input());
        signed
    }

    /// The signature, looked for in what is left when the content is taken out; `None` where there is none.
    fn signature(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if !self.part.is_there() {
            return Ok(None);
        }
        let limit = || Error::limit("MAX_SIGNATURE_PART", MAX_SIGNATURE_PART as u64);
        let rest = self.part.rest(MAX_SIGNATURE_PART).ok_or_else(limit)?;
        // The header of the part stays: it may open a multipart of its own, with a boundary that gets in the way.
        let part = Message::parse(&self.head).map(|message| message.root().header_raw().to_vec());
        let part = part.unwrap_or_default();
        let delimiter = [b"--", self.boundary.as_slice(), b"\r\n"].concat();
        let whole = [self.header.as_slice(), &delimiter, &part, &rest].concat();
        let message = Message::parse(&whole).map_err(|_| limit())?;
        match form_of_root(message.root()) {
            Some(Form::Detached { signature, .. }) => Ok(Some(signature.decoded().bytes.into_owned())),
            Some(_) => Err(broken()),
            None => Ok(None),
        }
    }

    fn layer(&mut self) -> Result<SignedLayer, Error> {
        let signature = self.signature()?.ok_or_else(broken)?;
        let signed = detached(&signature, self.known.clone(), self.context)?;
        match self.as_it_stands.take() {
            // RFC 8551 3.1.1: content that is not text may be signed with the line ends it has.
            Some(known) if is_changed(&signed) => {
                let as_it_stands = detached(&signature, known, self.context)?;
                Ok(if is_changed(&as_it_stands) { signed } else { as_it_stands })
            }
            _ => Ok(signed),
        }
    }
}

impl Content for Multipart<'_, '_> {
    fn fill(&mut self) -> Result<bool, Error> {
        if self.at < self.piece_whole().len() {
            return Ok(true);
        }
        self.part.done();
        self.at = 0;
        self.is_changed = false;
        if !self.part.fill()? {
            return Ok(false);
        }
        let piece = self.part.piece();
        let room = BUFFER.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(room));
        if let Some(known) = &mut self.as_it_stands {
            known.push(piece);
        }
        if self.canonical.changes(piece) {
            if self.as_it_stands.is_none() {
                let mut known = self.known.clone();
                known.push(piece);
                self.as_it_stands = Some(known);
            }
            self.is_changed = true;
            self.changed.clear();
            self.canonical.push(piece, &mut self.changed);
            self.known.push(&self.changed);
        } else {
            self.canonical.pass(piece);
            self.known.push(piece);
        }
        Ok(true)
    }

    fn piece(&mut self) -> &[u8] {
        self.piece_whole().get(self.at..).unwrap_or_default()
    }

    fn consume(&mut self, octets: usize) {
        self.at = self.at.saturating_add(octets);
    }

    fn end(&mut self, ended: Result<(), Error>) -> LayerKind {
        ended.and_then(|()| self.layer()).map_or_else(LayerKind::Unreadable, LayerKind::Signed)
    }

    fn input(&mut self) -> &mut dyn BufRead {
        self.part.input()
    }
}

fn broken() -> Error {
    Error::asn1(0, "multipart/signed")
}

fn is_changed(signed: &SignedLayer) -> bool {
    signed.signers.iter().any(|signer| signer.signature == Err(SignatureFault::MessageDigest))
}

/// A signature beside a content that went by.
pub(super) fn detached(signature: &[u8], known: Known, context: &Context<'_>) -> Result<SignedLayer, Error> {
    let mut reader = Reader::new(signature, "CMS signature");
    if content::enter(&mut reader)? != ContentType::SignedData {
        return Err(reader.error());
    }
    let data = SignedData::read(&mut reader, &mut |_| Ok(()))?;
    let (hashes, beginning) = known.finish();
    Ok(SignedLayer::beside(&data, Signed::Known(&hashes, &beginning), context))
}

/// Signed data with its content inside.
pub(super) struct Opaque<'p, 'c> {
    reader: Reader<Input<'p>>,
    /// Gone at the end.
    reading: Option<Reading>,
    context: &'c Context<'c>,
    is_empty: bool,
}

impl<'p, 'c> Opaque<'p, 'c> {
    pub(super) const fn new(reader: Reader<Input<'p>>, reading: Reading, context: &'c Context<'c>) -> Self {
        Self { reader, reading: Some(reading), context, is_empty: true }
    }

    fn layer(&mut self) -> Result<LayerKind, Error> {
        let Some(reading) = self.reading.take() else { return Err(self.reader.error()) };
        let mut data = reading.end(&mut self.reader)?;
        if data.signers.is_empty() && self.is_empty && !data.certificates.is_empty() {
            return Ok(LayerKind::Certificates(std::mem::take(&mut data.certificates)));
        }
        Ok(LayerKind::Signed(SignedLayer::of(&data, Signed::Elsewhere, self.context)))
    }
}

impl Content for Opaque<'_, '_> {
    fn fill(&mut self) -> Result<bool, Error> {
        let Some(reading) = &mut self.reading else { return Ok(false) };
        let more = reading.piece(&mut self.reader)?.is_some();
        self.is_empty &= !more;
        Ok(more)
    }

    fn piece(&mut self) -> &[u8] {
        let reader = &mut self.reader;
        let piece = self.reading.as_mut().and_then(|reading| reading.piece(reader).ok().flatten());
        piece.unwrap_or_default()
    }

    fn consume(&mut self, octets: usize) {
        if let Some(reading) = &mut self.reading {
            // What cannot be read is told when the next octets are asked for.
            let _ = reading.consume(&mut self.reader, octets);
        }
    }

    fn end(&mut self, ended: Result<(), Error>) -> LayerKind {
        ended.and_then(|()| self.layer()).unwrap_or_else(LayerKind::Unreadable)
    }

    fn input(&mut self) -> &mut dyn BufRead {
        self.reader.input_mut()
    }
}

/// The digests that the signers of a signature used.
pub(super) fn digests_of(signature: &[u8]) -> Result<Vec<Digest>, Error> {
    let mut reader = Reader::new(signature, "CMS signature");
    if content::enter(&mut reader)? != ContentType::SignedData {
        return Err(reader.error());
    }
    Ok(SignedData::read(&mut reader, &mut |_| Ok(()))?.digests())
}
