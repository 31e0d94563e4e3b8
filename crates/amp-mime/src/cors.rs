//! CORS for the endpoints that AMP e-mails call (amp.dev, "CORS in AMP for Email"), versions 2 and 1.
//!
//! A client calls an endpoint on behalf of the sender of an e-mail and says so: in the field `AMP-Email-Sender` (version 2), or
//! in the parameter `__amp_source_origin` beside the field `Origin` (version 1). The endpoint answers the senders it knows, and
//! nobody else. What a request says is a claim: it keeps other senders' mails out, not programs that write any header.

use std::borrow::Cow;
use std::fmt;

use mailwright_message_model::mailbox::{Mailbox, MailboxError};

/// The request field of version 2, and the answer's.
pub const SENDER: &str = "AMP-Email-Sender";
/// The field of the answer of version 2.
pub const ALLOW_SENDER: &str = "AMP-Email-Allow-Sender";
/// The parameter of version 1 in the query.
pub const SOURCE_ORIGIN: &str = "__amp_source_origin";
/// The field of the answer of version 1.
pub const ALLOW_SOURCE_ORIGIN: &str = "AMP-Access-Control-Allow-Source-Origin";

/// The senders whose e-mails may call an endpoint.
///
/// ```
/// use mailwright_amp_mime::cors::AllowedSenders;
///
/// let senders = AllowedSenders::new(["news@company.example"])?;
/// let headers = [("amp-email-sender", "news@company.example")];
/// let allowed = senders.check(|name| find(&headers, name), "").unwrap();
/// assert_eq!(allowed.headers(), [("AMP-Email-Allow-Sender", "news@company.example")]);
/// assert!(senders.check(|_| None, "").is_err()); // answer with status 403
///
/// fn find<'h>(headers: &[(&str, &'h str)], name: &str) -> Option<&'h str> {
///     headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
/// }
/// # Ok::<(), mailwright_message_model::mailbox::MailboxError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedSenders(Vec<Mailbox>);

impl AllowedSenders {
    /// Takes the From addresses of the e-mails.
    ///
    /// # Errors
    /// When one is no address; `*` is none.
    pub fn new<'s>(addresses: impl IntoIterator<Item = &'s str>) -> Result<Self, MailboxError> {
        let parsed = addresses.into_iter().map(|address| Mailbox::parse(address.as_bytes()));
        Ok(Self(parsed.collect::<Result<_, _>>()?))
    }

    /// Decides on a request. `header` gives the value of a request field by its name, in whatever case it was sent; `query` is what
    /// stands behind the `?`, as sent.
    ///
    /// Version 2 decides where its field is there: a known sender in the parameters does not help an unknown one in the
    /// field. Domains compare without regard to case, local parts exactly.
    ///
    /// # Errors
    /// Why the request is to be answered with status 403, and none of the fields.
    pub fn check<'r>(
        &self,
        header: impl Fn(&str) -> Option<&'r str>,
        query: &'r str,
    ) -> Result<Allowed<'r>, Rejected> {
        if let Some(sender) = header(SENDER) {
            let sender = Cow::Borrowed(sender);
            self.knows(&sender)?;
            return Ok(Allowed { origin: None, sender });
        }
        let origin = header("Origin").filter(|origin| !origin.is_empty()).ok_or(Rejected::NoSender)?;
        if origin == "*" || !origin.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Err(Rejected::BadOrigin);
        }
        let mut sources = query.split('&').filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name)? == SOURCE_ORIGIN).then_some(value)
        });
        let source = sources.next().filter(|source| !source.is_empty()).ok_or(Rejected::NoSourceOrigin)?;
        if sources.next().is_some() {
            return Err(Rejected::SeveralSourceOrigins);
        }
        let sender = decoded(source).ok_or(Rejected::NoAddress)?;
        self.knows(&sender)?;
        Ok(Allowed { origin: Some(origin), sender })
    }

    fn knows(&self, sender: &str) -> Result<(), Rejected> {
        // A line break would begin a field of its own in the answer; no address needs one.
        if sender.chars().any(char::is_control) {
            return Err(Rejected::NoAddress);
        }
        let mailbox = Mailbox::parse(sender.as_bytes()).map_err(|_| Rejected::NoAddress)?;
        if self.0.contains(&mailbox) { Ok(()) } else { Err(Rejected::UnknownSender) }
    }
}

/// A request that may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed<'r> {
    origin: Option<&'r str>,
    sender: Cow<'r, str>,
}

