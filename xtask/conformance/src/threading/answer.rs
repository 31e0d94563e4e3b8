//! Answers to THREAD (RFC 5256 4), compared.

use std::collections::{HashMap, HashSet};

use crate::case::Verdict;

/// How much of an answer the report shows in front of and behind the first difference.
const CONTEXT: usize = 60;

/// Right where both are the same octets; else the places where they part.
pub(super) fn same_text(want: &str, ours: &str) -> Verdict {
    if want == ours {
        return Verdict::Right;
    }
    let same = want.bytes().zip(ours.bytes()).take_while(|(left, right)| left == right).count();
    let part = |text: &str| {
        let from = same.saturating_sub(CONTEXT);
        let part = text.as_bytes().get(from..text.len().min(same + CONTEXT)).unwrap_or_default();
        format!("at octet {same} of {}: {}", text.len(), String::from_utf8_lossy(part))
    };
    Verdict::wrong(part(want), part(ours))
}

/// Right where all messages have the same parents and are together with the same others.
pub(super) fn same_trees(want: &str, ours: &str, count: usize) -> Verdict {
    let (theirs, got) = match (Trees::parse(want, count), Trees::parse(ours, count)) {
        (Ok(theirs), Ok(got)) => (theirs, got),
        (Err(why), _) | (_, Err(why)) => {
            return Verdict::wrong(format!("every number from 1 to {count} once"), why);
        }
    };
    let same = theirs.same_places(&got);
    let mut differing = (1..=count).filter(|number| !same.contains(number));
    let Some(first) = differing.next() else { return Verdict::Right };
    let place = |trees: &Trees| format!("parent {:?}, thread {:?}", trees.parent(first), trees.thread(first));
    Verdict::wrong(
        format!("message {first} ({} differ): {}", differing.count() + 1, place(&theirs)),
        place(&got),
    )
}

/// The parent of each message, and the messages that are together.
pub(super) struct Trees {
    /// By number: the parent, and the thread.
    places: HashMap<usize, (Option<usize>, usize)>,
    /// The numbers of each thread, ascending.
    threads: Vec<Vec<usize>>,
}

impl Trees {
    /// Reads an answer in which each number from 1 to `count` occurs once.
    pub(super) fn parse(text: &str, count: usize) -> Result<Self, String> {
        let mut trees = Self { places: HashMap::new(), threads: Vec::new() };
        // for each open parenthesis, the message that what it holds is under
        let mut open: Vec<Option<usize>> = Vec::new();
        let mut parent = None;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
            match (first, open.is_empty()) {
                ('(', _) => {
                    if open.is_empty() {
                        trees.threads.push(Vec::new());
                        parent = None;
                    }
                    open.push(parent);
                }
                (')', false) => parent = open.pop().flatten(),
                (' ', false) => {}
                _ if digits > 0 && !open.is_empty() => {
                    let (number, behind) = rest.split_at_checked(digits).unwrap_or_default();
                    let number = number.parse().map_err(|error| format!("`{number}`: {error}"))?;
                    trees.put(number, parent)?;
                    parent = Some(number);
                    rest = behind;
                    continue;
                }
                _ => return Err(format!("`{first}` has no meaning in an answer to THREAD")),
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
        if !open.is_empty() {
            return Err(String::from("a parenthesis is not closed"));
        }
        if trees.places.len() != count || !(1..=count).all(|number| trees.places.contains_key(&number)) {
            return Err(format!("{} numbers, not those from 1 to {count}", trees.places.len()));
        }
        trees.threads.iter_mut().for_each(|thread| thread.sort_unstable());
        Ok(trees)
    }

    fn put(&mut self, number: usize, parent: Option<usize>) -> Result<(), String> {
        let thread = self.threads.len().saturating_sub(1);
        if let Some(members) = self.threads.last_mut() {
            members.push(number);
        }
        match self.places.insert(number, (parent, thread)) {
            None => Ok(()),
            Some(_) => Err(format!("{number} occurs twice")),
        }
    }

    fn parent(&self, number: usize) -> Option<usize> {
        self.places.get(&number).and_then(|(parent, _)| *parent)
    }

    fn thread(&self, number: usize) -> &[usize] {
        let thread = self.places.get(&number).and_then(|(_, thread)| self.threads.get(*thread));
        thread.map(Vec::as_slice).unwrap_or_default()
    }

    /// The messages that have the same parent and the same company in both.
    pub(super) fn same_places(&self, other: &Self) -> HashSet<usize> {
        let threads: HashSet<&[usize]> = other.threads.iter().map(Vec::as_slice).collect();
        let same = self.threads.iter().filter(|thread| threads.contains(thread.as_slice()));
        same.flatten().copied().filter(|number| self.parent(*number) == other.parent(*number)).collect()
    }
}
