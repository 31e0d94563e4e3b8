//! Whether a signer signed this content (RFC 5652 5.4), which is only the first question: who that is and whether to
//! trust him comes after.

use std::borrow::Cow;

use der::Tag;

use super::attribute::{
    ALGORITHM_PROTECTION, Attributes, CONTENT_TYPE, COUNTERSIGNATURE, MESSAGE_DIGEST, NotOne,
    SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
};
use super::content::ContentType;
use super::fault::SignatureFault;
use super::hashes::Hashes;
use super::signed::Beginning;
use super::signer::SignerInfo;
use crate::algorithm::{AlgorithmIdentifier, Digest, SignatureScheme};
use crate::backend::{self, Signed, Unverified};
use crate::oid::Oid;
use crate::tlv::{Element, constructed};
use crate::x509::PublicKeyInfo;
use crate::x509::key::DsaDomain;

/// What was signed.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    /// The identifier of its type; `None` for the signature that a countersignature signs (RFC 5652 11.4).
    pub(crate) type_: Option<Oid<'a>>,
    pub(crate) hashes: &'a Hashes,
    /// The octets, where they are in memory.
    pub(crate) octets: Option<&'a [u8]>,
    pub(crate) beginning: &'a Beginning,
}

/// The certificate that a signer is said to have.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) certificate: &'a [u8],
    pub(crate) key: PublicKeyInfo<'a>,
    /// Parameters of a DSA key that has none of its own.
    pub(crate) inherited: Option<DsaDomain<'a>>,
}

/// A signature that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stands {
    /// Whether the signed attributes are in the order of DER, over which they have to be signed (RFC 5652 5.4).
    pub(crate) sorted: bool,
}

/// Checks the signature of `info` over `content`.
pub(crate) fn check(
    info: &SignerInfo<'_>,
    signer: &Signer<'_>,
    content: &Content<'_>,
) -> Result<Stands, SignatureFault> {
    let digest = digest_of(info)?;
    let scheme = SignatureScheme::with_digest(&info.algorithm, digest)?;
    check_sides(info)?;
    let hash = content.hash(digest)?;
    let Some(attributes) = info.signed()? else {
        return check_bare(info, signer, content, &scheme, &hash);
    };
    // RFC 8933 4, RFC 8419 3.1: one digest for the content and for the attributes.
    if let Some(other) = scheme.digest().filter(|other| *other != digest) {
        return Err(SignatureFault::TwoDigests { content: digest, attributes: other });
    }
    check_attributes(info, &attributes, signer, content, &hash)?;
    let verify = |signed: &[u8]| {
        backend::verify(&scheme, &signer.key, signer.inherited, Signed::Message(signed), info.signature)
    };
    let (der, sorted) = attributes.sorted();
    let wire =
        info.signed_attributes.map(|set| crate::ber::write::element(crate::ber::Identifier::SET, set.value));
    // RFC 5652 5.4: signed is the DER. Some sign the order they send, which is no DER, so that is tried first.
    let stands = match wire.filter(|_| !sorted).map(|wire| verify(&wire)) {
        Some(Ok(())) => Ok(()),
        _ => verify(&der),
    };
    stands.map(|()| Stands { sorted }).map_err(SignatureFault::from)
}

/// Attributes that stand only among the signed ones, or only among the others.
fn check_sides(info: &SignerInfo<'_>) -> Result<(), SignatureFault> {
    let unsigned = info.unsigned();
    for (type_, name, rule) in [
        (CONTENT_TYPE, "content-type", "RFC 5652 11.1"),
        (MESSAGE_DIGEST, "message-digest", "RFC 5652 11.2"),
        (SIGNING_TIME, "signing-time", "RFC 5652 11.3"),
    ] {
        if unsigned.of(type_).next().is_some() {
            return Err(SignatureFault::Misplaced { name, rule });
        }
    }
    match info.signed()? {
        Some(signed) if signed.of(COUNTERSIGNATURE).next().is_some() => {
            Err(SignatureFault::Misplaced { name: "countersignature", rule: "RFC 5652 11.4" })
        }
        _ => Ok(()),
    }
}

/// A signature over the content itself.
fn check_bare(
    info: &SignerInfo<'_>,
    signer: &Signer<'_>,
    content: &Content<'_>,
    scheme: &SignatureScheme,
    hash: &[u8],
) -> Result<Stands, SignatureFault> {
    // RFC 5652 5.3: signed attributes must be there unless the content is data.
    if content.type_.is_some_and(|type_| ContentType::from_oid(type_) != ContentType::Data) {
        return Err(SignatureFault::AttributesWanted);
    }
    // Else attributes that someone signed could be passed off as a message of his.
    if content.beginning.is_like_attributes() {
        return Err(SignatureFault::ContentLikeAttributes);
    }
    let signed = match (content.octets, scheme.digest()) {
        (Some(octets), _) if scheme.signs_message() => Signed::Message(octets),
        (None, _) if scheme.signs_message() => return Err(SignatureFault::ContentNotKept),
        (_, Some(other)) if other != digest_of(info)? => {
            return Err(SignatureFault::TwoDigests { content: digest_of(info)?, attributes: other });
        }
        _ => Signed::Digest(hash),
    };
    backend::verify(scheme, &signer.key, signer.inherited, signed, info.signature)?;
    Ok(Stands { sorted: true })
}

