//! The rules of AMP for Email as a table that is made from the files in `rules/`.

pub(crate) mod pattern;
pub(crate) mod spec;
pub(crate) mod table;

use spec::{Attr, Name, Tag};
use table::attrs::{ATTRS, GLOBAL, NAMES, NAMES_SLOTS};
use table::tags::{DISPATCH, LOWER, LOWER_SLOTS, TAGS};

/// The number of an attribute's name, in lower case, if a rule mentions it.
pub(crate) fn attr_name(name: &str) -> Option<u16> {
    find(name, &NAMES, &NAMES_SLOTS)
}

/// What tags of this name, in lower case, may be.
pub(crate) fn tag_name(name: &str) -> Option<&'static Name> {
    DISPATCH.get(usize::from(find(name, &LOWER, &LOWER_SLOTS)?))
}

/// A tag of the rules by its number.
pub(crate) fn tag(number: u16) -> Option<&'static Tag> {
    TAGS.get(usize::from(number))
}

/// What the rules say of an attribute of a tag.
pub(crate) fn attr(tag: &Tag, name: u16) -> Option<&'static Attr> {
    let own = tag.attrs.binary_search_by_key(&name, |(name, _)| *name).ok();
    let row = match own.and_then(|at| tag.attrs.get(at)) {
        Some((_, row)) => *row,
        None if tag.explicit || tag.reference_point => return None,
        None => *GLOBAL.get(usize::from(name))?,
    };
    ATTRS.get(usize::from(row))
}

/// Looks `name` up in a table that `cargo xtask amp-rules` wrote.
fn find(name: &str, names: &[&str], slots: &[u16]) -> Option<u16> {
    // FNV-1a; the number of slots is a power of two, and a quarter of them is taken at most.
    let hash =
        name.bytes().fold(0x811C_9DC5_u32, |hash, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193));
    let mask = slots.len().wrapping_sub(1);
    let mut slot = hash as usize & mask;
    loop {
        let number = slots.get(slot)?.checked_sub(1)?;
        if names.get(usize::from(number)) == Some(&name) {
            return Some(number);
        }
        slot = (slot + 1) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        for (number, name) in NAMES.iter().enumerate() {
            assert_eq!(attr_name(name).map(usize::from), Some(number), "{name}");
        }
        assert!(
            tag_name("amp-img").is_some() && tag_name("blink").is_none() && attr_name("onclick").is_none()
        );
    }

    #[test]
    fn a_tag_has_its_own_attributes_before_the_global_ones() {
        let tags = tag_name("a").unwrap();
        let a = tag(tags.specs[0]).unwrap();
        assert!(attr(a, attr_name("role").unwrap()).unwrap().implicit);
        assert!(attr(a, attr_name("class").unwrap()).is_some());
        assert!(attr(a, attr_name("action-xhr").unwrap()).is_none());
    }
}
