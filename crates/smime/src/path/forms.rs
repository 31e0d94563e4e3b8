//! How names of each form lie within a subtree (RFC 5280 4.2.1.10).

use mailwright_message_model::domain::Domain;

use super::refusal::Rule;
use crate::x509::GeneralName;

/// How a name lies to a subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Within,
    Outside,
    /// The subtree is about names of another form.
    OtherForm,
}

impl From<bool> for Fit {
    fn from(within: bool) -> Self {
        if within { Self::Within } else { Self::Outside }
    }
}

/// A name that is neither a distinguished name nor a mailbox of RFC 9598.
pub(super) fn general(name: &GeneralName<'_>, base: &GeneralName<'_>) -> Result<Fit, Rule> {
    match (name, base) {
        (GeneralName::Rfc822(address), GeneralName::Rfc822(base)) => mailbox(address, base),
        (GeneralName::Dns(host), GeneralName::Dns(base)) => Ok(Fit::from(is_below(host, base))),
        (GeneralName::Uri(uri), GeneralName::Uri(base)) => {
            // A URI without a host name must be refused.
            let host = uri_host(uri).ok_or(Rule::NameConstraints("a URI without host name"))?;
            Ok(Fit::from(is_at(host, base)))
        }
        (GeneralName::Ip(address), GeneralName::Ip(base)) => network(address, base),
        (GeneralName::Other { form, .. }, GeneralName::Other { form: base, .. }) if form == base => {
            Err(Rule::NameConstraints("on a form that is not known"))
        }
        (GeneralName::X400(_), GeneralName::X400(_))
        | (GeneralName::EdiParty(_), GeneralName::EdiParty(_))
        | (GeneralName::Registered(_), GeneralName::Registered(_)) => {
            Err(Rule::NameConstraints("on a form that is not known"))
        }
        _ => Ok(Fit::OtherForm),
    }
}

/// Whether a base can be understood.
pub(super) fn is_constraint(base: &GeneralName<'_>) -> bool {
    match base {
        GeneralName::Rfc822(base) => match base.iter().filter(|octet| **octet == b'@').count() {
            0 => base.is_empty() || is_host(base.strip_prefix(b".").unwrap_or(base)),
            _ => split(base).is_some(),
        },
        // RFC 5280 4.2.1.10: no leading period, that is of URIs. Empty is every name.
        GeneralName::Dns(base) => base.is_empty() || is_host(base),
        GeneralName::Uri(base) => is_host(base.strip_prefix(b".").unwrap_or(base)),
        GeneralName::Ip(base) => network_of(base).is_some(),
        _ => true,
    }
}

/// Names of hosts as constraints have them: labels of letters, digits, hyphens and underscores.
fn is_host(host: &[u8]) -> bool {
    let label = |label: &[u8]| {
        !label.is_empty()
            && label.iter().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
    };
    host.split(|octet| *octet == b'.').all(label)
}

/// Whether `host` is `base`, or has labels in front of it.
fn is_below(host: &[u8], base: &[u8]) -> bool {
    let Some(at) = host.len().checked_sub(base.len()) else { return false };
    let Some((front, tail)) = host.split_at_checked(at) else { return false };
    base.is_empty() || (tail.eq_ignore_ascii_case(base) && (front.is_empty() || front.ends_with(b".")))
}

/// Whether `host` is the host `base`, or below the domain `.base`.
fn is_at(host: &[u8], base: &[u8]) -> bool {
    match base.first() {
        Some(b'.') => {
            host.len() > base.len()
                && host
                    .get(host.len().saturating_sub(base.len())..)
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(base))
        }
        _ => host.eq_ignore_ascii_case(base),
    }
}

/// A mailbox against a mailbox, a host, or the hosts of a domain.
pub(super) fn mailbox(address: &[u8], base: &[u8]) -> Result<Fit, Rule> {
    let (local, host) = split(address).ok_or(Rule::NameConstraints("an address that is none"))?;
    let ascii;
    let host = if host.is_ascii() {
        host
    } else {
        // RFC 9598 6: hosts are compared as A-labels.
        ascii = Domain::parse(host).map_err(|_| Rule::NameConstraints("an address that is none"))?;
        ascii.as_str().as_bytes()
    };
    Ok(Fit::from(match split(base) {
        Some((wanted, at)) => local == wanted && host.eq_ignore_ascii_case(at),
        None => base.is_empty() || is_at(host, base),
    }))
}

/// Local part and host. A quoted local part may have any character; an unquoted one no second `@`.
fn split(address: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memrchr(b'@', address)?;
    let (local, host) = (address.get(..at)?, address.get(at.checked_add(1)?..)?);
    let quoted = local.len() > 1 && local.starts_with(b"\"") && local.ends_with(b"\"");
    (!local.is_empty() && !host.is_empty() && (quoted || !local.contains(&b'@'))).then_some((local, host))
}

