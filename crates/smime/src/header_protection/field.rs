//! Header fields as header protection compares them.

use mailwright_message_model::Header;

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HeaderField {
    /// The name, as written.
    pub name: String,
    /// The value, unfolded, without blanks at its ends; encoded words stay.
    pub value: String,
}

impl HeaderField {
    fn new(name: &[u8], value: &[u8]) -> Self {
        // RFC 5322 2.2.3: unfolding takes line ends away and leaves the blank behind.
        let unfolded: Vec<u8> =
            value.iter().copied().filter(|octet| !matches!(octet, b'\r' | b'\n')).collect();
        let blank = |octet: char| matches!(octet, ' ' | '\t');
        Self {
            name: String::from_utf8_lossy(name).into_owned(),
            value: String::from_utf8_lossy(&unfolded).trim_matches(blank).to_owned(),
        }
    }
}

/// The fields that are about the message and not about its form (RFC 9788 1.1).
pub(super) fn fields(raw: &[u8]) -> Vec<HeaderField> {
    let is_structural = |name: &[u8]| {
        name.eq_ignore_ascii_case(b"MIME-Version")
            || name.eq_ignore_ascii_case(b"HP-Outer")
            || name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"))
    };
    Header::new(raw)
        .filter(|field| !is_structural(field.name()))
        .map(|field| HeaderField::new(field.name(), field.value()))
        .collect()
}

/// The fields named in HP-Outer (RFC 9788 2.2), each split at its first colon.
pub(super) fn hp_outer(raw: &[u8]) -> Vec<HeaderField> {
    Header::new(raw)
        .filter(|field| field.is("HP-Outer"))
        .filter_map(|field| {
            let whole = HeaderField::new(b"", field.value());
            let (name, value) = whole.value.split_once(':')?;
            Some(HeaderField::new(name.trim().as_bytes(), value.as_bytes()))
        })
        .collect()
}
