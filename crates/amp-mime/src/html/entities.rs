//! Named character references: the table of the HTML standard, section 13.5, as lines `name HEX [HEX]`.

/// Sorted by octets. Names that may stand without a semicolon have a line of their own.
const TABLE: &str = include_str!("entities.txt");

/// The longest name that may stand without a semicolon.
pub(super) const LONGEST_BARE: usize = 6;

/// The characters of a reference, by its name with the semicolon, if it has one.
pub(super) fn lookup(name: &str) -> Option<impl Iterator<Item = char>> {
    let (mut low, mut high) = (0, TABLE.len());
    // Between `low` and `high` stand whole lines; the middle moves back to the start of its line.
    while low < high {
        let middle = low.midpoint(high);
        let start = TABLE.get(low..middle)?.rfind('\n').map_or(low, |at| low + at + 1);
        let line = TABLE.get(start..high)?.split('\n').next()?;
        let (found, values) = line.split_once(' ')?;
        match found.cmp(name) {
            std::cmp::Ordering::Equal => {
                return Some(
                    values.split(' ').filter_map(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?)),
                );
            }
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> Option<String> {
        lookup(name).map(Iterator::collect)
    }

    #[test]
    fn every_line_is_found() {
        for line in TABLE.lines() {
            let name = line.split(' ').next().unwrap();
            assert!(text(name).is_some_and(|text| !text.is_empty()), "{name}");
        }
        assert!(TABLE.lines().is_sorted());
    }

    #[test]
    fn names_are_exact() {
        assert_eq!(text("amp").as_deref(), Some("&"));
        assert_eq!(text("nbsp;").as_deref(), Some("\u{a0}"));
        assert_eq!(text("acE;").as_deref(), Some("\u{223e}\u{333}"));
        assert_eq!(text("ampx"), None);
        assert_eq!(text(""), None);
        assert_eq!(text("zzz"), None);
    }
}
