//! Signatures.

use mailwright_smime::primitive::{self, Scheme};
use mailwright_smime::{Digest, PrivateKey};
use serde_json::{Map, Value};

use super::fields::hex;
use super::{Did, Group, Schema, Wanted, der};
use crate::json;

/// Every schema has its key in more than one form; the one that is read is the DER of `SubjectPublicKeyInfo`.
const fn schema(
    name: &'static str,
    group: &'static str,
    group_fields: &'static [&'static str],
    run: super::Run,
) -> Schema {
    Schema { name, group, group_fields, test_fields: &["msg", "sig"], other_is_refusal: false, run }
}

const EC: &[&str] = &["publicKey", "publicKeyDer", "publicKeyPem", "publicKeyJwk", "sha"];
const RSA: &[&str] = &[
    "keySize",
    "publicKey",
    "publicKeyAsn",
    "publicKeyDer",
    "publicKeyPem",
    "publicKeyJwk",
    "keyJwk",
    "sha",
];
const PSS: &[&str] = &[
    "keySize",
    "publicKey",
    "publicKeyAsn",
    "publicKeyDer",
    "publicKeyPem",
    "publicKeyJwk",
    "sha",
    "mgf",
    "mgfSha",
    "sLen",
];
const GENERATE: &[&str] = &[
    "privateKey",
    "keyAsn",
    "keyDer",
    "keyPem",
    "keyJwk",
    "keySize",
    "privateKeyPem",
    "privateKeyPkcs8",
    "privateKeyJwk",
    "sha",
];

pub(super) const SCHEMAS: &[Schema] = &[
    schema("ecdsa_verify_schema_v1.json", "EcdsaVerify", EC, ecdsa),
    schema("ecdsa_p1363_verify_schema_v1.json", "EcdsaP1363Verify", EC, ecdsa_p1363),
    schema(
        "eddsa_verify_schema_v1.json",
        "EddsaVerify",
        &["publicKey", "publicKeyDer", "publicKeyPem", "publicKeyJwk"],
        eddsa,
    ),
    schema("dsa_verify_schema_v1.json", "DsaVerify", EC, dsa),
    schema("dsa_p1363_verify_schema_v1.json", "DsaP1363Verify", EC, dsa_p1363),
    schema("rsassa_pkcs1_verify_schema_v1.json", "RsassaPkcs1Verify", RSA, pkcs1),
    schema("rsassa_pkcs1_generate_schema_v1.json", "RsassaPkcs1Generate", GENERATE, generate),
    schema("rsassa_pss_verify_schema_v1.json", "RsassaPssVerify", PSS, pss),
    schema("rsassa_pss_with_parameters_verify_schema.json", "RsassaPssWithParametersVerify", PSS, pss),
    Schema {
        name: "mldsa_verify_schema.json",
        group: "MlDsaVerify",
        group_fields: &["publicKey", "publicKeyDer"],
        test_fields: &["msg", "sig", "ctx"],
        other_is_refusal: false,
        run: ml_dsa,
    },
];

/// The answer on the test's message and signature.
fn verify(
    group: &Group<'_>,
    test: &Map<String, Value>,
    scheme: Scheme,
    signature: &[u8],
) -> Result<Did, String> {
    let key = group.hex("publicKeyDer")?;
    Ok(Did::of_yes(primitive::verify(scheme, &key, &hex(test, "msg")?, signature)))
}

/// The same, with a scheme of the digest in `sha`.
fn with_digest(
    group: &Group<'_>,
    test: &Map<String, Value>,
    scheme: fn(Digest) -> Scheme,
    signature: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>,
) -> Result<(Did, Wanted), String> {
    // What is of another length than the two numbers is no signature; the key may still be one that the crate has not.
    let signature = signature(hex(test, "sig")?).unwrap_or_default();
    let did = match group.digest("sha")? {
        None => Did::Unsupported,
        Some(digest) => verify(group, test, scheme(digest), &signature)?,
    };
    Ok((did, Vec::new()))
}

fn ecdsa(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    with_digest(group, test, Scheme::Ecdsa, Some)
}

fn dsa(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    with_digest(group, test, Scheme::Dsa, Some)
}

/// `Ecdsa-Sig-Value` of two numbers as long as the order, the form that CMS has (RFC 5753 2.1.1).
fn of_p1363(signature: &[u8], octets: usize) -> Option<Vec<u8>> {
    let (r, s) = signature.split_at_checked(octets).filter(|(_, s)| s.len() == octets)?;
    Some(der::sequence(&[&der::integer(r), &der::integer(s)]))
}

fn ecdsa_p1363(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let bits = group.fields.get("publicKey").and_then(|key| key.get("keySize")?.as_u64());
    let octets = bits.and_then(|bits| usize::try_from(bits.div_ceil(8)).ok());
    let octets = octets.ok_or("the key has no size")?;
    with_digest(group, test, Scheme::Ecdsa, |signature| of_p1363(&signature, octets))
}

fn dsa_p1363(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let key = group.fields.get("publicKey").and_then(Value::as_object).ok_or("no `publicKey`")?;
    let octets = hex(key, "q")?.iter().skip_while(|octet| **octet == 0).count();
    with_digest(group, test, Scheme::Dsa, |signature| of_p1363(&signature, octets))
}

fn eddsa(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    Ok((verify(group, test, Scheme::Ed25519, &hex(test, "sig")?)?, Vec::new()))
}

fn pkcs1(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    with_digest(group, test, Scheme::RsaPkcs1, Some)
}

fn pss(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let mask = match group.text("mgf")? {
        "MGF1" => group.digest("mgfSha")?,
        "SHAKE128" | "SHAKE256" => None,
        other => return Err(format!("`mgf` is {other}")),
    };
    let did = match (group.digest("sha")?, mask) {
        (Some(digest), Some(mgf)) => {
            let scheme = Scheme::RsaPss { digest, mgf, salt: group.number("sLen")? };
            verify(group, test, scheme, &hex(test, "sig")?)?
        }
        _ => Did::Unsupported,
    };
    Ok((did, Vec::new()))
}

/// The signature is the same each time.
fn generate(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let wanted = hex(test, "sig")?;
    let Some(digest) = group.digest("sha")? else { return Ok((Did::Unsupported, wanted)) };
    let message = hex(test, "msg")?;
    let signed = PrivateKey::from_der(&group.hex("privateKeyPkcs8")?)
        .and_then(|key| primitive::sign_pkcs1(&key, digest, &message));
    Ok((Did::of(signed), wanted))
}

fn ml_dsa(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    // RFC 9882 3: the context is empty.
    if test.contains_key("ctx") && !json::text(test, "ctx")?.is_empty() {
        return Ok((Did::Unsupported, Vec::new()));
    }
    Ok((verify(group, test, Scheme::PostQuantum, &hex(test, "sig")?)?, Vec::new()))
}
