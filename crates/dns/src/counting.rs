//! Counts what is asked, for tests and for figures.

use core::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Answer, AsyncResolver, Dns, Kind, Name, Question, Resolver};

/// Passes questions on and remembers them.
///
/// Around a [`Dns`] it notes each [`query`](Dns::query) (announcements are passed on, not noted). Around a [`Resolver`] it
/// counts rounds of waiting and the questions in them.
///
/// ```
/// use mailwright_dns::{Counting, Dns, Name, Zone, drive_blocking};
/// let mut zone = Zone::new();
/// zone.add_txt("example.com", "v=spf1 -all")?;
/// let counting = Counting::new(&zone);
/// let name = Name::new("example.com")?;
/// drive_blocking(&counting, |dns| dns.txt(&name).is_ok());
/// assert_eq!((counting.rounds(), counting.questions().len()), (1, 1));
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Counting<D> {
    inner: D,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    rounds: usize,
    questions: Vec<Question>,
}

impl<D> Counting<D> {
    /// Counts what `inner` is asked.
    pub const fn new(inner: D) -> Self {
        Self { inner, seen: Mutex::new(Seen { rounds: 0, questions: Vec::new() }) }
    }

    /// Batches so far: the times somebody waited. A [`Dns`] never makes anyone wait, an [`AsyncResolver`] is asked without
    /// batches; both leave it at 0 ([`Session::rounds`](crate::Session::rounds) tells there).
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.seen().rounds
    }

    /// Every question so far, repetitions included.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        self.seen().questions.clone()
    }

    /// The different names asked for records of `kind`, in the order of their first question.
    #[must_use]
    pub fn names(&self, kind: Kind) -> Vec<Name> {
        let mut names = Vec::new();
        for question in self.seen().questions.iter().filter(|question| question.kind == kind) {
            if !names.contains(&question.name) {
                names.push(question.name);
            }
        }
        names
    }

    /// Forgets what was counted.
    pub fn reset(&self) {
        *self.seen() = Seen::default();
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // The counts stay true whatever a thread that held them did.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Dns> Dns for Counting<D> {
    fn query(&self, name: &Name, kind: Kind) -> Answer {
        self.seen().questions.push(Question::new(*name, kind));
        self.inner.query(name, kind)
    }

    fn announce(&self, name: &Name, kind: Kind) {
        self.inner.announce(name, kind);
    }
}

impl<R: Resolver> Resolver for Counting<R> {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        {
            let mut seen = self.seen();
            seen.rounds = seen.rounds.saturating_add(1);
            seen.questions.extend_from_slice(questions);
        }
        self.inner.resolve_all(questions)
    }
}

impl<R: AsyncResolver> AsyncResolver for Counting<R> {
    fn resolve(&self, question: &Question) -> impl Future<Output = Answer> + Send {
        self.seen().questions.push(*question);
        self.inner.resolve(question)
    }
}
