//! The keys of the tests, and what is done with them everywhere.
#![allow(dead_code, reason = "no test uses all of it")]

use mailwright_smime::cms::Keys;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Context, PrivateKey};

macro_rules! pair {
    ($name:literal) => {
        Pair {
            key: include_bytes!(concat!("../keys/", $name, ".key")),
            certificate: include_bytes!(concat!("../keys/", $name, ".crt")),
            address: concat!($name, "@example.org"),
        }
    };
}

pub(crate) struct Pair {
    pub(crate) key: &'static [u8],
    pub(crate) certificate: &'static [u8],
    pub(crate) address: &'static str,
}

pub(crate) const CA: &[u8] = include_bytes!("../keys/ca.crt");
pub(crate) const SIGN: [Pair; 5] =
    [pair!("rsa"), pair!("p256"), pair!("p384"), pair!("p521"), pair!("ed25519")];
pub(crate) const SEAL: [Pair; 5] =
    [pair!("rsa"), pair!("p256"), pair!("p384"), pair!("p521"), pair!("x25519")];

impl Pair {
    pub(crate) fn key(&self) -> PrivateKey {
        PrivateKey::from_der(self.key).unwrap()
    }

    pub(crate) fn message(&self, body: &str) -> Vec<u8> {
        format!("From: {}\r\nSubject: test\r\nContent-Type: text/plain\r\n\r\n{body}", self.address)
            .into_bytes()
    }
}

pub(crate) fn context<'k>() -> Context<'k> {
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    Context::new().trust([Certificate::from_der(CA).unwrap()]).at(now)
}

pub(crate) fn keys(pair: &Pair) -> Keys {
    let mut keys = Keys::new();
    keys.add(pair.key(), pair.certificate).unwrap();
    keys
}
