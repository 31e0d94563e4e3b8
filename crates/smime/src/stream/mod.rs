//! Messages of any size, read and made in constant memory.
//!
//! [`Opener`] is to [`open`](crate::open) what a file is to a slice: the same layers, the same report, but the octets go by.
//! The content of the innermost layer is written while it is read, **before** it is known whether a signature over it is
//! good: look at the report, and throw away what was written if it is not.
//!
//! - What authenticates (GCM) is read twice, and nothing of it is written unless its tag is right. For that the input must
//!   be [`Seek`]; what can be read once ([`Opener::once`]) is refused there with
//!   [`ErrorKind::NotSeekable`]. The input must not change meanwhile: if it does, the report
//!   says so, after the fact.
//! - What does not authenticate (CBC) is written while it is opened; with [`Opener::checked`] it is read twice as well, and
//!   nothing is written of what does not open to its end.
//! - A multipart/signed is hashed with the digests that `micalg` names, or with all of them if it names none. Where a signer
//!   used another, a seekable input is read again; else his signature is `Unknown`.
//!
//! - A multipart/signed is written with the line ends of mail, also where the signature stands over other ones.
//!
//! What differs from [`open`](crate::open): a layer's `content` is empty, for it went by; a signed part among others is not
//! looked for, such a message is `Unsigned`; a multipart/signed that names another `protocol` than S/MIME's is not looked into
//! where it can be read once; a signature over the content itself, by an algorithm that takes no digest, is `Unknown`
//! ([`ContentNotKept`](crate::cms::SignatureFault::ContentNotKept)).
//!
//! ```
//! use std::io::Cursor;
//!
//! use mailwright_smime::stream::Opener;
//! use mailwright_smime::{Context, Verdict};
//!
//! let message = Cursor::new(b"From: alice@example.org\r\nSubject: plain\r\n\r\nNot signed.\r\n");
//! let mut content = Vec::new();
//! let report = Opener::new(&Context::new()).open(message, &mut content)?;
//! assert_eq!(report.verdict(), Verdict::Unsigned);
//! assert!(content.ends_with(b"Not signed.\r\n"));
//! # Ok::<(), mailwright_smime::Error>(())
//! ```

mod canonical;
mod decrypt;
mod head;
mod layer;
mod make;
mod multipart;
mod plain;
mod source;
mod transfer;
mod verify;
mod walk;
mod write;

use std::io::{Read, Seek, Write};

pub use self::make::{encrypt, encrypt_cms, encrypt_message, sign, sign_cms, sign_message};

pub(crate) use self::canonical::Canonical;
use self::source::{Failure, Once, Seekable, Source, check, watched};
use self::verify::Known;
use self::walk::{Memory, Walk};
use crate::algorithm::Digest;
use crate::cms::SignatureFault;
use crate::cms::decrypt::Passes;
use crate::error::{Error, ErrorKind};
use crate::limits::MAX_LAYERS;
use crate::open::{Context, Coverage, Layer, LayerKind, Report, SignedLayer};

/// Opens messages and CMS structures while they are read.
#[derive(Clone, Copy, Debug)]
pub struct Opener<'c> {
    context: &'c Context<'c>,
    layers: usize,
    checked: bool,
}

impl<'c> Opener<'c> {
    /// Opens with what the context has.
    #[must_use]
    pub const fn new(context: &'c Context<'c>) -> Self {
        Self { context, layers: MAX_LAYERS, checked: false }
    }

    /// Opens so many layers at most, from the outside in; what is inside of them is written as it stands.
    #[must_use]
    pub fn layers(mut self, layers: usize) -> Self {
        self.layers = layers.min(MAX_LAYERS);
        self
    }

    /// Writes nothing of an encrypted layer that cannot be opened to its end, also where the cipher does not authenticate.
    /// That it can be opened does not make it what was sealed.
    #[must_use]
    pub const fn checked(mut self) -> Self {
        self.checked = true;
        self
    }

