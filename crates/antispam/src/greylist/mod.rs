//! Greylisting (RFC 6647): the first message of a stranger is deferred; who comes back later is let in.
//!
//! A [`Key`] is client network, sender and recipient, brought into a form in which the retry of one message is recognised. A
//! [`GreylistStore`] remembers keys: one [`touch`](GreylistStore::touch) reads and updates at once. Every store follows the one
//! state machine, [`step`].
//!
//! ```
//! use mailwright_antispam::greylist::{Greylist, Key, MemoryGreylist};
//!
//! let greylist = Greylist::new(MemoryGreylist::new());
//! let key = Key::new([192, 0, 2, 7].into(), "bounce-12345@lists.example", "User@Example.org");
//! assert_eq!(key.to_string(), "192.0.2.0/24 bounce-#@lists.example user@example.org");
//! let first = greylist.check(&key, 1_000);
//! assert_eq!(first.retry_after().map(|wait| wait.as_secs()), Some(300));
//! assert_eq!(greylist.check(&key, 1_300).retry_after(), None);
//! ```
//!
//! A store that does not answer defers nothing: the message is accepted, and a finding says why.

mod key;
mod memory;
mod policy;
mod step;

use std::time::Duration;

use crate::{Action, Error, Finding};

pub use key::Key;
pub use memory::{MAX_ENTRIES, MemoryGreylist};
pub use policy::{AUTO_ALLOW_AFTER, DELAY, EXPIRE, Policy, WINDOW};
pub use step::{Answer, Network, Step, Triplet, step};

/// Where keys are remembered.
///
/// An implementation loads the [`Triplet`] of the key and the [`Network`] of its client, calls [`step`], and stores what that
/// returns, all in one atomic operation: of two servers that touch a new key at once, one makes it and the other finds it.
pub trait GreylistStore {
    /// Reads and updates what is known of a key at the time `now`, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store): the store did not answer. Nothing is half done.
    fn touch(&self, key: &Key, now: u64, policy: &Policy) -> Result<Answer, Error>;
}

impl<S: GreylistStore + ?Sized> GreylistStore for &S {
    fn touch(&self, key: &Key, now: u64, policy: &Policy) -> Result<Answer, Error> {
        (**self).touch(key, now, policy)
    }
}

impl<S: GreylistStore + ?Sized> GreylistStore for std::sync::Arc<S> {
    fn touch(&self, key: &Key, now: u64, policy: &Policy) -> Result<Answer, Error> {
        (**self).touch(key, now, policy)
    }
}

/// A store and the policy for it.
#[derive(Clone, Debug)]
pub struct Greylist<S> {
    store: S,
    policy: Policy,
}

/// What to do with a message, by its key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Greylisted {
    /// What the store says.
    Known(Answer),
    /// The store did not answer; the message is accepted.
    StoreFailed(String),
}

impl<S: GreylistStore> Greylist<S> {
    /// With the default [`Policy`].
    pub fn new(store: S) -> Self {
        Self::with_policy(store, Policy::default())
    }

    /// With a policy of your own.
    pub const fn with_policy(store: S, policy: Policy) -> Self {
        Self { store, policy }
    }

    /// The policy in force.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Asks for a key at the time `now`, in seconds since 1970-01-01T00:00:00Z, and remembers that it was asked for.
    pub fn check(&self, key: &Key, now: u64) -> Greylisted {
        match self.store.touch(key, now, &self.policy) {
            Ok(answer) => Greylisted::Known(answer),
            Err(error) => Greylisted::StoreFailed(error.to_string()),
        }
    }
}

impl Greylisted {
    /// How long the client has to wait still; `None` where the message is let in.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Known(Answer::Defer { wait }) => Some(*wait),
            _ => None,
        }
    }

    /// [`Action::Greylist`] or [`Action::Accept`].
    #[must_use]
    pub const fn action(&self) -> Action {
        if self.retry_after().is_some() { Action::Greylist } else { Action::Accept }
    }

    /// The same as a finding without points.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::Known(Answer::Defer { wait }) => {
                Finding::new("GREYLIST_DEFERRED", 0.0).detail(format!("to come back in {} s", wait.as_secs()))
            }
            Self::Known(Answer::Pass) => Finding::new("GREYLIST_PASSED", 0.0),
            Self::Known(Answer::NetworkAllowed { passed }) => Finding::new("GREYLIST_NETWORK", 0.0)
                .detail(format!("the client's network came back {passed} times")),
            Self::StoreFailed(why) => {
                Finding::new("GREYLIST_UNKNOWN", 0.0).detail(format!("accepted without an answer: {why}"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
