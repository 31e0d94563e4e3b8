//! What is signed and sealed, in which ways.

use mailwright_smime::{Cipher, Digest};

/// How something is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Scheme {
    pub(super) name: &'static str,
    /// The name of the key.
    pub(super) key: &'static str,
    pub(super) digest: Digest,
    pub(super) pss: bool,
}

const fn scheme(name: &'static str, key: &'static str, digest: Digest, pss: bool) -> Scheme {
    Scheme { name, key, digest, pss }
}

pub(super) const SCHEMES: [Scheme; 11] = [
    scheme("rsa-256", "rsa", Digest::Sha256, false),
    scheme("rsa-384", "rsa", Digest::Sha384, false),
    scheme("rsa-512", "rsa", Digest::Sha512, false),
    scheme("pss-256", "rsa", Digest::Sha256, true),
    scheme("pss-384", "rsa", Digest::Sha384, true),
    scheme("pss-512", "rsa", Digest::Sha512, true),
    scheme("p256-256", "p256", Digest::Sha256, false),
    scheme("p256-512", "p256", Digest::Sha512, false),
    scheme("p384-384", "p384", Digest::Sha384, false),
    scheme("p521-512", "p521", Digest::Sha512, false),
    scheme("ed25519", "ed25519", Digest::Sha512, false),
];

/// Where the content of a signature is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Beside it: a CMS structure and a file.
    Detached,
    /// Inside of it.
    Opaque,
    /// Beside it in a multipart/signed.
    Message,
}

pub(super) const FORMS: [Form; 3] = [Form::Detached, Form::Opaque, Form::Message];

impl Form {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Detached => "detached",
            Self::Opaque => "opaque",
            Self::Message => "multipart/signed",
        }
    }
}

/// Who makes and who reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    OursThere,
    TheirsHere,
}

impl Direction {
    pub(super) const BOTH: [Self; 2] = [Self::OursThere, Self::TheirsHere];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::OursThere => "ours there",
            Self::TheirsHere => "theirs here",
        }
    }
}

/// For whom something is sealed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Recipient {
    pub(super) name: &'static str,
    /// The name of the key; of a password and of a shared key, none.
    pub(super) key: Option<&'static str>,
    pub(super) way: Way,
}

/// How the content key is sealed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Pkcs1,
    Oaep,
    Ecdh,
    Password,
    Shared,
}

const fn recipient(name: &'static str, key: Option<&'static str>, way: Way) -> Recipient {
    Recipient { name, key, way }
}

pub(super) const RECIPIENTS: [Recipient; 8] = [
    recipient("rsa pkcs1", Some("rsa"), Way::Pkcs1),
    recipient("rsa oaep", Some("rsa"), Way::Oaep),
    recipient("p256", Some("p256"), Way::Ecdh),
    recipient("p384", Some("p384"), Way::Ecdh),
    recipient("p521", Some("p521"), Way::Ecdh),
    recipient("x25519", Some("x25519"), Way::Ecdh),
    recipient("password", None, Way::Password),
    recipient("shared key", None, Way::Shared),
];

/// A cipher for content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealer {
    pub(super) name: &'static str,
    pub(super) cipher: Cipher,
}

pub(super) const CIPHERS: [Sealer; 8] = [
    Sealer { name: "aes128-cbc", cipher: Cipher::Aes128Cbc },
    Sealer { name: "aes192-cbc", cipher: Cipher::Aes192Cbc },
    Sealer { name: "aes256-cbc", cipher: Cipher::Aes256Cbc },
    Sealer { name: "aes128-gcm", cipher: Cipher::Aes128Gcm },
    Sealer { name: "aes192-gcm", cipher: Cipher::Aes192Gcm },
    Sealer { name: "aes256-gcm", cipher: Cipher::Aes256Gcm },
    Sealer { name: "3des-cbc", cipher: Cipher::TripleDesCbc },
    Sealer { name: "rc2-128-cbc", cipher: Cipher::Rc2Cbc(128) },
];

impl Sealer {
    pub(super) const fn is_authenticated(self) -> bool {
        self.cipher.is_authenticated()
    }
}

pub(super) struct Signing {
    pub(super) scheme: Scheme,
    pub(super) form: Form,
}

pub(super) struct Sealing {
    pub(super) recipient: Recipient,
    pub(super) cipher: Sealer,
}

/// A cell of one of the tables.
pub(super) trait Case {
    fn name(&self) -> String;
    fn signing(&self) -> Option<&Signing> {
        None
    }
    fn sealing(&self) -> Option<&Sealing> {
        None
    }
}

impl Case for Signing {
    fn name(&self) -> String {
        format!("{} {}", self.scheme.name, self.form.name())
    }

    fn signing(&self) -> Option<&Self> {
        Some(self)
    }
}

impl Case for Sealing {
    fn name(&self) -> String {
        format!("{} {}", self.recipient.name, self.cipher.name)
    }

    fn sealing(&self) -> Option<&Self> {
        Some(self)
    }
}
