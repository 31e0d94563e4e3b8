//! Addresses that carry a mark: VERP, SRS and BATV. Reading them needs no key; that they are ours, only a key tells (feature
//! `ring`).

mod batv;
#[cfg(feature = "ring")]
mod key;
mod srs;
mod verp;

pub use batv::Batv;
#[cfg(feature = "ring")]
pub use key::{Key, TAG_DAYS, TagError};
pub use srs::Srs;
pub use verp::Verp;

/// An address at its last `@`.
fn split(address: &str) -> Option<(&str, &str)> {
    address.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())
}
