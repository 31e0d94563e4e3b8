//! Trace fields (RFC 5321 4.4): what a relay says about one hop.

mod clauses;
mod names;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use mail_parser::parsers::MessageStream;

pub use names::{Greeting, Protocol, TlsVersion};

use crate::cfws;
use crate::date::DateTime;

/// How many octets of a value are read: far above what relays write, and it bounds the work of one field.
pub const MAX_RECEIVED_BYTES: usize = 16 * 1024;

/// One Received value, each clause where it was found. All of it is the claim of whoever wrote the field: only the
/// fields that one's own relays added can be trusted (RFC 5321 7.1).
///
/// What stands in comments (addresses, HELO name, TLS) has no grammar; it is read in the forms that common relays write.
///
/// ```
/// use mailwright_message_model::received::{Host, Protocol, Received};
///
/// let hop = Received::parse(b"from mx.example.org (mx.example.org [192.0.2.1])\r\n\
///     \tby mail.example.net (Postfix) with ESMTPS id 41A2C80D73C\r\n\
///     \tfor <joe@example.net>; Tue, 29 Aug 2023 16:20:12 +0000\r\n");
/// assert_eq!(hop.from, Some(Host::Name("mx.example.org".into())));
/// assert_eq!(hop.from_ip, Some("192.0.2.1".parse().unwrap()));
/// assert_eq!(hop.with, Some(Protocol::Esmtps));
/// assert_eq!(hop.id.as_deref(), Some("41A2C80D73C"));
/// assert_eq!(hop.date.unwrap().to_unix(), 1_693_326_012);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Received<'a> {
    /// Who the client said it is (the from clause).
    pub from: Option<Host<'a>>,
    /// The address that the connection came from (RFC 5321 4.4: TCP-info).
    pub from_ip: Option<IpAddr>,
    /// The name that the relay found for that address.
    pub from_rdns: Option<Cow<'a, str>>,
    /// Who received it.
    pub by: Option<Host<'a>>,
    /// The link it came over, as `UUCP`.
    pub via: Option<Cow<'a, str>>,
    /// The protocol, where it is one that we know.
    pub with: Option<Protocol>,
    /// The word behind `with`, known or not.
    pub with_written: Option<Cow<'a, str>>,
    /// The name of the message at the relay, often the one of its queue.
    pub id: Option<Cow<'a, str>>,
    /// The recipient.
    pub for_: Option<Cow<'a, str>>,
    /// The user that the client or an ident server named.
    pub ident: Option<Cow<'a, str>>,
    /// The name in HELO, EHLO or LHLO, where the relay wrote it beside the from clause.
    pub helo: Option<Host<'a>>,
    /// Which of them it was.
    pub helo_command: Option<Greeting>,
    /// The TLS version in a comment.
    pub tls_version: Option<TlsVersion>,
    /// The cipher suite in a comment.
    pub tls_cipher: Option<Cow<'a, str>>,
    /// When the message was received.
    pub date: Option<DateTime>,
    /// Whether the value was longer than [`MAX_RECEIVED_BYTES`] and the rest was not read.
    pub is_cut: bool,
}

impl<'a> Received<'a> {
    /// Reads `value`, a field value with its line breaks. What is not found is `None`.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Self {
        let field = cfws::field(value);
        let read = field.get(..MAX_RECEIVED_BYTES).unwrap_or(field);
        let clauses = clauses::find(read);
        let mut hop = guess(read);
        hop.is_cut = read.len() < field.len();
        hop.date = clauses.date.and_then(DateTime::parse);
        hop.with_written = clauses.with.map(String::from_utf8_lossy);
        // RFC 5321 4.4: an id is an Atom, which may hold "/", or a msg-id; the word found is cut at its first "/"
        if let (Some(cut), Some(whole)) = (&hop.id, clauses.id)
            && whole
                .strip_prefix(cut.as_bytes())
                .is_some_and(|rest| rest.first().is_some_and(|&b| clauses::is_atext(b)))
        {
            hop.id = Some(String::from_utf8_lossy(whole));
        }
        hop
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { is_cut: self.is_cut, ..Self::default() }
    }
}

