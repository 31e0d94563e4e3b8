//! Address lists of header fields (RFC 5322 3.4, RFC 6532): mailboxes and groups.

mod parse;
pub(crate) mod phrase;
mod spec;

use std::borrow::Cow;

use crate::Span;

/// How many octets of a value are read. More than any list a mail program writes; it bounds the memory of one field.
pub const MAX_FIELD_BYTES: usize = 1 << 20;

/// How many entries of a list are read: an entry costs some hundred octets of memory, and the value may spend two on it.
pub const MAX_ENTRIES: usize = 20_000;

/// The addresses of a From, To, Cc, Reply-To or like value.
///
/// Reading never fails: what is no address stays an entry without one, and what is broken (`>` or `,` missing, a quote
/// never closed, text on both sides of an address) is read the way people mean it. All octets beyond ASCII are UTF-8
/// (RFC 6532) or become U+FFFD.
///
/// ```
/// use mailwright_message_model::address::{AddressEntry, AddressList};
///
/// let list = AddressList::parse(br#" "Doe, John" <jdoe@example.org>, Friends: mary@example.net;"#);
/// let john = list.mailboxes().next().unwrap();
/// assert_eq!((john.name(), john.addr()), (Some("Doe, John"), "jdoe@example.org"));
/// let Some(AddressEntry::Group(friends)) = list.entries().nth(1) else { panic!() };
/// assert_eq!(friends.name(), Some("Friends"));
/// assert_eq!(friends.addresses()[0].domain(), Some("example.net"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AddressList<'a> {
    addresses: Vec<Address<'a>>,
    runs: Vec<Run<'a>>,
    divided: bool,
    cut: bool,
}

/// An entry of a list (RFC 5322 3.4: address).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressEntry<'l, 'a> {
    /// A single mailbox.
    Mailbox(&'l Address<'a>),
    /// A named group.
    Group(Group<'l, 'a>),
}

impl<'a> AddressList<'a> {
    /// Reads `value`, a field value with its line breaks.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Self {
        parse::list(value)
    }

    /// The entries in order.
    pub fn entries(&self) -> impl Iterator<Item = AddressEntry<'_, 'a>> {
        self.groups().flat_map(|group| {
            let (named, loose) =
                if group.head.is_some() { (Some(group), &[][..]) } else { (None, group.addresses) };
            named.map(AddressEntry::Group).into_iter().chain(loose.iter().map(AddressEntry::Mailbox))
        })
    }

    /// All mailboxes with an address, those of groups included.
    pub fn mailboxes(&self) -> impl DoubleEndedIterator<Item = &Address<'a>> {
        self.addresses.iter().filter(|address| !address.addr().is_empty())
    }

    /// All entries of the list and of its groups, also those without an address.
    #[must_use]
    pub fn addresses(&self) -> &[Address<'a>] {
        &self.addresses
    }

    /// The list as groups: entries that stand outside of groups form groups without a name, divided where a group or a
    /// `;` stands between them.
    pub fn groups(&self) -> impl Iterator<Item = Group<'_, 'a>> {
        self.runs.iter().map(|run| Group {
            head: run.head.as_ref(),
            addresses: self.addresses.get(run.members.clone()).unwrap_or_default(),
        })
    }

    /// Whether the value is divided by groups or by `;`, which some programs write for the comma.
    #[must_use]
    pub const fn has_groups(&self) -> bool {
        self.divided
    }

    /// Whether the value was longer than [`MAX_FIELD_BYTES`] or had more than [`MAX_ENTRIES`] entries and the rest was
    /// not read.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether there is no entry at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// A group (RFC 5322 3.4), borrowed from its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group<'l, 'a> {
    head: Option<&'l Head<'a>>,
    addresses: &'l [Address<'a>],
}

