//! An SMTP reply (RFC 5321 4.2): its code, its enhanced status, its text.

use crate::reason::Command;
use crate::status::Status;

/// What a server said, and what is known of the occasion. Only the text is needed.
///
/// ```
/// use mailwright_bounces::{Command, Reply};
///
/// let reply = Reply::parse("550-5.1.1 no such user\r\n550 5.1.1 see our site").with_command(Command::Rcpt);
/// assert_eq!(reply.code, Some(550));
/// assert_eq!(reply.status.map(|status| status.to_string()).as_deref(), Some("5.1.1"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply<'a> {
    /// All lines, codes included.
    pub text: &'a str,
    /// The reply code.
    pub code: Option<u16>,
    /// The enhanced status code.
    pub status: Option<Status>,
    /// The command that was answered.
    pub command: Option<Command>,
    /// The server that answered.
    pub remote_host: Option<&'a str>,
    /// The domain of the recipient.
    pub domain: Option<&'a str>,
}

impl<'a> Reply<'a> {
    /// Finds code and status in the text of a reply.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        Self {
            text,
            code: find_code(text),
            status: find_status(text),
            command: None,
            remote_host: None,
            domain: None,
        }
    }

    /// The same after this command.
    #[must_use]
    pub const fn with_command(mut self, command: Command) -> Self {
        self.command = Some(command);
        self
    }

    /// The same from this server.
    #[must_use]
    pub const fn with_host(mut self, host: &'a str) -> Self {
        self.remote_host = Some(host);
        self
    }

    /// The same for a recipient of this domain.
    #[must_use]
    pub const fn with_domain(mut self, domain: &'a str) -> Self {
        self.domain = Some(domain);
        self
    }

    /// Whether the server speaks for good or for now: as the reply code says, else the status.
    #[must_use]
    pub fn is_permanent(&self) -> Option<bool> {
        match (self.code, self.status.map(|status| status.class)) {
            (Some(400..=499), _) => Some(false),
            (Some(500..=599), _) | (_, Some(5)) => Some(true),
            (_, Some(4)) => Some(false),
            _ => None,
        }
    }
}

/// The first status code of a text: a word of its own, so neither part of an IP address nor of a host name.
pub(crate) fn find_status(text: &str) -> Option<Status> {
    let bytes = text.as_bytes();
    for dot in memchr::memchr_iter(b'.', bytes) {
        let start = dot.checked_sub(1)?;
        if !matches!(bytes.get(start), Some(b'2' | b'4' | b'5')) {
            continue;
        }
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        if before.is_some_and(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'_' | b'/')) {
            continue;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let len = rest.iter().take(10).take_while(|octet| octet.is_ascii_digit() || **octet == b'.').count();
        let word = rest.get(..len).unwrap_or_default();
        // A sentence may end behind the code.
        let word = word.strip_suffix(b".").unwrap_or(word);
        let behind = rest.get(len);
        if behind.is_some_and(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'_')) {
            continue;
        }
        // A longer second number is a version: RFC 3463 has subjects 0 to 7.
        if let Some(status) = Status::read(word).filter(|status| status.subject <= 9) {
            return Some(status);
        }
    }
    None
}

/// The first reply code: at the start, or behind a mark such as a colon, where senders quote what a server said.
pub(crate) fn find_code(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|octet| !octet.is_ascii_whitespace())?;
    if let Some(code) = code_at(bytes, first) {
        return Some(code);
    }
    memchr::memchr2_iter(b'4', b'5', bytes).find_map(|at| {
        let before = bytes.get(..at).unwrap_or_default();
        let blank = before.last().is_some_and(u8::is_ascii_whitespace);
        let mark = before.iter().rev().take(4).find(|octet| !matches!(**octet, b' ' | b'\t'));
        let marked = match mark {
            Some(b':' | b';' | b'\n' | b'\r' | b'|') => true,
            Some(b'#' | b'\'' | b'"' | b'<' | b'(' | b'[') => !blank,
            _ => false,
        };
        if marked { code_at(bytes, at) } else { None }
    })
}

/// The reply code that begins at `at`: RFC 5321 4.2.1.
fn code_at(bytes: &[u8], at: usize) -> Option<u16> {
    let [first @ (b'2' | b'3' | b'4' | b'5'), second, third, rest @ ..] = bytes.get(at..)? else {
        return None;
    };
    if !(second.is_ascii_digit() && third.is_ascii_digit()) {
        return None;
    }
    let ends = match rest {
        [] | [b' ' | b'\t' | b'\r' | b'\n' | b'-' | b'#' | b'<' | b',' | b';' | b':' | b'\'' | b'"', ..] => {
            true
        }
        // A bracket where nothing but the code stands in it.
        _ => false,
    };
    let value = |digit: &u8| u16::from(digit.saturating_sub(b'0'));
    ends.then(|| value(first) * 100 + value(second) * 10 + value(third))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_look_alikes() {
        let read = |text| {
            let reply = Reply::parse(text);
            (reply.code.unwrap_or(0), reply.status.map_or(String::new(), |status| status.to_string()))
        };
        assert_eq!(read("550 5.1.1 unknown"), (550, "5.1.1".into()));
        assert_eq!(read("host mx[192.0.2.1] said: 452-4.2.2 full (in reply)"), (452, "4.2.2".into()));
        assert_eq!(read("550 #5.1.0 Address rejected"), (550, "5.1.0".into()));
        assert_eq!(read("sorry (#5.7.1)"), (0, "5.7.1".into()));
        assert_eq!(read("554 5.7.1.2 is no status"), (554, String::new()));
        assert_eq!(read("550 IP 5.1.1.200 listed, Exim 4.82.1"), (550, String::new()));
        assert_eq!(read("wait 450 seconds"), (0, String::new()));
        assert_eq!(read("smtp; 550 5.1.351 Remote server returned"), (550, "5.1.351".into()));
        assert_eq!(read(""), (0, String::new()));
    }

    #[test]
    fn the_code_outweighs_the_status() {
        assert_eq!(Reply::parse("552 4.2.2 full").is_permanent(), Some(true));
        assert_eq!(Reply::parse("452 5.2.2 full").is_permanent(), Some(false));
        assert_eq!(Reply::parse("4.4.7 expired").is_permanent(), Some(false));
        assert_eq!(Reply::parse("no code").is_permanent(), None);
    }
}