/// What mail-parser finds; it knows the comments of many relays. Its date is not used: it reads `asctime` dates and
/// two-digit years wrong.
fn guess(value: &[u8]) -> Received<'_> {
    // it negates the last number of a date, which overflows for this one alone
    let end = memchr::memmem::find(value, b"9223372036854775808").unwrap_or(value.len());
    let found = MessageStream::new(value.get(..end).unwrap_or_default()).parse_received().into_received();
    let Some(found) = found else { return Received::default() };
    Received {
        from: found.from.map(Host::from),
        from_ip: found.from_ip,
        from_rdns: found.from_iprev,
        by: found.by.map(Host::from),
        via: found.via,
        with: found.with.map(Protocol::of),
        id: found.id,
        for_: found.for_,
        ident: found.ident,
        helo: found.helo.map(Host::from),
        helo_command: found.helo_cmd.map(Greeting::of),
        tls_version: found.tls_version.map(TlsVersion::of),
        tls_cipher: found.tls_cipher,
        ..Received::default()
    }
}

/// A host as a trace field names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Host<'a> {
    /// A name, a domain or not.
    Name(Cow<'a, str>),
    /// An address literal, or an address without its brackets.
    IpAddr(IpAddr),
}

impl<'a> From<mail_parser::Host<'a>> for Host<'a> {
    fn from(host: mail_parser::Host<'a>) -> Self {
        match host {
            mail_parser::Host::Name(name) => Self::Name(name),
            mail_parser::Host::IpAddr(ip) => Self::IpAddr(ip),
        }
    }
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::IpAddr(ip) => write!(f, "[{ip}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_is_whole() {
        let hop =
            Received::parse(b"from ([10.0.0.1:32923]) by m (e 2.1) with SMTP id EE/20-30863-33CE1054; \n");
        assert_eq!(hop.id.as_deref(), Some("EE/20-30863-33CE1054"));
        assert_eq!(hop.from_ip, Some("10.0.0.1".parse().unwrap()));
        let hop = Received::parse(b"by m id <a/b@c> for <d@e>");
        assert_eq!(hop.id.as_deref(), Some("a/b@c"));
    }

    #[test]
    fn dates_of_the_wild() {
        let date = |value: &[u8]| Received::parse(value).date.unwrap().rfc3339().to_string();
        assert_eq!(
            date(b"FROM a.com BY b.com ; Fri Feb 07 10:18:12 2003 -0800\n"),
            "2003-02-07T10:18:12-08:00"
        );
        assert_eq!(date(b"from a by x.x.org; Wed, 26 Mar 03 20:43:24 -0600\n"), "2003-03-26T20:43:24-06:00");
        assert_eq!(date(b"by b; Thu, 20 Mar 03 10:06:43 +0100 for <a@b>\n"), "2003-03-20T10:06:43+01:00");
        assert_eq!(Received::parse(b"by b id c Thu, 20 Mar 2003 10:06:43 +0100").date, None);
    }

    #[test]
    fn unknown_protocol_is_kept() {
        let hop = Received::parse(b"from a by b with NNFMP (x) via c; 09 Mar 2011 11:19:46 -0000");
        assert_eq!((hop.with, hop.with_written.as_deref()), (None, Some("NNFMP")));
        assert_eq!(hop.via.as_deref(), Some("c"));
    }

    #[test]
    fn number_that_mail_parser_cannot_negate() {
        let hop = Received::parse(b"by b; 1 Jan 2003 10:06:43 -09223372036854775808");
        assert_eq!(hop.by, Some(Host::Name("b".into())));
        assert!(Received::parse(b"").is_empty());
    }
}
