//! Reading a DKIM-Signature field (RFC 6376 3.5, 6.1.1).

use mailwright_message_model::domain::Domain;
use mailwright_message_model::{Field, Span};

use super::{
    AtpsHash, CopiedField, HeaderNames, Identity, Signature, SignatureError, SignatureErrorKind as Kind,
};
use crate::algorithm::Algorithm;
use crate::canon::Pair;
use crate::tags::{Tag, TagList, colon_separated, trim};
use crate::{base64, quoted};

/// A field's tags; spans count from the start of the field.
pub(crate) struct Tags<'a> {
    list: TagList<'a>,
    /// Where the value begins in the field.
    value_at: usize,
}

impl Signature {
    /// Reads a whole field, its name included.
    ///
    /// # Errors
    /// [`SignatureError`] where the field is no signature that could be verified; nothing is said about keys, time and policy.
    pub fn parse(field: &[u8]) -> Result<Self, SignatureError> {
        let tags = Tags::of_field(field)?;
        let v = tags.required("v")?;
        if v.value != b"1" {
            return Err(tags.error(Kind::Version, v));
        }
        let b = tags.required("b")?;
        let algorithm = tags.required_as("a", Kind::Algorithm, Algorithm::parse)?;
        let signature = tags.base64("b")?;
        let body_hash = tags.base64("bh")?;
        let domain = tags.required_as("d", Kind::Value("d"), domain_name)?;
        let headers = tags.required_as("h", Kind::Value("h"), header_names)?;
        let selector = tags.required_as("s", Kind::Value("s"), selector)?;
        let canonicalization =
            tags.optional_as("c", Kind::Canonicalization, Pair::parse)?.unwrap_or_default();
        let identity = tags.optional_as("i", Kind::Value("i"), identity)?;
        let identity = identity.unwrap_or_else(|| Identity { local: None, domain: domain.clone() });
        let length = tags.optional_as("l", Kind::Value("l"), number)?;
        tags.optional_as("q", Kind::Query, query_method)?;
        let timestamp = tags.optional_as("t", Kind::Value("t"), number)?;
        let expires = tags.optional_as("x", Kind::Value("x"), number)?;
        // RFC 6376 6.1.1: From MUST be signed; i= MUST be within d=.
        if !headers.contains("from") {
            return Err(tags.error_at(Kind::FromNotSigned, "h"));
        }
        if !identity.domain.is_within(&domain) {
            return Err(tags.error_at(Kind::IdentityOutsideDomain, "i"));
        }
        // RFC 6376 3.5 x=: MUST be greater than t= where both are there.
        if timestamp.zip(expires).is_some_and(|(made, ends)| ends <= made) {
            return Err(tags.error_at(Kind::ExpiresBeforeSigned, "x"));
        }
        Ok(Self {
            algorithm,
            canonicalization,
            domain,
            selector,
            identity,
            headers,
            signature,
            body_hash,
            length,
            timestamp,
            expires,
            copied: tags.value("z").map(copied_fields).unwrap_or_default(),
            atps: tags.value("atps").and_then(domain_name),
            atps_hash: tags.value("atpsh").and_then(atps_hash),
            b_span: b.raw_span.shifted(tags.value_at),
        })
    }
}

impl<'a> Tags<'a> {
    pub(crate) fn of_field(field: &'a [u8]) -> Result<Self, SignatureError> {
        let parsed = Field::parse(field);
        let value = parsed.map(|field| field.value_raw()).unwrap_or_default();
        let value_at = field.len() - value.len();
        let value = value.strip_suffix(b"\n").unwrap_or(value);
        let value = value.strip_suffix(b"\r").unwrap_or(value);
        match TagList::parse(value) {
            Ok(list) => Ok(Self { list, value_at }),
            Err(error) => {
                let at = value_at + error.position;
                Err(SignatureError { kind: Kind::Syntax(error.kind), span: Span::new(at, at) })
            }
        }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.list.value(name)
    }

    /// Where the value of a tag stands in the field.
    #[cfg(feature = "arc")]
    pub(crate) fn span(&self, tag: &Tag<'_>) -> Span {
        tag.value_span.shifted(self.value_at)
    }

    /// Where the value of a tag stands in the field, with the white space around it; empty where there is no such tag.
    #[cfg(feature = "arc")]
    pub(crate) fn raw_span(&self, name: &str) -> Span {
        self.list.get(name).map_or(Span::new(0, 0), |tag| tag.raw_span.shifted(self.value_at))
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<&Tag<'a>, SignatureError> {
        let end = Span::new(self.value_at, self.value_at);
        self.list.get(name).ok_or(SignatureError { kind: Kind::Missing(name), span: end })
    }

