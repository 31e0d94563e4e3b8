//! Models as octets, to keep, to move, to publish to other machines.
//!
//! A model holds its key, the counts of all and of each user, the learned weights and the messages that these can still be moved
//! by, as places of features: no text of any message. Who has the key can tell of a given word what the model thinks of it; keep a
//! model as you keep mail.
//!
//! ```
//! use mailwright_antispam::content::Key;
//! use mailwright_antispam::learn::Learner;
//! use mailwright_antispam::store::{MemoryStore, Scope};
//! use mailwright_antispam::Class;
//! use mailwright_message_model::Message;
//!
//! let mut learner = Learner::new(Key::new([7; 16]), MemoryStore::new());
//! let spam = Message::parse(b"Subject: Win money\r\n\r\nClick now to win\r\n")?;
//! learner.train(&spam, Class::Spam, &Scope::Shared)?;
//! let mut other = Learner::import(&learner.export())?;
//! assert_eq!(learner.opinion(&spam, &Scope::Shared)?, other.opinion(&spam, &Scope::Shared)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Format
//!
//! Version 1. Numbers are LEB128, at most ten octets, unless said otherwise; weights are IEEE 754, lowest octet first.
//!
//! | field | octets |
//! |---|---|
//! | mark | `mailwright spam\n` |
//! | version | a number, 1 |
//! | key | 16 |
//! | counts of all | a shelf |
//! | users | how many; for each the length of its name, the name, a shelf; names ascending |
//! | weights | for each of the four views: how many places; for each the distance from the one before, two `f32` |
//! | window | how many messages; for each digest (16), class (0 ham, 1 spam), two `f64`, and for each view how many places, and these |
//! | check | 8: hash of all before |
//!
//! A shelf: messages of ham, of spam; how many classes are remembered, for each digest (16) and class; how many counters, for each
//! the distance from the one before, ham, spam.

mod read;
mod write;

use crate::Error;
use crate::learn::Learner;
use crate::store::{MemoryStore, StatStore};

/// Octets of a model that is read: more than ten times what a model of all its places takes without users.
pub const MAX_MODEL: usize = 1 << 30;

/// The version that is written; others are not read.
pub const VERSION: u64 = 1;

const MARK: &[u8; 16] = b"mailwright spam\n";

impl Learner<MemoryStore> {
    /// The model as octets: equal models give equal octets.
    #[must_use]
    pub fn export(&self) -> Vec<u8> {
        write::model(self.extractor.key(), Some(&self.store), &self.machine)
    }

    /// The model of [`export`](Self::export): it judges as the one that was exported, to the bit, and learns on as that would.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) with the octet and the name of the field, when it is no model, of another
    /// version, damaged, or larger than [`MAX_MODEL`].
    pub fn import(octets: &[u8]) -> Result<Self, Error> {
        let model = read::model(octets)?;
        Ok(Self::with_machine(model.key, model.store, model.machine))
    }
}

impl<S: StatStore> Learner<S> {
    /// Key and weights without counts: what one machine that trains publishes to those that judge.
    #[must_use]
    pub fn export_weights(&self) -> Vec<u8> {
        write::model(self.extractor.key(), None, &self.machine)
    }

    /// Key and weights of a model, over the counts of `store`; the counts of the model are passed over.
    ///
    /// # Errors
    /// As [`Learner::import`].
    pub fn import_weights(octets: &[u8], store: S) -> Result<Self, Error> {
        let model = read::model(octets)?;
        Ok(Self::with_machine(model.key, store, model.machine))
    }
}

/// The check that stands at the end of a model, of all octets before: against damage, not against forgery. For programs that write
/// models of their own.
#[must_use]
pub fn check(octets: &[u8]) -> [u8; 8] {
    crate::content::Key::default().token(0x6d, octets).to_le_bytes()
}

#[cfg(test)]
mod tests;
