//! Keys and certificates under a password: files of OpenSSL, and our own.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use mailwright_smime::pkcs12::{Pkcs12, Protection};
use mailwright_smime::x509::Certificate;
use mailwright_smime::{ErrorKind, PrivateKey};

const PASSWORD: &str = "Passw0rd";
const KEY: &[u8] = include_bytes!("data/alice.key");
const ALICE: &[u8] = include_bytes!("data/alice.crt");
const ISSUING: &[u8] = include_bytes!("data/issuing.crt");

/// All ways to protect a file, with few rounds.
const PROTECTIONS: [Protection; 3] = [
    Protection::Pbes2 { iterations: 10 },
    Protection::Scrypt { log_cost: 4 },
    Protection::TripleDes { iterations: 10 },
];

/// Octets for a test, which anybody can guess.
fn fill(octets: &mut [u8]) {
    octets.iter_mut().zip(7u8..).for_each(|(octet, value)| *octet = value);
}

fn key() -> PrivateKey {
    PrivateKey::from_pem(KEY).unwrap()
}

#[test]
fn files_of_openssl_open_with_and_without_mac() {
    for (file, name) in [
        (&include_bytes!("data/alice.p12")[..], "Alice"),
        (include_bytes!("data/nomac.p12"), "Alice \"\u{e4}\""),
        (include_bytes!("data/pbmac1.p12"), "Alice \"\u{e4}\""),
    ] {
        let opened = Pkcs12::open(file, PASSWORD).unwrap();
        assert_eq!((opened.keys().len(), opened.certificates().len()), (1, 2));
        assert_eq!(opened.keys()[0].name(), Some(name));
        assert_eq!(opened.keys()[0].local_key_id(), opened.certificates()[0].local_key_id());
        let identities = opened.identities().unwrap();
        assert_eq!(identities.len(), 1);
        assert_eq!(identities[0].1, ALICE);
        assert!(identities[0].0.matches(&Certificate::from_der(ALICE).unwrap().public_key()));
        assert_eq!(Pkcs12::open(file, "password").unwrap_err().kind(), &ErrorKind::Decrypt);
    }
}

#[test]
fn encrypted_keys_of_openssl_open() {
    for pem in [
        &include_bytes!("data/alice.scrypt.pem")[..],
        include_bytes!("data/alice.pbes2.pem"),
        include_bytes!("data/alice.3des.pem"),
    ] {
        let opened = PrivateKey::from_pem_with_password(pem, PASSWORD).unwrap();
        assert_eq!(opened.to_pkcs8_der(), key().to_pkcs8_der());
        assert!(PrivateKey::from_pem_with_password(pem, "password").is_err());
    }
    assert!(PrivateKey::from_pem_with_password(KEY, PASSWORD).is_ok());
}

#[test]
fn what_was_written_opens() {
    for protection in PROTECTIONS {
        for password in [PASSWORD, "", "p\u{e4}ss \u{1f511}"] {
            let mut file = Pkcs12::new();
            file.add(&key(), &[ALICE, ISSUING], Some("Alice \u{1f511}"));
            let der = file.to_der(password, &protection, &mut fill).unwrap();
            let opened = Pkcs12::open(&der, password).unwrap();
            assert_eq!(opened.keys()[0].name(), Some("Alice \u{1f511}"));
            assert_eq!(opened.keys()[0].private_key().unwrap().to_pkcs8_der(), key().to_pkcs8_der());
            let certificates: Vec<_> = opened.certificates().iter().map(|bag| bag.as_der()).collect();
            assert_eq!(certificates, [ALICE, ISSUING]);
            assert_eq!(Pkcs12::open(&der, "other").unwrap_err().kind(), &ErrorKind::Decrypt);
            let alone = key().to_encrypted_der(password, &protection, &mut fill).unwrap();
            let opened = PrivateKey::from_encrypted_der(&alone, password).unwrap();
            assert_eq!(opened.to_pkcs8_der(), key().to_pkcs8_der());
        }
    }
}

#[test]
fn a_changed_octet_is_seen_by_the_mac() {
    let mut file = Pkcs12::new();
    file.add(&key(), &[ALICE], None);
    let der = file.to_der(PASSWORD, &PROTECTIONS[0], &mut fill).unwrap();
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 0x40;
        assert!(Pkcs12::open(&changed, PASSWORD).is_err(), "octet {at}");
    }
}

#[test]
fn rounds_and_memory_are_limited() {
    let limit = |protection| key().to_encrypted_der(PASSWORD, &protection, &mut fill).unwrap_err();
    let rounds = limit(Protection::Pbes2 { iterations: u32::MAX });
    assert!(matches!(rounds.kind(), ErrorKind::Limit { which: "MAX_ITERATIONS", .. }));
    let memory = limit(Protection::Scrypt { log_cost: 17 });
    assert!(matches!(memory.kind(), ErrorKind::Limit { which: "MAX_SCRYPT_MEMORY", .. }));
}

#[test]
fn nothing_secret_is_printed() {
    let opened = Pkcs12::open(include_bytes!("data/alice.p12"), PASSWORD).unwrap();
    assert_eq!(format!("{opened:?} {:?}", opened.keys()), "Pkcs12(1 keys, 2 certificates) [KeyBag(Alice)]");
}
