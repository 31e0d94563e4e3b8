//! Which algorithms and key sizes are good enough.

/// What is accepted.
///
/// MD2, MD4 and MD5 are never good, nor are RSA and DSA keys below [`Policy::LEAST_BITS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// SHA-1 as the digest of a message, and in signatures over certificates below the anchor. Over revocation lists and
    /// responses it is always accepted: to refuse one would hide a revocation.
    pub allow_sha1: bool,
    /// The least bits of an RSA or DSA key.
    pub min_bits: usize,
}

impl Policy {
    /// The least bits of an RSA or DSA key under any policy: keys of 768 bits were broken in 2009 (RFC 8551 4.2).
    pub const LEAST_BITS: usize = 1024;

    /// What RFC 8551 asks of new mail: no SHA-1, and 2048 bits.
    #[must_use]
    pub const fn strict() -> Self {
        Self { allow_sha1: false, min_bits: 2048 }
    }

    /// Old mail as well: SHA-1, and 1024 bits.
    #[must_use]
    pub const fn interop() -> Self {
        Self { allow_sha1: true, min_bits: 1024 }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::strict()
    }
}
