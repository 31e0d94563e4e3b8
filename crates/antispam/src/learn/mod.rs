//! Learning from messages that somebody called ham or spam, and judging others by it.
//!
//! Three learners look at the [`Features`] of a message: a Bayesian filter over counts
//! ([`store`](crate::store)), a support vector machine and logistic regression over weights. Their answers are put together as
//! log-odds by a fixed rule.
//!
//! ```
//! use mailwright_antispam::content::Key;
//! use mailwright_antispam::learn::Learner;
//! use mailwright_antispam::store::{MemoryStore, Scope};
//! use mailwright_antispam::Class;
//! use mailwright_message_model::Message;
//!
//! let mut learner = Learner::new(Key::default(), MemoryStore::new());
//! let spam = Message::parse(b"Subject: Win money\r\n\r\nClick now to win\r\n")?;
//! let ham = Message::parse(b"Subject: Lunch\r\n\r\nAt noon?\r\n")?;
//! learner.train(&spam, Class::Spam, &Scope::Shared)?;
//! learner.train(&ham, Class::Ham, &Scope::Shared)?;
//! let other = Message::parse(b"Subject: money\r\n\r\nWin it now\r\n")?;
//! let opinion = learner.opinion(&other, &Scope::Shared)?;
//! assert!(opinion.log_odds > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bayes;
mod history;
pub(crate) mod machine;
mod opinion;

use std::sync::Arc;

use mailwright_message_model::Message;

use crate::content::{Extractor, Features, Key, View};
use crate::store::{Scope, StatStore};
use crate::verdict::TokenEvidence;
use crate::{Class, Error};

pub use history::MIN_EXACT;
pub use opinion::{MIN_LEARNED, Opinion};

use history::History;
use machine::{Example, Machine, Sides};

/// Tokens that are shown for each side.
pub const MAX_SHOWN: usize = 8;

/// What [`Learner::train`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trained {
    /// The message was learned.
    New,
    /// It had been learned as this class before: nothing changed.
    Already,
    /// It had been learned as the other class, which was taken back first.
    Relabelled(TakenBack),
}

/// How far a message was taken back. Its counts always are, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TakenBack {
    /// The learned weights are, to the bit, what they were without it.
    Exactly,
    /// The learned weights still have it: it was learned too long ago ([`MIN_EXACT`]), or before the model was imported. Learning
    /// the rest into an empty model takes it out of them as well.
    CountsOnly,
}

/// Learns and judges. Nothing is ever learned from its own opinion, unless the caller passes that on.
#[derive(Debug)]
pub struct Learner<S> {
    pub(crate) extractor: Extractor,
    pub(crate) store: S,
    pub(crate) machine: Machine,
    history: History,
}

impl<S: StatStore> Learner<S> {
    /// A learner that knows what `store` does, and nothing else. What was counted under one key is of no use under another.
    #[must_use]
    pub fn new(key: Key, store: S) -> Self {
        let machine = Machine::default();
        Self { extractor: Extractor::new(key), store, machine, history: History::default() }
    }

