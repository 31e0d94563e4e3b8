//! Keys sealed and agreed on: what has private keys.

use mailwright_smime::x509::pem_blocks;
use mailwright_smime::{Digest, Error, PrivateKey, primitive};
use serde_json::{Map, Value};

use super::fields::hex;
use super::{Did, Group, Schema, Wanted, der};
use crate::json;

const RSA: &[&str] =
    &["keySize", "sha", "mgf", "mgfSha", "privateKey", "privateKeyPkcs8", "privateKeyPem", "privateKeyJwk"];

const fn agreement(
    name: &'static str,
    group: &'static str,
    group_fields: &'static [&'static str],
    run: super::Run,
) -> Schema {
    let test_fields = &["public", "private", "shared"];
    Schema { name, group, group_fields, test_fields, other_is_refusal: false, run }
}

const CURVE: &[&str] = &["curve", "encoding"];

pub(super) const SCHEMAS: &[Schema] = &[
    Schema {
        name: "rsaes_pkcs1_decrypt_schema_v1.json",
        group: "RsaesPkcs1Decrypt",
        group_fields: &["keySize", "privateKey", "privateKeyPkcs8", "privateKeyPem", "privateKeyJwk"],
        test_fields: &["msg", "ct"],
        other_is_refusal: true,
        run: pkcs1,
    },
    Schema {
        name: "rsaes_oaep_decrypt_schema_v1.json",
        group: "RsaesOaepDecrypt",
        group_fields: RSA,
        test_fields: &["msg", "ct", "label"],
        other_is_refusal: false,
        run: oaep,
    },
    agreement("ecdh_test_schema_v1.json", "EcdhTest", CURVE, ecdh),
    agreement("ecdh_ecpoint_test_schema_v1.json", "EcdhEcpointTest", CURVE, ecdh_point),
    agreement("ecdh_pem_test_schema_v1.json", "EcdhPemTest", CURVE, pem),
    agreement("xdh_comp_schema_v1.json", "XdhComp", &["curve"], xdh),
    agreement("xdh_asn_comp_schema_v1.json", "XdhAsnComp", &["curve"], xdh_asn),
    agreement("xdh_pem_comp_schema_v1.json", "XdhPemComp", &["curve"], pem),
    Schema {
        name: "mlkem_test_schema.json",
        group: "MLKEMTest",
        group_fields: &["parameterSet"],
        test_fields: &["seed", "ek", "c", "K"],
        other_is_refusal: false,
        run: ml_kem,
    },
    Schema {
        name: "mlkem_semi_expanded_decaps_test_schema.json",
        group: "MLKEMDecapsValidationTest",
        group_fields: &["parameterSet"],
        test_fields: &["dk", "c", "ek", "K"],
        other_is_refusal: false,
        run: ml_kem_expanded,
    },
];

fn pkcs1(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let sealed = hex(test, "ct")?;
    let opened = PrivateKey::from_der(&group.hex("privateKeyPkcs8")?)
        .and_then(|key| primitive::decrypt_pkcs1(&key, &sealed));
    Ok((Did::of(opened), hex(test, "msg")?))
}

fn oaep(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (sealed, label, wanted) = (hex(test, "ct")?, hex(test, "label")?, hex(test, "msg")?);
    if group.text("mgf")? != "MGF1" {
        return Err(format!("`mgf` is {}", group.text("mgf")?));
    }
    let (Some(digest), Some(mgf)) = (group.digest("sha")?, group.digest("mgfSha")?) else {
        return Ok((Did::Unsupported, wanted));
    };
    let open = |key: PrivateKey, digest: Digest| primitive::decrypt_oaep(&key, digest, mgf, &label, &sealed);
    let opened = PrivateKey::from_der(&group.hex("privateKeyPkcs8")?).and_then(|key| open(key, digest));
    Ok((Did::of(opened), wanted))
}

/// Curves that the crate has not.
const OTHER_CURVES: &[&str] =
    &["secp224r1", "secp256k1", "brainpoolP", "sect", "curve448", "secp160", "secp192", "secp224k1"];

/// The content of the identifier of a curve; `None` for those that the crate has not.
fn curve(name: &str) -> Result<Option<&'static [u8]>, String> {
    match name {
        "secp256r1" => Ok(Some(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07])),
        "secp384r1" => Ok(Some(&[0x2b, 0x81, 0x04, 0x00, 0x22])),
        "secp521r1" => Ok(Some(&[0x2b, 0x81, 0x04, 0x00, 0x23])),
        other if OTHER_CURVES.iter().any(|known| other.starts_with(known)) => Ok(None),
        other => Err(format!("`curve` is {other}")),
    }
}

