//! ARC, Authenticated Received Chain (RFC 8617): what hosts on the way found when the message still was as they got it.
//!
//! A list or a forwarder that changes a message breaks its DKIM signatures. It can add an ARC Set: what it found
//! (ARC-Authentication-Results), a signature over the message as it passes it on (ARC-Message-Signature), and a seal over all
//! sets so far (ARC-Seal). A receiver that trusts the sealer may go by that.
//!
//! **A chain that holds proves nothing by itself**: anyone can seal anything. Name the sealers you trust and look at
//! [`Chain::vouching`]. ARC is an experiment that the IETF is about to end (draft-ietf-dmarc-arc-to-historic); large
//! receivers still write and read it, which is why it is here, behind a feature.
//!
//! ```
//! use mailwright_dkim::{Policy, arc};
//! # let message = b"From: a@example.org\r\n\r\nhello\r\n";
//! # let zone = mailwright_dns::Zone::new();
//! let chain = arc::verify(message, &zone, &Policy::default(), 1_700_000_000);
//! let trusted = ["lists.example.org".parse()?];
//! for set in chain.vouching(&trusted) {
//!     println!("{} found {:?}", trusted[0], set.trusted_results());
//! }
//! assert_eq!(chain.to_string(), "none");
//! # Ok::<(), mailwright_message_model::domain::DomainError>(())
//! ```

mod chain;
mod evaluate;
mod field;
mod findings;
mod plan;
mod rule;
mod seal;

use mailwright_dns::Dns;

pub use chain::{Chain, Problem, ResultsField, Set, Status};
pub use field::{Cv, FieldKind};
pub use findings::Findings;
pub use rule::Rule;
pub use seal::{ArcSet, SealError, SealStream, Sealer};

use crate::Policy;
use crate::verify::{Reading, Streaming, Verification};

/// A message of whose chain everything is known but the keys.
///
/// Of the policy the limits, the key sizes, the clock skew, the line ends and what it wants of a DKIM signature's coverage
/// count; SHA-1 never passes.
///
/// ```
/// use mailwright_dkim::{Policy, arc};
/// use mailwright_dns::{Zone, drive_blocking};
/// # let (message, resolver) = (b"From: a@example.org\r\n\r\nhello\r\n", Zone::new());
/// let prepared = arc::Prepared::new(message, &Policy::default(), 1_700_000_000);
/// let chain = drive_blocking(&resolver, |dns| prepared.evaluate(dns));
/// assert_eq!(chain.status, arc::Status::None);
/// ```
pub type Prepared<'m> = Reading<'m, Chain>;

/// Verifies the chain of a message that arrives in chunks.
pub type Verifier = Streaming<Chain>;

/// A message of whose DKIM signatures and whose chain everything is known but the keys. The body is hashed once for both.
///
/// ```
/// use mailwright_dkim::{Policy, arc};
/// use mailwright_dns::{Zone, drive_blocking};
/// # let (message, resolver) = (b"From: a@example.org\r\n\r\nhello\r\n", Zone::new());
/// let prepared = arc::PreparedBoth::new(message, &Policy::default(), 1_700_000_000);
/// let (found, chain) = drive_blocking(&resolver, |dns| prepared.evaluate(dns));
/// assert_eq!((found.overall(), chain.status), (None, arc::Status::None));
/// ```
pub type PreparedBoth<'m> = Reading<'m, (Verification, Chain)>;

/// Verifies the DKIM signatures and the chain of a message that arrives in chunks, in one pass over the body.
pub type VerifierBoth = Streaming<(Verification, Chain)>;

/// The highest instance, and so the most sets (RFC 8617 4.2.1, 5.2 step 1).
pub const MAX_INSTANCE: u32 = 50;

/// Names that are asked for keys, or more where [`Limits::queries`](crate::Limits::queries) is larger: those of 50 seals and the
/// newest message signature, which decide, and some of older message signatures, which do not.
pub const MAX_QUERIES: usize = 64;

/// Verifies the chain of a message with a DNS that answers at once, such as a `Zone`.
///
/// `now` is in seconds since 1970. For a DNS that has to be waited for see [`Prepared`].
pub fn verify(message: &[u8], dns: &(impl Dns + ?Sized), policy: &Policy, now: u64) -> Chain {
    Prepared::new(message, policy, now).evaluate(dns)
}
