//! The keys of the tests, for every kind of recipient, and a context with all that can be judged.

use std::cell::OnceCell;

use mailwright_smime::cms::Keys;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Context, Policy, PrivateKey};

/// What the seeds sign beside them.
#[allow(dead_code, reason = "one of the targets uses it")]
pub const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nHello.\r\n";

const CA: &[u8] = include_bytes!("../../crates/smime/tests/keys/ca.crt");

macro_rules! pairs {
    ($($name:literal)+) => {
        [$((
            include_bytes!(concat!("../../crates/smime/tests/keys/", $name, ".key")).as_slice(),
            include_bytes!(concat!("../../crates/smime/tests/keys/", $name, ".crt")).as_slice(),
        )),+]
    };
}

/// Calls `f` with the context.
pub fn with(f: impl FnOnce(&Context<'_>)) {
    thread_local! {
        static KEYS: OnceCell<Keys> = const { OnceCell::new() };
    }
    KEYS.with(|keys| {
        let keys = keys.get_or_init(keys_of_tests);
        let context = Context::new()
            .trust([Certificate::from_der(CA).expect("a certificate of the tests")])
            .keys(keys)
            .policy(Policy::interop())
            .at("2027-01-01T00:00:00Z".parse().expect("a time"));
        f(&context);
    });
}

fn keys_of_tests() -> Keys {
    let mut keys = Keys::new();
    for (key, certificate) in pairs!["rsa" "p256" "p384" "p521" "x25519"] {
        let key = PrivateKey::from_der(key).expect("a key of the tests");
        keys.add(key, certificate).expect("a pair of the tests");
    }
    keys.add_shared(Some(b"id"), &[7; 32]).add_shared(None, &[9; 32]);
    keys
}
