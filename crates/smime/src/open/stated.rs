//! What a signer says of himself and of the message, in attributes that he signed.

use der::Tag;

use crate::capabilities::Capabilities;
use crate::cms::attribute::{Attributes, ENCRYPTION_KEY, SMIME_CAPABILITIES};
use crate::cms::signer::{CertificateId, SignerInfo};
use crate::ess::{
    AskedReceipt, EQUIVALENT_LABELS, ML_EXPANSION_HISTORY, MSG_SIG_DIGEST, MailingList, RECEIPT_REQUEST,
    ReceiptRequest, SECURITY_LABEL, SecurityLabel,
};
use crate::oid::Oid;
use crate::tlv::{Element, Elements, constructed, primitive};
use crate::x509::Certificate;

/// What a signer says. What he did not say, what cannot be read, and all of it where his signature does not stand, is not
/// there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Stated {
    /// What he can read (RFC 8551 2.5.2).
    pub capabilities: Option<Capabilities>,
    /// The certificate to encrypt to, where he has another than the one he signs with (RFC 8551 2.5.3).
    pub encryption_key: Option<EncryptionKey>,
    /// He asks for a receipt (RFC 2634 2.7).
    pub receipt: Option<AskedReceipt>,
    /// In a receipt, the digest of what the sender signed (RFC 2634 2.5).
    #[cfg_attr(feature = "serde", serde(skip))]
    pub receipt_digest: Option<Vec<u8>>,
    /// How sensitive the content is (RFC 2634 3).
    pub label: Option<SecurityLabel>,
    /// What that is by other policies (RFC 2634 3.4).
    pub equivalent_labels: Vec<SecurityLabel>,
    /// The mailing lists that the message went through (RFC 2634 4), the first one first.
    pub mailing_lists: Vec<MailingList>,
}

/// Which certificate to encrypt to: `SMIMEEncryptionKeyPreference` (RFC 8551 2.5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptionKey {
    /// The DER of a `SignerIdentifier`, whose two forms are all that is needed.
    id: Vec<u8>,
}

const WHAT: &str = "signed attribute";

impl Stated {
    /// What the signed attributes say; `digest` makes the digest of the signature's attributes.
    pub(super) fn read(
        info: &SignerInfo<'_>,
        content_type: Oid<'_>,
        digest: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
    ) -> Self {
        let Ok(Some(attributes)) = info.signed() else { return Self::default() };
        let value = |type_: Oid<'_>| attributes.one(type_).ok();
        let request = value(RECEIPT_REQUEST).and_then(|value| ReceiptRequest::read(value).ok());
        Self {
            capabilities: value(SMIME_CAPABILITIES).and_then(|value| Capabilities::read(value).ok()),
            encryption_key: value(ENCRYPTION_KEY).and_then(EncryptionKey::read),
            receipt: request.and_then(|request| {
                let digest = digest(&attributes.sorted().0)?;
                Some(AskedReceipt::new(request, content_type, info.signature, digest))
            }),
            receipt_digest: value(MSG_SIG_DIGEST)
                .filter(|value| value.tag == Tag::OctetString)
                .map(|value| value.value.to_vec()),
            label: value(SECURITY_LABEL).and_then(|value| SecurityLabel::read(value).ok()),
            equivalent_labels: equivalent(&attributes),
            mailing_lists: value(ML_EXPANSION_HISTORY)
                .and_then(|value| MailingList::read_all(value).ok())
                .unwrap_or_default(),
        }
    }
}

/// RFC 2634 3.4: `SEQUENCE OF ESSSecurityLabel`.
fn equivalent(attributes: &Attributes<'_>) -> Vec<SecurityLabel> {
    let list = attributes.one(EQUIVALENT_LABELS).ok().and_then(|value| value.sequence(WHAT).ok());
    let mut list = list.unwrap_or(Elements::new(&[], 0, WHAT));
    let labels = std::iter::from_fn(|| if list.is_empty() { None } else { list.any().ok() });
    labels.take(crate::limits::MAX_ATTRIBUTES).filter_map(|label| SecurityLabel::read(label).ok()).collect()
}

impl EncryptionKey {
    /// RFC 8551 2.5.3: an issuer and serial number, a `RecipientKeyIdentifier` or a subject key identifier, with implicit
    /// tags.
    fn read(element: Element<'_>) -> Option<Self> {
        use crate::ber::{Identifier, write};
        let key_id = |id: &[u8]| write::element(Identifier::context_primitive(0), id);
        let id = match element.tag {
            tag if tag == constructed(0) => write::element(Identifier::SEQUENCE, element.value),
            tag if tag == constructed(1) => {
                key_id(element.children(WHAT).tagged(Tag::OctetString).ok()?.value)
            }
            tag if tag == primitive(2) => key_id(element.value),
            _ => return None,
        };
        let read = Self { id };
        read.id().is_some().then_some(read)
    }

    /// Whether this is the certificate that is meant.
    #[must_use]
    pub fn names(&self, certificate: &Certificate<'_>) -> bool {
        self.id().is_some_and(|id| id.names(certificate))
    }

    fn id(&self) -> Option<CertificateId<'_>> {
        CertificateId::read(&mut Elements::new(&self.id, 0, WHAT)).ok()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for EncryptionKey {
    /// As recipients are named.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id().map(|id| crate::cms::RecipientId::from(&id)).serialize(serializer)
    }
}
