//! Verifying (RFC 6376 6), in two phases: what the message alone tells, then the keys.
//!
//! [`Prepared`] is the message seen once: fields read, body hashed, whatever the number of signatures. It
//! [evaluates](Reading::evaluate) against DNS as often as a driver needs; the cryptography runs when the last key is there.

pub(crate) mod authres;
pub(crate) mod evaluate;
pub(crate) mod plan;
pub(crate) mod reading;
mod reason;
mod result;
mod stream;
#[cfg(test)]
mod tests;

use mailwright_dns::Dns;

use crate::Policy;

pub use reading::{Finding, Reading};
pub use reason::{Outcome, Reason};
pub use result::{Claimed, Coverage, KeyInfo, SignatureResult, Verification, Warning};
pub use stream::Streaming;

/// Verifies all signatures of a message with a DNS that answers at once, such as a `Zone`.
///
/// `now` is in seconds since 1970. For a DNS that has to be waited for see [`Prepared`].
///
/// ```
/// use mailwright_dkim::{Policy, verify};
/// # let message = b"From: a@example.org\r\n\r\nhello\r\n";
/// # let zone = mailwright_dns::Zone::new();
/// let found = verify(message, &zone, &Policy::default(), 1_700_000_000);
/// let domains: Vec<_> = found.passing().filter_map(|signature| signature.domain()).collect();
/// # assert!(domains.is_empty());
/// ```
pub fn verify(message: &[u8], dns: &(impl Dns + ?Sized), policy: &Policy, now: u64) -> Verification {
    Prepared::new(message, policy, now).evaluate_once(dns)
}

/// A message of which everything is known but the keys of its DKIM signatures.
///
/// ```
/// use mailwright_dkim::{Policy, Prepared};
/// use mailwright_dns::{Zone, drive_blocking};
/// # let (message, resolver) = (b"From: a@example.org\r\n\r\nhello\r\n", Zone::new());
/// let prepared = Prepared::new(message, &Policy::default(), 1_700_000_000);
/// let found = drive_blocking(&resolver, |dns| prepared.evaluate(dns));
/// assert_eq!(found.overall(), None);
/// ```
pub type Prepared<'m> = Reading<'m, Verification>;

/// Verifies the DKIM signatures of a message that arrives in chunks.
pub type Verifier = Streaming<Verification>;
