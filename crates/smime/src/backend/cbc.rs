//! Block ciphers in CBC, in pieces (RFC 5652 6.3).

use aes::cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit,
};

#[cfg(feature = "aws-lc")]
use super::aws_lc;
use crate::algorithm::Cipher;
use crate::error::{Error, ErrorKind};

/// Octets worked on at once: they stay in the first cache.
const PIECE: usize = 16 << 10;

/// Works on whole blocks, in place; `None` where it could not.
pub(super) type Run = Box<dyn FnMut(&mut [u8]) -> Option<()> + Send>;

/// Where a piece goes.
type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<(), Error>;

/// Content being opened or sealed. What is opened is not known to be what was sealed.
pub(crate) struct Cbc {
    run: Run,
    block: usize,
    opens: bool,
    /// What does not fill a block yet; while opening, also the last whole block, which may be padding.
    held: Vec<u8>,
    buffer: Vec<u8>,
}

impl Cbc {
    /// Opens; `None` where key or vector are not of the cipher's length, or the cipher has no such mode here.
    pub(crate) fn open(cipher: Cipher, key: &[u8], vector: &[u8]) -> Option<Self> {
        let run = match cipher {
            Cipher::Aes128Cbc => opener::<aes::Aes128>(key, vector)?,
            Cipher::Aes192Cbc => opener::<aes::Aes192>(key, vector)?,
            Cipher::Aes256Cbc => opener::<aes::Aes256>(key, vector)?,
            #[cfg(feature = "aws-lc")]
            Cipher::TripleDesCbc if let Some(run) = aws_lc::open_3des(key, vector) => run,
            Cipher::TripleDesCbc => opener::<des::TdesEde3>(key, vector)?,
            #[cfg(feature = "legacy")]
            Cipher::Rc2Cbc(bits) => {
                use aes::cipher::InnerIvInit as _;
                let rc2 = rc2::Rc2::new_with_eff_key_len(key, usize::from(bits));
                let mut mode = cbc::Decryptor::inner_iv_slice_init(rc2, vector).ok()?;
                Box::new(move |blocks: &mut [u8]| {
                    mode.decrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
                    Some(())
                })
            }
            _ => return None,
        };
        Some(Self::of(run, cipher, true))
    }

    /// Seals; `None` as in [`Self::open`].
    pub(crate) fn seal(cipher: Cipher, key: &[u8], vector: &[u8]) -> Option<Self> {
        #[cfg(feature = "aws-lc")]
        if let Some(run) = aws_lc::seal_cbc(cipher, key, vector) {
            return Some(Self::of(run, cipher, false));
        }
        let run = match cipher {
            Cipher::Aes128Cbc => sealer::<aes::Aes128>(key, vector)?,
            Cipher::Aes192Cbc => sealer::<aes::Aes192>(key, vector)?,
            Cipher::Aes256Cbc => sealer::<aes::Aes256>(key, vector)?,
            Cipher::TripleDesCbc => sealer::<des::TdesEde3>(key, vector)?,
            _ => return None,
        };
        Some(Self::of(run, cipher, false))
    }

    const fn of(run: Run, cipher: Cipher, opens: bool) -> Self {
        Self { run, block: cipher.block(), opens, held: Vec::new(), buffer: Vec::new() }
    }

    /// Octets of so much content when it is sealed: there is always padding (RFC 5652 6.3).
    pub(crate) const fn sealed_octets(&self, content: usize) -> usize {
        (content / self.block).saturating_add(1).saturating_mul(self.block)
    }

    /// Works on what can be worked on of `input` and hands it on.
    pub(crate) fn update(&mut self, mut input: &[u8], sink: Sink<'_>) -> Result<(), Error> {
        while !input.is_empty() {
            let room = PIECE.saturating_sub(self.held.len());
            let (piece, rest) = input.split_at_checked(room).unwrap_or((input, &[]));
            input = rest;
            self.buffer.clear();
            self.buffer.append(&mut self.held);
            self.buffer.extend_from_slice(piece);
            let kept_back = usize::from(self.opens);
            let whole = self.buffer.len().saturating_sub(kept_back) / self.block * self.block;
            self.held.extend_from_slice(self.buffer.get(whole..).unwrap_or_default());
            self.buffer.truncate(whole);
            if !self.buffer.is_empty() {
                (self.run)(&mut self.buffer).ok_or_else(refused)?;
                sink(&self.buffer)?;
            }
        }
        Ok(())
    }

