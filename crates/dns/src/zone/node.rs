//! What one name holds.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use super::Data;
use crate::{Answer, Kind, Missing, Mx, Name, Records, Txt};

#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    txt: Set<Txt>,
    a: Set<Ipv4Addr>,
    aaaa: Set<Ipv6Addr>,
    mx: Set<Mx>,
    ptr: Set<Name>,
    cname: Option<Box<(Name, u32)>>,
    faults: Vec<(Option<Kind>, Missing)>,
}

pub(super) enum Found<'n> {
    Answer(Answer),
    Alias(&'n Name, u32),
}

impl Node {
    pub(super) fn insert(&mut self, data: Data, ttl: u32) {
        match data {
            Data::Txt(record) => self.txt.push(record, ttl),
            Data::A(record) => self.a.push(record, ttl),
            Data::Aaaa(record) => self.aaaa.push(record, ttl),
            Data::Mx(record) => self.mx.push(record, ttl),
            Data::Ptr(record) => self.ptr.push(record, ttl),
            Data::Cname(target) => {
                self.cname.get_or_insert_with(|| Box::new((target, ttl)));
            }
        }
    }

    pub(super) fn fault(&mut self, kind: Kind, why: Missing) {
        self.set_fault(Some(kind), why);
    }

    pub(super) fn fault_else(&mut self, why: Missing) {
        self.set_fault(None, why);
    }

    /// A fault of the type first, then its records, then the fault for all else, then the alias.
    pub(super) fn get(&self, kind: Kind, negative_ttl: u32) -> Found<'_> {
        let fault = |of| {
            let (_, why) = self.faults.iter().find(|(kind, _)| *kind == of)?;
            let ttl = if why.is_void() { negative_ttl } else { 0 };
            Some(Found::Answer(Answer::missing(why.clone(), ttl)))
        };
        if let Some(found) = fault(Some(kind)) {
            return found;
        }
        let records = match kind {
            Kind::Txt => self.txt.get(Records::Txt),
            Kind::A => self.a.get(Records::A),
            Kind::Aaaa => self.aaaa.get(Records::Aaaa),
            Kind::Mx => self.mx.get(Records::Mx),
            Kind::Ptr => self.ptr.get(Records::Ptr),
        };
        if let Some(answer) = records {
            return Found::Answer(answer);
        }
        if let Some(found) = fault(None) {
            return found;
        }
        match &self.cname {
            Some(alias) => Found::Alias(&alias.0, alias.1),
            None => Found::Answer(Answer::missing(Missing::NoData, negative_ttl)),
        }
    }

    fn set_fault(&mut self, kind: Option<Kind>, why: Missing) {
        self.faults.retain(|(of, _)| *of != kind);
        self.faults.push((kind, why));
    }
}

/// Records of one type, shared with the answers once asked for.
#[derive(Clone, Debug)]
struct Set<T> {
    records: Vec<T>,
    shared: OnceLock<Arc<[T]>>,
    ttl: u32,
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self { records: Vec::new(), shared: OnceLock::new(), ttl: u32::MAX }
    }
}

impl<T: Clone> Set<T> {
    /// The set has one TTL, the smallest (RFC 2181 5.2).
    fn push(&mut self, record: T, ttl: u32) {
        self.ttl = self.ttl.min(ttl);
        self.shared = OnceLock::new();
        self.records.push(record);
    }

    fn get(&self, records: impl FnOnce(Arc<[T]>) -> Records) -> Option<Answer> {
        if self.records.is_empty() {
            return None;
        }
        let shared = self.shared.get_or_init(|| self.records.as_slice().into());
        Some(Answer::records(records(Arc::clone(shared)), self.ttl))
    }
}
