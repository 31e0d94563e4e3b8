//! Encrypted layers (RFC 8551 3.3), opened while they are read.

use std::io::BufRead;

use super::layer::{Content, Input};
use crate::backend::Secret;
use crate::ber::Reader;
use crate::cms::RecipientInfo;
use crate::cms::decrypt::Unsealing;
use crate::error::Error;
use crate::open::{EncryptedLayer, LayerKind};

/// An encrypted layer that is read.
pub(super) struct Encrypted<'p> {
    reader: Reader<Input<'p>>,
    unsealing: Unsealing,
    recipients: Vec<RecipientInfo>,
    out: Secret,
    at: usize,
    has_ended: bool,
}

impl<'p> Encrypted<'p> {
    pub(super) fn new(reader: Reader<Input<'p>>, unsealing: Unsealing) -> Self {
        let recipients = unsealing.recipients();
        Self { reader, unsealing, recipients, out: Secret::default(), at: 0, has_ended: false }
    }
}

impl Content for Encrypted<'_> {
    fn fill(&mut self) -> Result<bool, Error> {
        if self.at >= self.out.len() {
            self.out.clear();
            self.at = 0;
            while self.out.is_empty() && !self.has_ended {
                self.has_ended = !self.unsealing.step(&mut self.reader, &mut self.out)?;
            }
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
        let opened = ended.map(|()| self.unsealing.opened().clone());
        LayerKind::Encrypted(EncryptedLayer { opened, recipients: std::mem::take(&mut self.recipients) })
    }

    fn input(&mut self) -> &mut dyn BufRead {
        self.reader.input_mut()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use crate::backend::gcm;
    use crate::ber::{Identifier, write};
    use crate::cms::{ContentType, Keys};
    use crate::make::for_shared;
    use crate::stream::Opener;
    use crate::{Cipher, Context, ErrorKind, open_cms};

    const CONTENT: &[u8] = b"attributes stand behind it";

    /// Authenticated-enveloped data with an attribute that is authenticated (RFC 5083 2.1).
    fn sealed() -> Vec<u8> {
        let (kek, key, nonce) = ([7; 32], [8; 32], [9; 12]);
        let data = ContentType::Data.oid().map(write::oid).unwrap();
        let value = write::element(Identifier::SET, &data);
        let type_ = crate::cms::attribute::CONTENT_TYPE;
        let attribute = write::sequence(&[&write::oid(type_), &value]);
        let aad = write::element(Identifier::SET, &attribute);
        let (mut hashing, mut stream) = gcm::start(Cipher::Aes256Gcm, &key, &nonce, &aad).unwrap();
        let mut octets = CONTENT.to_vec();
        stream.apply(&mut octets);
        hashing.update(&octets);
        let parameters = write::sequence(&[&write::octets(&nonce), &write::integer(16)]);
        let cipher = write::sequence(&[&write::oid(Cipher::Aes256Gcm.oid()), &parameters]);
        let content = write::element(Identifier::context_primitive(0), &octets);
        let enveloped = write::sequence(&[
            &write::integer(0),
            &write::set_of(vec![for_shared(b"id", &kek, &key).unwrap()]),
            &write::sequence(&[&data, &cipher, &content]),
            &write::element(Identifier::context(1), &attribute),
            &write::octets(&hashing.finish()),
        ]);
        let kind = ContentType::AuthEnvelopedData.oid().map(write::oid).unwrap();
        write::sequence(&[&kind, &write::element(Identifier::context(0), &enveloped)])
    }

    #[test]
    fn attributes_behind_the_content_are_authenticated() {
        let mut keys = Keys::new();
        keys.add_shared(Some(b"id"), &[7; 32]);
        let context = Context::new().keys(&keys);
        let sealed = sealed();
        let mut content = Vec::new();
        let layer = Opener::new(&context).open_cms(Cursor::new(&sealed), &mut content).unwrap();
        assert!(layer.encrypted().unwrap().is_authenticated());
        assert_eq!(content, CONTENT);
        assert_eq!(*open_cms(&sealed, &context).unwrap().content, *CONTENT);
        // The last octet of the attribute, which stands before the tag and its header.
        let mut changed = sealed;
        let at = changed.len() - 19;
        changed[at] ^= 1;
        let mut content = Vec::new();
        let streamed = Opener::new(&context).open_cms(Cursor::new(&changed), &mut content).unwrap();
        let layer = open_cms(&changed, &context).unwrap();
        for layer in [&streamed, &layer] {
            assert_eq!(layer.encrypted().unwrap().opened.as_ref().unwrap_err().kind(), &ErrorKind::Decrypt);
        }
        assert!(content.is_empty() && layer.content.is_empty());
    }
}
