//! Macro strings (RFC 7208 7): their grammar and their expansion.

use std::fmt::Write as _;
use std::net::IpAddr;

use crate::error::{SyntaxError, SyntaxErrorKind as Kind};

/// A macro string whose grammar was checked, as it stands in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct MacroString<'t>(&'t str);

/// Where a macro string stands: it decides which letters it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `domain-spec`: no blanks, none of the letters c, r, t, and an end that is a top-level label or a macro.
    Domain,
    /// The value of an unknown modifier.
    Value,
    /// The text that `exp=` points to.
    Explanation,
}

/// A piece of a macro string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    Literal(&'t str),
    Macro(Macro<'t>),
}

/// `%{letter digits r delimiters}`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Macro<'t> {
    letter: u8,
    escape: bool,
    keep: Option<u8>,
    reverse: bool,
    delimiters: &'t str,
}

/// Octets by which expansion makes most strings longer at most, so that one allocation does.
const USUAL_GROWTH: usize = 48;

impl<'t> MacroString<'t> {
    /// Checks `text`: visible ASCII (and spaces, in an explanation) in the grammar of the place.
    pub(crate) fn parse(text: &'t str, place: Place) -> Result<Self, SyntaxError> {
        let is_text = |octet: u8| octet.is_ascii_graphic() || (octet == b' ' && place == Place::Explanation);
        match text.bytes().position(|octet| !is_text(octet)) {
            Some(at) => Err(SyntaxError::new(Kind::Octet, at)),
            None => Self::check(text, place).map(|()| Self(text)),
        }
    }

    /// Checks the grammar of `text`, whose octets are right.
    pub(crate) fn check(text: &str, place: Place) -> Result<(), SyntaxError> {
        if !has_percent(text) {
            return match text {
                _ if place != Place::Domain || ends_in_top_label(text) => Ok(()),
                "" => Err(SyntaxError::new(Kind::MissingArgument, 0)),
                _ => Err(SyntaxError::new(Kind::DomainEnd, text.len())),
            };
        }
        let mut last = None;
        let mut pieces = Pieces { text, at: 0 };
        while let Some(piece) = pieces.next_checked()? {
            if let Piece::Macro(found) = piece
                && place == Place::Domain
                && matches!(found.letter, b'c' | b'r' | b't')
            {
                return Err(SyntaxError::new(Kind::MacroLetterInDomain, pieces.at));
            }
            last = Some((piece, pieces.escaped_end()));
        }
        match last {
            _ if place != Place::Domain => Ok(()),
            Some((Piece::Macro(_), _) | (_, true)) => Ok(()),
            Some((Piece::Literal(literal), false)) if ends_in_top_label(literal) => Ok(()),
            Some(_) => Err(SyntaxError::new(Kind::DomainEnd, text.len())),
            None => Err(SyntaxError::new(Kind::MissingArgument, 0)),
        }
    }

    /// A string that was checked before.
    pub(crate) const fn checked(text: &'t str) -> Self {
        Self(text)
    }

