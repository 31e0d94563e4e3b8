//! Receipts asked for, made and compared; capabilities and the certificate to encrypt to, as they come out of a report.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use mailwright_smime::ess::{AskedReceipt, Receipt, ReceiptFault, ReceiptRequest, ReceiptsFrom};
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Cipher, Context, Layer, PrivateKey, Report, Signer, SignerReport, Verdict, open};

const CA: &[u8] = include_bytes!("keys/ca.crt");
const P256: (&[u8], &[u8]) = (include_bytes!("keys/p256.key"), include_bytes!("keys/p256.crt"));
const RSA: (&[u8], &[u8]) = (include_bytes!("keys/rsa.key"), include_bytes!("keys/rsa.crt"));
const X25519: &[u8] = include_bytes!("keys/x25519.crt");
const MAIL: &[u8] = b"From: p256@example.org\r\nSubject: a\r\n\r\nHello.\r\n";

fn context<'k>() -> Context<'k> {
    Context::new().trust([Certificate::from_der(CA).unwrap()]).at("2027-01-01T00:00:00Z".parse().unwrap())
}

fn signer<'r>(report: &'r Report<'_>) -> &'r SignerReport {
    &report.layers[0].signed().unwrap().signers[0]
}

fn request() -> ReceiptRequest {
    ReceiptRequest::new(b"1", "p256@example.org")
}

fn asked(request: ReceiptRequest, body: &str) -> AskedReceipt {
    let key = PrivateKey::from_der(P256.0).unwrap();
    let mail = [MAIL, body.as_bytes()].concat();
    let mail = Signer::new(&key, P256.1).unwrap().request_receipt(request).sign_message(&mail).unwrap();
    let report = open(&mail, &context()).unwrap();
    assert_eq!(report.verdict(), Verdict::Good);
    signer(&report).stated.receipt.clone().unwrap()
}

/// The message with RSA's receipt.
fn receipt(asked: &AskedReceipt) -> Vec<u8> {
    let key = PrivateKey::from_der(RSA.0).unwrap();
    let signer = Signer::new(&key, RSA.1).unwrap().request_receipt(request());
    [b"From: rsa@example.org\r\nTo: p256@example.org\r\n", &signer.sign_receipt(asked).unwrap()[..]].concat()
}

#[test]
fn a_receipt_is_for_one_message_alone() {
    let first = asked(request(), "");
    let message = receipt(&first);
    let report = open(&message, &context()).unwrap();
    assert_eq!(report.verdict(), Verdict::Good);
    assert_eq!(report.layers.len(), 1, "a receipt is not looked into");
    let layer = &report.layers[0];
    assert_eq!(first.check(layer), Ok(()));
    assert_eq!(Receipt::from_der(&layer.content).unwrap().id, b"1");
    assert_eq!(signer(&report).stated.receipt, None, "a receipt asks for none (RFC 2634 2.5)");
    // Another text, another identifier.
    assert_eq!(asked(request(), "Changed.\r\n").check(layer), Err(ReceiptFault::OtherSignature));
    let other = ReceiptRequest::new(b"2", "p256@example.org");
    assert_eq!(asked(other, "").check(layer), Err(ReceiptFault::OtherMessage));
}

#[test]
fn what_is_no_receipt_is_none() {
    let first = asked(request(), "");
    let key = PrivateKey::from_der(RSA.0).unwrap();
    // The content of a receipt, signed as data.
    let message = receipt(&first);
    let content = open(&message, &context()).unwrap().layers[0].content.to_vec();
    let signer = Signer::new(&key, RSA.1).unwrap();
    let opaque = signer.clone().opaque().sign_cms(&content).unwrap();
    let layer = mailwright_smime::open_cms(&opaque, &context()).unwrap();
    assert_eq!(first.check(&layer), Err(ReceiptFault::NoReceipt));
    let beside = signer.sign_cms(&content).unwrap();
    let layer = mailwright_smime::verify_detached(&beside, &content, &context()).unwrap();
    assert_eq!(first.check(&Layer::of_detached(layer, &content)), Err(ReceiptFault::NoReceipt));
}

#[test]
fn a_receipt_is_asked_of_those_named() {
    let from = ReceiptsFrom::Addresses(vec!["rsa@example.org".into()]);
    let asked = asked(request().from(from.clone()), "");
    assert_eq!(asked.request().from, from);
    assert!(asked.is_from("rsa@EXAMPLE.org") && !asked.is_from("p384@example.org"));
}

#[test]
fn a_request_that_cannot_be_written_is_refused() {
    let key = PrivateKey::from_der(P256.0).unwrap();
    let mut nowhere = request();
    nowhere.to.clear();
    let mut many = request();
    many.to = vec!["a@example.org".into(); 17];
    let foreign = ReceiptRequest::new(b"1", "jörg@example.org");
    for request in [nowhere, many, foreign] {
        let signer = Signer::new(&key, P256.1).unwrap().request_receipt(request);
        assert!(signer.sign_message(MAIL).is_err());
    }
}

#[test]
fn capabilities_and_the_certificate_to_encrypt_to_are_stated() {
    let key = PrivateKey::from_der(P256.0).unwrap();
    let signer_of = || Signer::new(&key, P256.1).unwrap();
    let mail = signer_of().encryption_certificate(X25519).unwrap().sign_message(MAIL).unwrap();
    let report = open(&mail, &context()).unwrap();
    let stated = &signer(&report).stated;
    let ciphers: Vec<Cipher> = stated.capabilities.as_ref().unwrap().ciphers().collect();
    assert_eq!(ciphers[..2], [Cipher::Aes256Gcm, Cipher::Aes128Gcm]);
    let named = stated.encryption_key.as_ref().unwrap();
    assert!(named.names(&Certificate::from_der(X25519).unwrap()));
    assert!(!named.names(&Certificate::from_der(P256.1).unwrap()));
    // Nothing is stated by one whose signature does not stand.
    let changed = String::from_utf8(mail).unwrap().replace("Hello.", "Hallo.");
    assert_eq!(signer(&open(changed.as_bytes(), &context()).unwrap()).stated, Default::default());
    // Nor where nothing is said.
    let mail = signer_of().capabilities([]).sign_message(MAIL).unwrap();
    assert_eq!(signer(&open(&mail, &context()).unwrap()).stated.capabilities, None);
}
