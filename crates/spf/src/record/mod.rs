//! Records: `v=spf1`, mechanisms and modifiers (RFC 7208 4.6, 5, 6).

mod build;
mod parse;
mod raw;

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mailwright_dns::Txt;
use mailwright_message_model::Span;

pub use build::Builder;
pub(crate) use raw::{Held, Modifiers, Part, RawKind, RawMechanism, RawTerm, Terms, view};

use crate::error::SyntaxError;
use crate::macros::MacroString;

/// A record whose whole syntax is right (RFC 7208 4.6: an error anywhere in it is an error of the record).
///
/// ```
/// use mailwright_spf::Record;
///
/// let record = Record::parse(b"v=spf1 mx ip4:192.0.2.0/24 -all")?;
/// assert_eq!(record.terms().count(), 3);
/// assert_eq!(Record::parse(b"v=spf1 ip4:192.0.2.0/33").unwrap_err().position(), 21);
/// # Ok::<(), mailwright_spf::SyntaxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'t> {
    text: Cow<'t, str>,
    terms: Vec<RawTerm>,
    modifiers: Modifiers,
}

impl<'t> Record<'t> {
    /// Reads the text of a TXT record, its strings joined.
    ///
    /// # Errors
    /// [`SyntaxError`]: the first place that is against the grammar.
    pub fn parse(text: &'t [u8]) -> Result<Self, SyntaxError> {
        let mut terms = Vec::with_capacity(8);
        let (text, modifiers) = parse::octets(text, &mut |term| terms.push(term))?;
        Ok(Self { text: Cow::Borrowed(text), terms, modifiers })
    }

    /// Adds the terms of a record to `terms`.
    pub(crate) fn parse_terms(record: &Txt, terms: &mut Terms) -> Result<Modifiers, SyntaxError> {
        match record.to_str() {
            Some(text) => parse::text(text, &mut |term| terms.push(term)),
            None => parse::octets(record.as_bytes(), &mut |_| {}).map(|(_, modifiers)| modifiers),
        }
    }

    /// Every word that is against the grammar, where [`Record::parse`] tells of the first alone.
    pub(crate) fn syntax_errors(text: &[u8]) -> Vec<(SyntaxError, Span)> {
        parse::errors(text)
    }

    /// Puts `redirect=` behind all other terms, in whose place it is evaluated (RFC 7208 6.1).
    pub(crate) fn redirect_last(&mut self) {
        self.terms.sort_by_key(|term| matches!(term.kind, RawKind::Redirect(_)));
    }

    pub(crate) fn raw_term(&self, index: usize) -> Option<&RawTerm> {
        self.terms.get(index)
    }

    pub(crate) const fn modifiers(&self) -> Modifiers {
        self.modifiers
    }

    /// Whether a TXT record claims to be SPF: `v=spf1`, then a space or the end (RFC 7208 4.5).
    #[must_use]
    pub fn is_spf(text: &[u8]) -> bool {
        let version = text.get(..6).is_some_and(|version| version.eq_ignore_ascii_case(b"v=spf1"));
        version && matches!(text.get(6), None | Some(b' '))
    }

    /// The text as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The terms in order.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = Term<'_>> + DoubleEndedIterator {
        self.terms.iter().map(|term| self.view(term))
    }

    /// The term at that position.
    #[must_use]
    pub fn term(&self, index: usize) -> Option<Term<'_>> {
        self.terms.get(index).map(|term| self.view(term))
    }

    /// Where `redirect=` points to (RFC 7208 6.1).
    #[must_use]
    pub fn redirect(&self) -> Option<MacroString<'_>> {
        self.modifiers.redirect.map(|target| MacroString::checked(target.of(&self.text)))
    }

    /// Where `exp=` points to (RFC 7208 6.2).
    #[must_use]
    pub fn exp(&self) -> Option<MacroString<'_>> {
        self.modifiers.exp.map(|target| MacroString::checked(target.of(&self.text)))
    }

    /// The record with a text of its own.
    #[must_use]
    pub fn into_owned(self) -> Record<'static> {
        Record { text: Cow::Owned(self.text.into_owned()), terms: self.terms, modifiers: self.modifiers }
    }

    fn view(&self, term: &RawTerm) -> Term<'_> {
        view(&self.text, term)
    }
}

impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=spf1")?;
        self.terms().try_for_each(|term| write!(f, " {term}"))
    }
}

/// A directive or a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term<'r> {
    /// As it stands in the record.
    pub text: &'r str,
    /// Where it stands in the record.
    pub span: Span,
    /// What it is.
    pub kind: TermKind<'r>,
}

/// What a [`Term`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermKind<'r> {
    /// A mechanism with its qualifier.
    Directive {
        /// The result where the mechanism matches.
        qualifier: Qualifier,
        /// What is compared.
        mechanism: Mechanism<'r>,
    },
    /// `redirect=`
    Redirect(MacroString<'r>),
    /// `exp=`
    Exp(MacroString<'r>),
    /// A modifier that RFC 7208 does not know: to be ignored.
    Other {
        /// Its name as written.
        name: &'r str,
        /// Its value.
        value: MacroString<'r>,
    },
}

impl<'r> Term<'r> {
    /// The domain-spec that it has.
    #[must_use]
    pub const fn domain(&self) -> Option<MacroString<'r>> {
        match self.kind {
            TermKind::Directive { mechanism, .. } => mechanism.domain(),
            TermKind::Redirect(target) | TermKind::Exp(target) => Some(target),
            TermKind::Other { .. } => None,
        }
    }
}

