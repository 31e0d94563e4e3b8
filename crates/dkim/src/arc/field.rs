//! Reading the three fields of an ARC Set (RFC 8617 4.1).

use core::fmt;

use mailwright_message_model::authres::{ARC_FIELD_NAME, ClaimedResults};
use mailwright_message_model::domain::Domain;
use mailwright_message_model::{Field, Span};

use crate::algorithm::Algorithm;
use crate::canon::Pair;
use crate::signature::{
    HeaderNames, Identity, Signature, SignatureError, SignatureErrorKind as Kind, Tags, domain_name, number,
    query_method, selector,
};
use crate::tags::{colon_separated, is_fws};

/// The fields of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum FieldKind {
    /// ARC-Authentication-Results, what the sealer found (RFC 8617 4.1.1).
    #[cfg_attr(feature = "serde", serde(rename = "ARC-Authentication-Results"))]
    Results,
    /// ARC-Message-Signature, over the message as the sealer passed it on (RFC 8617 4.1.2).
    #[cfg_attr(feature = "serde", serde(rename = "ARC-Message-Signature"))]
    Message,
    /// ARC-Seal, over all fields of this and the earlier sets (RFC 8617 4.1.3).
    #[cfg_attr(feature = "serde", serde(rename = "ARC-Seal"))]
    Seal,
}

/// What the sealer found out about the chain before its own set, `cv=` (RFC 8617 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Cv {
    /// There was no chain.
    None,
    /// The chain held.
    Pass,
    /// The chain did not hold.
    Fail,
}

/// One field, as far as it can be read.
pub(super) struct Read {
    /// `None` where there is none of 1 to 50.
    pub(super) instance: Result<u32, SignatureError>,
    pub(super) content: Content,
}

pub(super) enum Content {
    Results(Option<Box<ClaimedResults>>),
    Message(Result<Box<Signature>, SignatureError>),
    Seal { cv: Option<Cv>, seal: Result<Box<Signature>, SignatureError> },
}

impl FieldKind {
    /// In the order in which a seal covers them (RFC 8617 5.1.1).
    pub const ALL: [Self; 3] = [Self::Results, Self::Message, Self::Seal];

    /// The name of the field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Results => ARC_FIELD_NAME,
            Self::Message => "ARC-Message-Signature",
            Self::Seal => "ARC-Seal",
        }
    }

    /// The kind of the field of that name.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| name.eq_ignore_ascii_case(kind.as_str().as_bytes()))
    }
}

impl Cv {
    /// As it stands in `cv=`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Fail => "fail",
        }
    }

    fn parse(value: &[u8]) -> Option<Self> {
        [Self::None, Self::Pass, Self::Fail]
            .into_iter()
            .find(|cv| value.eq_ignore_ascii_case(cv.as_str().as_bytes()))
    }
}

impl Read {
    pub(super) fn new(kind: FieldKind, raw: &[u8]) -> Self {
        match kind {
            FieldKind::Results => results(raw),
            FieldKind::Message => message(raw),
            FieldKind::Seal => seal(raw),
        }
    }
}

/// RFC 8617 4.1.1: `arc-info = instance [CFWS] ";" authres-payload`. That what follows can be read is not asked for: the chain
/// says who wrote it, not that it is well written.
fn results(raw: &[u8]) -> Read {
    let value = Field::parse(raw).map(|field| field.value_raw()).unwrap_or_default();
    let whole = Span::new(raw.len() - value.len(), raw.len());
    let instance = first_instance(value).ok_or(SignatureError { kind: Kind::Instance, span: whole });
    let claims = ClaimedResults::parse_arc(value).ok().map(|(_, claims)| Box::new(claims));
    Read {
        instance: instance.and_then(|digits| instance_of(digits, whole)),
        content: Content::Results(claims),
    }
}

/// The digits of the instance at the start of a value.
fn first_instance(value: &[u8]) -> Option<&[u8]> {
    // RFC 8617 4.2.1: instance = [CFWS] %s"i" [CFWS] "=" [CFWS] position
    let rest = skip_cfws(value)?.strip_prefix(b"i")?;
    let rest = skip_cfws(skip_cfws(rest)?.strip_prefix(b"=")?)?;
    let end = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, rest) = rest.split_at_checked(end)?;
    skip_cfws(rest)?.starts_with(b";").then_some(digits)
}

/// Without white space and comments in front (RFC 5322 3.2.2); `None` where a comment does not end.
fn skip_cfws(value: &[u8]) -> Option<&[u8]> {
    let mut depth = 0usize;
    let mut escaped = false;
    let end = value.iter().position(|&b| {
        match b {
            _ if escaped => escaped = false,
            b'\\' if depth > 0 => escaped = true,
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            _ => return depth == 0 && !is_fws(b),
        }
        false
    });
    if depth > 0 {
        return None;
    }
    value.get(end.unwrap_or(value.len())..)
}

