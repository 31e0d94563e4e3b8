//! Identifiers as Dovecot reads them: what stands between `<` and `>`, or an RFC 5322 msg-id where that has comments or
//! quotes; of those none with a domain literal.

use std::borrow::Cow;

use memchr::memchr;

use crate::cfws;

/// Octets that reading what is no msg-id may take, for each octet of the value: each is read again from the next `<`, and a
/// value made of nothing else would take the square of its length.
const AGAIN: usize = 16;

/// The identifiers of a value.
#[derive(Clone, Debug)]
pub(crate) struct DovecotIds<'a> {
    value: &'a [u8],
    at: usize,
    /// Offset of the first of `>` `"` `(` at or behind `at`, as far as it is known: it is searched once for all the
    /// `<` in front of it.
    special: Option<usize>,
    /// Octets that were read for nothing.
    wasted: usize,
}

impl<'a> DovecotIds<'a> {
    pub(crate) const fn new(value: &'a [u8]) -> Self {
        Self { value, at: 0, special: None, wasted: 0 }
    }

    fn special(&mut self) -> Option<usize> {
        if let Some(known) = self.special.filter(|known| *known >= self.at) {
            return Some(known);
        }
        let rest = self.value.get(self.at..)?;
        let found = rest.iter().position(|octet| matches!(octet, b'>' | b'"' | b'('));
        self.special = found.map(|found| self.at + found);
        self.special
    }
}

impl<'a> Iterator for DovecotIds<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        // what was read of a msg-id that turned out to be none stays in front of the next one that is read so
        let mut left = Vec::new();
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
                let mut reader = MsgId { rest: self.value.get(self.at..)?, id: std::mem::take(&mut left) };
                let is_id = reader.read().is_some();
                let behind = self.value.len() - reader.rest.len();
                if !is_id {
                    self.wasted = self.wasted.saturating_add(behind - self.at);
                }
                // what is none is looked into again, behind its `<`
                if is_id || self.wasted > self.value.len().saturating_mul(AGAIN) {
                    self.at = behind;
                }
                if is_id {
                    return Some(Cow::Owned(reader.id));
                }
                left = reader.id;
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
        self.dot_atom()?;
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

    /// RFC 5322 3.2.4, without its quotes and escapes. Of one without an end what stands in front of its last escape is kept.
    fn quoted(&mut self) -> Option<()> {
        self.expect(b'"')?;
        let mut piece = Vec::new();
        loop {
            match self.next()? {
                b'"' => {
                    self.id.append(&mut piece);
                    return self.blanks();
                }
                b'\\' => {
                    let escaped = self.next()?;
                    self.id.append(&mut piece);
                    piece.push(escaped);
                }
                b'\r' | b'\n' => {}
                octet => piece.push(octet),
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
    fn a_msg_id_with_comments_or_quotes() {
        assert_eq!(ids("<(c)a(c (d))@(c)b . c(c)>"), ["a@b.c"]);
        assert_eq!(ids(r#"<"a b"@c> <"a\"b"@c>"#), ["a b@c", "a\"b@c"]);
        assert_eq!(ids("<a@[1.2.3.4]> <b@c>"), ["a@[1.2.3.4]", "b@c"]);
    }

    #[test]
    fn what_is_none_is_passed_over() {
        assert_eq!(ids("<a..b(c)@d> <e@f>"), ["e@f"]);
        assert_eq!(ids("<\"a\"> <e@f>"), ["e@f"]);
    }

    /// As Dovecot 2.3.19.1 answers.
    #[test]
    fn what_was_read_of_one_that_is_none_stays_in_front() {
        assert_eq!(ids("<1@x, <\"1\"@x>"), ["1@x1@x"]);
        assert_eq!(ids("<\"1\".2@x> <(c)1@x>"), ["11@x"]);
        assert_eq!(ids("<(c)a.b.(c)@x> <\"c\"@x>"), ["a.b.c@x"]);
        assert_eq!(ids("<(c)a.b.(c)@x> <c@x>"), ["c@x"]);
        assert_eq!(ids("<a@[x <\"c\"@x>"), ["a@c@x"]);
        assert_eq!(ids("<(c)a@[<d@x>]z>"), ["d@x"]);
        assert_eq!(ids("<a(@[x <\"c\"@x>"), ["ac@x"]);
        assert_eq!(ids("<\"a<(c)e@x>"), ["e@x"]);
        assert_eq!(ids("<\"a\"x<b@c\"y\"<(c)z@w>"), ["ab@cz@w"]);
    }

    #[test]
    fn what_is_read_again_is_bounded() {
        for value in ["<(", "<\"<", "<a@[", "<\"\\"] {
            assert_eq!(ids(&value.repeat(1 << 18)), [""; 0]);
        }
    }

    #[test]
    fn many_brackets_in_front_of_one_quote_are_read_in_linear_time() {
        let value = format!("{}\"", "<".repeat(1 << 20));
        assert_eq!(ids(&value), [""; 0]);
    }
}
