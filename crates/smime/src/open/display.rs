//! Reports for people: a line a layer, what was found of each signer below it, and the verdict.

use std::fmt;

use super::layer::{Coverage, EncryptedLayer, Layer, LayerKind};
use super::report::Report;
use super::signer::{Chain, SignerReport, Warning};
use super::stated::Stated;
use crate::cms::OpenedBy;
use crate::path::RevocationStatus;
use crate::x509::Certificate;

impl fmt::Display for Report<'_> {
    /// A line a layer, from the outside in, each with what is to be told of it, and the verdict.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.layers.iter().try_for_each(|layer| writeln!(f, "{layer}"))?;
        if let Some(sender) = &self.sender {
            let certified = if sender.certified { ", for whom the certificate is" } else { "" };
            writeln!(f, "sent by {}, who is not in From{certified}", sender.address)?;
        }
        if self.header.is_from_mismatch() {
            writeln!(f, "From is another one inside than outside (RFC 9788 4.4.1.1)")?;
        }
        write!(f, "{}", self.verdict())
    }
}

impl fmt::Display for Layer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Coverage::Part(part) = &self.coverage {
            write!(f, "part {part}: ")?;
        }
        match &self.kind {
            LayerKind::Signed(signed) if signed.signers.is_empty() => f.write_str("signed by no one"),
            LayerKind::Signed(signed) => {
                f.write_str("signed")?;
                signed.signers.iter().try_for_each(|signer| write!(f, "\n{signer}"))
            }
            LayerKind::Encrypted(encrypted) => encrypted.fmt(f),
            LayerKind::Compressed => f.write_str("compressed"),
            LayerKind::Digested(true) => f.write_str("with its digest"),
            LayerKind::Digested(false) => f.write_str("with a digest that is not its own"),
            LayerKind::Data => f.write_str("data"),
            LayerKind::Certificates(list) => write!(f, "{} certificates, no signature", list.len()),
            LayerKind::Unreadable(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

impl fmt::Display for EncryptedLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let opened = match &self.opened {
            Ok(opened) => opened,
            Err(error) => return write!(f, "encrypted: {error}"),
        };
        write!(f, "encrypted, {}, opened with ", opened.cipher)?;
        match &opened.by {
            OpenedBy::Certificate(der) => write!(f, "the key of {}", Named(der)),
            OpenedBy::SharedKey => f.write_str("a shared key"),
            OpenedBy::Password => f.write_str("a password"),
        }?;
        match opened.cipher.is_authenticated() {
            true => Ok(()),
            false => f.write_str("; the text may have been changed on the way (RFC 8551 6)"),
        }
    }
}

impl fmt::Display for SignerReport {
    /// Who, the verdict, and what it rests on, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.addresses.as_slice(), &self.certificate) {
            ([], Some(der)) => write!(f, "  {}", Named(der)),
            ([], None) => f.write_str("  a signer whose certificate is not at hand"),
            (addresses, _) => write!(f, "  {}", addresses.join(", ")),
        }?;
        write!(f, ": {}", self.verdict().word())?;
        match &self.signature {
            Ok(()) => f.write_str("\n    signature: the content is what was signed")?,
            Err(fault) => write!(f, "\n    signature: {fault} ({})", fault.rule())?,
        }
        if let Some(digest) = self.digest {
            write!(f, ", {digest}")?;
        }
        if let Some(time) = self.signing_time {
            write!(f, ", signed {time} by the signer's word")?;
        }
        match &self.chain {
            Some(Ok(chain)) => write!(f, "\n    trust: {chain}")?,
            Some(Err(error)) => write!(f, "\n    trust: {error}")?,
            None => f.write_str("\n    trust: not judged")?,
        }
        write!(f, "\n    sender: {}", self.identity)?;
        for counter in &self.countersignatures {
            let who =
                counter.certificate.as_deref().map_or_else(|| "someone".into(), |der| Named(der).to_string());
            match &counter.signature {
                Ok(()) => write!(f, "\n    countersigned by {who}")?,
                Err(fault) => write!(f, "\n    countersigned by {who}, which does not stand: {fault}")?,
            }
        }
        self.stated.fmt(f)?;
        // What is not known of revocation stands beside the trust.
        let mut further = self.warnings.iter().filter(|warning| **warning != Warning::RevocationNotChecked);
        further.try_for_each(|warning| write!(f, "\n    note: {warning}"))
    }
}

impl fmt::Display for Stated {
    /// A line each, with what is to be told to people: not what programs agree on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = &self.label {
            write!(f, "\n    label: {label}")?;
        }
        if let Some(asked) = &self.receipt {
            write!(f, "\n    a receipt is asked for, to {}", asked.request().to.join(", "))?;
        }
        self.mailing_lists.iter().try_for_each(|list| write!(f, "\n    mailing list: {list}"))
    }
}

impl fmt::Display for Chain {
    /// The certificates up to the anchor, and what is known on their revocation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for der in &self.certificates {
            write!(f, "{}, issued by ", Named(der))?;
        }
        write!(f, "{}, which is trusted", Named(&self.anchor))?;
        let unknown = self.revocation.iter().find(|status| matches!(status, RevocationStatus::Unknown(_)));
        match unknown.or(self.revocation.first()) {
            Some(status) => write!(f, "; {status}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RevocationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotChecked => f.write_str("revocation was not asked for"),
            Self::GoodByCrl => f.write_str("not revoked, by a list"),
            Self::GoodByOcsp => f.write_str("not revoked, by a response"),
            Self::Unknown(why) => write!(f, "whether it was revoked is not known: {why}"),
        }
    }
}

/// A certificate by its subject alone.
struct Named<'d>(&'d [u8]);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Certificate::from_der(self.0) {
            Ok(certificate) if certificate.subject().is_empty() => certificate.fmt(f),
            Ok(certificate) => certificate.subject().fmt(f),
            Err(_) => f.write_str("a certificate that cannot be read"),
        }
    }
}
