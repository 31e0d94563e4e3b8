//! mail-auth, with the keys parsed in its cache.

use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters};

use super::mail::Keys;
use crate::spf_dmarc::auth::Zone;
use crate::spf_dmarc::spf::block_on;

pub(super) const NAME: &str = "mail-auth 0.15.1";

pub(super) struct Auth {
    authenticator: MessageAuthenticator,
    zone: Zone,
}

impl Auth {
    pub(super) fn new(keys: &Keys) -> Result<Self, String> {
        let config = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
        let authenticator = MessageAuthenticator::new(config, ResolverOpts::default())
            .map_err(|error| format!("mail-auth: {error}"))?;
        Ok(Self { authenticator, zone: Zone::of_keys(&keys.records) })
    }

    /// How many signatures pass.
    pub(super) fn passing(&self, message: &[u8]) -> usize {
        let Some(message) = AuthenticatedMessage::parse(message) else { return 0 };
        let parameters = Parameters::new(&message).with_cache(&self.zone);
        let found = block_on(self.authenticator.verify_dkim(parameters));
        found.iter().filter(|output| output.result() == &DkimResult::Pass).count()
    }
}
