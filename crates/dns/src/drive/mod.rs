//! Evaluate, resolve what is pending, evaluate again.

mod join;

use core::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::{Answer, Answers, Dns, Question, Temporary, TemporaryKind};

/// Rounds of waiting: SPF can nest 10 includes or redirects (RFC 7208 4.6.4), each a round, and needs two more for an `mx`;
/// everything else runs beside it.
pub const MAX_ROUNDS: u32 = 24;
/// Questions for one message: SPF at its limits asks about 230 (10 terms, 10 exchangers each with A and AAAA), and DKIM, ARC and
/// DMARC about 100.
pub const MAX_QUESTIONS: usize = 400;
/// Questions in flight at once; what is left over waits for the next round.
pub const MAX_QUESTIONS_A_ROUND: usize = 64;
/// RFC 7208 4.6.4 wants at least 20 seconds where there is a limit.
pub const MAX_TIME: Duration = Duration::from_secs(20);

/// Answers many questions in one waiting time, blocking.
pub trait Resolver {
    /// One answer a question, in their order, never [`Missing::Pending`](crate::Missing::Pending).
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer>;
}

/// Answers a question without blocking; any runtime.
pub trait AsyncResolver {
    /// The answer, never [`Missing::Pending`](crate::Missing::Pending). A driver polls many of these futures together.
    fn resolve(&self, question: &Question) -> impl Future<Output = Answer> + Send;
}

/// What one [`Session`] may cost. What lies beyond is answered as a temporary failure, so that every evaluation ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Rounds of waiting, [`MAX_ROUNDS`].
    pub rounds: u32,
    /// Questions in all, [`MAX_QUESTIONS`].
    pub questions: usize,
    /// Questions in one round, [`MAX_QUESTIONS_A_ROUND`].
    pub questions_a_round: usize,
    /// No round begins later than this after the first, [`MAX_TIME`]; `None` = no clock is read.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rounds: MAX_ROUNDS,
            questions: MAX_QUESTIONS,
            questions_a_round: MAX_QUESTIONS_A_ROUND,
            time: Some(MAX_TIME),
        }
    }
}

/// Evaluates with a blocking resolver and the default [`Limits`].
///
/// ```
/// use mailwright_dns::{Dns, Name, Zone, drive_blocking};
/// let mut zone = Zone::new();
/// zone.add_mx("example.com", 10, "mx.example.com")?.add_a("mx.example.com", [192, 0, 2, 1].into())?;
/// let name = Name::new("example.com")?;
/// // A plain function that asks one thing after another, here over any `Resolver`.
/// let hosts = drive_blocking(&zone, |dns| {
///     let exchangers = dns.mx(&name)?;
///     exchangers.iter().map(|mx| dns.a(&mx.exchange)).collect::<Result<Vec<_>, _>>()
/// });
/// assert_eq!(hosts.map(|sets| sets.len()), Ok(1));
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
pub fn drive_blocking<R: Resolver + ?Sized, T>(resolver: &R, evaluate: impl FnMut(&Answers) -> T) -> T {
    Session::new(Limits::default()).blocking(resolver, evaluate)
}

/// Evaluates with an asynchronous resolver and the default [`Limits`].
pub async fn drive_async<R: AsyncResolver, T>(resolver: &R, evaluate: impl FnMut(&Answers) -> T) -> T {
    Session::new(Limits::default()).asynchronous(resolver, evaluate).await
}

/// The answers and the account of one message; several evaluations may share it.
#[derive(Clone, Debug)]
pub struct Session {
    answers: Answers,
    limits: Limits,
    rounds: u32,
    questions: usize,
    started: Option<Instant>,
}

