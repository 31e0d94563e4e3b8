//! SPF, DKIM, DMARC and ARC: what the verifiers found, as points.
//!
//! Only [`AuthenticationResults`] count, which come from a verifier that ran or from a header that the caller named as trusted. A
//! header found in a message is never looked at.
//!
//! | finding | points | when |
//! |---|---|---|
//! | `AUTH_DMARC_REJECT` | 5.0 | DMARC failed, and the domain asks to reject (RFC 9989 4.7) |
//! | `AUTH_DMARC_QUARANTINE` | 3.0 | DMARC failed, and the domain asks to quarantine |
//! | `AUTH_DMARC_FAIL` | 1.0 | DMARC failed, and the domain asks for nothing |
//! | `AUTH_DMARC_PASS` | -0.5 | DMARC passed: the author is who he says, which spammers are too |
//! | `AUTH_SPF_FAIL` | 2.0 | the sender's domain says that the client may not send for it (RFC 7208 8.4) |
//! | `AUTH_SPF_SOFTFAIL` | 0.8 | it says so less firmly (RFC 7208 8.5) |
//! | `AUTH_DKIM_FAIL` | 0.3 | there are signatures and none is valid; mailing lists break them (RFC 6376 6.1) |
//! | `AUTH_IPREV_FAIL` | 0.5 | the client's name and address do not confirm each other (RFC 8601 2.7.3) |
//! | `AUTH_ARC_PASS` | 0 | a chain of forwarders that the caller trusts is whole (RFC 8617): what failed by forwarding does not count |
//! | `AUTH_NONE` | 0.5 | neither SPF nor DKIM has anything to say about the message |
//!
//! DMARC decides where it has a verdict: its failure already rests on that of SPF and DKIM, so those give no points beside it.
//! Errors (`temperror`, `permerror`) give none.
//!
//! ```
//! use mailwright_antispam::authentication::Authentication;
//! use mailwright_antispam::{Filter, Findings, Input};
//! use mailwright_message_model::Message;
//! use mailwright_message_model::authres::{AuthResult, AuthenticationResults, Method, MethodResult, PropertyType};
//!
//! let message = Message::parse(b"From: a@bank.example\r\n\r\nhi\r\n")?;
//! let dmarc = MethodResult::new(Method::Dmarc, AuthResult::Fail).with_prop(PropertyType::Policy, "dmarc", "reject");
//! let results = AuthenticationResults::new("mx.example.org").with_result(dmarc);
//! let filter = Filter::new().with_check(Authentication::default());
//! let verdict = filter.judge(&Input::new(&message, 0).authentication(&results), Findings::new());
//! assert_eq!(verdict.findings[0].rule, "AUTH_DMARC_REJECT");
//! # Ok::<(), mailwright_message_model::Error>(())
//! ```

use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, Method, MethodResult, PropertyType,
};

use crate::{Check, Finding, Findings, Input};

/// Scores what the verifiers found.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Authentication {
    /// Whether an ARC chain that passed makes up for SPF, DKIM and DMARC that failed. Default no: a chain is worth what its
    /// sealers are worth, and whoever says yes must have looked at them (RFC 8617 9.2).
    trust_arc: bool,
}

impl Authentication {
    /// The same, with an ARC chain that passed making up for what forwarding broke. The caller passes on `arc=pass` only for
    /// sealers that it trusts.
    #[must_use]
    pub const fn trusting_arc(mut self) -> Self {
        self.trust_arc = true;
        self
    }

    /// The findings of results.
    #[must_use]
    pub fn findings(&self, results: &AuthenticationResults) -> Findings {
        let mut findings = Findings::new();
        let all = |method: Method| results.results().iter().filter(move |result| *result.method() == method);
        let has = |method: Method, wanted: &AuthResult| all(method).find(|result| result.result() == wanted);
        if let Some(iprev) = has(Method::Iprev, &AuthResult::Fail) {
            findings.add(found("AUTH_IPREV_FAIL", 0.5, iprev));
        }
        if self.trust_arc
            && let Some(arc) = has(Method::Arc, &AuthResult::Pass)
        {
            findings.add(found("AUTH_ARC_PASS", 0.0, arc));
            return findings;
        }
        if let Some(dmarc) = has(Method::Dmarc, &AuthResult::Pass) {
            findings.add(found("AUTH_DMARC_PASS", -0.5, dmarc));
            return findings;
        }
        if let Some(dmarc) = has(Method::Dmarc, &AuthResult::Fail) {
            // RFC 9989 4.7: what the domain owner asks for.
            let (rule, score) = match policy(dmarc) {
                Some(policy) if policy.eq_ignore_ascii_case("reject") => ("AUTH_DMARC_REJECT", 5.0),
                Some(policy) if policy.eq_ignore_ascii_case("quarantine") => ("AUTH_DMARC_QUARANTINE", 3.0),
                _ => ("AUTH_DMARC_FAIL", 1.0),
            };
            findings.add(found(rule, score, dmarc));
            return findings;
        }
        let spf_fail =
            has(Method::Spf, &AuthResult::Fail).or_else(|| has(Method::Spf, &AuthResult::HardFail));
        if let Some(spf) = spf_fail {
            findings.add(found("AUTH_SPF_FAIL", 2.0, spf));
        } else if let Some(spf) = has(Method::Spf, &AuthResult::SoftFail) {
            findings.add(found("AUTH_SPF_SOFTFAIL", 0.8, spf));
        }
        if let Some(dkim) = has(Method::Dkim, &AuthResult::Fail)
            && has(Method::Dkim, &AuthResult::Pass).is_none()
        {
            findings.add(found("AUTH_DKIM_FAIL", 0.3, dkim));
        }
        let asked = [Method::Spf, Method::Dkim].map(|method| all(method).next().is_some());
        let silent =
            |result: &MethodResult| matches!(result.result(), AuthResult::None | AuthResult::Neutral);
        if asked == [true, true] && all(Method::Spf).chain(all(Method::Dkim)).all(silent) {
            findings.add(Finding::new("AUTH_NONE", 0.5).detail("neither SPF nor DKIM says who sent it"));
        }
        findings
    }
}

