//! Reading a date: one pass, no allocation.

use super::{DateTime, MAX_OFFSET_MINUTES, Zone, calendar};
use crate::cfws;

pub(super) fn date_time(value: &[u8]) -> Option<DateTime> {
    let mut at = Cursor { rest: last_part(cfws::field(value)) };
    let (date, time, zone) = match leading_month(&mut at)? {
        Some(month) => month_first(&mut at, month)?,
        None => number_first(&mut at)?,
    };
    // RFC 5322 3.3: a year is at least 1900; a "0102" is a broken clock or a broken writer
    if date.0 < 1900 {
        return None;
    }
    let mut read = DateTime::new(date, time, zone.0)?;
    read.zone = zone.1;
    Some(read)
}

type Date = (u16, u8, u8);
type Time = (u8, u8, u8);
type Offset = (i16, Zone);

const NO_ZONE: Offset = (0, Zone::Missing);

/// What stands behind the last `;` outside of comments: the date of a Received value (RFC 5321 4.4).
fn last_part(value: &[u8]) -> &[u8] {
    let mut part = value;
    if memchr::memchr(b';', value).is_some() {
        let mut at = 0;
        while let Some(&byte) = value.get(at) {
            at = if byte == b'(' { cfws::comment_end(value, at) } else { at + 1 };
            if byte == b';' {
                part = value.get(at..).unwrap_or_default();
            }
        }
    }
    part
}

/// Passes the day of the week and other words; the month where that is the first thing that counts.
fn leading_month(at: &mut Cursor<'_>) -> Option<Option<u8>> {
    loop {
        at.skip_between();
        match at.peek()? {
            b'0'..=b'9' => return Some(None),
            byte if byte.is_ascii_alphabetic() => {
                if let Some(month) = calendar::month(at.word()) {
                    return Some(Some(month));
                }
            }
            _ => at.bump(),
        }
    }
}

/// `1 Jul 2003 10:52:37 +0200` (RFC 5322 3.3) and `2003-07-01T10:52:37+02:00` (ISO 8601).
fn number_first(at: &mut Cursor<'_>) -> Option<(Date, Time, Offset)> {
    let (first, digits) = at.number()?;
    at.skip_between();
    let month = match at.peek()? {
        b'0'..=b'9' => at.small()?,
        _ => calendar::month(at.word())?,
    };
    at.skip_between();
    let date = if first > 31 && digits > 2 {
        (year(first, digits)?, month, at.small()?)
    } else {
        let (number, digits) = at.number()?;
        (year(number, digits)?, month, u8::try_from(first).ok()?)
    };
    at.skip_between();
    if !at.eat(b"T") {
        at.eat(b"t");
    }
    Some((date, time(at)?, zone(at)))
}

/// `Feb 07 10:18:12 2003 -0800` as `asctime` writes it, and `Jul 1, 2003 10:52:37`.
fn month_first(at: &mut Cursor<'_>, month: u8) -> Option<(Date, Time, Offset)> {
    at.skip_between();
    let day = at.small()?;
    at.skip_between();
    let mut ahead = at.clone();
    let (number, digits) = ahead.number()?;
    if digits > 2 {
        *at = ahead;
        at.skip_between();
        return Some(((year(number, digits)?, month, day), time(at)?, zone(at)));
    }
    let time = time(at)?;
    // the zone stands in front of the year or behind it
    at.skip_between_words();
    let before = if at.peek().is_some_and(|b| b.is_ascii_digit()) { NO_ZONE } else { zone(at) };
    at.skip_between_words();
    let (number, digits) = at.number()?;
    let zone = if before == NO_ZONE { zone(at) } else { before };
    Some(((year(number, digits)?, month, day), time, zone))
}

fn year(number: u32, digits: usize) -> Option<u16> {
    let year = match digits {
        // RFC 5322 4.3: 00..49 are of this century, 50..99 and three digits count from 1900
        1 | 2 if number < 50 => number + 2000,
        1..=3 => number + 1900,
        4 => number,
        _ => return None,
    };
    u16::try_from(year).ok()
}

/// Hour, minute and where there is one the second, between colons, dots or white space.
fn time(at: &mut Cursor<'_>) -> Option<Time> {
    let hour = at.small()?;
    at.time_separator();
    let minute = at.small()?;
    let mut ahead = at.clone();
    let marked = ahead.time_separator();
    let second = match ahead.number() {
        // without a mark four digits are a zone or a year
        Some((second, digits)) if digits <= 2 || marked => {
            *at = ahead;
            u8::try_from(second).ok()?
        }
        _ => 0,
    };
    // fractions of a second, as some writers add: ".516"
    if let [b'.' | b',', b'0'..=b'9', ..] = at.rest {
        at.bump();
        while at.peek().is_some_and(|b| b.is_ascii_digit()) {
            at.bump();
        }
    }
    Some((half_day(at, hour), minute, second))
}

