//! The reports as `serde` has them (feature `serde`): names in snake case, octets as hex, certificates as what people know
//! them by, and beside each finding the text and the rule that are shown to people.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::Digest;
use crate::cms::{Opened, OpenedBy, SignatureFault};
use crate::error::{Error, ErrorKind};
use crate::open::{
    Chain, Countersignature, Coverage, EncryptedLayer, Layer, LayerKind, Report, SignedLayer, SignerReport,
    Verdict, Why,
};
use crate::path::{Path, PathError};
use crate::x509::{Certificate, PublicKeyInfo, hex};

/// Writes an object with these fields.
macro_rules! object {
    ($serializer:ident, $name:literal, { $($key:literal: $value:expr,)+ }) => {{
        let fields = [$($key),+].len();
        let mut object = $serializer.serialize_struct($name, fields)?;
        $(object.serialize_field($key, &$value)?;)+
        object.end()
    }};
}

impl Serialize for Error {
    /// The kind, the text, and where there is one the octet.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = match self.kind() {
            ErrorKind::Asn1 { .. } => "asn1",
            ErrorKind::Pem { .. } => "pem",
            ErrorKind::Unsupported { .. } => "unsupported",
            ErrorKind::Limit { .. } => "limit",
            ErrorKind::Key(_) => "key",
            ErrorKind::Io(_) => "io",
            ErrorKind::NotSeekable => "not_seekable",
            ErrorKind::NoRecipient => "no_recipient",
            ErrorKind::Decrypt => "decrypt",
        };
        let oid = match self.kind() {
            ErrorKind::Unsupported { oid, .. } => Some(oid),
            _ => None,
        };
        object!(serializer, "Error", {
            "kind": kind,
            "text": self.to_string(),
            "offset": self.offset(),
            "oid": oid,
        })
    }
}

impl Serialize for PathError {
    /// The rule, where it stands, and which certificate broke it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "PathError", {
            "reason": self.rule(),
            "rule": self.section(),
            "certificate": self.certificate(),
            "text": self.to_string(),
        })
    }
}

impl Serialize for Path<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Path", {
            "certificates": self.certificates(),
            "anchor": self.anchor(),
            "policies": self.policies(),
            "revocation": self.revocation(),
        })
    }
}

impl Serialize for PublicKeyInfo<'_> {
    /// The identifier of the algorithm, the name that people know it by, the bits.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "PublicKeyInfo", {
            "oid": self.algorithm().oid().to_string(),
            "text": self.to_string(),
            "bits": self.bits(),
        })
    }
}

impl Serialize for Certificate<'_> {
    /// What people know it by.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Certificate", {
            "subject": self.subject().to_string(),
            "issuer": self.issuer().to_string(),
            "serial": hex(self.serial()),
            "not_before": self.not_before(),
            "not_after": self.not_after(),
            "addresses": self.email_addresses(),
            "key": self.public_key(),
            "sha256": hex(&self.fingerprint(Digest::Sha256)),
        })
    }
}

/// A certificate as DER; `null` where it cannot be read.
struct Der<'d>(&'d [u8]);

impl Serialize for Der<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Certificate::from_der(self.0).ok().serialize(serializer)
    }
}

fn all(certificates: &[Vec<u8>]) -> Vec<Der<'_>> {
    certificates.iter().map(|der| Der(der)).collect()
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let about = match self {
            Self::Signature(_) => "signature",
            Self::Chain(_) => "chain",
            Self::Identity(_) => "identity",
            Self::Partial => "partial",
            Self::NoSigner => "no_signer",
            Self::Layer(_) => "layer",
        };
        object!(serializer, "Why", {
            "about": about,
            "text": self.to_string(),
            "rule": self.rule(),
        })
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (result, why) = match self {
            Self::Good => ("good", None),
            Self::Bad(why) => ("bad", Some(why)),
            Self::Unknown(why) => ("unknown", Some(why)),
            Self::Unsigned => ("unsigned", None),
        };
        object!(serializer, "Verdict", {
            "result": result,
            "why": why,
        })
    }
}

/// Whether a signature stands, and why not.
struct Signature<'s>(&'s Result<(), SignatureFault>);