    /// Opens a message, as [`open`](crate::open): the header and what follows. What is inside of all layers goes to `out`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`]; [`ErrorKind::Limit`] for a header beyond [`MAX_HEADER`](crate::limits::MAX_HEADER). A layer that
    /// cannot be read or opened is no error but part of the report; `out` may then have got the beginning of it.
    pub fn open(&self, message: impl Read + Seek, out: &mut dyn Write) -> Result<Report<'static>, Error> {
        self.message(&mut Seekable::new(message)?, out)
    }

    /// The same of what can be read once, as a pipe.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn once(&self, message: impl Read, out: &mut dyn Write) -> Result<Report<'static>, Error> {
        self.message(&mut Once(message), out)
    }

    /// Opens one CMS structure, as [`open_cms`](crate::open_cms): BER, without MIME around it. Its content goes to `out`.
    ///
    /// # Errors
    ///
    /// What cannot be read; [`ErrorKind::Io`].
    pub fn open_cms(&self, cms: impl Read + Seek, out: &mut dyn Write) -> Result<Layer<'static>, Error> {
        self.structure(&mut Seekable::new(cms)?, out)
    }

    /// The same of what can be read once.
    ///
    /// # Errors
    ///
    /// As [`Self::open_cms`].
    pub fn open_cms_once(&self, cms: impl Read, out: &mut dyn Write) -> Result<Layer<'static>, Error> {
        self.structure(&mut Once(cms), out)
    }

    /// Verifies a signature that stands beside its content, octet for octet, as
    /// [`verify_detached`](crate::verify_detached).
    ///
    /// # Errors
    ///
    /// A signature that cannot be read; [`ErrorKind::Io`].
    pub fn verify_detached(&self, signature: &[u8], content: impl Read) -> Result<SignedLayer, Error> {
        let mut source = Once(content);
        let failure = Failure::default();
        let mut known = Known::new(verify::digests_of(signature)?);
        let mut input = watched(&mut source, &failure);
        while let Ok(piece) = input.fill_buf() {
            let read = piece.len();
            if read == 0 {
                break;
            }
            known.push(piece);
            input.consume(read);
        }
        check(&failure)?;
        let mut signed = verify::detached(signature, known, self.context)?;
        signed.identify(self.context);
        Ok(signed)
    }

    fn walk(&self, source: &dyn Source) -> Walk<'c> {
        let passes = match (source.is_seekable(), self.checked) {
            (false, _) => Passes::One,
            (true, false) => Passes::AsNeeded,
            (true, true) => Passes::Two,
        };
        Walk { context: self.context, layers: self.layers, passes }
    }

    fn message(&self, source: &mut dyn Source, out: &mut dyn Write) -> Result<Report<'static>, Error> {
        let walk = self.walk(source);
        let pass = passes(source, out, |input, memory, out| {
            let pass = walk.message(input, memory, out)?;
            Ok(pass.map(|pass| (pass.layers.iter().flat_map(unannounced).collect(), pass)))
        })?;
        let mut layers = Vec::new();
        let mut went_on = true;
        for kind in pass.layers {
            if went_on {
                went_on = kind.is_open();
                layers.push(layer(kind));
            }
        }
        let payload =
            Some(pass.payload).filter(|payload| went_on && !layers.is_empty() && !payload.is_empty());
        Ok(Report::of_layers(&pass.head, layers, payload.as_deref(), self.context))
    }

    fn structure(&self, source: &mut dyn Source, out: &mut dyn Write) -> Result<Layer<'static>, Error> {
        let walk = self.walk(source);
        let kind = passes(source, out, |input, memory, out| {
            let kind = walk.structure(input, memory, out)?;
            Ok(kind.map(|kind| (unannounced(&kind), kind)))
        })?;
        match kind {
            LayerKind::Unreadable(error) => Err(error),
            mut kind => {
                if let LayerKind::Signed(signed) = &mut kind {
                    signed.identify(self.context);
                }
                Ok(layer(kind))
            }
        }
    }
}

/// Reads a source as often as it takes. `read` says what came of one pass, and which digests were missed, or that all must
/// be read once more.
fn passes<T>(
    source: &mut dyn Source,
    out: &mut dyn Write,
    mut read: impl for<'p> FnMut(
        layer::Input<'p>,
        &mut Memory,
        &mut dyn Write,
    ) -> Result<Option<(Vec<Digest>, T)>, Error>,
) -> Result<T, Error> {
    let mut memory = Memory::default();
    let mut is_written = false;
    loop {
        let failure = Failure::default();
        let mut nowhere = std::io::sink();
        let out: &mut dyn Write = if is_written { &mut nowhere } else { out };
        let done = read(watched(source, &failure), &mut memory, out);
        check(&failure)?;
        match done? {
            // Content that was written is not written again.
            Some((missed, _)) if !missed.is_empty() && memory.digests.is_empty() && source.is_seekable() => {
                is_written = true;
                memory.digests = missed;
            }
            Some((_, done)) => return Ok(done),
            None => {}
        }
        if !source.again().map_err(|error| Error::io(&error))? {
            return Err(Error::new(ErrorKind::NotSeekable));
        }
    }
}

fn layer(kind: LayerKind) -> Layer<'static> {
    Layer { kind, coverage: Coverage::Whole, content: [][..].into() }
}

/// Digests of signers that were not made while the content went by.
fn unannounced(kind: &LayerKind) -> Vec<Digest> {
    let LayerKind::Signed(signed) = kind else { return Vec::new() };
    let missed = signed.signers.iter().filter_map(|signer| match signer.signature {
        Err(SignatureFault::NotAnnounced(digest)) => Some(digest),
        _ => None,
    });
    missed.collect()
}
