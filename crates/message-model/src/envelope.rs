//! What the SMTP session said: client, HELO, reverse-path and forward-paths (RFC 5321).

use std::net::IpAddr;

use crate::domain::Domain;
use crate::mailbox::Mailbox;

/// The SMTP envelope of one message, as the receiving server knows it.
///
/// ```
/// use mailwright_message_model::envelope::Envelope;
///
/// let envelope = Envelope::builder([192, 0, 2, 1].into())
///     .helo("mail.example.org")
///     .mail_from("bounce@example.org".parse()?)
///     .rcpt_to("user@example.net".parse()?)
///     .build();
/// assert_eq!(envelope.sender_domain().map(|d| d.to_string()).as_deref(), Some("example.org"));
/// # Ok::<(), mailwright_message_model::mailbox::MailboxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Envelope {
    /// Address of the SMTP client.
    pub client_ip: IpAddr,
    /// Name of the client: what PTR says and its address records confirm (RFC 8601 3, iprev); `None` when not confirmed.
    pub client_name: Option<Domain>,
    /// The argument of HELO or EHLO as it was sent, also when it is no domain; empty when there was none.
    pub helo: String,
    /// The reverse-path of MAIL FROM; `None` is the null reverse-path `<>` (RFC 5321 4.5.5).
    pub mail_from: Option<Mailbox>,
    /// The forward-paths of RCPT TO that were accepted, in order.
    pub rcpt_to: Vec<Mailbox>,
    /// Whether MAIL FROM had the SMTPUTF8 parameter (RFC 6531 3.4).
    pub smtputf8: bool,
    /// Whether the session was encrypted (RFC 3207).
    pub tls: bool,
    /// The identity of SMTP AUTH (RFC 4954), `None` without authentication.
    pub authenticated: Option<String>,
}

impl Envelope {
    /// Starts an envelope: null reverse-path, no recipients, empty HELO until set.
    pub const fn builder(client_ip: IpAddr) -> EnvelopeBuilder {
        EnvelopeBuilder(Self {
            client_ip,
            client_name: None,
            helo: String::new(),
            mail_from: None,
            rcpt_to: Vec::new(),
            smtputf8: false,
            tls: false,
            authenticated: None,
        })
    }

    /// The HELO argument as a domain; `None` when it is an address literal or no name at all.
    #[must_use]
    pub fn helo_domain(&self) -> Option<Domain> {
        self.helo.trim().parse().ok()
    }

    /// The domain that answers for the sender: that of the reverse-path, or of HELO when it is null (RFC 7208 2.4).
    #[must_use]
    pub fn sender_domain(&self) -> Option<Domain> {
        match &self.mail_from {
            Some(mailbox) => mailbox.domain().cloned(),
            None => self.helo_domain(),
        }
    }
}

/// Sets the parts of an [`Envelope`].
#[derive(Clone, Debug)]
#[must_use = "an envelope is made by `build`"]
pub struct EnvelopeBuilder(Envelope);

impl EnvelopeBuilder {
    /// The argument of HELO or EHLO.
    pub fn helo(mut self, helo: impl Into<String>) -> Self {
        self.0.helo = helo.into();
        self
    }

    /// The confirmed name of the client.
    pub fn client_name(mut self, name: Domain) -> Self {
        self.0.client_name = Some(name);
        self
    }

    /// The reverse-path.
    pub fn mail_from(mut self, mailbox: Mailbox) -> Self {
        self.0.mail_from = Some(mailbox);
        self
    }

    /// The null reverse-path `<>`, as at the start.
    pub fn null_reverse_path(mut self) -> Self {
        self.0.mail_from = None;
        self
    }

    /// One more forward-path.
    pub fn rcpt_to(mut self, mailbox: Mailbox) -> Self {
        self.0.rcpt_to.push(mailbox);
        self
    }

    /// Whether SMTPUTF8 was asked for.
    pub fn smtputf8(mut self, asked: bool) -> Self {
        self.0.smtputf8 = asked;
        self
    }

    /// Whether the session was encrypted.
    pub fn tls(mut self, encrypted: bool) -> Self {
        self.0.tls = encrypted;
        self
    }

    /// The identity of SMTP AUTH.
    pub fn authenticated(mut self, identity: impl Into<String>) -> Self {
        self.0.authenticated = Some(identity.into());
        self
    }

    /// The envelope.
    #[must_use]
    pub fn build(self) -> Envelope {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_reverse_path_answers_with_helo() {
        let start = Envelope::builder([192, 0, 2, 1].into()).helo("Mail.Example.org");
        let bounce = start.clone().build();
        assert_eq!(bounce.mail_from, None);
        assert_eq!(bounce.sender_domain().unwrap(), "mail.example.org");
        let literal = start.clone().helo("[192.0.2.1]").build();
        assert_eq!(literal.sender_domain(), None);
        let mail = start.mail_from("a@example.net".parse().unwrap()).build();
        assert_eq!(mail.sender_domain().unwrap(), "example.net");
    }
}
