//! Signed receipts (RFC 2634 2).

use std::fmt;

use der::Tag;

use super::addresses;
use crate::ber::{Identifier, write};
use crate::cms::ContentType;
use crate::error::Error;
use crate::limits::MAX_RECEIPT_NAMES;
use crate::oid::{Oid, OidBuf};
use crate::open::Layer;
use crate::path::same_address;
use crate::tlv::{Element, constructed, primitive};

/// The request for a receipt (RFC 2634 2.7).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReceiptRequest {
    /// What the sender knows the message by: no other of his has it.
    pub id: Vec<u8>,
    /// Who is to send one.
    pub from: ReceiptsFrom,
    /// The addresses that it is to be sent to. Names of other kinds are left out.
    pub to: Vec<String>,
}

/// Who is to send a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ReceiptsFrom {
    /// Everyone.
    All,
    /// Those that got it through no mailing list.
    FirstTier,
    /// Those with these addresses.
    Addresses(Vec<String>),
}

/// A request in a message whose signature stands, with what the receipt has to say of that message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AskedReceipt {
    request: ReceiptRequest,
    #[cfg_attr(feature = "serde", serde(skip))]
    receipt: Receipt,
    /// The digest of the signed attributes (RFC 2634 2.5, step 1.2).
    #[cfg_attr(feature = "serde", serde(skip))]
    digest: Vec<u8>,
}

/// What is signed in a receipt (RFC 2634 2.8).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Receipt {
    /// The type of the content that was received.
    pub content_type: OidBuf,
    /// What the sender knows the message by.
    pub id: Vec<u8>,
    /// The signature of the message.
    pub signature: Vec<u8>,
}

/// Why a receipt is none for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ReceiptFault {
    /// It is no layer of signed data with a receipt inside, or no one signed it.
    NoReceipt,
    /// What is inside cannot be read.
    Malformed(Error),
    /// It is for another message: the identifier is another.
    OtherMessage,
    /// The content that was received is of another type.
    OtherContentType,
    /// The message received had another signature.
    OtherSignature,
    /// The digest of the signed attributes (msgSigDigest) is not there, or another.
    OtherDigest,
}

const WHAT: &str = "receipt";

/// RFC 2634 2.7: v1.
const VERSION: u64 = 1;

impl ReceiptRequest {
    /// A request to everyone, for receipts to this address; `id` must be one that no other message of the sender has.
    #[must_use]
    pub fn new(id: &[u8], to: &str) -> Self {
        Self { id: id.to_vec(), from: ReceiptsFrom::All, to: vec![to.to_owned()] }
    }

    /// Who is to send one.
    #[must_use]
    pub fn from(mut self, from: ReceiptsFrom) -> Self {
        self.from = from;
        self
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, Error> {
        let mut fields = element.sequence(WHAT)?;
        let id = fields.tagged(Tag::OctetString)?.value.to_vec();
        let from = fields.any()?;
        let from = match from.tag {
            tag if tag == primitive(0) => match from.value {
                [0] => ReceiptsFrom::All,
                [1] => ReceiptsFrom::FirstTier,
                _ => return Err(from.error(WHAT)),
            },
            tag if tag == constructed(1) => {
                ReceiptsFrom::Addresses(addresses(from.children(WHAT), MAX_RECEIPT_NAMES)?)
            }
            _ => return Err(from.error(WHAT)),
        };
        let to = addresses(fields.sequence()?, MAX_RECEIPT_NAMES)?;
        fields.finish()?;
        Ok(Self { id, from, to })
    }

    /// The DER of the attribute's value.
    ///
    /// # Errors
    ///
    /// No address to send to, or more than [`MAX_RECEIPT_NAMES`].
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, Error> {
        // RFC 2634 2.7: SIZE (1..ub-receiptsTo)
        if self.to.is_empty() {
            return Err(Error::key("a request for a receipt names an address to send it to (RFC 2634 2.7)"));
        }
        let from = match &self.from {
            ReceiptsFrom::All => write::element(Identifier::context_primitive(0), &[0]),
            ReceiptsFrom::FirstTier => write::element(Identifier::context_primitive(0), &[1]),
            ReceiptsFrom::Addresses(list) => write::element(Identifier::context(1), &names(list)?),
        };
        let to = write::element(Identifier::SEQUENCE, &names(&self.to)?);
        Ok(write::sequence(&[&write::octets(&self.id), &from, &to]))
    }
}

/// Each address as `GeneralNames` of its own.
fn names(list: &[String]) -> Result<Vec<u8>, Error> {
    if list.len() > MAX_RECEIPT_NAMES {
        return Err(Error::limit("MAX_RECEIPT_NAMES", MAX_RECEIPT_NAMES as u64));
    }
    let each = |address: &String| {
        if !address.is_ascii() {
            return Err(Error::key("an rfc822Name is of ASCII (RFC 5280 4.2.1.6)"));
        }
        Ok(write::sequence(&[&write::element(Identifier::context_primitive(1), address.as_bytes())]))
    };
    Ok(list.iter().map(each).collect::<Result<Vec<_>, _>>()?.concat())
}

impl AskedReceipt {
    pub(crate) fn new(
        request: ReceiptRequest,
        content_type: Oid<'_>,
        signature: &[u8],
        digest: Vec<u8>,
    ) -> Self {
        let (content_type, id) = (content_type.into(), request.id.clone());
        Self { request, receipt: Receipt { content_type, id, signature: signature.to_vec() }, digest }
    }

