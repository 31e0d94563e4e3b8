//! What SPF, DKIM and ARC found, as evaluation takes it (RFC 9989 5.3.3).

use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, Method, MethodResult, PropertyType,
};
use mailwright_message_model::domain::Domain;

/// DKIM signatures that are looked at, in order: as many as a report may list (RFC 9990 3.1.3).
pub const MAX_SIGNATURES: usize = 100;

/// What the underlying mechanisms found. Take it from the verifiers, or by [`Identifiers::of`] from their results.
///
/// ```
/// use mailwright_dmarc::Identifiers;
/// use mailwright_message_model::authres::{AuthResult, AuthenticationResults, Method, MethodResult, PropertyType};
///
/// let dkim = MethodResult::new(Method::Dkim, AuthResult::Pass)
///     .with_prop(PropertyType::Header, "d", "example.com")
///     .with_prop(PropertyType::Header, "s", "s1");
/// let found = Identifiers::of(&AuthenticationResults::new("mx.example.org").with_result(dkim));
/// assert_eq!(found.dkim[0].domain, "example.com");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identifiers {
    /// The SPF check of the MAIL FROM identity; that of HELO alone does not count (RFC 9989 4.4.2).
    pub spf: Option<SpfIdentifier>,
    /// The DKIM signatures.
    pub dkim: Vec<DkimIdentifier>,
    /// The ARC chain.
    pub arc: Option<ArcChain>,
}

/// An SPF check of the MAIL FROM identity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SpfIdentifier {
    /// The domain that was checked: for the null reverse-path that of HELO (RFC 7208 2.4).
    pub domain: Domain,
    /// The result.
    pub result: AuthResult,
}

/// A DKIM signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DkimIdentifier {
    /// The signing domain, `d=`.
    pub domain: Domain,
    /// The selector, `s=`.
    pub selector: Option<Box<str>>,
    /// The result.
    pub result: AuthResult,
}

/// An ARC chain (RFC 8617).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ArcChain {
    /// The domain of the last seal.
    pub sealer: Domain,
    /// Whether the whole chain is valid.
    pub result: AuthResult,
}

impl SpfIdentifier {
    /// A check of `domain`.
    #[must_use]
    pub const fn new(domain: Domain, result: AuthResult) -> Self {
        Self { domain, result }
    }
}

impl DkimIdentifier {
    /// A signature of `domain`.
    #[must_use]
    pub fn new(domain: Domain, selector: Option<&str>, result: AuthResult) -> Self {
        Self { domain, selector: selector.map(Into::into), result }
    }
}

impl Identifiers {
    /// What `results` says of SPF (`smtp.mailfrom`), DKIM (`header.d`, `header.s`) and ARC (`header.d`). Results without a
    /// domain are passed over, and signatures behind the first [`MAX_SIGNATURES`].
    ///
    /// The results must be one's own: see [`ClaimedResults::trust`](mailwright_message_model::authres::ClaimedResults::trust).
    #[must_use]
    pub fn of(results: &AuthenticationResults) -> Self {
        let spf = results
            .of(&Method::Spf)
            .find_map(|result| Some(SpfIdentifier::new(mail_from(result)?, result.result().clone())));
        let dkim = results.of(&Method::Dkim).filter_map(|result| {
            let selector = result.property(&PropertyType::Header, "s");
            Some(DkimIdentifier::new(signer(result)?, selector, result.result().clone()))
        });
        let arc = results
            .of(&Method::Arc)
            .find_map(|result| Some(ArcChain { sealer: signer(result)?, result: result.result().clone() }));
        Self { spf, dkim: dkim.take(MAX_SIGNATURES).collect(), arc }
    }
}

/// RFC 8601 2.7.2: a mailbox or a domain. With the null reverse-path it is HELO that MAIL FROM stands for (RFC 7208 2.4).
fn mail_from(result: &MethodResult) -> Option<Domain> {
    let value = result.property(&PropertyType::Smtp, "mailfrom")?.trim();
    let value = value.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(value);
    let domain = value.rsplit_once('@').map_or(value, |(_, domain)| domain);
    if domain.is_empty() {
        return result.property(&PropertyType::Smtp, "helo")?.parse().ok();
    }
    domain.parse().ok()
}

/// RFC 8601 2.7.1: `header.d`, or the domain of `header.i`.
fn signer(result: &MethodResult) -> Option<Domain> {
    let of = |name| result.property(&PropertyType::Header, name);
    let domain = of("d").or_else(|| of("i")?.rsplit_once('@').map(|(_, domain)| domain))?;
    domain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailwright_message_model::authres::ClaimedResults;

    #[test]
    fn from_the_results_of_a_server() {
        let claimed: ClaimedResults = "mx.example.org; spf=pass smtp.helo=h.example; \
            spf=softfail smtp.mailfrom=jo@Example.NET; dkim=pass header.i=@mail.example.net header.s=a; \
            dkim=fail header.d=example.com; dkim=none; arc=pass header.d=list.example"
            .parse()
            .unwrap();
        let found = Identifiers::of(&claimed.trust("mx.example.org").unwrap());
        // HELO alone does not count: RFC 9989 4.4.2.
        assert_eq!(found.spf, Some(SpfIdentifier::new("example.net".parse().unwrap(), AuthResult::SoftFail)));
        let domains: Vec<&str> = found.dkim.iter().map(|dkim| dkim.domain.as_str()).collect();
        assert_eq!(domains, ["mail.example.net", "example.com"]);
        assert_eq!(found.arc.unwrap().sealer, "list.example");
    }

    /// RFC 5321 4.1.2: a quoted local part may hold an `@`; the domain is behind the last one.
    #[test]
    fn the_domain_is_behind_the_last_at() {
        let text = r#"mx.example.org; spf=pass smtp.mailfrom="\"a@bank.example\"@evil.example"; dkim=pass header.i="a@b@c.example""#;
        let found =
            Identifiers::of(&text.parse::<ClaimedResults>().unwrap().trust("mx.example.org").unwrap());
        assert_eq!(found.spf.unwrap().domain, "evil.example");
        assert_eq!(found.dkim[0].domain, "c.example");
    }

    #[test]
    fn the_null_reverse_path_is_that_of_helo() {
        let claimed: ClaimedResults =
            "mx.example.org; spf=pass smtp.mailfrom=\"<>\" smtp.helo=mail.example.com".parse().unwrap();
        let found = Identifiers::of(&claimed.trust("mx.example.org").unwrap());
        assert_eq!(found.spf.unwrap().domain, "mail.example.com");
    }
}
