//! All messages at once.

use crate::forest::Forest;
use crate::hints::{self, Joins};
use crate::link::Linker;
use crate::merge::{self, Kept, Subjects};
use crate::{Algorithm, Error, ErrorKind, Header, Merge, Options, Rule, guard, ordered, prune};

/// Puts messages into threads: each of them is in the result once, whatever the headers say.
///
/// Takes time in proportion to the octets of the headers, and the logarithm of the number of messages at worst; nothing
/// recurses.
///
/// # Errors
///
/// When there are more messages than [`Limits::messages`](crate::Limits::messages), or more messages and ids than
/// [`MAX_NODES`](crate::MAX_NODES). No header is an error.
pub fn thread<'a>(
    messages: impl IntoIterator<Item = Header<'a>>,
    options: &Options,
) -> Result<Forest, Error> {
    let by_subject_alone = options.algorithm == Algorithm::OrderedSubject;
    let guard = match options.subject.merge {
        Merge::Guarded(guard) => Some(guard),
        _ => None,
    };
    let mut linker = Linker::new(options.ids, options.limits);
    let mut kept = Kept::default();
    let (mut indexes, mut threads): (Vec<&[u8]>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    for header in messages {
        if kept.dates.len() >= options.limits.messages {
            return Err(Error::new(ErrorKind::TooManyMessages));
        }
        let octets = options.limits.header_octets;
        let view = |value: &'a [u8]| value.get(..octets).unwrap_or(value);
        kept.dates.push(if options.algorithm == Algorithm::Refs { header.arrived } else { header.date() });
        kept.subjects.push(view(header.subject));
        if by_subject_alone {
            continue;
        }
        linker.add(&header)?;
        if guard.is_some_and(|guard| guard.participants) {
            kept.people.push([view(header.from), view(header.to), view(header.cc)]);
        }
        push(&mut indexes, options.thread_index, kept.dates.len(), header.thread_index);
        push(&mut threads, options.gmail_thread, kept.dates.len(), header.gmail_thread);
    }
    let order = by_date(&kept.dates)?;
    let mut subjects = Subjects::new(&options.subject.rules);
    if by_subject_alone {
        let parents = ordered::parents(&order, &kept.subjects, &options.subject.rules);
        let rules = parents
            .iter()
            .map(|parent| if *parent == crate::link::NONE { Rule::Start } else { Rule::Subject });
        let rules = rules.collect();
        return Ok(Forest::arrange(&parents, &order).with_notes(Vec::new(), rules));
    }
    let links = linker.finish();
    let mut parents = prune::prune(&links);
    let (cut, mut rules) = (links.cut, links.rules);

    if options.subject.split {
        let split = hints::split(&mut parents, order.len(), &kept, &mut subjects);
        mark(&mut rules, &split, Rule::Split);
    }
    let mut forest = Forest::arrange(&parents, &order);
    if !indexes.is_empty() || !threads.is_empty() {
        let mut joins = Joins::new(&forest);
        let lonely = |message: u32| rules.get(message as usize) == Some(&Rule::Start);
        let by_index = hints::thread_index(&mut joins, &mut parents, &order, &indexes, lonely);
        let by_gmail = hints::gmail(&mut joins, &mut parents, &order, &threads);
        mark(&mut rules, &by_index, Rule::ThreadIndex);
        mark(&mut rules, &by_gmail, Rule::GmailThread);
        forest = Forest::arrange(&parents, &order);
    }
    if options.algorithm == Algorithm::References {
        let joined = match options.subject.merge {
            Merge::Never => Vec::new(),
            Merge::Always => merge::merge(&forest, &mut parents, &kept, &mut subjects),
            Merge::Guarded(guard) => guard::merge(&forest, &mut parents, &kept, &mut subjects, &guard),
        };
        if !joined.is_empty() {
            mark(&mut rules, &joined, Rule::Subject);
            forest = Forest::arrange(&parents, &order);
        }
    } else {
        forest.newest_last(&order);
    }
    Ok(forest.with_notes(cut, rules))
}

/// Keeps a value of the message that is the `count`th; none is kept before the first one that is not empty.
fn push<'a>(values: &mut Vec<&'a [u8]>, wanted: bool, count: usize, value: &'a [u8]) {
    if wanted && !(values.is_empty() && value.is_empty()) {
        values.resize(count - 1, &[]);
        values.push(value);
    }
}

fn mark(rules: &mut [Rule], messages: &[u32], rule: Rule) {
    for message in messages {
        if let Some(place) = rules.get_mut(*message as usize) {
            *place = rule;
        }
    }
}

/// The messages by date; of those with one date the one that was given first comes first (RFC 5256 2.2).
fn by_date(dates: &[i64]) -> Result<Vec<u32>, Error> {
    let messages = u32::try_from(dates.len()).map_err(|_| Error::new(ErrorKind::TooManyMessages))?;
    let mut order: Vec<u32> = (0..messages).collect();
    order.sort_by_key(|message| dates.get(*message as usize));
    Ok(order)
}