impl Session {
    /// Without answers.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::with_answers(limits, Answers::new())
    }

    /// With answers known from elsewhere.
    #[must_use]
    pub fn with_answers(limits: Limits, answers: Answers) -> Self {
        Self { answers, limits, rounds: 0, questions: 0, started: None }
    }

    /// Evaluates until nothing is pending, and returns the value of that run.
    pub fn blocking<R: Resolver + ?Sized, T>(
        &mut self,
        resolver: &R,
        mut evaluate: impl FnMut(&Answers) -> T,
    ) -> T {
        loop {
            self.answers.begin();
            let value = evaluate(&self.answers);
            let Some(batch) = self.next_batch() else { return value };
            let answers = if batch.is_empty() { Vec::new() } else { resolver.resolve_all(&batch) };
            self.learn(batch, answers);
        }
    }

    /// As [`Session::blocking`]; all questions of a round are polled together.
    pub async fn asynchronous<R: AsyncResolver, T>(
        &mut self,
        resolver: &R,
        mut evaluate: impl FnMut(&Answers) -> T,
    ) -> T {
        loop {
            self.answers.begin();
            let value = evaluate(&self.answers);
            let Some(batch) = self.next_batch() else { return value };
            drop(value);
            let answers = join::all(batch.iter().map(|question| resolver.resolve(question))).await;
            self.learn(batch, answers);
        }
    }

    /// Rounds of waiting so far.
    #[must_use]
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Questions that were sent to the resolver so far.
    #[must_use]
    pub const fn questions(&self) -> usize {
        self.questions
    }

    /// Everything learned so far.
    #[must_use]
    pub const fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The answers, to use or to add to.
    pub const fn answers_mut(&mut self) -> &mut Answers {
        &mut self.answers
    }

    /// What to ask now; `None` when nothing is pending, an empty batch when a limit has closed the answers.
    fn next_batch(&mut self) -> Option<Vec<Question>> {
        let mut batch = self.answers.pending();
        if batch.is_empty() {
            return None;
        }
        let left = self.limits.questions.saturating_sub(self.questions);
        let room = left.min(self.limits.questions_a_round);
        if let Some(why) = self.exhausted(room) {
            self.answers.close(why);
            return Some(Vec::new());
        }
        batch.truncate(room);
        // Announcements fill what room is left, and never make a round.
        let spare = room.saturating_sub(batch.len());
        if spare > 0 {
            batch.extend(self.answers.announced().into_iter().take(spare));
        }
        self.rounds = self.rounds.saturating_add(1);
        self.questions = self.questions.saturating_add(batch.len());
        Some(batch)
    }

    fn exhausted(&mut self, room: usize) -> Option<TemporaryKind> {
        if self.rounds >= self.limits.rounds || room == 0 {
            return Some(TemporaryKind::Limit);
        }
        let time = self.limits.time?;
        let started = *self.started.get_or_insert_with(Instant::now);
        (started.elapsed() > time).then_some(TemporaryKind::Timeout)
    }

    fn learn(&mut self, batch: Vec<Question>, answers: Vec<Answer>) {
        let mut answers = answers.into_iter();
        for question in batch {
            // A resolver that breaks its contract must not make the evaluation run for ever.
            let answer = answers.next().filter(|answer| !answer.is_pending()).unwrap_or_else(|| {
                let why = Temporary::with_detail(TemporaryKind::Malformed, "the resolver gave no answer");
                Answer::missing(crate::Missing::Temporary(why), 0)
            });
            self.answers.insert(question, answer);
        }
    }
}

impl<R: Resolver + ?Sized> Resolver for &R {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        (**self).resolve_all(questions)
    }
}

impl<R: Resolver + ?Sized> Resolver for Arc<R> {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        (**self).resolve_all(questions)
    }
}

impl<R: Resolver + ?Sized> Resolver for Box<R> {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        (**self).resolve_all(questions)
    }
}

impl<R: AsyncResolver> AsyncResolver for &R {
    fn resolve(&self, question: &Question) -> impl Future<Output = Answer> + Send {
        (**self).resolve(question)
    }
}

impl<R: AsyncResolver> AsyncResolver for Arc<R> {
    fn resolve(&self, question: &Question) -> impl Future<Output = Answer> + Send {
        (**self).resolve(question)
    }
}

impl Resolver for crate::Zone {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        questions.iter().map(|question| self.query(&question.name, question.kind)).collect()
    }
}

impl AsyncResolver for crate::Zone {
    fn resolve(&self, question: &Question) -> impl Future<Output = Answer> + Send {
        core::future::ready(self.query(&question.name, question.kind))
    }
}
