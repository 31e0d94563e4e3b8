//! Enveloped data opened.

use std::io::BufRead;

use super::content::ContentType;
use super::enveloped::{Head, Tail};
use super::open_key::{Keys, OpenedBy};
use crate::algorithm::{Cipher, CipherStart};
use crate::backend::cbc::Cbc;
use crate::backend::{Secret, gcm};
use crate::ber::{Reader, Sink};
use crate::error::{Error, ErrorKind};

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

fn refused() -> Error {
    Error::new(ErrorKind::Decrypt)
}

/// Opens the element of enveloped data that `reader` stands before; nothing is handed on of authenticated content unless
/// its tag is right, and so it is held in memory.
pub(crate) fn decrypt<R: BufRead>(
    reader: &mut Reader<R>,
    kind: ContentType,
    keys: &Keys,
    sink: Sink<'_>,
) -> Result<Opened, Error> {
    let head = Head::read(reader, kind)?;
    let start = head.cipher()?;
    let (key, by) = keys.open(&head, &start)?;
    if start.cipher.is_authenticated() {
        let mut content = Vec::new();
        head.read_content(reader, &mut |piece| {
            content.extend_from_slice(piece);
            Ok(())
        })?;
        let tail = head.read_tail(reader)?;
        open_gcm(&start, &key, &tail, &mut content)?;
        sink(&content)?;
    } else {
        let mut cbc = Cbc::open(start.cipher, &key, start.nonce).ok_or_else(refused)?;
        head.read_content(reader, &mut |piece| cbc.update(piece, sink))?;
        head.read_tail(reader)?;
        cbc.finish(sink)?;
    }
    Ok(Opened { cipher: start.cipher, by, content_type: head.content_type() })
}

/// Opens `content` in place if the tag is right.
fn open_gcm(start: &CipherStart<'_>, key: &Secret, tail: &Tail, content: &mut [u8]) -> Result<(), Error> {
    let (mut hashing, mut stream) =
        gcm::start(start.cipher, key, start.nonce, &tail.aad).ok_or_else(refused)?;
    hashing.update(content);
    if !hashing.verify(&tail.tag, start.tag) {
        return Err(refused());
    }
    stream.apply(content);
    Ok(())
}
