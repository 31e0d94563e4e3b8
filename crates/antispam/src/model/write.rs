//! Writing a model.

use super::{MARK, VERSION, check};
use crate::Class;
use crate::content::{Key, VIEW_BITS};
use crate::learn::machine::Machine;
use crate::store::{MemoryStore, Shelf};

pub(super) fn model(key: &Key, store: Option<&MemoryStore>, machine: &Machine) -> Vec<u8> {
    let mut out = Out(Vec::with_capacity(1 << 16));
    out.0.extend_from_slice(MARK);
    out.number(VERSION);
    out.0.extend_from_slice(key.seed());
    match store {
        Some(store) => {
            out.shelf(&store.shared);
            out.count(store.users.len());
            for (name, shelf) in &store.users {
                out.count(name.len());
                out.0.extend_from_slice(name.as_bytes());
                out.shelf(shelf);
            }
        }
        None => {
            out.shelf(&Shelf::default());
            out.number(0);
        }
    }
    out.machine(machine);
    let check = check(&out.0);
    out.0.extend_from_slice(&check);
    out.0
}

struct Out(Vec<u8>);

impl Out {
    /// LEB128.
    fn number(&mut self, mut number: u64) {
        loop {
            #[allow(clippy::cast_possible_truncation)]
            let low = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                self.0.push(low);
                return;
            }
            self.0.push(low | 0x80);
        }
    }

    fn count(&mut self, count: usize) {
        self.number(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn class(&mut self, class: Class) {
        self.0.push(u8::from(class == Class::Spam));
    }

    fn shelf(&mut self, shelf: &Shelf) {
        self.number(u64::from(shelf.learned.ham));
        self.number(u64::from(shelf.learned.spam));
        let classes: Vec<_> = shelf.remembered().collect();
        self.count(classes.len());
        for (digest, class) in classes {
            self.0.extend_from_slice(digest.octets());
            self.class(class);
        }
        let used = shelf.counters.used();
        self.count(used.len());
        let mut before = 0;
        for (counter, counts) in used {
            self.number(u64::from(counter.saturating_sub(before)));
            self.number(u64::from(counts.ham));
            self.number(u64::from(counts.spam));
            before = counter;
        }
    }

    fn machine(&mut self, machine: &Machine) {
        for table in machine.table.chunks(1 << VIEW_BITS) {
            // A weight of -0.0 is one: what is read must be the same bits.
            let used = || table.iter().enumerate().filter(|(_, pair)| pair.iter().any(|w| w.to_bits() != 0));
            self.count(used().count());
            let mut before = 0;
            for (slot, pair) in used() {
                self.count(slot.saturating_sub(before));
                pair.iter().for_each(|weight| self.0.extend_from_slice(&weight.to_le_bytes()));
                before = slot;
            }
        }
        self.count(machine.window.len());
        for kept in &machine.window {
            self.0.extend_from_slice(kept.example.digest.octets());
            self.class(kept.example.class);
            self.0.extend_from_slice(&kept.alpha.to_le_bytes());
            self.0.extend_from_slice(&kept.margin.to_le_bytes());
            for slots in &kept.example.views {
                self.count(slots.len());
                slots.iter().for_each(|slot| self.number(u64::from(*slot)));
            }
        }
    }
}
