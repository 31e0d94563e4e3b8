//! What is put outside of an encrypted message in place of its fields (RFC 9788 3.2).

use mailwright_message_model::address::AddressList;
use mailwright_message_model::date::DateTime;

use super::HeaderField;

/// A header confidentiality policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfidentialityPolicy {
    /// Hides the subject, keywords and comments (`hcp_baseline`, RFC 9788 3.2.1).
    Baseline,
    /// Also the names of people and the zone of the sender (`hcp_shy`, RFC 9788 3.2.2).
    Shy,
    /// Hides nothing (`hcp_no_confidentiality`, RFC 9788 3.2.3).
    NoConfidentiality,
}

/// What stands outside for a subject.
const HIDDEN: &str = "[...]";

impl ConfidentialityPolicy {
    /// The field to put outside for this one inside; `None` where none is to be.
    #[must_use]
    pub fn apply(self, field: &HeaderField) -> Option<HeaderField> {
        let name = field.name.to_ascii_lowercase();
        let value = match (self, name.as_str()) {
            (Self::NoConfidentiality, _) => None,
            (_, "subject") => Some(HIDDEN.to_owned()),
            (_, "keywords" | "comments") => return None,
            (Self::Shy, "from" | "to" | "cc") => addresses_alone(&field.value),
            (Self::Shy, "date") => in_utc(&field.value),
            _ => None,
        };
        Some(HeaderField { name: field.name.clone(), value: value.unwrap_or_else(|| field.value.clone()) })
    }
}

/// The addresses of a list, without the names; `None` for what is no list of mailboxes.
fn addresses_alone(value: &str) -> Option<String> {
    let list = AddressList::parse(value.as_bytes());
    let addresses: Vec<&str> = list.mailboxes().map(|mailbox| mailbox.addr()).collect();
    (!addresses.is_empty() && !list.has_groups()).then(|| addresses.join(", "))
}

fn in_utc(value: &str) -> Option<String> {
    Some(DateTime::parse(value.as_bytes())?.with_offset(0)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(policy: ConfidentialityPolicy, name: &str, value: &str) -> Option<String> {
        policy.apply(&HeaderField { name: name.into(), value: value.into() }).map(|field| field.value)
    }

    #[test]
    fn each_policy_hides_what_its_section_says() {
        use ConfidentialityPolicy::{Baseline, NoConfidentiality, Shy};
        assert_eq!(apply(Baseline, "subject", "Plans").unwrap(), "[...]");
        assert_eq!(apply(Baseline, "Keywords", "a"), None);
        assert_eq!(apply(Baseline, "From", "Alice <a@example.org>").unwrap(), "Alice <a@example.org>");
        assert_eq!(apply(Shy, "From", "Alice <a@example.org>").unwrap(), "a@example.org");
        assert_eq!(
            apply(Shy, "Cc", "A <a@example.org>, b@example.org").unwrap(),
            "a@example.org, b@example.org"
        );
        assert_eq!(
            apply(Shy, "Date", "Sat, 20 Feb 2021 10:12:02 -0500").unwrap(),
            "Sat, 20 Feb 2021 15:12:02 +0000"
        );
        assert_eq!(apply(Shy, "Date", "yesterday").unwrap(), "yesterday");
        assert_eq!(apply(NoConfidentiality, "Subject", "Plans").unwrap(), "Plans");
    }
}
