//! Header fields to be written.

use crate::date::DateTime;

use super::address::Address;
use super::fold::write_folded;
use super::param::Parameters;
use super::{ComposeError, ComposeErrorKind, Folder, Transport, text};

/// A header field to be written, in one of the forms that values have.
///
/// ```
/// use mailwright_message_model::compose::{HeaderField, Transport};
///
/// let field = HeaderField::text("Subject", "Zwölf dicke Boxkämpfer");
/// assert_eq!(field.build(Transport::SevenBit)?, "Subject: =?utf-8?B?WnfDtmxm?= dicke =?utf-8?Q?Boxk=C3=A4mpfer?=\r\n");
/// assert_eq!(field.build(Transport::SmtpUtf8)?, "Subject: Zwölf dicke Boxkämpfer\r\n");
/// let field = HeaderField::addresses("To", [("Jo Q. Public", "jo@example.org"), ("", "ann@example.org")]);
/// assert_eq!(field.build(Transport::SevenBit)?, "To: \"Jo Q. Public\" <jo@example.org>, ann@example.org\r\n");
/// # Ok::<(), mailwright_message_model::compose::ComposeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct HeaderField {
    name: String,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Folded(String),
    Addresses(Vec<Address>),
    MessageIds(Vec<String>),
    Date(DateTime),
    Parameterised(Parameters),
}

impl HeaderField {
    /// Unstructured text (RFC 5322 3.2.5): Subject, Comments, and fields of one's own. What is not ASCII becomes encoded
    /// words.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(name, Value::Text(text.into()))
    }

    /// A value that is written as it is: all from behind the colon to the end of its last line, without that one's line
    /// break. It may be folded (CRLF and a blank).
    pub fn folded(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, Value::Folded(value.into()))
    }

    /// A list of addresses (RFC 5322 3.4), from mailboxes, pairs of display name and mailbox, or [`Address`]es.
    pub fn addresses<A: Into<Address>>(
        name: impl Into<String>,
        addresses: impl IntoIterator<Item = A>,
    ) -> Self {
        Self::new(name, Value::Addresses(addresses.into_iter().map(Into::into).collect()))
    }

    /// Message identifiers, with or without their angle brackets: Message-ID, References (RFC 5322 3.6.4), Content-ID
    /// (RFC 2045 7).
    pub fn message_ids<I: Into<String>>(name: impl Into<String>, ids: impl IntoIterator<Item = I>) -> Self {
        Self::new(name, Value::MessageIds(ids.into_iter().map(Into::into).collect()))
    }

    /// A date (RFC 5322 3.6.1).
    pub fn date(name: impl Into<String>, date: DateTime) -> Self {
        Self::new(name, Value::Date(date))
    }

    /// A value with parameters: Content-Type, Content-Disposition (RFC 2045 5.1, RFC 2183). Values that are long or not
    /// ASCII are written as RFC 2231 has it.
    ///
    /// ```
    /// use mailwright_message_model::compose::{HeaderField, Transport};
    ///
    /// let field = HeaderField::parameterised("Content-Disposition", "attachment", [("filename", "naïve.txt")]);
    /// let written = field.build(Transport::SevenBit)?;
    /// assert_eq!(written, "Content-Disposition: attachment; filename*=utf-8''na%C3%AFve.txt\r\n");
    /// # Ok::<(), mailwright_message_model::compose::ComposeError>(())
    /// ```
    pub fn parameterised<N: Into<String>, V: Into<String>>(
        name: impl Into<String>,
        value: impl Into<String>,
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut all = Parameters::new(value);
        for (name, value) in parameters {
            all.push(name, value);
        }
        Self::new(name, Value::Parameterised(all))
    }

    pub(super) fn with_parameters(name: &str, parameters: &Parameters) -> Self {
        Self::new(name, Value::Parameterised(parameters.clone()))
    }

    fn new(name: impl Into<String>, value: Value) -> Self {
        Self { name: name.into(), value }
    }

    /// The name of the field.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes the field, folded, with its line break.
    ///
    /// # Errors
    /// [`ComposeError`] with the rule that name or value break.
    pub fn build(&self, transport: Transport) -> Result<String, ComposeError> {
        self.write(transport).map_err(|error| error.within(&self.name))
    }

    fn write(&self, transport: Transport) -> Result<String, ComposeError> {
        let is_utf8 = transport == Transport::SmtpUtf8;
        let mut folder = Folder::new(&self.name)?;
        match &self.value {
            Value::Text(value) => text::unstructured(&mut folder, value, is_utf8)?,
            Value::Folded(value) => {
                let field = write_folded(&self.name, value)?;
                return if is_utf8 || field.is_ascii() {
                    Ok(field)
                } else {
                    Err(ComposeErrorKind::NeedsSmtpUtf8.into())
                };
            }
            Value::Addresses(list) => super::address::write(&mut folder, list, is_utf8)?,
            Value::MessageIds(ids) => message_ids(&mut folder, ids, is_utf8)?,
            Value::Date(date) => folder.unit(" ", &date.to_string())?,
            Value::Parameterised(parameters) => parameters.write(&mut folder, is_utf8)?,
        }
        Ok(folder.finish())
    }
}

fn message_ids(folder: &mut Folder, ids: &[String], is_utf8: bool) -> Result<(), ComposeError> {
    if ids.is_empty() {
        return Err(ComposeErrorKind::EmptyList.into());
    }
    for id in ids {
        let inner = id.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(id);
        let is_odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
        if inner.contains(['\r', '\n', '\0']) {
            return Err(ComposeErrorKind::LineBreak.into());
        }
        if inner.is_empty() || inner.contains(is_odd) {
            return Err(ComposeErrorKind::MessageId.into());
        }
        // RFC 6532 3.3
        if !is_utf8 && !inner.is_ascii() {
            return Err(ComposeErrorKind::NeedsSmtpUtf8.into());
        }
        folder.unit(" ", &format!("<{inner}>"))?;
    }
    Ok(())
}
