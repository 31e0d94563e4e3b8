//! Ciphers, wrapped keys, codes and derived keys: what has secret keys alone.

use mailwright_smime::primitive::{self, Wrapping};
use mailwright_smime::{Cipher, Digest};
use serde_json::{Map, Value};

use super::fields::{digest_of, hex};
use super::{Did, Group, Schema, Wanted};
use crate::json;

pub(super) const SCHEMAS: &[Schema] = &[
    Schema {
        name: "ind_cpa_test_schema_v1.json",
        group: "IndCpaTest",
        group_fields: &["keySize", "ivSize"],
        test_fields: &["key", "iv", "msg", "ct"],
        other_is_refusal: false,
        run: cbc,
    },
    Schema {
        name: "aead_test_schema_v1.json",
        group: "AeadTest",
        group_fields: &["keySize", "ivSize", "tagSize"],
        test_fields: &["key", "iv", "aad", "msg", "ct", "tag"],
        other_is_refusal: false,
        run: gcm,
    },
    Schema {
        name: "keywrap_test_schema_v1.json",
        group: "KeywrapTest",
        group_fields: &["keySize"],
        test_fields: &["key", "msg", "ct"],
        other_is_refusal: false,
        run: wrap,
    },
    Schema {
        name: "mac_test_schema_v1.json",
        group: "MacTest",
        group_fields: &["keySize", "tagSize"],
        test_fields: &["key", "msg", "tag"],
        other_is_refusal: false,
        run: mac,
    },
    Schema {
        name: "hkdf_test_schema_v1.json",
        group: "HkdfTest",
        group_fields: &["keySize"],
        test_fields: &["ikm", "salt", "info", "size", "okm"],
        other_is_refusal: false,
        run: hkdf,
    },
    Schema {
        name: "pbkdf_test_schema.json",
        group: "PbkdfTest",
        group_fields: &[],
        test_fields: &["password", "salt", "iterationCount", "dkLen", "dk"],
        other_is_refusal: false,
        run: pbkdf,
    },
    Schema {
        name: "pbe_test_schema.json",
        group: "PbeTest",
        group_fields: &[],
        test_fields: &["password", "salt", "iterationCount", "iv", "msg", "ct"],
        other_is_refusal: false,
        run: pbe,
    },
];

/// The octets that were sealed where sealing them again gives the same.
fn both_ways(opened: Did, sealed: &[u8], seal: impl FnOnce(&[u8]) -> Did) -> Did {
    opened.and(|content| match seal(content) {
        Did::Gave(again) if again == sealed => Did::Gave(content.to_vec()),
        _ => Did::Refused,
    })
}

fn cbc(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (key, vector, sealed) = (hex(test, "key")?, hex(test, "iv")?, hex(test, "ct")?);
    let wanted = hex(test, "msg")?;
    let known = group.is("AES-CBC-PKCS5", &["AES-XTS", "ARIA-CBC-PKCS5", "CAMELLIA-CBC-PKCS5"])?;
    let cipher = match group.number("keySize")? {
        _ if !known => return Ok((Did::Unsupported, wanted)),
        128 => Cipher::Aes128Cbc,
        192 => Cipher::Aes192Cbc,
        256 => Cipher::Aes256Cbc,
        _ => return Ok((Did::Unsupported, wanted)),
    };
    let opened = Did::of(primitive::cbc_open(cipher, &key, &vector, &sealed));
    let seal = |content: &[u8]| Did::of(primitive::cbc_seal(cipher, &key, &vector, content));
    Ok((both_ways(opened, &sealed, seal), wanted))
}

const OTHER_AEADS: &[&str] = &[
    "A128CBC-HS256",
    "A192CBC-HS384",
    "A256CBC-HS512",
    "AEAD-AES-SIV-CMAC",
    "AEGIS128",
    "AEGIS128L",
    "AEGIS256",
    "AES-CCM",
    "AES-EAX",
    "AES-GCM-SIV",
    "ARIA-CCM",
    "ARIA-GCM",
    "ASCON-AEAD128",
    "ASCON128",
    "ASCON128A",
    "ASCON80PQ",
    "CAMELLIA-CCM",
    "CHACHA20-POLY1305",
    "MORUS1280",
    "MORUS640",
    "SEED-CCM",
    "SEED-GCM",
    "SM4-CCM",
    "SM4-GCM",
    "XCHACHA20-POLY1305",
];

