//! The author domain of a message (RFC 9989 5.3.1).

use mailwright_message_model::address::AddressList;
use mailwright_message_model::domain::Domain;
use mailwright_message_model::{Field, Message};

/// Authors that are read: an address list holds up to 20,000, and a message with more than a few is none that DMARC can
/// judge (RFC 9989 11.5).
pub const MAX_MAILBOXES: usize = 1000;

/// Who wrote a message, as far as DMARC looks at it: the domains of all mailboxes of all From fields, members of groups
/// included.
///
/// ```
/// use mailwright_dmarc::Author;
/// use mailwright_message_model::Message;
///
/// let message = Message::parse("From: \"ceo@example.com\" <jo@bücher.example>\r\n\r\n".as_bytes())?;
/// assert_eq!(Author::of(&message).domain().unwrap(), "xn--bcher-kva.example");
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Author {
    fields: usize,
    mailboxes: Vec<Option<Domain>>,
    cut: bool,
}

/// Why a message has no author domain, so that DMARC does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum NoAuthor {
    /// No From field, or none with an address.
    Nobody,
    /// More than one From field (RFC 9989 4.4).
    SeveralFields,
    /// Several domains (RFC 9989 5.3.1).
    SeveralDomains,
    /// An address without a domain, as with an address literal.
    NoDomain,
}

impl NoAuthor {
    /// One sentence for a postmaster.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "the message has no address in its From field",
            Self::SeveralFields => "the message has several From fields",
            Self::SeveralDomains => "the addresses in From have several domains",
            Self::NoDomain => "an address in From has no domain name",
        }
    }
}

impl Author {
    /// The author of a message.
    #[must_use]
    pub fn of(message: &Message<'_>) -> Self {
        Self::of_fields(message.fields())
    }

    /// The author by the fields of a header; fields of other names are passed over.
    pub fn of_fields<'a>(fields: impl IntoIterator<Item = Field<'a>>) -> Self {
        let mut author = Self { fields: 0, mailboxes: Vec::new(), cut: false };
        for field in fields.into_iter().filter(|field| field.is("From")) {
            author.fields = author.fields.saturating_add(1);
            author.add(&field.addresses());
        }
        author
    }

    /// The author by addresses (`user@domain`), as those of one From field.
    pub fn of_addresses<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        let domain = |address: &str| address.rsplit_once('@').and_then(|(_, domain)| domain.parse().ok());
        Self { fields: 1, mailboxes: addresses.into_iter().map(domain).collect(), cut: false }
    }

    /// The author of this domain.
    #[must_use]
    pub fn of_domain(domain: Domain) -> Self {
        Self { fields: 1, mailboxes: vec![Some(domain)], cut: false }
    }

    fn add(&mut self, list: &AddressList<'_>) {
        self.cut |= list.is_cut();
        for mailbox in list.mailboxes() {
            if self.mailboxes.len() >= MAX_MAILBOXES {
                self.cut = true;
                return;
            }
            // RFC 9989 5.3.1: U-labels become A-labels, which a `Domain` has.
            self.mailboxes.push(mailbox.domain().and_then(|domain| domain.parse().ok()));
        }
    }

    /// How many From fields there are.
    #[must_use]
    pub const fn fields(&self) -> usize {
        self.fields
    }

    /// The domain of each mailbox; `None` where an address has none.
    #[must_use]
    pub fn mailboxes(&self) -> &[Option<Domain>] {
        &self.mailboxes
    }

    /// Whether there were more mailboxes than are read.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// The different domains, in order.
    #[must_use]
    pub fn domains(&self) -> Vec<&Domain> {
        let mut seen = std::collections::HashSet::new();
        self.mailboxes.iter().flatten().filter(|domain| seen.insert(*domain)).collect()
    }

    /// The author domain, where there is exactly one.
    ///
    /// # Errors
    /// Why there is none.
    pub fn domain(&self) -> Result<&Domain, NoAuthor> {
        if self.fields > 1 {
            return Err(NoAuthor::SeveralFields);
        }
        let domains = self.domains();
        let lacking = self.mailboxes.iter().any(Option::is_none);
        match domains.as_slice() {
            [] if lacking => Err(NoAuthor::NoDomain),
            [] => Err(NoAuthor::Nobody),
            [_] if lacking => Err(NoAuthor::NoDomain),
            [domain] if !self.cut => Ok(domain),
            _ => Err(NoAuthor::SeveralDomains),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(header: &str) -> Author {
        Author::of(&Message::parse(format!("{header}\r\n\r\n").as_bytes()).unwrap())
    }

    #[test]
    fn the_address_counts_not_the_name() {
        let one = author("From: \"a@bank.example\" <x@evil.example>");
        assert_eq!(one.domain().unwrap(), "evil.example");
        let group = author("From: Team: a@example.com, b@EXAMPLE.com;");
        assert_eq!((group.domain().unwrap().as_str(), group.mailboxes().len()), ("example.com", 2));
    }

    #[test]
    fn what_has_no_author_domain() {
        assert_eq!(author("To: a@b.example").domain(), Err(NoAuthor::Nobody));
        assert_eq!(author("From: undisclosed:;").domain(), Err(NoAuthor::Nobody));
        assert_eq!(author("From: a@b.example\r\nFrom: c@b.example").domain(), Err(NoAuthor::SeveralFields));
        assert_eq!(author("From: a@b.example, c@d.example").domain(), Err(NoAuthor::SeveralDomains));
        assert_eq!(author("From: a@[192.0.2.1]").domain(), Err(NoAuthor::NoDomain));
        assert_eq!(author("From: a@b.example, c@[192.0.2.1]").domain(), Err(NoAuthor::NoDomain));
    }
}