/// RFC 8617 4.2.1: `position = 1*2DIGIT ; 1 - 50`
fn instance_of(digits: &[u8], span: Span) -> Result<u32, SignatureError> {
    let number = (!digits.is_empty()).then(|| number(digits)).flatten();
    match number.map(u32::try_from) {
        Some(Ok(instance @ 1..=super::MAX_INSTANCE)) => Ok(instance),
        _ => Err(SignatureError { kind: Kind::Instance, span }),
    }
}

fn tag_instance(tags: &Tags<'_>) -> Result<u32, SignatureError> {
    match tags.required("i") {
        Ok(tag) => instance_of(tag.value, tags.span(tag)),
        Err(error) => Err(SignatureError { kind: Kind::Instance, ..error }),
    }
}

/// RFC 8617 4.1.2: as a DKIM-Signature, but that `i=` is the instance and there is no `v=`.
fn message(raw: &[u8]) -> Read {
    let tags = match Tags::of_field(raw) {
        Ok(tags) => tags,
        Err(error) => {
            return Read { instance: Err(error), content: Content::Message(Err(error)) };
        }
    };
    Read { instance: tag_instance(&tags), content: Content::Message(message_signature(&tags).map(Box::new)) }
}

fn message_signature(tags: &Tags<'_>) -> Result<Signature, SignatureError> {
    let algorithm = tags.required_as("a", Kind::Algorithm, Algorithm::parse)?;
    let signature = tags.base64("b")?;
    let body_hash = tags.base64("bh")?;
    let domain = tags.required_as("d", Kind::Value("d"), domain_name)?;
    let headers = tags.required_as("h", Kind::Value("h"), covered_names)?;
    let selector = tags.required_as("s", Kind::Value("s"), selector)?;
    let canonicalization = tags.optional_as("c", Kind::Canonicalization, Pair::parse)?.unwrap_or_default();
    let length = tags.optional_as("l", Kind::Value("l"), number)?;
    tags.optional_as("q", Kind::Query, query_method)?;
    let timestamp = tags.optional_as("t", Kind::Value("t"), number)?;
    let expires = tags.optional_as("x", Kind::Value("x"), number)?;
    let h = tags.required("h")?;
    // RFC 8617 4.1.2: the seals MUST NOT be covered, for each new one covers what stands here.
    if headers.contains(FieldKind::Seal.as_str()) {
        return Err(tags.error(Kind::SealCovered, h));
    }
    // RFC 6376 6.1.1, whose rules hold where RFC 8617 4.1.2 has no other.
    if !headers.contains("from") {
        return Err(tags.error(Kind::FromNotSigned, h));
    }
    if timestamp.zip(expires).is_some_and(|(made, ends)| ends <= made) {
        return Err(tags.error(Kind::ExpiresBeforeSigned, tags.required("x")?));
    }
    Ok(Signature {
        headers,
        body_hash,
        canonicalization,
        length,
        timestamp,
        expires,
        ..bare(algorithm, signature, domain, selector, tags.raw_span("b"))
    })
}

/// As in DKIM, but that an empty element, which the grammar of RFC 6376 3.5 does not have, names no field: sealers write such
/// lists, and they verify everywhere.
fn covered_names(value: &[u8]) -> Option<HeaderNames> {
    HeaderNames::of(colon_separated(value).filter(|name| !name.is_empty()))
}

/// RFC 8617 4.1.3: the tags are `i`, `a`, `b`, `cv`, `d`, `s`, `t`.
fn seal(raw: &[u8]) -> Read {
    let tags = match Tags::of_field(raw) {
        Ok(tags) => tags,
        Err(error) => {
            return Read { instance: Err(error), content: Content::Seal { cv: None, seal: Err(error) } };
        }
    };
    let cv = tags.value("cv").and_then(Cv::parse);
    let seal = seal_signature(&tags, cv).map(Box::new);
    Read { instance: tag_instance(&tags), content: Content::Seal { cv, seal } }
}

fn seal_signature(tags: &Tags<'_>, cv: Option<Cv>) -> Result<Signature, SignatureError> {
    // RFC 8617 4.1.3: h= is not allowed and, if found, MUST result in a failed chain.
    if let Ok(h) = tags.required("h") {
        return Err(tags.error(Kind::SealHasHeaderList, h));
    }
    if cv.is_none() {
        let found = tags.required("cv").map(|tag| tags.error(Kind::ChainValidation, tag));
        return Err(found.unwrap_or_else(|error| SignatureError { kind: Kind::ChainValidation, ..error }));
    }
    let algorithm = tags.required_as("a", Kind::Algorithm, Algorithm::parse)?;
    let signature = tags.base64("b")?;
    let domain = tags.required_as("d", Kind::Value("d"), domain_name)?;
    let selector = tags.required_as("s", Kind::Value("s"), selector)?;
    let timestamp = tags.optional_as("t", Kind::Value("t"), number)?;
    Ok(Signature { timestamp, ..bare(algorithm, signature, domain, selector, tags.raw_span("b")) })
}

