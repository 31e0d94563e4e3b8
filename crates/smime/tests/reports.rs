//! Reports as JSON and as text.
#![cfg(feature = "serde")]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used, reason = "a test")]

use mailwright_smime::cms::Keys;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Context, Encryptor, PrivateKey, Signer, SystemRandom, open};
use serde_json::Value;

const CA: &[u8] = include_bytes!("keys/ca.crt");
const P256: &[u8] = include_bytes!("keys/p256.crt");
const RSA: &[u8] = include_bytes!("keys/rsa.crt");

fn sealed() -> Vec<u8> {
    let key = PrivateKey::from_der(include_bytes!("keys/p256.key")).unwrap();
    let signer = Signer::new(&key, P256).unwrap().signing_time("2026-12-31T23:00:00Z".parse().unwrap());
    let message = b"From: p256@example.org\r\nSubject: test\r\n\r\nHello.\r\n";
    let signed = signer.sign_message(message).unwrap();
    Encryptor::new().to(RSA).unwrap().encrypt_message(&signed, &mut SystemRandom::new()).unwrap()
}

fn keys() -> Keys {
    let mut keys = Keys::new();
    keys.add(PrivateKey::from_der(include_bytes!("keys/rsa.key")).unwrap(), RSA).unwrap();
    keys
}

fn context() -> Context<'static> {
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    Context::new().trust([Certificate::from_der(CA).unwrap()]).at(now)
}

#[test]
fn json_tells_every_layer_and_every_signer() {
    let (message, keys) = (sealed(), keys());
    let report = open(&message, &context().keys(&keys)).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["verdict"]["result"], "good", "{json}");
    let encrypted = &json["layers"][0]["kind"]["encrypted"];
    assert_eq!(encrypted["opened"]["cipher"], "aes256-gcm");
    assert_eq!(encrypted["opened"]["authenticated"], true);
    assert_eq!(encrypted["opened"]["by"]["certificate"]["addresses"][0], "rsa@example.org");
    assert_eq!(encrypted["recipients"][0]["form"], "key_transport");
    assert_eq!(encrypted["recipients"][0]["id"]["certificate"]["serial"], "0b");
    let signer = &json["layers"][1]["kind"]["signed"]["signers"][0];
    assert_eq!(signer["identity"]["result"], "match");
    assert_eq!(signer["chain"]["trusted"], true);
    assert_eq!(signer["chain"]["path"]["certificates"][0]["key"]["text"], "EC, P-256");
    assert_eq!(signer["signing_time"], "2026-12-31T23:00:00Z");
    assert_eq!(json["header"]["scheme"], "none");
}

#[test]
fn json_says_why_not() {
    let message = sealed();
    let closed = serde_json::to_value(open(&message, &context()).unwrap()).unwrap();
    assert_eq!(closed["verdict"]["result"], "unsigned");
    assert_eq!(closed["layers"][0]["kind"]["encrypted"]["error"]["kind"], "no_recipient");

    let key = PrivateKey::from_der(include_bytes!("keys/p256.key")).unwrap();
    let signed = Signer::new(&key, P256).unwrap();
    let signed = signed.sign_message(b"From: p256@example.org\r\n\r\nHello.\r\n").unwrap();
    let changed = String::from_utf8(signed).unwrap().replace("Hello", "Hullo");
    let json = serde_json::to_value(open(changed.as_bytes(), &context()).unwrap()).unwrap();
    assert_eq!(json["verdict"]["why"]["about"], "signature");
    assert_eq!(json["verdict"]["why"]["rule"], "RFC 5652 11.2");
    assert_eq!(json["layers"][0]["kind"]["signed"]["signers"][0]["signature"]["fault"], "message_digest");

    let stranger = Context::new();
    let json = serde_json::to_value(open(changed.as_bytes(), &stranger).unwrap()).unwrap();
    let chain = &json["layers"][0]["kind"]["signed"]["signers"][0]["chain"];
    assert_eq!(
        (&chain["trusted"], &chain["error"]["reason"]),
        (&Value::Bool(false), &Value::from("no_path"))
    );
}

#[test]
fn text_names_who_signed_and_on_what_trust_rests() {
    let (message, keys) = (sealed(), keys());
    let text = open(&message, &context().keys(&keys)).unwrap().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    assert!(lines[0].starts_with("encrypted, AES-256-GCM, opened with the key of "), "{text}");
    assert_eq!(lines[1..3], ["signed", "p256@example.org: good"], "{text}");
    assert!(lines.contains(&"sender: the signer is the sender"), "{text}");
    assert!(text.contains("which is trusted; whether it was revoked is not known"), "{text}");
    assert_eq!(lines.last(), Some(&"good"));
}

#[test]
fn a_rule_is_named_once() {
    let message = sealed();
    let keys = keys();
    let early = context().keys(&keys).at("2000-01-01T00:00:00Z".parse().unwrap());
    let verdict = open(&message, &early).unwrap().verdict().to_string();
    assert_eq!(verdict.matches("RFC ").count(), 1, "{verdict}");
}