impl Serialize for Signature<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fault = self.0.as_ref().err();
        object!(serializer, "Signature", {
            "good": fault.is_none(),
            "fault": fault,
            "text": fault.map(ToString::to_string),
            "rule": fault.map(SignatureFault::rule),
        })
    }
}

/// Whether a signer is trusted: the path, or why there is none.
struct Trust<'t>(&'t Result<Chain, PathError>);

impl Serialize for Trust<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (path, error) = (self.0.as_ref().ok(), self.0.as_ref().err());
        object!(serializer, "Trust", {
            "trusted": path.is_some(),
            "path": path,
            "error": error,
        })
    }
}

impl Serialize for Chain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Chain", {
            "certificates": all(&self.certificates),
            "anchor": Der(&self.anchor),
            "policies": self.policies,
            "revocation": self.revocation,
        })
    }
}

impl Serialize for Countersignature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Countersignature", {
            "signature": Signature(&self.signature),
            "signing_time": self.signing_time,
            "certificate": self.certificate.as_deref().map(Der),
        })
    }
}

impl Serialize for SignerReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "SignerReport", {
            "verdict": self.verdict(),
            "signature": Signature(&self.signature),
            "chain": self.chain.as_ref().map(Trust),
            "identity": self.identity,
            "addresses": self.addresses,
            "signing_time": self.signing_time,
            "digest": self.digest,
            "certificate": self.certificate.as_deref().map(Der),
            "countersignatures": self.countersignatures,
            "stated": self.stated,
            "warnings": self.warnings,
        })
    }
}

impl Serialize for SignedLayer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "SignedLayer", {
            "verdict": self.verdict(),
            "signers": self.signers,
            "certificates": all(&self.certificates),
            "detached": self.detached,
            "content_type": self.content_type,
        })
    }
}

impl Serialize for OpenedBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, certificate) = match self {
            Self::Certificate(der) => ("certificate", Some(Der(der))),
            Self::SharedKey => ("shared_key", None),
            Self::Password => ("password", None),
        };
        object!(serializer, "OpenedBy", {
            "kind": kind,
            "certificate": certificate,
        })
    }
}

impl Serialize for Opened {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Opened", {
            "cipher": self.cipher,
            "authenticated": self.cipher.is_authenticated(),
            "by": self.by,
            "content_type": self.content_type,
        })
    }
}

impl Serialize for EncryptedLayer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "EncryptedLayer", {
            "opened": self.opened.as_ref().ok(),
            "error": self.opened.as_ref().err(),
            "recipients": self.recipients,
        })
    }
}

impl Serialize for Coverage {
    /// `whole`, or the number of the part.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole => serializer.serialize_str("whole"),
            Self::Part(part) => serializer.collect_str(&format_args!("part {part}")),
        }
    }
}

impl Serialize for LayerKind {
    /// Under its name; where there is nothing to tell of it, the name alone.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const NAME: &str = "LayerKind";
        match self {
            Self::Signed(layer) => serializer.serialize_newtype_variant(NAME, 0, "signed", layer),
            Self::Encrypted(layer) => serializer.serialize_newtype_variant(NAME, 1, "encrypted", layer),
            Self::Compressed => serializer.serialize_unit_variant(NAME, 2, "compressed"),
            Self::Digested(good) => serializer.serialize_newtype_variant(NAME, 3, "digested", good),
            Self::Data => serializer.serialize_unit_variant(NAME, 4, "data"),
            Self::Certificates(list) => {
                serializer.serialize_newtype_variant(NAME, 5, "certificates", &all(list))
            }
            Self::Unreadable(error) => serializer.serialize_newtype_variant(NAME, 6, "unreadable", error),
        }
    }
}

impl Serialize for Layer<'_> {
    /// The content is told by its length.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Layer", {
            "kind": self.kind,
            "coverage": self.coverage,
            "octets": self.content.len(),
        })
    }
}

impl Serialize for Report<'_> {
    /// Without the content.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "Report", {
            "verdict": self.verdict(),
            "encrypted": self.is_encrypted(),
            "layers": self.layers,
            "from": self.from,
            "sender": self.sender,
            "header": self.header,
        })
    }
}
