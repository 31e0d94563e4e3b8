//! Reads master files (RFC 1035 5).

use core::str::FromStr;

use super::lex::{Entry, Lexer, Token, ends_in_escape};
use super::{Data, Zone};
use crate::name::escape;
use crate::{Error, ErrorKind, Mx, Name, Txt};

/// The largest text, in octets: far above any zone that somebody writes to test mail with.
pub const MAX_ZONE_TEXT: usize = 8 << 20;
/// The most names that may exist. Every ancestor of a name exists, so that one line can bring 127; a name takes about 500
/// octets of memory.
pub const MAX_ZONE_NAMES: usize = 100_000;

/// Types that are read over: their owner exists, but nobody asks for them here. A word that is neither here nor read is an
/// error, so that a misspelt type does not vanish. `SPF` is type 99, which RFC 7208 3.1 gave up.
const OTHER_TYPES: [&str; 31] = [
    "AFSDB",
    "APL",
    "CAA",
    "CDNSKEY",
    "CDS",
    "CERT",
    "CSYNC",
    "DHCID",
    "DNSKEY",
    "DS",
    "HINFO",
    "HTTPS",
    "IPSECKEY",
    "KEY",
    "KX",
    "LOC",
    "NAPTR",
    "NS",
    "NSEC",
    "NSEC3",
    "NSEC3PARAM",
    "OPENPGPKEY",
    "RP",
    "RRSIG",
    "SMIMEA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "URI",
];

impl Zone {
    /// Reads a master file. Names without a final dot are relative to `origin`, or to the last `$ORIGIN`; with
    /// [`Name::ROOT`] they are taken as they stand.
    ///
    /// Records of type A, AAAA, TXT, MX, PTR and CNAME are kept; an SOA gives the time for void answers (RFC 2308 5); other
    /// known types only make their owner exist. Delegations and DNAME are not followed: the text is taken as the whole of DNS.
    /// `$TTL` (RFC 2308 4), parentheses, quotes, comments and the escapes `\X` and `\DDD` are understood. No file is read.
    ///
    /// ```
    /// use mailwright_dns::{Dns, Name, Zone};
    /// let zone = Zone::parse(r#"
    /// $ORIGIN example.com.
    /// @                     3600 IN TXT "v=spf1 mx -all"
    ///                            IN MX  10 mail
    /// mail                       IN A   192.0.2.1
    /// 2026._domainkey            IN TXT ( "v=DKIM1; k=ed25519; "
    ///                                     "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" ) ; one record
    /// "#, &Name::ROOT)?;
    /// let key = zone.txt(&Name::new("2026._domainkey.example.com")?).unwrap();
    /// assert!(key[0].as_bytes().starts_with(b"v=DKIM1; k=ed25519; p=11qY"));
    /// # Ok::<(), mailwright_dns::Error>(())
    /// ```
    ///
    /// # Errors
    /// An error with its [`line`](Error::line): [`ErrorKind::Include`], [`ErrorKind::Syntax`], [`ErrorKind::Limit`]
    /// ([`MAX_ZONE_TEXT`], [`MAX_ZONE_NAMES`]), or what is wrong with a name or a string.
    pub fn parse(text: impl AsRef<[u8]>, origin: &Name) -> Result<Self, Error> {
        let text = text.as_ref();
        if text.len() > MAX_ZONE_TEXT {
            return Err(Error::whole(ErrorKind::Limit("octets of a zone text")));
        }
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut lexer = Lexer::new(text);
        let mut reader =
            Reader { zone: Self::new(), origin: *origin, owner: None, ttl: None, last_ttl: None };
        while let Some(entry) = lexer.next_entry()? {
            reader.entry(&entry).map_err(|error| match error.line() {
                Some(_) => error,
                None => error.at_line(entry.line),
            })?;
        }
        Ok(reader.zone)
    }
}

impl FromStr for Zone {
    type Err = Error;

    /// [`Zone::parse`] with names as they stand.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, &Name::ROOT)
    }
}

struct Reader {
    zone: Zone,
    origin: Name,
    owner: Option<Name>,
    /// Of `$TTL`.
    ttl: Option<u32>,
    /// Of the entry before, for texts without `$TTL` (RFC 1035 5.1).
    last_ttl: Option<u32>,
}

/// The tokens of an entry that are still to be read.
struct Fields<'e, 't> {
    tokens: core::slice::Iter<'e, Token<'t>>,
    line: usize,
}

