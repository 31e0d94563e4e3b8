//! `type; value` fields and the encodings of addresses in them.

use std::borrow::Cow;

use crate::mailbox::Mailbox;

/// A value with its type, as in `rfc822; jo@example.org` or `smtp; 550 no such user` (RFC 3464 2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Typed<'a> {
    /// The type as written, without comments; empty when there was none.
    pub kind: Cow<'a, str>,
    /// What stands behind the `;`, blanks around it taken off.
    pub value: Cow<'a, str>,
}

impl<'a> Typed<'a> {
    pub(super) fn split(text: Cow<'a, str>) -> Option<Self> {
        let (kind, value) = match text {
            Cow::Borrowed(text) => text
                .split_once(';')
                .map(|(kind, value)| (Cow::Borrowed(kind), Cow::Borrowed(value.trim())))?,
            Cow::Owned(text) => text
                .split_once(';')
                .map(|(kind, value)| (Cow::Owned(kind.to_owned()), Cow::Owned(value.trim().to_owned())))?,
        };
        Some(Self { kind: without_comments(kind), value })
    }

    /// Whether the type is this one, in any case.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// The value as address: of the type `utf-8` with its escapes decoded (RFC 6533 3), of another one as written, since a `+`
    /// in it may be part of the address. What Original-Recipient took over from ORCPT has xtext: [`decode_xtext`].
    #[must_use]
    pub fn address(&self) -> Cow<'_, str> {
        if self.is("utf-8") { decode_utf8_address(&self.value) } else { Cow::Borrowed(&self.value) }
    }

    /// The address as mailbox, angle brackets and comments taken off; `None` when it is none.
    #[must_use]
    pub fn mailbox(&self) -> Option<Mailbox> {
        let address = self.address();
        Mailbox::parse_path(without_comments(address).as_bytes()).ok().flatten()
    }
}

/// Decodes xtext (RFC 3461 4): `+` and two capital hexadecimal digits stand for an octet. What is not of this form stays, and
/// so do escapes of control characters, which no address has, and octets that are no UTF-8.
///
/// ```
/// use mailwright_message_model::block::decode_xtext;
///
/// assert_eq!(decode_xtext("jo+2Btag@example.org"), "jo+tag@example.org");
/// assert_eq!(decode_xtext("jo+tag@example.org"), "jo+tag@example.org");
/// assert_eq!(decode_xtext("a+0D+0Ab"), "a+0D+0Ab");
/// ```
#[must_use]
pub fn decode_xtext(text: &str) -> Cow<'_, str> {
    if !text.contains('+') {
        return Cow::Borrowed(text);
    }
    let decode = |allow: fn(u8) -> bool| {
        let mut octets = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            match (first, tail) {
                (b'+', [high, low, behind @ ..]) => match hex_pair(*high, *low).filter(|&b| allow(b)) {
                    Some(octet) => {
                        octets.push(octet);
                        rest = behind;
                    }
                    None => {
                        octets.push(b'+');
                        rest = tail;
                    }
                },
                _ => {
                    octets.push(*first);
                    rest = tail;
                }
            }
        }
        String::from_utf8(octets).ok()
    };
    let printable = |b: u8| b >= b' ' && b != 0x7f;
    let decoded = decode(printable).filter(|text| !text.chars().any(char::is_control));
    decoded.or_else(|| decode(|b| b == b' ' || b.is_ascii_graphic())).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Decodes the escapes of an internationalised address (RFC 6533 3, utf-8-addr-xtext): `\x{HEX}` stands for a character.
/// Escapes of no character or of a control character stay.
///
/// ```
/// use mailwright_message_model::block::decode_utf8_address;
///
/// assert_eq!(decode_utf8_address(r"j\x{F8}rn@example.org"), "jørn@example.org");
/// ```
#[must_use]
pub fn decode_utf8_address(text: &str) -> Cow<'_, str> {
    let Some((head, mut rest)) = text.split_once(r"\x{") else {
        return Cow::Borrowed(text);
    };
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(head);
    loop {
        // Six hexadecimal digits reach to U+10FFFF.
        let point = rest.bytes().take(7).position(|b| b == b'}').and_then(|end| {
            let (hex, behind) = rest.split_at_checked(end)?;
            let hex = Some(hex).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?).filter(|c| !c.is_control())?;
            Some((c, behind.strip_prefix('}')?))
        });
        match point {
            Some((c, behind)) => {
                decoded.push(c);
                rest = behind;
            }
            None => decoded.push_str(r"\x{"),
        }
        let Some((head, tail)) = rest.split_once(r"\x{") else {
            decoded.push_str(rest);
            return Cow::Owned(decoded);
        };
        decoded.push_str(head);
        rest = tail;
    }
}

/// The text without comments (RFC 5322 3.2.2), trimmed. Parentheses in quoted strings are text, and so is a comment that
/// does not end.
pub(super) fn without_comments(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('(') {
        return match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
    }
    let mut kept = String::with_capacity(text.len());
    // Where the open comment began: in the text.
    let mut open: Option<usize> = None;
    let (mut depth, mut quoted) = (0_usize, false);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let pair = if c == '\\' && (quoted || depth > 0) { chars.next() } else { None };
        match c {
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => {
                if depth == 0 {
                    open = Some(at);
                }
                depth = depth.saturating_add(1);
                continue;
            }
            ')' if depth > 0 => {
                depth = depth.saturating_sub(1);
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            kept.push(c);
            kept.extend(pair.map(|(_, c)| c));
        }
    }
    if depth > 0 {
        kept.push_str(open.and_then(|open| text.get(open..)).unwrap_or_default());
    }
    Cow::Owned(kept.trim().to_owned())
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'A'..=b'F' => Some(b - b'A' + 10),
        _ => None,
    };
    Some(digit(high)? << 4 | digit(low)?)
}
