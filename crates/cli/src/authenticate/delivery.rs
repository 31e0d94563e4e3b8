//! Which client delivered a message, and as whom.

use std::net::IpAddr;

use mailwright_message_model::Message;
use mailwright_message_model::received::Host;
use mailwright_spf::Request;

use super::Receiver;

// ANCHOR: requests
/// A client and the identities that it used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) ip: IpAddr,
    /// The name in HELO or EHLO; empty where it is not known.
    pub(crate) helo: String,
    /// The reverse-path without angle brackets, empty for the null one; `None` where it is not known.
    pub(crate) mail_from: Option<String>,
}

impl Delivery {
    /// The check of the reverse-path.
    pub(super) fn mail_from<'r>(&'r self, receiver: &'r Receiver) -> Option<Request<'r>> {
        let request = Request::mail_from(self.ip, self.mail_from.as_deref()?, &self.helo);
        Some(request.receiver(&receiver.name).now(receiver.now))
    }

    /// The check of the HELO name, unless it is what stands for a null reverse-path (RFC 7208 2.3, 2.4).
    pub(super) fn helo<'r>(&'r self, receiver: &'r Receiver) -> Option<Request<'r>> {
        let known = !self.helo.is_empty() && self.mail_from.as_deref() != Some("");
        known.then(|| Request::helo(self.ip, &self.helo).receiver(&receiver.name).now(receiver.now))
    }
    // ANCHOR_END: requests

    /// What the receiver's own server wrote: the client of the Received field at `hop`, counted from the top from 1, and the
    /// reverse-path of the first Return-Path, if that stands above it. What stands below the hop was written by strangers.
    pub(crate) fn of_hop(message: &Message<'_>, hop: usize) -> Result<Self, &'static str> {
        let mut fields = message.root().fields_named("Received");
        let field =
            hop.checked_sub(1).and_then(|at| fields.nth(at)).ok_or("there is no such Received field")?;
        let received = field.received();
        let ip = received.from_ip.ok_or("the Received field names no address of the client")?;
        let named = received.helo.as_ref().or(received.from.as_ref());
        let helo = named.map(|host| match host {
            Host::Name(name) => name.clone().into_owned(),
            Host::IpAddr(ip) => format!("[{ip}]"),
        });
        let path = message.root().fields_named("Return-Path").next();
        let path = path.filter(|path| path.span().start < field.span().start);
        let mail_from = path.and_then(|path| reverse_path(&String::from_utf8_lossy(path.value())));
        Ok(Self { ip, helo: helo.unwrap_or_default(), mail_from })
    }
}

/// A path as it stands in SMTP, without its angle brackets (RFC 5321 4.1.2); no address begins with one.
pub(crate) fn unbracketed(path: &str) -> &str {
    let path = path.trim();
    path.strip_prefix('<').and_then(|path| path.strip_suffix('>')).unwrap_or(path).trim()
}

/// RFC 5322 3.6.7: an address in angle brackets, or nothing in them.
fn reverse_path(value: &str) -> Option<String> {
    let value = value.trim();
    let path = unbracketed(value);
    let is_null = path.is_empty() && value.starts_with('<');
    (is_null || path.contains('@')).then(|| path.to_owned())
}
