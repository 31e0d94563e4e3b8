//! Base64 and quoted-printable, written (RFC 2045 6.7 and 6.8).

/// Characters of a line at most, without its line break (RFC 2045 6.7 (5), 6.8).
pub const LINE_LENGTH: usize = 76;

pub(super) const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Octets that fill a line of base64.
const LINE_OCTETS: usize = LINE_LENGTH / 4 * 3;

/// The two characters of each twelve bits.
static PAIRS: [[u8; 2]; 4096] = pairs();

/// `octets` in base64, in lines of [`LINE_LENGTH`], each ended by CRLF; nothing for nothing.
#[must_use]
pub fn base64(octets: &[u8]) -> String {
    let characters = octets.len().div_ceil(3) * 4;
    let mut out = Vec::with_capacity(characters + characters.div_ceil(LINE_LENGTH) * 2);
    let (lines, rest) = octets.as_chunks::<LINE_OCTETS>();
    let mut text = [b'\n'; LINE_LENGTH + 2];
    for line in lines {
        let (groups, line_break) = text.as_chunks_mut::<4>();
        line.as_chunks::<3>().0.iter().zip(groups).for_each(|(octets, place)| *place = group(*octets));
        line_break.copy_from_slice(b"\r\n");
        out.extend_from_slice(&text);
    }
    let mut out = String::from_utf8(out).unwrap_or_default();
    if !rest.is_empty() {
        push_base64(&mut out, rest);
        out.push_str("\r\n");
    }
    out
}

/// Appends `octets` in base64 without line breaks.
pub(crate) fn push_base64(out: &mut String, octets: &[u8]) {
    let (groups, rest) = octets.as_chunks::<3>();
    out.extend(groups.iter().flat_map(|octets| group(*octets).map(char::from)));
    let (octets, padding) = match *rest {
        [a] => ([a, 0, 0], "=="),
        [a, b] => ([a, b, 0], "="),
        _ => return,
    };
    out.extend(group(octets).into_iter().take(4 - padding.len()).map(char::from));
    out.push_str(padding);
}

/// The four characters of three octets.
fn group([a, b, c]: [u8; 3]) -> [u8; 4] {
    let pair = |bits: u16| PAIRS.get(usize::from(bits)).copied().unwrap_or(*b"AA");
    let [first, second] = pair(u16::from(a) << 4 | u16::from(b) >> 4);
    let [third, fourth] = pair((u16::from(b) & 0xf) << 8 | u16::from(c));
    [first, second, third, fourth]
}

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time: an index out of bounds would not build"
)]
const fn pairs() -> [[u8; 2]; 4096] {
    let mut pairs = [[0; 2]; 4096];
    let mut bits = 0;
    while bits < pairs.len() {
        pairs[bits] = [ALPHABET[bits >> 6], ALPHABET[bits & 0x3f]];
        bits += 1;
    }
    pairs
}

/// Text in quoted-printable: its line breaks, LF or CRLF, become CRLF (RFC 2045 6.7 (4)).
///
/// A `.` alone and a `From ` at the start of a line are escaped, since transports change them (RFC 2049 3).
#[must_use]
pub fn quoted_printable(text: &[u8]) -> String {
    let mut writer = Writer::new(text.len());
    let mut lines = text.split(|&octet| octet == b'\n').peekable();
    while let Some(line) = lines.next() {
        let ended = lines.peek().is_some();
        let line = if ended { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
        writer.line(line, Some(line.len()).filter(|_| ended));
        if ended {
            writer.out.push_str("\r\n");
            writer.column = 0;
        }
    }
    writer.out
}

/// Any octets in quoted-printable: line breaks are escaped as well, so that decoding gives the very same octets
/// (RFC 2045 6.7 (4)).
#[must_use]
pub fn quoted_printable_binary(octets: &[u8]) -> String {
    let mut writer = Writer::new(octets.len());
    writer.line(octets, None);
    writer.out
}

/// Appends `=` and two digits in upper case (RFC 2045 6.7 (1)).
pub(crate) fn push_escape(out: &mut String, octet: u8) {
    out.push('=');
    out.extend(
        [octet >> 4, octet & 0xf]
            .map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()),
    );
}

struct Writer {
    out: String,
    column: usize,
}

impl Writer {
    fn new(length: usize) -> Self {
        Self { out: String::with_capacity(length + length / 8), column: 0 }
    }

    /// Octets of one line of the content; `end` is its length if a line break follows.
    fn line(&mut self, line: &[u8], end: Option<usize>) {
        for (at, &octet) in line.iter().enumerate() {
            let last = at + 1 == line.len();
            let plain = match octet {
                b'=' => false,
                b'.' if self.column == 0 => !last,
                b'F' if self.column == 0 => !line.get(at..).is_some_and(|rest| rest.starts_with(b"From ")),
                b'!'..=b'~' => true,
                // RFC 2045 6.7 (3): no blank at the end of a line.
                b' ' | b'\t' => !last,
                _ => false,
            };
            let width = if plain { 1 } else { 3 };
            // RFC 2045 6.7 (5): the `=` of a soft break counts; in front of a hard break none is needed.
            let room = LINE_LENGTH - usize::from(!(last && end.is_some()));
            if self.column + width > room {
                self.out.push_str("=\r\n");
                self.column = 0;
            }
            if plain {
                self.out.push(char::from(octet));
            } else {
                push_escape(&mut self.out, octet);
            }
            self.column += width;
        }
    }
}
