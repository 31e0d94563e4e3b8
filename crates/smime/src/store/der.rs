//! Records as octets, in DER: what a store on a disk keeps.

use der::Tag;

use super::record::{Known, Origin, Record, Standing};
use crate::ber::{Identifier, write};
use crate::capabilities::Capabilities;
use crate::error::Error;
use crate::tlv::{Element, Elements, constructed};
use crate::x509::Time;

const WHAT: &str = "stored record";

/// The form of records; another one is not read.
const VERSION: u64 = 1;

impl Record {
    /// The record as octets, for a store.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let known: Vec<Vec<u8>> = self.certificates.iter().map(known).collect();
        let known = write::sequence(&known.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let capabilities = self.capabilities.as_ref().map(|(capabilities, signed)| {
            let inside = [capabilities.to_der(), instant(*signed)].concat();
            write::element(Identifier::context(0), &inside)
        });
        let preferred = self.preferred.as_ref().map(|(fingerprint, signed)| {
            let inside = [write::octets(fingerprint), instant(*signed)].concat();
            write::element(Identifier::context(1), &inside)
        });
        write::sequence(&[
            &write::integer(VERSION),
            &known,
            capabilities.as_deref().unwrap_or_default(),
            preferred.as_deref().unwrap_or_default(),
        ])
    }

    /// A record from [its octets](Self::to_der).
    ///
    /// # Errors
    ///
    /// Octets that are none, or of another version.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut fields = Element::only(der, 0, WHAT)?.sequence(WHAT)?;
        let version = fields.tagged(Tag::Integer)?;
        if version.small()? != VERSION {
            return Err(version.error(WHAT));
        }
        let mut record = Self::default();
        let mut list = fields.sequence()?;
        while !list.is_empty() {
            record.certificates.push(read_known(list.sequence()?)?);
        }
        if let Some(capabilities) = fields.optional(constructed(0))? {
            let mut inside = capabilities.children(WHAT);
            record.capabilities = Some((Capabilities::read(inside.any()?)?, read_instant(&mut inside)?));
        }
        if let Some(preferred) = fields.optional(constructed(1))? {
            let mut inside = preferred.children(WHAT);
            let octets = inside.tagged(Tag::OctetString)?;
            let fingerprint = octets.value.try_into().map_err(|_| octets.error(WHAT))?;
            record.preferred = Some((fingerprint, read_instant(&mut inside)?));
        }
        fields.finish()?;
        Ok(record)
    }
}

fn known(known: &Known) -> Vec<u8> {
    let (given, signed) = match known.origin {
        Origin::Given => (1, None),
        Origin::Signed(signed) => (0, signed),
    };
    let waits = u64::from(known.standing == Standing::Unconfirmed);
    write::sequence(&[
        &write::octets(&known.der),
        &write::integer(given),
        &write::integer(waits),
        &instant(signed),
    ])
}

fn read_known(mut fields: Elements<'_>) -> Result<Known, Error> {
    let der = fields.tagged(Tag::OctetString)?.value.to_vec();
    let given = fields.tagged(Tag::Integer)?.small()? == 1;
    let waits = fields.tagged(Tag::Integer)?.small()? == 1;
    let signed = read_instant(&mut fields)?;
    let origin = if given { Origin::Given } else { Origin::Signed(signed) };
    let standing = if waits { Standing::Unconfirmed } else { Standing::Trusted };
    Ok(Known { der, origin, standing })
}

/// An instant as text; nothing for none.
fn instant(time: Option<Time>) -> Vec<u8> {
    time.map(|time| write::octets(time.to_string().as_bytes())).unwrap_or_default()
}

fn read_instant(fields: &mut Elements<'_>) -> Result<Option<Time>, Error> {
    let read = fields.optional(Tag::OctetString)?.map(|text| {
        let text = std::str::from_utf8(text.value).map_err(|_| text.error(WHAT))?;
        text.parse()
    });
    fields.finish()?;
    read.transpose()
}
