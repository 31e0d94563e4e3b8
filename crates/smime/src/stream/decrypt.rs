//! Encrypted layers (RFC 8551 3.3), opened while they are read.

use std::io::BufRead;

use super::layer::{Content, Input};
use crate::algorithm::CipherStart;
use crate::backend::Secret;
use crate::backend::cbc::Cbc;
use crate::backend::gcm::{self, GcmHashing, GcmStream};
use crate::ber::{Octets, Reader};
use crate::cms::enveloped::{Head, Tail};
use crate::cms::{Keys, Opened, RecipientInfo};
use crate::error::{Error, ErrorKind};
use crate::limits::MAX_GCM_CONTENT;
use crate::open::{EncryptedLayer, LayerKind};

/// How often an encrypted layer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passes {
    /// Once: content that authenticates cannot be opened, for its tag stands at its end.
    One,
    /// Once, and twice what authenticates.
    AsNeeded,
    /// Twice.
    Two,
}

/// A layer that was read to its end, and nothing of it handed on.
pub(super) struct Checked {
    opened: Opened,
    key: Secret,
    aad: Vec<u8>,
    /// Whether it is good. Attributes stand behind the content and are hashed before it: where there are some, the first
    /// time tells no more than what they are.
    is_good: bool,
}

/// What came of the beginning of a layer.
pub(super) enum Begun {
    Content(Unsealing),
    Checked(Checked),
}

/// Sealed content being opened.
pub(super) struct Unsealing {
    head: Head,
    opened: Opened,
    octets: Option<Octets>,
    work: Work,
}

/// What is done to sealed content.
enum Work {
    Cbc(Cbc),
    Gcm(Box<Gcm>),
    Done,
}

struct Gcm {
    /// Made again when it is opened: the input may have changed since it was checked.
    hashing: GcmHashing,
    stream: GcmStream,
    read: u64,
    tag: usize,
}

fn refused() -> Error {
    Error::new(ErrorKind::Decrypt)
}

impl Work {
    fn new(start: &CipherStart<'_>, key: &Secret, aad: &[u8]) -> Result<Self, Error> {
        if start.cipher.is_authenticated() {
            let (hashing, stream) = gcm::start(start.cipher, key, start.nonce, aad).ok_or_else(refused)?;
            Ok(Self::Gcm(Box::new(Gcm { hashing, stream, read: 0, tag: start.tag })))
        } else {
            Cbc::open(start.cipher, key, start.nonce).map(Self::Cbc).ok_or_else(refused)
        }
    }

    /// Opens the next octets behind what is in `out`.
    fn update(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Cbc(cbc) => cbc.update(piece, &mut into(out)),
            Self::Gcm(gcm) => {
                gcm.hash(piece)?;
                let start = out.len();
                out.extend_from_slice(piece);
                gcm.stream.apply(out.get_mut(start..).unwrap_or_default());
                Ok(())
            }
            Self::Done => Ok(()),
        }
    }

    fn finish(self, tail: &Tail, out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Cbc(cbc) => cbc.finish(&mut into(out)),
            Self::Gcm(gcm) => match gcm.hashing.verify(&tail.tag, gcm.tag) {
                true => Ok(()),
                false => Err(refused()),
            },
            Self::Done => Ok(()),
        }
    }
}

impl Gcm {
    fn hash(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.read = self.read.saturating_add(piece.len() as u64);
        if self.read > MAX_GCM_CONTENT {
            return Err(Error::limit("MAX_GCM_CONTENT", MAX_GCM_CONTENT));
        }
        self.hashing.update(piece);
        Ok(())
    }
}

fn into(out: &mut Vec<u8>) -> impl FnMut(&[u8]) -> Result<(), Error> + '_ {
    |piece| {
        out.extend_from_slice(piece);
        Ok(())
    }
}

