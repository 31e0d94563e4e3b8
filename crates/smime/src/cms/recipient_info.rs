//! For whom a content key is sealed, as everyone can see.

use std::fmt;

use super::recipient::Recipient;
use super::signer::CertificateId;
use crate::oid::OidBuf;
use crate::tlv::Element;
use crate::x509::{Name, hex};

/// One for whom the content key is sealed, as the message names him (RFC 5652 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RecipientInfo {
    /// How it is sealed.
    pub form: RecipientForm,
    /// Who it is for.
    pub id: RecipientId,
    /// The algorithm that seals it; `None` where there is none to be read.
    pub algorithm: Option<OidBuf>,
}

/// How a content key is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RecipientForm {
    /// For a public key (RFC 5652 6.2.1).
    KeyTransport,
    /// In a key that both sides agree on (RFC 5652 6.2.2).
    KeyAgreement,
    /// In a key that both sides have (RFC 5652 6.2.3).
    SharedKey,
    /// In a key from a password (RFC 5652 6.2.4).
    Password,
    /// In a key that was encapsulated (RFC 9629).
    Kem,
    /// In a way that is not known (RFC 5652 6.2.5).
    Other,
}

/// How a recipient is named.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RecipientId {
    /// By the issuer of his certificate, for people, and the serial number in hex.
    Certificate {
        /// The issuer's name.
        issuer: String,
        /// The serial number.
        serial: String,
    },
    /// By an identifier of the key, in hex.
    KeyId(String),
    /// Not at all.
    None,
}

impl RecipientInfo {
    /// All those of a structure; one that cannot be read is of the form that is not known.
    pub(crate) fn list(recipients: &[Vec<u8>]) -> Vec<Self> {
        let mut list = Vec::new();
        for der in recipients {
            if list.len() >= crate::limits::MAX_RECIPIENTS {
                break;
            }
            match Recipient::read(der) {
                Ok(recipient) => Self::push(&mut list, &recipient),
                Err(_) => list.push(Self::of(RecipientForm::Other, RecipientId::None, None)),
            }
        }
        list
    }

    const fn of(form: RecipientForm, id: RecipientId, algorithm: Option<OidBuf>) -> Self {
        Self { form, id, algorithm }
    }

    fn push(list: &mut Vec<Self>, recipient: &Recipient<'_>) {
        let one = match recipient {
            Recipient::Transport { id, algorithm, .. } => {
                Self::of(RecipientForm::KeyTransport, id.into(), Some(algorithm.oid().into()))
            }
            Recipient::Agreement { algorithm, keys, .. } => {
                let room = crate::limits::MAX_RECIPIENTS.saturating_sub(list.len());
                list.extend(keys.iter().take(room).map(|(id, _)| {
                    let algorithm = Some(algorithm.oid().into());
                    Self::of(RecipientForm::KeyAgreement, id.into(), algorithm)
                }));
                return;
            }
            Recipient::KeyEncryption { id, algorithm, .. } => {
                let id = RecipientId::KeyId(hex(id));
                Self::of(RecipientForm::SharedKey, id, Some(algorithm.oid().into()))
            }
            Recipient::Password { algorithm, .. } => {
                Self::of(RecipientForm::Password, RecipientId::None, Some(algorithm.oid().into()))
            }
            Recipient::Kem(kem) => Self::of(RecipientForm::Kem, (&kem.id).into(), None),
            Recipient::Other => Self::of(RecipientForm::Other, RecipientId::None, None),
        };
        list.push(one);
    }
}

impl From<&CertificateId<'_>> for RecipientId {
    fn from(id: &CertificateId<'_>) -> Self {
        match id {
            CertificateId::KeyId(id) => Self::KeyId(hex(id)),
            CertificateId::IssuerAndSerial { issuer, serial } => {
                let name = Element::only(issuer, 0, "issuer").and_then(Name::read);
                let issuer = name.map_or_else(|_| "?".to_owned(), |name| name.to_string());
                Self::Certificate { issuer, serial: hex(serial) }
            }
        }
    }
}

impl fmt::Display for RecipientInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            RecipientForm::KeyTransport | RecipientForm::KeyAgreement => f.write_str("the holder of"),
            RecipientForm::Kem => f.write_str("the holder (by encapsulation) of"),
            RecipientForm::SharedKey => f.write_str("who has the shared key"),
            RecipientForm::Password => return f.write_str("who knows a password"),
            RecipientForm::Other => return f.write_str("a recipient of a form that is not known"),
        }?;
        match &self.id {
            RecipientId::Certificate { issuer, serial } => write!(f, " certificate {serial} of {issuer}"),
            RecipientId::KeyId(id) => write!(f, " {id}"),
            RecipientId::None => Ok(()),
        }
    }
}
