//! What a call changed.

use crate::index::{OpId, ThreadId};

/// What a call to an [`Index`](crate::index::Index) changed. Nothing else did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The thread of the message that the call named, after the call; of a removed message, the one it was in.
    pub thread: Option<ThreadId>,
    /// What [`Index::undo`](crate::index::Index::undo) takes; `None` where there is nothing to undo.
    pub op: Option<OpId>,
    /// Threads that there were not.
    pub appeared: Vec<ThreadId>,
    /// Threads with messages that they did not have.
    pub grew: Vec<ThreadId>,
    /// Threads that lost messages and have others.
    pub shrank: Vec<ThreadId>,
    /// Threads that are another one now; their ids are aliases of it for good.
    pub merged: Vec<Merged>,
    /// Threads without a message left that are not merged.
    pub vanished: Vec<ThreadId>,
    /// Every message whose thread is another one. A JMAP server must destroy these Emails and create them again, since the
    /// threadId of an Email is immutable (RFC 8621 4.1.1).
    pub moved: Vec<Moved>,
    /// Whether identifiers of the message were dropped by a limit ([`Limits`](crate::Limits)).
    pub cut: bool,
}

/// A thread that is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its id, from now on an alias.
    pub from: ThreadId,
    /// The thread it is part of, given earlier.
    pub into: ThreadId,
}

/// A message whose thread is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The message.
    pub key: u64,
    /// Its thread before.
    pub from: ThreadId,
    /// Its thread now.
    pub to: ThreadId,
}

impl Change {
    /// Whether no thread has other messages than before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.appeared.is_empty()
            && self.grew.is_empty()
            && self.shrank.is_empty()
            && self.merged.is_empty()
            && self.vanished.is_empty()
    }

    /// What Thread/changes tells of it (RFC 8621 3.2).
    pub(crate) fn events(&self) -> Vec<(ThreadId, Event)> {
        let of =
            |threads: &[ThreadId], event| threads.iter().map(|thread| (*thread, event)).collect::<Vec<_>>();
        let merged: Vec<ThreadId> = self.merged.iter().map(|merged| merged.from).collect();
        let mut events = of(&self.appeared, Event::Created);
        events.extend(of(&self.grew, Event::Updated));
        events.extend(of(&self.shrank, Event::Updated));
        events.extend(of(&merged, Event::Destroyed));
        events.extend(of(&self.vanished, Event::Destroyed));
        events
    }
}

/// A line of the log behind Thread/changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The thread appeared.
    Created,
    /// It has other messages.
    Updated,
    /// It has none, or it is another one now.
    Destroyed,
}
