//! Parsed records, kept over many evaluations.

use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;
use mailwright_dns::Txt;

use crate::error::SyntaxError;
use crate::record::Record;

/// Records that a cache holds by default: the senders of a busy receiver's day.
pub const MAX_CACHED_RECORDS: usize = 10_000;

/// Records in one set: a text is looked for in these alone.
const WAYS: usize = 4;

/// Terms of a record that is kept with its answer too, so that what a resolver keeps grows by a bounded amount for each
/// answer; few records have more than twenty.
pub const MAX_MEMO_TERMS: usize = 64;

/// Parsed records by their text, so that a record that many messages share is parsed once. Holds no DNS answers: those have
/// a time to live, texts have none.
///
/// What was found for an answer is [kept with it](Txt::memo), so that nothing is looked for again as long as the resolver's
/// cache gives out the same answer.
///
/// It is set-associative: a text has one set of a few places, by a fast hash with a random key. Whoever could make texts that
/// meet in one set would have them parsed each time, as without a cache, and nothing worse.
///
/// ```
/// use std::sync::Arc;
/// use mailwright_spf::{Config, RecordCache};
///
/// let config = Config { cache: Some(Arc::new(RecordCache::default())), ..Config::default() };
/// ```
pub struct RecordCache {
    sets: Box<[Mutex<Set>]>,
    hashes: RandomState,
}

#[derive(Default)]
struct Set {
    entries: [Option<Entry>; WAYS],
    /// The place that is taken next.
    next: usize,
}

struct Entry {
    hash: u64,
    parsed: Parsed,
}

#[derive(Clone)]
enum Parsed {
    Record(Arc<Record<'static>>),
    Wrong(Box<[u8]>, SyntaxError),
}

impl Parsed {
    fn text(&self) -> &[u8] {
        match self {
            Self::Record(record) => record.as_str().as_bytes(),
            Self::Wrong(text, _) => text,
        }
    }

    fn to_result(&self) -> Result<Arc<Record<'static>>, SyntaxError> {
        match self {
            Self::Record(record) => Ok(Arc::clone(record)),
            Self::Wrong(_, error) => Err(*error),
        }
    }
}

/// What is kept with an answer.
enum Known {
    Record(Arc<Record<'static>>),
    Wrong(SyntaxError),
    /// More than [`MAX_MEMO_TERMS`].
    Large,
}

impl Known {
    fn of(found: Result<Arc<Record<'static>>, SyntaxError>) -> Self {
        match found {
            Ok(record) if record.raw_term(MAX_MEMO_TERMS).is_none() => Self::Record(record),
            Ok(_) => Self::Large,
            Err(error) => Self::Wrong(error),
        }
    }
}

impl RecordCache {
    /// A cache of about `most` records: of as many sets as a power of two has that holds no more.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let sets = most.div_ceil(WAYS).checked_ilog2().map_or(0, |bits| 1 << bits);
        Self { sets: (0..sets).map(|_| Mutex::default()).collect(), hashes: RandomState::default() }
    }

    pub(crate) fn get(&self, text: &Txt) -> Result<Arc<Record<'static>>, SyntaxError> {
        let found = text.memo(|| Known::of(self.find(text.as_bytes())));
        match found {
            Some(Known::Record(record)) => Ok(Arc::clone(record)),
            Some(Known::Wrong(error)) => Err(*error),
            Some(Known::Large) | None => self.find(text.as_bytes()),
        }
    }

    fn find(&self, text: &[u8]) -> Result<Arc<Record<'static>>, SyntaxError> {
        let hash = self.hashes.hash_one(text);
        let index = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or_default();
        let Some(set) = self.sets.get(index & self.sets.len().wrapping_sub(1)) else {
            return Record::parse(text).map(|record| Arc::new(record.into_owned()));
        };
        let lock = || set.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |entry: &&Entry| entry.hash == hash && entry.parsed.text() == text;
        if let Some(entry) = lock().entries.iter().flatten().find(same) {
            return entry.parsed.to_result();
        }
        let parsed = match Record::parse(text) {
            Ok(record) => Parsed::Record(Arc::new(record.into_owned())),
            Err(error) => Parsed::Wrong(text.into(), error),
        };
        let result = parsed.to_result();
        let mut set = lock();
        let next = set.next;
        if let Some(place) = set.entries.get_mut(next) {
            *place = Some(Entry { hash, parsed });
        }
        set.next = next.wrapping_add(1) % WAYS;
        result
    }
}

impl Default for RecordCache {
    fn default() -> Self {
        Self::new(MAX_CACHED_RECORDS)
    }
}

impl fmt::Debug for RecordCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordCache").field("most", &self.sets.len().saturating_mul(WAYS)).finish()
    }
}