    /// What was asked for.
    #[must_use]
    pub const fn request(&self) -> &ReceiptRequest {
        &self.request
    }

    /// Whether one with this address is asked, who got the message through no mailing list (RFC 2634 2.3).
    #[must_use]
    pub fn is_from(&self, address: &str) -> bool {
        match &self.request.from {
            ReceiptsFrom::All | ReceiptsFrom::FirstTier => true,
            ReceiptsFrom::Addresses(list) => list.iter().any(|asked| same_address(asked, address)),
        }
    }

    pub(crate) const fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    pub(crate) fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// Whether this layer is the receipt that was asked for (RFC 2634 2.6). Whether its signers signed it and who they are is
    /// for their [`verdict`](crate::SignerReport::verdict) to say.
    ///
    /// # Errors
    ///
    /// What does not fit.
    pub fn check(&self, layer: &Layer<'_>) -> Result<(), ReceiptFault> {
        let signed = layer.signed().filter(|signed| {
            signed.content_type == ContentType::Receipt && !signed.detached && !signed.signers.is_empty()
        });
        let signed = signed.ok_or(ReceiptFault::NoReceipt)?;
        let receipt = Receipt::from_der(&layer.content).map_err(ReceiptFault::Malformed)?;
        if receipt.id != self.receipt.id {
            return Err(ReceiptFault::OtherMessage);
        }
        if receipt.content_type != self.receipt.content_type {
            return Err(ReceiptFault::OtherContentType);
        }
        if receipt.signature != self.receipt.signature {
            return Err(ReceiptFault::OtherSignature);
        }
        let same = |digest: &Option<Vec<u8>>| digest.as_ref() == Some(&self.digest);
        if signed.signers.iter().all(|signer| same(&signer.stated.receipt_digest)) {
            Ok(())
        } else {
            Err(ReceiptFault::OtherDigest)
        }
    }
}

impl Receipt {
    /// Reads the DER of a `Receipt`: the content of a layer of signed data whose type is
    /// [`ContentType::Receipt`].
    ///
    /// # Errors
    ///
    /// Another form, or another version than 1.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let receipt = Element::only(der, 0, WHAT)?;
        let mut fields = receipt.sequence(WHAT)?;
        let version = fields.tagged(Tag::Integer)?;
        if version.small()? != VERSION {
            return Err(version.error(WHAT));
        }
        let content_type = fields.oid()?.into();
        let id = fields.tagged(Tag::OctetString)?.value.to_vec();
        let signature = fields.tagged(Tag::OctetString)?.value.to_vec();
        fields.finish()?;
        Ok(Self { content_type, id, signature })
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let content_type = write::oid(self.content_type.as_oid());
        write::sequence(&[
            &write::integer(VERSION),
            &content_type,
            &write::octets(&self.id),
            &write::octets(&self.signature),
        ])
    }
}

impl ReceiptFault {
    /// The document and section with the rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::NoReceipt | Self::Malformed(_) => "RFC 2634 2.8",
            _ => "RFC 2634 2.6",
        }
    }
}

impl fmt::Display for ReceiptFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReceipt => f.write_str("this is no signed receipt"),
            Self::Malformed(error) => error.fmt(f),
            Self::OtherMessage => f.write_str("the receipt is for another message"),
            Self::OtherContentType => f.write_str("the receipt is for content of another type"),
            Self::OtherSignature => f.write_str("the receipt is for a message with another signature"),
            Self::OtherDigest => f.write_str("the receipt has not the digest of what was signed"),
        }
    }
}

impl std::error::Error for ReceiptFault {}