fn gcm(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (key, nonce, aad) = (hex(test, "key")?, hex(test, "iv")?, hex(test, "aad")?);
    let (sealed, tag, wanted) = (hex(test, "ct")?, hex(test, "tag")?, hex(test, "msg")?);
    let known = group.is("AES-GCM", OTHER_AEADS)?;
    let cipher = match (group.number("keySize")?, group.number("tagSize")?) {
        _ if !known => return Ok((Did::Unsupported, wanted)),
        (128, 128) => Cipher::Aes128Gcm,
        (192, 128) => Cipher::Aes192Gcm,
        (256, 128) => Cipher::Aes256Gcm,
        _ => return Ok((Did::Unsupported, wanted)),
    };
    let opened = Did::of(primitive::gcm_open(cipher, &key, &nonce, &aad, &sealed, &tag));
    let seal = |content: &[u8]| {
        let sealed = primitive::gcm_seal(cipher, &key, &nonce, &aad, content);
        Did::of(sealed.map(|(sealed, tag)| [sealed, tag].concat()))
    };
    Ok((both_ways(opened, &[sealed.as_slice(), &tag].concat(), seal), wanted))
}

fn wrap(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (key, sealed, wanted) = (hex(test, "key")?, hex(test, "ct")?, hex(test, "msg")?);
    let others = ["ARIA-WRAP", "ARIA-KWP", "CAMELLIA-WRAP", "SEED-WRAP"];
    let wrapping = match group.algorithm {
        "AES-WRAP" => Wrapping::Kw,
        "AES-KWP" => Wrapping::Kwp,
        other if others.contains(&other) => return Ok((Did::Unsupported, wanted)),
        other => return Err(format!("`algorithm` is {other}")),
    };
    let opened = Did::of(primitive::unwrap_key(wrapping, &key, &sealed));
    let seal = |content: &[u8]| Did::of(primitive::wrap_key(wrapping, &key, content));
    Ok((both_ways(opened, &sealed, seal), wanted))
}

const OTHER_CODES: &[&str] = &[
    "AES-CMAC",
    "ARIA-CMAC",
    "CAMELLIA-CMAC",
    "KMAC128",
    "KMAC256",
    "SipHash-1-3",
    "SipHash-2-4",
    "SipHash-4-8",
    "SipHashX-2-4",
    "SipHashX-4-8",
];

fn mac(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (key, message, tag) = (hex(test, "key")?, hex(test, "msg")?, hex(test, "tag")?);
    if OTHER_CODES.contains(&group.algorithm) {
        return Ok((Did::Unsupported, Vec::new()));
    }
    let name =
        group.algorithm.strip_prefix("HMAC").ok_or_else(|| format!("`algorithm` is {}", group.algorithm))?;
    let Some(digest) = digest_of(name)? else { return Ok((Did::Unsupported, Vec::new())) };
    let code = primitive::hmac(digest, &key, &message);
    let short = code.get(..group.number("tagSize")? / 8).unwrap_or(&code);
    Ok((if short == tag { Did::Gave(Vec::new()) } else { Did::Refused }, Vec::new()))
}

fn hkdf(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (secret, salt, info) = (hex(test, "ikm")?, hex(test, "salt")?, hex(test, "info")?);
    let (octets, wanted) = (json::number(test, "size")?, hex(test, "okm")?);
    let name =
        group.algorithm.strip_prefix("HKDF-").ok_or_else(|| format!("`algorithm` is {}", group.algorithm))?;
    let Some(digest) = digest_of(name)? else { return Ok((Did::Unsupported, wanted)) };
    Ok((Did::of(primitive::hkdf(digest, &secret, &salt, &info, octets)), wanted))
}

/// What PBKDF2 gives for a test.
fn derived(test: &Map<String, Value>, digest: Digest, octets: usize) -> Result<Did, String> {
    let (password, salt) = (hex(test, "password")?, hex(test, "salt")?);
    let rounds = json::number(test, "iterationCount")? as u64;
    Ok(Did::of(primitive::pbkdf2(digest, &password, &salt, rounds, octets)))
}

fn pbkdf(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let name = group.algorithm.strip_prefix("PBKDF2-HMAC");
    let name = name.ok_or_else(|| format!("`algorithm` is {}", group.algorithm))?;
    let wanted = hex(test, "dk")?;
    let Some(digest) = digest_of(name)? else { return Ok((Did::Unsupported, wanted)) };
    Ok((derived(test, digest, json::number(test, "dkLen")?)?, wanted))
}

/// A key from a password, and AES in CBC with it.
fn pbe(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let unknown = || format!("`algorithm` is {}", group.algorithm);
    let name = group.algorithm.strip_prefix("PbeWithHmac").ok_or_else(unknown)?;
    let (digest, bits) = name.split_once("AndAes_").ok_or_else(unknown)?;
    let (vector, sealed, wanted) = (hex(test, "iv")?, hex(test, "ct")?, hex(test, "msg")?);
    let Some(digest) = digest_of(&digest.to_uppercase())? else { return Ok((Did::Unsupported, wanted)) };
    let cipher = match bits {
        "128" => Cipher::Aes128Cbc,
        "192" => Cipher::Aes192Cbc,
        "256" => Cipher::Aes256Cbc,
        _ => return Err(unknown()),
    };
    let key = derived(test, digest, cipher.key_octets())?;
    Ok((key.and(|key| Did::of(primitive::cbc_open(cipher, key, &vector, &sealed))), wanted))
}
