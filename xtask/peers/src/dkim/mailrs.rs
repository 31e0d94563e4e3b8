//! mailrs-dkim, with the keys in its cache.

use std::collections::HashMap;

use async_trait::async_trait;
use mailrs_dkim::{CachedDkimResolver, DkimError, DkimResolver, verify_all};

use super::mail::Keys;
use crate::spf_dmarc::spf::block_on;

pub(super) const NAME: &str = "mailrs-dkim 3.2.0";

pub(super) struct Mailrs(CachedDkimResolver<Records>);

struct Records(HashMap<String, String>);

#[async_trait]
impl DkimResolver for Records {
    async fn lookup_txt(&self, domain: &str) -> Result<Vec<String>, DkimError> {
        Ok(self.0.get(domain.trim_end_matches('.')).cloned().into_iter().collect())
    }
}

impl Mailrs {
    pub(super) fn new(keys: &Keys) -> Self {
        let records =
            keys.records.iter().map(|(name, text)| (name.trim_end_matches('.').to_owned(), text.clone()));
        Self(CachedDkimResolver::new(Records(records.collect())))
    }

    /// How many signatures pass.
    pub(super) fn passing(&self, message: &[u8]) -> usize {
        let found = block_on(verify_all(&self.0, message));
        found.iter().filter(|signature| signature.is_pass()).count()
    }
}
