#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod cfws;
mod date;
mod error;
mod forest;
mod header;
mod id;
mod limits;
mod link;
mod merge;
mod options;
mod ordered;
pub mod output;
mod prune;
mod subject;

pub use date::sent_date;
pub use error::{Error, ErrorKind};
pub use forest::{Forest, NodeId, Visit, Walk};
pub use header::Header;
pub use id::{IdMode, Ids, MessageIds, Source};
pub use limits::{Limits, MAX_HEADER_OCTETS, MAX_IDS, MAX_MESSAGES, MAX_NODES};
pub use options::{Algorithm, Options};
pub use subject::{BaseSubject, base_subject, casemap, subject_key};

/// Puts messages into threads: each of them is in the result once, whatever the headers say.
///
/// Takes time in proportion to the octets of the headers, and the logarithm of the number of messages at worst; nothing
/// recurses.
///
/// # Errors
///
/// When there are more messages than [`Limits::messages`], or more messages and ids than [`MAX_NODES`]. No header is an
/// error.
pub fn thread<'a>(
    messages: impl IntoIterator<Item = Header<'a>>,
    options: &Options,
) -> Result<Forest, Error> {
    let mut linker = link::Linker::new(options.ids, options.limits);
    let mut dates = Vec::new();
    let mut subjects: Vec<&[u8]> = Vec::new();
    for header in messages {
        if dates.len() >= options.limits.messages {
            return Err(Error::new(ErrorKind::TooManyMessages));
        }
        dates.push(if options.algorithm == Algorithm::Refs { header.arrived } else { header.date() });
        subjects.push(header.subject);
        if options.algorithm != Algorithm::OrderedSubject {
            linker.add(&header)?;
        }
    }
    let order = by_date(&dates)?;
    if options.algorithm == Algorithm::OrderedSubject {
        return Ok(Forest::arrange(&ordered::parents(&order, &subjects), &order));
    }
    let links = linker.finish();
    let mut parents = prune::prune(&links);
    let mut forest = Forest::arrange(&parents, &order);
    if options.algorithm == Algorithm::References {
        merge::merge(&forest, &mut parents, &subjects);
        forest = Forest::arrange(&parents, &order);
    }
    Ok(forest.with_cut(links.cut))
}

/// The messages by date; of those with one date the one that was given first comes first (RFC 5256 2.2).
fn by_date(dates: &[i64]) -> Result<Vec<u32>, Error> {
    let messages = u32::try_from(dates.len()).map_err(|_| Error::new(ErrorKind::TooManyMessages))?;
    let mut order: Vec<u32> = (0..messages).collect();
    order.sort_by_key(|message| dates.get(*message as usize));
    Ok(order)
}
