//! The grammar of a record (RFC 7208 4.6.1, 5, 6, 12).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mailwright_message_model::Span;
use memchr::{memchr, memrchr};

use super::{DualPrefix, Network, Qualifier, RawKind, RawMechanism, RawTerm, Record};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::limits::MAX_RECORD_BYTES;
use crate::macros::{MacroString, Place};

/// The text of a record, whose terms are added to `terms`.
pub(super) fn record<'t>(octets: &'t [u8], terms: &mut Vec<RawTerm>) -> Result<&'t str, SyntaxError> {
    if octets.len() > MAX_RECORD_BYTES {
        return Err(SyntaxError::new(Kind::TooLong, MAX_RECORD_BYTES));
    }
    if !Record::is_spf(octets) {
        return Err(SyntaxError::new(Kind::Version, 0));
    }
    let is_text = |octet: &u8| (b' '..=b'~').contains(octet);
    // Without an early end the compiler looks at many octets at once.
    if !octets.iter().fold(true, |all, octet| all & is_text(octet)) {
        let at = octets.iter().position(|octet| !is_text(octet)).unwrap_or(0);
        return Err(SyntaxError::new(Kind::Octet, at));
    }
    let text =
        std::str::from_utf8(octets).map_err(|error| SyntaxError::new(Kind::Octet, error.valid_up_to()))?;
    if terms.capacity() == 0 {
        terms.reserve(8);
    }
    let mut seen = [false; 2];
    let mut at = 6;
    while at < text.len() {
        let rest = octets.get(at..).unwrap_or_default();
        if rest.first() == Some(&b' ') {
            at += 1;
            continue;
        }
        let len = memchr(b' ', rest).unwrap_or(rest.len());
        let word = text.get(at..at + len).unwrap_or_default();
        let kind = term(word, at).map_err(|error| error.behind(at))?;
        let once = match kind {
            RawKind::Redirect(_) => Some(0),
            RawKind::Exp(_) => Some(1),
            _ => None,
        };
        if let Some(seen) = once.and_then(|index| seen.get_mut(index))
            && std::mem::replace(seen, true)
        {
            return Err(SyntaxError::new(Kind::DuplicateModifier, at)); // RFC 7208 6
        }
        terms.push(RawTerm { span: Span::new(at, at + len), kind });
        at += len;
    }
    Ok(text)
}

/// Every word of a record that is no term; none where something else is wrong.
pub(super) fn errors(octets: &[u8]) -> Vec<(SyntaxError, Span)> {
    let mut errors = Vec::new();
    let Ok(text) = std::str::from_utf8(octets) else { return errors };
    if octets.len() > MAX_RECORD_BYTES || !Record::is_spf(octets) {
        return errors;
    }
    let mut at = 6;
    for word in text.get(at..).unwrap_or_default().split(' ') {
        let span = Span::new(at, at + word.len());
        if let Err(error) = term(word, at).map_err(|error| error.behind(at))
            && !word.is_empty()
        {
            errors.push((error, span));
        }
        at = span.end + 1;
    }
    errors
}

/// A term that stands at `base` in its record; errors are relative to the term.
fn term(word: &str, base: usize) -> Result<RawKind, SyntaxError> {
    let octets = word.as_bytes();
    let name_len = octets.iter().take_while(|octet| is_name_octet(**octet)).count();
    if name_len > 0
        && octets.first().is_some_and(u8::is_ascii_alphabetic)
        && octets.get(name_len) == Some(&b'=')
    {
        return modifier(word, name_len, base);
    }
    let (qualifier, skip) = match octets.first() {
        Some(b'+') => (Qualifier::Pass, 1),
        Some(b'-') => (Qualifier::Fail, 1),
        Some(b'~') => (Qualifier::SoftFail, 1),
        Some(b'?') => (Qualifier::Neutral, 1),
        _ => (Qualifier::Pass, 0),
    };
    let directive = word.get(skip..).unwrap_or_default();
    let mechanism = mechanism(directive, base + skip).map_err(|error| error.behind(skip))?;
    Ok(RawKind::Directive(qualifier, mechanism))
}

fn is_name_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.')
}

fn modifier(word: &str, name_len: usize, base: usize) -> Result<RawKind, SyntaxError> {
    let name = word.get(..name_len).unwrap_or_default();
    let value = word.get(name_len + 1..).unwrap_or_default();
    let span = Span::new(base + name_len + 1, base + word.len());
    let known = |place| MacroString::parse(value, place).map_err(|error| error.behind(name_len + 1));
    if name.eq_ignore_ascii_case("redirect") {
        known(Place::Domain)?;
        return Ok(RawKind::Redirect(span));
    }
    if name.eq_ignore_ascii_case("exp") {
        known(Place::Domain)?;
        return Ok(RawKind::Exp(span));
    }
    known(Place::Value)?;
    Ok(RawKind::Other { name: Span::new(base, base + name_len), value: span })
}

