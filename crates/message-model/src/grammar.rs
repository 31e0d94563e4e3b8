//! Whether a value follows the grammar of its field, octet by octet: what the tolerant readers repair, other readers
//! repair otherwise.
//!
//! The obsolete forms of RFC 5322 4 that every reader takes alike are allowed: comments anywhere, dots in names, empty
//! members of a list.

/// A lexical piece (RFC 5322 3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    /// `atext` and octets above 127, in a run.
    Atom,
    Quoted,
    DomainLiteral,
    Special(u8),
}

/// The tokens of a value, comments and folding left out; `None` where one is not closed or an octet may not stand there.
struct Tokens<'v> {
    value: &'v [u8],
    at: usize,
    /// The octets that end an atom beside blanks.
    specials: &'static [u8],
}

impl<'v> Tokens<'v> {
    fn new(value: &'v [u8], specials: &'static [u8]) -> Self {
        Self { value, at: 0, specials }
    }

    fn peek(&self) -> Option<u8> {
        self.value.get(self.at).copied()
    }

    /// The next token: `Some(None)` at the end, `None` where the value breaks the lexical rules.
    fn next(&mut self) -> Option<Option<Token>> {
        loop {
            match self.peek() {
                None => return Some(None),
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'(') => self.comment()?,
                Some(b'"') => return self.until(b'"').map(|()| Some(Token::Quoted)),
                Some(b'[') if !self.specials.contains(&b'/') => {
                    return self.until(b']').map(|()| Some(Token::DomainLiteral));
                }
                Some(octet) if self.specials.contains(&octet) => {
                    self.at += 1;
                    return Some(Some(Token::Special(octet)));
                }
                Some(octet) if is_atom(octet) => {
                    while self.peek().is_some_and(|octet| is_atom(octet) && !self.specials.contains(&octet)) {
                        self.at += 1;
                    }
                    return Some(Some(Token::Atom));
                }
                Some(_) => return None,
            }
        }
    }

    /// RFC 5322 3.2.2: comments nest.
    fn comment(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => self.at += 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    fn until(&mut self, close: u8) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'\\' => self.at += 1,
                octet if octet == close => {
                    self.at += 1;
                    return Some(());
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// Octets of a word: printable but for the delimiters of every field, or above 127 (RFC 6532 3.2).
fn is_atom(octet: u8) -> bool {
    octet > 127 || (octet.is_ascii_graphic() && !b"()\"\\".contains(&octet))
}

/// RFC 5322 3.4: `address-list`, whose members may be empty (4.4).
pub(crate) fn is_address_list(value: &[u8]) -> bool {
    let mut tokens = Tokens::new(value, b"<>:;,@.[]");
    let mut list = Addresses::default();
    loop {
        match tokens.next() {
            None => return false,
            Some(None) => return list.end() && !list.in_group && list.members > 0,
            Some(Some(token)) => {
                if !list.take(token) {
                    return false;
                }
            }
        }
    }
}

/// Where we are in an address.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// Nothing read of it.
    #[default]
    Start,
    /// Words, which may be a name or a local part; whether they may be a local part.
    Words { dotted: bool, after_dot: bool },
    /// Behind the `@` of an address without angle brackets, or behind a dot of its domain.
    Domain { wants: bool },
    /// Behind `<`: a route or a local part.
    Angle { any: bool, after_dot: bool },
    /// Behind the `@` in angle brackets.
    AngleDomain { wants: bool },
    /// Behind `>` or the `;` of a group.
    Done,
}

#[derive(Default)]
struct Addresses {
    place: Place,
    in_group: bool,
    members: usize,
}

impl Addresses {
    fn take(&mut self, token: Token) -> bool {
        use Token::{Atom, DomainLiteral, Quoted, Special};
        self.place = match (self.place, token) {
            (Place::Start, Atom | Quoted) => Place::Words { dotted: true, after_dot: false },
            (Place::Words { dotted, after_dot }, Atom | Quoted) => {
                Place::Words { dotted: dotted && after_dot, after_dot: false }
            }
            (Place::Words { dotted, after_dot }, Special(b'.')) => {
                Place::Words { dotted: dotted && !after_dot, after_dot: true }
            }
            (Place::Words { dotted: true, after_dot: false }, Special(b'@')) => Place::Domain { wants: true },
            (Place::Start | Place::Words { .. }, Special(b'<')) => {
                Place::Angle { any: false, after_dot: true }
            }
            (Place::Words { .. }, Special(b':')) if !self.in_group => {
                self.in_group = true;
                self.members += 1;
                Place::Start
            }
            (Place::Domain { wants: true }, Atom | DomainLiteral) => Place::Domain { wants: false },
            (Place::Domain { wants: false }, Special(b'.')) => Place::Domain { wants: true },
            (Place::Angle { after_dot: true, .. }, Atom | Quoted) => {
                Place::Angle { any: true, after_dot: false }
            }
            (Place::Angle { any: true, after_dot: false }, Special(b'.')) => {
                Place::Angle { any: true, after_dot: true }
            }
            (Place::Angle { any: true, after_dot: false }, Special(b'@')) => {
                Place::AngleDomain { wants: true }
            }
            (Place::AngleDomain { wants: true }, Atom | DomainLiteral) => Place::AngleDomain { wants: false },
            (Place::AngleDomain { wants: false }, Special(b'.')) => Place::AngleDomain { wants: true },
            (Place::AngleDomain { wants: false }, Special(b'>')) => {
                self.members += 1;
                Place::Done
            }
            (_, Special(b',')) => {
                return self.end();
            }
            (_, Special(b';')) if self.in_group => {
                if !self.end() {
                    return false;
                }
                self.in_group = false;
                Place::Done
            }
            _ => return false,
        };
        true
    }

    /// Ends an address at `,`, at the `;` of a group or at the end of the value.
    fn end(&mut self) -> bool {
        match self.place {
            Place::Domain { wants: false } => self.members += 1,
            Place::Start | Place::Done => {}
            _ => return false,
        }
        self.place = Place::Start;
        true
    }
}

/// RFC 5322 3.6.4: one `msg-id`, and nothing else but comments.
pub(crate) fn is_message_id(value: &[u8]) -> bool {
    let mut tokens = Tokens::new(value, b"<>@");
    let mut expected =
        [Token::Special(b'<'), Token::Atom, Token::Special(b'@'), Token::Atom, Token::Special(b'>')].iter();
    loop {
        match (tokens.next(), expected.as_slice().first()) {
            (Some(None), None) => return true,
            (Some(Some(Token::Quoted | Token::DomainLiteral)), Some(Token::Atom)) => {}
            (Some(Some(found)), Some(wanted)) if found == *wanted => {}
            _ => return false,
        }
        expected.next();
    }
}

/// RFC 2045 6.1: one token, comments around it allowed.
pub(crate) fn is_one_token(value: &[u8]) -> bool {
    let mut tokens = Tokens::new(value, MIME_SPECIALS);
    tokens.next() == Some(Some(Token::Atom)) && tokens.next() == Some(None)
}

/// The `tspecials` of RFC 2045 5.1 that end a token and are no quotes or comments.
const MIME_SPECIALS: &[u8] = b"@,;:/[]?=<>";

/// RFC 2045 5.1: `type/subtype` and parameters.
pub(crate) fn is_content_type(value: &[u8]) -> bool {
    let mut tokens = Tokens::new(value, MIME_SPECIALS);
    [Token::Atom, Token::Special(b'/'), Token::Atom].iter().all(|wanted| tokens.next() == Some(Some(*wanted)))
        && are_parameters(&mut tokens)
}

/// RFC 2183 2: a token and parameters.
pub(crate) fn is_disposition(value: &[u8]) -> bool {
    let mut tokens = Tokens::new(value, MIME_SPECIALS);
    tokens.next() == Some(Some(Token::Atom)) && are_parameters(&mut tokens)
}

/// `*(";" attribute "=" value)`; a `;` at the end is common and taken alike.
fn are_parameters(tokens: &mut Tokens<'_>) -> bool {
    loop {
        match tokens.next() {
            Some(None) => return true,
            Some(Some(Token::Special(b';'))) => {}
            _ => return false,
        }
        match tokens.next() {
            Some(None) => return true,
            Some(Some(Token::Atom)) => {}
            _ => return false,
        }
        if tokens.next() != Some(Some(Token::Special(b'='))) {
            return false;
        }
        if !matches!(tokens.next(), Some(Some(Token::Atom | Token::Quoted))) {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in [
            "a@x.example",
            "Joe Q. Public <john.q@x.example>, <b@y.example>",
            "\"a\\\"b\" <a@x.example> (c (d))",
            "Friends: a@x.example, Bob <b@y.example>;",
            "Undisclosed recipients:;",
            // RFC 5322 A.1.3, A.5, A.6.3
            "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
            "A Group(Some people)\r\n :Chris Jones <c@(Chris's host.)public.example>,\r\n joe@example.org;(end)",
            "Mary Smith <mary@example.net>, , jdoe@test  . example",
            "a@[192.0.2.1]",
            "Zo\u{eb} <zo\u{eb}@x.example>",
            "\"a b\"@x.example",
            "=?utf-8?q?a=2Cb?= <a@x.example>",
        ] {
            assert!(is_address_list(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            "nobody at all",
            "<a@x.example> <b@y.example>",
            "a@x.example b@y.example",
            "<b@y.example>a@x.example",
            "\"unclosed a@x.example",
            "Joe <a@x.example",
            "a@x.example>",
            "a@x.example;b@y.example",
            "g:a@x.example",
            "a@x@y.example",
            "a\\@b@x.example",
            "a@x..example",
            ".a@x.example",
            "a..b@x.example",
            "a@x.example (c",
            "<>",
            "g:<>;",
            "<a@>",
            "@x.example",
        ] {
            assert!(!is_address_list(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn identifiers() {
        for good in ["<a@b>", " <a.b@[c]> (comment)\r\n", "<\"a b\"@c>"] {
            assert!(is_message_id(good.as_bytes()), "{good}");
        }
        for bad in ["", "a@b", "<a@b", "junk <a@b>", "<a b@c>", "<<a@b>>", "<a@b> <c@d>", "<a>"] {
            assert!(!is_message_id(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn mime_fields() {
        for good in [
            "multipart/mixed; boundary=\"a b\"",
            "text/plain; charset=us-ascii (Plain text)",
            "text/plain;\r\n\tname*0*=utf-8''a; name*1=b;",
            "(c) text / plain",
        ] {
            assert!(is_content_type(good.as_bytes()), "{good}");
        }
        for bad in [
            "text",
            "multipart/mixed; boundary=a b",
            "multipart/mixed; boundary=a/b",
            "multipart/mixed; boundary=a=b",
            "multipart/mixed; boundary=\"a",
            "multipart/mixed; boundary=\"a\"b",
            "multipart/mixed; boundary=a charset=x",
            "multipart/mixed; boundary=;x=y",
            "multipart/mixed; foo; boundary=a",
            "\"multipart/mixed\"; boundary=a",
            "text/plain boundary=a",
        ] {
            assert!(!is_content_type(bad.as_bytes()), "{bad}");
        }
        assert!(is_disposition(b"attachment; filename=\"a b.txt\""));
        for bad in ["filename=a", "attachment; filename=a b.txt", "attachment; filename=\"a.txt\" .exe"] {
            assert!(!is_disposition(bad.as_bytes()), "{bad}");
        }
        assert!(is_one_token(b" base64 (c(d))\r\n"));
        for bad in ["base64 quoted-printable", "base64; x", "\"base64\"", "base64, 7bit", ""] {
            assert!(!is_one_token(bad.as_bytes()), "{bad}");
        }
    }
}
