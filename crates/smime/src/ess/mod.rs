//! Enhanced security services (RFC 2634, RFC 5035): receipts, security labels, mailing lists.
//!
//! ```
//! use mailwright_smime::ess::ReceiptRequest;
//! use mailwright_smime::{Context, PrivateKey, Signer, Time, open, x509::Certificate};
//!
//! let root = Certificate::from_der(include_bytes!("../../tests/keys/ca.crt"))?;
//! let context = Context::new().trust([root]).at("2027-06-01T00:00:00Z".parse()?);
//! let alice = PrivateKey::from_der(include_bytes!("../../tests/keys/p256.key"))?;
//! let bob = PrivateKey::from_der(include_bytes!("../../tests/keys/p384.key"))?;
//!
//! // Alice asks for a receipt.
//! let request = ReceiptRequest::new(b"20270601-1@example.org", "p256@example.org");
//! let mail = Signer::new(&alice, include_bytes!("../../tests/keys/p256.crt"))?
//!     .request_receipt(request)
//!     .sign_message(b"From: p256@example.org\r\nTo: p384@example.org\r\n\r\nHello.\r\n")?;
//!
//! // Bob reads her mail and signs one.
//! let report = open(&mail, &context)?;
//! let signer = report.layers.iter().find_map(|layer| layer.signed()?.signers.first()).unwrap();
//! let asked = signer.stated.receipt.as_ref().unwrap();
//! assert!(asked.is_from("p384@example.org"));
//! let entity = Signer::new(&bob, include_bytes!("../../tests/keys/p384.crt"))?.sign_receipt(asked)?;
//! let receipt = [b"From: p384@example.org\r\nTo: p256@example.org\r\n".as_slice(), &entity].concat();
//!
//! // Alice compares it with what she sent, of which she kept the mail.
//! let report = open(&receipt, &context)?;
//! assert!(report.verdict().is_good());
//! asked.check(&report.layers[0])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod label;
mod mailing_list;
mod receipt;

pub use label::{Classification, SecurityLabel};
pub use mailing_list::{MailingList, ReceiptPolicy};
pub use receipt::{AskedReceipt, Receipt, ReceiptFault, ReceiptRequest, ReceiptsFrom};

use crate::oid::oids;
use crate::tlv::Elements;
use crate::x509::{GeneralName, GeneralNames};

oids! {
    RECEIPT_REQUEST = "1.2.840.113549.1.9.16.2.1";
    SECURITY_LABEL = "1.2.840.113549.1.9.16.2.2";
    ML_EXPANSION_HISTORY = "1.2.840.113549.1.9.16.2.3";
    MSG_SIG_DIGEST = "1.2.840.113549.1.9.16.2.5";
    EQUIVALENT_LABELS = "1.2.840.113549.1.9.16.2.9";
}

/// The mail addresses in a `SEQUENCE OF GeneralNames`, of which at most `most` are looked at.
fn addresses(mut lists: Elements<'_>, most: usize) -> Result<Vec<String>, crate::Error> {
    let mut addresses = Vec::new();
    for _ in 0..most {
        if lists.is_empty() {
            return Ok(addresses);
        }
        let names = GeneralNames::new(&lists.tagged(der::Tag::Sequence)?);
        addresses.extend(names.filter_map(|name| match name {
            Ok(GeneralName::Rfc822(address)) => std::str::from_utf8(address).ok().map(str::to_owned),
            _ => None,
        }));
    }
    if lists.is_empty() { Ok(addresses) } else { Err(crate::Error::limit("MAX_RECEIPT_NAMES", most as u64)) }
}