/// The rules for the attributes that must or may be there once.
fn check_attributes(
    info: &SignerInfo<'_>,
    attributes: &Attributes<'_>,
    signer: &Signer<'_>,
    content: &Content<'_>,
    hash: &[u8],
) -> Result<(), SignatureFault> {
    let type_ = attributes.one(CONTENT_TYPE);
    match content.type_ {
        // RFC 5652 11.1
        Some(wanted) => {
            let stated = type_.map_err(|not| missing(not, "content-type", "RFC 5652 11.1"))?;
            if stated.tag != Tag::ObjectIdentifier || stated.value != wanted.octets() {
                return Err(SignatureFault::ContentType);
            }
        }
        // RFC 5652 11.4: a countersignature has none.
        None if type_ != Err(NotOne::Absent) => return Err(SignatureFault::ContentType),
        None => {}
    }
    // RFC 5652 11.2
    let stated =
        attributes.one(MESSAGE_DIGEST).map_err(|not| missing(not, "message-digest", "RFC 5652 11.2"))?;
    if stated.tag != Tag::OctetString || stated.value != hash {
        return Err(SignatureFault::MessageDigest);
    }
    // RFC 5652 11.3, RFC 6211 2, RFC 5035 3, RFC 2634 5.4: at most one.
    for (once, name, rule) in [
        (SIGNING_TIME, "signing-time", "RFC 5652 11.3"),
        (ALGORITHM_PROTECTION, "CMSAlgorithmProtection", "RFC 6211 2"),
        (SIGNING_CERTIFICATE, "signingCertificate", "RFC 2634 5.4"),
        (SIGNING_CERTIFICATE_V2, "signingCertificateV2", "RFC 5035 3"),
    ] {
        match (attributes.one(once), once) {
            (Err(NotOne::Absent), _) => {}
            (Err(NotOne::Several), _) => return Err(SignatureFault::Repeated { name, rule }),
            (Ok(value), ALGORITHM_PROTECTION) => check_protection(info, value)?,
            (Ok(value), SIGNING_CERTIFICATE) => check_certificate(signer, value, Digest::Sha1)?,
            (Ok(value), SIGNING_CERTIFICATE_V2) => check_certificate(signer, value, Digest::Sha256)?,
            (Ok(_), _) => {}
        }
    }
    Ok(())
}

fn missing(not: NotOne, name: &'static str, rule: &'static str) -> SignatureFault {
    match not {
        NotOne::Absent => SignatureFault::Missing { name, rule },
        NotOne::Several => SignatureFault::Repeated { name, rule },
    }
}

/// RFC 6211 2: the identifiers outside must be those that were signed.
fn check_protection(info: &SignerInfo<'_>, value: Element<'_>) -> Result<(), SignatureFault> {
    const WHAT: &str = "CMSAlgorithmProtection";
    let mut fields = value.children(WHAT);
    let digest = AlgorithmIdentifier::read(fields.sequence()?)?;
    let signature = fields.optional(constructed(1))?;
    let signature =
        signature.map(|signature| AlgorithmIdentifier::read(signature.children(WHAT))).transpose()?;
    if same(&digest, &info.digest) && signature.is_some_and(|signature| same(&signature, &info.algorithm)) {
        Ok(())
    } else {
        Err(SignatureFault::AlgorithmProtection)
    }
}

/// Equal, but for parameters absent in one and NULL in the other (RFC 5754 2).
fn same(one: &AlgorithmIdentifier<'_>, other: &AlgorithmIdentifier<'_>) -> bool {
    one.oid() == other.oid()
        && (one.parameters() == other.parameters() || one.no_parameters() && other.no_parameters())
}

/// RFC 2634 5.4, RFC 5035 4: the first certificate named is the signer's.
fn check_certificate(signer: &Signer<'_>, value: Element<'_>, default: Digest) -> Result<(), SignatureFault> {
    const WHAT: &str = "signingCertificate";
    let mut first = value.children(WHAT).sequence()?.sequence()?;
    let digest = match first.optional(Tag::Sequence)? {
        Some(identifier) if default == Digest::Sha256 => {
            Digest::from_identifier(&AlgorithmIdentifier::read(identifier.children(WHAT))?)?
        }
        Some(_) => return Err(first.error().into()),
        None => default,
    };
    let stated = first.tagged(Tag::OctetString)?;
    if backend::digest(digest, signer.certificate) == stated.value {
        Ok(())
    } else {
        Err(SignatureFault::OtherCertificate)
    }
}

fn digest_of(info: &SignerInfo<'_>) -> Result<Digest, SignatureFault> {
    Ok(Digest::from_identifier(&info.digest)?)
}

impl<'a> Content<'a> {
    fn hash(&self, digest: Digest) -> Result<Cow<'a, [u8]>, SignatureFault> {
        match (self.hashes.get(digest), self.octets) {
            (Some(hash), _) => Ok(Cow::Borrowed(hash)),
            (None, Some(octets)) => Ok(Cow::Owned(backend::digest(digest, octets))),
            // RFC 5652 5.1: the digest of each signer is among those at the front.
            (None, None) => Err(SignatureFault::NotAnnounced(digest)),
        }
    }
}

impl From<Unverified> for SignatureFault {
    fn from(unverified: Unverified) -> Self {
        match unverified {
            Unverified::Mismatch => Self::Mismatch,
            Unverified::Key(why) => Self::Key(why),
            Unverified::Error(error) => error.into(),
        }
    }
}
