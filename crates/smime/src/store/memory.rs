//! In memory.

use std::collections::{BTreeSet, HashMap};

use super::{CertificateName, CertificateStore, Record, StoreError, address_key, keys_of, named, once};

/// A store in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    records: HashMap<String, Record>,
    /// The addresses whose certificates have a name.
    names: HashMap<Vec<u8>, BTreeSet<String>>,
}

impl Memory {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All addresses of which something is known, in no order.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.records.keys().map(String::as_str)
    }

    fn put(&mut self, address: String, record: Record) {
        let old = self.records.remove(&address).unwrap_or_default();
        for key in old.certificates().iter().flat_map(|known| keys_of(known.der())) {
            if let Some(addresses) = self.names.get_mut(&key) {
                addresses.remove(&address);
                if addresses.is_empty() {
                    self.names.remove(&key);
                }
            }
        }
        for key in record.certificates().iter().flat_map(|known| keys_of(known.der())) {
            self.names.entry(key).or_default().insert(address.clone());
        }
        if !record.is_empty() {
            self.records.insert(address, record);
        }
    }
}

impl CertificateStore for Memory {
    fn records(&mut self, addresses: &[&str]) -> Result<Vec<Record>, StoreError> {
        let known = |address: &&str| self.records.get(&address_key(address)).cloned().unwrap_or_default();
        Ok(addresses.iter().map(known).collect())
    }

    fn update(
        &mut self,
        addresses: &[&str],
        change: &mut dyn FnMut(&mut [Record]),
    ) -> Result<(), StoreError> {
        let keys = once(addresses);
        let known = |key: &Option<String>| key.as_ref().and_then(|key| self.records.get(key)).cloned();
        let mut records: Vec<Record> = keys.iter().map(|key| known(key).unwrap_or_default()).collect();
        change(&mut records);
        for (key, record) in keys.into_iter().zip(records) {
            if let Some(key) = key {
                self.put(key, record);
            }
        }
        Ok(())
    }

    fn find(&mut self, names: &[CertificateName]) -> Result<Vec<Vec<Vec<u8>>>, StoreError> {
        let found = |name: &CertificateName| {
            let addresses = self.names.get(&name.key()).into_iter().flatten();
            named(name, addresses.filter_map(|address| self.records.get(address)))
        };
        Ok(names.iter().map(found).collect())
    }
}
