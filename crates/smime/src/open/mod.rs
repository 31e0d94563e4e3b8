//! A whole message: every layer of it opened and checked, and one verdict.

mod context;
mod display;
mod identity;
mod layer;
mod mime;
mod report;
mod signer;
mod stated;
mod unwrapped;
mod verdict;
mod walk;

pub(crate) use mime::{Form, canonical, form_of_root, is_smime};
pub(crate) use signer::Signed;

pub use context::{Context, TimeOfCheck};
pub use identity::Identity;
pub use layer::{Coverage, EncryptedLayer, Layer, LayerKind, SignedLayer};
pub use report::{Report, SenderField};
pub use signer::{Chain, Countersignature, SignerReport, Warning};
pub use stated::{EncryptionKey, Stated};
pub use unwrapped::outside_fields;
pub use verdict::{Verdict, Why};
pub use walk::has_layers;

use crate::error::Error;

/// Opens a message: all layers that there are, from the outside in, with what the context has to open and to check them.
///
/// ```
/// use mailwright_smime::{Context, Verdict, open};
///
/// let raw = b"From: alice@example.org\r\nSubject: plain\r\n\r\nNot signed.\r\n";
/// let report = open(raw, &Context::new())?;
/// assert_eq!(report.verdict(), Verdict::Unsigned);
/// # Ok::<(), mailwright_smime::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Limit`](crate::ErrorKind::Limit) for a message beyond the limits of message-model. A layer that cannot be
/// read or opened is no error but part of the report.
pub fn open<'a>(raw: &'a [u8], context: &Context<'_>) -> Result<Report<'a>, Error> {
    walk::walk(raw, context)
}

/// Opens one CMS structure (RFC 5652), as BER, that stands in no message. Signers are compared with [`Context::from`] alone.
///
/// # Errors
///
/// What cannot be read, or is none of the layers of mail.
pub fn open_cms(octets: &[u8], context: &Context<'_>) -> Result<Layer<'static>, Error> {
    let (mut kind, content) = walk::cms(octets, context)?;
    if let LayerKind::Signed(signed) = &mut kind {
        signed.identify(context);
    }
    Ok(Layer { kind, coverage: Coverage::Whole, content: content.into() })
}

/// Verifies a signature that stands beside its content, octet for octet.
///
/// # Errors
///
/// What cannot be read.
pub fn verify_detached(
    signature: &[u8],
    content: &[u8],
    context: &Context<'_>,
) -> Result<SignedLayer, Error> {
    let mut signed = walk::detached(signature, content, context)?;
    signed.identify(context);
    Ok(signed)
}
