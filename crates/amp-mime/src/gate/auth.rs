//! What is known of the sender of a message.

use std::fmt;

use mailwright_message_model::Message;
use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, ClaimedResults, FIELD_NAME, Method, MethodResult, PropertyType,
};
use mailwright_message_model::domain::{Domain, OrgDomain};

/// What verifiers found, whether TLS was used, and how organizational domains are told.
#[derive(Clone, Default)]
pub struct SenderAuth<'r> {
    results: Vec<AuthenticationResults>,
    tls: Option<bool>,
    org: Option<&'r dyn OrgDomain>,
}

impl<'r> SenderAuth<'r> {
    /// Nobody verified anything: no client renders.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// What verifiers found that ran.
    #[must_use]
    pub fn verified(results: AuthenticationResults) -> Self {
        Self { results: vec![results], ..Self::default() }
    }

    /// What the server `authserv_id` wrote into the message. Only right when every message from outside has lost its fields of
    /// that name before ([`Claims`](mailwright_message_model::authres::claim::Claims), RFC 8601 5).
    ///
    /// Each filter of a server adds a field at the top, so the first field of that name counts, and of the
    /// Authentication-Results fields that follow on it without another field between them all those of that name. What stands
    /// further down came with the message.
    #[must_use]
    pub fn trusting(message: &Message<'_>, authserv_id: &str) -> Self {
        let mut results = Vec::new();
        for field in message.fields() {
            let is_field = field.is(FIELD_NAME);
            if !is_field && !results.is_empty() {
                break;
            }
            let claimed = is_field.then(|| ClaimedResults::parse(field.value_raw()).ok()).flatten();
            results.extend(claimed.and_then(|claimed| claimed.trust(authserv_id).ok()));
        }
        Self { results, ..Self::default() }
    }

    /// Says whether the message came over TLS. Not said, it is unknown, and no client falls back for that.
    #[must_use]
    pub fn with_tls(mut self, tls: bool) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Says how organizational domains are told (`PublicSuffixList` and `TreeWalk` of mailwright-dmarc do it). Not said, a relaxed
    /// match is as strict as a strict one.
    #[must_use]
    pub fn with_org_domain(mut self, org: &'r dyn OrgDomain) -> Self {
        self.org = Some(org);
        self
    }

    /// The results.
    #[must_use]
    pub fn results(&self) -> &[AuthenticationResults] {
        &self.results
    }

    pub(super) fn is_known(&self) -> bool {
        !self.results.is_empty()
    }

    pub(super) const fn tls(&self) -> Option<bool> {
        self.tls
    }

    /// The organizational domain; of a domain that nobody can tell it of, itself.
    pub(super) fn org(&self, domain: &Domain) -> Domain {
        self.org.map_or_else(|| domain.clone(), |org| org.org(domain))
    }

    fn of<'s>(&'s self, method: &'s Method) -> impl Iterator<Item = &'s MethodResult> {
        self.results.iter().flat_map(move |results| results.of(method))
    }

    /// Every DKIM result, with the domain of its signature.
    pub(super) fn dkim(&self) -> impl Iterator<Item = (&AuthResult, Option<Domain>)> {
        self.of(&Method::Dkim).map(|result| (result.result(), signer(result)))
    }

    /// The domains of the signatures that pass.
    pub(super) fn signers(&self) -> Vec<Domain> {
        let passing = self.dkim().filter(|(result, _)| **result == AuthResult::Pass);
        passing.filter_map(|(_, domain)| domain).collect()
    }

    pub(super) fn dkim_passes(&self) -> bool {
        self.dkim().any(|(result, _)| *result == AuthResult::Pass)
    }

    /// The SPF results that count: those of the reverse-path where there is one, since HELO alone says nothing of the sender
    /// (RFC 7208 2.3, 2.4).
    pub(super) fn spf(&self) -> Vec<&MethodResult> {
        let is_mail_from =
            |result: &&MethodResult| result.property(&PropertyType::Smtp, "mailfrom").is_some();
        let of_mail_from: Vec<_> = self.of(&Method::Spf).filter(is_mail_from).collect();
        if of_mail_from.is_empty() { self.of(&Method::Spf).collect() } else { of_mail_from }
    }

    pub(super) fn dmarc(&self) -> Vec<&MethodResult> {
        self.of(&Method::Dmarc).collect()
    }
}

impl fmt::Debug for SenderAuth<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("SenderAuth");
        debug
            .field("results", &self.results)
            .field("tls", &self.tls)
            .field("org", &self.org.is_some())
            .finish()
    }
}

/// Whether all of them pass, and there is one: two filters that disagree prove nothing.
pub(super) fn all_pass(results: &[&MethodResult]) -> bool {
    !results.is_empty() && results.iter().all(|result| result.is_pass())
}

/// RFC 8601 2.7.1: `header.d`, or the domain of `header.i`.
fn signer(result: &MethodResult) -> Option<Domain> {
    let of = |name| result.property(&PropertyType::Header, name);
    let name = of("d").or_else(|| of("i").map(|identity| identity.rsplit('@').next().unwrap_or(identity)))?;
    name.parse().ok()
}

/// The policy that was published: `policy.dmarc`, else `p=` in the comment, where most servers write it.
pub(super) fn policy(result: &MethodResult) -> Option<String> {
    let of_comment = || {
        let comments = result.comments().iter();
        let mut words = comments.flat_map(|comment| {
            comment.split(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '(' | ')'))
        });
        words.find_map(|word| {
            let (name, value) = word.split_once('=')?;
            name.eq_ignore_ascii_case("p").then_some(value)
        })
    };
    let policy = result.property(&PropertyType::Policy, "dmarc").or_else(of_comment)?;
    Some(policy.to_ascii_lowercase())
}
