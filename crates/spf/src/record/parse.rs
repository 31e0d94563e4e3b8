//! The grammar of a record (RFC 7208 4.6.1, 5, 6, 12).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mailwright_message_model::Span;

use super::{DualPrefix, Modifiers, Network, Part, Qualifier, RawKind, RawMechanism, RawTerm, Record};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::limits::MAX_RECORD_BYTES;
use crate::macros::{MacroString, Place};

/// As [`text`], of octets.
pub(super) fn octets<'t>(
    octets: &'t [u8],
    add: &mut impl FnMut(RawTerm),
) -> Result<(&'t str, Modifiers), SyntaxError> {
    match std::str::from_utf8(octets) {
        Ok(record) => text(record, add).map(|modifiers| (record, modifiers)),
        Err(error) => {
            check(octets)?;
            Err(SyntaxError::new(Kind::Octet, error.valid_up_to()))
        }
    }
}

/// Reads a record and tells of every term; where it has an error those that were told say nothing.
pub(super) fn text(text: &str, add: &mut impl FnMut(RawTerm)) -> Result<Modifiers, SyntaxError> {
    let octets = text.as_bytes();
    check(octets)?;
    let mut modifiers = Modifiers::default();
    let mut at = VERSION.len();
    while let Some(rest) = octets.get(at..) {
        match rest.first() {
            Some(b' ') => {
                at += 1;
                continue;
            }
            Some(_) => {}
            None => break,
        }
        // Words are short: a search for many octets at once costs more than it saves.
        let len = rest.iter().position(|octet| *octet == b' ').unwrap_or(rest.len());
        let word = text.get(at..at + len).unwrap_or_default();
        let kind = term(word, at).map_err(|error| error.behind(at))?;
        let second = match kind {
            RawKind::Redirect(target) => modifiers.redirect.replace(target),
            RawKind::Exp(target) => modifiers.exp.replace(target),
            _ => None,
        };
        if second.is_some() {
            return Err(SyntaxError::new(Kind::DuplicateModifier, at)); // RFC 7208 6
        }
        add(RawTerm { part: Part::new(at, at + len), kind });
        at += len;
    }
    Ok(modifiers)
}

const VERSION: &str = "v=spf1";

/// The length, the version and the octets of a record.
fn check(octets: &[u8]) -> Result<(), SyntaxError> {
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
    Ok(())
}

