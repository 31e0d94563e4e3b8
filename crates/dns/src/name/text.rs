//! Names as text with escapes (RFC 1035 5.1).

use core::fmt;
use core::str::FromStr;

use super::{MAX_LABEL, Name};
use crate::{Error, ErrorKind};

impl fmt::Display for Name {
    /// As in a master file, without the final dot; the root is `.`. Reads back by [`str::parse`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str(".");
        }
        for (at, label) in self.labels().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            for &octet in label {
                match octet {
                    b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
                        write!(f, "\\{}", char::from(octet))?;
                    }
                    0x21..=0x7e => write!(f, "{}", char::from(octet))?,
                    _ => write!(f, "\\{octet:03}")?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl FromStr for Name {
    type Err = Error;

    /// Reads text with the escapes `\X` and `\DDD` of RFC 1035 5.1, as [`Display`](fmt::Display) writes it.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_escaped(text.as_bytes())
    }
}

impl Name {
    /// As [`FromStr`], of octets.
    pub(crate) fn from_escaped(text: &[u8]) -> Result<Self, Error> {
        match text {
            b"" => return Err(Error::in_name(ErrorKind::EmptyName, 0)),
            b"." => return Ok(Self::ROOT),
            _ => {}
        }
        let mut name = Self::ROOT;
        let mut label = Label::default();
        let mut rest = text;
        while let Some((&octet, after)) = rest.split_first() {
            let at = text.len() - rest.len();
            rest = after;
            match octet {
                b'.' => {
                    name.push(label.octets()).map_err(|kind| Error::in_name(kind, at))?;
                    label = Label::default();
                    if rest.is_empty() {
                        return Ok(name);
                    }
                }
                b'\\' => {
                    let (value, after) =
                        escape(rest).ok_or_else(|| Error::in_name(ErrorKind::BadEscape, at))?;
                    rest = after;
                    label.push(value).map_err(|kind| Error::in_name(kind, at))?;
                }
                _ => label.push(octet).map_err(|kind| Error::in_name(kind, at))?,
            }
        }
        name.push(label.octets()).map_err(|kind| Error::in_name(kind, text.len()))?;
        Ok(name)
    }
}

/// The octet that an escape stands for, given what follows the `\`, and what follows the escape.
pub(crate) fn escape(after: &[u8]) -> Option<(u8, &[u8])> {
    let (&first, rest) = after.split_first()?;
    if !first.is_ascii_digit() {
        return Some((first, rest));
    }
    let (digits, rest) = after.split_at_checked(3)?;
    let mut value = 0u16;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u16::from(digit - b'0');
    }
    Some((u8::try_from(value).ok()?, rest))
}

struct Label {
    len: usize,
    octets: [u8; MAX_LABEL],
}

impl Default for Label {
    fn default() -> Self {
        Self { len: 0, octets: [0; MAX_LABEL] }
    }
}

impl Label {
    fn push(&mut self, octet: u8) -> Result<(), ErrorKind> {
        *self.octets.get_mut(self.len).ok_or(ErrorKind::LabelTooLong)? = octet;
        self.len += 1;
        Ok(())
    }

    fn octets(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_read_and_print() {
        let name: Name = r"a\.b.\000\255x.org.".parse().unwrap();
        assert_eq!(name.labels().collect::<Vec<_>>(), [b"a.b".as_slice(), b"\0\xffx", b"org"]);
        assert_eq!(name.to_string(), r"a\.b.\000\255x.org");
        for bad in [r"a\", r"a\25", r"a\256", r"a\2x5.b"] {
            assert_eq!(bad.parse::<Name>().unwrap_err().kind(), &ErrorKind::BadEscape, "{bad}");
        }
        assert_eq!("a..b".parse::<Name>().unwrap_err().kind(), &ErrorKind::EmptyLabel);
        assert_eq!(".".parse::<Name>().unwrap(), Name::ROOT);
    }
}
