//! Line numbers of offsets, found in one pass.

use memchr::memchr_iter;

/// The line, from 1, of each of `offsets` in `raw`; in the order of `offsets`.
///
/// A line ends at its LF, as editors count.
pub(crate) fn lines(raw: &[u8], offsets: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    let offset = |index: usize| offsets.get(index).copied().unwrap_or(0);
    order.sort_unstable_by_key(|index| offset(*index));
    let mut found = vec![1; offsets.len()];
    let mut ends = memchr_iter(b'\n', raw).peekable();
    let mut line = 1;
    for index in order {
        while ends.next_if(|end| *end < offset(index)).is_some() {
            line += 1;
        }
        if let Some(slot) = found.get_mut(index) {
            *slot = line;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn the_line_end_belongs_to_its_line() {
        assert_eq!(lines(b"a\nb\r\n\nc", &[0, 1, 2, 5, 6, 7, 4]), [1, 1, 2, 3, 4, 4, 2]);
        assert_eq!(lines(b"", &[0]), [1]);
    }
}
