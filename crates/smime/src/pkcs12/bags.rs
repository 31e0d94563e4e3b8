//! The bags of a file (RFC 7292 4.2).

use der::Tag;

use super::scheme::Password;
use super::{CertificateBag, DATA, KeyBag, Pkcs12, definite};
use crate::algorithm::AlgorithmIdentifier;
use crate::backend::Secret;
use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_ASN1_DEPTH, MAX_BAGS};
use crate::oid::oids;
use crate::tlv::{Element, Elements, constructed, primitive};
use crate::x509::name::text;

oids! {
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    KEY = "1.2.840.113549.1.12.10.1.1";
    SHROUDED_KEY = "1.2.840.113549.1.12.10.1.2";
    CERTIFICATE = "1.2.840.113549.1.12.10.1.3";
    SAFE_CONTENTS = "1.2.840.113549.1.12.10.1.6";
    X509 = "1.2.840.113549.1.9.22.1";
    FRIENDLY_NAME = "1.2.840.113549.1.9.20";
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
}

const WHAT: &str = "PKCS #12";

/// Reads an `AuthenticatedSafe`, in DER.
pub(super) fn read(safe: &[u8], password: &mut Password<'_>) -> Result<Pkcs12, Error> {
    let mut list = Element::only(safe, 0, WHAT)?.sequence(WHAT)?;
    let mut found = Pkcs12::default();
    let mut left = MAX_BAGS;
    while !list.is_empty() {
        let mut info = list.sequence()?;
        let form = info.oid()?;
        let content = info.tagged(constructed(0))?;
        info.finish()?;
        let content = Element::only(content.value, content.at, WHAT)?;
        let contents = match form {
            DATA => octets(&content)?,
            ENCRYPTED_DATA => encrypted(&content, password)?,
            form => return Err(Error::unsupported("PKCS #12 privacy", form)),
        };
        // What a wrong password opens to is no BER: without a MAC that is the only sign.
        let contents =
            definite(&contents).map_err(|error| if form == DATA { error } else { wrong_password() })?;
        safe_contents(&contents, password, &mut found, &mut left)?;
    }
    Ok(found)
}

fn wrong_password() -> Error {
    Error::new(ErrorKind::Decrypt)
}

/// The octets of an OCTET STRING, or of its pieces below an implicit tag.
pub(super) fn octets(element: &Element<'_>) -> Result<Secret, Error> {
    match element.tag {
        Tag::OctetString => Ok(Secret::new(element.value.to_vec())),
        tag if tag == primitive(0) => Ok(Secret::new(element.value.to_vec())),
        tag if tag == constructed(0) => {
            let mut pieces = element.children(WHAT);
            let mut whole = Secret::new(Vec::with_capacity(element.value.len()));
            while !pieces.is_empty() {
                whole.extend_from_slice(pieces.tagged(Tag::OctetString)?.value);
            }
            Ok(whole)
        }
        _ => Err(element.error(WHAT)),
    }
}

/// RFC 5652 8: `EncryptedData`.
fn encrypted(element: &Element<'_>, password: &mut Password<'_>) -> Result<Secret, Error> {
    let mut fields = element.sequence(WHAT)?;
    fields.tagged(Tag::Integer)?;
    let mut info = fields.sequence()?;
    info.oid()?;
    let algorithm = AlgorithmIdentifier::read(info.sequence()?)?;
    let sealed = octets(&info.any()?)?;
    password.open(&algorithm, &sealed)
}

/// RFC 7292 4.2: the bags, also those in bags, without recursion.
fn safe_contents(
    contents: &[u8],
    password: &mut Password<'_>,
    found: &mut Pkcs12,
    left: &mut usize,
) -> Result<(), Error> {
    let mut lists = vec![Element::only(contents, 0, WHAT)?.sequence(WHAT)?];
    while let Some(list) = lists.last_mut() {
        if list.is_empty() {
            lists.pop();
            continue;
        }
        *left = left.checked_sub(1).ok_or(Error::limit("MAX_BAGS", MAX_BAGS as u64))?;
        let mut bag = list.sequence()?;
        let kind = bag.oid()?;
        let value = bag.tagged(constructed(0))?;
        let attributes = bag.optional(Tag::Set)?;
        bag.finish()?;
        let value = Element::only(value.value, value.at, WHAT)?;
        match kind {
            KEY => key(Secret::new(value.raw.to_vec()), attributes, found)?,
            SHROUDED_KEY => {
                let mut fields = value.sequence(WHAT)?;
                let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
                let sealed = fields.tagged(Tag::OctetString)?.value;
                fields.finish()?;
                let opened = password.open(&algorithm, sealed)?;
                Element::only(&opened, 0, WHAT).map_err(|_| wrong_password())?;
                key(opened, attributes, found)?;
            }
            CERTIFICATE => certificate(value, attributes, found)?,
            SAFE_CONTENTS if lists.len() < MAX_ASN1_DEPTH => lists.push(value.sequence(WHAT)?),
            SAFE_CONTENTS => return Err(Error::limit("MAX_ASN1_DEPTH", MAX_ASN1_DEPTH as u64)),
            // CRLs and secrets, which nobody here asks for.
            _ => {}
        }
    }
    Ok(())
}

fn key(pkcs8: Secret, attributes: Option<Element<'_>>, found: &mut Pkcs12) -> Result<(), Error> {
    let (name, id) = labels(attributes)?;
    found.keys.push(KeyBag { pkcs8, name, id });
    Ok(())
}

/// RFC 7292 4.2.3.
fn certificate(bag: Element<'_>, attributes: Option<Element<'_>>, found: &mut Pkcs12) -> Result<(), Error> {
    let mut fields = bag.sequence(WHAT)?;
    if fields.oid()? != X509 {
        return Ok(());
    }
    let tagged = fields.tagged(constructed(0))?;
    fields.finish()?;
    let der = Element::only(tagged.value, tagged.at, WHAT)?;
    if der.tag != Tag::OctetString {
        return Err(der.error(WHAT));
    }
    let (name, id) = labels(attributes)?;
    found.certificates.push(CertificateBag { der: der.value.to_vec(), name, id });
    Ok(())
}

/// The friendly name and the local key id (RFC 2985 5.5).
fn labels(attributes: Option<Element<'_>>) -> Result<(Option<String>, Option<Vec<u8>>), Error> {
    let (mut name, mut id) = (None, None);
    let mut list = attributes.map_or(Elements::new(&[], 0, WHAT), |attributes| attributes.children(WHAT));
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let kind = fields.oid()?;
        let mut values = fields.tagged(Tag::Set)?.children(WHAT);
        if values.is_empty() {
            continue;
        }
        let value = values.any()?;
        match kind {
            FRIENDLY_NAME => name = text(&value),
            LOCAL_KEY_ID if value.tag == Tag::OctetString => id = Some(value.value.to_vec()),
            _ => {}
        }
    }
    Ok((name, id))
}
