//! Content keys wrapped in other keys.

use aes::cipher::{Array, BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use subtle::ConstantTimeEq as _;

use super::{Secret, digest};
use crate::algorithm::{Cipher, Digest};

/// How a key is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    Aes128,
    Aes192,
    Aes256,
    /// With padding: keys of any length (RFC 5649).
    Aes128Padded,
    Aes192Padded,
    Aes256Padded,
    TripleDes,
}

impl Wrap {
    pub(crate) const fn key_octets(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes128Padded => 16,
            Self::Aes192 | Self::Aes192Padded | Self::TripleDes => 24,
            Self::Aes256 | Self::Aes256Padded => 32,
        }
    }

    /// The key that is wrapped, `None` where the check within fails.
    pub(crate) fn unwrap(self, key: &[u8], wrapped: &[u8]) -> Option<Secret> {
        let mut opened = Secret::new(vec![0; wrapped.len().checked_sub(8)?]);
        /// The same for each cipher, whose types differ: octets of the key that was wrapped.
        macro_rules! with {
            ($cipher:ident) => {
                aes_kw::$cipher::new_from_slice(key).ok()?.unwrap_key(wrapped, &mut opened).ok()?.len()
            };
        }
        let octets = match self {
            // RFC 3394 2: two blocks of key at least.
            Self::Aes128 | Self::Aes192 | Self::Aes256 if wrapped.len() < 24 => return None,
            // RFC 3394 2.2.2
            Self::Aes128 => with!(KwAes128),
            Self::Aes192 => with!(KwAes192),
            Self::Aes256 => with!(KwAes256),
            // RFC 5649 4.2
            Self::Aes128Padded => with!(KwpAes128),
            Self::Aes192Padded => with!(KwpAes192),
            Self::Aes256Padded => with!(KwpAes256),
            Self::TripleDes => return unwrap_3des(key, wrapped),
        };
        // RFC 5649 3: one octet of key at least.
        if octets == 0 {
            return None;
        }
        opened.truncate(octets);
        Some(opened)
    }

    /// `content`, wrapped. `None` for Triple DES, which is not wrapped with any more, or for lengths that are none.
    pub(crate) fn wrap(self, key: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; content.len().checked_next_multiple_of(8)?.checked_add(8)?];
        macro_rules! with {
            ($cipher:ident) => {
                aes_kw::$cipher::new_from_slice(key).ok()?.wrap_key(content, &mut wrapped).ok()?
            };
        }
        match self {
            Self::Aes128 => with!(KwAes128),
            Self::Aes192 => with!(KwAes192),
            Self::Aes256 => with!(KwAes256),
            Self::Aes128Padded => with!(KwpAes128),
            Self::Aes192Padded => with!(KwpAes192),
            Self::Aes256Padded => with!(KwpAes256),
            Self::TripleDes => return None,
        };
        Some(wrapped)
    }
}

/// RFC 3217 3.2.
fn unwrap_3des(key: &[u8], wrapped: &[u8]) -> Option<Secret> {
    const VECTOR: [u8; 8] = [0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05];
    type Mode = cbc::Decryptor<des::TdesEde3>;
    if wrapped.len() != 40 {
        return None;
    }
    let mut octets = Secret::new(wrapped.to_vec());
    Mode::new_from_slices(key, &VECTOR).ok()?.decrypt_blocks(Array::slice_as_chunks_mut(&mut octets).0);
    octets.reverse();
    let (vector, inner) = octets.split_at_mut_checked(8)?;
    Mode::new_from_slices(key, vector).ok()?.decrypt_blocks(Array::slice_as_chunks_mut(inner).0);
    let (content, check) = inner.split_at_checked(24)?;
    let wanted = digest(Digest::Sha1, content);
    bool::from(wanted.get(..8)?.ct_eq(check)).then(|| Secret::new(content.to_vec()))
}

/// The key wrapped in one from a password (RFC 3211 2.3.2): sealed twice in CBC, the second time with the last block of
/// the first as vector.
pub(crate) fn unwrap_pwri(cipher: Cipher, key: &[u8], vector: &[u8], wrapped: &[u8]) -> Option<Secret> {
    match cipher {
        Cipher::Aes128Cbc => pwri::<aes::Aes128>(key, vector, wrapped),
        Cipher::Aes192Cbc => pwri::<aes::Aes192>(key, vector, wrapped),
        Cipher::Aes256Cbc => pwri::<aes::Aes256>(key, vector, wrapped),
        Cipher::TripleDesCbc => pwri::<des::TdesEde3>(key, vector, wrapped),
        // OpenSSL wraps the key of content in the cipher of the content.
        #[cfg(feature = "legacy")]
        Cipher::Rc2Cbc(bits) if key.len().checked_mul(8) == Some(usize::from(bits)) => {
            pwri::<rc2::Rc2>(key, vector, wrapped)
        }
        _ => None,
    }
}