    /// The string as it stands in the record.
    #[must_use]
    pub const fn as_str(self) -> &'t str {
        self.0
    }

    /// Whether it needs the sender, the address or anything else of a message.
    #[must_use]
    pub fn has_macros(self) -> bool {
        has_percent(self.0)
    }

    /// Whether it needs the validated name of the client (`%{p}`), which takes DNS look-ups.
    pub(crate) fn needs_client_name(self) -> bool {
        self.uses(b'p')
    }

    /// Whether the macro `letter` (lower case) occurs.
    #[must_use]
    pub fn uses(self, letter: u8) -> bool {
        // Most strings do not have it behind any brace, and need not be taken apart.
        let octets = self.0.as_bytes();
        let found = |(brace, next): (&u8, &u8)| *brace == b'{' && next.eq_ignore_ascii_case(&letter);
        octets.iter().zip(octets.iter().skip(1)).any(found)
            && self.pieces().any(|piece| matches!(piece, Piece::Macro(found) if found.letter == letter))
    }

    /// Whether a macro has an upper-case letter, and so is escaped for a URL (RFC 7208 7.3).
    pub(crate) fn escapes(self) -> bool {
        self.pieces().any(|piece| matches!(piece, Piece::Macro(found) if found.escape))
    }

    fn pieces(self) -> impl Iterator<Item = Piece<'t>> {
        let mut pieces = Pieces { text: self.0, at: 0 };
        std::iter::from_fn(move || pieces.next_checked().ok().flatten())
    }

    /// The same string for a record of another domain: each `%{d}` becomes what it stands for in the record of `domain`.
    pub(crate) fn with_domain(self, domain: &str) -> String {
        let mut out = String::new();
        let mut pieces = Pieces { text: self.0, at: 0 };
        loop {
            let start = pieces.at;
            let Ok(Some(piece)) = pieces.next_checked() else { return out };
            match piece {
                Piece::Macro(found) if found.letter == b'd' => {
                    let mut value = String::new();
                    found.transform(domain, &mut value);
                    out.push_str(&value.replace('%', "%%").replace(' ', "%_"));
                }
                _ => out.push_str(self.0.get(start..pieces.at).unwrap_or_default()),
            }
        }
    }

    /// Expands every macro (RFC 7208 7.3). Text without macros comes back as it is.
    pub(crate) fn expand(self, values: &Values<'_>, out: &mut String) {
        out.reserve(self.0.len().saturating_add(USUAL_GROWTH));
        let mut scratch = String::new();
        for piece in self.pieces() {
            match piece {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::Macro(found) => found.transform(values.get(found.letter, &mut scratch), out),
            }
        }
    }
}

impl std::fmt::Display for MacroString<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Domains are short: without an early end the compiler looks at many octets at once.
fn has_percent(text: &str) -> bool {
    text.bytes().fold(false, |found, octet| found | (octet == b'%'))
}

/// RFC 7208 7.1: `"." toplabel ["."]` at the end of a literal.
fn ends_in_top_label(literal: &str) -> bool {
    let octets = literal.as_bytes();
    let octets = octets.strip_suffix(b".").unwrap_or(octets);
    // From the end: a label begins and ends in a letter or digit, and is not all digits.
    let (mut edge, mut letters) = (false, false);
    for (at, octet) in octets.iter().rev().enumerate() {
        match octet {
            b'.' => return edge && letters,
            b'-' if at > 0 => (edge, letters) = (false, true),
            octet if octet.is_ascii_alphanumeric() => {
                edge = true;
                letters |= !octet.is_ascii_digit();
            }
            _ => return false,
        }
    }
    false
}

/// Takes a macro string apart.
struct Pieces<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Pieces<'t> {
    fn next_checked(&mut self) -> Result<Option<Piece<'t>>, SyntaxError> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        match memchr::memchr(b'%', rest.as_bytes()) {
            _ if rest.is_empty() => return Ok(None),
            Some(0) => {}
            found => {
                let len = found.unwrap_or(rest.len());
                self.at += len;
                return Ok(rest.get(..len).map(Piece::Literal));
            }
        }
        let literal = match rest.as_bytes() {
            [_, b'%', ..] => "%",
            [_, b'_', ..] => " ",
            [_, b'-', ..] => "%20",
            [_, b'{', ..] => {
                let Some(close) = memchr::memchr(b'}', rest.as_bytes()) else {
                    return Err(SyntaxError::new(Kind::MacroEnd, start));
                };
                self.at += close + 1;
                let inside = rest.get(2..close).unwrap_or_default();
                return Macro::parse(inside)
                    .map(|found| Some(Piece::Macro(found)))
                    .map_err(|error| error.behind(start));
            }
            _ => return Err(SyntaxError::new(Kind::Percent, start)),
        };
        self.at += 2;
        Ok(Some(Piece::Literal(literal)))
    }

    /// Whether the last piece was one of `%%`, `%_`, `%-`, which end a domain as a macro does (RFC 7208 7.1).
    fn escaped_end(&self) -> bool {
        let read = self.text.get(..self.at).unwrap_or_default();
        let mut pieces = read.bytes().rev();
        matches!(pieces.next(), Some(b'%' | b'_' | b'-')) && {
            // An odd number of percent signs in front of the last octet.
            let percents = pieces.take_while(|octet| *octet == b'%').count();
            percents % 2 == 1
        }
    }
}

