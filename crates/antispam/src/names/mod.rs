//! Names that look like others: characters, domains, brands.

mod brand;
mod skeleton;

pub use brand::{Brand, Likeness, brands, likeness, named_brand};
pub use skeleton::{is_mixed, skeleton};
