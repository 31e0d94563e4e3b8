//! Verifying (RFC 6376 6), in two phases: what the message alone tells, then the keys.
//!
//! [`Prepared`] is the message seen once: fields read, body hashed, whatever the number of signatures. It
//! [evaluates](Prepared::evaluate) against DNS as often as a driver needs; the cryptography runs when the last key is there.

pub(crate) mod authres;
pub(crate) mod evaluate;
pub(crate) mod plan;
mod reason;
mod result;
mod stream;

use mailwright_dns::{Dns, Name};

use crate::Policy;
use crate::header::{self, Header};
use plan::Plan;

pub use reason::{Outcome, Reason};
pub use result::{Claimed, Coverage, KeyInfo, SignatureResult, Verification, Warning};
pub use stream::Verifier;

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
    Prepared::new(message, policy, now).evaluate(dns)
}

/// A message of which everything is known but the keys.
///
/// ```
/// use mailwright_dkim::{Policy, Prepared};
/// use mailwright_dns::{Zone, drive_blocking};
/// # let (message, resolver) = (b"From: a@example.org\r\n\r\nhello\r\n", Zone::new());
/// let prepared = Prepared::new(message, &Policy::default(), 1_700_000_000);
/// let found = drive_blocking(&resolver, |dns| prepared.evaluate(dns));
/// assert_eq!(found.overall(), None);
/// ```
pub struct Prepared<'m> {
    header: Header<'m>,
    plan: Plan,
    body: crate::body_hash::Hashed,
}

impl<'m> Prepared<'m> {
    /// Reads the fields and hashes the body; `now` is in seconds since 1970.
    #[must_use]
    pub fn new(message: &'m [u8], policy: &Policy, now: u64) -> Self {
        if policy.line_ends == crate::LineEnds::Normalize {
            let mut verifier = Verifier::new(policy, now);
            verifier.write(message);
            return verifier.finish();
        }
        let (head, body) = header::split(message);
        let header = Header::new(head.into(), policy.limits.header_bytes);
        let (plan, mut hashes) = Plan::new(&header, policy, now);
        if !hashes.is_empty() {
            hashes.write(body);
        }
        Self { header, plan, body: hashes.finish() }
    }

    /// The names that are asked for keys, each once.
    #[must_use]
    pub fn questions(&self) -> Vec<Name> {
        self.plan.questions.names().to_vec()
    }

    /// Asks for the keys and judges the signatures.
    ///
    /// All keys are asked for before anything is judged. While one is pending nothing is verified, and the answer
    /// [says so](Verification::is_pending).
    pub fn evaluate(&self, dns: &(impl Dns + ?Sized)) -> Verification {
        evaluate::evaluate(&self.header, &self.plan, &self.body, dns)
    }
}
