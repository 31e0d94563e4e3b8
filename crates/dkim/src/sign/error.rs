//! Why something cannot be signed.

use core::fmt;

/// A message or a setting that cannot be signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignError {
    kind: SignErrorKind,
    what: String,
}

/// The rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignErrorKind {
    /// `d=` is no domain name of at least two labels (RFC 6376 3.5).
    Domain,
    /// `s=` is no selector, or too long with the domain (RFC 6376 3.1).
    Selector,
    /// `i=` is no address and no `@domain` (RFC 6376 3.5).
    Identity,
    /// The domain of `i=` is not within that of `d=` (RFC 6376 3.5).
    IdentityOutsideDomain,
    /// `atps=` is no domain name (RFC 6541 4.3).
    Atps,
    /// A name for `h=` is no field name (RFC 5322 3.6.8).
    HeaderName,
    /// The key's algorithm must not sign (RFC 8301 3.1).
    Algorithm,
    /// The key is an RSA key of fewer than 1024 bits (RFC 8301 3.2).
    WeakKey,
    /// The message does not begin with a header field: a signature in front would run into what does (RFC 5322 2.2). An mbox
    /// line is no part of a message.
    Start,
    /// The message has no From field, which must be signed (RFC 6376 5.4).
    NoFrom,
    /// The message has more than one From field (RFC 5322 3.6).
    ManyFrom,
    /// The header is longer than verifiers read.
    HeaderTooLong,
    /// The expiry is not later than the time of signing (RFC 6376 3.5).
    Expiry,
    /// The key failed; what it says stands in the text.
    Key,
}

impl SignError {
    pub(crate) fn new(kind: SignErrorKind, what: &str) -> Self {
        // Only as much as helps: this may be anything.
        Self { kind, what: what.chars().take(100).collect() }
    }

    /// The rule that was broken.
    #[must_use]
    pub const fn kind(&self) -> SignErrorKind {
        self.kind
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match self.kind {
            SignErrorKind::Domain => "d= is a domain name of at least two labels (RFC 6376 3.5)",
            SignErrorKind::Selector => {
                "s= is one or more labels that DNS can hold with the domain (RFC 6376 3.1)"
            }
            SignErrorKind::Identity => "i= is an address, or @ and a domain (RFC 6376 3.5)",
            SignErrorKind::IdentityOutsideDomain => {
                "the domain of i= is that of d= or below it (RFC 6376 3.5)"
            }
            SignErrorKind::Atps => "atps= is a domain name of at least two labels (RFC 6541 4.3)",
            SignErrorKind::HeaderName => {
                "h= lists field names: printable ASCII without colons (RFC 5322 3.6.8)"
            }
            SignErrorKind::Algorithm => "SHA-1 must not sign (RFC 8301 3.1)",
            SignErrorKind::WeakKey => "RSA signs with at least 1024 bits (RFC 8301 3.2)",
            SignErrorKind::Start => "a message begins with a header field (RFC 5322 2.2)",
            SignErrorKind::NoFrom => "From must be signed, and the message has none (RFC 6376 5.4)",
            SignErrorKind::ManyFrom => "a message has one From field (RFC 5322 3.6)",
            SignErrorKind::HeaderTooLong => "the header is longer than verifiers read",
            SignErrorKind::Expiry => "x= is later than t= (RFC 6376 3.5)",
            SignErrorKind::Key => "the key failed",
        };
        if self.what.is_empty() { f.write_str(rule) } else { write!(f, "{rule}: {:?}", self.what) }
    }
}

impl std::error::Error for SignError {}
