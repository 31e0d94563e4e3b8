//! In one file, by `redb`.

use std::path::Path;

use redb::{
    Database, MultimapTableDefinition, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction,
};

use super::{CertificateName, CertificateStore, Record, StoreError, address_key, keys_of, named, once};

/// What is known of each address.
const RECORDS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("records");
/// The addresses whose certificates have a name.
const NAMES: MultimapTableDefinition<'_, &[u8], &str> = MultimapTableDefinition::new("names");

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A store in one file. What was answered is on the disk.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("certificates.redb");
/// use mailwright_smime::store::{CertificateStore as _, Redb};
///
/// let certificate = include_bytes!("../../tests/keys/rsa.crt");
/// let now = "2027-06-01T00:00:00Z".parse()?;
/// Redb::open(&path)?.update(&["rsa@example.org"], &mut |records| {
///     records.iter_mut().for_each(|record| {
///         let _ = record.add(certificate, now);
///     });
/// })?;
/// let records = Redb::open(&path)?.records(&["rsa@Example.org"])?;
/// assert_eq!(records[0].certificates()[0].der(), certificate);
/// # Ok(())
/// # }
/// ```
pub struct Redb {
    database: Database,
    name: String,
}

impl Redb {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written, is none of `redb`, or is open elsewhere.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let name = format!("redb {}", path.as_ref().display());
        let made = || -> Result<Database, Failure> {
            let database = Database::create(path.as_ref())?;
            let write = database.begin_write()?;
            write.open_table(RECORDS)?;
            write.open_multimap_table(NAMES)?;
            write.commit()?;
            Ok(database)
        };
        match made() {
            Ok(database) => Ok(Self { database, name }),
            Err(failure) => Err(StoreError::new(name, failure)),
        }
    }

    fn named<T>(&self, done: Result<T, Failure>) -> Result<T, StoreError> {
        done.map_err(|failure| StoreError::new(&self.name, failure))
    }
}

impl CertificateStore for Redb {
    fn records(&mut self, addresses: &[&str]) -> Result<Vec<Record>, StoreError> {
        let read = || -> Result<Vec<Record>, Failure> {
            let records = self.database.begin_read()?.open_table(RECORDS)?;
            addresses.iter().map(|address| record(&records, &address_key(address))).collect()
        };
        self.named(read())
    }

    fn update(
        &mut self,
        addresses: &[&str],
        change: &mut dyn FnMut(&mut [Record]),
    ) -> Result<(), StoreError> {
        let mut done = || -> Result<(), Failure> {
            let write = self.database.begin_write()?;
            change_in(&write, &once(addresses), change)?;
            Ok(write.commit()?)
        };
        let done = done();
        self.named(done)
    }

    fn find(&mut self, names: &[CertificateName]) -> Result<Vec<Vec<Vec<u8>>>, StoreError> {
        let read = || -> Result<Vec<Vec<Vec<u8>>>, Failure> {
            let read = self.database.begin_read()?;
            let (records, index) = (read.open_table(RECORDS)?, read.open_multimap_table(NAMES)?);
            let one = |name: &CertificateName| {
                let mut found = Vec::new();
                for address in index.get(name.key().as_slice())? {
                    found.push(record(&records, address?.value())?);
                }
                Ok(named(name, &found))
            };
            names.iter().map(one).collect()
        };
        self.named(read())
    }
}

/// What is known of an address.
fn record(
    records: &impl ReadableTable<&'static str, &'static [u8]>,
    address: &str,
) -> Result<Record, Failure> {
    match records.get(address)? {
        Some(octets) => Ok(Record::from_der(octets.value())?),
        None => Ok(Record::default()),
    }
}

fn change_in(
    write: &WriteTransaction,
    keys: &[Option<String>],
    change: &mut dyn FnMut(&mut [Record]),
) -> Result<(), Failure> {
    let mut table = write.open_table(RECORDS)?;
    let mut index = write.open_multimap_table(NAMES)?;
    let known =
        |key: &Option<String>| key.as_ref().map_or_else(|| Ok(Record::default()), |key| record(&table, key));
    let before: Vec<Record> = keys.iter().map(known).collect::<Result<_, _>>()?;
    let mut after = before.clone();
    change(&mut after);
    for ((key, before), after) in keys.iter().zip(&before).zip(&after) {
        let Some(key) = key.as_deref().filter(|_| before != after) else { continue };
        for name in before.certificates().iter().flat_map(|known| keys_of(known.der())) {
            index.remove(name.as_slice(), key)?;
        }
        for name in after.certificates().iter().flat_map(|known| keys_of(known.der())) {
            index.insert(name.as_slice(), key)?;
        }
        if after.is_empty() {
            table.remove(key)?;
        } else {
            table.insert(key, after.to_der().as_slice())?;
        }
    }
    Ok(())
}