impl<'l, 'a> Group<'l, 'a> {
    /// The decoded name; `None` for the entries outside of groups.
    #[must_use]
    pub fn name(&self) -> Option<&'l str> {
        self.head.map(|head| &*head.name)
    }

    /// The name with the comments beside it, as in `A Group (Some people)`.
    #[must_use]
    pub fn name_with_comments(&self) -> Option<Cow<'l, str>> {
        let head = self.head?;
        phrase::with_comments(Some(&head.name), &head.comments)
    }

    /// The comments beside the name.
    #[must_use]
    pub fn comments(&self) -> &'l [Cow<'a, str>] {
        self.head.map(|head| &*head.comments).unwrap_or_default()
    }

    /// Where the name stands in the value.
    #[must_use]
    pub fn name_span(&self) -> Option<Span> {
        self.head.map(|head| head.span)
    }

    /// The entries of the group; a group may be empty, as `undisclosed-recipients:;` is.
    #[must_use]
    pub const fn addresses(&self) -> &'l [Address<'a>] {
        self.addresses
    }
}

/// One mailbox of a list: display name, address, comments, each with its place in the value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Address<'a> {
    name: Option<Cow<'a, str>>,
    written: Cow<'a, str>,
    /// Where it differs from what was written.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    addr: Option<Box<str>>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    comments: Vec<Cow<'a, str>>,
    #[cfg_attr(feature = "serde", serde(skip))]
    span: Span,
    #[cfg_attr(feature = "serde", serde(skip))]
    name_span: Option<Span>,
    #[cfg_attr(feature = "serde", serde(skip))]
    addr_span: Option<Span>,
}

impl<'a> Address<'a> {
    /// The display name, decoded, without comments; `None` where there is none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The address: `local@domain` without comments, white space outside of quotes and source route (RFC 5322 4.4).
    /// Empty where the entry has none. It may be less than an address (a bare word in angle brackets) or more (a URI in
    /// a List-* field).
    #[must_use]
    pub fn addr(&self) -> &str {
        self.addr.as_deref().unwrap_or(&self.written)
    }

    /// The address as written: between the angle brackets with route and white space, comments and folding taken out.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// What stands in front of the last `@` of the address, quotes included; the whole where there is no `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.addr().rsplit_once('@').map_or(self.addr(), |(local, _)| local)
    }

    /// What stands behind the last `@` of the address.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.addr().rsplit_once('@').map(|(_, domain)| domain)
    }

    /// The comments beside and inside of name and address, decoded, without their parentheses.
    #[must_use]
    pub fn comments(&self) -> &[Cow<'a, str>] {
        &self.comments
    }

    /// What a mail program shows as the name: the display name with the comments behind it in parentheses, or else the
    /// comments, which held the name in RFC 822 mail: `jdoe@example.org (John Doe)`.
    #[must_use]
    pub fn name_with_comments(&self) -> Option<Cow<'_, str>> {
        phrase::with_comments(self.name(), &self.comments)
    }

    /// The first word of the name or the comments that looks like an address: a reader who sees only the name takes it
    /// for the sender's, whatever [`Address::addr`] says.
    #[must_use]
    pub fn address_in_name(&self) -> Option<&str> {
        let texts = self.name().into_iter().chain(self.comments.iter().map(|comment| &**comment));
        texts.flat_map(|text| text.split(phrase::is_word_end)).find(|word| {
            // U+FF20 and U+FE6B look like "@"
            let parts = word.split_once(['@', '\u{ff20}', '\u{fe6b}']);
            parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        })
    }

    /// Where the entry stands in the value.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Where the display name stands in the value, quotes included.
    #[must_use]
    pub const fn name_span(&self) -> Option<Span> {
        self.name_span
    }

    /// Where the address stands in the value, without the angle brackets.
    #[must_use]
    pub const fn addr_span(&self) -> Option<Span> {
        self.addr_span
    }
}

/// Entries that stand together: a group, or what is between groups.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Run<'a> {
    head: Option<Head<'a>>,
    members: std::ops::Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Head<'a> {
    name: Cow<'a, str>,
    comments: Vec<Cow<'a, str>>,
    #[cfg_attr(feature = "serde", serde(skip))]
    span: Span,
}
