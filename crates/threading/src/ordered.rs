//! RFC 5256 3 ORDEREDSUBJECT.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::SubjectRules;
use crate::link::NONE;

/// The parent of each message: of those with one base subject the first is the parent of all others.
pub(crate) fn parents(order: &[u32], subjects: &[&[u8]], rules: &SubjectRules) -> Vec<u32> {
    let mut first: HashMap<Cow<'_, str>, u32> = HashMap::with_capacity(order.len());
    let mut parents = vec![NONE; order.len()];
    for message in order {
        let value = subjects.get(*message as usize).copied().unwrap_or_default();
        let first = *first.entry(rules.key(value).text).or_insert(*message);
        if let Some(parent) = parents.get_mut(*message as usize).filter(|_| first != *message) {
            *parent = first;
        }
    }
    parents
}
