//! Identifiers of stores that outlive their program: the salt is kept with them.

use std::hash::{BuildHasher, RandomState};

use sha2::{Digest, Sha256};

use super::Id;

/// Octets that make identifiers of one store those of no other.
pub(super) type Salt = [u8; 16];

/// A new salt, from the random keys of the standard library's hash maps.
pub(super) fn salt() -> Salt {
    let half = || RandomState::new().hash_one(0_u8);
    (u128::from(half()) << 64 | u128::from(half())).to_be_bytes()
}

/// The first 128 bits of SHA-256 over the salt and an identifier.
pub(super) fn id(salt: Salt, octets: &[u8]) -> Id {
    let digest = Sha256::new_with_prefix(salt).chain_update(octets).finalize();
    let upper = digest.first_chunk().copied().unwrap_or_default();
    Id(u128::from_be_bytes(upper))
}