impl<'t> Fields<'_, 't> {
    fn next(&mut self, what: &'static str) -> Result<Token<'t>, Error> {
        let token = self.tokens.next().ok_or_else(|| syntax(what).at_line(self.line))?;
        self.line = token.line;
        Ok(*token)
    }

    /// The next token read by its type's own rules.
    fn parse<T: FromStr>(&mut self, what: &'static str) -> Result<T, Error> {
        let token = self.next(what)?;
        let text = core::str::from_utf8(token.raw).ok().filter(|_| !token.quoted);
        text.and_then(|text| text.parse().ok()).ok_or_else(|| syntax(what).at_line(token.line))
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.tokens.next() {
            None => Ok(()),
            Some(token) => Err(syntax("the end of the entry").at_line(token.line)),
        }
    }
}

impl Reader {
    fn entry(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let mut fields = Fields { tokens: entry.tokens.iter(), line: entry.line };
        if !entry.same_owner {
            let first = fields.next("an owner name")?;
            if !first.quoted && first.raw.starts_with(b"$") {
                return self.directive(first, &mut fields);
            }
            self.owner = Some(self.name(first)?);
        }
        let owner = self.owner.ok_or_else(|| syntax("an owner name in the first entry"))?;
        let (ttl, kind) = self.ttl_and_type(&mut fields)?;
        // RFC 2181 8: a TTL with the highest bit set is 0.
        let ttl = if ttl > i32::MAX.unsigned_abs() { 0 } else { ttl };
        match self.data(&kind, &mut fields)? {
            Some(data) => {
                fields.end()?;
                self.zone.node(&owner).insert(data, ttl);
            }
            None => {
                self.zone.node(&owner);
            }
        }
        if kind == "SOA" {
            // RFC 2308 5: the smaller of the SOA's own TTL and its last field.
            self.zone.negative_ttl = self.zone.negative_ttl.min(ttl);
        }
        if self.zone.len() > MAX_ZONE_NAMES {
            return Err(Error::whole(ErrorKind::Limit("names in a zone text")));
        }
        Ok(())
    }

    fn directive(&mut self, directive: Token<'_>, fields: &mut Fields<'_, '_>) -> Result<(), Error> {
        match directive.raw.to_ascii_uppercase().as_slice() {
            b"$ORIGIN" => {
                let token = fields.next("a name after $ORIGIN")?;
                self.origin = self.name(token)?;
            }
            b"$TTL" => {
                let token = fields.next("a time after $TTL")?;
                let ttl = seconds(token).ok_or_else(|| syntax("a time after $TTL").at_line(token.line))?;
                self.ttl = Some(ttl);
            }
            b"$INCLUDE" => return Err(Error::whole(ErrorKind::Include)),
            _ => return Err(syntax("$ORIGIN or $TTL")),
        }
        fields.end()
    }

    /// `[TTL] [class] type` or `[class] [TTL] type` (RFC 1035 5.1).
    fn ttl_and_type(&mut self, fields: &mut Fields<'_, '_>) -> Result<(u32, String), Error> {
        let mut ttl = None;
        let mut class = false;
        loop {
            let token = fields.next("a record type")?;
            if token.quoted {
                return Err(syntax("a record type").at_line(token.line));
            }
            let word = String::from_utf8_lossy(token.raw).to_ascii_uppercase();
            match word.as_str() {
                "IN" if !class => class = true,
                "CH" | "CS" | "HS" => return Err(syntax("class IN").at_line(token.line)),
                _ => match seconds(token) {
                    Some(time) if ttl.is_none() => ttl = Some(time),
                    _ => {
                        self.last_ttl = ttl.or(self.last_ttl);
                        let default = self.ttl.or(self.last_ttl).unwrap_or(self.zone.ttl);
                        return Ok((ttl.unwrap_or(default), word));
                    }
                },
            }
        }
    }

    /// The record's data; `None` for a type of which only the owner counts.
    fn data(&mut self, kind: &str, fields: &mut Fields<'_, '_>) -> Result<Option<Data>, Error> {
        Ok(Some(match kind {
            "A" => Data::A(fields.parse("an IPv4 address")?),
            "AAAA" => Data::Aaaa(fields.parse("an IPv6 address")?),
            "MX" => {
                let preference = fields.parse("a preference")?;
                let exchange = self.name(fields.next("an exchanger")?)?;
                Data::Mx(Mx { preference, exchange })
            }
            "PTR" => Data::Ptr(self.name(fields.next("a name")?)?),
            "CNAME" => Data::Cname(self.name(fields.next("a name")?)?),
            "TXT" => Data::Txt(strings(fields)?),
            "SOA" => {
                for _ in 0..6 {
                    fields.next("seven fields of an SOA")?;
                }
                let minimum = fields.next("seven fields of an SOA")?;
                self.zone.negative_ttl =
                    seconds(minimum).ok_or_else(|| syntax("a time as the last field of an SOA"))?;
                return Ok(None);
            }
            other if OTHER_TYPES.contains(&other) || is_type_number(other) => return Ok(None),
            _ => return Err(syntax("a record type")),
        }))
    }

