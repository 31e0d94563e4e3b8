//! How messages are threaded.

use crate::{IdMode, Limits, SubjectRules};

/// The way in which messages come together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// REFERENCES (RFC 5256 3): by the ids that messages name, then by subject.
    #[default]
    References,
    /// REFS: REFERENCES without the subject, threads with the newest message last.
    Refs,
    /// ORDEREDSUBJECT (RFC 5256 3): by subject alone.
    OrderedSubject,
}

/// Options of [`thread`](crate::thread).
///
/// | | default | [`Options::dovecot`] |
/// |---|---|---|
/// | identifiers | repaired | as Dovecot reads them |
/// | subject | localised prefixes, blobs kept | RFC 5256 2.1 |
/// | threads of one subject | joined by a reply within 30 days and with a participant in common | always joined |
/// | a new subject inside a thread | stays | stays |
/// | Thread-Index, X-GM-THRID | used | not looked at |
#[derive(Clone, Debug)]
pub struct Options {
    /// Default [`Algorithm::References`].
    pub algorithm: Algorithm,
    /// Default [`IdMode::Repair`].
    pub ids: IdMode,
    /// What subjects do.
    pub subject: SubjectPolicy,
    /// Whether a message that names no other is put where its Thread-Index says (Exchange). Default: yes.
    pub thread_index: bool,
    /// Whether messages of one X-GM-THRID are one thread (mail exported from Gmail). Default: yes.
    pub gmail_thread: bool,
    /// The defaults stand at its constants.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::default(),
            ids: IdMode::default(),
            subject: SubjectPolicy::default(),
            thread_index: true,
            gmail_thread: true,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// As RFC 5256 has it and Dovecot answers, octet for octet. The Date of the headers should have been read by
    /// [`IdMode::Dovecot`] as well.
    #[must_use]
    pub fn dovecot(algorithm: Algorithm) -> Self {
        let subject = SubjectPolicy { rules: SubjectRules::rfc5256(), merge: Merge::Always, split: false };
        let ids = IdMode::Dovecot;
        Self { algorithm, ids, subject, thread_index: false, gmail_thread: false, limits: Limits::default() }
    }
}

/// What subjects do to threads.
#[derive(Clone, Debug, Default)]
pub struct SubjectPolicy {
    /// What is taken off a subject before it is compared. Default: localised prefixes, blobs kept.
    pub rules: SubjectRules,
    /// Which threads of one base subject [`Algorithm::References`] joins. Default: those that a [`Guard`] lets.
    pub merge: Merge,
    /// Whether a message whose base subject differs from that of the message above it starts a thread. Default: no, since
    /// many go on with a conversation under another subject.
    pub split: bool,
}

/// Which threads of one base subject are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Merge {
    /// None.
    Never,
    /// All (RFC 5256 3 REFERENCES step 5).
    Always,
    /// Those that a guard lets.
    Guarded(Guard),
}

impl Default for Merge {
    fn default() -> Self {
        Self::Guarded(Guard::default())
    }
}

/// What two threads of one base subject must have in common, so that machine mail with one subject does not become one
/// thread, and a stranger gets into none by guessing its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Only a thread that starts with a reply or a forward is joined to an earlier one. Default: yes.
    pub reply: bool,
    /// Their first messages have an address in common in From, To and Cc. Default: yes.
    pub participants: bool,
    /// Seconds between the first message of a thread and that of the last one joined before; `None` for any time. Default
    /// [`Guard::WINDOW`].
    pub window: Option<u64>,
}

impl Guard {
    /// 30 days: replies that lost their References come within days, and monthly reports stay apart.
    pub const WINDOW: u64 = 30 * 86_400;
}

impl Default for Guard {
    fn default() -> Self {
        Self { reply: true, participants: true, window: Some(Self::WINDOW) }
    }
}
