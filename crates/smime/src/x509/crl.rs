//! Certificate revocation lists (RFC 5280 5).

use der::Tag;

use super::certificate::general_names;
use super::extension::*;
use super::general_name::GeneralNames;
use super::name::Name;
use super::signed::{Issued, SignedObject};
use super::time::Time;
use crate::algorithm::AlgorithmIdentifier;
use crate::error::Error;
use crate::tlv::{Element, Elements, constructed};

/// A revocation list, read in place; its entries are read when they are looked through. Versions 1 and 2 are read.
#[derive(Clone, Debug)]
pub struct Crl<'a> {
    issued: Issued<'a>,
    this_update: Time,
    next_update: Option<Time>,
    entries: Option<Element<'a>>,
}

/// One revoked certificate of a list.
#[derive(Clone, Debug)]
pub struct CrlEntry<'a> {
    serial: &'a [u8],
    date: Time,
    extensions: Extensions<'a>,
}

const WHAT: &str = "revocation list";

impl<'a> Crl<'a> {
    /// Reads the DER of one revocation list.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Asn1`](crate::ErrorKind::Asn1) with the octet where the form of RFC 5280 5.1 ends.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        Self::read(Element::only(der, 0, WHAT)?)
    }

    pub(crate) fn read(element: Element<'a>) -> Result<Self, Error> {
        let signed = SignedObject::read(element, WHAT)?;
        let mut fields = signed.body.children(WHAT);
        if let Some(version) = fields.optional(Tag::Integer)?
            && version.value != [1]
        {
            return Err(version.error("revocation list version"));
        }
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        let issuer = Name::read(fields.any()?)?;
        let this_update = Time::read(&fields.any()?)?;
        let timed = matches!(fields.peek(), Some(Tag::UtcTime | Tag::GeneralizedTime));
        let next_update = if timed { Some(Time::read(&fields.any()?)?) } else { None };
        let entries = fields.optional(Tag::Sequence)?;
        let extensions = Extensions::tagged(fields.optional(constructed(0))?)?;
        fields.finish()?;
        let issued = Issued { signed, algorithm, issuer, extensions };
        Ok(Self { issued, this_update, next_update, entries })
    }

    /// The list as it was read.
    #[must_use]
    pub const fn as_der(&self) -> &'a [u8] {
        self.issued.signed.raw
    }

    /// Who signed it.
    #[must_use]
    pub const fn issuer(&self) -> Name<'a> {
        self.issued.issuer
    }

    /// When it was made.
    #[must_use]
    pub const fn this_update(&self) -> Time {
        self.this_update
    }

    /// When the next one will be there at the latest.
    #[must_use]
    pub const fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// The entries in the order of the list.
    ///
    /// # Errors
    ///
    /// Of the iterator: an entry that cannot be read, after which it ends.
    #[must_use]
    pub fn entries(&self) -> CrlEntries<'a> {
        let list = self.entries.map_or(Elements::new(&[], 0, WHAT), |entries| entries.children(WHAT));
        CrlEntries { list }
    }

    /// All extensions, unread.
    #[must_use]
    pub fn extensions(&self) -> &[Extension<'a>] {
        self.issued.extensions.as_slice()
    }

    /// What the list is about (RFC 5280 5.2.5).
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn issuing_distribution_point(&self) -> Result<Option<IssuingDistributionPoint<'a>>, Error> {
        self.issued.extensions.typed(
            ISSUING_DISTRIBUTION_POINT,
            "issuing distribution point",
            super::extension::issuing_distribution_point,
        )
    }

    /// The octets of the CRL number (RFC 5280 5.2.3), without leading zeros.
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn number(&self) -> Result<Option<&'a [u8]>, Error> {
        self.issued.extensions.typed(CRL_NUMBER, "CRL number", |number| number.unsigned())
    }

    /// For a delta list, the number of the list that it adds to (RFC 5280 5.2.4).
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn base_number(&self) -> Result<Option<&'a [u8]>, Error> {
        self.issued.extensions.typed(DELTA_CRL_INDICATOR, "delta CRL indicator", |number| number.unsigned())
    }

    /// Which key of the issuer signed, if that can be read.
    #[must_use]
    pub fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.issued.authority_key_id()
    }

    pub(crate) const fn issued(&self) -> &Issued<'a> {
        &self.issued
    }
}

impl<'a> CrlEntry<'a> {
    /// The octets of the serial number.
    #[must_use]
    pub const fn serial(&self) -> &'a [u8] {
        self.serial
    }

    /// When the certificate was revoked.
    #[must_use]
    pub const fn date(&self) -> Time {
        self.date
    }

    /// The number of the reason (RFC 5280 5.3.1); 0, unspecified, where none is given or it cannot be read.
    #[must_use]
    pub fn reason(&self) -> u8 {
        let read = |code: Element<'a>| {
            if code.tag == Tag::Enumerated { code.small() } else { Err(code.error(WHAT)) }
        };
        let code = self.extensions.typed(REASON_CODE, "reason code", read).ok().flatten();
        code.and_then(|code| u8::try_from(code).ok()).unwrap_or(0)
    }

    /// Who issued the certificate, in an indirect list (RFC 5280 5.3.3); absent: as the entry before.
    ///
    /// # Errors
    ///
    /// An extension that cannot be read.
    pub fn certificate_issuer(&self) -> Result<Option<GeneralNames<'a>>, Error> {
        self.extensions.typed(CERTIFICATE_ISSUER, "certificate issuer", general_names)
    }

    pub(crate) const fn extension_list(&self) -> &Extensions<'a> {
        &self.extensions
    }
}

/// The entries of a list.
#[derive(Clone, Copy, Debug)]
pub struct CrlEntries<'a> {
    list: Elements<'a>,
}

impl<'a> CrlEntries<'a> {
    fn read(&mut self) -> Result<CrlEntry<'a>, Error> {
        let mut fields = self.list.sequence()?;
        let serial = fields.tagged(Tag::Integer)?.value;
        let date = Time::read(&fields.any()?)?;
        let extensions = fields.optional(Tag::Sequence)?.map(|list| Extensions::read(&list)).transpose()?;
        fields.finish()?;
        Ok(CrlEntry { serial, date, extensions: extensions.unwrap_or_default() })
    }
}

impl<'a> Iterator for CrlEntries<'a> {
    type Item = Result<CrlEntry<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.list.is_empty() {
            return None;
        }
        Some(self.read().inspect_err(|_| self.list = Elements::new(&[], 0, WHAT)))
    }
}