    /// A name of a text: `@` is the origin, without a final dot it is relative.
    fn name(&self, token: Token<'_>) -> Result<Name, Error> {
        if token.quoted {
            return Err(syntax("a name without quotes").at_line(token.line));
        }
        if token.raw == b"@" {
            return Ok(self.origin);
        }
        let name = Name::from_escaped(token.raw).map_err(|error| error.at_line(token.line))?;
        if token.raw.strip_suffix(b".").is_some_and(|before| !ends_in_escape(before)) {
            return Ok(name);
        }
        Name::from_labels(name.labels().chain(self.origin.labels()))
            .map_err(|error| error.at_line(token.line))
    }
}

/// All further tokens as the character-strings of one record.
fn strings(fields: &mut Fields<'_, '_>) -> Result<Txt, Error> {
    let mut parts = Vec::new();
    let first = fields.next("a character-string")?;
    for token in core::iter::once(first).chain(fields.tokens.by_ref().copied()) {
        let mut octets = Vec::with_capacity(token.raw.len());
        let mut rest = token.raw;
        while let Some((&octet, after)) = rest.split_first() {
            rest = after;
            if octet == b'\\' {
                let bad = || Error::whole(ErrorKind::BadEscape).at_line(token.line);
                let (value, after) = escape(rest).ok_or_else(bad)?;
                rest = after;
                octets.push(value);
            } else {
                octets.push(octet);
            }
        }
        if octets.len() > crate::MAX_STRING {
            return Err(Error::whole(ErrorKind::StringTooLong).at_line(token.line));
        }
        parts.push(octets);
    }
    Txt::from_parts(parts)
}

/// `3600`, or with the units of BIND: `1h30m`.
fn seconds(token: Token<'_>) -> Option<u32> {
    let mut total = 0u32;
    let mut number: Option<u32> = None;
    for &octet in token.raw {
        if octet.is_ascii_digit() {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u32::from(octet - b'0'))?);
            continue;
        }
        let unit = match octet.to_ascii_lowercase() {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    let rest = match number {
        Some(number) => number,
        None if token.raw.is_empty() || token.quoted => return None,
        None => 0,
    };
    total.checked_add(rest)
}

/// `TYPE65280` (RFC 3597 5).
fn is_type_number(word: &str) -> bool {
    word.strip_prefix("TYPE").is_some_and(|number| number.parse::<u16>().is_ok())
}

