//! Domain names: octets in labels, compared without ASCII case.

mod text;

use core::cmp::Ordering;
use core::hash::{Hash, Hasher};
use std::net::IpAddr;

use crate::{Error, ErrorKind};
#[cfg(feature = "zone")]
pub(crate) use text::escape;

/// The longest label, in octets (RFC 1035 2.3.4).
pub const MAX_LABEL: usize = 63;
/// The longest name as text without its final dot: 255 octets on the wire less the first length and the root (RFC 1035 2.3.4).
pub const MAX_NAME: usize = 253;
/// The labels on the wire without the root's octet.
pub(crate) const MAX_WIRE: usize = MAX_NAME + 1;

/// A domain name of any octets, without allocation.
///
/// Labels keep the case they came in; comparison and hashing ignore ASCII case (RFC 4343). Names are always absolute: a final dot
/// is accepted and means nothing. Internationalised names must be A-labels before they come here: octets above 127 are
/// taken as they are.
///
/// ```
/// use mailwright_dns::Name;
/// let name = Name::new("Mail.Example.COM.")?;
/// assert_eq!(name, Name::new("mail.example.com")?);
/// assert_eq!(name.to_string(), "Mail.Example.COM");
/// assert_eq!(name.parent().map(|n| n.label_count()), Some(2));
/// assert!(Name::new("two..dots").is_err());
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Name {
    len: u8,
    /// Length-prefixed labels; what is behind `len` says nothing.
    wire: [u8; MAX_WIRE],
}

impl Name {
    /// The root.
    pub const ROOT: Self = Self { len: 0, wire: [0; MAX_WIRE] };

    /// A name of octets in which each dot ends a label; nothing is an escape. What SPF macros expand to comes in here.
    ///
    /// # Errors
    /// [`ErrorKind::EmptyName`], [`EmptyLabel`](ErrorKind::EmptyLabel), [`LabelTooLong`](ErrorKind::LabelTooLong) or
    /// [`NameTooLong`](ErrorKind::NameTooLong): a name that no DNS can hold, so there is nothing to ask.
    pub fn new(dotted: impl AsRef<[u8]>) -> Result<Self, Error> {
        let mut name = Self::ROOT;
        name.set(dotted)?;
        Ok(name)
    }

