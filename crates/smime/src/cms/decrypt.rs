//! Enveloped data opened, piece by piece.

use std::io::BufRead;

use super::content::{self, ContentType};
use super::enveloped::{Head, Tail};
use super::open_key::{Keys, OpenedBy};
use super::recipient_info::RecipientInfo;
use crate::algorithm::{Cipher, CipherStart};
use crate::backend::Secret;
use crate::backend::cbc::Cbc;
use crate::backend::gcm::{self, GcmHashing, GcmStream};
use crate::ber::{Octets, Reader};
use crate::error::{Error, ErrorKind};
use crate::limits::MAX_GCM_CONTENT;

/// What is known of content that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened {
    /// The cipher. Where it does [not authenticate](Cipher::is_authenticated), anyone on the way may have changed the content
    /// (RFC 8551 6): its links, scripts and images are not to be trusted.
    pub cipher: Cipher,
    /// The key that opened it.
    pub by: OpenedBy,
    /// What the content is.
    pub content_type: ContentType,
}

/// How often an encrypted layer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passes {
    /// Once: content that authenticates cannot be opened, for its tag stands at its end.
    One,
    /// Once, and twice what authenticates.
    AsNeeded,
    /// Twice.
    Two,
    /// As `AsNeeded`, and what was checked cannot change any more.
    Memory,
}

/// A layer that was read to its end, and nothing of it handed on.
#[derive(Clone)]
pub(crate) struct Checked {
    opened: Opened,
    key: Secret,
    aad: Vec<u8>,
    /// Whether it is good. Attributes stand behind the content and are hashed before it: where there are some, the first
    /// time tells no more than what they are.
    is_good: bool,
}

/// What came of the beginning of a layer.
pub(crate) enum Begun {
    Content(Unsealing),
    Checked(Checked),
}

/// Sealed content being opened.
pub(crate) struct Unsealing {
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
    /// Made again when it is opened, for the input may have changed since it was checked; `None` if it cannot have.
    hashing: Option<GcmHashing>,
    stream: GcmStream,
    read: u64,
    tag: usize,
}

/// Octets opened at once: they stay in the first cache.
const PIECE: usize = 16 << 10;

fn refused() -> Error {
    Error::new(ErrorKind::Decrypt)
}

impl Work {
    fn new(start: &CipherStart<'_>, key: &Secret, aad: &[u8]) -> Result<Self, Error> {
        if start.cipher.is_authenticated() {
            let (hashing, stream) = gcm::start(start.cipher, key, start.nonce, aad).ok_or_else(refused)?;
            let hashing = Some(hashing);
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
                out.reserve(piece.len());
                piece.chunks(PIECE).try_for_each(|piece| {
                    gcm.hash(piece)?;
                    let start = out.len();
                    out.extend_from_slice(piece);
                    gcm.stream.apply(out.get_mut(start..).unwrap_or_default());
                    Ok(())
                })
            }
            Self::Done => Ok(()),
        }
    }

    fn finish(self, tail: &Tail, out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Cbc(cbc) => cbc.finish(&mut into(out)),
            Self::Gcm(gcm) => {
                let is_good = gcm.hashing.is_none_or(|hashing| hashing.verify(&tail.tag, gcm.tag));
                if is_good { Ok(()) } else { Err(refused()) }
            }
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
        if let Some(hashing) = &mut self.hashing {
            hashing.update(piece);
        }
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
    pub(crate) fn begin<R: BufRead>(
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
        let is_checked = match passes {
            Passes::One => false,
            Passes::AsNeeded | Passes::Memory => is_authenticated,
            Passes::Two => true,
        };
        if is_checked && !known.is_good {
            let aad = check(reader, &head, &start, &known)?;
            return match aad == known.aad {
                false if !is_first => Err(refused()),
                is_good => Ok(Begun::Checked(Checked { aad, is_good, ..known })),
            };
        }
        if is_authenticated && !known.is_good {
            return Err(Error::new(ErrorKind::NotSeekable));
        }
        let mut work = Work::new(&start, &known.key, &known.aad)?;
        if let (Passes::Memory, Work::Gcm(gcm)) = (passes, &mut work) {
            gcm.hashing = None;
        }
        let octets = head.begin_content(reader)?;
        Ok(Begun::Content(Self { octets, opened: known.opened, work, head }))
    }

    /// Opens the next octets behind what is in `out`; false at the end.
    pub(crate) fn step<R: BufRead>(
        &mut self,
        reader: &mut Reader<R>,
        out: &mut Vec<u8>,
    ) -> Result<bool, Error> {
        let Some(octets) = &mut self.octets else {
            let tail = self.head.read_tail(reader)?;
            std::mem::replace(&mut self.work, Work::Done).finish(&tail, out)?;
            return Ok(false);
        };
        let piece = reader.piece(octets)?;
        let read = piece.len();
        if read == 0 {
            self.octets = None;
        } else {
            self.work.update(piece, out)?;
            reader.consume_piece(octets, read);
        }
        Ok(true)
    }

    /// What is known of the content.
    pub(crate) const fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Those for whom it is sealed.
    pub(crate) fn recipients(&self) -> Vec<RecipientInfo> {
        RecipientInfo::list(&self.head.recipients)
    }
}

/// Opens the `ContentInfo` of enveloped data that is in memory into `out`, and tells for whom it is sealed, also where it
/// does not open. Nothing is put out of authenticated content unless its tag is right.
pub(crate) fn decrypt(
    octets: &[u8],
    keys: &Keys,
    out: &mut Vec<u8>,
) -> (Result<Opened, Error>, Vec<RecipientInfo>) {
    let mut recipients = Vec::new();
    let opened = decrypt_for(octets, keys, out, &mut recipients);
    if opened.is_err() {
        out.clear();
    }
    (opened, recipients)
}

fn decrypt_for(
    octets: &[u8],
    keys: &Keys,
    out: &mut Vec<u8>,
    recipients: &mut Vec<RecipientInfo>,
) -> Result<Opened, Error> {
    let mut known = None;
    loop {
        let mut reader = Reader::new(octets, "CMS");
        let kind = content::enter(&mut reader)?;
        let head = Head::read(&mut reader, kind)?;
        *recipients = RecipientInfo::list(&head.recipients);
        match Unsealing::begin(&mut reader, head, keys, Passes::Memory, known)? {
            Begun::Checked(checked) => known = Some(checked),
            Begun::Content(mut unsealing) => {
                while unsealing.step(&mut reader, out)? {}
                return Ok(unsealing.opened);
            }
        }
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
