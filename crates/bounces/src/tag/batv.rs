//! BATV: a mark in the envelope sender by which bounces of mail that we never sent are told.

use super::split;

/// A marked sender: `prvs=0123abcdef=jo@example.org` (draft-levine-smtp-batv).
///
/// ```
/// use mailwright_bounces::tag::Batv;
///
/// let batv = Batv::decode("prvs=0123abcdef=jo@example.org").unwrap();
/// assert_eq!(batv.address(), "jo@example.org");
/// assert_eq!((batv.key, batv.day, batv.mark), (0, 123, "abcdef"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batv<'a> {
    /// The number of the key.
    pub key: u8,
    /// The day on which it expires, modulo 1000.
    pub day: u16,
    /// Six hexadecimal digits.
    pub mark: &'a str,
    /// The local part without the mark.
    pub local: &'a str,
    /// The domain.
    pub domain: &'a str,
}

impl<'a> Batv<'a> {
    /// Reads a marked sender. Anybody can write one: see [`Key`](super::Key).
    #[must_use]
    pub fn decode(address: &'a str) -> Option<Self> {
        let (local, domain) = split(address)?;
        let rest =
            local.get(..5).filter(|head| head.eq_ignore_ascii_case("prvs=")).and_then(|_| local.get(5..))?;
        let (tag, local) = rest.split_once('=')?;
        // Some servers have the two the other way round.
        let (tag, local) = if is_tag(tag) { (tag, local) } else { (local, tag) };
        if !is_tag(tag) || local.is_empty() {
            return None;
        }
        Some(Self {
            key: tag.get(..1)?.parse().ok()?,
            day: tag.get(1..4)?.parse().ok()?,
            mark: tag.get(4..)?,
            local,
            domain,
        })
    }

    /// The address without its mark.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }
}

fn is_tag(tag: &str) -> bool {
    let (digits, mark) = tag.split_at_checked(4).unwrap_or_default();
    digits.len() == 4
        && mark.len() == 6
        && digits.bytes().all(|octet| octet.is_ascii_digit())
        && mark.bytes().all(|octet| octet.is_ascii_hexdigit())
}
