//! What is wanted of a case.

use serde_json::{Map, Value};

use crate::case::Verdict;
use crate::json;

/// The fields that grade, and the two that are for people.
const KNOWN: &[&str] = &[
    "outcome",
    "soft",
    "explicit_policy_required",
    "authority_constrained_policies",
    "user_constrained_policies",
    "content_sha256",
    "inner_content_sha256",
    "plaintext",
    "plaintext_file",
    "plaintext_contains",
    "signer",
    "signer_emails",
    "encrypted",
    "signed",
    "signature_good",
    "layers",
    "signers",
    "certificates",
    "private_keys",
    "header_protection",
    "reason",
    "note",
];

/// The outcomes that are described.
const OUTCOMES: &[&str] = &[
    "valid",
    "invalid",
    "signer-mismatch",
    "not-fully-valid",
    "partial",
    "unsigned",
    "decrypts",
    "decrypts-unauthenticated",
    "rejects",
    "rejects-or-garbage",
    "parses",
    "certs-only",
    "decompresses",
    "policy",
    "per-test",
];

/// What is wanted.
pub(super) struct Expect {
    /// Any of these passes.
    pub(super) outcomes: Vec<String>,
    /// The case is run, and any outcome passes.
    pub(super) soft: bool,
    pub(super) fields: Map<String, Value>,
}

impl Expect {
    pub(super) fn read(want: &Value) -> Result<Self, String> {
        // `openssl_...` is what OpenSSL did, which is not graded.
        let kept = want
            .as_object()
            .ok_or("`expect` is no object")?
            .iter()
            .filter(|(key, _)| !key.starts_with("openssl_"));
        let fields: Map<String, Value> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
        json::object(&Value::Object(fields.clone()), KNOWN)?;
        let outcome = |value: &Value| match value.as_str() {
            Some(outcome) if OUTCOMES.contains(&outcome) => Ok(outcome.to_owned()),
            _ => Err(format!("unknown outcome {value}")),
        };
        let outcomes = match fields.get("outcome") {
            Some(Value::Array(list)) => list.iter().map(outcome).collect::<Result<Vec<_>, _>>()?,
            Some(one) => vec![outcome(one)?],
            None => Vec::new(),
        };
        let soft = match fields.get("soft") {
            None => false,
            Some(soft) => soft.as_bool().ok_or("`soft` is no truth value")?,
        };
        Ok(Self { outcomes, soft, fields })
    }

    pub(super) fn wants(&self, outcome: &str) -> bool {
        self.outcomes.iter().any(|wanted| wanted == outcome)
    }

    /// The outcome is one of those wanted; `got` is ours in full.
    pub(super) fn outcome(&self, outcome: &str, got: &str) -> Verdict {
        if self.wants(outcome) { Verdict::Right } else { Verdict::wrong(self.outcomes.join(" or "), got) }
    }
}
