//! What CMS structures have in common, written as DER.

use crate::algorithm::Digest;
use crate::ber::{Identifier, write};
use crate::cms::ContentType;
use crate::error::Error;
use crate::oid::Oid;
use crate::x509::{Certificate, Time};

/// DER of NULL.
pub(super) const NULL: [u8; 2] = [5, 0];

/// A `ContentInfo` (RFC 5652 3).
pub(super) fn content_info(kind: ContentType, content: &[u8]) -> Vec<u8> {
    let oid = kind.oid().map(write::oid).unwrap_or_default();
    write::sequence(&[&oid, &write::element(Identifier::context(0), content)])
}

/// An algorithm identifier without parameters.
pub(super) fn bare(oid: Oid<'_>) -> Vec<u8> {
    write::sequence(&[&write::oid(oid)])
}

/// An algorithm identifier with parameters.
pub(super) fn with(oid: Oid<'_>, parameters: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(oid), parameters])
}

/// The identifier of a digest; RFC 5754 2 wants the parameters absent.
pub(super) fn digest(digest: Digest) -> Vec<u8> {
    bare(digest.oid())
}

/// `IssuerAndSerialNumber` (RFC 5652 10.2.4).
pub(super) fn issuer_and_serial(certificate: &Certificate<'_>) -> Vec<u8> {
    let serial = write::element(Identifier::INTEGER, certificate.serial());
    write::sequence(&[certificate.issuer().as_der(), &serial])
}

/// An attribute with one value.
pub(super) fn attribute(oid: Oid<'_>, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(oid), &write::element(Identifier::SET, value)])
}

/// RFC 5652 11.3: UTCTime through 2049, GeneralizedTime from then on.
pub(super) fn time(time: Time) -> Result<Vec<u8>, Error> {
    let text = time.to_string(); // YYYY-MM-DDThh:mm:ssZ
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == 'Z').collect();
    match digits.split_at_checked(2) {
        Some(("19" | "20", short)) if digits.len() == 15 && *"1950" <= *digits && *digits < *"2050" => {
            Ok(write::element(Identifier::of(0x17), short.as_bytes()))
        }
        _ if digits.len() == 15 => Ok(write::element(Identifier::of(0x18), digits.as_bytes())),
        _ => Err(Error::key("a time outside of four-digit years")),
    }
}

/// The element under an implicit context tag, constructed: its first octet is the tag's.
pub(super) fn implicit(number: u8, element: &[u8]) -> Vec<u8> {
    let mut tagged = element.to_vec();
    if let Some(first) = tagged.first_mut() {
        *first = 0xa0 | number;
    }
    tagged
}