impl Unsealing {
    /// Begins to read what stands behind `head`; `known` is what came of it the last time.
    pub(super) fn begin<R: BufRead>(
        reader: &mut Reader<R>,
        head: Head,
        keys: &Keys,
        passes: Passes,
        known: Option<Checked>,
    ) -> Result<Begun, Error> {
        let start = head.cipher()?;
        let is_first = known.is_none();
        let known = match known {
            Some(known) if known.opened.cipher == start.cipher => known,
            Some(_) => return Err(refused()),
            None => {
                let (key, by) = keys.open(&head, &start)?;
                let opened = Opened { cipher: start.cipher, by, content_type: head.content_type() };
                Checked { opened, key, aad: Vec::new(), is_good: false }
            }
        };
        let is_authenticated = start.cipher.is_authenticated();
        if !known.is_good && (passes == Passes::Two || passes == Passes::AsNeeded && is_authenticated) {
            let aad = check(reader, &head, &start, &known)?;
            return match aad == known.aad {
                false if !is_first => Err(refused()),
                is_good => Ok(Begun::Checked(Checked { aad, is_good, ..known })),
            };
        }
        if is_authenticated && !known.is_good {
            return Err(Error::new(ErrorKind::NotSeekable));
        }
        let work = Work::new(&start, &known.key, &known.aad)?;
        let octets = head.begin_content(reader)?;
        Ok(Begun::Content(Self { octets, opened: known.opened, work, head }))
    }

    /// Opens octets into `out` until there are some; nothing at the end.
    fn fill<R: BufRead>(&mut self, reader: &mut Reader<R>, out: &mut Vec<u8>) -> Result<(), Error> {
        while let (true, Some(octets)) = (out.is_empty(), &mut self.octets) {
            let piece = reader.piece(octets)?;
            let read = piece.len();
            if read == 0 {
                self.octets = None;
            } else {
                self.work.update(piece, out)?;
                reader.consume_piece(octets, read);
            }
        }
        if out.is_empty() && !matches!(self.work, Work::Done) {
            let tail = self.head.read_tail(reader)?;
            std::mem::replace(&mut self.work, Work::Done).finish(&tail, out)?;
        }
        Ok(())
    }
}

/// Reads a layer to its end; the attributes that are authenticated. If they are those that are known, all is good.
fn check<R: BufRead>(
    reader: &mut Reader<R>,
    head: &Head,
    start: &CipherStart<'_>,
    known: &Checked,
) -> Result<Vec<u8>, Error> {
    let mut work = Work::new(start, &known.key, &known.aad)?;
    let mut out = Secret::default();
    head.read_content(reader, &mut |piece| {
        out.clear();
        match &mut work {
            Work::Gcm(gcm) => gcm.hash(piece),
            work => work.update(piece, &mut out),
        }
    })?;
    let tail = head.read_tail(reader)?;
    if tail.aad == known.aad {
        work.finish(&tail, &mut out)?;
    }
    Ok(tail.aad)
}

/// An encrypted layer that is read.
pub(super) struct Encrypted<'p> {
    reader: Reader<Input<'p>>,
    unsealing: Unsealing,
    recipients: Vec<RecipientInfo>,
    out: Secret,
    at: usize,
}

impl<'p> Encrypted<'p> {
    pub(super) fn new(reader: Reader<Input<'p>>, unsealing: Unsealing) -> Self {
        let recipients = RecipientInfo::list(&unsealing.head.recipients);
        Self { reader, unsealing, recipients, out: Secret::default(), at: 0 }
    }
}

impl Content for Encrypted<'_> {
    fn fill(&mut self) -> Result<bool, Error> {
        if self.at >= self.out.len() {
            self.out.clear();
            self.at = 0;
            self.unsealing.fill(&mut self.reader, &mut self.out)?;
        }
        Ok(!self.out.is_empty())
    }

    fn piece(&mut self) -> &[u8] {
        self.out.get(self.at..).unwrap_or_default()
    }

    fn consume(&mut self, octets: usize) {
        self.at = self.at.saturating_add(octets);
    }

    fn end(&mut self, ended: Result<(), Error>) -> LayerKind {
        let opened = ended.map(|()| self.unsealing.opened.clone());
        LayerKind::Encrypted(EncryptedLayer { opened, recipients: std::mem::take(&mut self.recipients) })
    }

    fn input(&mut self) -> &mut dyn BufRead {
        self.reader.input_mut()
    }
}
