//! Enhanced status codes (RFC 3463, RFC 5248).

use std::fmt;
use std::str::FromStr;

/// An enhanced status code, as `5.1.1`.
///
/// ```
/// use mailwright_bounces::Status;
///
/// let status: Status = "5.1.1".parse()?;
/// assert_eq!(status.meaning(), Some("Bad destination mailbox address"));
/// assert!(status.is_permanent() && "4.2.2".parse::<Status>()?.is_transient());
/// # Ok::<(), mailwright_bounces::StatusError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Status {
    /// 2 success, 4 transient, 5 permanent.
    pub class: u8,
    /// What it is about; RFC 3463 has 0 to 7.
    pub subject: u16,
    /// The case.
    pub detail: u16,
}

impl Status {
    /// A status of these three numbers.
    #[must_use]
    pub const fn new(class: u8, subject: u16, detail: u16) -> Self {
        Self { class, subject, detail }
    }

    /// Whether it says no more than its class: `x.0.0`.
    #[must_use]
    pub const fn is_generic(self) -> bool {
        self.subject == 0 && self.detail == 0
    }

    /// Class 5.
    #[must_use]
    pub const fn is_permanent(self) -> bool {
        self.class == 5
    }

    /// Class 4.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        self.class == 4
    }

    /// What the registry of RFC 5248 says of it; `None` for codes that it does not have.
    #[must_use]
    pub const fn meaning(self) -> Option<&'static str> {
        Some(match (self.subject, self.detail) {
            (0, 0) => "Other undefined status",
            (1, 0) => "Other address status",
            (1, 1) => "Bad destination mailbox address",
            (1, 2) => "Bad destination system address",
            (1, 3) => "Bad destination mailbox address syntax",
            (1, 4) => "Destination mailbox address ambiguous",
            (1, 5) => "Destination address valid",
            (1, 6) => "Destination mailbox has moved, no forwarding address",
            (1, 7) => "Bad sender's mailbox address syntax",
            (1, 8) => "Bad sender's system address",
            (1, 9) => "Message relayed to non-compliant mailer",
            (1, 10) => "Recipient address has null MX",
            (2, 0) => "Other or undefined mailbox status",
            (2, 1) => "Mailbox disabled, not accepting messages",
            (2, 2) => "Mailbox full",
            (2, 3) => "Message length exceeds administrative limit",
            (2, 4) => "Mailing list expansion problem",
            (3, 0) => "Other or undefined mail system status",
            (3, 1) => "Mail system full",
            (3, 2) => "System not accepting network messages",
            (3, 3) => "System not capable of selected features",
            (3, 4) => "Message too big for system",
            (3, 5) => "System incorrectly configured",
            (3, 6) => "Requested priority was changed",
            (4, 0) => "Other or undefined network or routing status",
            (4, 1) => "No answer from host",
            (4, 2) => "Bad connection",
            (4, 3) => "Directory server failure",
            (4, 4) => "Unable to route",
            (4, 5) => "Mail system congestion",
            (4, 6) => "Routing loop detected",
            (4, 7) => "Delivery time expired",
            (4, 8) => "Retry on IPv4",
            (5, 0) => "Other or undefined protocol status",
            (5, 1) => "Invalid command",
            (5, 2) => "Syntax error",
            (5, 3) => "Too many recipients",
            (5, 4) => "Invalid command arguments",
            (5, 5) => "Wrong protocol version",
            (5, 6) => "Authentication exchange line is too long",
            (6, 0) => "Other or undefined media error",
            (6, 1) => "Media not supported",
            (6, 2) => "Conversion required and prohibited",
            (6, 3) => "Conversion required but not supported",
            (6, 4) => "Conversion with loss performed",
            (6, 5) => "Conversion failed",
            (6, 6) => "Message content not available",
            (6, 7) => "Non-ASCII addresses not permitted for that sender/recipient",
            (6, 8 | 10) => "UTF-8 string reply is required, but not permitted by the SMTP client",
            (6, 9) => "UTF-8 header message cannot be transferred",
            (7, 0) => "Other or undefined security status",
            (7, 1) => "Delivery not authorized, message refused",
            (7, 2) => "Mailing list expansion prohibited",
            (7, 3) => "Security conversion required but not possible",
            (7, 4) => "Security features not supported",
            (7, 5) => "Cryptographic failure",
            (7, 6) => "Cryptographic algorithm not supported",
            (7, 7) => "Message integrity failure",
            (7, 8) => "Authentication credentials invalid",
            (7, 9) => "Authentication mechanism is too weak",
            (7, 10) => "Encryption needed",
            (7, 11) => "Encryption required for requested authentication mechanism",
            (7, 12) => "A password transition is needed",
            (7, 13) => "User account disabled",
            (7, 14) => "Trust relationship required",
            (7, 15) => "Priority level is too low",
            (7, 16) => "Message is too big for the specified priority",
            (7, 17) => "Mailbox owner has changed",
            (7, 18) => "Domain owner has changed",
            (7, 19) => "RRVS test cannot be completed",
            (7, 20) => "No passing DKIM signature found",
            (7, 21) => "No acceptable DKIM signature found",
            (7, 22) => "No valid author-matched DKIM signature found",
            (7, 23) => "SPF validation failed",
            (7, 24) => "SPF validation error",
            (7, 25) => "Reverse DNS validation failed",
            (7, 26) => "Multiple authentication checks failed",
            (7, 27) => "Sender address has null MX",
            (7, 28) => "Mail flood detected",
            (7, 29) => "ARC validation failure",
            (7, 30) => "REQUIRETLS support required",
            _ => return None,
        })
    }

    /// The status that `text` is, with nothing around it.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let mut numbers = text.split(|octet| *octet == b'.');
        let class = match numbers.next()? {
            b"2" => 2,
            b"4" => 4,
            b"5" => 5,
            _ => return None,
        };
        let subject = number(numbers.next()?)?;
        let detail = number(numbers.next()?)?;
        numbers.next().is_none().then_some(Self { class, subject, detail })
    }
}

/// RFC 3463 2: one to three digits.
fn number(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 3 {
        return None;
    }
    digits
        .iter()
        .try_fold(0u16, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u16::from(digit - b'0')))
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl FromStr for Status {
    type Err = StatusError;

    fn from_str(text: &str) -> Result<Self, StatusError> {
        Self::read(text.as_bytes()).ok_or(StatusError(()))
    }
}

/// A text that is no status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusError(());

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the form 5.1.1: class 2, 4 or 5, then two numbers of up to three digits")
    }
}

impl std::error::Error for StatusError {}

#[cfg(feature = "serde")]
impl serde::Serialize for Status {
    /// As text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Status {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        assert_eq!("5.1.351".parse(), Ok(Status::new(5, 1, 351)));
        for text in ["", "5", "5.1", "5.1.1.2", "3.1.1", "5.1.", "5..1", "5.1.1234", "550.1.1", "5.1.x"] {
            assert!(text.parse::<Status>().is_err(), "{text}");
        }
        assert_eq!(Status::new(4, 2, 2).to_string(), "4.2.2");
    }
}
