//! Any octets are a key record or a private key: a key that can be read is published and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dkim::key::{DnsRecord, KeyRecord, PrivateKey, PublicKey};
use mailwright_dns::{Txt, Zone};

fuzz_target!(|octets: &[u8]| {
    match KeyRecord::parse(octets) {
        Ok(key) => publish(key.public),
        Err(error) => assert!(error.position() <= octets.len()),
    }
    if let Ok(key) = PrivateKey::from_der(octets) {
        publish(key.public_key().clone());
    }
    if let Ok(key) =
        std::str::from_utf8(octets).map_err(drop).and_then(|pem| PrivateKey::from_pem(pem).map_err(drop))
    {
        publish(key.public_key().clone());
    }
});

fn publish(key: PublicKey) {
    let (selector, domain) = ("s".parse().expect("a label"), "example.org".parse().expect("a domain"));
    let record = DnsRecord::new(&selector, &domain, key.clone()).expect("a short name");
    let text = record.text();
    assert_eq!(KeyRecord::parse(text.as_bytes()).map(|read| read.public), Ok(key));
    assert_eq!(Txt::from_parts(record.strings()).expect("short strings").as_bytes(), text.as_bytes());
    let mut zone = Zone::new();
    zone.add_txt(record.name().to_string(), &text).expect("a name");
    assert_eq!(record.check(&zone), mailwright_dkim::key::RecordCheck::Published);
}
