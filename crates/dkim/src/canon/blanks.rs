//! The white space that the relaxed form of a body drops, found and left out in blocks (RFC 6376 3.4.4).
//!
//! An octet of white space is dropped before white space and before a CRLF; what is kept of a run is its last octet, which
//! becomes a SP. So each octet is judged by the two behind it and by nothing else, which the compiler does for many at once,
//! and what is dropped of a block is a bit mask.

/// Octets that are looked at together.
pub(super) const BLOCK: usize = 64;
/// A block and as much behind it, so that copies within it can be of a whole block each.
pub(super) const WINDOW: usize = 2 * BLOCK;

/// What is dropped of the first block: bit n stands for octet n.
#[inline]
pub(super) fn dropped(window: &[u8; WINDOW]) -> u64 {
    let mut flags = [0u8; BLOCK];
    let (next, behind) = (window.get(1..).unwrap_or_default(), window.get(2..).unwrap_or_default());
    for (((flag, &this), &next), &behind) in flags.iter_mut().zip(window).zip(next).zip(behind) {
        *flag = u8::from(is_blank(this) & (is_blank(next) | ((next == b'\r') & (behind == b'\n'))));
    }
    let (eights, _) = flags.as_chunks::<8>();
    let mut bits = 0u64;
    for (n, eight) in eights.iter().enumerate() {
        // Gathers the low bits of eight octets in the highest octet.
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * n);
    }
    bits
}

/// Copies the first block without what is dropped, and says how many octets that is; what stands behind them in `to` is of no
/// meaning.
#[inline]
pub(super) fn squeeze(window: &[u8; WINDOW], dropped: u64, to: &mut [u8; WINDOW]) -> usize {
    copy(window, 0, to, 0);
    // Where the runs of dropped octets begin and end.
    let mut edges = dropped ^ (dropped << 1);
    let mut gone = 0;
    while edges != 0 {
        let start = edges.trailing_zeros() as usize;
        edges &= edges - 1;
        let end = edges.trailing_zeros() as usize;
        edges &= edges.wrapping_sub(1);
        gone += end - start;
        // The rest of the block: what is too much is written over by the next.
        copy(window, end, to, end - gone);
    }
    BLOCK - gone
}

/// How many octets stay as they are, in whole blocks from the start of `text`.
pub(super) fn unchanged(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(window) = text.get(at..).and_then(|rest| rest.first_chunk::<WINDOW>()) {
        // Base64 has no blanks at all, which is the cheaper question.
        if any(window, is_blank) && (any(window, |octet| octet == b'\t') || dropped(window) != 0) {
            break;
        }
        at += BLOCK;
    }
    at
}

/// Whether there is such an octet in the first block.
#[inline]
fn any(window: &[u8; WINDOW], is: impl Fn(u8) -> bool) -> bool {
    window.iter().take(BLOCK).fold(0u8, |any, &octet| any | u8::from(is(octet))) != 0
}

/// As [`is_wsp`](super::is_wsp), without a branch.
#[inline]
fn is_blank(octet: u8) -> bool {
    (octet == b' ') | (octet == b'\t')
}

/// Copies a block: a fixed size is several times as fast as a call of memcpy for the few octets that count.
#[inline]
fn copy(from: &[u8; WINDOW], at: usize, to: &mut [u8; WINDOW], place: usize) {
    let from = from.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>());
    let to = to.get_mut(place..).and_then(|rest| rest.first_chunk_mut::<BLOCK>());
    if let (Some(from), Some(to)) = (from, to) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &[u8]) -> [u8; WINDOW] {
        let mut window = [b'x'; WINDOW];
        for (to, from) in window.iter_mut().zip(text) {
            *to = *from;
        }
        window
    }

    #[test]
    fn the_last_of_a_run_stays() {
        let text = window(b"a \t b \r\nc \r \td");
        assert_eq!(dropped(&text), 0b1000_0010_0110);
        let mut out = [0; WINDOW];
        let len = squeeze(&text, dropped(&text), &mut out);
        assert_eq!(len, BLOCK - 4);
        assert_eq!(out.get(..12), Some(&b"a b\r\nc \r\tdxx"[..]));
    }

    #[test]
    fn what_stands_behind_the_block_decides() {
        let mut text = [b'x'; WINDOW];
        for (behind, last) in [(&b" \r\n"[..], 1), (b" \rx", 0), (b"  x", 1), (b" xx", 0)] {
            for (to, from) in text.iter_mut().skip(BLOCK - 1).zip(behind) {
                *to = *from;
            }
            assert_eq!(dropped(&text) >> (BLOCK - 1), last, "{behind:?}");
        }
        assert_eq!(squeeze(&window(&[b' '; WINDOW]), u64::MAX, &mut [0; WINDOW]), 0);
    }

    #[test]
    fn blocks_that_stay() {
        let text = b"words and blanks".repeat(40);
        assert_eq!(unchanged(&text), text.len() - BLOCK);
        for change in [&b"\t"[..], b"  ", b" \r\n"] {
            let mut text = text.clone();
            text.splice(300..301, change.iter().copied());
            assert_eq!(unchanged(&text), 256, "{change:?}");
        }
    }
}
