//! Thread/get and Thread/changes (RFC 8621 3.1 and 3.2).

use std::collections::HashMap;

use super::change::Event;
use super::entry::ThreadId;
use super::store::Store;
use super::{Error, Index, Kind};
use crate::output::JmapThread;

/// The answer to Thread/get.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Threads {
    /// The state of all threads.
    pub state: String,
    /// Those asked for that there are.
    pub list: Vec<JmapThread>,
    /// The others: never given, or an alias by now, which JMAP calls destroyed.
    pub not_found: Vec<String>,
}

/// The answer to Thread/changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Changes {
    /// The state asked for.
    pub old_state: String,
    /// The state that the lists lead to.
    pub new_state: String,
    /// Whether to ask again from there.
    pub has_more_changes: bool,
    /// Threads that there were not.
    pub created: Vec<String>,
    /// Threads with other messages than before.
    pub updated: Vec<String>,
    /// Threads that are no more.
    pub destroyed: Vec<String>,
}

impl<S: Store> Index<S> {
    /// Thread/get. `email` gives the id of a message by its key.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn get(&mut self, threads: &[ThreadId], email: impl Fn(u64) -> String) -> Result<Threads, Error> {
        let state = self.state()?;
        let mut found = Threads { state, list: Vec::new(), not_found: Vec::new() };
        for (thread, mut members) in threads.iter().zip(self.store.members(threads)?) {
            if members.is_empty() {
                found.not_found.push(thread.to_string());
                continue;
            }
            // RFC 8621 3: sorted by receivedAt, oldest first
            members.sort_by_key(|entry| (entry.arrived, entry.key));
            let email_ids = members.iter().map(|entry| email(entry.key)).collect();
            found.list.push(JmapThread { id: thread.to_string(), email_ids });
        }
        Ok(found)
    }

    /// The state string of all threads (RFC 8620 5.1). It changes when a thread gets or loses messages.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn state(&mut self) -> Result<String, Error> {
        Ok(self.store.state()?)
    }

    /// Thread/changes: what happened since `state`, at most `most` changes at once.
    ///
    /// ```
    /// use mailwright_threading::{Header, index::Index};
    ///
    /// let mut index = Index::in_memory();
    /// let before = index.state()?;
    /// let reply = Header { message_id: b"<2@a.example>", references: b"<1@a.example>", ..Header::default() };
    /// let thread = index.insert(2, &reply)?.thread.unwrap();
    /// index.insert(1, &Header { message_id: b"<1@a.example>", ..Header::default() })?;
    /// let changes = index.changes(&before, 100)?;
    /// assert_eq!((changes.created, changes.updated), (vec![thread.to_string()], vec![]));
    /// assert_eq!(changes.new_state, index.state()?);
    /// # Ok::<(), mailwright_threading::index::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::Store`]; [`Kind::State`] where the log does not reach back to `state`.
    pub fn changes(&mut self, state: &str, most: usize) -> Result<Changes, Error> {
        // a line of the log is at most one change
        let log = self.store.since(state, most.max(1))?.ok_or_else(|| Error::new(Kind::State))?;
        let mut order: Vec<ThreadId> = Vec::new();
        // the first and the last beginning or end of each; the log of several nodes does not tell when it grew in between
        let mut ends: HashMap<ThreadId, Option<(Event, Event)>> = HashMap::new();
        for (thread, event) in log.events {
            let both = ends.entry(thread).or_insert_with(|| {
                order.push(thread);
                None
            });
            if event != Event::Updated {
                *both = Some((both.map_or(event, |(first, _)| first), event));
            }
        }
        let mut changes = Changes {
            old_state: state.to_owned(),
            new_state: log.state,
            has_more_changes: log.more,
            created: Vec::new(),
            updated: Vec::new(),
            destroyed: Vec::new(),
        };
        for thread in order {
            let list = match ends.get(&thread).copied().flatten() {
                // it came and went: the client never knew it
                Some((Event::Created, Event::Destroyed)) => continue,
                Some((Event::Created, _)) => &mut changes.created,
                Some((_, Event::Destroyed)) => &mut changes.destroyed,
                _ => &mut changes.updated,
            };
            list.push(thread.to_string());
        }
        Ok(changes)
    }
}