/// The hour, moved by the "AM" or "PM" behind the time if there is one.
fn half_day(at: &mut Cursor<'_>, hour: u8) -> u8 {
    let mut ahead = at.clone();
    ahead.skip_space();
    let word = ahead.word();
    let (am, pm) = (word.eq_ignore_ascii_case(b"AM"), word.eq_ignore_ascii_case(b"PM"));
    if !(am || pm) || !(1..=12).contains(&hour) {
        return hour;
    }
    *at = ahead;
    hour % 12 + if pm { 12 } else { 0 }
}

fn zone(at: &mut Cursor<'_>) -> Offset {
    at.skip_between_words();
    match at.peek() {
        Some(b'+' | b'-') => numeric_zone(at),
        Some(b'0'..=b'9') => {
            at.number().map_or(NO_ZONE, |(number, _)| offset(number / 100, number % 100, false))
        }
        Some(byte) if byte.is_ascii_alphabetic() => {
            let name = at.word();
            let known = named_zone(name);
            // "GMT+0200" as Java and JavaScript write it
            if known == Some(0) && matches!(at.peek(), Some(b'+' | b'-')) {
                return numeric_zone(at);
            }
            known.map_or((0, Zone::Unknown), |hours| (hours * 60, Zone::Name))
        }
        _ => NO_ZONE,
    }
}

fn numeric_zone(at: &mut Cursor<'_>) -> Offset {
    let minus = at.eat(b"-");
    if !minus {
        at.eat(b"+");
    }
    match at.number() {
        Some((hours, digits)) if digits <= 2 => {
            let minutes = if at.eat(b":") { at.number().map_or(0, |(minutes, _)| minutes) } else { 0 };
            offset(hours, minutes, minus)
        }
        // "-080" has lost its last digit, "-600" its first
        Some((number, 3)) if number < 100 => offset(number / 10, number % 10 * 10, minus),
        Some((number, _)) => offset(number / 100, number % 100, minus),
        None => (0, Zone::Unknown),
    }
}

fn offset(hours: u32, minutes: u32, minus: bool) -> Offset {
    let total = hours.saturating_mul(60).saturating_add(minutes);
    match i16::try_from(total) {
        // RFC 5322 3.3: "-0000" says that the zone is not known
        Ok(0) if minus => (0, Zone::Unspecified),
        Ok(total) if minutes < 60 && total <= MAX_OFFSET_MINUTES => {
            (if minus { -total } else { total }, Zone::Offset)
        }
        _ => (0, Zone::Unknown),
    }
}

/// Hours of the zones that RFC 5322 4.3 gives a meaning. The military letters but "Z" have none, since RFC 822 had their
/// signs wrong.
fn named_zone(name: &[u8]) -> Option<i16> {
    const NAMES: [(&[u8], i16); 12] = [
        (b"GMT", 0),
        (b"UTC", 0),
        (b"UT", 0),
        (b"Z", 0),
        (b"EST", -5),
        (b"EDT", -4),
        (b"CST", -6),
        (b"CDT", -5),
        (b"MST", -7),
        (b"MDT", -6),
        (b"PST", -8),
        (b"PDT", -7),
    ];
    NAMES.into_iter().find_map(|(known, hours)| name.eq_ignore_ascii_case(known).then_some(hours))
}

