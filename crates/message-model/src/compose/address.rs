//! Addresses to be written (RFC 5322 3.4).

use crate::address;
use crate::mailbox::{Mailbox, MailboxError};

use super::{ComposeError, ComposeErrorKind, Folder, text};

/// A mailbox with or without a display name, or a group of them.
///
/// Made from a [`Mailbox`], from text (`ann@example.org`), from a pair of display name and one of these, or by
/// [`Address::group`]. Text that is no mailbox is an error when the field is written.
#[derive(Clone, Debug)]
pub struct Address(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Mailbox(Named),
    Group { name: String, members: Vec<Named> },
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    mailbox: Result<Mailbox, MailboxError>,
}

impl Address {
    /// A group, as `undisclosed-recipients:;`. Groups do not nest (RFC 5322 3.4): members of a group among `members` are
    /// taken for members of this one.
    pub fn group<A: Into<Self>>(name: impl Into<String>, members: impl IntoIterator<Item = A>) -> Self {
        let mut all = Vec::new();
        for member in members {
            match member.into().0 {
                Kind::Mailbox(mailbox) => all.push(mailbox),
                Kind::Group { members, .. } => all.extend(members),
            }
        }
        Self(Kind::Group { name: name.into(), members: all })
    }

    fn named(name: impl Into<String>, mailbox: Result<Mailbox, MailboxError>) -> Self {
        Self(Kind::Mailbox(Named { name: name.into(), mailbox }))
    }
}

impl From<Mailbox> for Address {
    fn from(mailbox: Mailbox) -> Self {
        Self::named("", Ok(mailbox))
    }
}

impl From<&str> for Address {
    fn from(mailbox: &str) -> Self {
        ("", mailbox).into()
    }
}

impl From<(&str, Mailbox)> for Address {
    fn from((name, mailbox): (&str, Mailbox)) -> Self {
        Self::named(name, Ok(mailbox))
    }
}

impl From<(&str, &str)> for Address {
    fn from((name, mailbox): (&str, &str)) -> Self {
        Self::named(name, Mailbox::parse(mailbox.as_bytes()))
    }
}

/// As it was read: display name and address.
impl From<&address::Address<'_>> for Address {
    fn from(read: &address::Address<'_>) -> Self {
        Self::from((read.name().unwrap_or_default(), read.addr()))
    }
}

/// Appends an address list; each unit is a word of a display name or an address with the comma behind it.
pub(super) fn write(folder: &mut Folder, list: &[Address], is_utf8: bool) -> Result<(), ComposeError> {
    if list.is_empty() {
        return Err(ComposeErrorKind::EmptyList.into());
    }
    let mut before = "";
    let mut units = Vec::new();
    for Address(address) in list {
        end_unit(&mut units, before);
        before = ",";
        match address {
            Kind::Mailbox(mailbox) => mailbox_units(&mut units, mailbox, is_utf8)?,
            Kind::Group { name, members } => {
                // RFC 5322 3.2.5: a phrase has a word at least, which may be an empty quoted string.
                let name = if name.is_empty() {
                    vec![text::quoted_string("")]
                } else {
                    text::phrase(name, is_utf8)?
                };
                units.extend(name);
                let mut before = ":";
                for member in members {
                    end_unit(&mut units, before);
                    before = ",";
                    mailbox_units(&mut units, member, is_utf8)?;
                }
                end_unit(&mut units, if members.is_empty() { ":;" } else { ";" });
            }
        }
    }
    units.iter().try_for_each(|unit| folder.unit(" ", unit))
}

fn end_unit(units: &mut [String], with: &str) {
    if let Some(last) = units.last_mut() {
        last.push_str(with);
    }
}

fn mailbox_units(
    units: &mut Vec<String>,
    Named { name, mailbox }: &Named,
    is_utf8: bool,
) -> Result<(), ComposeError> {
    let mailbox = match mailbox {
        Ok(mailbox) => mailbox,
        Err(error) => return Err(ComposeErrorKind::Address(*error).into()),
    };
    // RFC 6532 3.2; the domain has its A-labels.
    if !is_utf8 && !mailbox.is_ascii() {
        return Err(ComposeErrorKind::NeedsSmtpUtf8.into());
    }
    if name.is_empty() {
        units.push(mailbox.to_string());
    } else {
        units.extend(text::phrase(name, is_utf8)?);
        units.push(format!("<{mailbox}>"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(list: &[Address], is_utf8: bool) -> Result<String, ComposeErrorKind> {
        let mut folder = Folder::new("To").unwrap();
        write(&mut folder, list, is_utf8).map_err(|error| error.kind())?;
        Ok(folder.finish())
    }

    #[test]
    fn groups_and_names() {
        let inner = Address::group("inner", ["c@example.org"]);
        let group = Address::group("A, b", [Address::from(("Ann B", "a@example.org")), inner]);
        let list =
            ["x@example.org".into(), group, Address::group("none", [""; 0]), ("Ä", "a@example.org").into()];
        assert_eq!(
            written(&list, false).unwrap(),
            "To: x@example.org, \"A, b\": Ann B <a@example.org>, c@example.org;, none:;,\r\n =?utf-8?B?w4Q=?= <a@example.org>\r\n"
        );
        assert_eq!(written(&[Address::group("", [""; 0])], false).unwrap(), "To: \"\":;\r\n");
    }

    #[test]
    fn what_is_no_address_is_told() {
        assert!(matches!(written(&["nobody".into()], false), Err(ComposeErrorKind::Address(_))));
        assert!(matches!(written(&["a@b\r\nBcc: c@d".into()], true), Err(ComposeErrorKind::Address(_))));
        assert_eq!(written(&[], false), Err(ComposeErrorKind::EmptyList));
        assert_eq!(written(&["jörg@example.org".into()], false), Err(ComposeErrorKind::NeedsSmtpUtf8));
        assert_eq!(written(&["jörg@example.org".into()], true).unwrap(), "To: jörg@example.org\r\n");
        let injected = [("A\r\nBcc: b@example.org", "a@example.org").into()];
        assert_eq!(written(&injected, true), Err(ComposeErrorKind::LineBreak));
    }
}
