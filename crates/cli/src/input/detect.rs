//! What the beginning of a file says about it.

use std::io::{self, Read};
use std::path::Path;

use mailwright_message_model::{Header, mbox};

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
