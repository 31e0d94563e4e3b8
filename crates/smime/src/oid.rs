//! Object identifiers, as octets of the input.

use std::fmt;

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
