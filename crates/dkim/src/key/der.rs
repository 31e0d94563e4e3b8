//! The little DER (X.690) that RSA public keys need: SubjectPublicKeyInfo (RFC 5280 4.1) around RSAPublicKey (RFC 8017 A.1.1).

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const NULL: u8 = 0x05;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// 1.2.840.113549.1.1.1, RFC 8017 A.1
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.3.101.112, RFC 8410 3
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Modulus and exponent, big-endian without leading zeros, of a SubjectPublicKeyInfo or a bare RSAPublicKey: RFC 6376 3.6.1
/// says the latter, everybody publishes the former (erratum 3017).
pub(super) fn rsa_public_key(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (inside, []) = element(SEQUENCE, der)? else { return None };
    if inside.first() == Some(&INTEGER) {
        return modulus_and_exponent(inside);
    }
    let (algorithm, rest) = element(SEQUENCE, inside)?;
    let (oid, parameters) = element(OID, algorithm)?;
    // RFC 3279 2.3.1 wants NULL; some leave it out.
    if oid != RSA_ENCRYPTION
        || !(parameters.is_empty() || matches!(element(NULL, parameters), Some(([], []))))
    {
        return None;
    }
    let (bits, []) = element(BIT_STRING, rest)? else { return None };
    let [0, key @ ..] = bits else { return None };
    let (inside, []) = element(SEQUENCE, key)? else { return None };
    modulus_and_exponent(inside)
}

fn modulus_and_exponent(inside: &[u8]) -> Option<(&[u8], &[u8])> {
    let (n, rest) = unsigned(inside)?;
    let (e, []) = unsigned(rest)? else { return None };
    Some((n, e))
}

/// Modulus and exponent of an RSA private key: PKCS#8 (RFC 5208 5) or PKCS#1 (RFC 8017 A.1.2).
pub(crate) fn rsa_public_of_private(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (inside, _) = element(SEQUENCE, der)?;
    let (_, rest) = element(INTEGER, inside)?;
    let body = if rest.first() == Some(&SEQUENCE) { pkcs8_key(der, RSA_ENCRYPTION)? } else { der };
    let (inside, _) = element(SEQUENCE, body)?;
    let (_, rest) = element(INTEGER, inside)?;
    let (n, rest) = unsigned(rest)?;
    let (e, _) = unsigned(rest)?;
    Some((n, e))
}

/// The 32 octets of an Ed25519 private key in PKCS#8 of either version (RFC 8410 7).
pub(crate) fn ed25519_seed(der: &[u8]) -> Option<&[u8]> {
    let (seed, []) = element(OCTET_STRING, pkcs8_key(der, ED25519)?)? else { return None };
    (seed.len() == 32).then_some(seed)
}

fn pkcs8_key<'d>(der: &'d [u8], algorithm: &[u8]) -> Option<&'d [u8]> {
    let (inside, []) = element(SEQUENCE, der)? else { return None };
    let (_version, rest) = element(INTEGER, inside)?;
    let (identifier, rest) = element(SEQUENCE, rest)?;
    let (oid, _) = element(OID, identifier)?;
    let (key, _attributes) = element(OCTET_STRING, rest)?;
    (oid == algorithm).then_some(key)
}

/// A SubjectPublicKeyInfo for an RSA key.
pub(crate) fn write_rsa_public_key(n: &[u8], e: &[u8]) -> Vec<u8> {
    let mut numbers = write(INTEGER, &positive(n));
    numbers.extend(write(INTEGER, &positive(e)));
    let mut algorithm = write(OID, RSA_ENCRYPTION);
    algorithm.extend(write(NULL, &[]));
    let mut bits = vec![0];
    bits.extend(write(SEQUENCE, &numbers));
    let mut inside = write(SEQUENCE, &algorithm);
    inside.extend(write(BIT_STRING, &bits));
    write(SEQUENCE, &inside)
}

/// A zero in front where the number would be negative otherwise.
fn positive(number: &[u8]) -> Vec<u8> {
    let zero = number.first().is_none_or(|first| first & 0x80 != 0);
    core::iter::repeat_n(0, usize::from(zero)).chain(number.iter().copied()).collect()
}

fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let len = content.len().to_be_bytes();
            let len: Vec<u8> = len.into_iter().skip_while(|&octet| octet == 0).collect();
            out.push(0x80 | u8::try_from(len.len()).unwrap_or(0));
            out.extend(len);
        }
    }
    out.extend_from_slice(content);
    out
}

/// The content of the first element, which must have that tag, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (len, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // Up to 4 octets of length: no key comes near 4 GiB. 0x80, the indefinite form, is not DER.
        0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (octets.iter().fold(0usize, |len, &octet| len << 8 | usize::from(octet)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(len)
}

/// A positive INTEGER without its leading zeros.
fn unsigned(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (number, rest) = element(INTEGER, der)?;
    if number.first().is_none_or(|first| first & 0x80 != 0) {
        return None;
    }
    let zeros = number.iter().take_while(|&&octet| octet == 0).count();
    Some((number.get(zeros..).filter(|number| !number.is_empty())?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spki_pkcs1_and_what_is_neither() {
        let n: Vec<u8> = (0x81..=0xff).collect();
        let spki = write_rsa_public_key(&n, &[1, 0, 1]);
        assert_eq!(rsa_public_key(&spki), Some((&n[..], &[1, 0, 1][..])));
        let (inside, _) = element(SEQUENCE, &spki).unwrap();
        let (_, rest) = element(SEQUENCE, inside).unwrap();
        let (bits, _) = element(BIT_STRING, rest).unwrap();
        assert_eq!(rsa_public_key(&bits[1..]), Some((&n[..], &[1, 0, 1][..])));
        for len in 0..spki.len() {
            assert_eq!(rsa_public_key(&spki[..len]), None, "{len}");
        }
        let mut longer = spki.clone();
        longer.push(0);
        assert_eq!(rsa_public_key(&longer), None);
        assert_eq!(rsa_public_key(&[0x30, 0x06, 2, 1, 0, 2, 1, 3]), None);
        assert_eq!(rsa_public_key(&[0x30, 0x06, 2, 1, 0x80, 2, 1, 3]), None);
    }
}