#[derive(Clone, Debug)]
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn bump(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    fn eat(&mut self, mark: &[u8]) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// White space and comments, which may stand between any two parts (RFC 5322 4.3), and a comma.
    fn skip_between_words(&mut self) {
        loop {
            self.rest = self.rest.get(cfws::skip(self.rest, 0)..).unwrap_or_default();
            if !self.eat(b",") {
                break;
            }
        }
    }

    /// The same and what the wild writes between the parts of a date: `2-Feb-2021`, `2/2/2021`, `2. Feb 2021`.
    fn skip_between(&mut self) {
        loop {
            self.skip_between_words();
            match self.peek() {
                Some(b'-' | b'/' | b'.') => self.bump(),
                _ => break,
            }
        }
    }

    /// Passes what stands between hour, minute and second; whether there was more than white space.
    fn time_separator(&mut self) -> bool {
        self.skip_space();
        let marked = matches!(self.rest, [b':', ..] | [b'.', b'0'..=b'9', ..]);
        if marked {
            self.bump();
            self.skip_space();
        }
        marked
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.get(cfws::skip(self.rest, 0)..).unwrap_or_default();
    }

    /// The number here and how many digits it has; `None` where there is none or it has more than six digits.
    fn number(&mut self) -> Option<(u32, usize)> {
        let digits = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, rest) = self.rest.split_at_checked(digits).filter(|_| (1..=6).contains(&digits))?;
        self.rest = rest;
        Some((number.iter().fold(0, |sum, b| sum * 10 + u32::from(b - b'0')), digits))
    }

    /// A number of one or two digits.
    fn small(&mut self) -> Option<u8> {
        let (number, digits) = self.number()?;
        u8::try_from(number).ok().filter(|_| digits <= 2)
    }

    /// The letters here.
    fn word(&mut self) -> &'a [u8] {
        let letters = self.rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at_checked(letters).unwrap_or_default();
        self.rest = rest;
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> String {
        DateTime::parse(value.as_bytes()).map_or_else(|| "none".into(), |date| date.to_string())
    }

    #[test]
    fn rfc_5322_examples() {
        assert_eq!(read("Fri, 21 Nov 1997 09:55:06 -0600"), "Fri, 21 Nov 1997 09:55:06 -0600");
        assert_eq!(
            read(
                "Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)"
            ),
            "Thu, 13 Feb 1969 23:32:00 -0330"
        );
        assert_eq!(read("21 Nov 97 09:55:06 GMT"), "Fri, 21 Nov 1997 09:55:06 +0000");
        assert_eq!(
            read("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600"),
            "Fri, 21 Nov 1997 09:55:06 -0600"
        );
    }

    #[test]
    fn obsolete_years() {
        assert_eq!(read("1 Jan 49 00:00:00 +0000"), "Fri, 1 Jan 2049 00:00:00 +0000");
        assert_eq!(read("1 Jan 50 00:00:00 +0000"), "Sun, 1 Jan 1950 00:00:00 +0000");
        assert_eq!(read("1 Jan 103 00:00:00 +0000"), "Wed, 1 Jan 2003 00:00:00 +0000");
        assert_eq!(read("1 Jan 0102 00:00:00 +0000"), "none");
        assert_eq!(read("1 Jan 20033 00:00:00 +0000"), "none");
    }

    #[test]
    fn zones() {
        let zone = |text: &str| {
            let date = DateTime::parse(format!("1 Jul 2003 10:52:37 {text}").as_bytes()).unwrap();
            (date.offset_minutes(), date.zone())
        };
        assert_eq!(zone("EST5EDT"), (-300, Zone::Name));
        assert_eq!(zone("pdt"), (-420, Zone::Name));
        assert_eq!(zone("ZZZZ"), (0, Zone::Unknown));
        assert_eq!(zone("A"), (0, Zone::Unknown));
        assert_eq!(zone("Z"), (0, Zone::Name));
        assert_eq!(zone("-0000"), (0, Zone::Unspecified));
        assert_eq!(zone("GMT+0200"), (120, Zone::Offset));
        assert_eq!(zone("+02:00"), (120, Zone::Offset));
        assert_eq!(zone("+2"), (120, Zone::Offset));
        assert_eq!(zone("-9959"), (-5999, Zone::Offset));
        assert_eq!(zone("-600"), (-360, Zone::Offset));
        assert_eq!(zone("-080"), (-480, Zone::Offset));
        assert_eq!(zone("+0060"), (0, Zone::Unknown));
        assert_eq!(zone(""), (0, Zone::Missing));
    }

    #[test]
    fn other_forms_of_the_wild() {
        assert_eq!(read("Fri Feb 07 10:18:12 2003 -0800"), "Fri, 7 Feb 2003 10:18:12 -0800");
        assert_eq!(read("Sun Nov 13 14:50:12 2005"), "Sun, 13 Nov 2005 14:50:12 -0000");
        assert_eq!(read("Tue Jan  4 10:18:12 EST 2000"), "Tue, 4 Jan 2000 10:18:12 -0500");
        assert_eq!(read("Tue, Jul 1, 2003 10:52 +0200"), "Tue, 1 Jul 2003 10:52:00 +0200");
        assert_eq!(read("Wednesday, April 03, 2002 5:56 PM"), "Wed, 3 Apr 2002 17:56:00 -0000");
        assert_eq!(read("3 Apr 2002 12:56:00 AM EST"), "Wed, 3 Apr 2002 00:56:00 -0500");
        assert_eq!(read("Tue, 029 Apr 2019 23:34:45 -0800"), "Mon, 29 Apr 2019 23:34:45 -0800");
        assert_eq!(read("2004-06-28T23:43:45.000Z"), "Mon, 28 Jun 2004 23:43:45 +0000");
        assert_eq!(read("2004-06-28 23:43:45 -03:30"), "Mon, 28 Jun 2004 23:43:45 -0330");
        assert_eq!(read("2-Feb-2021 9:5:6 +0000"), "Tue, 2 Feb 2021 09:05:06 +0000");
        assert_eq!(read("Thu, 02 Apr 2020 07:53:55.516 +0000 (UTC)"), "Thu, 2 Apr 2020 07:53:55 +0000");
        assert_eq!(
            read("by a (x; y) with b; 2 Apr 2020 07:53:55 +0000 (a;b)"),
            "Thu, 2 Apr 2020 07:53:55 +0000"
        );
    }

    #[test]
    fn rubbish_is_none() {
        for value in ["", "now", "1 Jul 2003", "1 Foo 2003 10:52:37 +0200", "31 Jun 2003 10:52:37 +0200"] {
            assert_eq!(read(value), "none", "{value}");
        }
        assert_eq!(read("1 Jul 2003 25:52:37 +0200"), "none");
        assert_eq!(read("99999999999 Jul 2003 10:52:37"), "none");
        assert_eq!(read("1 Jul 2003\n10:52:37 +0200"), "none");
    }
}
