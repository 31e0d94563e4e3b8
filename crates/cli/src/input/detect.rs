//! What the beginning of a file says about it.

use std::io::{self, Read};
use std::path::Path;

use mailwright_message_model::{Header, Limits, mbox};

/// Octets that are looked at: the first field of a header is shorter, and a file without it is no mail.
const HEAD: usize = 8 * 1024;

/// How a path is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A directory is a Maildir or a folder of messages; a file that begins with a `From ` line is an mbox.
    #[default]
    Auto,
    /// One message a file, whatever it begins with.
    Message,
    Mbox,
    Maildir,
}

/// What programs wrote between the `From ` lines of an mbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Variant {
    /// `>From ` and `>>From ` lose one `>`.
    #[default]
    Mboxrd,
    /// `>From ` loses its `>`, `>>From ` stays.
    Mboxo,
    /// Content-Length is followed where it leads to a `From ` line; nothing is unquoted.
    Cl,
    /// Content-Length where it fits, else mboxrd. Only for files whose writer you trust.
    Auto,
}

impl From<Variant> for mbox::Variant {
    fn from(variant: Variant) -> Self {
        match variant {
            Variant::Mboxrd => Self::Mboxrd,
            Variant::Mboxo => Self::Mboxo,
            Variant::Cl => Self::Cl,
            Variant::Auto => Self::Auto,
        }
    }
}

impl Format {
    /// Whether a file that begins with `head` is read as an mbox.
    pub(crate) fn is_mbox(self, head: &[u8]) -> bool {
        match self {
            Self::Auto => head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).starts_with(b"From "),
            Self::Mbox => true,
            Self::Message | Self::Maildir => false,
        }
    }
}

/// Whether a file of a folder is mail: by its name, or because it begins with a header field.
pub(crate) fn is_mail(path: &Path, head: &[u8]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let named =
        ["eml", "mbox", "mbx", "msg", "mail"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    named || Header::new(head).next().is_some_and(|field| field.span().start == 0)
}

/// The first [`HEAD`] octets, or all where there are less.
pub(crate) fn head(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The header of a message that starts with `head`, to its empty line, and what was read with it.
pub(crate) fn header(head: Vec<u8>, mut rest: impl Read) -> io::Result<Vec<u8>> {
    const PIECE: u64 = 64 * 1024;
    let mut header = head;
    let mut searched: usize = 0;
    loop {
        // an empty line may begin in what was searched
        let from = searched.saturating_sub(3);
        let is_whole = ends(header.get(from..).unwrap_or_default(), from == 0);
        if is_whole || header.len() > Limits::BYTES {
            return Ok(header);
        }
        searched = header.len();
        if rest.by_ref().take(PIECE).read_to_end(&mut header)? == 0 {
            return Ok(header);
        }
    }
}

/// Whether there is an empty line in `octets`.
fn ends(octets: &[u8], is_start: bool) -> bool {
    let is_empty = |line: &[u8]| line.starts_with(b"\n") || line.starts_with(b"\r\n");
    let behind = |at: usize| octets.get(at + 1..).unwrap_or_default();
    is_start && is_empty(octets) || memchr::memchr_iter(b'\n', octets).any(|at| is_empty(behind(at)))
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_is_read_to_its_empty_line() {
        let field = "A: b\r\n".repeat(30_000);
        let message = format!("{field}\r\n{}", "x".repeat(1 << 20));
        let read =
            |head: usize| header(message.as_bytes()[..head].to_vec(), &message.as_bytes()[head..]).unwrap();
        for head in [0, 10, field.len() - 1, field.len(), field.len() + 1, field.len() + 2] {
            let read = read(head);
            assert!(read.starts_with(format!("{field}\r\n").as_bytes()), "{head}");
            assert!(read.len() < field.len() + (1 << 17), "{head}: {}", read.len());
        }
        assert_eq!(header(b"\nbody".to_vec(), std::io::repeat(b'x')).unwrap(), b"\nbody");
        assert_eq!(header(b"A: b".to_vec(), &b""[..]).unwrap(), b"A: b");
    }
}
