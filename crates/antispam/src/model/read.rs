//! Reading a model, which may be anybody's: memory is taken for what is there, never for what is promised.

use std::sync::Arc;

use super::{MARK, MAX_MODEL, VERSION, check};
use crate::content::{Digest, Key, VIEW_BITS, View};
use crate::learn::machine::{Example, Kept, MOST, Machine, WINDOW};
use crate::store::{COUNTERS, Counts, MAX_DIGESTS, MemoryStore, Shelf};
use crate::{Class, Error, ErrorKind, Place};

pub(super) struct Model {
    pub(super) key: Key,
    pub(super) store: MemoryStore,
    pub(super) machine: Machine,
}

/// Octets of the name of a user: the longest address (RFC 5321 4.5.3.1.3) and a tag.
const MAX_NAME: u64 = 512;

pub(super) fn model(octets: &[u8]) -> Result<Model, Error> {
    let mut input = Input { octets, pos: 0, field: "mark" };
    if octets.len() > MAX_MODEL {
        return Err(input.error(&format!("{} octets are more than MAX_MODEL ({MAX_MODEL})", octets.len())));
    }
    if input.take(MARK.len())? != MARK {
        return Err(input.error("it does not begin as one"));
    }
    input.field = "version";
    let version = input.number(u64::MAX)?;
    if version != VERSION {
        return Err(input.error(&format!("version {version} is not {VERSION}")));
    }
    let Some((body, sum)) = octets.split_last_chunk::<8>() else {
        return Err(input.error("it ends too soon"));
    };
    input.field = "check";
    if check(body) != *sum {
        return Err(input.error("it is damaged"));
    }
    input.octets = body;
    input.field = "key";
    let key = Key::new(input.array()?);
    let mut store = MemoryStore::new();
    input.shelf(&mut store.shared)?;
    input.users(&mut store)?;
    let machine = input.machine()?;
    if input.pos < body.len() {
        input.field = "check";
        return Err(input.error("something stands behind the window"));
    }
    Ok(Model { key, store, machine })
}

struct Input<'o> {
    octets: &'o [u8],
    pos: usize,
    field: &'static str,
}

impl<'o> Input<'o> {
    fn error(&self, what: &str) -> Error {
        Error::new(ErrorKind::Model(format!("{}: {what}", self.field))).at(Place::Octet(self.pos))
    }

    fn take(&mut self, count: usize) -> Result<&'o [u8], Error> {
        let end = self.pos.saturating_add(count);
        match self.octets.get(self.pos..end) {
            Some(taken) => {
                self.pos = end;
                Ok(taken)
            }
            None => Err(self.error("it ends too soon")),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| self.error("it ends too soon"))
    }

    /// A number up to `most`, in its shortest form: equal models are equal octets.
    fn number(&mut self, most: u64) -> Result<u64, Error> {
        let mut number = 0u64;
        for turn in 0..10u32 {
            let [octet] = self.array()?;
            let low = u64::from(octet & 0x7f);
            let shifted = low << (7 * turn);
            if shifted >> (7 * turn) != low {
                break;
            }
            number |= shifted;
            if octet & 0x80 == 0 {
                if turn > 0 && octet == 0 {
                    return Err(self.error("a number is longer than it need be"));
                }
                if number > most {
                    return Err(self.error(&format!("{number} is above {most}")));
                }
                return Ok(number);
            }
        }
        Err(self.error("a number of more than 64 bits"))
    }

    fn small(&mut self, most: u32) -> Result<u32, Error> {
        let number = self.number(u64::from(most))?;
        u32::try_from(number).map_err(|_| self.error("a number of more than 32 bits"))
    }

    fn class(&mut self) -> Result<Class, Error> {
        match self.array()? {
            [0] => Ok(Class::Ham),
            [1] => Ok(Class::Spam),
            _ => Err(self.error("a class is neither 0 nor 1")),
        }
    }

    /// The next of numbers that ascend, each below `end`.
    fn ascending(&mut self, before: Option<u32>, end: u32) -> Result<u32, Error> {
        let distance = self.small(end)?;
        let number = before.unwrap_or(0).saturating_add(distance);
        if number >= end {
            return Err(self.error(&format!("place {number} is not below {end}")));
        }
        if before.is_some() && distance == 0 {
            return Err(self.error("a place stands there twice"));
        }
        Ok(number)
    }

    fn shelf(&mut self, shelf: &mut Shelf) -> Result<(), Error> {
        self.field = "learned";
        shelf.learned = Counts { ham: self.small(u32::MAX)?, spam: self.small(u32::MAX)? };
        self.field = "classes";
        for _ in 0..self.number(MAX_DIGESTS as u64)? {
            let digest = Digest::from_octets(self.array()?);
            let class = self.class()?;
            shelf.remember(digest, Some(class));
        }
        self.field = "counters";
        let mut before = None;
        for _ in 0..self.small(COUNTERS)? {
            let counter = self.ascending(before, COUNTERS)?;
            let counts = Counts { ham: self.small(u32::MAX)?, spam: self.small(u32::MAX)? };
            shelf.counters.change(counter, |place| *place = counts);
            before = Some(counter);
        }
        Ok(())
    }

    fn users(&mut self, store: &mut MemoryStore) -> Result<(), Error> {
        self.field = "users";
        for _ in 0..self.number(u64::MAX)? {
            self.field = "users";
            let length = usize::try_from(self.number(MAX_NAME)?).unwrap_or(usize::MAX);
            let name =
                std::str::from_utf8(self.take(length)?).map_err(|_| self.error("a name is not UTF-8"))?;
            if store.users.last_key_value().is_some_and(|(before, _)| before.as_str() >= name) {
                return Err(self.error("names do not ascend"));
            }
            let mut shelf = Shelf::default();
            self.shelf(&mut shelf)?;
            store.users.insert(name.to_owned(), shelf);
        }
        Ok(())
    }

    fn machine(&mut self) -> Result<Machine, Error> {
        let mut machine = Machine::default();
        let places = 1u32 << VIEW_BITS;
        self.field = "weights";
        for table in machine.table.chunks_mut(1 << VIEW_BITS) {
            let mut before = None;
            for _ in 0..self.small(places)? {
                let slot = self.ascending(before, places)?;
                let pair = [f32::from_le_bytes(self.array()?), f32::from_le_bytes(self.array()?)];
                // Sums of so many places stay finite.
                if !pair.iter().all(|weight| weight.abs() < 1e20) {
                    return Err(self.error("a weight is not finite, or absurd"));
                }
                if let Some(place) = table.get_mut(slot as usize) {
                    *place = pair;
                }
                before = Some(slot);
            }
        }
        self.field = "window";
        for _ in 0..self.number(WINDOW as u64)? {
            let kept = self.kept(places)?;
            machine.window.push_back(kept);
        }
        Ok(machine)
    }

    fn kept(&mut self, places: u32) -> Result<Kept, Error> {
        let digest = Digest::from_octets(self.array()?);
        let class = self.class()?;
        let alpha = f64::from_le_bytes(self.array()?);
        let margin = f64::from_le_bytes(self.array()?);
        if !(0.0..=MOST).contains(&alpha) || !margin.is_finite() {
            return Err(self.error("a weight is not finite, or absurd"));
        }
        let mut views: [Box<[u32]>; View::COUNT] = Default::default();
        for slots in &mut views {
            let count = self.small(places)?;
            let last = places.saturating_sub(1);
            *slots = (0..count).map(|_| self.small(last)).collect::<Result<_, _>>()?;
        }
        Ok(Kept { example: Arc::new(Example { digest, class, views }), alpha, margin })
    }
}
