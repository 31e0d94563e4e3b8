//! Runs of four octets: they see what words do not, in every script and through every misspelling.

use super::sink::Sink;
use super::{Scan, View};

/// Octets of the header, and of the text, that runs are taken of: the beginning of a message tells the most, and what is longer
/// would outweigh it.
pub const MAX_GRAM_OCTETS: usize = 1_000;

/// Takes the runs of `octets` as far as `room` goes, which it lessens.
pub(super) fn read<S: Sink>(scan: &mut Scan<'_, S>, octets: &[u8], room: &mut usize) {
    let octets = octets.get(..*room).unwrap_or(octets);
    *room = room.saturating_sub(octets.len());
    let mut run = 0u32;
    for (at, octet) in octets.iter().enumerate() {
        run = run << 8 | u32::from(*octet);
        if at >= 3 {
            let hash = scan.sink.key().gram(run);
            scan.sink.add(View::Grams, hash, |_| {});
        }
    }
}
