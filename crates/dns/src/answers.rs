//! What has been answered so far, and what has still to be asked.

use core::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::{Answer, Dns, Kind, Missing, Name, Question, TemporaryKind};

/// A table of answers that notes what it was asked and could not answer.
///
/// A driver keeps one for a message: it is the memory that makes every question be asked once, and the record of everything an
/// evaluation rested on, in the order in which it was learned. Answers do not age here.
///
/// ```
/// use mailwright_dns::{Answer, Answers, Dns, Kind, Missing, Name, Question, Records, Txt};
/// let name = Name::new("example.com")?;
/// let mut answers = Answers::new();
/// assert_eq!(answers.txt(&name), Err(Missing::Pending));
/// assert_eq!(answers.pending(), [Question::new(name, Kind::Txt)]);
/// answers.insert(Question::new(name, Kind::Txt), Answer::records(Records::Txt([Txt::from_joined("hello")].into()), 60));
/// assert_eq!(answers.txt(&name).map(|records| records.len()), Ok(1));
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Answers {
    known: HashMap<Question, usize>,
    log: Vec<(Question, Answer)>,
    asked: RefCell<Wanted>,
    announced: RefCell<Wanted>,
    closed: Cell<Option<TemporaryKind>>,
}

/// Questions without repetition, in the order in which they came.
#[derive(Clone, Debug, Default)]
struct Wanted {
    list: Vec<Question>,
    seen: HashSet<Question>,
}

/// How many different questions one run may leave open; a run that asks for more is answered [`TemporaryKind::Limit`]. Above
/// what any evaluation within the limits of the RFCs asks at once.
const MAX_OPEN: usize = 4096;

impl Answers {
    /// Without any answer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces an answer.
    pub fn insert(&mut self, question: Question, answer: Answer) {
        if let Some(entry) = self.known.get(&question).and_then(|&at| self.log.get_mut(at)) {
            entry.1 = answer;
            return;
        }
        self.known.insert(question, self.log.len());
        self.log.push((question, answer));
    }

    /// The answer, where it is known; asking here is not noted.
    #[must_use]
    pub fn get(&self, question: &Question) -> Option<&Answer> {
        self.known.get(question).and_then(|&at| self.log.get(at)).map(|(_, answer)| answer)
    }

    /// All answers, in the order in which they were learned.
    pub fn iter(&self) -> impl Iterator<Item = (&Question, &Answer)> {
        self.log.iter().map(|(question, answer)| (question, answer))
    }

    /// How many answers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.log.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// The questions that got [`Missing::Pending`] since the last [`Answers::begin`].
    #[must_use]
    pub fn pending(&self) -> Vec<Question> {
        self.asked.borrow().list.clone()
    }

    /// The questions that were announced since the last [`Answers::begin`] and are neither answered nor pending.
    #[must_use]
    pub fn announced(&self) -> Vec<Question> {
        let asked = self.asked.borrow();
        self.announced
            .borrow()
            .list
            .iter()
            .filter(|question| !asked.seen.contains(*question))
            .copied()
            .collect()
    }

    /// Begins a run: nothing is pending, nothing announced.
    pub fn begin(&mut self) {
        self.asked.take();
        self.announced.take();
    }

    /// From now on what is not known is a temporary failure of this kind instead of pending, so that the next run is the last.
    pub fn close(&mut self, why: TemporaryKind) {
        self.closed.set(Some(why));
    }
}

impl Dns for Answers {
    fn query(&self, name: &Name, kind: Kind) -> Answer {
        let question = Question::new(*name, kind);
        if let Some(answer) = self.get(&question) {
            return answer.clone();
        }
        if let Some(why) = self.closed.get() {
            return Answer::temporary(why);
        }
        if self.asked.borrow_mut().push(question) {
            Answer::missing(Missing::Pending, 0)
        } else {
            Answer::temporary(TemporaryKind::Limit)
        }
    }

    fn announce(&self, name: &Name, kind: Kind) {
        let question = Question::new(*name, kind);
        if self.closed.get().is_none() && self.get(&question).is_none() {
            self.announced.borrow_mut().push(question);
        }
    }
}

impl Wanted {
    /// False where there is no room.
    fn push(&mut self, question: Question) -> bool {
        if self.seen.contains(&question) {
            return true;
        }
        if self.list.len() >= MAX_OPEN {
            return false;
        }
        self.seen.insert(question);
        self.list.push(question);
        true
    }
}
