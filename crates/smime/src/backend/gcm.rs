//! AES in GCM (NIST SP 800-38D), in two passes: the tag is known to be right before the first octet is opened.

use aes::cipher::{BlockCipherEncrypt, KeyInit, KeyIvInit, StreamCipher};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use subtle::ConstantTimeEq as _;

use crate::algorithm::Cipher;

const BLOCK: usize = 16;

/// The hash of what was sealed, being made.
pub(crate) struct GcmHashing {
    hash: GHash,
    /// The hash's last step: the first block of the key stream.
    mask: [u8; BLOCK],
    held: Vec<u8>,
    aad: u64,
    sealed: u64,
}

/// The key stream, which opens and seals.
pub(crate) enum GcmStream {
    Aes128(Box<ctr::Ctr32BE<aes::Aes128>>),
    Aes192(Box<ctr::Ctr32BE<aes::Aes192>>),
    Aes256(Box<ctr::Ctr32BE<aes::Aes256>>),
}

/// Both for one key and nonce; `None` where the key is not of the cipher's length, or the cipher is another.
pub(crate) fn start(cipher: Cipher, key: &[u8], nonce: &[u8], aad: &[u8]) -> Option<(GcmHashing, GcmStream)> {
    let mut subkey = [0; BLOCK];
    encrypt_block(cipher, key, &mut subkey)?;
    let first = first_block(&subkey, nonce)?;
    let mut mask = first;
    encrypt_block(cipher, key, &mut mask)?;
    let mut counter = first;
    let (_, count) = counter.split_last_chunk_mut::<4>()?;
    *count = u32::from_be_bytes(*count).wrapping_add(1).to_be_bytes();
    let stream = match cipher {
        Cipher::Aes128Gcm => GcmStream::Aes128(Box::new(KeyIvInit::new_from_slices(key, &counter).ok()?)),
        Cipher::Aes192Gcm => GcmStream::Aes192(Box::new(KeyIvInit::new_from_slices(key, &counter).ok()?)),
        Cipher::Aes256Gcm => GcmStream::Aes256(Box::new(KeyIvInit::new_from_slices(key, &counter).ok()?)),
        _ => return None,
    };
    let mut hash = GHash::new(&subkey.into());
    hash.update_padded(aad);
    Some((GcmHashing { hash, mask, held: Vec::new(), aad: aad.len() as u64, sealed: 0 }, stream))
}

fn encrypt_block(cipher: Cipher, key: &[u8], block: &mut [u8; BLOCK]) -> Option<()> {
    match cipher {
        Cipher::Aes128Gcm => aes::Aes128::new_from_slice(key).ok()?.encrypt_block(block.into()),
        Cipher::Aes192Gcm => aes::Aes192::new_from_slice(key).ok()?.encrypt_block(block.into()),
        Cipher::Aes256Gcm => aes::Aes256::new_from_slice(key).ok()?.encrypt_block(block.into()),
        _ => return None,
    }
    Some(())
}

/// SP 800-38D 7.1 step 2: J0. A nonce has one bit at least (5.2.1.1).
fn first_block(subkey: &[u8; BLOCK], nonce: &[u8]) -> Option<[u8; BLOCK]> {
    let mut first = [0; BLOCK];
    if nonce.is_empty() {
        return None;
    }
    if nonce.len() == 12 {
        let (place, count) = first.split_first_chunk_mut::<12>()?;
        place.copy_from_slice(nonce);
        count.copy_from_slice(&[0, 0, 0, 1]);
        return Some(first);
    }
    let mut hash = GHash::new(subkey.into());
    hash.update_padded(nonce);
    let bits = (nonce.len() as u64).checked_mul(8)?;
    hash.update_padded(&[[0; 8], bits.to_be_bytes()].concat());
    first.copy_from_slice(&hash.finalize());
    Some(first)
}

impl GcmHashing {
    pub(crate) fn update(&mut self, sealed: &[u8]) {
        self.sealed = self.sealed.saturating_add(sealed.len() as u64);
        let mut rest = sealed;
        if !self.held.is_empty() {
            let missing = BLOCK.saturating_sub(self.held.len());
            let (piece, after) = rest.split_at_checked(missing).unwrap_or((rest, &[]));
            self.held.extend_from_slice(piece);
            rest = after;
            if self.held.len() < BLOCK {
                return;
            }
            self.hash.update_padded(&self.held);
            self.held.clear();
        }
        let whole = rest.len() / BLOCK * BLOCK;
        let (blocks, held) = rest.split_at_checked(whole).unwrap_or((rest, &[]));
        self.hash.update_padded(blocks);
        self.held.extend_from_slice(held);
    }

    /// The whole tag.
    pub(crate) fn finish(mut self) -> [u8; BLOCK] {
        self.hash.update_padded(&self.held);
        let bits = |octets: u64| octets.saturating_mul(8).to_be_bytes();
        self.hash.update_padded(&[bits(self.aad), bits(self.sealed)].concat());
        let mut tag = self.mask;
        tag.iter_mut().zip(self.hash.finalize()).for_each(|(octet, hash)| *octet ^= hash);
        tag
    }

    /// Whether `tag`, of the length that was agreed on, is right.
    pub(crate) fn verify(self, tag: &[u8], length: usize) -> bool {
        let whole = self.finish();
        tag.len() == length && whole.get(..length).is_some_and(|wanted| bool::from(wanted.ct_eq(tag)))
    }
}

impl GcmStream {
    /// Opens or seals the next octets, in place.
    pub(crate) fn apply(&mut self, octets: &mut [u8]) {
        match self {
            Self::Aes128(stream) => stream.apply_keystream(octets),
            Self::Aes192(stream) => stream.apply_keystream(octets),
            Self::Aes256(stream) => stream.apply_keystream(octets),
        }
    }
}

#[cfg(test)]
mod tests {
    use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

    use super::*;

    #[test]
    fn sealed_as_ring_seals() {
        let (key, nonce, aad) = ([3u8; 32], [5u8; 12], b"attributes");
        for length in [0usize, 1, 15, 16, 17, 1000] {
            let content: Vec<u8> = (0..=255u8).cycle().take(length).collect();
            let mut wanted = content.clone();
            LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap())
                .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut wanted)
                .unwrap();
            for piece in [1, 7, 16, 4096] {
                let (mut hashing, mut stream) = start(Cipher::Aes256Gcm, &key, &nonce, aad).unwrap();
                let mut sealed = content.clone();
                for piece in sealed.chunks_mut(piece) {
                    stream.apply(piece);
                    hashing.update(piece);
                }
                sealed.extend(hashing.finish());
                assert_eq!(sealed, wanted);
            }
        }
    }

    #[test]
    fn a_nonce_has_at_least_one_bit() {
        assert!(start(Cipher::Aes128Gcm, &[3; 16], &[], b"").is_none());
        assert!(start(Cipher::Aes128Gcm, &[3; 16], &[1], b"").is_some());
    }

    #[test]
    fn tags_are_of_the_length_agreed_on() {
        let hashing = || start(Cipher::Aes128Gcm, &[3; 16], &[5; 12], b"").unwrap().0;
        let tag = hashing().finish();
        assert!(hashing().verify(&tag[..12], 12));
        assert!(!hashing().verify(&tag, 12));
        assert!(!hashing().verify(&tag[..12], 16));
    }
}
