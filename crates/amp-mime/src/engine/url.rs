//! URLs in attributes and CSS, read as the official validator's own parser reads them.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use crate::rules::spec;

/// What is wrong with a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Missing,
    Invalid,
    Protocol,
    Relative,
}

/// What is wrong with a URL, and what is told of it besides.
pub(super) fn check<'u>(url: &'u str, allowed: &spec::Url) -> Option<(Fault, Option<Cow<'u, str>>)> {
    let blank = |char: char| matches!(char, ' ' | '\t' | '\n' | '\x0c' | '\r' | '\u{a0}');
    if url.chars().all(blank) && !allowed.empty {
        return Some((Fault::Missing, None));
    }
    let parsed = Url::parse(url);
    if !parsed.is_valid {
        return Some((Fault::Invalid, Some(Cow::Borrowed(url))));
    }
    let protocol = loose_protocol(url).unwrap_or(parsed.protocol);
    if !protocol.is_empty() && !allowed.protocols.contains(&&*protocol) {
        return Some((Fault::Protocol, Some(protocol)));
    }
    if !allowed.relative && !parsed.has_protocol {
        return Some((Fault::Relative, Some(Cow::Borrowed(url))));
    }
    None
}

/// Whatever stands before the first colon, as old browsers took it: white space before it does not count.
fn loose_protocol(url: &str) -> Option<Cow<'_, str>> {
    let (protocol, rest) = url.split_once(':')?;
    if protocol.is_empty() || protocol.contains(['/', '?', '#', '.']) || rest.contains('\n') {
        return None;
    }
    let protocol = protocol.trim_start_matches(|char: char| char.is_ascii_whitespace() || char == '\x0b');
    Some(if protocol.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(protocol.to_ascii_lowercase())
    } else {
        Cow::Borrowed(protocol)
    })
}

/// Path, query and fragment of an absolute URL of the web.
pub(super) fn path_on_web(url: &str) -> Option<&str> {
    let parsed = Url::parse(url);
    (parsed.is_valid
        && parsed.has_protocol
        && matches!(&*parsed.protocol, "http" | "https")
        && parsed.has_host)
        .then_some(parsed.path)
}

struct Url<'u> {
    is_valid: bool,
    has_protocol: bool,
    protocol: Cow<'u, str>,
    has_host: bool,
    path: &'u str,
}

impl<'u> Url<'u> {
    fn parse(url: &'u str) -> Self {
        let mut rest = url.trim_matches([' ', '\t', '\r', '\n', '\x0c', '\x0b']);
        let mut parsed = Self {
            is_valid: true,
            has_protocol: false,
            protocol: Cow::Borrowed("https"),
            has_host: false,
            path: "",
        };
        if let Some((protocol, after)) = rest.split_once(':')
            && protocol.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'))
        {
            parsed.has_protocol = true;
            let lower = protocol.to_ascii_lowercase();
            rest = if matches!(&*lower, "http" | "https" | "ftp" | "sftp") { after } else { "" };
            parsed.protocol = Cow::Owned(lower);
        }
        if let Some(authority) = rest.strip_prefix("//") {
            parsed.authority(authority);
        }
        parsed
    }

    /// What follows `//`. A login, a host or an IPv6 address in brackets, a port.
    fn authority(&mut self, text: &'u str) {
        let bytes = text.as_bytes();
        let mut in_brackets = text.starts_with('[');
        let mut at = usize::from(in_brackets);
        if at >= bytes.len() {
            self.is_valid = false;
            return;
        }
        let (mut login, mut port) = (None, None);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'#' | b'/' | b'?' | b'\\' => break,
                b'@' => {
                    login = Some(at);
                    port = None;
                    in_brackets = bytes.get(at + 1) == Some(&b'[');
                    at += usize::from(in_brackets);
                }
                b':' if port.is_none() && !in_brackets => port = Some(at + 1),
                b'[' | b']' => in_brackets = false,
                _ => {}
            }
            at += 1;
        }
        self.path = text.get(at..).unwrap_or_default();
        let start = login.map_or(0, |login| login + 1);
        let host = text.get(start..port.map_or(at, |port| port - 1)).unwrap_or_default();
        self.host(host);
        if let Some(port) = port
            && self.is_valid
        {
            let digits = text.get(port..at).unwrap_or_default().trim_start_matches('0');
            let number = if digits.is_empty() { Some(0) } else { digits.parse().ok() };
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            self.is_valid &= all_digits && number.is_some_and(|number: u32| number <= 0xFFFF);
        }
    }

    fn host(&mut self, host: &str) {
        let literal =
            host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|rest| !rest.is_empty());
        if let Some(literal) = literal {
            self.has_host = true;
            self.is_valid = literal.parse::<Ipv6Addr>().is_ok();
            return;
        }
        let Some(decoded) = percent_decoded(host) else {
            self.is_valid = false;
            return;
        };
        self.has_host = !decoded.is_empty();
        let illegal = |byte: &u8| *byte <= 0x1F || b" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~".contains(byte);
        // A dot at the end is left off; alone it is no host.
        let only_dot = decoded == b".";
        self.is_valid = self.has_host
            && !only_dot
            && !decoded.iter().any(illegal)
            && decoded.first() != Some(&b'.')
            && !decoded.windows(2).any(|pair| pair == b"..");
    }
}

/// Escapes are whole characters of UTF-8; `None` where they are not.
fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    if !text.contains('%') {
        return Some(text.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let (first, after) = hex(rest)?;
        rest = after;
        let more = match first {
            0..=0x7F => 0,
            0xC0..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF7 => 3,
            _ => return None,
        };
        out.push(first);
        for _ in 0..more {
            let (next, after) = hex(rest.strip_prefix(b"%")?)?;
            if next & 0xC0 != 0x80 {
                return None;
            }
            out.push(next);
            rest = after;
        }
    }
    Some(out)
}

fn hex(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(2)?;
    let digits = std::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(url: &str) -> Option<Fault> {
        check(url, &spec::Url { protocols: &["https"], relative: false, empty: false })
            .map(|(fault, _)| fault)
    }

    #[test]
    fn only_absolute_urls_of_the_protocol_pass() {
        for good in
            ["https://a.example/x", " https://a:80/ ", "HTTPS://[::1]/", "https://u:p@h?q#f", "https:x"]
        {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in
            ["https://", "https://a..b/", "https://a b/", "https://[x]/", "https://a:99999/", "https://%zz/"]
        {
            assert_eq!(fault(bad), Some(Fault::Invalid), "{bad}");
        }
        assert_eq!(fault(" \u{a0}"), Some(Fault::Missing));
        assert_eq!(fault("java\tscript:alert(1)"), Some(Fault::Protocol));
        assert_eq!(fault("/path"), Some(Fault::Relative));
    }
}