impl fmt::Display for Term<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TermKind::Directive { qualifier, mechanism } => write!(f, "{qualifier}{mechanism}"),
            TermKind::Redirect(target) => write!(f, "redirect={target}"),
            TermKind::Exp(target) => write!(f, "exp={target}"),
            TermKind::Other { name, value } => write!(f, "{name}={value}"),
        }
    }
}

/// The result of a mechanism that matches (RFC 7208 4.6.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Qualifier {
    /// `+`, also where there is none.
    #[default]
    Pass,
    /// `-`
    Fail,
    /// `~`
    SoftFail,
    /// `?`
    Neutral,
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "",
            Self::Fail => "-",
            Self::SoftFail => "~",
            Self::Neutral => "?",
        })
    }
}

/// What is compared with the client's address (RFC 7208 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mechanism<'r> {
    /// `all`
    All,
    /// `include`
    Include(MacroString<'r>),
    /// `a`
    A {
        /// The current domain where there is none.
        domain: Option<MacroString<'r>>,
        /// How many bits are compared.
        prefix: DualPrefix,
    },
    /// `mx`
    Mx {
        /// The current domain where there is none.
        domain: Option<MacroString<'r>>,
        /// How many bits are compared.
        prefix: DualPrefix,
    },
    /// `ptr`, which should not be used (RFC 7208 5.5).
    Ptr(Option<MacroString<'r>>),
    /// `ip4` and `ip6`
    Ip(Network),
    /// `exists`
    Exists(MacroString<'r>),
}

impl<'r> Mechanism<'r> {
    /// The domain-spec that it has.
    #[must_use]
    pub const fn domain(&self) -> Option<MacroString<'r>> {
        match self {
            Self::All | Self::Ip(_) => None,
            Self::Include(domain) | Self::Exists(domain) => Some(*domain),
            Self::A { domain, .. } | Self::Mx { domain, .. } | Self::Ptr(domain) => *domain,
        }
    }

    /// Whether it counts to the ten terms that ask DNS (RFC 7208 4.6.4).
    #[must_use]
    pub const fn asks_dns(&self) -> bool {
        !matches!(self, Self::All | Self::Ip(_))
    }
}

impl fmt::Display for Mechanism<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |f: &mut fmt::Formatter<'_>, name: &str, domain: &Option<MacroString<'_>>| match domain {
            Some(domain) => write!(f, "{name}:{domain}"),
            None => f.write_str(name),
        };
        match self {
            Self::All => f.write_str("all"),
            Self::Include(domain) => write!(f, "include:{domain}"),
            Self::A { domain, prefix } => named(f, "a", domain).and_then(|()| write!(f, "{prefix}")),
            Self::Mx { domain, prefix } => named(f, "mx", domain).and_then(|()| write!(f, "{prefix}")),
            Self::Ptr(domain) => named(f, "ptr", domain),
            Self::Ip(network) => write!(f, "{network}"),
            Self::Exists(domain) => write!(f, "exists:{domain}"),
        }
    }
}

/// The prefix lengths of `a` and `mx` (RFC 7208 5.6): 32 and 128 where not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DualPrefix {
    /// Bits of an IPv4 address, 0 to 32.
    pub ip4: u8,
    /// Bits of an IPv6 address, 0 to 128.
    pub ip6: u8,
}

impl Default for DualPrefix {
    fn default() -> Self {
        Self { ip4: 32, ip6: 128 }
    }
}

impl fmt::Display for DualPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ip4 != 32 {
            write!(f, "/{}", self.ip4)?;
        }
        if self.ip6 != 128 {
            write!(f, "//{}", self.ip6)?;
        }
        Ok(())
    }
}

/// An address and how many bits of it count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// The address as written: `ip4` or `ip6`.
    pub address: IpAddr,
    /// Bits that are compared.
    pub prefix: u8,
}

impl Network {
    /// Whether `ip` lies in the network. Addresses of the two families never match.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.address, ip) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => same_prefix4(network, ip, self.prefix),
            (IpAddr::V6(network), IpAddr::V6(ip)) => same_prefix6(network, ip, self.prefix),
            _ => false,
        }
    }
}

fn same_prefix4(left: Ipv4Addr, right: Ipv4Addr, prefix: u8) -> bool {
    let differ = left.to_bits() ^ right.to_bits();
    u32::from(prefix) <= differ.leading_zeros()
}

fn same_prefix6(left: Ipv6Addr, right: Ipv6Addr, prefix: u8) -> bool {
    let differ = left.to_bits() ^ right.to_bits();
    u32::from(prefix) <= differ.leading_zeros()
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, full) = if self.address.is_ipv4() { ("ip4", 32) } else { ("ip6", 128) };
        write!(f, "{name}:{}", self.address)?;
        if self.prefix == full { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}
