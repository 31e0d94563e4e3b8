//! Key identifiers, which hint at the issuer's key.

use der::Tag;

use crate::error::Error;
use crate::tlv::{Element, constructed, primitive};
use crate::x509::general_name::GeneralNames;

/// Which key of the issuer signed (RFC 5280 4.2.1.1).
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthorityKeyId<'a> {
    /// The subject key identifier of the issuer's certificate.
    pub key_id: Option<&'a [u8]>,
    /// The issuer of the issuer's certificate.
    pub issuer: Option<GeneralNames<'a>>,
    /// The serial number of the issuer's certificate, the octets of its INTEGER.
    pub serial: Option<&'a [u8]>,
}

pub(crate) fn authority_key_id(element: Element<'_>) -> Result<AuthorityKeyId<'_>, Error> {
    const WHAT: &str = "authority key identifier";
    let mut fields = element.sequence(WHAT)?;
    let key_id = fields.optional(primitive(0))?.map(|id| id.value);
    let issuer = fields.optional(constructed(1))?.map(|names| GeneralNames::new(&names));
    let serial = fields.optional(primitive(2))?.map(|serial| serial.value);
    fields.finish()?;
    Ok(AuthorityKeyId { key_id, issuer, serial })
}

/// RFC 5280 4.2.1.2.
pub(crate) fn subject_key_id(element: Element<'_>) -> Result<&[u8], Error> {
    if element.tag == Tag::OctetString {
        Ok(element.value)
    } else {
        Err(element.error("subject key identifier"))
    }
}
