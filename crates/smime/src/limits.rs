//! What is read at most. Each limit is there because an attacker writes the input.

/// ASN.1 elements inside each other: real messages stay below 20.
pub const MAX_ASN1_DEPTH: usize = 32;

/// Octets of what is kept of a CMS structure beside its content (certificates, revocation lists, signers, recipients).
pub const MAX_STRUCTURE: usize = 32 << 20;

/// Layers of a message inside each other: sign, encrypt and sign again makes three.
pub const MAX_LAYERS: usize = 8;

/// `SignerInfo` values of one layer; each may cost a signature check and a path.
pub const MAX_SIGNERS: usize = 32;

/// Signatures over content or over signatures that are checked in one layer. Certificates may be made so that each of eight
/// is the one that a signer names, and each signature may have signatures of its own.
pub const MAX_LAYER_CHECKS: u32 = 128;

/// Signatures over certificates that are checked for all signers of one layer together, above those that one path needs.
pub const MAX_LAYER_PATH_CHECKS: u32 = 400;

/// Certificates carried by one layer.
pub const MAX_CERTIFICATES: usize = 128;

/// Revocation lists carried by one layer.
pub const MAX_REVOCATIONS: usize = 256;

/// Recipients of one layer. Mailing lists that encrypt to each member stay below.
pub const MAX_RECIPIENTS: usize = 1024;

/// Attributes of one signer.
pub const MAX_ATTRIBUTES: usize = 256;

/// Octets of a message's header when it is read as it arrives: what it is must be known before the rest is read.
pub const MAX_HEADER: usize = 1 << 20;

/// Octets of the signature part of a multipart/signed, with what follows it, when it is read as it arrives: a chain and its
/// revocation lists.
pub const MAX_SIGNATURE_PART: usize = 8 << 20;

/// Octets of content that one key and nonce of GCM may seal: 2^39 - 256 bits (NIST SP 800-38D 5.2.1.1).
pub const MAX_GCM_CONTENT: u64 = (1 << 36) - 32;

/// Octets that compressed data may open to, unless the caller says otherwise.
pub const MAX_DECOMPRESSED: u64 = 64 << 20;

/// How many times larger than its compressed form content may be, beyond the first megabyte.
pub const MAX_RATIO: u64 = 100;

/// MIME parts inside each other that are searched for a layer.
pub const MAX_MIME_DEPTH: usize = 20;

/// Rounds of password-based key derivations, of all recipients of a message together: today's tools write 600,000.
pub const MAX_ITERATIONS: u64 = 10_000_000;

/// Octets of a PKCS #12 file: a key and its certificates need a few thousand.
pub const MAX_PKCS12: usize = 16 << 20;

/// Bags of a PKCS #12 file: keys, certificates and what else it may hold.
pub const MAX_BAGS: usize = 1024;

/// Octets that scrypt may take.
pub const MAX_SCRYPT_MEMORY: u64 = 64 << 20;

/// Certificates that a store keeps for one address: a few renewals, each for signing and for encryption.
pub const MAX_CERTIFICATES_PER_ADDRESS: usize = 16;

/// Of these, those that wait for someone to confirm them: a stranger may send any number.
pub const MAX_UNCONFIRMED_PER_ADDRESS: usize = 4;

/// Octets of a certificate that a store keeps: a signature of SLH-DSA takes 50,000.
pub const MAX_STORED_CERTIFICATE: usize = 128 << 10;

/// S/MIME capabilities of one signer: mail programs name about ten.
pub const MAX_CAPABILITIES: usize = 128;

/// Lists of names in a request for a receipt (RFC 2634 2.7: ub-receiptsTo), of each kind.
pub const MAX_RECEIPT_NAMES: usize = 16;

/// Mailing lists that a message went through (RFC 2634 4.2: ub-ml-expansion-history).
pub const MAX_MAILING_LISTS: usize = 64;
