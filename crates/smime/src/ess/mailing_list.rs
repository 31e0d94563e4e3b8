//! The mailing lists that a message went through (RFC 2634 4).

use std::fmt;

use der::Tag;

use super::addresses;
use crate::cms::RecipientId;
use crate::cms::signer::CertificateId;
use crate::error::Error;
use crate::limits::{MAX_MAILING_LISTS, MAX_RECEIPT_NAMES};
use crate::tlv::{Element, constructed, primitive};
use crate::x509::Time;

/// A mailing list that a message went through (RFC 2634 4.4: `MLData`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct MailingList {
    /// The list, as its certificate or key is named.
    pub list: RecipientId,
    /// When it sent the message on.
    pub time: Time,
    /// What it has to say about receipts.
    pub receipts: Option<ReceiptPolicy>,
}

/// What a mailing list has to say about receipts: it overrides the request (RFC 2634 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ReceiptPolicy {
    /// None is to be sent.
    None,
    /// They are to be sent to these addresses, and not to those of the request.
    InsteadOf(Vec<String>),
    /// They are to be sent to these addresses as well.
    InAdditionTo(Vec<String>),
}

const WHAT: &str = "mailing list expansion history";

impl MailingList {
    /// Reads `MLExpansionHistory`, the first list first.
    pub(crate) fn read_all(element: Element<'_>) -> Result<Vec<Self>, Error> {
        let mut elements = element.sequence(WHAT)?;
        let mut lists = Vec::new();
        while !elements.is_empty() {
            if lists.len() >= MAX_MAILING_LISTS {
                return Err(Error::limit("MAX_MAILING_LISTS", MAX_MAILING_LISTS as u64));
            }
            lists.push(Self::read(elements.tagged(Tag::Sequence)?)?);
        }
        Ok(lists)
    }

    fn read(element: Element<'_>) -> Result<Self, Error> {
        let mut fields = element.children(WHAT);
        // EntityIdentifier: the key identifier is a plain OCTET STRING here.
        let list = match fields.optional(Tag::OctetString)? {
            Some(key) => CertificateId::KeyId(key.value),
            None => CertificateId::read(&mut fields)?,
        };
        let time = Time::read(&fields.any()?)?;
        let receipts = if fields.is_empty() { None } else { Some(ReceiptPolicy::read(fields.any()?)?) };
        fields.finish()?;
        Ok(Self { list: (&list).into(), time, receipts })
    }
}

impl ReceiptPolicy {
    fn read(element: Element<'_>) -> Result<Self, Error> {
        let names = || addresses(element.children(WHAT), MAX_RECEIPT_NAMES);
        match element.tag {
            tag if tag == primitive(0) => Ok(Self::None),
            tag if tag == constructed(1) => names().map(Self::InsteadOf),
            tag if tag == constructed(2) => names().map(Self::InAdditionTo),
            _ => Err(element.error(WHAT)),
        }
    }
}

impl fmt::Display for MailingList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.list {
            RecipientId::Certificate { issuer, serial } => write!(f, "number {serial} of {issuer}")?,
            RecipientId::KeyId(id) => write!(f, "key {id}")?,
            RecipientId::None => f.write_str("a list")?,
        }
        write!(f, " at {}", self.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ber::{Identifier, write};

    fn list(policy: &[u8]) -> Vec<u8> {
        let time = write::element(Identifier::of(0x18), b"20270101000000Z");
        write::sequence(&[&write::octets(&[0xab]), &time, policy])
    }

    #[test]
    fn lists_and_their_policies_are_read_in_their_order() {
        let names = write::sequence(&[&write::element(Identifier::context_primitive(1), b"a@b.example")]);
        let history = write::sequence(&[
            &list(&[]),
            &list(&[0x80, 0]),
            &list(&write::element(Identifier::context(1), &names)),
        ]);
        let lists = MailingList::read_all(Element::only(&history, 0, "test").unwrap()).unwrap();
        let policies: Vec<_> = lists.iter().map(|list| list.receipts.clone()).collect();
        let instead = ReceiptPolicy::InsteadOf(vec!["a@b.example".into()]);
        assert_eq!(policies, [None, Some(ReceiptPolicy::None), Some(instead)]);
        assert_eq!(lists[0].to_string(), "key ab at 2027-01-01T00:00:00Z");
    }

    #[test]
    fn more_lists_than_there_may_be_are_refused() {
        let history = write::element(Identifier::SEQUENCE, &list(&[]).repeat(MAX_MAILING_LISTS + 1));
        let read = MailingList::read_all(Element::only(&history, 0, "test").unwrap());
        assert!(matches!(read.unwrap_err().kind(), crate::ErrorKind::Limit { .. }));
    }
}
