//! Writing a record.

use std::net::IpAddr;

use super::{Qualifier, Record};
use crate::error::SyntaxError;

/// Writes a record term by term; [`build`](Builder::build) reads it back, so what comes out is right.
///
/// ```
/// use mailwright_spf::{Builder, Qualifier};
///
/// let record = Builder::new().ip("192.0.2.0".parse()?, 24).include("_spf.example.net").all(Qualifier::Fail).build()?;
/// assert_eq!(record.to_string(), "v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    text: String,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// A record without terms.
    #[must_use]
    pub fn new() -> Self {
        Self { text: String::from("v=spf1") }
    }

    /// A term as it is to stand in the record, as `?exists:%{i}.example.org`.
    #[must_use]
    pub fn term(mut self, term: &str) -> Self {
        self.text.push(' ');
        self.text.push_str(term);
        self
    }

    /// `ip4:` or `ip6:`; a prefix of all bits is left out.
    #[must_use]
    pub fn ip(self, address: IpAddr, prefix: u8) -> Self {
        let network = super::Network { address, prefix };
        self.term(&network.to_string())
    }

    /// `include:`
    #[must_use]
    pub fn include(self, domain: &str) -> Self {
        self.term(&format!("include:{domain}"))
    }

    /// `a:`, or `a` of the domain itself where `domain` is empty.
    #[must_use]
    pub fn a(self, domain: &str) -> Self {
        self.named("a", domain)
    }

    /// `mx:`, or `mx` of the domain itself where `domain` is empty.
    #[must_use]
    pub fn mx(self, domain: &str) -> Self {
        self.named("mx", domain)
    }

    /// `exists:`
    #[must_use]
    pub fn exists(self, domain: &str) -> Self {
        self.term(&format!("exists:{domain}"))
    }

    /// `all`, the last directive.
    #[must_use]
    pub fn all(self, qualifier: Qualifier) -> Self {
        self.term(&format!("{qualifier}all"))
    }

    /// `redirect=`
    #[must_use]
    pub fn redirect(self, domain: &str) -> Self {
        self.term(&format!("redirect={domain}"))
    }

    /// `exp=`
    #[must_use]
    pub fn exp(self, domain: &str) -> Self {
        self.term(&format!("exp={domain}"))
    }

    /// The record.
    ///
    /// # Errors
    /// [`SyntaxError`]: a domain or term that was given is against the grammar.
    pub fn build(self) -> Result<Record<'static>, SyntaxError> {
        Record::parse(self.text.as_bytes()).map(Record::into_owned)
    }

    fn named(self, name: &str, domain: &str) -> Self {
        if domain.is_empty() { self.term(name) } else { self.term(&format!("{name}:{domain}")) }
    }
}