fn pwri<C>(key: &[u8], vector: &[u8], wrapped: &[u8]) -> Option<Secret>
where
    C: BlockCipherDecrypt + KeyInit,
{
    use aes::cipher::InnerIvInit as _;
    let mode =
        |vector: &[u8]| cbc::Decryptor::<C>::inner_iv_slice_init(C::new_from_slice(key).ok()?, vector).ok();
    let block = vector.len();
    if wrapped.len() < block.checked_mul(2)? || !wrapped.len().is_multiple_of(block) {
        return None;
    }
    let mut octets = Secret::new(wrapped.to_vec());
    // Step 1: the last block, opened with the one before as vector, is the vector of the outer layer.
    let (front, last) = octets.split_at_mut_checked(wrapped.len().checked_sub(block)?)?;
    let before = front.get(front.len().checked_sub(block)?..)?;
    mode(before)?.decrypt_blocks(Array::slice_as_chunks_mut(last).0);
    // Step 2: the outer layer of the other blocks.
    let outer = last.to_vec();
    mode(&outer)?.decrypt_blocks(Array::slice_as_chunks_mut(front).0);
    // Step 3: the inner layer.
    mode(vector)?.decrypt_blocks(Array::slice_as_chunks_mut(&mut octets).0);
    // RFC 3211 2.3.1: length, check value, key, padding.
    let [length, c1, c2, c3, rest @ ..] = octets.as_slice() else { return None };
    let content = rest.get(..usize::from(*length))?;
    let [k1, k2, k3, ..] = content else { return None };
    let good = [c1 ^ k1, c2 ^ k2, c3 ^ k3].ct_eq(&[0xff; 3]);
    bool::from(good).then(|| Secret::new(content.to_vec()))
}

/// The other way (RFC 3211 2.3.1), with random octets as padding.
pub(crate) fn wrap_pwri(key: &[u8], vector: &[u8], content: &[u8], padding: &[u8]) -> Option<Vec<u8>> {
    use aes::cipher::InnerIvInit as _;
    let mode = |vector: &[u8]| {
        let cipher = aes::Aes256::new_from_slice(key).ok()?;
        cbc::Encryptor::<aes::Aes256>::inner_iv_slice_init(cipher, vector).ok()
    };
    let [k1, k2, k3, ..] = content else { return None };
    let mut octets = vec![u8::try_from(content.len()).ok()?, !k1, !k2, !k3];
    octets.extend_from_slice(content);
    let whole = octets.len().next_multiple_of(16).max(32);
    let missing = whole.checked_sub(octets.len())?;
    octets.extend_from_slice(padding.get(..missing)?);
    mode(vector)?.encrypt_blocks(Array::slice_as_chunks_mut(&mut octets).0);
    let last = octets.get(octets.len().checked_sub(16)?..)?.to_vec();
    mode(&last)?.encrypt_blocks(Array::slice_as_chunks_mut(&mut octets).0);
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_wrapped_with_a_password_comes_out_again() {
        let wrapped = wrap_pwri(&[1; 32], &[2; 16], &[3; 32], &[4; 32]).unwrap();
        let unwrap = |wrapped: &[u8]| unwrap_pwri(Cipher::Aes256Cbc, &[1; 32], &[2; 16], wrapped);
        assert_eq!(unwrap(&wrapped).unwrap().as_slice(), [3; 32]);
        let mut changed = wrapped;
        changed[0] ^= 1;
        assert_eq!(unwrap(&changed), None);
        assert_eq!(unwrap(&[0; 16]), None);
    }

    #[test]
    fn a_key_wrapped_with_padding_is_that_of_rfc_5649() {
        // 6: 20 and 7 octets of key data with a 192-bit KEK
        let hex = |text: &str| -> Vec<u8> {
            let pairs = text.as_bytes().chunks(2);
            pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
        };
        let kek = hex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
        let data = hex("c37b7e6492584340bed12207808941155068f738");
        let wrapped = hex("138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a");
        assert_eq!(Wrap::Aes192Padded.wrap(&kek, &data).unwrap(), wrapped);
        assert_eq!(Wrap::Aes192Padded.unwrap(&kek, &wrapped).unwrap().as_slice(), data);
        let (data, wrapped) = (hex("466f7250617369"), hex("afbeb0f07dfbf5419200f2ccb50bb24f"));
        assert_eq!(Wrap::Aes192Padded.wrap(&kek, &data).unwrap(), wrapped);
        assert_eq!(Wrap::Aes192Padded.unwrap(&kek, &wrapped).unwrap().as_slice(), data);
    }

    #[test]
    fn a_key_wrapped_with_aes_is_that_of_rfc_3394() {
        // 4.1: 128 bits of key data with a 128-bit KEK
        let kek: Vec<u8> = (0..16).collect();
        let data: Vec<u8> = (0..16).map(|at| at * 0x11).collect();
        let wrapped = Wrap::Aes128.wrap(&kek, &data).unwrap();
        assert_eq!(wrapped[..8], [0x1f, 0xa6, 0x8b, 0x0a, 0x81, 0x12, 0xb4, 0x47]);
        assert_eq!(Wrap::Aes128.unwrap(&kek, &wrapped).unwrap().as_slice(), data);
        assert_eq!(Wrap::Aes128.unwrap(&kek, &wrapped[..20]), None);
    }
}
