//! Identifier and length octets (X.690 8.1.2, 8.1.3).

/// Octets of an identifier at most: a tag number of 35 bits, which is beyond any that is read.
const MAX_IDENTIFIER: usize = 6;

/// Identifier octets: class, constructed or not, tag number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identifier {
    octets: [u8; MAX_IDENTIFIER],
    length: u8,
}

/// What stands before the content of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) identifier: Identifier,
    /// `None`: indefinite.
    pub(crate) length: Option<u64>,
}

impl Identifier {
    pub(crate) const INTEGER: Self = Self::of(0x02);
    pub(crate) const OCTETS: Self = Self::of(0x04);
    pub(crate) const OCTETS_IN_PIECES: Self = Self::of(0x24);
    pub(crate) const OID: Self = Self::of(0x06);
    pub(crate) const SEQUENCE: Self = Self::of(0x30);
    pub(crate) const SET: Self = Self::of(0x31);

    /// The identifier of one octet, whose tag number is below 31.
    pub(crate) const fn of(octet: u8) -> Self {
        Self { octets: [octet, 0, 0, 0, 0, 0], length: 1 }
    }

    /// The constructed context-specific identifier of this number, which is below 31.
    pub(crate) const fn context(number: u8) -> Self {
        Self::of(0xa0 | number)
    }

    /// The primitive context-specific identifier of this number, which is below 31.
    pub(crate) const fn context_primitive(number: u8) -> Self {
        Self::of(0x80 | number)
    }

    pub(crate) const fn is_constructed(&self) -> bool {
        let [first, ..] = self.octets;
        first & 0x20 != 0
    }

    pub(crate) fn octets(&self) -> &[u8] {
        self.octets.get(..usize::from(self.length)).unwrap_or(&self.octets)
    }
}

impl Header {
    /// Reads octets from `next`; `None` where they are no header of BER, or of one that no one needs.
    pub(crate) fn read<E>(mut next: impl FnMut() -> Result<u8, E>) -> Result<Option<Self>, E> {
        let mut identifier = Identifier::of(next()?);
        let [first, ..] = identifier.octets;
        // X.690 8.1.2.4: a tag number from 31 on stands in the octets that follow.
        if first & 0x1f == 0x1f {
            loop {
                let octet = next()?;
                let Some(place) = identifier.octets.get_mut(usize::from(identifier.length)) else {
                    return Ok(None);
                };
                *place = octet;
                identifier.length = identifier.length.saturating_add(1);
                if octet & 0x80 == 0 {
                    break;
                }
            }
        }
        let length = match next()? {
            short @ 0..0x80 => Some(u64::from(short)),
            0x80 if identifier.is_constructed() => None,
            long @ 0x81..=0xfe => {
                let mut length = Some(0u64);
                // X.690 8.1.3.5: as many octets as it takes, or more.
                for _ in 0..long & 0x7f {
                    let octet = next()?;
                    length = length
                        .and_then(|length| length.checked_mul(256))
                        .and_then(|length| length.checked_add(u64::from(octet)));
                }
                match length {
                    Some(length) => Some(length),
                    None => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { identifier, length }))
    }

    pub(super) fn is_end_of_contents(&self) -> bool {
        self.identifier == Identifier::of(0) && self.length == Some(0)
    }
}
