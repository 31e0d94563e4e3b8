//! What other programs are known to do wrong, with the section of the RFC that says so.

/// Why a peer judges one of our signatures wrongly.
pub(crate) fn fault(peer: &str, file: &str) -> Option<&'static str> {
    let relaxed_body = file.contains("-relaxed");
    match peer {
        "dkimpy" if file.starts_with("blank-before-colon.") => Some(
            "dkimpy takes white space before the colon of a field for a broken message; RFC 6376 3.4.2 says what to do with it",
        ),
        "Mail::DKIM" if file.starts_with("no-final-break.") && !relaxed_body => {
            Some("Mail::DKIM adds no CRLF to a body without a final one in the simple form (RFC 6376 3.4.3)")
        }
        "OpenDKIM" if file.starts_with("no-final-break.") && relaxed_body => Some(
            "libopendkim takes a body without a final CRLF for an error in the relaxed form (RFC 6376 3.4.4)",
        ),
        _ => None,
    }
}

/// Why a peer's own signature is not valid.
pub(crate) fn unsound(peer: &str, file: &str) -> Option<&'static str> {
    let simple_header = file.contains(".simple-");
    match peer {
        "OpenDKIM" if file.contains(".ed25519.") && simple_header => Some(
            "libopendkim folds its field before b= otherwise than it signed it, since the value is short: its own verifier \
             refuses it too (RFC 6376 3.4.1)",
        ),
        _ => fault(peer, file),
    }
}
