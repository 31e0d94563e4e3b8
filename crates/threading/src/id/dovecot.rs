//! Identifiers as Dovecot reads them: what stands between `<` and `>`, or an RFC 5322 msg-id where that has comments,
//! quotes or literals.

use std::borrow::Cow;

use memchr::memchr;

use crate::cfws;

/// The identifiers of a value.
#[derive(Clone, Debug)]
pub(crate) struct DovecotIds<'a> {
    value: &'a [u8],
    at: usize,
    /// Offset of the first of `>` `"` `(` `[` at or behind `at`, as far as it is known: it is searched once for all the
    /// `<` in front of it.
    special: Option<usize>,
}

impl<'a> DovecotIds<'a> {
    pub(crate) const fn new(value: &'a [u8]) -> Self {
        Self { value, at: 0, special: None }
    }

    fn special(&mut self) -> Option<usize> {
        if let Some(known) = self.special.filter(|known| *known >= self.at) {
            return Some(known);
        }
        let rest = self.value.get(self.at..)?;
        let found = rest.iter().position(|octet| matches!(octet, b'>' | b'"' | b'(' | b'['));
        self.special = found.map(|found| self.at + found);
        self.special
    }
}

impl<'a> Iterator for DovecotIds<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        loop {
            let rest = self.value.get(self.at..)?;
            self.at += memchr(b'<', rest)? + 1;
            let Some(special) = self.special() else {
                self.at = self.value.len();
                return None;
            };
            if self.value.get(special) == Some(&b'>') {
                let between = self.value.get(self.at..special)?;
                self.at = special + 1;
                if memchr(b'@', between).is_some() {
                    return Some(without_blanks(between));
                }
            } else {
                let mut reader = MsgId { rest: self.value.get(self.at..)?, id: Vec::new() };
                let read = reader.read();
                self.at = self.value.len() - reader.rest.len();
                if read.is_some() {
                    return Some(Cow::Owned(reader.id));
                }
            }
        }
    }
}

fn without_blanks(id: &[u8]) -> Cow<'_, [u8]> {
    let is_blank = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    if id.iter().any(is_blank) {
        Cow::Owned(id.iter().copied().filter(|octet| !is_blank(octet)).collect())
    } else {
        Cow::Borrowed(id)
    }
}

/// Reads one msg-id behind its `<`.
struct MsgId<'a> {
    rest: &'a [u8],
    id: Vec<u8>,
}

impl MsgId<'_> {
    /// RFC 5322 3.6.4: `id-left "@" id-right ">"`, with the comments and quoting of RFC 5322 4.5.4.
    fn read(&mut self) -> Option<()> {
        self.blanks()?;
        let quoted = self.rest.first()? == &b'"';
        (if quoted { self.quoted() } else { self.dot_atom() })?;
        self.expect(b'@')?;
        self.id.push(b'@');
        self.blanks()?;
        let literal = self.rest.first()? == &b'[';
        (if literal { self.literal() } else { self.dot_atom() })?;
        self.expect(b'>')
    }

    fn next(&mut self) -> Option<u8> {
        let (octet, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*octet)
    }

    fn expect(&mut self, octet: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[octet])?;
        Some(())
    }

    fn blanks(&mut self) -> Option<()> {
        let (rest, ended) = cfws::skip(self.rest);
        self.rest = rest;
        ended.then_some(())
    }

    /// RFC 5322 3.2.3, with blanks around the dots (4.4).
    fn dot_atom(&mut self) -> Option<()> {
        loop {
            let (atom, rest) = cfws::atom(self.rest);
            if atom.is_empty() {
                return None;
            }
            self.id.extend_from_slice(atom);
            self.rest = rest;
            self.blanks()?;
            if self.expect(b'.').is_none() {
                return Some(());
            }
            self.id.push(b'.');
            self.blanks()?;
        }
    }

    /// RFC 5322 3.2.4, without its quotes and escapes.
    fn quoted(&mut self) -> Option<()> {
        self.expect(b'"')?;
        loop {
            match self.next()? {
                b'"' => return self.blanks(),
                b'\\' => {
                    let escaped = self.next()?;
                    self.id.push(escaped);
                }
                b'\r' | b'\n' => {}
                octet => self.id.push(octet),
            }
        }
    }

    /// RFC 5322 3.4.1: domain-literal, kept with its brackets.
    fn literal(&mut self) -> Option<()> {
        loop {
            let octet = self.next()?;
            self.id.push(octet);
            match octet {
                b']' => return self.blanks(),
                b'\\' => {
                    let escaped = self.next()?;
                    self.id.push(escaped);
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(value: &str) -> Vec<String> {
        let ids = DovecotIds::new(value.as_bytes());
        ids.map(|id| String::from_utf8_lossy(&id).into_owned()).collect()
    }

    #[test]
    fn between_the_brackets() {
        assert_eq!(ids("<1@a> phrase <2@b>,<3@c>"), ["1@a", "2@b", "3@c"]);
        assert_eq!(ids("<a\t@ b> <@> <a@> <@b> <a@b@c> <<a@b>>"), ["a@b", "@", "a@", "@b", "a@b@c", "<a@b"]);
        assert_eq!(ids("<a> <> <a@b"), [""; 0]);
        assert_eq!(ids("<\u{fc}@\u{4f8b}.example>"), ["\u{fc}@\u{4f8b}.example"]);
    }

    #[test]
    fn a_msg_id_with_comments_quotes_or_literals() {
        assert_eq!(ids("<(c)a(c (d))@(c)b . c(c)>"), ["a@b.c"]);
        assert_eq!(ids(r#"<"a b"@c> <"a\"b"@c>"#), ["a b@c", "a\"b@c"]);
        assert_eq!(ids("<a@[1.2.3.4]> <b@c>"), ["a@[1.2.3.4]", "b@c"]);
    }

    #[test]
    fn what_is_none_is_passed_over() {
        assert_eq!(ids("<a(b <c@d>"), [""; 0]);
        assert_eq!(ids("<a..b(c)@d> <e@f>"), ["e@f"]);
        assert_eq!(ids("<\"a\"> <e@f>"), ["e@f"]);
    }

    #[test]
    fn many_brackets_in_front_of_one_quote_are_read_in_linear_time() {
        let value = format!("{}\"", "<".repeat(1 << 20));
        assert_eq!(ids(&value), [""; 0]);
    }
}
