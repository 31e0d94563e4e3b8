//! The triplet, in the form in which a retry has the same as the first attempt.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mailwright_message_model::domain::Domain;
use mailwright_message_model::envelope::Envelope;

/// Client network, sender and recipient (RFC 6647 2.1), normalised.
///
/// - The network is the /24 of an IPv4 address, the /64 of an IPv6 one: a server may retry from a neighbour (RFC 6647 5).
/// - Everything is in lower case. The null sender stays empty.
/// - In the sender's local part a BATV tag is taken away; hash and time stamp of SRS become `#`; else every run of digits that
///   touches no letter becomes `#`, as VERP counts messages.
///
/// ```
/// use mailwright_antispam::greylist::Key;
///
/// let key = Key::new("2001:db8:1:2:3::9".parse()?, "SRS0=HHH=TT=orig.example=user@fwd.example", "b@y.example");
/// assert_eq!(key.network(), "2001:db8:1:2::/64");
/// assert_eq!(key.sender(), "srs0=#=#=orig.example=user@fwd.example");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    network: String,
    sender: String,
    recipient: String,
}

impl Key {
    /// The key of a client's address, a sender (empty is the null sender) and a recipient.
    #[must_use]
    pub fn new(client: IpAddr, sender: &str, recipient: &str) -> Self {
        Self { network: network(client), sender: normal_sender(sender), recipient: recipient.to_lowercase() }
    }

    /// A key with a domain in place of the network, for a client that SPF lets send for this domain: large senders retry from
    /// addresses far apart.
    #[must_use]
    pub fn of_domain(domain: &Domain, sender: &str, recipient: &str) -> Self {
        Self {
            network: domain.as_str().to_owned(),
            sender: normal_sender(sender),
            recipient: recipient.to_lowercase(),
        }
    }

    /// The keys of an envelope, one a recipient.
    pub fn of_envelope(envelope: &Envelope) -> impl Iterator<Item = Self> {
        let sender = envelope.mail_from.as_ref().map(ToString::to_string).unwrap_or_default();
        let client = envelope.client_ip;
        envelope.rcpt_to.iter().map(move |recipient| Self::new(client, &sender, &recipient.to_string()))
    }

    /// The client's network, as `192.0.2.0/24`, or a domain.
    #[must_use]
    pub fn network(&self) -> &str {
        &self.network
    }

    /// The sender, normalised; empty for the null sender.
    #[must_use]
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// The recipient in lower case.
    #[must_use]
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// The key for a store: the three fields, with NUL between them, which none of them can hold in an SMTP session. Others that
    /// do hold it are kept apart by its being doubled there.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (at, field) in [&self.network, &self.sender, &self.recipient].into_iter().enumerate() {
            if at > 0 {
                bytes.extend_from_slice(b"\0/");
            }
            for octet in field.bytes() {
                bytes.push(octet);
                if octet == 0 {
                    bytes.push(0);
                }
            }
        }
        bytes
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sender = if self.sender.is_empty() { "<>" } else { &self.sender };
        write!(f, "{} {sender} {}", self.network, self.recipient)
    }
}

