//! The messages of an mbox, read as a stream.

use std::io::Read;
use std::path::PathBuf;

use mailwright_message_model::mbox::{MboxLimits, Reader};

use super::{Item, Origin, Variant, failure};
use crate::exit::Failure;

/// Gives each message of `file` to `each`; returns the octets that are read then.
pub(super) fn read(
    path: Option<PathBuf>,
    file: impl Read,
    variant: Variant,
    before: u64,
    each: &mut impl FnMut(Item<'_>) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut reader = Reader::with(file, variant.into(), MboxLimits::default());
    let (mut number, mut read) = (0, before);
    while let Some(message) = reader.next().map_err(|error| failure(path.as_deref(), &error))? {
        number += 1;
        read = before.saturating_add(message.end);
        let held = message.begin.saturating_add(message.raw.len() as u64);
        let origin = Origin {
            path: path.clone(),
            place: Some((number, message.begin)),
            arrived: message.date_time().map(|date| date.to_unix()),
            cut: if message.cut { message.end.saturating_sub(held).max(1) } else { 0 },
            ..Origin::default()
        };
        each(Item { raw: &message.unquoted(), origin, read })?;
    }
    if number == 0 {
        let name = Origin { path, ..Origin::default() }.name();
        return Err(Failure::new(format!("{name}: no line begins with \"From \", so it is no mbox")));
    }
    Ok(read)
}
