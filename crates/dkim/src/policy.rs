//! What a verifier accepts, and what one message may cost it.

/// What a verifier accepts beyond the syntax and the cryptography of RFC 6376.
///
/// ```
/// use mailwright_dkim::{Policy, Treat};
/// assert!(!Policy::default().sha1);
/// let mine = Policy { uncovered_body: Treat::Reject, ..Policy::rfc8301() };
/// assert_eq!(mine.min_rsa_bits, 1024);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether `rsa-sha1` is accepted. RFC 8301 3.1 says that it must not.
    pub sha1: bool,
    /// RSA keys with fewer bits are refused (RFC 8301 3.2: 1024). The cryptographic library knows none below 1024.
    pub min_rsa_bits: u32,
    /// RSA keys with more bits are refused, for what they cost. The cryptographic library knows none above 8192.
    pub max_rsa_bits: u32,
    /// Seconds that a `t=` may lie in the future.
    pub clock_skew: u64,
    /// A body of which `l=` leaves a part uncovered (RFC 6376 8.2).
    pub uncovered_body: Treat,
    /// A field that people see, of whose name the signature covers fewer than there are (RFC 6376 8.15).
    pub unsigned_duplicates: Treat,
    /// Names of fields that must be signed where the message has them, in any case.
    pub require_signed: Vec<String>,
    /// What is done with line breaks before anything else.
    pub line_ends: LineEnds,
    /// What one message may cost.
    pub limits: Limits,
}

/// What is done with a signature that is valid and yet less than it seems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Treat {
    /// It passes, and a warning says what is the matter.
    #[default]
    Report,
    /// It is refused.
    Reject,
}

/// What is done with line breaks before anything else is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineEnds {
    /// Nothing: a bare LF or CR is data, as it is in SMTP (RFC 5321 2.3.8).
    #[default]
    AsIs,
    /// Each bare LF and bare CR becomes CRLF, for messages that a store or a pipe has rewritten. Spans then count the octets
    /// after that.
    Normalize,
}

impl Policy {
    /// RFC 6376 as RFC 8301 changed it: no SHA-1, RSA from 1024 bits. Doubtful coverage is reported. The default.
    #[must_use]
    pub const fn rfc8301() -> Self {
        Self {
            sha1: false,
            min_rsa_bits: 1024,
            max_rsa_bits: 8192,
            clock_skew: 300,
            uncovered_body: Treat::Report,
            unsigned_duplicates: Treat::Report,
            require_signed: Vec::new(),
            line_ends: LineEnds::AsIs,
            limits: Limits::new(),
        }
    }

    /// RFC 6376 as it was, for old mail: SHA-1 as well.
    #[must_use]
    pub fn legacy() -> Self {
        Self { sha1: true, min_rsa_bits: 512, ..Self::rfc8301() }
    }

    /// As [`Policy::rfc8301`]; and a signature that leaves part of the body or a field that people see uncovered is refused.
    #[must_use]
    pub fn strict() -> Self {
        Self { uncovered_body: Treat::Reject, unsigned_duplicates: Treat::Reject, ..Self::rfc8301() }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::rfc8301()
    }
}

/// What one message may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Signatures that are verified, from the top; those behind them are told as [`TooManySignatures`]. Malformed ones do not
    /// count.
    ///
    /// [`TooManySignatures`]: crate::verify::Reason::TooManySignatures
    pub signatures: usize,
    /// Names that are asked for keys.
    pub queries: usize,
    /// Octets of the header. Fields behind them are not seen, and no signature passes.
    pub header_bytes: usize,
    /// Octets of one signature field.
    pub signature_bytes: usize,
    /// Octets of one key record.
    pub key_bytes: usize,
}

impl Limits {
    /// 10: real mail has one to four; each costs a look-up and some 25 to 60 microseconds.
    pub const SIGNATURES: usize = 10;
    /// 10: one a signature.
    pub const QUERIES: usize = 10;
    /// 1 MiB: it is held in memory. Most servers refuse header sections that are far smaller.
    pub const HEADER_BYTES: usize = 1 << 20;
    /// 64 KiB: a signature that lists hundreds of names and copies whole fields (`z=`) has less.
    pub const SIGNATURE_BYTES: usize = 64 << 10;
    /// 8 KiB: an RSA key of 8192 bits takes 1.4 KiB.
    pub const KEY_BYTES: usize = 8 << 10;

    /// The limits named above.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            signatures: Self::SIGNATURES,
            queries: Self::QUERIES,
            header_bytes: Self::HEADER_BYTES,
            signature_bytes: Self::SIGNATURE_BYTES,
            key_bytes: Self::KEY_BYTES,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