    pub(crate) fn with_machine(key: Key, store: S, machine: Machine) -> Self {
        let history = History::starting_at(&machine);
        Self { extractor: Extractor::new(key), store, machine, history }
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The features of a message, for [`opinion_of`](Self::opinion_of) and [`train_on`](Self::train_on): taken once, used for both.
    #[must_use]
    pub fn features(&mut self, message: &Message<'_>) -> Features {
        self.extractor.features(message)
    }

    /// How probable it is that the message is spam.
    ///
    /// # Errors
    /// Those of the store.
    pub fn opinion(&mut self, message: &Message<'_>, scope: &Scope) -> Result<Opinion, Error> {
        let features = self.features(message);
        self.opinion_of(&features, scope)
    }

    /// As [`opinion`](Self::opinion), of features that were taken before.
    ///
    /// # Errors
    /// Those of the store.
    pub fn opinion_of(&self, features: &Features, scope: &Scope) -> Result<Opinion, Error> {
        let reading = self.store.read(scope, features.counters())?;
        let bayes = bayes::log_odds(&reading);
        Ok(Opinion::new(self.machine.sides(&features.views), bayes, reading.learned, features))
    }

    /// As [`opinion`](Self::opinion), with the tokens that spoke loudest: at most [`MAX_SHOWN`] for each side. Takes about twice
    /// the time.
    ///
    /// # Errors
    /// Those of the store.
    pub fn explain(&mut self, message: &Message<'_>, scope: &Scope) -> Result<Opinion, Error> {
        let features = self.features(message);
        let mut opinion = self.opinion_of(&features, scope)?;
        let mut tokens: Vec<TokenEvidence> = Vec::new();
        for (view, slot, token) in self.extractor.texts(message) {
            let log_odds = opinion::put_together(self.machine.share(&features.views, view, slot), 0.0);
            tokens.push(TokenEvidence { token, log_odds });
        }
        tokens.sort_by(|one, other| {
            other.log_odds.abs().total_cmp(&one.log_odds.abs()).then_with(|| one.token.cmp(&other.token))
        });
        let (mut spam, mut ham) = (0, 0);
        tokens.retain(|evidence| {
            let shown = if evidence.log_odds > 0.0 { &mut spam } else { &mut ham };
            *shown += 1;
            evidence.log_odds != 0.0 && *shown <= MAX_SHOWN
        });
        opinion.tokens = tokens;
        Ok(opinion)
    }

    /// Learns that the message is of `class`. A message that was learned as that class already changes nothing; one that was
    /// learned as the other is taken back first. For a user the counts alone are learned: weights are those of all.
    ///
    /// # Errors
    /// Those of the store; then nothing was learned.
    pub fn train(&mut self, message: &Message<'_>, class: Class, scope: &Scope) -> Result<Trained, Error> {
        let features = self.features(message);
        self.train_on(&features, class, scope)
    }

    /// As [`train`](Self::train), on features that were taken before.
    ///
    /// # Errors
    /// Those of the store; then nothing was learned.
    pub fn train_on(&mut self, features: &Features, class: Class, scope: &Scope) -> Result<Trained, Error> {
        let before = self.store.record(scope, features.digest(), Some(class), features.counters())?;
        let trained = match before {
            Some(before) if before == class => return Ok(Trained::Already),
            Some(_) => Trained::Relabelled(self.take_back(features, scope)),
            None => Trained::New,
        };
        if *scope == Scope::Shared {
            let example = Arc::new(Example::new(features, class));
            self.history.train(&mut self.machine, example);
        }
        Ok(trained)
    }

    /// Takes back what was learned from the message; `None` where nothing was.
    ///
    /// # Errors
    /// Those of the store; then nothing was taken back.
    pub fn untrain(&mut self, message: &Message<'_>, scope: &Scope) -> Result<Option<TakenBack>, Error> {
        let features = self.features(message);
        let before = self.store.record(scope, features.digest(), None, features.counters())?;
        Ok(before.map(|_| self.take_back(&features, scope)))
    }

    fn take_back(&mut self, features: &Features, scope: &Scope) -> TakenBack {
        if *scope != Scope::Shared || self.history.untrain(&mut self.machine, features.digest()) {
            TakenBack::Exactly
        } else {
            TakenBack::CountsOnly
        }
    }

    /// Octets of memory that the learned weights take, with the messages that they can be moved by and the copies that
    /// [`untrain`](Self::untrain) needs, as far as they are bounded by design: the counts of the store come on top.
    #[must_use]
    pub const fn max_memory() -> usize {
        let table = size_of::<machine::Weights>() * (View::COUNT << crate::content::VIEW_BITS);
        3 * table
    }
}

#[cfg(test)]
mod tests;