/// The host of a URI with an authority (RFC 3986 3.2); `None` where it is no name.
fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    let rest = uri.get(memchr::memmem::find(uri, b"://")?.checked_add(3)?..)?;
    let authority = rest.split(|octet| matches!(octet, b'/' | b'?' | b'#')).next()?;
    let host =
        memchr::memrchr(b'@', authority).map_or(Some(authority), |at| authority.get(at.checked_add(1)?..))?;
    let host = host.split(|octet| *octet == b':').next()?;
    let numeric = std::str::from_utf8(host).is_ok_and(|host| host.parse::<std::net::Ipv4Addr>().is_ok());
    (is_host(host) && !numeric).then_some(host)
}

/// Address and mask of a network in CIDR form.
fn network_of(base: &[u8]) -> Option<(&[u8], &[u8])> {
    if !matches!(base.len(), 8 | 32) {
        return None;
    }
    let (address, mask) = base.split_at_checked(base.len() / 2)?;
    // RFC 4632: ones, then zeros.
    let mut rest = mask.iter().skip_while(|octet| **octet == 0xff);
    let edge = rest.next().is_none_or(|octet| octet.leading_ones() + octet.trailing_zeros() >= 8);
    (edge && rest.all(|octet| *octet == 0)).then_some((address, mask))
}

fn network(address: &[u8], base: &[u8]) -> Result<Fit, Rule> {
    if !matches!(address.len(), 4 | 16) {
        return Err(Rule::NameConstraints("an IP address that is none"));
    }
    let (network, mask) = network_of(base).ok_or(Rule::NameConstraints("a subtree is malformed"))?;
    let pairs = || address.iter().zip(network).zip(mask);
    Ok(Fit::from(
        address.len() == network.len()
            && pairs().all(|((octet, network), mask)| octet & mask == network & mask),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(name: &GeneralName<'_>, base: &GeneralName<'_>) -> bool {
        general(name, base).unwrap() == Fit::Within
    }

    #[test]
    fn mailboxes_hosts_and_domains() {
        let within =
            |address: &str, base: &str| mailbox(address.as_bytes(), base.as_bytes()) == Ok(Fit::Within);
        // The examples of RFC 5280 4.2.1.10.
        assert!(
            within("root@example.com", "root@example.com") && !within("Root@example.com", "root@example.com")
        );
        assert!(within("any@EXAMPLE.com", "example.com") && !within("any@my.example.com", "example.com"));
        assert!(within("any@my.example.com", ".example.com") && !within("any@example.com", ".example.com"));
        assert!(within("\u{fc}@b\u{fc}cher.example", "xn--bcher-kva.example"));
        assert!(mailbox(b"a@b@example.com", b"example.com").is_err());
    }

    #[test]
    fn hosts_are_below_with_whole_labels() {
        let dns = |name: &'static str, base: &'static str| {
            fits(&GeneralName::Dns(name.as_bytes()), &GeneralName::Dns(base.as_bytes()))
        };
        assert!(dns("host.EXAMPLE.com", "example.com") && dns("example.com", "example.com") && dns("x", ""));
        assert!(!dns("badexample.com", "example.com") && !dns("com", "example.com"));
        assert!(
            !is_constraint(&GeneralName::Dns(b".example.com")) && !is_constraint(&GeneralName::Dns(b"*.a"))
        );
    }

    #[test]
    fn uris_have_a_host_name_or_are_refused() {
        let uri = |name: &'static str, base: &'static str| {
            general(&GeneralName::Uri(name.as_bytes()), &GeneralName::Uri(base.as_bytes()))
        };
        assert_eq!(uri("http://u:p@a.example.com:80/x@y", ".example.com"), Ok(Fit::Within));
        assert_eq!(uri("ldap://example.com", ".example.com"), Ok(Fit::Outside));
        assert!(uri("urn:x", ".example.com").is_err() && uri("http://[::1]/", "x").is_err());
        assert!(uri("http://192.0.2.1/", "example.com").is_err());
    }

    #[test]
    fn networks_are_cidr() {
        let within = |address: &'static [u8], base: &'static [u8]| {
            fits(&GeneralName::Ip(address), &GeneralName::Ip(base))
        };
        assert!(within(&[192, 0, 2, 9], &[192, 0, 2, 0, 255, 255, 255, 0]));
        assert!(!within(&[192, 0, 3, 9], &[192, 0, 2, 0, 255, 255, 255, 0]));
        assert!(!within(&[0; 16], &[0; 8]));
        assert!(!is_constraint(&GeneralName::Ip(&[192, 0, 2, 0])));
        assert!(!is_constraint(&GeneralName::Ip(&[0, 0, 0, 0, 255, 0, 255, 0])));
    }
}