    /// The last block: padded and sealed, or opened and its padding taken off.
    pub(crate) fn finish(mut self, sink: Sink<'_>) -> Result<(), Error> {
        if !self.opens {
            let padding = self.block.saturating_sub(self.held.len());
            self.held.resize(self.block, u8::try_from(padding).unwrap_or(u8::MAX));
            (self.run)(&mut self.held).ok_or_else(refused)?;
            return sink(&self.held);
        }
        if self.held.len() != self.block {
            return Err(refused());
        }
        (self.run)(&mut self.held).ok_or_else(refused)?;
        let content = content_of(&self.held).ok_or_else(refused)?;
        sink(self.held.get(..content).unwrap_or_default())
    }
}

const fn refused() -> Error {
    Error::new(ErrorKind::Decrypt)
}

impl Drop for Cbc {
    fn drop(&mut self) {
        use zeroize::Zeroize as _;
        self.held.zeroize();
        self.buffer.zeroize();
    }
}

fn opener<C: BlockCipherDecrypt + KeyInit + Send + 'static>(key: &[u8], vector: &[u8]) -> Option<Run> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut mode =
        <cbc::Decryptor<C> as aes::cipher::InnerIvInit>::inner_iv_slice_init(cipher, vector).ok()?;
    Some(Box::new(move |blocks| {
        mode.decrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
        Some(())
    }))
}

fn sealer<C: BlockCipherEncrypt + KeyInit + Send + 'static>(key: &[u8], vector: &[u8]) -> Option<Run> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut mode =
        <cbc::Encryptor<C> as aes::cipher::InnerIvInit>::inner_iv_slice_init(cipher, vector).ok()?;
    Some(Box::new(move |blocks| {
        mode.encrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
        Some(())
    }))
}

/// How much of the last block is content, found in time that does not depend on what it holds.
fn content_of(block: &[u8]) -> Option<usize> {
    use subtle::{ConstantTimeEq as _, ConstantTimeGreater as _};
    let padding = *block.last()?;
    let length = u8::try_from(block.len()).ok()?;
    let mut good = !padding.ct_eq(&0) & !padding.ct_gt(&length);
    for (place, octet) in (1..=length).rev().zip(block) {
        // `place` counts from the end: the octets of the padding are those at most `padding` away.
        good &= octet.ct_eq(&padding) | place.ct_gt(&padding);
    }
    bool::from(good).then(|| block.len().saturating_sub(usize::from(padding)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(cipher: Cipher, content: &[u8]) -> Vec<u8> {
        let mut sealing =
            Cbc::seal(cipher, &[7; 32][..cipher.key_octets()], &[9; 16][..cipher.block()]).unwrap();
        let mut out = Vec::new();
        let mut sink = |piece: &[u8]| {
            out.extend_from_slice(piece);
            Ok(())
        };
        sealing.update(content, &mut sink).unwrap();
        sealing.finish(&mut sink).unwrap();
        out
    }

    fn opened(cipher: Cipher, sealed: &[u8], piece: usize) -> Result<Vec<u8>, Error> {
        let mut opening =
            Cbc::open(cipher, &[7; 32][..cipher.key_octets()], &[9; 16][..cipher.block()]).unwrap();
        let mut out = Vec::new();
        let mut sink = |piece: &[u8]| {
            out.extend_from_slice(piece);
            Ok(())
        };
        for piece in sealed.chunks(piece) {
            opening.update(piece, &mut sink)?;
        }
        opening.finish(&mut sink)?;
        Ok(out)
    }

    #[test]
    fn what_was_sealed_opens_in_pieces_of_any_size() {
        for cipher in [Cipher::Aes128Cbc, Cipher::Aes192Cbc, Cipher::Aes256Cbc, Cipher::TripleDesCbc] {
            for length in [0, 1, 7, 8, 15, 16, 17, 40_000] {
                let content: Vec<u8> = (0..=250u8).cycle().take(length).collect();
                let sealed = sealed(cipher, &content);
                for piece in [1.max(length / 3), 16, 1 << 20] {
                    assert_eq!(opened(cipher, &sealed, piece).unwrap(), content, "{cipher} {length} {piece}");
                }
            }
        }
    }

    #[test]
    fn padding_is_that_of_rfc_5652() {
        assert_eq!(content_of(&[1, 2, 3, 4, 5, 6, 7, 1]), Some(7));
        assert_eq!(content_of(&[8; 8]), Some(0));
        assert_eq!(content_of(&[1, 2, 3, 4, 5, 3, 3, 3]), Some(5));
        assert_eq!(content_of(&[1, 2, 3, 4, 5, 2, 3, 3]), None);
        assert_eq!(content_of(&[1, 2, 3, 4, 5, 6, 7, 0]), None);
        assert_eq!(content_of(&[9; 8]), None);
        assert!(opened(Cipher::Aes128Cbc, &[], 1).is_err());
        assert!(opened(Cipher::Aes128Cbc, &[0; 17], 1).is_err());
    }
}
