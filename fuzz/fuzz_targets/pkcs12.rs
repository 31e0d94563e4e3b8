//! PKCS #12 files and private keys of any octets end in an answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_smime::PrivateKey;
use mailwright_smime::pkcs12::Pkcs12;

fuzz_target!(|input: &[u8]| {
    // Rounds are the sender's choice, and what they cost is limited, yet too much for a fuzzer.
    if has_many_rounds(input) {
        return;
    }
    if let Ok(opened) = Pkcs12::open(input, "Passw0rd") {
        let _ = opened.identities();
        opened.keys().iter().for_each(|key| {
            let _ = (key.private_key(), key.name().map(str::len), key.local_key_id());
        });
    }
    let _ = (PrivateKey::from_der(input), PrivateKey::from_encrypted_der(input, "Passw0rd"));
    let _ = PrivateKey::from_pem_with_password(input, "Passw0rd");
});

/// Whether an INTEGER of three octets or more, that is below those of keys, is somewhere.
fn has_many_rounds(input: &[u8]) -> bool {
    input.windows(5).any(|window| matches!(window, [0x02, 3..=8, first, ..] if *first < 0x80))
        && !input.starts_with(b"-----")
}
