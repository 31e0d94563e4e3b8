//! mbox files (RFC 4155 and the mboxrd, mboxo and Content-Length variants): reading in constant memory, splitting in
//! place, writing.
//!
//! Each line that begins with `From ` starts a message. The message begins on the next line and ends before the line
//! break in front of the next such line, or at the end of the file. LF and CRLF are both line breaks, also mixed in
//! one file. Octets are never changed: offsets count in the file, and `>From ` is unquoted on demand.
//!
//! [`split`] works on bytes in memory (or mapped), [`Reader`] on anything that reads:
//!
//! ```
//! use mailwright_message_model::mbox::Reader;
//!
//! let file = b"From ann@example.com Sat Jan  3 01:05:34 1996\nSubject: hello\n\n>From the start\n\nFrom - \n\nHi\n";
//! let mut reader = Reader::new(&file[..]);
//! let message = reader.next()?.unwrap();
//! assert_eq!(message.sender(), b"ann@example.com");
//! assert_eq!((message.marker_offset, message.begin, message.end), (0, 46, 78));
//! assert_eq!(message.raw, b"Subject: hello\n\n>From the start\n");
//! assert_eq!(message.unquoted().as_ref(), b"Subject: hello\n\nFrom the start\n");
//! assert_eq!(reader.next()?.unwrap().raw, b"\nHi\n");
//! assert!(reader.next()?.is_none());
//! # Ok::<(), std::io::Error>(())
//! ```

mod length;
mod message;
mod reader;
mod split;
mod write;

pub use message::MboxMessage;
pub use reader::Reader;
pub use split::{Split, split, split_with};
pub use write::{MarkerError, Writer};

/// Longest message that [`Reader`] holds, in octets: larger than what mail systems carry (25 to 50 MB is the rule),
/// small enough that a file without any marker does not fill the memory. The buffer grows by doubling, and what reads
/// the message may copy it: a program should reckon with twice as much, 128 MiB.
pub const MESSAGE_OCTETS: usize = 64 * 1024 * 1024;

/// Octets of a marker line that [`Reader`] keeps: RFC 5321 4.5.3.1.3 has paths of 256 octets at most, a date has 24.
pub const MARKER_OCTETS: usize = 1024;

/// Octets in front of the first marker that [`Reader`] keeps, enough to see what they are.
pub const LEADING_OCTETS: usize = 64 * 1024;

/// Octets of a header in which Content-Length is looked for: it stands in the header that the delivering program
/// wrote, which is never that long.
pub const HEADER_OCTETS: usize = 256 * 1024;

/// What programs write between the `From ` lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Variant {
    /// Lines that begin with any number of `>` and `From ` were given one more `>`: reversible.
    #[default]
    Mboxrd,
    /// Lines that begin with `From ` were given a `>`, those with `>From ` not: what was there before is unknown.
    Mboxo,
    /// mboxcl and mboxcl2: Content-Length counts the body, so that a `From ` line inside it need not be quoted.
    ///
    /// The field is often wrong and anyone can write it: it is followed only where it leads exactly to a later `From `
    /// line or to the end of the file. A sender who knows what follows can still hide the next messages in his own:
    /// read files so only where a trusted program wrote the field.
    Cl,
    /// As [`Cl`](Self::Cl) where a message has a Content-Length that leads to a later `From ` line, else as
    /// [`Mboxrd`](Self::Mboxrd); the same caution holds.
    Auto,
}

/// What [`Reader`] holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MboxLimits {
    /// Octets of one message; what is longer is yielded cut. At least 1. Default [`MESSAGE_OCTETS`].
    pub message_octets: usize,
}

impl Default for MboxLimits {
    fn default() -> Self {
        Self { message_octets: MESSAGE_OCTETS }
    }
}

/// What a marker line begins with.
const MARKER: &[u8] = b"From ";

/// The line break in front of a marker line, and its beginning.
const SEPARATOR: &[u8] = b"\nFrom ";

/// U+FEFF, which some editors write in front of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