    pub(crate) fn required_as<T>(
        &self,
        name: &'static str,
        kind: Kind,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<T, SignatureError> {
        let tag = self.required(name)?;
        read(tag.value).ok_or_else(|| self.error(kind, tag))
    }

    pub(crate) fn optional_as<T>(
        &self,
        name: &str,
        kind: Kind,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, SignatureError> {
        let Some(tag) = self.list.get(name) else { return Ok(None) };
        read(tag.value).map(Some).ok_or_else(|| self.error(kind, tag))
    }

    /// Base64 that is not empty.
    pub(crate) fn base64(&self, name: &'static str) -> Result<Vec<u8>, SignatureError> {
        self.required_as(name, Kind::Value(name), |value| {
            base64::decode(value).ok().filter(|octets| !octets.is_empty())
        })
    }

    pub(crate) fn error(&self, kind: Kind, tag: &Tag<'_>) -> SignatureError {
        SignatureError { kind, span: tag.value_span.shifted(self.value_at) }
    }

    fn error_at(&self, kind: Kind, name: &str) -> SignatureError {
        let span = self.list.get(name).map_or(Span::new(0, 0), |tag| tag.value_span);
        SignatureError { kind, span: span.shifted(self.value_at) }
    }
}

/// RFC 6376 3.5: `domain-name = sub-domain 1*("." sub-domain)`, with U-labels (RFC 8616 4).
pub(crate) fn domain_name(value: &[u8]) -> Option<Domain> {
    selector(value).filter(|domain| domain.label_count() > 1)
}

/// RFC 6376 3.1: `selector = sub-domain *( "." sub-domain )`
pub(crate) fn selector(value: &[u8]) -> Option<Domain> {
    Domain::parse(value).ok().filter(|_| !value.ends_with(b"."))
}

/// RFC 6376 3.5 h=: field names between colons; RFC 5322 3.6.8: printable ASCII without a colon.
fn header_names(value: &[u8]) -> Option<HeaderNames> {
    HeaderNames::of(colon_separated(value))
}

/// RFC 6376 3.5 i=: `[ Local-part ] "@" domain-name`, quoted-printable.
fn identity(value: &[u8]) -> Option<Identity> {
    let (decoded, bad) = quoted::decode(value);
    let at = decoded.iter().rposition(|&b| b == b'@').filter(|_| bad.is_none())?;
    let (local, domain) = decoded.split_at_checked(at)?;
    let domain = domain_name(domain.strip_prefix(b"@")?)?;
    let local = (!local.is_empty()).then(|| String::from_utf8_lossy(local).into_owned());
    Some(Identity { local, domain })
}

/// RFC 6376 3.5 l=, t=, x=: digits. What is beyond 64 bits is as good as infinite (RFC 6376 3.5 t=, x=), and for l= longer than
/// every body.
pub(crate) fn number(value: &[u8]) -> Option<u64> {
    if value.is_empty() {
        return None;
    }
    value.iter().try_fold(0u64, |number, &octet| {
        let digit = char::from(octet).to_digit(10)?;
        Some(number.saturating_mul(10).saturating_add(u64::from(digit)))
    })
}

/// RFC 6376 3.5 q=: unknown methods are passed over; `dns/txt` is the one there is.
pub(crate) fn query_method(value: &[u8]) -> Option<()> {
    colon_separated(value).any(|method| method.eq_ignore_ascii_case(b"dns/txt")).then_some(())
}

/// RFC 6376 3.5 z=: `name:value` between bars, quoted-printable. What is not of the form is left out: it decides nothing.
fn copied_fields(value: &[u8]) -> Vec<CopiedField> {
    let copy = |copy: &[u8]| {
        let copy = trim(copy);
        let (name, value) = copy.split_at_checked(copy.iter().position(|&b| b == b':')?)?;
        let name = quoted::decode_text(name).into_owned();
        let value = quoted::decode(value.strip_prefix(b":")?).0.into_owned();
        Some(CopiedField { name, value })
    };
    value.split(|&b| b == b'|').filter_map(copy).collect()
}

/// RFC 6541 4.3
fn atps_hash(value: &[u8]) -> Option<AtpsHash> {
    [AtpsHash::None, AtpsHash::Sha1, AtpsHash::Sha256]
        .into_iter()
        .find(|hash| value.eq_ignore_ascii_case(hash.as_str().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "v=1; a=rsa-sha256; d=example.org; s=may; h=from : To; bh=AAAA; b=AAAA";

    fn parse(tags: &str) -> Result<Signature, SignatureError> {
        Signature::parse(format!("DKIM-Signature: {tags}\r\n").as_bytes())
    }

    fn kind(tags: &str) -> Kind {
        parse(tags).unwrap_err().kind()
    }

    /// The good signature with one tag replaced or added.
    fn with(tag: &str) -> String {
        let (name, _) = tag.split_once('=').unwrap();
        let kept = GOOD.split("; ").filter(|old| !old.starts_with(&format!("{name}=")));
        kept.chain([tag]).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn defaults_and_values() {
        let good = parse(GOOD).unwrap();
        assert!(good.headers.iter().eq(["from", "To"]));
        assert_eq!(good.canonicalization, Pair::default());
        assert_eq!((good.length, good.timestamp, good.expires), (None, None, None));
        assert_eq!(parse(&with("l=0")).unwrap().length, Some(0));
        assert_eq!(parse(&with(&format!("l={}", "9".repeat(76)))).unwrap().length, Some(u64::MAX));
        assert_eq!(
            parse(&with("i=J=6Fe@Mail.Example.ORG")).unwrap().identity.to_string(),
            "Joe@mail.example.org"
        );
        assert_eq!(parse(&with("q=http/x : dns/txt")).unwrap().selector, "may");
        // RFC 8616 4
        #[cfg(feature = "idna")]
        assert_eq!(parse(&with("d=bücher.example")).unwrap().domain, "xn--bcher-kva.example");
        let copied = parse(&with("z=From:a=20b|Subject:=7Cx")).unwrap().copied;
        assert_eq!(copied[1], CopiedField { name: "Subject".into(), value: b"|x".to_vec() });
    }

    #[test]
    fn the_span_of_b() {
        let field = b"DKIM-Signature:v=1; a=rsa-sha256; b= AA\r\n AA ; d=a.b; s=c; h=from; bh=AAAA\r\n";
        let signature = Signature::parse(field).unwrap();
        assert_eq!(signature.b_span.of(field), b" AA\r\n AA ");
        let field = b"DKIM-Signature:v=1; a=rsa-sha256; d=a.b; s=c; h=from; bh=AAAA; b=AAAA \r\n";
        assert_eq!(Signature::parse(field).unwrap().b_span.of(field), b"AAAA ");
    }

    #[test]
    fn what_is_no_signature() {
        for tag in ["v", "a", "b", "bh", "d", "h", "s"] {
            let tags: Vec<&str> =
                GOOD.split("; ").filter(|old| !old.starts_with(&format!("{tag}="))).collect();
            assert_eq!(kind(&tags.join("; ")), Kind::Missing(tag));
        }
        for tag in [
            "b=",
            "b=A",
            "bh=",
            "bh=AA!A",
            "d=",
            "d=org",
            "d=example.org.",
            "d=a..b",
            "s=",
            "s=a b",
            "h=",
            "h=from:",
            "h=from:a b",
            "i=",
            "i=joe",
            "i=@",
            "i=joe=4@example.org",
            "l=",
            "l=-1",
            "l=0x1",
            "t=",
            "t=-1",
            "x=",
            "x=1.5",
        ] {
            let (name, _) = tag.split_once('=').unwrap();
            assert!(
                matches!(kind(&with(tag)), Kind::Value(of) if of == name),
                "{tag}: {:?}",
                kind(&with(tag))
            );
        }
        assert_eq!(kind(&with("v=2")), Kind::Version);
        assert_eq!(kind(&with("v=01")), Kind::Version);
        assert_eq!(kind(&with("a=rsa-md5")), Kind::Algorithm);
        assert_eq!(kind(&with("c=relaxed/nofws")), Kind::Canonicalization);
        assert_eq!(kind(&with("q=dns")), Kind::Query);
        assert_eq!(kind(&with("h=to")), Kind::FromNotSigned);
        assert_eq!(kind(&with("i=a@badexample.org")), Kind::IdentityOutsideDomain);
        assert_eq!(kind(&with("i=a@org.de")), Kind::IdentityOutsideDomain);
        assert_eq!(kind(&format!("{GOOD}; t=5; x=5")), Kind::ExpiresBeforeSigned);
        assert!(matches!(kind(&format!("{GOOD}; v=1")), Kind::Syntax(_)));
        let error = parse(&with("c=no")).unwrap_err();
        let field = format!("DKIM-Signature: {}\r\n", with("c=no"));
        assert_eq!(error.span().of(field.as_bytes()), b"no");
    }
}
