//! Where counts are kept: what the Bayesian filter knows, and which messages it learned.

mod memory;

use std::fmt;

use crate::content::Digest;
use crate::{Class, Error};

pub(crate) use memory::Shelf;
pub use memory::{MAX_DIGESTS, MemoryStore};

/// The number of counters of a scope: a feature's counter is below it. Features that share one are counted together, which bounds
/// the memory of a scope.
pub const COUNTERS: u32 = 1 << crate::content::COUNTER_BITS;

/// Whose counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// Those of all.
    #[default]
    Shared,
    /// Those of one user, on top of those of all.
    User(String),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared => f.write_str("all"),
            Self::User(name) => write!(f, "user {name:?}"),
        }
    }
}

/// How many messages of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Counts {
    /// Ham.
    pub ham: u32,
    /// Spam.
    pub spam: u32,
}

impl Counts {
    /// The count of a class.
    #[must_use]
    pub const fn of(self, class: Class) -> u32 {
        match class {
            Class::Ham => self.ham,
            Class::Spam => self.spam,
        }
    }

    /// Adds one of a class, or takes one away; never beyond the ends.
    pub fn add(&mut self, class: Class, up: bool) {
        let count = match class {
            Class::Ham => &mut self.ham,
            Class::Spam => &mut self.spam,
        };
        *count = if up { count.saturating_add(1) } else { count.saturating_sub(1) };
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { ham: self.ham.saturating_add(other.ham), spam: self.spam.saturating_add(other.spam) }
    }
}

/// What a store knows of some counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Messages learned.
    pub learned: Counts,
    /// For each counter that was asked for, in that order, how many of them had it.
    pub counts: Vec<Counts>,
}

/// Keeps counts. One call a message, so that a store on another machine costs one round trip.
///
/// A store holds for each [`Scope`] counters 0 to [`COUNTERS`], the number of messages learned, and the class that each
/// [`Digest`] was learned as. Counts are only ever added to, by one or minus one, so that additions of several processes
/// commute, and counters can lie on several machines, by ranges of their numbers. The class of a digest, the counters and the
/// number of messages change together: all of [`record`](Self::record) or nothing. A store that cannot do that in one step
/// writes down what it is about to do, and repeats or undoes it when it was cut off.
pub trait StatStore {
    /// The counts of `counters`: for a user those of all and those of the user together.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) when the store does not answer.
    fn read(&self, scope: &Scope, counters: &[u32]) -> Result<Reading, Error>;

    /// Makes a message be learned as `class`, or not learned with `None`, and gives what it was before. Each of `counters` is
    /// changed by one in the old and the new class; where both are the same, nothing changes.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) when the store does not answer; then nothing was changed, or the store will
    /// repeat or undo it.
    fn record(
        &mut self,
        scope: &Scope,
        digest: Digest,
        class: Option<Class>,
        counters: &[u32],
    ) -> Result<Option<Class>, Error>;
}
