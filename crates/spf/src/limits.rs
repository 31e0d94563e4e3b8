//! What an evaluation may cost (RFC 7208 4.6.4).

/// Longest record that is read. TXT answers over 512 octets need TCP or EDNS0 (RFC 7208 3.4); the longest in use have a few
/// thousand.
pub const MAX_RECORD_BYTES: usize = 16 << 10;

/// Longest explanation text that is expanded, and longest result (RFC 7208 6.2 gives none; SMTP replies have 512 octets).
pub const MAX_EXPLANATION_BYTES: usize = 4 << 10;

/// The limits of RFC 7208 4.6.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Terms that ask DNS: include, a, mx, ptr, exists and redirect, over all records. One more is `permerror`.
    pub lookups: usize,
    /// Look-ups that find nothing. One more is `permerror`.
    pub void_lookups: usize,
    /// Exchanges of one `mx`. One more is `permerror`.
    pub exchanges: usize,
    /// Names of the client that are looked at for `ptr` and `%{p}`. Further ones are passed over.
    pub client_names: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { lookups: 10, void_lookups: 2, exchanges: 10, client_names: 10 }
    }
}