impl<'t> Macro<'t> {
    /// `inside` is what stands between the braces.
    fn parse(inside: &'t str) -> Result<Self, SyntaxError> {
        let (letter, rest) = inside.as_bytes().split_first().ok_or(SyntaxError::new(Kind::MacroLetter, 2))?;
        if !matches!(
            letter.to_ascii_lowercase(),
            b's' | b'l' | b'o' | b'd' | b'i' | b'p' | b'h' | b'c' | b'r' | b't' | b'v'
        ) {
            return Err(SyntaxError::new(Kind::MacroLetter, 2));
        }
        let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let number = inside.get(1..1 + digits).unwrap_or_default();
        let keep = match number.parse::<u32>() {
            // RFC 7208 7.1: a domain has at most 127 labels; 0 is an error.
            Ok(number @ 1..=128) => u8::try_from(number).ok(),
            _ if number.is_empty() => None,
            _ => return Err(SyntaxError::new(Kind::MacroDigits, 3)),
        };
        let behind = inside.get(1 + digits..).unwrap_or_default();
        let (reverse, delimiters) = match behind.strip_prefix(['r', 'R']) {
            Some(delimiters) => (true, delimiters),
            None => (false, behind),
        };
        if !delimiters.bytes().all(|octet| b".-+,/_=".contains(&octet)) {
            return Err(SyntaxError::new(Kind::MacroEnd, 3 + digits));
        }
        Ok(Self {
            letter: letter.to_ascii_lowercase(),
            escape: letter.is_ascii_uppercase(),
            keep,
            reverse,
            delimiters: if delimiters.is_empty() { "." } else { delimiters },
        })
    }

    /// Transforms and escapes what the letter stands for.
    fn transform(&self, value: &str, out: &mut String) {
        let is_usual = self.delimiters == ".";
        let delimited = |found: char| if is_usual { found == '.' } else { self.delimiters.contains(found) };
        if self.keep.is_none() && !self.reverse {
            // Only other delimiters than the dot change anything.
            if is_usual {
                return self.push(value, out);
            }
            return self.join(value.split(delimited), out);
        }
        let skip = self.keep.map_or(0, |keep| {
            let labels = value.matches(delimited).count().saturating_add(1);
            labels.saturating_sub(usize::from(keep))
        });
        if self.reverse {
            self.join(value.rsplit(delimited).skip(skip), out);
        } else {
            self.join(value.split(delimited).skip(skip), out);
        }
    }

    fn join<'l>(&self, labels: impl Iterator<Item = &'l str>, out: &mut String) {
        for (at, label) in labels.enumerate() {
            if at > 0 {
                out.push('.');
            }
            self.push(label, out);
        }
    }

    /// RFC 7208 7.3: an upper-case letter escapes all but the unreserved characters of RFC 3986.
    fn push(&self, value: &str, out: &mut String) {
        if !self.escape {
            return out.push_str(value);
        }
        for octet in value.bytes() {
            if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
                out.push(char::from(octet));
            } else {
                out.push('%');
                out.extend([octet >> 4, octet & 15].map(|nibble| digit(nibble).to_ascii_uppercase()));
            }
        }
    }
}

/// A hexadecimal digit.
fn digit(nibble: u8) -> char {
    char::from(if nibble < 10 { b'0' + nibble } else { b'a'.saturating_add(nibble).saturating_sub(10) })
}