    /// Makes it the name that [`Name::new`] gives, without moving one, which is large. On an error it is the root.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn set(&mut self, dotted: impl AsRef<[u8]>) -> Result<(), Error> {
        let dotted = dotted.as_ref();
        let relative = dotted.strip_suffix(b".").unwrap_or(dotted);
        if self.set_labels(relative).is_some() {
            return Ok(());
        }
        *self = Self::ROOT;
        match dotted {
            b"" => return Err(Error::in_name(ErrorKind::EmptyName, 0)),
            b"." => return Ok(()),
            _ => {}
        }
        let mut name = Self::ROOT;
        let mut octet = 0usize;
        for label in relative.split(|&b| b == b'.') {
            name.push(label).map_err(|kind| Error::in_name(kind, octet))?;
            octet = octet.saturating_add(label.len()).saturating_add(1);
        }
        *self = name;
        Ok(())
    }

    /// Takes dotted labels, if they fit, in one go: each dot is where the length of the next label stands.
    fn set_labels(&mut self, dotted: &[u8]) -> Option<()> {
        let end = dotted.len();
        self.wire.get_mut(1..)?.get_mut(..end)?.copy_from_slice(dotted);
        let (mut start, mut base) = (0, 0);
        while base < end {
            let mut dots = dots(word(dotted, base));
            while dots != 0 {
                let at = base + usize::try_from(dots.trailing_zeros() / 8).ok()?;
                self.set_length(start, at)?;
                start = at.checked_add(1)?;
                dots &= dots - 1;
            }
            base += 8;
        }
        self.set_length(start, end)?;
        self.len = u8::try_from(end.checked_add(1)?).ok()?;
        Some(())
    }

    /// The label between two places of a dotted name.
    fn set_length(&mut self, start: usize, end: usize) -> Option<()> {
        let length = end.checked_sub(start).filter(|length| (1..=MAX_LABEL).contains(length))?;
        *self.wire.get_mut(start)? = u8::try_from(length).ok()?;
        Some(())
    }

    /// The name under which the names of an address stand: `d.c.b.a.in-addr.arpa` (RFC 1035 3.5) or the nibbles under
    /// `ip6.arpa` (RFC 3596 2.5). An IPv4-mapped address is taken as IPv4.
    #[must_use]
    pub fn reverse(ip: IpAddr) -> Self {
        let ip = ip.to_canonical();
        let mut name = Self::ROOT;
        name.push_address(ip);
        let under: [&[u8]; 2] = match ip {
            IpAddr::V4(_) => [b"in-addr", b"arpa"],
            IpAddr::V6(_) => [b"ip6", b"arpa"],
        };
        for label in under {
            // 64 + 9 octets: always fits.
            let _ = name.push(label);
        }
        name
    }

    /// A name of these labels, first to last.
    ///
    /// # Errors
    /// As [`Name::new`], of which dots in labels are the exception: they are octets here.
    pub fn from_labels<L: AsRef<[u8]>>(labels: impl IntoIterator<Item = L>) -> Result<Self, Error> {
        let mut name = Self::ROOT;
        for label in labels {
            name.push(label.as_ref()).map_err(Error::whole)?;
        }
        Ok(name)
    }

    /// The labels, first to last.
    #[must_use]
    pub fn labels(&self) -> Labels<'_> {
        Labels { rest: self.wire() }
    }

    /// How many labels; the root has none.
    #[must_use]
    pub fn label_count(&self) -> usize {
        self.labels().count()
    }

    /// Without the first label; the root has no parent.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let mut labels = self.labels();
        labels.next()?;
        Some(Self::from_wire(labels.rest))
    }

    /// The last `count` labels, or the whole name where it has no more.
    #[must_use]
    pub fn last_labels(&self, count: usize) -> Self {
        let mut labels = self.labels();
        for _ in count..self.label_count() {
            labels.next();
        }
        Self::from_wire(labels.rest)
    }

    /// These labels in front of this name: `_dmarc` before `example.com`. Dots in `prefix` end labels, as in [`Name::new`].
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn prepend(&self, prefix: impl AsRef<[u8]>) -> Result<Self, Error> {
        let mut name = Self::new(prefix)?;
        for label in self.labels() {
            name.push(label).map_err(Error::whole)?;
        }
        Ok(name)
    }

    /// Whether this name is `other` or below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let (own, theirs) = (self.label_count(), other.label_count());
        own >= theirs && self.last_labels(theirs) == *other
    }

    /// The length of the text form without escapes and final dot.
    #[must_use]
    pub fn text_len(&self) -> usize {
        usize::from(self.len).saturating_sub(1)
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.len == 0
    }

    /// The same name in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        // A length octet is at most 63, below 'A'.
        let mut lower = *self;
        if let Some(labels) = lower.wire.get_mut(..usize::from(self.len)) {
            labels.make_ascii_lowercase();
        }
        lower
    }

    /// Whether no letter is a capital, as is usual.
    pub(crate) fn is_lowercase(&self) -> bool {
        // Without an early end the compiler looks at many octets at once; a length octet is at most 63, below 'A'.
        !self.wire().iter().fold(false, |found, octet| found | octet.is_ascii_uppercase())
    }

    /// Length-prefixed labels without the root's octet.
    pub(crate) fn wire(&self) -> &[u8] {
        self.wire.get(..usize::from(self.len)).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, label: &[u8]) -> Result<(), ErrorKind> {
        let len = u8::try_from(label.len()).map_err(|_| ErrorKind::LabelTooLong)?;
        match label.len() {
            0 => return Err(ErrorKind::EmptyLabel),
            1..=MAX_LABEL => {}
            _ => return Err(ErrorKind::LabelTooLong),
        }
        let start = usize::from(self.len);
        let end = start + 1 + label.len();
        let Some([head, tail @ ..]) = self.wire.get_mut(start..end) else {
            return Err(ErrorKind::NameTooLong);
        };
        *head = len;
        tail.copy_from_slice(label);
        self.len = self.len.saturating_add(1).saturating_add(len);
        Ok(())
    }

    /// The labels of an address, last octet or nibble first (RFC 5782 2.1, 2.4).
    pub(crate) fn push_address(&mut self, ip: IpAddr) {
        // 16 or 64 octets: fits in an empty name.
        match ip {
            IpAddr::V4(ip) => {
                for octet in ip.octets().iter().rev() {
                    let mut digits = [0u8; 3];
                    let _ = self.push(decimal(*octet, &mut digits));
                }
            }
            IpAddr::V6(ip) => {
                for octet in ip.octets().iter().rev() {
                    for nibble in [octet & 15, octet >> 4] {
                        let digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
                        let _ = self.push(&[digit]);
                    }
                }
            }
        }
    }

    /// A suffix of another name's labels.
    fn from_wire(labels: &[u8]) -> Self {
        let mut name = Self::ROOT;
        if let (Some(to), Ok(len)) = (name.wire.get_mut(..labels.len()), u8::try_from(labels.len())) {
            to.copy_from_slice(labels);
            name.len = len;
        }
        name
    }
}

