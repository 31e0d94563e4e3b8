//! Certificates (RFC 5280 4.1).

use std::fmt;

use der::Tag;

use super::extension::{self, *};
use super::general_name::{GeneralName, GeneralNames};
use super::key::PublicKeyInfo;
use super::name::Name;
use super::signed::{Issued, SignedObject};
use super::time::Time;
use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::error::Error;
use crate::oid::oids;
use crate::tlv::{Element, constructed, primitive};

oids! {
    /// SmtpUTF8Mailbox (RFC 9598 3).
    SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";
}

/// A certificate, read in place. Its fields are read at once; extensions when they are asked for, so that a broken one
/// that nobody needs does no harm.
///
/// Dates before 1970, serial numbers of any length and sign, and versions 1 to 3 are read.
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    issued: Issued<'a>,
    version: u8,
    serial: &'a [u8],
    not_before: Time,
    not_after: Time,
    subject: Name<'a>,
    key: PublicKeyInfo<'a>,
}

const WHAT: &str = "certificate";

impl<'a> Certificate<'a> {
    /// Reads the DER of one certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Asn1`](crate::ErrorKind::Asn1) with the octet where the form of RFC 5280 4.1 ends; also where octets
    /// follow the certificate.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        Self::read(Element::only(der, 0, WHAT)?)
    }

    pub(crate) fn read(element: Element<'a>) -> Result<Self, Error> {
        let signed = SignedObject::read(element, WHAT)?;
        let mut fields = signed.body.children(WHAT);
        let version = match fields.optional(constructed(0))? {
            None => 1,
            Some(tagged) => match Element::only(tagged.value, tagged.at, WHAT)?.small()? {
                0 => 1,
                1 => 2,
                2 => 3,
                _ => return Err(tagged.error("certificate version")),
            },
        };
        let serial = fields.tagged(Tag::Integer)?.value;
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        let issuer = Name::read(fields.any()?)?;
        let mut validity = fields.sequence()?;
        let not_before = Time::read(&validity.any()?)?;
        let not_after = Time::read(&validity.any()?)?;
        validity.finish()?;
        let subject = Name::read(fields.any()?)?;
        let key = PublicKeyInfo::read(fields.tagged(Tag::Sequence)?)?;
        // RFC 5280 4.1.2.8: unique identifiers are not to be made, and are to be read over.
        fields.optional(primitive(1))?;
        fields.optional(primitive(2))?;
        let extensions = Extensions::tagged(fields.optional(constructed(3))?)?;
        fields.finish()?;
        let issued = Issued { signed, algorithm, issuer, extensions };
        Ok(Self { issued, version, serial, not_before, not_after, subject, key })
    }

    /// The certificate as it was read.
    #[must_use]
    pub const fn as_der(&self) -> &'a [u8] {
        self.issued.signed.raw
    }

    /// 1, 2 or 3.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The octets of the serial number, an INTEGER in two's complement.
    #[must_use]
    pub const fn serial(&self) -> &'a [u8] {
        self.serial
    }

    /// Who issued it.
    #[must_use]
    pub const fn issuer(&self) -> Name<'a> {
        self.issued.issuer
    }

    /// For whom it is.
    #[must_use]
    pub const fn subject(&self) -> Name<'a> {
        self.subject
    }

    /// The first instant of its validity.
    #[must_use]
    pub const fn not_before(&self) -> Time {
        self.not_before
    }

    /// The last instant of its validity.
    #[must_use]
    pub const fn not_after(&self) -> Time {
        self.not_after
    }

    /// The key of the subject.
    #[must_use]
    pub const fn public_key(&self) -> PublicKeyInfo<'a> {
        self.key
    }

    /// The algorithm of the issuer's signature.
    #[must_use]
    pub const fn signature_algorithm(&self) -> AlgorithmIdentifier<'a> {
        self.issued.signed.algorithm
    }

    /// All extensions, unread.
    #[must_use]
    pub fn extensions(&self) -> &[Extension<'a>] {
        self.issued.extensions.as_slice()
    }

    /// Whether subject and issuer are the same name (RFC 5280 6.1: self-issued).
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject.matches(&self.issued.issuer)
    }

    /// Basic constraints (RFC 5280 4.2.1.9).
    ///
    /// # Errors
    ///
    /// An extension that is there but cannot be read; so for all that follow.
    pub fn basic_constraints(&self) -> Result<Option<BasicConstraints>, Error> {
        self.issued.extensions.typed(BASIC_CONSTRAINTS, "basic constraints", extension::basic_constraints)
    }

    /// Key usage (RFC 5280 4.2.1.3).
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn key_usage(&self) -> Result<Option<KeyUsage>, Error> {
        self.issued.extensions.typed(KEY_USAGE, "key usage", extension::key_usage)
    }

    /// Extended key usage (RFC 5280 4.2.1.12).
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn extended_key_usage(&self) -> Result<Option<ExtendedKeyUsage<'a>>, Error> {
        self.issued.extensions.typed(EXTENDED_KEY_USAGE, "extended key usage", extension::extended_key_usage)
    }

    /// Subject alternative names (RFC 5280 4.2.1.6).
    ///
    /// # Errors
    ///
    /// An extension that cannot be read; a single name that cannot be is an error of the iterator.
    pub fn subject_alt_names(&self) -> Result<Option<GeneralNames<'a>>, Error> {
        self.issued.extensions.typed(SUBJECT_ALT_NAME, "subject alternative name", general_names)
    }

    /// Name constraints (RFC 5280 4.2.1.10).
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn name_constraints(&self) -> Result<Option<NameConstraints<'a>>, Error> {
        self.issued.extensions.typed(NAME_CONSTRAINTS, "name constraints", extension::name_constraints)
    }

    /// The identifier of the subject's key (RFC 5280 4.2.1.2), if there is one that can be read.
    #[must_use]
    pub fn subject_key_id(&self) -> Option<&'a [u8]> {
        self.issued
            .extensions
            .typed(SUBJECT_KEY_ID, "subject key identifier", extension::subject_key_id)
            .ok()
            .flatten()
    }

    /// Which key of the issuer signed (RFC 5280 4.2.1.1), if that can be read.
    #[must_use]
    pub fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.issued.authority_key_id()
    }

    /// The addresses of mail that the certificate is for: rfc822Name, SmtpUTF8Mailbox (RFC 9598) and, where the subject
    /// has them, emailAddress attributes (RFC 8550 3).
    #[must_use]
    pub fn email_addresses(&self) -> Vec<&'a str> {
        let mut addresses: Vec<&str> = Vec::new();
        let names = self.subject_alt_names().ok().flatten().into_iter().flatten().filter_map(Result::ok);
        for name in names {
            let address = match name {
                GeneralName::Rfc822(address) => {
                    std::str::from_utf8(address).ok().filter(|text| text.is_ascii())
                }
                GeneralName::Other { form, value } if form == SMTP_UTF8_MAILBOX => smtp_utf8_mailbox(value),
                _ => None,
            };
            addresses.extend(address);
        }
        addresses.extend(self.subject.email_addresses());
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    /// The digest of the whole certificate, by which people compare it.
    #[must_use]
    pub fn fingerprint(&self, digest: Digest) -> Vec<u8> {
        crate::backend::digest(digest, self.as_der())
    }

    pub(crate) const fn issued(&self) -> &Issued<'a> {
        &self.issued
    }
}

impl fmt::Display for Certificate<'_> {
    /// Subject and serial number, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serial = hex(self.serial());
        if self.subject.is_empty() {
            write!(f, "serial {serial}")
        } else {
            write!(f, "{} (serial {serial})", self.subject)
        }
    }
}

/// Octets as two digits each, lower case.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The content of a `GeneralNames`.
pub(crate) fn general_names(element: Element<'_>) -> Result<GeneralNames<'_>, Error> {
    if element.tag == Tag::Sequence {
        Ok(GeneralNames::new(&element))
    } else {
        Err(element.error("general names"))
    }
}

/// RFC 9598 3: a UTF8String.
pub(crate) fn smtp_utf8_mailbox(value: &[u8]) -> Option<&str> {
    let element = Element::only(value, 0, "SmtpUTF8Mailbox").ok()?;
    if element.tag == Tag::Utf8String { std::str::from_utf8(element.value).ok() } else { None }
}

impl PartialEq for Certificate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_der() == other.as_der()
    }
}

impl Eq for Certificate<'_> {}