/// What the macros stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values<'v> {
    pub(crate) local: &'v str,
    pub(crate) sender_domain: &'v str,
    pub(crate) domain: &'v str,
    pub(crate) helo: &'v str,
    pub(crate) ip: IpAddr,
    pub(crate) receiver: &'v str,
    /// Unix time in seconds.
    pub(crate) now: u64,
    /// The validated name of the client, where it was looked up.
    pub(crate) client_name: &'v str,
}

impl<'v> Values<'v> {
    /// What a letter stands for; what is not at hand is made in `scratch`.
    fn get<'s>(&self, letter: u8, scratch: &'s mut String) -> &'s str
    where
        'v: 's,
    {
        scratch.clear();
        match letter {
            b's' => {
                scratch.push_str(self.local);
                scratch.push('@');
                scratch.push_str(self.sender_domain);
                scratch
            }
            b'l' => self.local,
            b'o' => self.sender_domain,
            b'd' => self.domain,
            b'i' => {
                write_dotted(self.ip, scratch);
                scratch
            }
            b'p' => self.client_name,
            b'h' => self.helo,
            b'c' => {
                let _ = write!(scratch, "{}", self.ip);
                scratch
            }
            b'r' if self.receiver.is_empty() => "unknown",
            b'r' => self.receiver,
            b't' => {
                let _ = write!(scratch, "{}", self.now);
                scratch
            }
            b'v' if self.ip.is_ipv4() => "in-addr",
            b'v' => "ip6",
            _ => "",
        }
    }
}

/// RFC 7208 7.3: IPv6 as 32 nibbles with dots between.
fn write_dotted(ip: IpAddr, out: &mut String) {
    match ip {
        IpAddr::V4(ip) => {
            let _ = write!(out, "{ip}");
        }
        IpAddr::V6(ip) => {
            for (at, octet) in ip.octets().into_iter().enumerate() {
                if at > 0 {
                    out.push('.');
                }
                out.extend([digit(octet >> 4), '.', digit(octet & 15)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: Values<'_> = Values {
        local: "strong-bad",
        sender_domain: "email.example.com",
        domain: "email.example.com",
        helo: "mx.example.org",
        ip: IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 3)),
        receiver: "",
        now: 0,
        client_name: "unknown",
    };

    fn expand(text: &str) -> String {
        let mut out = String::new();
        MacroString::parse(text, Place::Explanation).unwrap().expand(&VALUES, &mut out);
        out
    }

    /// RFC 7208 7.4.
    #[test]
    fn examples_of_the_rfc() {
        for (text, wanted) in [
            ("%{s}", "strong-bad@email.example.com"),
            ("%{o}", "email.example.com"),
            ("%{d}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d3}", "email.example.com"),
            ("%{d2}", "example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{l}", "strong-bad"),
            ("%{l-}", "strong.bad"),
            ("%{lr}", "strong-bad"),
            ("%{lr-}", "bad.strong"),
            ("%{l1r-}", "strong"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
            ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
            ("%%%_%-", "% %20"),
            ("%{S}", "strong-bad%40email.example.com"),
        ] {
            assert_eq!(expand(text), wanted, "{text}");
        }
        let ip = "2001:db8::cb01".parse().unwrap();
        let mut out = String::new();
        let text = MacroString::parse("%{ir}.%{v}._spf.%{d2}", Place::Domain).unwrap();
        text.expand(&Values { ip, ..VALUES }, &mut out);
        assert_eq!(
            out,
            "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
        );
    }

    #[test]
    fn domains_end_in_a_top_label_or_a_macro() {
        for good in
            ["a.example", "a.example.", "%{d}", "x.%{d}.a-b", "a:b/c.example", "a.%%", "%{i}._x.1a", "a.b-c"]
        {
            assert!(MacroString::parse(good, Place::Domain).is_ok(), "{good}");
        }
        for bad in [
            "", "museum", "museum.", "a.-b", "a.b-", "a.1", "%{d}com", "a.b%{", "%{d0}", "%{x}", "%(d)",
            "a.b%", "%{c}", "a.b_c",
        ] {
            assert!(MacroString::parse(bad, Place::Domain).is_err(), "{bad}");
        }
    }
}