impl Allowed<'_> {
    /// The sender, as the request has it.
    #[must_use]
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// The version of the protocol, 1 or 2.
    #[must_use]
    pub const fn version(&self) -> u8 {
        if self.origin.is_some() { 1 } else { 2 }
    }

    /// The fields that the answer must have, and no other of CORS.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &str)> {
        match self.origin {
            None => vec![(ALLOW_SENDER, &self.sender)],
            Some(origin) => vec![
                ("Access-Control-Allow-Origin", origin),
                (ALLOW_SOURCE_ORIGIN, &self.sender),
                ("Access-Control-Expose-Headers", ALLOW_SOURCE_ORIGIN),
            ],
        }
    }
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Rejected {
    /// Neither `AMP-Email-Sender` nor `Origin`.
    NoSender,
    /// The Origin is none that may be repeated.
    BadOrigin,
    /// An Origin, but no `__amp_source_origin`, or an empty one.
    NoSourceOrigin,
    /// Two `__amp_source_origin`: two programs may read two senders.
    SeveralSourceOrigins,
    /// The sender is no e-mail address.
    NoAddress,
    /// The sender is not one of those allowed.
    UnknownSender,
}

impl Rejected {
    /// The HTTP status of the answer.
    pub const STATUS: u16 = 403;
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSender => "the request has neither AMP-Email-Sender nor Origin: no e-mail client sent it",
            Self::BadOrigin => "the Origin has characters that no origin has",
            Self::NoSourceOrigin => "the request has an Origin but no __amp_source_origin",
            Self::SeveralSourceOrigins => "the request has more than one __amp_source_origin",
            Self::NoAddress => "the sender is no e-mail address",
            Self::UnknownSender => "the sender is not one of those allowed",
        })
    }
}

impl std::error::Error for Rejected {}

/// Percent-decoding, once (RFC 3986 2.1); `None` where it gives no UTF-8. A `%` without two digits stays, and so does `+`, which
/// is a character of addresses.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        let pair = match (first, behind) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match pair {
            Some((high, low)) => {
                octets.push(high << 4 | low);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => octets.push(*first),
        }
    }
    String::from_utf8(octets).ok().map(Cow::Owned)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<'r>(headers: &'r [(&'r str, &'r str)], query: &'r str) -> Result<Allowed<'r>, Rejected> {
        let senders = AllowedSenders::new(["me+x@shop.example", "jö@shop.example"]).unwrap();
        let find =
            |name: &str| headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| *v);
        senders.check(find, query)
    }

    #[test]
    fn what_is_decoded_is_decoded_once() {
        let origin = [("Origin", "https://client.example")];
        let of = |query| check(&origin, query).map(|allowed| allowed.sender().to_owned());
        assert_eq!(of("__amp_source_origin=me%2Bx%40shop.example").unwrap(), "me+x@shop.example");
        assert_eq!(of("__amp_source_origin=me+x@shop.example").unwrap(), "me+x@shop.example");
        assert_eq!(of("__amp_source_origin=j%C3%B6@shop.example").unwrap(), "jö@shop.example");
        assert_eq!(of("__amp_source_origin=me%252Bx%40shop.example"), Err(Rejected::UnknownSender));
        assert_eq!(of("__amp_source_origin=me%2Bx%40shop.example%0d%0aX:%201"), Err(Rejected::NoAddress));
        assert_eq!(of("__amp_source_origin=%ff@shop.example"), Err(Rejected::NoAddress));
        let hidden = "__amp_source_origin=me%2bx@shop.example&__amp%5Fsource_origin=a@b.example";
        assert_eq!(of(hidden), Err(Rejected::SeveralSourceOrigins));
    }

    #[test]
    fn the_field_of_version_2_decides_alone() {
        let query = "__amp_source_origin=me%2Bx@shop.example";
        let both = |sender| {
            check_owned(&[("ORIGIN", "https://client.example"), ("Amp-Email-Sender", sender)], query)
        };
        assert_eq!(both(""), Err(Rejected::NoAddress));
        assert_eq!(both("ME+x@shop.example"), Err(Rejected::UnknownSender));
        assert_eq!(both("me+x@SHOP.example"), Ok(2));
        assert_eq!(check_owned(&[("Origin", "https://client.example")], query), Ok(1));
        assert_eq!(check_owned(&[("Origin", "*")], query), Err(Rejected::BadOrigin));
        assert_eq!(check_owned(&[("Origin", "")], query), Err(Rejected::NoSender));
    }

    fn check_owned(headers: &[(&str, &str)], query: &str) -> Result<u8, Rejected> {
        check(headers, query).map(|allowed| allowed.version())
    }

    #[test]
    fn a_star_is_no_sender() {
        assert!(AllowedSenders::new(["*"]).is_err());
    }
}
