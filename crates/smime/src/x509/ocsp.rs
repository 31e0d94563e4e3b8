//! OCSP responses (RFC 6960 4.2), as they are kept beside mail or in it (RFC 5940).

use der::Tag;

use super::certificate::Certificate;
use super::extension::Extensions;
use super::name::Name;
use super::signed::SignedObject;
use super::time::Time;
use crate::algorithm::AlgorithmIdentifier;
use crate::error::Error;
use crate::oid::oids;
use crate::tlv::{Element, constructed, primitive};

oids! {
    BASIC = "1.3.6.1.5.5.7.48.1.1";
}

/// A basic response, read in place.
#[derive(Clone, Debug)]
pub struct OcspResponse<'a> {
    signed: SignedObject<'a>,
    responder: Responder<'a>,
    produced_at: Time,
    answers: Vec<Answer<'a>>,
    certificates: Vec<Certificate<'a>>,
    extensions: Extensions<'a>,
}

/// Who signed a response.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Responder<'a> {
    Name(Name<'a>),
    /// The SHA-1 of the key's bits.
    Key(&'a [u8]),
}

/// The answer on one certificate.
#[derive(Clone, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) hash: AlgorithmIdentifier<'a>,
    pub(crate) name_hash: &'a [u8],
    pub(crate) key_hash: &'a [u8],
    pub(crate) serial: &'a [u8],
    pub(crate) status: AnswerStatus,
    pub(crate) this_update: Time,
    pub(crate) next_update: Option<Time>,
    pub(crate) extensions: Extensions<'a>,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerStatus {
    Good,
    Revoked { since: Time, reason: u8 },
    Unknown,
}

const WHAT: &str = "OCSP response";

impl<'a> OcspResponse<'a> {
    /// Reads the DER of an `OCSPResponse` that was successful.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Asn1`](crate::ErrorKind::Asn1) where its form ends, also for a response that tells an error of the
    /// responder; [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) for one that is not basic.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        let mut fields = Element::only(der, 0, WHAT)?.sequence(WHAT)?;
        let status = fields.tagged(Tag::Enumerated)?;
        if status.value != [0] {
            return Err(status.error("OCSP response status"));
        }
        let tagged = fields.tagged(constructed(0))?;
        fields.finish()?;
        let mut bytes = Element::only(tagged.value, tagged.at, WHAT)?.sequence(WHAT)?;
        let form = bytes.oid()?;
        if form != BASIC {
            return Err(Error::unsupported(WHAT, form));
        }
        let response = bytes.tagged(Tag::OctetString)?;
        bytes.finish()?;
        Self::read_basic(Element::only(response.value, response.at, WHAT)?)
    }

    /// RFC 6960 4.2.1: `BasicOCSPResponse`.
    fn read_basic(element: Element<'a>) -> Result<Self, Error> {
        let mut fields = element.sequence(WHAT)?;
        let body = fields.tagged(Tag::Sequence)?;
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        let signature = fields.tagged(Tag::BitString)?.octets_of_bits()?;
        let certificates = fields.optional(constructed(0))?;
        fields.finish()?;
        let mut data = body.children(WHAT);
        data.optional(constructed(0))?;
        let responder = responder(data.any()?)?;
        let produced_at = Time::read(&data.any()?)?;
        let mut list = data.sequence()?;
        let mut answers = Vec::new();
        while !list.is_empty() {
            answers.push(answer(list.tagged(Tag::Sequence)?)?);
        }
        let extensions = Extensions::tagged(data.optional(constructed(1))?)?;
        data.finish()?;
        Ok(Self {
            signed: SignedObject { raw: element.raw, body, algorithm, signature },
            responder,
            produced_at,
            answers,
            certificates: certificates.map_or_else(Vec::new, readable),
            extensions,
        })
    }

    /// When the response was signed.
    #[must_use]
    pub const fn produced_at(&self) -> Time {
        self.produced_at
    }

    /// The certificates inside that can be read.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate<'a>] {
        &self.certificates
    }

    pub(crate) const fn signed(&self) -> &SignedObject<'a> {
        &self.signed
    }

    pub(crate) const fn responder(&self) -> Responder<'a> {
        self.responder
    }

    pub(crate) fn answers(&self) -> &[Answer<'a>] {
        &self.answers
    }

    pub(crate) const fn extension_list(&self) -> &Extensions<'a> {
        &self.extensions
    }
}

fn responder(element: Element<'_>) -> Result<Responder<'_>, Error> {
    let inner = Element::only(element.value, element.at, WHAT)?;
    match element.tag {
        tag if tag == constructed(1) => Ok(Responder::Name(Name::read(inner)?)),
        tag if tag == constructed(2) && inner.tag == Tag::OctetString => Ok(Responder::Key(inner.value)),
        _ => Err(element.error(WHAT)),
    }
}

/// Of a `SEQUENCE OF Certificate`, those that can be read.
fn readable(tagged: Element<'_>) -> Vec<Certificate<'_>> {
    let mut list = tagged.children(WHAT);
    let Ok(mut list) = list.sequence() else { return Vec::new() };
    std::iter::from_fn(|| list.any().ok()).filter_map(|element| Certificate::read(element).ok()).collect()
}

/// RFC 6960 4.2.1: `SingleResponse`.
fn answer(element: Element<'_>) -> Result<Answer<'_>, Error> {
    let mut fields = element.children(WHAT);
    let mut id = fields.sequence()?;
    let hash = AlgorithmIdentifier::read(id.sequence()?)?;
    let name_hash = id.tagged(Tag::OctetString)?.value;
    let key_hash = id.tagged(Tag::OctetString)?.value;
    let serial = id.tagged(Tag::Integer)?.value;
    id.finish()?;
    let status = status(fields.any()?)?;
    let this_update = Time::read(&fields.any()?)?;
    let next_update = fields.optional(constructed(0))?;
    let next_update = next_update
        .map(|tagged| Element::only(tagged.value, tagged.at, WHAT).and_then(|time| Time::read(&time)))
        .transpose()?;
    let extensions = Extensions::tagged(fields.optional(constructed(1))?)?;
    fields.finish()?;
    Ok(Answer { hash, name_hash, key_hash, serial, status, this_update, next_update, extensions })
}

fn status(element: Element<'_>) -> Result<AnswerStatus, Error> {
    match element.tag {
        tag if tag == primitive(0) => Ok(AnswerStatus::Good),
        tag if tag == primitive(2) => Ok(AnswerStatus::Unknown),
        tag if tag == constructed(1) => {
            let mut fields = element.children(WHAT);
            let since = Time::read(&fields.any()?)?;
            let reason = match fields.optional(constructed(0))? {
                Some(tagged) => Element::only(tagged.value, tagged.at, WHAT)?.small()?,
                None => 0,
            };
            fields.finish()?;
            Ok(AnswerStatus::Revoked { since, reason: u8::try_from(reason).unwrap_or(0) })
        }
        _ => Err(element.error(WHAT)),
    }
}
