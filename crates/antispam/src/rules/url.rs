//! Links as they are written, in their parts.

use std::net::{IpAddr, Ipv4Addr};

use memchr::memmem;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// As it was written.
    pub(crate) raw: String,
    /// In lower case.
    pub(crate) scheme: String,
    /// What stands before `@`.
    pub(crate) user: Option<String>,
    /// In lower case, percent-encoding undone.
    pub(crate) host: String,
    pub(crate) port: Option<String>,
    /// Path, query and fragment.
    pub(crate) path: String,
}

impl Url {
    /// The parts of a link; `None` where it has no authority (`mailto:`, `cid:`, a path).
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        let (scheme, rest) = match raw.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            _ if raw.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www.")) => {
                return Self::of("http", raw, raw);
            }
            _ => return None,
        };
        // RFC 3986 3.2; browsers take backslashes for slashes.
        let rest = rest.strip_prefix(['/', '\\'])?.strip_prefix(['/', '\\'])?;
        Self::of(&scheme, rest, raw)
    }

    fn of(scheme: &str, rest: &str, raw: &str) -> Option<Self> {
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        let literal = host.starts_with('[');
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !literal || host.ends_with(']') => (host, Some(port.to_owned())),
            _ => (host, None),
        };
        let host = percent_decoded(host).to_lowercase();
        let host = host.trim_end_matches('.').to_owned();
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        Some(Self { raw: raw.to_owned(), scheme: scheme.to_owned(), user, host, port, path: path.to_owned() })
    }

    /// The address that stands for the host, also as one number or with octal or hexadecimal parts, as browsers read it.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        let host = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&self.host);
        host.parse().ok().or_else(|| odd_ipv4(host).map(IpAddr::V4))
    }

    /// Whether the address is written other than as four decimal numbers.
    pub(crate) fn is_odd_address(&self) -> bool {
        self.host.parse::<IpAddr>().is_err() && !self.host.starts_with('[') && self.address().is_some()
    }

    /// The last two labels of the host, three where the second is short and general (`co.uk`). A guess for comparing two hosts of
    /// one message where no public suffix list is at hand.
    pub(crate) fn site(&self) -> &str {
        site(&self.host)
    }
}

/// The last two labels of a host name, or three.
pub(crate) fn site(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let Some(last) = dots.next() else { return host };
    let Some(second) = dots.next() else { return host };
    let label = host.get(second.saturating_add(1)..last).unwrap_or_default();
    let country = host.len().saturating_sub(last) == 3;
    let general =
        matches!(label, "co" | "com" | "net" | "org" | "ac" | "gov" | "edu" | "or" | "ne" | "gob" | "nom");
    let start = match (country && general, dots.next()) {
        (true, Some(third)) => third.saturating_add(1),
        (true, None) => 0,
        (false, _) => second.saturating_add(1),
    };
    host.get(start..).unwrap_or(host)
}

/// Links that stand in plain text, with where they begin.
pub(crate) fn find(text: &str, most: usize) -> Vec<&str> {
    let mut found = Vec::new();
    let mut pos = 0;
    while found.len() < most {
        let Some(rest) = text.get(pos..) else { break };
        let at = [memmem::find(rest.as_bytes(), b"://").map(|at| start_of_scheme(rest, at)), next_www(rest)];
        let Some(start) = at.into_iter().flatten().min() else { break };
        let tail = rest.get(start..).unwrap_or_default();
        let end = tail.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"'`{}|^()[]".contains(c));
        let link = tail.get(..end.unwrap_or(tail.len())).unwrap_or_default();
        let link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '-', '=', '/']);
        let scheme_only = link.len() < 5 || !link.contains('.');
        if !scheme_only {
            found.push(link);
        }
        let next = pos.saturating_add(start).saturating_add(end.unwrap_or(tail.len()).max(4));
        pos = text.ceil_char_boundary(next.min(text.len()));
    }
    found
}

fn start_of_scheme(text: &str, colon: usize) -> usize {
    let before = text.as_bytes().get(..colon).unwrap_or_default();
    let letters = before.iter().rev().take(10).take_while(|b| b.is_ascii_alphabetic()).count();
    colon.saturating_sub(letters)
}

fn next_www(text: &str) -> Option<usize> {
    memmem::find_iter(text.as_bytes(), b"www.").find(|at| {
        let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
        before.is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'/' | b'@' | b'-'))
    })
}

fn is_scheme(word: &str) -> bool {
    (2..=10).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphabetic())
}

/// `%41` as `A`.
pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digit = |at: usize| {
            behind.get(at).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok())
        };
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4) | low);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// An IPv4 address as `inet_aton` reads it: one to four numbers, decimal, octal or hexadecimal.
fn odd_ipv4(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, front) = parts.split_last()?;
    if front.len() > 3 || front.iter().any(|part| *part > 255) {
        return None;
    }
    let room = 32_u32.checked_sub(8_u32.checked_mul(u32::try_from(front.len()).ok()?)?)?;
    if room < 32 && last.checked_shr(room).unwrap_or(0) > 0 {
        return None;
    }
    let high = front.iter().fold(0_u32, |all, part| (all << 8) | part);
    Some(Ipv4Addr::from_bits(high.checked_shl(room).unwrap_or(0) | last))
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') => u32::from_str_radix(text, 8).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(raw: &str) -> Option<String> {
        Url::parse(raw).map(|url| url.host)
    }

    #[test]
    fn parts() {
        let url = Url::parse("HTTP://www.bank.example@192.0.2.1:8080/a?b#c").unwrap();
        assert_eq!((url.scheme.as_str(), url.user.as_deref()), ("http", Some("www.bank.example")));
        assert_eq!(
            (url.host.as_str(), url.port.as_deref(), url.path.as_str()),
            ("192.0.2.1", Some("8080"), "/a?b#c")
        );
        assert_eq!(host("www.Example.org/x"), Some("www.example.org".into()));
        assert_eq!(host("http:\\\\ex%61mple.org"), Some("example.org".into()));
        assert_eq!(host("mailto:a@b"), None);
        assert_eq!(host("http://"), None);
        assert_eq!(host("http://[2001:db8::1]:80/"), Some("[2001:db8::1]".into()));
    }

    #[test]
    fn addresses() {
        let address = |raw: &str| Url::parse(raw).and_then(|url| url.address()).map(|ip| ip.to_string());
        assert_eq!(address("http://3232235777/"), Some("192.168.1.1".into()));
        assert_eq!(address("http://0xc0.0250.257/"), Some("192.168.1.1".into()));
        assert_eq!(address("http://example.org/"), None);
        assert_eq!(address("http://1.2.3.4.5/"), None);
        assert!(Url::parse("http://3232235777/").unwrap().is_odd_address());
        assert!(!Url::parse("http://192.0.2.1/").unwrap().is_odd_address());
    }

    #[test]
    fn in_text() {
        let text =
            "See http://a.example/x?y=1. Or <https://b.example/>, www.c.example! not-www.d.example é://";
        assert_eq!(find(text, 9), ["http://a.example/x?y=1", "https://b.example", "www.c.example"]);
        assert_eq!(find("http://a.example http://b.example", 1).len(), 1);
        assert!(find("://é://é", 9).is_empty());
    }

    #[test]
    fn sites() {
        for (host, wanted) in [
            ("a.b.example.org", "example.org"),
            ("example.org", "example.org"),
            ("x.example.co.uk", "example.co.uk"),
            ("co.uk", "co.uk"),
            ("localhost", "localhost"),
            ("www.com.au", "www.com.au"),
        ] {
            assert_eq!(site(host), wanted);
        }
    }
}
