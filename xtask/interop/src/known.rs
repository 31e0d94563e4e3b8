//! What other programs are known to do wrong, with the section of the RFC that says so.
//!
//! None of this is taken at its word: a fault excuses a wrong answer only where every other program that judges the same file gives
//! the right one, and at least one does ([`Answers::confirmed`](super::peer)). A fault of ours would have them disagree with us.

/// A fault, and how it shows.
pub(crate) struct Fault {
    pub(crate) why: &'static str,
    /// The program's own verifier refuses what it signed.
    pub(crate) refuses_itself: bool,
}

impl Fault {
    const fn new(why: &'static str) -> Self {
        Self { why, refuses_itself: false }
    }
}

/// Why a peer judges a signature wrongly, ours or its own.
pub(crate) fn fault(peer: &str, file: &str) -> Option<Fault> {
    let relaxed_body = file.contains("-relaxed");
    let simple_body = file.contains("-simple");
    match peer {
        "dkimpy" if file.starts_with("blank-before-colon.") => Some(Fault::new(
            "dkimpy takes white space before the colon of a field for a broken message; RFC 6376 3.4.2 says what to do with it",
        )),
        "Mail::DKIM" if file.starts_with("no-final-break.") && simple_body => Some(Fault::new(
            "Mail::DKIM adds no CRLF to a body without a final one in the simple form (RFC 6376 3.4.3)",
        )),
        "OpenDKIM" if file.starts_with("no-final-break.") && relaxed_body => Some(Fault::new(
            "libopendkim takes a body without a final CRLF for an error in the relaxed form (RFC 6376 3.4.4)",
        )),
        _ => None,
    }
}

/// Why a peer's own signature is not valid.
pub(crate) fn unsound(peer: &str, file: &str) -> Option<Fault> {
    let simple_header = file.contains(".simple-");
    match peer {
        "OpenDKIM" if file.contains(".ed25519.") && simple_header => Some(Fault {
            why: "libopendkim folds its field before b= otherwise than it signed it, since the value is short \
                  (RFC 6376 3.4.1): its own verifier refuses it",
            refuses_itself: true,
        }),
        _ => fault(peer, file),
    }
}