/// The labels of a [`Name`], first to last.
#[derive(Clone, Debug)]
pub struct Labels<'n> {
    rest: &'n [u8],
}

impl<'n> Iterator for Labels<'n> {
    type Item = &'n [u8];

    fn next(&mut self) -> Option<&'n [u8]> {
        let (&len, rest) = self.rest.split_first()?;
        let (label, rest) = rest.split_at_checked(usize::from(len))?;
        self.rest = rest;
        Some(label)
    }
}

impl<'n> Labels<'n> {
    /// What has not been returned yet, as on the wire.
    pub(crate) fn rest(&self) -> &'n [u8] {
        self.rest
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.wire().eq_ignore_ascii_case(other.wire())
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.is_lowercase() {
            self.wire().hash(state);
        } else {
            self.to_lowercase().wire().hash(state);
        }
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    /// By labels from the last one, so that a name stands before what is below it (RFC 4034 6.1).
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, theirs) = (self.to_lowercase(), other.to_lowercase());
        let mut own: Vec<&[u8]> = own.labels().collect();
        let mut theirs: Vec<&[u8]> = theirs.labels().collect();
        own.reverse();
        theirs.reverse();
        own.cmp(&theirs)
    }
}

/// The eight octets at a place, the first one lowest; zeros stand for those that are not there.
fn word(octets: &[u8], at: usize) -> u64 {
    let Some(rest) = octets.get(at..) else { return 0 };
    if let Some(word) = rest.first_chunk() {
        return u64::from_le_bytes(*word);
    }
    // The last eight, of which the first were looked at before.
    if let Some(word) = octets.last_chunk() {
        return u64::from_le_bytes(*word) >> (8 * (8 - rest.len()).min(7));
    }
    rest.iter().rev().fold(0, |word, octet| word << 8 | u64::from(*octet))
}

/// The dots in a word: for each the high bit of its octet.
fn dots(word: u64) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    let differs = word ^ u64::from_ne_bytes([b'.'; 8]);
    // An octet that is zero has no bit, neither its high one nor one that carries into it.
    !(((differs & LOW) + LOW) | differs | LOW)
}

fn decimal(octet: u8, digits: &mut [u8; 3]) -> &[u8] {
    let [hundreds, tens, ones] = digits;
    (*hundreds, *tens, *ones) = (b'0' + octet / 100, b'0' + octet / 10 % 10, b'0' + octet % 10);
    let skip = usize::from(octet < 100) + usize::from(octet < 10);
    digits.get(skip..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_rfc_1035() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert_eq!(longest.len(), MAX_NAME);
        assert_eq!(Name::new(&longest).unwrap().text_len(), 253);
        assert_eq!(Name::new(format!("{longest}a")).unwrap_err().kind(), &ErrorKind::NameTooLong);
        assert_eq!(
            Name::new(format!("x.{label}a.b")).unwrap_err(),
            Error::in_name(ErrorKind::LabelTooLong, 2)
        );
        assert_eq!(Name::new("").unwrap_err().kind(), &ErrorKind::EmptyName);
        assert_eq!(Name::new("a..b").unwrap_err(), Error::in_name(ErrorKind::EmptyLabel, 2));
        assert_eq!(Name::new(".a").unwrap_err().kind(), &ErrorKind::EmptyLabel);
        assert_eq!(Name::new(".").unwrap(), Name::ROOT);
    }

    #[test]
    fn reverse_names() {
        assert_eq!(Name::reverse([192, 0, 2, 10].into()).to_string(), "10.2.0.192.in-addr.arpa");
        assert_eq!(
            Name::reverse("2001:db8::cafe".parse().unwrap()).to_string(),
            "e.f.a.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        );
        assert_eq!(Name::reverse("::ffff:192.0.2.1".parse().unwrap()).to_string(), "1.2.0.192.in-addr.arpa");
    }

    #[test]
    fn suffixes_and_prefixes() {
        let name = Name::new("a.b.Example.org").unwrap();
        assert_eq!(name.last_labels(2), Name::new("example.org").unwrap());
        assert_eq!(name.last_labels(9), name);
        assert_eq!(name.last_labels(0), Name::ROOT);
        assert!(name.is_within(&Name::new("EXAMPLE.ORG").unwrap()));
        assert!(name.is_within(&name) && name.is_within(&Name::ROOT));
        assert!(!name.is_within(&Name::new("x.a.b.example.org").unwrap()));
        assert!(!Name::new("ab.org").unwrap().is_within(&Name::new("b.org").unwrap()));
        assert_eq!(name.prepend("_dmarc").unwrap().to_string(), "_dmarc.a.b.Example.org");
        assert_eq!(Name::ROOT.parent(), None);
    }
}
