//! A directive on its way from one record into another.

use crate::macros::MacroString;
use crate::record::{DualPrefix, Mechanism, Qualifier};

/// A directive whose domain does not depend on the record that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Directive {
    pub(super) qualifier: Qualifier,
    /// The mechanism as it is to be written.
    pub(super) mechanism: String,
    /// Whether it counts to the ten that ask DNS.
    pub(super) asks_dns: bool,
    /// The mechanism as it stands in the record it comes from, where that is another text: shorter (`a`) or longer
    /// (`exists:%{d}`).
    pub(super) own: Option<String>,
}

impl Directive {
    pub(super) fn new(qualifier: Qualifier, mechanism: &Mechanism<'_>, domain: &str) -> Self {
        let written = |spec: Option<MacroString<'_>>| {
            spec.map_or_else(|| literal(domain), |spec| spec.with_domain(domain))
        };
        let text = match *mechanism {
            Mechanism::All | Mechanism::Ip(_) => mechanism.to_string(),
            Mechanism::Include(spec) => format!("include:{}", written(Some(spec))),
            Mechanism::Exists(spec) => format!("exists:{}", written(Some(spec))),
            Mechanism::A { domain, prefix } => named("a", &written(domain), prefix),
            Mechanism::Mx { domain, prefix } => named("mx", &written(domain), prefix),
            Mechanism::Ptr(spec) => format!("ptr:{}", written(spec)),
        };
        let own = Some(mechanism.to_string()).filter(|own| *own != text);
        Self { qualifier, mechanism: text, asks_dns: mechanism.asks_dns(), own }
    }

    /// The term as text, for the record of the domain itself or for another.
    pub(super) fn term(&self, is_own: bool) -> String {
        let own = self.own.as_ref().filter(|_| is_own);
        format!("{}{}", self.qualifier, own.unwrap_or(&self.mechanism))
    }

    pub(super) fn is_all(&self) -> bool {
        self.mechanism == "all"
    }
}

fn named(name: &str, domain: &str, prefix: DualPrefix) -> String {
    format!("{name}:{domain}{prefix}")
}

/// A domain as a domain-spec.
pub(super) fn literal(domain: &str) -> String {
    domain.replace('%', "%%").replace(' ', "%_")
}