fn mechanism(word: &str, base: usize) -> Result<RawMechanism, SyntaxError> {
    let name_len = word.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = word.get(..name_len).unwrap_or_default();
    let rest = word.get(name_len..).unwrap_or_default();
    let behind = base + name_len;
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
    let found = match name_len {
        1 if is("a") => with_prefix(rest, behind).map(|(domain, prefix)| RawMechanism::A(domain, prefix)),
        2 if is("mx") => with_prefix(rest, behind).map(|(domain, prefix)| RawMechanism::Mx(domain, prefix)),
        3 if is("ip4") => network::<Ipv4Addr>(rest, 32).map(RawMechanism::Ip),
        3 if is("ip6") => network::<Ipv6Addr>(rest, 128).map(RawMechanism::Ip),
        3 if is("all") && rest.is_empty() => Ok(RawMechanism::All),
        3 if is("all") => Err(SyntaxError::new(Kind::UnexpectedArgument, 0)),
        3 if is("ptr") && rest.is_empty() => Ok(RawMechanism::Ptr(None)),
        3 if is("ptr") => required(rest, behind).map(|span| RawMechanism::Ptr(Some(span))),
        6 if is("exists") => required(rest, behind).map(RawMechanism::Exists),
        7 if is("include") => required(rest, behind).map(RawMechanism::Include),
        _ => return Err(SyntaxError::new(Kind::UnknownMechanism, 0)),
    };
    found.map_err(|error| error.behind(name_len))
}

/// `:domain-spec`, which stands at `base` in the record.
fn required(rest: &str, base: usize) -> Result<Span, SyntaxError> {
    let Some(domain) = rest.strip_prefix(':') else { return Err(SyntaxError::new(Kind::MissingArgument, 0)) };
    MacroString::parse(domain, Place::Domain).map_err(|error| error.behind(1))?;
    Ok(Span::new(base + 1, base + rest.len()))
}

/// `[":" domain-spec] [dual-cidr-length]` (RFC 7208 5.3, 5.6).
fn with_prefix(rest: &str, base: usize) -> Result<(Option<Span>, DualPrefix), SyntaxError> {
    let (domain, prefix) = split_prefix(rest)?;
    let span = match domain {
        "" => None,
        domain => Some(required(domain, base)?),
    };
    Ok((span, prefix))
}

/// Takes `/32` and `//128` off the end. A slash may stand in a domain too, so only what is all digits is a length.
fn split_prefix(rest: &str) -> Result<(&str, DualPrefix), SyntaxError> {
    let mut prefix = DualPrefix::default();
    let Some((domain, digits)) = split_length(rest) else { return Ok((rest, prefix)) };
    let at = domain.len() + 1;
    let Some(domain) = domain.strip_suffix('/') else {
        prefix.ip4 = length(digits, 32, at)?;
        return Ok((domain, prefix));
    };
    prefix.ip6 = length(digits, 128, at)?;
    match split_length(domain) {
        Some((before, digits)) if !before.ends_with('/') => {
            prefix.ip4 = length(digits, 32, before.len() + 1)?;
            Ok((before, prefix))
        }
        _ => Ok((domain, prefix)),
    }
}

/// What stands in front of the last slash, and the digits behind it.
fn split_length(text: &str) -> Option<(&str, &str)> {
    let (before, digits) = text.split_at_checked(memrchr(b'/', text.as_bytes())?)?;
    let digits = digits.strip_prefix('/')?;
    digits.bytes().all(|octet| octet.is_ascii_digit()).then_some((before, digits))
}

/// RFC 7208 5.6: without leading zeros.
fn length(digits: &str, most: u8, at: usize) -> Result<u8, SyntaxError> {
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    match digits.parse::<u8>() {
        Ok(length) if length <= most && !leading_zero => Ok(length),
        _ => Err(SyntaxError::new(Kind::PrefixLength, at)),
    }
}

/// `:address[/length]`
fn network<A: std::str::FromStr + Into<IpAddr>>(rest: &str, most: u8) -> Result<Network, SyntaxError> {
    let Some(argument) = rest.strip_prefix(':') else {
        return Err(SyntaxError::new(Kind::MissingArgument, 0));
    };
    let (address, prefix) = match argument.split_once('/') {
        Some((address, digits)) => (address, length(digits, most, 2 + address.len())?),
        None => (argument, most),
    };
    match address.parse::<A>() {
        Ok(address) => Ok(Network { address: address.into(), prefix }),
        Err(_) => Err(SyntaxError::new(Kind::Address, 1)),
    }
}