fn network(client: IpAddr) -> String {
    // A mapped address is one of IPv4 (RFC 4291 2.5.5.2).
    match client.to_canonical() {
        IpAddr::V4(ip) => format!("{}/24", Ipv4Addr::from_bits(ip.to_bits() & (u32::MAX << 8))),
        IpAddr::V6(ip) => format!("{}/64", Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
    }
}

fn normal_sender(sender: &str) -> String {
    let sender = sender.to_lowercase();
    let (local, domain) = match sender.rsplit_once('@') {
        Some((local, domain)) => (local, Some(domain)),
        None => (sender.as_str(), None),
    };
    let mut normal = normal_local(local);
    if let Some(domain) = domain {
        normal.push('@');
        normal.push_str(domain);
    }
    normal
}

fn normal_local(local: &str) -> String {
    if let Some((_tag, address)) = local.strip_prefix("prvs=").and_then(|rest| rest.split_once('=')) {
        return address.to_owned();
    }
    srs0(local).or_else(|| srs1(local)).unwrap_or_else(|| without_numbers(local))
}

/// The separators that SRS allows behind its mark.
const MARKS: [char; 3] = ['=', '+', '-'];

/// `srs0=HASH=STAMP=domain=user`.
fn srs0(local: &str) -> Option<String> {
    let rest = local.strip_prefix("srs0")?.strip_prefix(MARKS)?;
    let (_hash, rest) = rest.split_once('=')?;
    let (_stamp, rest) = rest.split_once('=')?;
    let mark = local.get(..5)?;
    Some(format!("{mark}#=#={rest}"))
}

/// `srs1=HASH=forwarder==HASH=STAMP=domain=user`: the outer hash, and what SRS0 has inside.
fn srs1(local: &str) -> Option<String> {
    let rest = local.strip_prefix("srs1")?.strip_prefix(MARKS)?;
    let (_hash, rest) = rest.split_once('=')?;
    let mark = local.get(..5)?;
    let (forwarder, inner) = rest.split_once('=')?;
    // The inner mark is one of the three again, the rest as in SRS0.
    let inner_mark = inner.chars().next().filter(|mark| MARKS.contains(mark))?;
    let (_hash, rest) = inner.get(1..)?.split_once('=')?;
    let (_stamp, rest) = rest.split_once('=')?;
    Some(format!("{mark}#={forwarder}={inner_mark}#=#={rest}"))
}

/// Every run of digits that touches no letter as `#`.
fn without_numbers(local: &str) -> String {
    let mut normal = String::with_capacity(local.len());
    let mut before = None;
    let mut rest = local;
    while let Some(next) = rest.chars().next() {
        let digits = rest.len().saturating_sub(rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let (run, behind) = rest.split_at_checked(digits.max(next.len_utf8())).unwrap_or((rest, ""));
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        if digits > 0 && !is_letter(before) && !is_letter(behind.chars().next()) {
            normal.push('#');
        } else {
            normal.push_str(run);
        }
        before = run.chars().next_back();
        rest = behind;
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(text: &str) -> String {
        Key::new([192, 0, 2, 1].into(), text, "b@y.example").sender
    }

    #[test]
    fn senders() {
        assert_eq!(sender("User2@X.example"), "user2@x.example");
        assert_eq!(sender("12-user2-3.4=b@x9.example"), "#-user2-#.#=b@x9.example");
        assert_eq!(sender("12345"), "#");
        assert_eq!(sender("a1"), "a1");
        assert_eq!(sender("1a@x"), "1a@x");
        assert_eq!(sender("prvs=0123ab=u-9@x.example"), "u-9@x.example");
        assert_eq!(sender("prvs=0123ab@x.example"), "prvs=0123ab@x.example");
        assert_eq!(
            sender("SRS0+abcd=ZZ=orig.example=user-5@f.example"),
            "srs0+#=#=orig.example=user-5@f.example"
        );
        assert_eq!(
            sender("SRS1=h1=fwd.example==h2=TT=orig.example=user@g.example"),
            "srs1=#=fwd.example==#=#=orig.example=user@g.example"
        );
        assert_eq!(sender("srs0=broken-7@x"), "srs0=broken-#@x");
        assert_eq!(sender(""), "");
        assert_eq!(sender("@"), "@");
        assert_eq!(sender("é1@x"), "é1@x");
    }

    #[test]
    fn networks() {
        let network = |ip: &str| Key::new(ip.parse().unwrap(), "", "").network;
        assert_eq!(network("255.255.255.255"), "255.255.255.0/24");
        assert_eq!(network("::1"), "::/64");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.0/24");
        assert_eq!(network("2001:db8::9"), "2001:db8::/64");
    }

    #[test]
    fn different_keys_have_different_octets() {
        let of =
            |sender: &str, recipient: &str| Key::new([192, 0, 2, 1].into(), sender, recipient).to_bytes();
        assert_ne!(of("a", "b"), of("ab", ""));
        assert_ne!(of("a\0/b", "c"), of("a", "b\0/c"));
    }

    #[test]
    fn a_recipient_each() {
        let envelope = Envelope::builder([192, 0, 2, 1].into())
            .mail_from("a@x.example".parse().unwrap())
            .rcpt_to("B@y.example".parse().unwrap())
            .rcpt_to("c@y.example".parse().unwrap())
            .build();
        let keys: Vec<String> = Key::of_envelope(&envelope).map(|key| key.to_string()).collect();
        assert_eq!(keys, ["192.0.2.0/24 a@x.example b@y.example", "192.0.2.0/24 a@x.example c@y.example"]);
    }
}
