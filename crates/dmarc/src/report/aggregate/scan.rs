//! Cutting XML into tags and texts.
//!
//! A scanner of our own, since reports are often broken: what is no tag is text here, where a parser of XML has to give up. It
//! cuts and nothing more, for the speed of reading (`cargo xtask bench spf-dmarc aggregate-1m`).
//! Nothing is expanded or looked up; a document type declaration ends the reading.

use memchr::{memchr, memmem};

/// A piece of XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'x> {
    /// A start tag: what is between the angle brackets.
    Start(&'x str),
    /// The tag of an empty element: what is between the angle brackets, without the slash.
    Empty(&'x str),
    /// The name in an end tag.
    End(&'x str),
    /// Text with its references.
    Text(&'x str),
    /// Text in which nothing is a reference.
    Literal(&'x str),
    /// A `<` that begins no tag, and the text up to the next one.
    Stray(&'x str),
    /// A document type declaration.
    DocType,
    /// Something that does not end.
    Broken,
}

pub(super) struct Scanner<'x> {
    rest: &'x str,
    len: usize,
}

impl<'x> Scanner<'x> {
    pub(super) const fn new(xml: &'x str) -> Self {
        Self { rest: xml, len: xml.len() }
    }

    /// Where the next piece begins.
    pub(super) const fn offset(&self) -> usize {
        self.len.saturating_sub(self.rest.len())
    }

    /// The first `len` octets, which are then passed; all of them ends at characters.
    fn take(&mut self, len: usize) -> &'x str {
        let (head, tail) = self.rest.split_at_checked(len).unwrap_or((self.rest, ""));
        self.rest = tail;
        head
    }

    /// What is behind `open` up to `close`; `None` where that is not there.
    fn between(&mut self, open: usize, close: &str) -> Option<&'x str> {
        let inner = self.rest.get(open..)?;
        let end = memmem::find(inner.as_bytes(), close.as_bytes())?;
        self.take(open.saturating_add(end).saturating_add(close.len()));
        inner.get(..end)
    }

    /// Nothing follows behind this token.
    fn stop(&mut self, token: Token<'x>) -> Token<'x> {
        self.rest = "";
        token
    }

    fn markup(&mut self) -> Option<Token<'x>> {
        // XML 1.0 2.5, 2.7, 2.6, 2.8
        if self.rest.starts_with("<!--") {
            return self.between(4, "-->").map_or(Some(Token::Broken), |_| None);
        }
        if self.rest.starts_with("<![CDATA[") {
            return Some(self.between(9, "]]>").map_or(Token::Broken, Token::Literal));
        }
        if self.rest.starts_with("<?") {
            return self.between(2, "?>").map_or(Some(Token::Broken), |_| None);
        }
        Some(if self.rest.starts_with("<!") { Token::DocType } else { Token::Broken })
    }

    /// A tag (XML 1.0 3.1), which begins with `<` and a letter or a slash.
    #[inline]
    fn tag(&mut self) -> Token<'x> {
        let octets = self.rest.as_bytes();
        let special = |octet: &u8| matches!(octet, b'>' | b'<' | b'"' | b'\'');
        // Most tags have no attributes, so that this finds the end.
        let mut at = octets.iter().skip(1).position(special).map_or(octets.len(), |at| at.saturating_add(1));
        let mut quote = None;
        while let Some(&octet) = octets.get(at) {
            match (octet, quote) {
                (b'>', None) => break,
                // Another tag begins before this one ends, so this is none.
                (b'<', None) => return Token::Stray(self.take(at)),
                (b'"' | b'\'', None) => quote = Some(octet),
                (octet, Some(open)) if octet == open => quote = None,
                _ => {}
            }
            at = at.saturating_add(1);
        }
        if at >= octets.len() {
            // Without its quotes it may end.
            let Some(end) = memchr(b'>', octets).filter(|_| quote.is_some()) else {
                return self.stop(Token::Broken);
            };
            at = end;
        }
        let tag = self.take(at.saturating_add(1));
        let inner = tag.get(1..at).unwrap_or_default();
        if let Some(name) = inner.strip_prefix('/') {
            return Token::End(name.trim_ascii());
        }
        match inner.strip_suffix('/') {
            Some(inner) => Token::Empty(inner),
            None => Token::Start(inner),
        }
    }
}

impl<'x> Iterator for Scanner<'x> {
    type Item = Token<'x>;

    #[inline]
    fn next(&mut self) -> Option<Token<'x>> {
        loop {
            let octets = self.rest.as_bytes();
            match octets {
                [] => return None,
                [b'<', b'!' | b'?', ..] => match self.markup() {
                    Some(token @ (Token::Broken | Token::DocType)) => return Some(self.stop(token)),
                    Some(token) => return Some(token),
                    None => continue,
                },
                // XML 1.0 2.3: NameStartChar.
                [b'<', b'/' | b'_' | b':' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.., ..] => {
                    return Some(self.tag());
                }
                [b'<', behind @ ..] => {
                    let end = memchr(b'<', behind).map_or(octets.len(), |at| at.saturating_add(1));
                    return Some(Token::Stray(self.take(end)));
                }
                _ => {
                    let end = memchr(b'<', octets).unwrap_or(octets.len());
                    return Some(Token::Text(self.take(end)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(xml: &str) -> Vec<Token<'_>> {
        Scanner::new(xml).collect()
    }

    #[test]
    fn tags_texts_and_what_is_passed_over() {
        use Token::{Empty, End, Literal, Start, Text};
        assert_eq!(
            tokens("<?xml version='1.0'?><!-- <a> --><a x=\"1>2\" y='\"'>t&amp;<b /><![CDATA[<c>]]></a >"),
            [Start("a x=\"1>2\" y='\"'"), Text("t&amp;"), Empty("b "), Literal("<c>"), End("a")]
        );
    }

    #[test]
    fn what_is_no_tag() {
        use Token::{Broken, DocType, End, Start, Stray, Text};
        assert_eq!(tokens("bad<xml.net</a>"), [Text("bad"), Stray("<xml.net"), End("a")]);
        assert_eq!(tokens("<a>1 < 2</a>"), [Start("a"), Text("1 "), Stray("< 2"), End("a")]);
        assert_eq!(tokens("<a x=\"1></a>"), [Start("a x=\"1"), End("a")]);
        assert_eq!(tokens("<a><b"), [Start("a"), Broken]);
        assert_eq!(tokens("<!-- x"), [Broken]);
        assert_eq!(tokens("<!doctype a>").first(), Some(&DocType));
        assert_eq!(tokens("<"), [Stray("<")]);
    }
}
