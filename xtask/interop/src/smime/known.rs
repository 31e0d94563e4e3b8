//! What this workspace and the other programs do not know. No fault of theirs is known that a cell here would show.
//!
//! Other versions may know more: a cell that is right although it stands here is right, and is told.

use mailwright_smime::Cipher;

use super::case::{Case, Direction, Form, Sealing, Signing, Way};

/// Why a cell is not right.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// One of both does not know it.
    Lacks(&'static str),
    /// Nobody knows it.
    Neither(&'static str),
}

impl Known {
    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::Lacks(why) | Self::Neither(why) => why,
        }
    }
}

/// What is known of a cell.
pub(super) fn known(peer: &str, case: &dyn Case, direction: Direction) -> Option<Known> {
    if let Some(signing) = case.signing() {
        return of_signature(peer, signing, direction).map(Known::Lacks);
    }
    let sealing = case.sealing()?;
    let theirs = of_seal(peer, sealing, direction);
    // RFC 8551 2.7 has no place for it: opened for old mail, never made.
    let ours = direction == Direction::OursThere && is_rc2(sealing);
    match (ours, theirs) {
        (true, Some(_)) => Some(Known::Neither("we make no RC2, and it would not be opened there")),
        (true, None) => Some(Known::Lacks("we make no RC2: it is opened, for old mail")),
        (false, theirs) => theirs.map(Known::Lacks),
    }
}

const fn is_rc2(case: &Sealing) -> bool {
    matches!(case.cipher.cipher, Cipher::Rc2Cbc(_))
}

fn of_signature(peer: &str, case: &Signing, direction: Direction) -> Option<&'static str> {
    let theirs = direction == Direction::TheirsHere;
    let key = case.scheme.key;
    match peer {
        "openssl" if key == "ed25519" => Some("OpenSSL 3.0 has no Ed25519 in CMS"),
        "openssl" => None,
        _ if case.form == Form::Message => Some("it makes and reads CMS without MIME around it"),
        "gpgsm" if matches!(key, "p521" | "ed25519") => Some("gpgsm 2.2 knows P-256 and P-384 alone"),
        "gpgsm" if theirs && key != "rsa" => {
            Some("gpgsm 2.2 reads no private key on a curve from PKCS #12, and ends with a fault of memory")
        }
        "gpgsm" if theirs && case.scheme.pss => Some("gpgsm reads PSS and makes none"),
        "nss" if theirs && case.scheme.pss => Some("cmsutil reads PSS and makes none"),
        "nss" if key == "ed25519" => Some("NSS 3.87 has no Ed25519"),
        _ => None,
    }
}

fn of_seal(peer: &str, case: &Sealing, direction: Direction) -> Option<&'static str> {
    let theirs = direction == Direction::TheirsHere;
    let (way, curve) = (case.recipient.way, case.recipient.key);
    match peer {
        "openssl" | "bouncy-castle" if curve == Some("x25519") => {
            Some("OpenSSL 3.0 and Bouncy Castle 1.72 have no X25519 in CMS (RFC 8418)")
        }
        "openssl" if theirs && way == Way::Password && case.cipher.is_authenticated() => {
            Some("OpenSSL wraps for a password in the cipher of the content, which cannot be GCM")
        }
        "gpgsm" | "nss" if case.cipher.is_authenticated() => Some("gpgsm 2.2 and cmsutil have no GCM in CMS"),
        "gpgsm" | "nss" if way != Way::Pkcs1 => {
            Some("gpgsm 2.2 and cmsutil of NSS 3.87 have no recipients but those of RSA PKCS #1 v1.5")
        }
        "nss" if theirs && case.cipher.cipher != Cipher::Aes128Cbc => Some(
            "cmsutil takes AES-128 where it knows nothing of the recipient, and cannot be told another cipher",
        ),
        "gpgsm" if is_rc2(case) => Some("gpgsm makes no RC2"),
        _ => None,
    }
}