/// `ECPrivateKey` (RFC 5915 3) of a number.
fn ec_key(curve: &[u8], number: &[u8]) -> Result<PrivateKey, Error> {
    let named = der::element(0xa0, &der::element(0x06, curve));
    PrivateKey::from_der(&der::sequence(&[&der::integer(&[1]), &der::octets(number), &named]))
}

fn agreed(
    group: &Group<'_>,
    test: &Map<String, Value>,
    agree: fn(&PrivateKey, &[u8]) -> Result<Vec<u8>, Error>,
) -> Result<(Did, Wanted), String> {
    let (public, private, wanted) = (hex(test, "public")?, hex(test, "private")?, hex(test, "shared")?);
    let Some(curve) = curve(group.text("curve")?)? else { return Ok((Did::Unsupported, wanted)) };
    Ok((Did::of(ec_key(curve, &private).and_then(|key| agree(&key, &public))), wanted))
}

fn ecdh(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    if group.text("encoding")? != "asn" {
        return Err(format!("`encoding` is {}", group.text("encoding")?));
    }
    agreed(group, test, primitive::agree)
}

fn ecdh_point(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    if group.text("encoding")? != "ecpoint" {
        return Err(format!("`encoding` is {}", group.text("encoding")?));
    }
    agreed(group, test, primitive::agree_with)
}

fn pem(_: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (public, private) = (json::text(test, "public")?, json::text(test, "private")?);
    let agreed = PrivateKey::from_pem(private.as_bytes()).and_then(|key| {
        let block = pem_blocks(public.as_bytes())?.into_iter().find(|block| block.label == "PUBLIC KEY");
        primitive::agree(&key, &block.map(|block| block.der).unwrap_or_default())
    });
    Ok((Did::of(agreed), hex(test, "shared")?))
}

/// 1.3.101.110
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];

/// PKCS #8 (RFC 5958) of an algorithm without parameters.
fn pkcs8(oid: &[u8], inner: &[u8]) -> Result<PrivateKey, Error> {
    let algorithm = der::sequence(&[&der::element(0x06, oid)]);
    PrivateKey::from_der(&der::sequence(&[&der::integer(&[]), &algorithm, &der::octets(inner)]))
}

/// Whether it is the curve that the crate has of the two.
fn is_25519(group: &Group<'_>) -> Result<bool, String> {
    match group.text("curve")? {
        "curve25519" => Ok(true),
        "curve448" => Ok(false),
        other => Err(format!("`curve` is {other}")),
    }
}

fn xdh(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    let (public, private, wanted) = (hex(test, "public")?, hex(test, "private")?, hex(test, "shared")?);
    if !is_25519(group)? {
        return Ok((Did::Unsupported, wanted));
    }
    let key = pkcs8(X25519, &der::octets(&private));
    Ok((Did::of(key.and_then(|key| primitive::agree_with(&key, &public))), wanted))
}

fn xdh_asn(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    is_25519(group)?;
    let (public, private) = (hex(test, "public")?, hex(test, "private")?);
    let agreed = PrivateKey::from_der(&private).and_then(|key| primitive::agree(&key, &public));
    Ok((Did::of(agreed), hex(test, "shared")?))
}

fn decapsulated(group: &Group<'_>, test: &Map<String, Value>, form: &[u8]) -> Result<(Did, Wanted), String> {
    // 2.16.840.1.101.3.4.4
    let set = match group.text("parameterSet")? {
        "ML-KEM-512" => 1,
        "ML-KEM-768" => 2,
        "ML-KEM-1024" => 3,
        other => return Err(format!("`parameterSet` is {other}")),
    };
    let oid = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, set];
    let ciphertext = hex(test, "c")?;
    let shared = pkcs8(&oid, form).and_then(|key| primitive::decapsulate(&key, &ciphertext));
    let wanted = if test.contains_key("K") { hex(test, "K")? } else { Vec::new() };
    Ok((Did::of(shared), wanted))
}

fn ml_kem(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    decapsulated(group, test, &der::element(0x80, &hex(test, "seed")?))
}

fn ml_kem_expanded(group: &Group<'_>, test: &Map<String, Value>) -> Result<(Did, Wanted), String> {
    decapsulated(group, test, &der::octets(&hex(test, "dk")?))
}
