//! Messages that are stored with other line breaks than they travel with.

use std::borrow::Cow;

use memchr::{memchr_iter, memmem};

/// The message as it travels. Where no line ends in CRLF, the store has made LF of it (as Unix mailboxes do), and that is
/// undone; else each octet is as the sender wrote it.
pub(crate) fn as_sent(raw: &[u8]) -> Cow<'_, [u8]> {
    if !is_stored_with_lf(raw) {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 32);
    let mut from = 0;
    for lf in memchr_iter(b'\n', raw) {
        out.extend_from_slice(raw.get(from..lf).unwrap_or_default());
        out.extend_from_slice(b"\r\n");
        from = lf + 1;
    }
    out.extend_from_slice(raw.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// A header field of ours with the line breaks of the message that it is put in front of.
pub(crate) fn as_stored(field: &str, raw: &[u8]) -> String {
    if is_stored_with_lf(raw) { field.replace("\r\n", "\n") } else { field.to_owned() }
}

/// A message made of one that is stored so, with the line breaks of that.
pub(crate) fn stored_as(made: Vec<u8>, raw: &[u8]) -> Vec<u8> {
    if !is_stored_with_lf(raw) {
        return made;
    }
    let mut out = Vec::with_capacity(made.len());
    let mut from = 0;
    for crlf in memmem::find_iter(&made, b"\r\n") {
        out.extend_from_slice(made.get(from..crlf).unwrap_or_default());
        from = crlf + 1;
    }
    out.extend_from_slice(made.get(from..).unwrap_or_default());
    out
}

fn is_stored_with_lf(raw: &[u8]) -> bool {
    memchr_iter(b'\n', raw).next().is_some() && memmem::find(raw, b"\r\n").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_without_any_crlf_is_changed() {
        assert_eq!(&*as_sent(b"A: b\n\nc\n"), b"A: b\r\n\r\nc\r\n");
        assert_eq!(&*as_sent(b"A: b\r\n\r\nc\n"), b"A: b\r\n\r\nc\n");
        assert_eq!(&*as_sent(b"A: b\rc"), b"A: b\rc");
        assert_eq!(as_stored("X: y\r\n", b"A: b\n"), "X: y\n");
        assert_eq!(as_stored("X: y\r\n", b"A: b\r\n"), "X: y\r\n");
        assert_eq!(stored_as(b"A: b\r\n\r\nc\rd\r\n".to_vec(), b"A: b\n"), b"A: b\n\nc\rd\n");
        assert_eq!(stored_as(b"A: b\r\n".to_vec(), b"A: b\r\n"), b"A: b\r\n");
    }
}
