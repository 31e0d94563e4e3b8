//! What reading a report may cost.

/// The bounds of reading a report, each with its default.
///
/// ```
/// use mailwright_dmarc::report::{Limits, parse};
///
/// let small = Limits { octets: 10, ..Limits::default() };
/// assert!(parse(b"<feedback></feedback>", &small).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of the report as it comes, [`Limits::OCTETS`]. What is larger is refused.
    pub octets: usize,
    /// Octets of the report when it is unpacked, [`Limits::UNPACKED`]. What is larger is refused.
    pub unpacked: usize,
    /// How many octets may come of one packed octet, [`Limits::RATIO`], above the first [`Limits::FREE`].
    pub ratio: usize,
    /// Levels of XML elements, [`Limits::DEPTH`]. What is deeper is refused.
    pub depth: usize,
    /// Octets of the text of an element or field, [`Limits::TEXT`]. What is longer is cut.
    pub text: usize,
    /// Rows of an aggregate report, [`Limits::ROWS`]. What is behind is passed over.
    pub rows: usize,
    /// Entries of a row or list: signatures, reasons, extensions, failures; [`Limits::ENTRIES`]. What is behind is passed over.
    pub entries: usize,
    /// Entries of all rows together, [`Limits::ALL_ENTRIES`]. What is behind is passed over.
    pub all_entries: usize,
}

impl Limits {
    /// 50 MiB: what large receivers take as a message.
    pub const OCTETS: usize = 50 << 20;
    /// 50 MiB: some 100,000 rows, more than any report seen.
    pub const UNPACKED: usize = 50 << 20;
    /// 250: reports pack 10 to 60 to one, deflate reaches 1,032 to one on zeros.
    pub const RATIO: usize = 250;
    /// 4 MiB: below it the ratio does not matter.
    pub const FREE: usize = 4 << 20;
    /// 32: the schema has 6 levels, extensions some more.
    pub const DEPTH: usize = 32;
    /// 64 KiB: RFC 9990 3.1.5 has the longest text, which should not be extremely large.
    pub const TEXT: usize = 64 << 10;
    /// 200,000: as many as fit in [`Limits::UNPACKED`] when each has what the schema requires; it bounds the memory of rows that
    /// have nothing.
    pub const ROWS: usize = 200_000;
    /// 100: the signatures that a row may list (RFC 9990 3.1.3).
    pub const ENTRIES: usize = 100;
    /// 500,000: five a row in the 100,000 rows of a report of [`Limits::UNPACKED`]; it bounds the memory of entries that have almost
    /// nothing.
    pub const ALL_ENTRIES: usize = 500_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            octets: Self::OCTETS,
            unpacked: Self::UNPACKED,
            ratio: Self::RATIO,
            depth: Self::DEPTH,
            text: Self::TEXT,
            rows: Self::ROWS,
            entries: Self::ENTRIES,
            all_entries: Self::ALL_ENTRIES,
        }
    }
}
