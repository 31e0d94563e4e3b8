//! Entries for Authentication-Results (RFC 8601 2.7.1, RFC 6008).

use mailwright_message_model::authres::{AuthResult, Method, MethodResult, PropertyType};

use super::{Reason, SignatureResult, Verification};
use crate::algorithm::KeyType;
use crate::base64;

/// Characters of `b=` that tell signatures of one domain apart (RFC 6008 4: at least 8).
const B_CHARACTERS: usize = 8;

impl Verification {
    /// One entry for each signature, or `dkim=none`. Take out the fields that forge your authserv-id before you add yours
    /// (`message_model::authres::claim`).
    ///
    /// ```
    /// use mailwright_dkim::{Policy, verify};
    /// use mailwright_message_model::authres::AuthenticationResults;
    /// let found = verify(b"From: a@example.org\r\n\r\n", &mailwright_dns::Zone::new(), &Policy::default(), 0);
    /// let mut results = AuthenticationResults::new("mx.example.net");
    /// results.extend(found.method_results());
    /// assert_eq!(results.to_string(), "mx.example.net; dkim=none");
    /// ```
    #[must_use]
    pub fn method_results(&self) -> Vec<MethodResult> {
        if self.signatures.is_empty() {
            return vec![MethodResult::new(Method::Dkim, AuthResult::None)];
        }
        self.signatures.iter().map(SignatureResult::method_result).collect()
    }
}

impl SignatureResult {
    /// Its entry: outcome, reason, and `header.d`, `header.i`, `header.s`, `header.a`, `header.b`.
    #[must_use]
    pub fn method_result(&self) -> MethodResult {
        let mut entry = MethodResult::new(Method::Dkim, self.outcome.into());
        if let Some(reason) = &self.reason {
            entry = entry.with_reason(short(reason));
        }
        if let Some(key) = self.key {
            entry = entry.with_comment(match key.key_type {
                KeyType::Rsa => format!("{}-bit key", key.bits),
                KeyType::Ed25519 => "ed25519 key".to_owned(),
            });
        }
        if self.is_testing() {
            entry = entry.with_comment("test mode");
        }
        if let Some(body) = self.body.filter(|body| self.is_pass() && body.uncovered() > 0) {
            entry = entry.with_comment(format!("{} of {} octets signed", body.signed, body.total));
        }
        let claimed = self.claimed.clone().unwrap_or_default();
        let (identity, algorithm, b) = match &self.signature {
            Some(signature) => (
                Some(signature.identity.to_string()),
                Some(signature.algorithm.to_string()),
                Some(base64::encode(&signature.signature)),
            ),
            None => (claimed.identity, claimed.algorithm, claimed.signature),
        };
        let b = b.map(|b| b.chars().take(B_CHARACTERS).collect());
        let domain = self.domain().map(str::to_owned);
        let selector = self.selector().map(str::to_owned);
        // A claim may be of any length.
        let short = |value: String| value.chars().take(253).collect::<String>();
        for (name, value) in [("d", domain), ("i", identity), ("s", selector), ("a", algorithm), ("b", b)] {
            if let Some(value) = value {
                entry = entry.with_prop(PropertyType::Header, name, short(value));
            }
        }
        entry
    }
}

/// The sentence; a look-up's detail is for the log, not for the field.
fn short(reason: &Reason) -> String {
    match reason {
        Reason::Dns(why) => format!("key look-up: {}", why.kind.as_str()),
        other => other.to_string(),
    }
}
