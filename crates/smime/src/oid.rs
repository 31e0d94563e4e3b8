//! Object identifiers, as octets of the input.

use std::fmt;

use crate::error::Error;

/// An object identifier: its content octets, borrowed. Any arc fits, also those of 128 bits below 2.25.
///
/// ```
/// use mailwright_smime::Oid;
///
/// let sha256 = Oid::from_octets(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]);
/// assert_eq!(sha256.to_string(), "2.16.840.1.101.3.4.2.1");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid<'a>(&'a [u8]);

impl<'a> Oid<'a> {
    /// The identifier of these content octets (without tag and length).
    #[must_use]
    pub const fn from_octets(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// The content octets.
    #[must_use]
    pub const fn octets(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for octets in self.0.split_inclusive(|octet| octet & 0x80 == 0) {
            let arc = octets
                .iter()
                .try_fold(0u128, |arc, octet| arc.checked_mul(128).map(|arc| arc | u128::from(octet & 0x7f)));
            match (first, arc) {
                // X.690 8.19.4: the first two arcs are one number.
                (true, Some(arc)) => write!(f, "{}.{}", (arc / 40).min(2), arc - 40 * (arc / 40).min(2))?,
                (false, Some(arc)) => write!(f, ".{arc}")?,
                (_, None) => f.write_str(if first { "2.?" } else { ".?" })?,
            }
            first = false;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// An object identifier that owns its octets, read from dots.
///
/// ```
/// use mailwright_smime::OidBuf;
///
/// let any_policy: OidBuf = "2.5.29.32.0".parse()?;
/// assert_eq!(any_policy.as_oid().octets(), [0x55, 0x1d, 0x20, 0x00]);
/// # Ok::<(), mailwright_smime::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OidBuf(Vec<u8>);

impl OidBuf {
    /// The identifier, borrowed.
    #[must_use]
    pub fn as_oid(&self) -> Oid<'_> {
        Oid(&self.0)
    }
}

impl From<Oid<'_>> for OidBuf {
    fn from(oid: Oid<'_>) -> Self {
        Self(oid.0.to_vec())
    }
}

impl std::str::FromStr for OidBuf {
    type Err = Error;

    /// Dotted numbers, each of at most 128 bits.
    fn from_str(text: &str) -> Result<Self, Error> {
        let odd = || Error::asn1(0, "object identifier");
        let mut arcs = text.split('.').map(|arc| {
            let plain = !arc.is_empty() && arc.bytes().all(|octet| octet.is_ascii_digit());
            plain.then(|| arc.parse::<u128>().ok()).flatten()
        });
        let mut next = || arcs.next().map(|arc| arc.ok_or_else(odd)).transpose();
        let (Some(first), Some(second)) = (next()?, next()?) else { return Err(odd()) };
        // X.690 8.19.4: the first two arcs are one number.
        if first > 2 || (first < 2 && second > 39) {
            return Err(odd());
        }
        let mut octets = Vec::new();
        push_arc(&mut octets, second.checked_add(first.saturating_mul(40)).ok_or_else(odd)?);
        while let Some(arc) = next()? {
            push_arc(&mut octets, arc);
        }
        Ok(Self(octets))
    }
}

/// Seven bits an octet, the most significant first (X.690 8.19.2).
fn push_arc(octets: &mut Vec<u8>, arc: u128) {
    let bits = 128u32.saturating_sub(arc.leading_zeros()).max(1);
    for group in (0..bits.div_ceil(7)).rev() {
        let seven = u8::try_from((arc >> group.saturating_mul(7)) & 0x7f).unwrap_or(0);
        octets.push(if group > 0 { seven | 0x80 } else { seven });
    }
}

impl fmt::Display for OidBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_oid().fmt(f)
    }
}

impl fmt::Debug for OidBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_oid(), f)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for OidBuf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Names of identifiers, as constants.
macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {$(
        $(#[$doc])*
        pub(crate) const $name: $crate::oid::Oid<'static> = {
            const OID: const_oid::ObjectIdentifier = const_oid::ObjectIdentifier::new_unwrap($text);
            $crate::oid::Oid::from_octets(OID.as_bytes())
        };
    )+};
}
pub(crate) use oids;

#[cfg(test)]
mod tests {
    use super::*;

    oids! { SHORT = "1.2.840.113549"; }

    #[test]
    fn dots_of_the_first_two_arcs() {
        assert_eq!(SHORT.to_string(), "1.2.840.113549");
        assert_eq!(Oid::from_octets(&[0x88, 0x37, 0x03]).to_string(), "2.999.3");
    }

    #[test]
    fn dots_and_octets_agree() {
        for text in ["1.2.840.113549", "2.999.3", "0.9.2342.19200300.100.1.25", "2.5.29.32.0"] {
            assert_eq!(text.parse::<OidBuf>().unwrap().to_string(), text);
        }
        for text in ["", "1", "1.40", "3.1", "1.2.", "1.+2", "1..2"] {
            assert!(text.parse::<OidBuf>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_arc_of_128_bits_is_written_and_a_longer_one_does_no_harm() {
        let uuid = [&[0x69][..], &[0x83], &[0xff; 17], &[0x7f]].concat();
        assert_eq!(Oid::from_octets(&uuid).to_string(), format!("2.25.{}", u128::MAX));
        assert_eq!(
            Oid::from_octets(&[
                0x69, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                0xff, 0xff, 0xff, 0xff, 0xff, 0x7f
            ])
            .to_string(),
            "2.25.?"
        );
    }
}
