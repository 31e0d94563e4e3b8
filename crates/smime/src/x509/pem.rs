//! PEM (RFC 7468), read as it is found: text around the blocks, lines of any length.

use mailwright_message_model::transfer::{Encoding, decode};

use crate::error::{Error, ErrorKind};

/// One block of a PEM file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PemBlock<'a> {
    /// What stands behind BEGIN.
    pub label: &'a str,
    /// The octets inside.
    pub der: Vec<u8>,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The blocks of a PEM file in their order. What stands between them is passed over.
///
/// # Errors
///
/// [`ErrorKind::Pem`]: a block without end, or with other octets than those of base64.
pub fn pem_blocks(text: &[u8]) -> Result<Vec<PemBlock<'_>>, Error> {
    let mut blocks = Vec::new();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| memchr::memmem::find(rest, BEGIN)) {
        let begin = from.saturating_add(found);
        let odd = || Error::new(ErrorKind::Pem { offset: begin });
        let (block, length) = text.get(begin..).and_then(block).ok_or_else(odd)?;
        blocks.push(block);
        from = begin.saturating_add(length);
    }
    Ok(blocks)
}

/// The block that `text` begins with, and its length.
fn block(text: &[u8]) -> Option<(PemBlock<'_>, usize)> {
    let rest = text.strip_prefix(BEGIN)?;
    let (label, rest) = rest.split_at_checked(memchr::memmem::find(rest, DASHES)?)?;
    let label = std::str::from_utf8(label).ok().filter(|label| !label.contains(['\n', '\r']))?;
    let body = rest.strip_prefix(DASHES)?;
    let (body, tail) = body.split_at_checked(memchr::memmem::find(body, END)?)?;
    let tail = tail.strip_prefix(END)?.strip_prefix(label.as_bytes())?.strip_prefix(DASHES)?;
    // RFC 1421 4.6.1: header lines, of encrypted keys, end at an empty line.
    let body = match body.contains(&b':') {
        true => body.get(blank_line(body)?..)?,
        false => body,
    };
    let decoded = decode(Encoding::Base64, body);
    if decoded.problem.is_some() {
        return None;
    }
    Some((PemBlock { label, der: decoded.bytes.into_owned() }, text.len().checked_sub(tail.len())?))
}

/// Where the first empty line ends.
fn blank_line(body: &[u8]) -> Option<usize> {
    let lf = memchr::memmem::find(body, b"\n\n").map(|at| at.saturating_add(2));
    let crlf = memchr::memmem::find(body, b"\r\n\r\n").map(|at| at.saturating_add(4));
    lf.into_iter().chain(crlf).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_around_blocks_is_passed_over() {
        let text = b"subject=x\n-----BEGIN A-----\r\nAQI=\r\n-----END A-----\nmore\n-----BEGIN B C-----\nAw==\n-----END B C-----";
        let blocks = pem_blocks(text).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!((blocks[0].label, &blocks[0].der[..]), ("A", &[1, 2][..]));
        assert_eq!((blocks[1].label, &blocks[1].der[..]), ("B C", &[3][..]));
    }

    #[test]
    fn a_block_without_its_own_end_is_an_error() {
        for text in [&b"xx-----BEGIN A-----\nAQI=\n-----END B-----"[..], b"xx-----BEGIN A-----\nAQI="] {
            assert_eq!(pem_blocks(text).unwrap_err().offset(), Some(2));
        }
    }
}
