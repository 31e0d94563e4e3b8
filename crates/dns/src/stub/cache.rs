//! Answers kept for as long as their TTL.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::{Answer, Missing, Question, Records};

/// What a void answer or an address costs beside its data: question, entry, table.
const ENTRY_OCTETS: usize = 640;

/// A table bounded by octets; when it is full the oldest entries go first.
#[derive(Debug)]
pub(super) struct Cache {
    entries: HashMap<Question, Entry>,
    /// In the order of insertion; an entry that was replaced is here with an old serial.
    order: VecDeque<(Question, u64)>,
    serial: u64,
    octets: usize,
    limit: usize,
}

#[derive(Debug)]
struct Entry {
    answer: Answer,
    until: Instant,
    octets: usize,
    serial: u64,
}

impl Cache {
    pub(super) fn new(limit: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), serial: 0, octets: 0, limit }
    }

    /// The answer with what is left of its TTL.
    pub(super) fn get(&self, question: &Question, now: Instant) -> Option<Answer> {
        let entry = self.entries.get(question)?;
        let left = entry.until.checked_duration_since(now).filter(|left| !left.is_zero())?;
        let ttl = u32::try_from(left.as_secs()).unwrap_or(u32::MAX);
        Some(Answer { ttl, ..entry.answer.clone() })
    }

    /// Keeps records and void answers; failures and a TTL of 0 are not kept (RFC 2308 7, RFC 1035 3.2.1).
    pub(super) fn insert(&mut self, question: Question, answer: &Answer, now: Instant) {
        let octets = match &answer.result {
            Ok(records) => size(records).saturating_add(ENTRY_OCTETS),
            Err(Missing::NxDomain | Missing::NoData) => ENTRY_OCTETS,
            Err(_) => return,
        };
        let Some(until) = now.checked_add(Duration::from_secs(answer.ttl.into())) else { return };
        if answer.ttl == 0 || octets > self.limit {
            return;
        }
        self.remove(&question);
        self.serial = self.serial.wrapping_add(1);
        self.octets = self.octets.saturating_add(octets);
        self.entries.insert(question, Entry { answer: answer.clone(), until, octets, serial: self.serial });
        self.order.push_back((question, self.serial));
        while self.octets > self.limit {
            let Some((oldest, serial)) = self.order.pop_front() else { break };
            if self.entries.get(&oldest).is_some_and(|entry| entry.serial == serial) {
                self.remove(&oldest);
            }
        }
        // Replaced entries leave their place behind: tidy up before they outnumber the rest.
        if self.order.len() > self.entries.len().saturating_mul(2).saturating_add(16) {
            let entries = &self.entries;
            self.order.retain(|(at, serial)| entries.get(at).is_some_and(|entry| entry.serial == *serial));
        }
    }

    fn remove(&mut self, question: &Question) {
        if let Some(entry) = self.entries.remove(question) {
            self.octets = self.octets.saturating_sub(entry.octets);
        }
    }
}

fn size(records: &Records) -> usize {
    match records {
        Records::Txt(set) => set
            .iter()
            .map(|txt| txt.as_bytes().len().saturating_add(txt.parts().count()).saturating_add(32))
            .sum(),
        Records::A(set) => size_of_val(&**set),
        Records::Aaaa(set) => size_of_val(&**set),
        Records::Mx(set) => size_of_val(&**set),
        Records::Ptr(set) => size_of_val(&**set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Name, TemporaryKind, Txt};

    fn question(at: usize) -> Question {
        Question::new(Name::new(format!("n{at}.example")).unwrap(), Kind::Txt)
    }

    fn text(ttl: u32) -> Answer {
        Answer::records(Records::Txt([Txt::from_joined("x")].into()), ttl)
    }

    #[test]
    fn kept_for_the_ttl_and_no_longer() {
        let (mut cache, now) = (Cache::new(1 << 20), Instant::now());
        cache.insert(question(1), &text(60), now);
        cache.insert(question(2), &Answer::missing(Missing::NxDomain, 10), now);
        cache.insert(question(3), &Answer::temporary(TemporaryKind::ServFail), now);
        cache.insert(question(4), &text(0), now);
        let later = now + Duration::from_secs(9);
        assert_eq!(cache.get(&question(1), later).unwrap().ttl, 51);
        assert_eq!(cache.get(&question(2), later).unwrap(), Answer::missing(Missing::NxDomain, 1));
        assert_eq!(cache.get(&question(2), now + Duration::from_secs(10)), None);
        assert_eq!((cache.get(&question(3), now), cache.get(&question(4), now)), (None, None));
    }

    #[test]
    fn the_oldest_go_when_it_is_full() {
        let (mut cache, now) = (Cache::new(10 * 1000), Instant::now());
        for at in 0..1000 {
            cache.insert(question(at), &text(60), now);
            assert!(cache.octets <= 10_000);
        }
        assert_eq!(cache.get(&question(0), now), None);
        assert!(cache.get(&question(999), now).is_some());
        for _ in 0..1000 {
            cache.insert(question(998), &text(60), now);
        }
        assert!(cache.order.len() < 100 && cache.get(&question(999), now).is_some());
    }
}