/// A signature over header fields in relaxed form and nothing else, which is what a seal is (RFC 8617 4.1.3).
fn bare(
    algorithm: Algorithm,
    signature: Vec<u8>,
    domain: Domain,
    selector: Domain,
    b_span: Span,
) -> Signature {
    Signature {
        algorithm,
        canonicalization: Pair::RELAXED,
        identity: Identity { local: None, domain: domain.clone() },
        domain,
        selector,
        headers: HeaderNames::default(),
        signature,
        body_hash: Vec::new(),
        length: None,
        timestamp: None,
        expires: None,
        copied: Vec::new(),
        atps: None,
        atps_hash: None,
        b_span,
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Cv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: FieldKind, value: &str) -> Read {
        Read::new(kind, format!("{kind}: {value}\r\n").as_bytes())
    }

    fn instance(kind: FieldKind, value: &str) -> Result<u32, Kind> {
        read(kind, value).instance.map_err(|wrong| wrong.kind)
    }

    #[test]
    fn instances() {
        let results = |value| instance(FieldKind::Results, value);
        // RFC 8617 4.2.1
        assert_eq!(results("i=1; a.example; none"), Ok(1));
        assert_eq!(results("(a (b\\)) c)\r\n i (x) = 50 (y);"), Ok(50));
        assert_eq!(results("i=51; a.example; none"), Err(Kind::Instance));
        for value in ["I=1; x", "i=1 x; y", "i=; x", "i=0; x", "a.example; i=1", "i=1", "(i=1;", "i=1(;", ""]
        {
            assert_eq!(results(value), Err(Kind::Instance), "{value}");
        }
        assert_eq!(instance(FieldKind::Seal, "i = 02 ; a=x"), Ok(2));
        assert_eq!(instance(FieldKind::Seal, "i=; a=x"), Err(Kind::Instance));
        assert_eq!(instance(FieldKind::Message, "a=x"), Err(Kind::Instance));
        assert_eq!(instance(FieldKind::Message, "i=18446744073709551616"), Err(Kind::Instance));
    }

    const SEAL: &str = "i=1; a=rsa-sha256; cv=none; d=example.org; s=x; b=AAAA";

    fn seal_rule(value: &str) -> Option<Kind> {
        match read(FieldKind::Seal, value).content {
            Content::Seal { seal, .. } => seal.err().map(|wrong| wrong.kind),
            _ => None,
        }
    }

    #[test]
    fn seals() {
        assert_eq!(seal_rule(SEAL), None);
        assert_eq!(seal_rule(&format!("{SEAL}; c=simple; bh=AA; zz=1")), None);
        assert_eq!(seal_rule(&format!("{SEAL}; h=from")), Some(Kind::SealHasHeaderList));
        assert_eq!(seal_rule(&SEAL.replace("cv=none", "cv=maybe")), Some(Kind::ChainValidation));
        assert_eq!(seal_rule(&SEAL.replace("cv=none; ", "")), Some(Kind::ChainValidation));
        assert_eq!(seal_rule(&SEAL.replace("cv=none", "cv=PASS")), None);
        for tag in ["a", "d", "s", "b"] {
            let tags: Vec<&str> =
                SEAL.split("; ").filter(|old| !old.starts_with(&format!("{tag}="))).collect();
            assert_eq!(seal_rule(&tags.join("; ")), Some(Kind::Missing(tag)));
        }
    }

    #[test]
    fn message_signatures() {
        let good =
            "i=1; a=rsa-sha256; d=example.org; s=x; h=from:arc-message-signature; bh=AAAA; b=AAAA; t=9";
        let rule = |value: &str| match read(FieldKind::Message, value).content {
            Content::Message(message) => message.err().map(|wrong| wrong.kind),
            _ => None,
        };
        assert_eq!(rule(good), None);
        assert_eq!(rule(&good.replace("h=from", "h=:from: :")), None);
        assert_eq!(rule(&good.replace("h=from", "h=from:a b")), Some(Kind::Value("h")));
        assert_eq!(rule(&good.replace("h=from", "h=from:arc-SEAL")), Some(Kind::SealCovered));
        assert_eq!(rule(&good.replace("h=from", "h=to")), Some(Kind::FromNotSigned));
        assert_eq!(rule(&format!("{good}; x=9")), Some(Kind::ExpiresBeforeSigned));
        assert_eq!(rule(&good.replace("bh=AAAA; ", "")), Some(Kind::Missing("bh")));
    }
}
