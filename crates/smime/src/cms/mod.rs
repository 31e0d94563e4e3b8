//! Cryptographic Message Syntax (RFC 5652): the structures, without MIME around them.

pub(crate) mod attribute;
pub(crate) mod compressed;
pub(crate) mod content;
pub(crate) mod decrypt;
pub(crate) mod digested;
pub(crate) mod enveloped;
mod fault;
pub(crate) mod hashes;
pub(crate) mod open_key;
pub(crate) mod recipient;
mod recipient_info;
pub(crate) mod signed;
pub(crate) mod signer;
pub(crate) mod verify;

pub use content::ContentType;
pub use decrypt::Opened;
pub use fault::SignatureFault;
pub use open_key::{Keys, OpenedBy};
pub use recipient_info::{RecipientForm, RecipientId, RecipientInfo};

use crate::ber::Reader;
use crate::error::Error;

/// One element of BER as DER: lengths known and as short as can be, strings in one piece. Sets keep their order, for who
/// signed them may have signed that; values of primitive types stay as they are.
///
/// ```
/// use mailwright_smime::cms::to_der;
///
/// // SEQUENCE { OCTET STRING { "a", "b" } }, all of it of indefinite length
/// let ber = b"\x30\x80\x24\x80\x04\x01a\x04\x01b\x00\x00\x00\x00";
/// assert_eq!(to_der(ber)?, b"\x30\x04\x04\x02ab");
/// # Ok::<(), mailwright_smime::Error>(())
/// ```
///
/// # Errors
///
/// Octets that are no BER, with the octet where reading stopped; more than
/// [`MAX_ASN1_DEPTH`](crate::limits::MAX_ASN1_DEPTH) or [`MAX_STRUCTURE`](crate::limits::MAX_STRUCTURE) allow. What
/// follows the element is not looked at: some add zeros.
pub fn to_der(octets: &[u8]) -> Result<Vec<u8>, Error> {
    Reader::new(octets, "BER").collect()
}
