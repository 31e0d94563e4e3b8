//! The table, as written by `cargo xtask amp-rules`.

#[rustfmt::skip]
pub(crate) mod attrs;
#[rustfmt::skip]
pub(crate) mod css;
#[rustfmt::skip]
pub(crate) mod errors;
#[rustfmt::skip]
pub(crate) mod tags;
