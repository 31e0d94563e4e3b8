//! DSA, verification only (FIPS 186-4 4.7).

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use der::Tag;

use super::verify::{Signed, Unverified};
use crate::algorithm::Digest;
use crate::tlv::Elements;
use crate::x509::key::DsaDomain;

/// The sizes of `p` in octets that are looked at; what is good is said by the policy. FIPS 186-4 ends at 3,072 bits.
const P_OCTETS: std::ops::RangeInclusive<usize> = 64..=384;

/// The sizes of `q` in octets: 160 to 256 bits (FIPS 186-4 4.2).
const Q_OCTETS: std::ops::RangeInclusive<usize> = 20..=32;

pub(super) fn verify(
    domain: &DsaDomain<'_>,
    y: &[u8],
    digest: Digest,
    signed: Signed<'_>,
    signature: &[u8],
) -> Result<(), Unverified> {
    if !P_OCTETS.contains(&domain.p.len()) || !Q_OCTETS.contains(&domain.q.len()) {
        return Err(Unverified::Key("DSA parameters of a size that is not taken"));
    }
    let value = signed.digest(digest)?;
    let (r, s) = read(signature).ok_or(Unverified::Mismatch)?;
    match equal(domain, y, &value, r, s) {
        Some(true) => Ok(()),
        Some(false) => Err(Unverified::Mismatch),
        None => Err(Unverified::Key("DSA numbers that are none")),
    }
}

/// `Dss-Sig-Value` (RFC 3279 2.2.2).
fn read(signature: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut outer = Elements::new(signature, 0, "signature");
    let mut fields = outer.sequence().ok()?;
    outer.finish().ok()?;
    let r = number(&mut fields)?;
    let s = number(&mut fields)?;
    fields.finish().ok()?;
    Some((r, s))
}

/// A number in DER (X.690 8.3.2): nothing is put in front of it but the zero that keeps it from being negative.
fn number<'a>(fields: &mut Elements<'a>) -> Option<&'a [u8]> {
    let number = fields.tagged(Tag::Integer).ok()?;
    match number.value {
        [0, next, ..] if next & 0x80 == 0 => None,
        _ => number.unsigned().ok(),
    }
}

/// Whether v = r; `None` where the key's numbers are none.
fn equal(domain: &DsaDomain<'_>, y: &[u8], value: &[u8], r: &[u8], s: &[u8]) -> Option<bool> {
    let number = BoxedUint::from_be_slice_vartime;
    let p = Odd::new(number(domain.p)).into_option()?;
    let q = Odd::new(number(domain.q)).into_option()?;
    let (by_p, by_q) = (p.as_nz_ref().clone(), q.as_nz_ref().clone());
    if domain.g.is_empty() || y.is_empty() {
        return None;
    }
    // 0 < r, s < q
    if [r, s].iter().any(|part| part.is_empty() || part.len() > domain.q.len() || number(part) >= *by_q) {
        return Some(false);
    }
    // The leftmost bits of the digest, as many as q has.
    let digest = number(value.get(..value.len().min(domain.q.len()))?);
    let digest = match (value.len() >= domain.q.len(), domain.q.first()?.leading_zeros()) {
        (true, unused @ 1..) => digest.wrapping_shr_vartime(unused),
        _ => digest,
    };
    let (modulo_p, modulo_q) = (BoxedMontyParams::new_vartime(p), BoxedMontyParams::new_vartime(q));
    let in_q = |number: &BoxedUint| BoxedMontyForm::new(number.rem_vartime(&by_q), &modulo_q);
    let in_p = |number: &BoxedUint| BoxedMontyForm::new(number.rem_vartime(&by_p), &modulo_p);
    let Some(w) = in_q(&number(s)).invert_vartime().into_option() else { return Some(false) };
    let u1 = in_q(&digest).mul(&w).retrieve();
    let u2 = in_q(&number(r)).mul(&w).retrieve();
    let v = in_p(&number(domain.g)).pow(&u1).mul(&in_p(&number(y)).pow(&u2)).retrieve().rem_vartime(&by_q);
    Some(v == number(r))
}
