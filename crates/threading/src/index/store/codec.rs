//! Messages and deeds as octets, for stores outside of memory.

use super::{Deed, Entry, Flags, Id, OpId, OpRecord, ThreadId, Token};

/// The form of the octets; another one is another number.
const VERSION: u8 = 1;

pub(super) fn entry_octets(entry: &Entry) -> Vec<u8> {
    let mut out = Writer(vec![VERSION]);
    out.entry(entry);
    out.0
}

/// Reads what [`entry_octets`] wrote; `None` for anything else.
pub(super) fn entry(octets: &[u8]) -> Option<Entry> {
    let mut octets = Reader(octets);
    (octets.octet()? == VERSION).then_some(())?;
    let entry = octets.entry()?;
    octets.0.is_empty().then_some(entry)
}

pub(super) fn op_octets(record: &OpRecord) -> Vec<u8> {
    let mut out = Writer(vec![VERSION, u8::from(record.undone)]);
    match &record.deed {
        Deed::Remove(entry, thread) => {
            out.octet(0);
            out.entry(entry);
            out.number(thread.0);
        }
        Deed::Split(part, rest, walls) => {
            out.octet(1);
            out.list(part, |out, key| out.number(*key));
            out.list(rest, |out, key| out.number(*key));
            out.list(walls, |out, id| out.id(*id));
        }
        Deed::Join(threads) => {
            out.octet(2);
            for (key, thread) in threads {
                out.number(*key);
                out.number(thread.0);
            }
        }
        Deed::Mute(key, before) => {
            out.octet(3);
            out.number(*key);
            out.number(before.0.into());
        }
    }
    out.0
}

/// Reads what [`op_octets`] wrote; `None` for anything else.
pub(super) fn op(octets: &[u8]) -> Option<OpRecord> {
    let mut octets = Reader(octets);
    (octets.octet()? == VERSION).then_some(())?;
    let undone = octets.octet()? == 1;
    let deed = match octets.octet()? {
        0 => Deed::Remove(Box::new(octets.entry()?), ThreadId(octets.number()?)),
        1 => {
            Deed::Split(octets.list(Reader::number)?, octets.list(Reader::number)?, octets.list(Reader::id)?)
        }
        2 => {
            let mut one = || Some((octets.number()?, ThreadId(octets.number()?)));
            Deed::Join([one()?, one()?])
        }
        3 => Deed::Mute(octets.number()?, Flags(u32::try_from(octets.number()?).ok()?)),
        _ => return None,
    };
    octets.0.is_empty().then_some(OpRecord { deed, undone })
}

/// Lists of lists of octets: commands.
#[cfg(feature = "redis")]
pub(super) fn lists_octets(lists: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut out = Writer(vec![VERSION]);
    out.list(lists, |out, list| {
        out.list(list, |out, octets| out.list(octets, |out, octet| out.octet(*octet)));
    });
    out.0
}

/// Reads what [`lists_octets`] wrote.
#[cfg(feature = "redis")]
pub(super) fn lists(octets: &[u8]) -> Option<Vec<Vec<Vec<u8>>>> {
    let mut octets = Reader(octets);
    (octets.octet()? == VERSION).then_some(())?;
    octets.list(|octets| octets.list(|octets| octets.list(Reader::octet)))
}

struct Writer(Vec<u8>);

impl Writer {
    fn octet(&mut self, octet: u8) {
        self.0.push(octet);
    }

    /// Seven bits an octet, the lower ones first.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.octet(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
            number >>= 7;
        }
        self.octet(u8::try_from(number).unwrap_or_default());
    }

    fn id(&mut self, id: Id) {
        self.0.extend(id.0.to_be_bytes());
    }

    fn list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u64);
        list.iter().for_each(|one| write(self, one));
    }

    fn entry(&mut self, entry: &Entry) {
        self.number(entry.key);
        self.list(entry.own.as_slice(), |out, id| out.id(*id));
        self.list(&entry.refs, |out, id| out.id(*id));
        self.0.extend(entry.date.to_be_bytes());
        self.0.extend(entry.arrived.to_be_bytes());
        self.number(entry.flags.0.into());
        self.list(&entry.cuts, |out, (id, op)| {
            out.id(*id);
            out.number(op.0);
        });
        self.list(&entry.tokens, |out, token| {
            out.number(token.op.0);
            out.octet(token.side);
        });
    }
}

struct Reader<'o>(&'o [u8]);

impl Reader<'_> {
    fn octet(&mut self) -> Option<u8> {
        let (octet, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*octet)
    }

    fn octets<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (octets, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*octets)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let octet = self.octet()?;
            number |= u64::from(octet & 0x7f).checked_shl(shift)?;
            if octet < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn id(&mut self) -> Option<Id> {
        self.octets().map(|octets| Id(u128::from_be_bytes(octets)))
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.number()?).map(|_| read(self)).collect()
    }

    fn entry(&mut self) -> Option<Entry> {
        Some(Entry {
            key: self.number()?,
            own: self.list(Self::id)?.pop(),
            refs: self.list(Self::id)?,
            date: self.octets().map(i64::from_be_bytes)?,
            arrived: self.octets().map(i64::from_be_bytes)?,
            flags: Flags(u32::try_from(self.number()?).ok()?),
            cuts: self.list(|octets| Some((octets.id()?, OpId(octets.number()?))))?,
            tokens: self.list(|octets| Some(Token { op: OpId(octets.number()?), side: octets.octet()? }))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let message = Entry {
            key: u64::MAX,
            own: Some(Id(7)),
            refs: vec![Id(u128::MAX), Id(0)],
            date: -1,
            arrived: i64::MAX,
            flags: Flags(1 << 18),
            cuts: vec![(Id(0), OpId(300))],
            tokens: vec![Token { op: OpId(300), side: 1 }],
        };
        let octets = entry_octets(&message);
        assert_eq!(entry(&octets), Some(message.clone()));
        assert!((0..octets.len()).all(|end| entry(&octets[..end]).is_none()));
        let deeds = [
            Deed::Remove(Box::new(message), ThreadId(128)),
            Deed::Split(vec![1, 2], vec![3], vec![Id(9)]),
            Deed::Join([(1, ThreadId(1)), (2, ThreadId(2))]),
            Deed::Mute(5, Flags(3)),
        ];
        for deed in deeds {
            let record = OpRecord { deed, undone: true };
            assert_eq!(op(&op_octets(&record)), Some(record));
        }
    }
}
