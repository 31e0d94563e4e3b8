//! Parsed records, kept over many evaluations.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::SyntaxError;
use crate::record::Record;

/// Records that a cache holds by default: the senders of a busy receiver's day.
pub const MAX_CACHED_RECORDS: usize = 10_000;

/// Parsed records by their text, so that a record that many messages share is parsed once. Holds no DNS answers: those have
/// a time to live, texts have none.
///
/// ```
/// use std::sync::Arc;
/// use mailwright_spf::{Config, RecordCache};
///
/// let config = Config { cache: Some(Arc::new(RecordCache::default())), ..Config::default() };
/// ```
#[derive(Debug)]
pub struct RecordCache {
    records: Mutex<HashMap<Box<[u8]>, Parsed>>,
    most: usize,
}

type Parsed = Result<Arc<Record<'static>>, SyntaxError>;

impl RecordCache {
    /// A cache of at most `most` records; when it is full it begins anew.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { records: Mutex::new(HashMap::new()), most }
    }

    pub(crate) fn get(&self, text: &[u8]) -> Parsed {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(parsed) = records.get(text) {
            return parsed.clone();
        }
        let parsed = Record::parse(text).map(|record| Arc::new(record.into_owned()));
        if records.len() >= self.most {
            records.clear();
        }
        records.insert(text.into(), parsed.clone());
        parsed
    }
}

impl Default for RecordCache {
    fn default() -> Self {
        Self::new(MAX_CACHED_RECORDS)
    }
}
