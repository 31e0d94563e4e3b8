//! The layers of a message.

use std::borrow::Cow;

use mailwright_message_model::PartNumber;

use super::context::Context;
use super::identity::Identity;
use super::signer::{Judge, Signed, SignerReport};
use super::stated::Stated;
use super::verdict::{Verdict, Why};
use crate::cms::signed::SignedData;
use crate::cms::{ContentType, Opened, OpenedBy, RecipientInfo, SignatureFault};
use crate::error::Error;

/// One layer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Layer<'a> {
    /// What it is.
    pub kind: LayerKind,
    /// How much of the message is inside.
    pub coverage: Coverage,
    /// What is inside: the octets that were signed, opened or decompressed. Empty where it could not be opened.
    pub content: Cow<'a, [u8]>,
}

/// What a layer is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LayerKind {
    /// Signed.
    Signed(SignedLayer),
    /// Encrypted.
    Encrypted(EncryptedLayer),
    /// Compressed.
    Compressed,
    /// With its digest (RFC 5652 7), which guards against accidents alone; whether it is the right one.
    Digested(bool),
    /// The content and nothing around it (RFC 5652 4).
    Data,
    /// Certificates alone (RFC 8551 3.8): nothing is signed.
    Certificates(Vec<Vec<u8>>),
    /// It cannot be read.
    Unreadable(Error),
}

/// How much of a message a layer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coverage {
    /// All of it.
    Whole,
    /// This part, of several.
    Part(PartNumber),
}

/// A signed layer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignedLayer {
    /// One report each signer, in the order of the message.
    pub signers: Vec<SignerReport>,
    /// The certificates in the message, as DER; none of them is trusted for that.
    pub certificates: Vec<Vec<u8>>,
    /// Whether the content stands beside the signature, as in multipart/signed.
    pub detached: bool,
    /// What the content is: data, which in mail is a MIME entity, or a receipt.
    pub content_type: ContentType,
}

/// An encrypted layer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EncryptedLayer {
    /// What opened it and how, or why it stays closed.
    pub opened: Result<Opened, Error>,
    /// Those for whom it is sealed, as everyone can see.
    pub recipients: Vec<RecipientInfo>,
}

impl SignedLayer {
    /// That of all signers: good where each is.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.signers.iter().map(SignerReport::verdict);
        let mut worst = Verdict::Good;
        for verdict in verdicts {
            match verdict {
                Verdict::Bad(_) => return verdict,
                Verdict::Unknown(_) if worst.is_good() => worst = verdict,
                _ => {}
            }
        }
        if self.signers.is_empty() { Verdict::Bad(Why::NoSigner) } else { worst }
    }
}

impl SignedLayer {
    /// Signed data, judged with this content.
    pub(crate) fn of(data: &SignedData, content: Signed<'_>, context: &Context<'_>) -> Self {
        let signers = Judge::new(data, content, context).signers();
        let content_type = ContentType::from_oid(crate::Oid::from_octets(&data.content_type));
        Self { signers, certificates: data.certificates.clone(), detached: data.detached, content_type }
    }

    /// The same, where the content stands beside it.
    pub(crate) fn beside(data: &SignedData, content: Signed<'_>, context: &Context<'_>) -> Self {
        if data.detached {
            return Self::of(data, content, context);
        }
        // One of the two contents would not be what was signed (CVE-2018-18509).
        let mut signed = Self::of(data, Signed::Elsewhere, context);
        for signer in &mut signed.signers {
            signer.signature = Err(SignatureFault::TwoContents);
            signer.stated = Stated::default();
        }
        signed
    }

    /// Compares the signers with the address that the context gives.
    pub(crate) fn identify(&mut self, context: &Context<'_>) {
        if let Some(Some(from)) = &context.from {
            self.compare(std::slice::from_ref(from));
        }
    }

    /// Compares the signers with the addresses that a message is from.
    pub(super) fn compare(&mut self, from: &[String]) {
        for signer in self.signers.iter_mut().filter(|signer| signer.certificate.is_some()) {
            signer.identity = Identity::judge(from, &signer.addresses);
        }
    }
}

impl EncryptedLayer {
    /// The certificate, as DER, whose key opened it.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        match &self.opened.as_ref().ok()?.by {
            OpenedBy::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// Whether what came out is known to be what was sealed.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.opened.as_ref().is_ok_and(|opened| opened.cipher.is_authenticated())
    }
}

impl LayerKind {
    /// Whether what is inside can be looked into.
    pub(crate) const fn is_open(&self) -> bool {
        match self {
            Self::Encrypted(encrypted) => encrypted.opened.is_ok(),
            // A receipt is no entity.
            Self::Signed(signed) => !matches!(signed.content_type, ContentType::Receipt),
            Self::Certificates(_) | Self::Unreadable(_) => false,
            Self::Compressed | Self::Digested(_) | Self::Data => true,
        }
    }
}

impl<'a> Layer<'a> {
    /// The layer of a signature that [stands beside](crate::verify_detached) this content.
    #[must_use]
    pub const fn of_detached(signed: SignedLayer, content: &'a [u8]) -> Self {
        Self { kind: LayerKind::Signed(signed), coverage: Coverage::Whole, content: Cow::Borrowed(content) }
    }
}

impl Layer<'_> {
    /// The signed layer, if it is one.
    #[must_use]
    pub const fn signed(&self) -> Option<&SignedLayer> {
        match &self.kind {
            LayerKind::Signed(signed) => Some(signed),
            _ => None,
        }
    }

    /// The encrypted layer, if it is one.
    #[must_use]
    pub const fn encrypted(&self) -> Option<&EncryptedLayer> {
        match &self.kind {
            LayerKind::Encrypted(encrypted) => Some(encrypted),
            _ => None,
        }
    }
}
