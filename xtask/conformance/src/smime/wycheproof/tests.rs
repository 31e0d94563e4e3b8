//! What is graded how.

use serde_json::{Value, json};

use super::*;

fn answered(test: &Value) -> Result<Option<String>, String> {
    let group = json!({"keySize": 128, "ivSize": 96, "tagSize": 128});
    let group = Group { algorithm: "AES-GCM", fields: group.as_object().unwrap() };
    fault(schema("aead_test_schema_v1.json").unwrap(), &group, test.as_object().unwrap())
}

/// Test case 2 of the GCM specification (McGrew and Viega), changed.
fn test(change: &[(&str, Value)]) -> Value {
    let mut test = json!({
        "tcId": 1,
        "comment": "",
        "flags": [],
        "key": "00000000000000000000000000000000",
        "iv": "000000000000000000000000",
        "aad": "",
        "msg": "00000000000000000000000000000000",
        "ct": "0388dace60b6a392f328c2b971b2fe78",
        "tag": "ab6e47d42cec13bdf53a67b21257bddf",
        "result": "valid",
    });
    for (key, value) in change {
        test[key] = value.clone();
    }
    test
}

#[test]
fn valid_is_what_comes_out_and_invalid_what_is_refused() {
    let wrong_tag = ("tag", json!("ab6e47d42cec13bdf53a67b21257bdde"));
    let invalid = ("result", json!("invalid"));
    assert_eq!(answered(&test(&[])), Ok(None));
    assert!(answered(&test(&[("msg", json!("01"))])).unwrap().is_some());
    assert_eq!(answered(&test(&[wrong_tag.clone(), invalid.clone()])), Ok(None));
    assert!(answered(&test(&[wrong_tag])).unwrap().is_some());
    assert!(answered(&test(&[invalid])).unwrap().is_some());
    assert_eq!(answered(&test(&[("result", json!("acceptable"))])), Ok(None));
    assert!(answered(&test(&[("result", json!("so so"))])).is_err());
    assert!(answered(&test(&[("ct", json!("0x"))])).is_err());
}

#[test]
fn unknown_schemas_and_fields_are_refused() {
    assert!(schema("bls_sig_verify_schema.json").is_err());
    assert!(known(&json!({"type": "AeadTest", "colour": 1}), &["type"], &["keySize"]).is_err());
}
