//! Lists of phrases between commas, as in Keywords (RFC 5322 3.6.5).

use std::borrow::Cow;

use crate::cfws::{self, EncodedWords};
use crate::{address::phrase, encoded_word};

/// The items of a comma-separated value, decoded while iterating. Empty items are passed over; a comma in a quoted string
/// or an encoded word divides nothing.
///
/// ```
/// use mailwright_message_model::phrases::Phrases;
///
/// let items: Vec<_> = Phrases::parse(b" budget, annual report,\r\n \"a, b\"\r\n").collect();
/// assert_eq!(items, ["budget", "annual report", "a, b"]);
/// ```
#[derive(Debug)]
pub struct Phrases<'a> {
    value: &'a [u8],
    at: usize,
    encoded: EncodedWords<'a>,
    no_more_quotes: bool,
}

impl<'a> Phrases<'a> {
    /// Reads `value`, a field value with its line breaks.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Self {
        let value = cfws::field(value);
        Self { value, at: 0, encoded: EncodedWords::new(value), no_more_quotes: false }
    }

    /// The octets of the next item, empty ones included.
    fn next_raw(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        if start >= self.value.len() {
            return None;
        }
        while let Some(&byte) = self.value.get(self.at) {
            match byte {
                b',' => break,
                b'=' => self.at = self.encoded.end(self.at).unwrap_or(self.at + 1),
                b'"' if !self.no_more_quotes => {
                    let end = cfws::quoted_end(self.value, self.at);
                    self.no_more_quotes = end.is_none();
                    self.at = end.unwrap_or(self.at + 1);
                }
                _ => self.at += 1,
            }
        }
        let item = self.value.get(start..self.at);
        self.at += 1;
        item
    }
}

impl<'a> Iterator for Phrases<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        loop {
            let raw = cfws::trim(self.next_raw()?);
            if !raw.is_empty() {
                return Some(decode(raw));
            }
        }
    }
}

/// The text of one item; a quoted string that is the whole of it loses its quotes (RFC 5322 3.2.4).
fn decode(raw: &[u8]) -> Cow<'_, str> {
    if raw.starts_with(b"\"") && cfws::quoted_end(raw, 0) == Some(raw.len()) {
        return phrase::quoted(raw);
    }
    encoded_word::decode(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(value: &str) -> Vec<String> {
        Phrases::parse(value.as_bytes()).map(Cow::into_owned).collect()
    }

    #[test]
    fn commas_divide() {
        assert_eq!(items("simple, list\n"), ["simple", "list"]);
        assert_eq!(items(" , a,,b , "), ["a", "b"]);
        assert_eq!(items(""), [""; 0]);
    }

    #[test]
    fn quoted_strings_and_encoded_words_hold_commas() {
        assert_eq!(items(r#""a, \"b\"", c"#), ["a, \"b\"", "c"]);
        assert_eq!(items("=?utf-8?q?a,b?=, c"), ["a,b", "c"]);
        assert_eq!(items("\"a, b"), ["\"a", "b"]);
    }
}
