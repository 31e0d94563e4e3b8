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
pub use evaluate::Prepared;
pub use field::{Cv, FieldKind};
pub use findings::Findings;
pub use rule::Rule;
pub use seal::{ArcSet, SealError, Sealer};

use crate::Policy;

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