impl Check for Authentication {
    fn name(&self) -> &str {
        "authentication"
    }

    fn check(&self, input: &Input<'_>, findings: &mut Findings) {
        if let Some(results) = input.authentication {
            findings.extend(self.findings(results).into_vec());
        }
    }
}

/// The policy that was applied: `policy.dmarc`, or what the comment of other verifiers says (`p=REJECT`).
fn policy(dmarc: &MethodResult) -> Option<&str> {
    dmarc.property(&PropertyType::Policy, "dmarc").or_else(|| {
        let words = dmarc.comments().iter().flat_map(|comment| comment.split([' ', ';', ',']));
        words.filter_map(|word| word.strip_prefix("p=").or_else(|| word.strip_prefix("P="))).next()
    })
}

fn found(rule: &'static str, score: f64, result: &MethodResult) -> Finding {
    let props: Vec<String> = result
        .props()
        .iter()
        .map(|property| format!("{}.{}={}", property.ptype(), property.name(), property.value()))
        .collect();
    Finding::new(rule, score).detail(format!("{}={} {}", result.method(), result.result(), props.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(results: &[(Method, AuthResult)]) -> Vec<String> {
        scored(&Authentication::default(), results)
    }

    fn scored(check: &Authentication, results: &[(Method, AuthResult)]) -> Vec<String> {
        let all = AuthenticationResults::new("mx.example.org");
        let all = results.iter().fold(all, |all, (method, result)| {
            all.with_result(MethodResult::new(method.clone(), result.clone()))
        });
        check.findings(&all).into_vec().into_iter().map(|finding| finding.rule.into_owned()).collect()
    }

    #[test]
    fn dmarc_decides_where_it_can() {
        use {AuthResult as R, Method as M};
        let broken = [(M::Spf, R::Fail), (M::Dkim, R::Fail), (M::Dmarc, R::Pass)];
        assert_eq!(rules(&broken), ["AUTH_DMARC_PASS"]);
        assert_eq!(rules(&[(M::Spf, R::Fail), (M::Dmarc, R::Fail)]), ["AUTH_DMARC_FAIL"]);
        assert_eq!(rules(&[(M::Spf, R::Fail), (M::Dmarc, R::None)]), ["AUTH_SPF_FAIL"]);
        assert_eq!(
            rules(&[(M::Spf, R::SoftFail), (M::Dkim, R::Fail)]),
            ["AUTH_SPF_SOFTFAIL", "AUTH_DKIM_FAIL"]
        );
        assert_eq!(rules(&[(M::Dkim, R::Fail), (M::Dkim, R::Pass)]), [] as [&str; 0]);
        assert_eq!(rules(&[(M::Spf, R::None), (M::Dkim, R::None)]), ["AUTH_NONE"]);
        assert_eq!(rules(&[(M::Spf, R::TempError), (M::Dkim, R::PermError)]), [] as [&str; 0]);
        assert_eq!(rules(&[]), [] as [&str; 0]);
    }

    #[test]
    fn arc_counts_only_where_it_is_trusted() {
        let results = [(Method::Arc, AuthResult::Pass), (Method::Dmarc, AuthResult::Fail)];
        assert_eq!(rules(&results), ["AUTH_DMARC_FAIL"]);
        assert_eq!(scored(&Authentication::default().trusting_arc(), &results), ["AUTH_ARC_PASS"]);
    }

    #[test]
    fn the_policy_of_other_verifiers() {
        let quarantine =
            MethodResult::new(Method::Dmarc, AuthResult::Fail).with_comment("p=QUARANTINE sp=NONE");
        assert_eq!(policy(&quarantine), Some("QUARANTINE"));
    }

    /// A header of the message claims that all is well: nobody looks.
    #[test]
    fn a_claim_is_no_result() {
        let raw = b"Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example\r\n\
            From: a@bank.example\r\n\r\nhi\r\n";
        let message = mailwright_message_model::Message::parse(raw).unwrap();
        let mut findings = Findings::new();
        Authentication::default().check(&Input::new(&message, 0), &mut findings);
        assert_eq!(findings, Findings::new());
    }
}
