//! Who has registered with a client.

use std::collections::HashSet;

use mailwright_message_model::domain::Domain;
use mailwright_message_model::mailbox::Mailbox;

/// What is known of registrations. `client` is the [`id`](super::ClientProfile::id) of the profile; `None` where nothing is known,
/// which fails no message.
pub trait SenderRegistry {
    /// Whether this From address is registered.
    fn address(&self, client: &str, address: &Mailbox) -> Option<bool>;

    /// Whether this domain of DKIM signatures is registered.
    fn dkim_domain(&self, client: &str, domain: &Domain) -> Option<bool>;
}

/// Nothing is known of registrations.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotKnown;

impl SenderRegistry for NotKnown {
    fn address(&self, _: &str, _: &Mailbox) -> Option<bool> {
        None
    }

    fn dkim_domain(&self, _: &str, _: &Domain) -> Option<bool> {
        None
    }
}

/// All registrations of all clients, in memory. Local parts compare exactly, domains without regard to case.
#[derive(Clone, Debug, Default)]
pub struct Registered {
    addresses: HashSet<(String, Mailbox)>,
    domains: HashSet<(String, Domain)>,
}

impl Registered {
    /// Nobody has registered yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a From address.
    #[must_use]
    pub fn with_address(mut self, client: &str, address: Mailbox) -> Self {
        self.addresses.insert((client.to_owned(), address));
        self
    }

    /// Adds a domain of DKIM signatures.
    #[must_use]
    pub fn with_dkim_domain(mut self, client: &str, domain: Domain) -> Self {
        self.domains.insert((client.to_owned(), domain));
        self
    }
}

impl SenderRegistry for Registered {
    fn address(&self, client: &str, address: &Mailbox) -> Option<bool> {
        Some(self.addresses.contains(&(client.to_owned(), address.clone())))
    }

    fn dkim_domain(&self, client: &str, domain: &Domain) -> Option<bool> {
        Some(self.domains.contains(&(client.to_owned(), domain.clone())))
    }
}