fn syntax(expected: &'static str) -> Error {
    Error::whole(ErrorKind::Syntax(expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dns, Kind, Missing};

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn texts(zone: &Zone, owner: &str) -> Vec<Vec<u8>> {
        zone.txt(&name(owner)).unwrap().iter().map(|txt| txt.as_bytes().to_vec()).collect()
    }

    /// The zone of RFC 1035 5.3, with the types that are not read here.
    #[test]
    fn the_example_of_rfc_1035() {
        let zone = Zone::parse(
            "@   IN  SOA     VENERA      Action\\.domains (
                                 20     ; SERIAL
                                 7200   ; REFRESH
                                 600    ; RETRY
                                 3600000; EXPIRE
                                 60)    ; MINIMUM

        NS      A.ISI.EDU.
        NS      VENERA
        MX      10      VENERA
        MX      20      VAXA

A       A       26.3.0.103

VENERA  A       10.1.0.52
        A       128.9.0.32
",
            &name("ISI.EDU"),
        )
        .unwrap();
        assert_eq!(zone.mx(&name("isi.edu")).unwrap()[1].exchange, name("vaxa.isi.edu"));
        assert_eq!(zone.a(&name("venera.isi.edu")).unwrap().len(), 2);
        assert_eq!(zone.query(&name("isi.edu"), Kind::Txt), crate::Answer::missing(Missing::NoData, 60));
    }

    #[test]
    fn strings_quotes_and_escapes() {
        let zone = Zone::parse(
            concat!(
                "$TTL 1h\n$ORIGIN example.\n",
                "a TXT one two ; a comment\n",
                "b TXT \"semi;colon (and) \\\"quote\\\"\" \"\\065\\255\"\n",
                "c TXT ( \"v=DKIM1; k=rsa; \"\n   \"p=AAAA\" )\r\n",
                "d\\.e TXT \"$INCLUDE /no/such/file\"\n",
                "f TXT \"\"\"x\"\n",
            ),
            &Name::ROOT,
        )
        .unwrap();
        assert_eq!(texts(&zone, "a.example"), [b"onetwo"]);
        assert_eq!(texts(&zone, "b.example"), [b"semi;colon (and) \"quote\"A\xff"]);
        assert_eq!(texts(&zone, "c.example"), [b"v=DKIM1; k=rsa; p=AAAA"]);
        assert_eq!(texts(&zone, r"d\.e.example"), [b"$INCLUDE /no/such/file"]);
        assert_eq!(zone.txt(&name("f.example")).unwrap()[0].parts().count(), 2);
        assert_eq!(zone.query(&name("a.example"), Kind::Txt).ttl, 3600);
    }

    #[test]
    fn ttl_and_class_in_any_order() {
        let zone = Zone::parse(
            "a. 60 IN A 192.0.2.1\nb. IN 1m A 192.0.2.1\nc. A 192.0.2.1\nd. 4294967295 A 192.0.2.1\n$TTL 7\ne. A 192.0.2.1\n",
            &Name::ROOT,
        )
        .unwrap();
        let ttl = |owner| zone.query(&name(owner), Kind::A).ttl;
        assert_eq!((ttl("a"), ttl("b"), ttl("c"), ttl("d"), ttl("e")), (60, 60, 60, 0, 7));
    }

    #[test]
    fn errors_have_their_line() {
        let long = format!("a. TXT\n\na. TXT \"{}\"\n", "x".repeat(256));
        let cases: [(&str, ErrorKind, usize); 16] = [
            ("a. A 192.0.2.1\n$INCLUDE other.zone\n", ErrorKind::Include, 2),
            ("$include other.zone\n", ErrorKind::Include, 1),
            ("\n\na. A 192.0.2\n", ErrorKind::Syntax("an IPv4 address"), 3),
            ("a. TXT ( \"x\"\n \"y\"\n", ErrorKind::Syntax("a closing parenthesis"), 1),
            ("a. TXT ( \"x\" (\n", ErrorKind::Syntax("no parenthesis inside parentheses"), 1),
            ("a. TXT x )\n", ErrorKind::Syntax("an opening parenthesis before the closing one"), 1),
            ("a. TXT \"x\n\"\n", ErrorKind::Syntax("a closing quote on the line"), 1),
            ("a. TXT x\\\n", ErrorKind::BadEscape, 1),
            ("a. TXT \\256\n", ErrorKind::BadEscape, 1),
            ("a. MX (\n mail )\n", ErrorKind::Syntax("a preference"), 2),
            ("a. TXTT x\n", ErrorKind::Syntax("a record type"), 1),
            ("a. CH A 192.0.2.1\n", ErrorKind::Syntax("class IN"), 1),
            ("  A 192.0.2.1\n", ErrorKind::Syntax("an owner name in the first entry"), 1),
            ("a..b. A 192.0.2.1\n", ErrorKind::EmptyLabel, 1),
            ("a. A 192.0.2.1 192.0.2.2\n", ErrorKind::Syntax("the end of the entry"), 1),
            ("$GENERATE 1-9 a$ A 192.0.2.$\n", ErrorKind::Syntax("$ORIGIN or $TTL"), 1),
        ];
        for (text, kind, line) in cases {
            let error = Zone::parse(text, &Name::ROOT).unwrap_err();
            assert_eq!((error.kind(), error.line()), (&kind, Some(line)), "{text}");
        }
        let error = Zone::parse(long.replacen("TXT", "TXT y", 1), &Name::ROOT).unwrap_err();
        assert_eq!((error.kind(), error.line()), (&ErrorKind::StringTooLong, Some(3)));
    }

    #[test]
    fn limits() {
        let text = vec![b' '; MAX_ZONE_TEXT + 1];
        assert!(matches!(Zone::parse(text, &Name::ROOT).unwrap_err().kind(), ErrorKind::Limit(_)));
        let deep = ".a".repeat(120);
        let many: String = (0..900).map(|at| format!("{at}{deep}{at} A 192.0.2.1\n")).collect();
        assert!(matches!(Zone::parse(many, &Name::ROOT).unwrap_err().kind(), ErrorKind::Limit(_)));
    }
}
