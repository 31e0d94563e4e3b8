//! A message whose layers were opened, as a message again.

use mailwright_message_model::Header;

/// The header fields to put in front of what is inside of a message's layers, so that both are a message together: those of
/// `message` but for the ones that are about its form, and those that stand inside as well (RFC 9788 4.4.2: the protected
/// ones are to be used). Where the inside has no header, an empty line ends them.
///
/// ```
/// use mailwright_smime::outside_fields;
///
/// let message = b"From: a@example.org\nContent-Type: application/pkcs7-mime\n\nMIAG...\n";
/// let inside = b"Content-Type: text/plain\r\n\r\nHello.\r\n";
/// assert_eq!(outside_fields(message, inside), b"From: a@example.org\r\nMIME-Version: 1.0\r\n");
/// ```
#[must_use]
pub fn outside_fields(message: &[u8], inside: &[u8]) -> Vec<u8> {
    let within: Vec<&[u8]> = Header::new(inside).map(|field| field.name()).collect();
    let is_within = |name: &[u8]| within.iter().any(|other| other.eq_ignore_ascii_case(name));
    let is_of_form = |name: &[u8]| {
        name.eq_ignore_ascii_case(b"MIME-Version")
            || name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"))
    };
    let mut fields = Vec::new();
    for field in Header::new(message).filter(|field| !is_of_form(field.name()) && !is_within(field.name())) {
        fields.extend_from_slice(&super::canonical(field.raw()));
        if !fields.ends_with(b"\r\n") {
            fields.extend_from_slice(b"\r\n");
        }
    }
    if !is_within(b"MIME-Version") {
        fields.extend_from_slice(b"MIME-Version: 1.0\r\n");
    }
    // Some seal text without any header.
    let has_header = Header::new(inside).next().is_some_and(|first| inside.starts_with(first.raw()));
    if !has_header && !inside.starts_with(b"\r\n") && !inside.starts_with(b"\n") {
        fields.extend_from_slice(b"\r\n");
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::outside_fields;

    #[test]
    fn what_is_inside_is_not_said_twice() {
        let message = b"Received: x\r\nSubject: [...]\r\nMIME-Version: 1.0\r\nContent-Type: x/y\r\n\r\n";
        let inside = b"Subject: plans\r\nContent-Type: text/plain; hp=cipher\r\n\r\n";
        assert_eq!(outside_fields(message, inside), b"Received: x\r\nMIME-Version: 1.0\r\n");
    }

    #[test]
    fn text_without_header_stays_text() {
        let fields = outside_fields(b"A: b\n\n", b"Hello there\r\nNote: this\r\n");
        assert_eq!(fields, b"A: b\r\nMIME-Version: 1.0\r\n\r\n");
        assert_eq!(outside_fields(b"A: b\n\n", b"\r\nHello"), b"A: b\r\nMIME-Version: 1.0\r\n");
    }
}
