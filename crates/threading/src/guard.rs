//! Threads with one base subject are joined where a guard lets it.

use std::collections::HashMap;

use mailwright_message_model::address::AddressList;

use crate::forest::{Forest, NodeId};
use crate::link::NONE;
use crate::merge::{Kept, Subjects, first_message, put_under};
use crate::options::Guard;

/// Addresses of one message that are compared: a first message to more than these is no conversation of people.
pub const MAX_PARTICIPANTS: usize = 200;

/// Threads that have been joined.
struct Cluster {
    /// What the others are put under.
    head: u32,
    head_is_reply: bool,
    /// When the last one started.
    last: i64,
}

/// Joins the threads of `forest`, which are in the order of their dates, in `parents`: what was put under something else.
pub(crate) fn merge<'a>(
    forest: &Forest,
    parents: &mut Vec<u32>,
    kept: &Kept<'a>,
    subjects: &mut Subjects<'a, '_>,
    guard: &Guard,
) -> Vec<u32> {
    let mut joined = Vec::new();
    let mut clusters: Vec<Cluster> = Vec::new();
    // the newest cluster of each subject, and of each subject and participant
    let mut by_subject: HashMap<usize, usize> = HashMap::new();
    let mut by_participant: HashMap<(usize, Box<str>), usize> = HashMap::new();
    for root in forest.roots() {
        let Some(first) = first_message(forest, *root) else { continue };
        let Some((subject, is_reply)) = subjects.of(kept.subject(first)) else { continue };
        let date = kept.date(first);
        let people = if guard.participants { participants(kept.people(first)) } else { Vec::new() };
        let found = if guard.participants {
            people.iter().filter_map(|person| by_participant.get(&(subject, person.clone()))).max()
        } else {
            by_subject.get(&subject)
        };
        let found = found.copied().filter(|_| is_reply || !guard.reply);
        let near =
            |cluster: &Cluster| guard.window.is_none_or(|window| date.abs_diff(cluster.last) <= window);
        let cluster = match found.filter(|found| clusters.get(*found).is_some_and(near)) {
            Some(found) => {
                if let Some(cluster) = clusters.get_mut(found) {
                    cluster.last = date;
                    join(forest, parents, cluster, root.0, is_reply, &mut joined);
                }
                found
            }
            None => {
                clusters.push(Cluster { head: root.0, head_is_reply: is_reply, last: date });
                clusters.len() - 1
            }
        };
        by_subject.insert(subject, cluster);
        by_participant.extend(people.into_iter().map(|person| ((subject, person), cluster)));
    }
    joined
}

/// As RFC 5256 3 REFERENCES 5.C: under the head where that is an original, else both under a dummy.
fn join(
    forest: &Forest,
    parents: &mut Vec<u32>,
    cluster: &mut Cluster,
    root: u32,
    is_reply: bool,
    joined: &mut Vec<u32>,
) {
    let is_dummy = |node: u32| forest.message(NodeId(node)).is_none();
    if !is_dummy(cluster.head) && (cluster.head_is_reply || !is_reply) {
        let Ok(dummy) = u32::try_from(parents.len()) else { return };
        parents.push(NONE);
        put_under(parents, cluster.head, dummy);
        cluster.head = dummy;
    }
    if !is_dummy(root) {
        put_under(parents, root, cluster.head);
        joined.push(root);
        return;
    }
    for child in forest.children(NodeId(root)) {
        put_under(parents, child.0, cluster.head);
        joined.push(child.0);
    }
}

/// The addresses in some fields, in lower case, each once.
fn participants(fields: [&[u8]; 3]) -> Vec<Box<str>> {
    let mut people: Vec<Box<str>> = Vec::new();
    for field in fields {
        let list = AddressList::parse(field);
        let left = MAX_PARTICIPANTS - people.len().min(MAX_PARTICIPANTS);
        let addresses = list.addresses().iter().map(|address| address.addr().to_lowercase().into_boxed_str());
        people.extend(addresses.filter(|address| !address.is_empty()).take(left));
    }
    people.sort_unstable();
    people.dedup();
    people
}
