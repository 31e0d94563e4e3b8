//! VERP: the recipient in the envelope sender, so that every bounce names it.

use super::split;

/// How VERP addresses look: `bounce+jo=example.net@lists.example`.
///
/// ```
/// use mailwright_bounces::tag::Verp;
///
/// let verp = Verp::new("bounce", '+');
/// let sender = verp.encode("jo@example.net", "lists.example").unwrap();
/// assert_eq!(sender, "bounce+jo=example.net@lists.example");
/// assert_eq!(verp.decode(&sender).as_deref(), Some("jo@example.net"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verp<'s> {
    prefix: &'s str,
    delimiter: char,
}

impl<'s> Verp<'s> {
    /// Addresses that begin with `prefix` and `delimiter`, which is `+` or `-` nearly everywhere.
    #[must_use]
    pub const fn new(prefix: &'s str, delimiter: char) -> Self {
        Self { prefix, delimiter }
    }

    /// The envelope sender at `domain` for mail to `recipient`; `None` where that is no address.
    #[must_use]
    pub fn encode(&self, recipient: &str, domain: &str) -> Option<String> {
        let (local, host) = split(recipient).filter(|(_, host)| !host.contains('='))?;
        Some(format!("{}{}{local}={host}@{domain}", self.prefix, self.delimiter))
    }

    /// The recipient in an envelope sender of this form. Anybody can write one: see [`Key`](super::Key).
    #[must_use]
    pub fn decode(&self, sender: &str) -> Option<String> {
        let (local, _) = split(sender)?;
        let head = local.get(..self.prefix.len()).filter(|head| head.eq_ignore_ascii_case(self.prefix))?;
        let (local, host) = local.get(head.len()..)?.strip_prefix(self.delimiter)?.rsplit_once('=')?;
        (!local.is_empty() && !host.is_empty()).then(|| format!("{local}@{host}"))
    }
}