/// Every word of a record that is no term; none where something else is wrong.
pub(super) fn errors(octets: &[u8]) -> Vec<(SyntaxError, Span)> {
    let mut errors = Vec::new();
    let Ok(text) = std::str::from_utf8(octets) else { return errors };
    if octets.len() > MAX_RECORD_BYTES || !Record::is_spf(octets) {
        return errors;
    }
    let mut at = VERSION.len();
    for word in text.get(at..).unwrap_or_default().split(' ') {
        let span = Span::new(at, at + word.len());
        let found = match word.bytes().position(|octet| !octet.is_ascii_graphic()) {
            Some(octet) => Err(SyntaxError::new(Kind::Octet, octet)),
            None => term(word, at),
        };
        if let Err(error) = found.map_err(|error| error.behind(at))
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
    let (qualifier, skip) = match word.as_bytes().first() {
        Some(b'+') => (Qualifier::Pass, 1),
        Some(b'-') => (Qualifier::Fail, 1),
        Some(b'~') => (Qualifier::SoftFail, 1),
        Some(b'?') => (Qualifier::Neutral, 1),
        _ => (Qualifier::Pass, 0),
    };
    let directive = word.get(skip..).unwrap_or_default();
    let octets = directive.as_bytes();
    let name_len = octets.iter().position(|octet| !octet.is_ascii_alphanumeric()).unwrap_or(octets.len());
    let (name, rest) = directive.split_at_checked(name_len).unwrap_or((directive, ""));
    if skip == 0
        && matches!(rest.as_bytes().first(), Some(b'=' | b'-' | b'_' | b'.'))
        && let Some(found) = modifier(word, base)
    {
        return found;
    }
    let behind = skip + name_len;
    let mechanism = match mechanism(name, rest, base + behind) {
        Err(error) if error.kind() == Kind::UnknownMechanism => return Err(error.behind(skip)),
        found => found.map_err(|error| error.behind(behind))?,
    };
    Ok(RawKind::Directive(qualifier, mechanism))
}

/// `name=macro-string` (RFC 7208 12); `None` where the word is none.
fn modifier(word: &str, base: usize) -> Option<Result<RawKind, SyntaxError>> {
    let is_name = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.');
    let name_len = word.bytes().take_while(|octet| is_name(*octet)).count();
    let (name, value) = word.split_at_checked(name_len)?;
    let value = value.strip_prefix('=')?;
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let part = Part::new(base + name_len + 1, base + word.len());
    let (place, kind) = if name.eq_ignore_ascii_case("redirect") {
        (Place::Domain, RawKind::Redirect(part))
    } else if name.eq_ignore_ascii_case("exp") {
        (Place::Domain, RawKind::Exp(part))
    } else {
        (Place::Value, RawKind::Other { name: Part::new(base, base + name_len), value: part })
    };
    Some(MacroString::check(value, place).map(|()| kind).map_err(|error| error.behind(name_len + 1)))
}

/// `rest` is what stands behind the name, at `base` in the record, and what errors are relative to.
fn mechanism(name: &str, rest: &str, base: usize) -> Result<RawMechanism, SyntaxError> {
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
    match name.len() {
        1 if is("a") => with_prefix(rest, base).map(|(domain, prefix)| RawMechanism::A(domain, prefix)),
        2 if is("mx") => with_prefix(rest, base).map(|(domain, prefix)| RawMechanism::Mx(domain, prefix)),
        3 if is("ip4") => network::<Ipv4Addr>(rest, 32).map(RawMechanism::Ip),
        3 if is("ip6") => network::<Ipv6Addr>(rest, 128).map(RawMechanism::Ip),
        3 if is("all") && rest.is_empty() => Ok(RawMechanism::All),
        3 if is("all") => Err(SyntaxError::new(Kind::UnexpectedArgument, 0)),
        3 if is("ptr") && rest.is_empty() => Ok(RawMechanism::Ptr(None)),
        3 if is("ptr") => required(rest, base).map(|part| RawMechanism::Ptr(Some(part))),
        6 if is("exists") => required(rest, base).map(RawMechanism::Exists),
        7 if is("include") => required(rest, base).map(RawMechanism::Include),
        _ => Err(SyntaxError::new(Kind::UnknownMechanism, 0)),
    }
}

/// `:domain-spec`, which stands at `base` in the record.
fn required(rest: &str, base: usize) -> Result<Part, SyntaxError> {
    let Some(domain) = rest.strip_prefix(':') else { return Err(SyntaxError::new(Kind::MissingArgument, 0)) };
    MacroString::check(domain, Place::Domain).map_err(|error| error.behind(1))?;
    Ok(Part::new(base + 1, base + rest.len()))
}

/// `[":" domain-spec] [dual-cidr-length]` (RFC 7208 5.3, 5.6).
fn with_prefix(rest: &str, base: usize) -> Result<(Option<Part>, DualPrefix), SyntaxError> {
    let (domain, prefix) = split_prefix(rest)?;
    let part = match domain {
        "" => None,
        domain => Some(required(domain, base)?),
    };
    Ok((part, prefix))
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
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, digits) = text.split_at_checked(text.len().checked_sub(digits)?)?;
    before.strip_suffix('/').map(|before| (before, digits))
}

/// RFC 7208 5.6: digits without leading zeros.
fn length(digits: &str, most: u8, at: usize) -> Result<u8, SyntaxError> {
    let octets = digits.as_bytes();
    let leading_zero = octets.len() > 1 && octets.first() == Some(&b'0');
    match digits.parse::<u8>() {
        // The standard library takes a sign.
        Ok(length) if length <= most && !leading_zero && octets.first() != Some(&b'+') => Ok(length),
        _ => Err(SyntaxError::new(Kind::PrefixLength, at)),
    }
}

/// `:address[/length]`
fn network<A: std::str::FromStr + Into<IpAddr>>(rest: &str, most: u8) -> Result<Network, SyntaxError> {
    let Some(argument) = rest.strip_prefix(':') else {
        return Err(SyntaxError::new(Kind::MissingArgument, 0));
    };
    let slash = argument.bytes().position(|octet| octet == b'/');
    let (address, prefix) = match slash.and_then(|at| argument.split_at_checked(at)) {
        Some((address, digits)) => {
            (address, length(digits.get(1..).unwrap_or_default(), most, 2 + address.len())?)
        }
        None => (argument, most),
    };
    match address.parse::<A>() {
        Ok(address) => Ok(Network { address: address.into(), prefix }),
        Err(_) => Err(SyntaxError::new(Kind::Address, 1)),
    }
}
