//! The sent date (RFC 5256 2.2).

use mailwright_message_model::date::DateTime;

use crate::{IdMode, cfws};

/// The instant in a Date value, in seconds since 1970 UTC; `None` where there is none to read, so that the internal date
/// counts (RFC 5256 2.2).
///
/// [`IdMode::Repair`] reads what [`DateTime::parse`] does. [`IdMode::Dovecot`] reads
/// `[Mon,] D Mon YEAR H:MM[:SS] [zone]` and nothing else; a zone that is missing or unknown is UTC.
///
/// ```
/// use mailwright_threading::{IdMode, sent_date};
///
/// assert_eq!(sent_date(b"Fri, 21 Nov 1997 09:55:06 -0600", IdMode::Dovecot), Some(880_127_706));
/// assert_eq!(sent_date(b"Fri Nov 21 15:55:06 1997", IdMode::Dovecot), None);
/// assert_eq!(sent_date(b"Fri Nov 21 15:55:06 1997", IdMode::Repair), Some(880_127_706));
/// ```
#[must_use]
pub fn sent_date(value: &[u8], mode: IdMode) -> Option<i64> {
    match mode {
        IdMode::Repair => DateTime::parse(value).map(|date| date.to_unix()),
        IdMode::Dovecot => Tokens::new(value)?.date(),
    }
}

/// The atoms of a date.
struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    fn new(value: &'a [u8]) -> Option<Self> {
        let mut tokens = Self { rest: value };
        tokens.blanks()?;
        Some(tokens)
    }

    fn date(&mut self) -> Option<i64> {
        let mut token = self.atom()?;
        if token.len() == 3 {
            self.expect(|octet| octet == b',')?;
            token = self.atom()?;
        }
        let day = number(token, 1..=2)?;
        let month = month(self.atom()?)?;
        let year = self.atom()?;
        let year = match (number(year, 2..=4)?, year.len()) {
            (year, 2) if year < 70 => 2000 + year,
            (year, 2) => 1900 + year,
            (year, 4) if year >= 1900 => year,
            _ => return None,
        };
        let hour = number(self.atom()?, 1..=2)?;
        self.expect(is_colon)?;
        let minute = number(self.atom()?, 2..=2)?;
        let second = match self.expect(is_colon) {
            Some(()) => number(self.atom()?, 2..=2)?,
            None if self.rest.first().is_some_and(|octet| is_colon(*octet)) => return None,
            None => 0,
        };
        let zone = if self.rest.is_empty() { 0 } else { zone_minutes(self.atom()?) };
        let small = |part: u16| u8::try_from(part).ok();
        // a leap second is the one before it
        let time = (small(hour)?, small(minute)?, small(if second == 60 { 59 } else { second })?);
        let date = DateTime::new((year, month, small(day)?), time, 0)?;
        // kept in 32 bits without a sign, in which 0 stands for none
        let seconds = (date.to_unix() - zone * 60).rem_euclid(1 << 32);
        (seconds != 0).then_some(seconds)
    }

    /// One atom and the comments and blanks behind it.
    fn atom(&mut self) -> Option<&'a [u8]> {
        let (atom, rest) = cfws::atom(self.rest);
        self.rest = rest;
        self.blanks()?;
        (!atom.is_empty()).then_some(atom)
    }

    fn expect(&mut self, octet: impl Fn(u8) -> bool) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        if !octet(*first) {
            return None;
        }
        self.rest = rest;
        self.blanks()
    }

    /// Comments and blanks; `None` where a comment has no end.
    fn blanks(&mut self) -> Option<()> {
        let (rest, ended) = cfws::skip(self.rest);
        self.rest = rest;
        ended.then_some(())
    }
}

fn is_colon(octet: u8) -> bool {
    matches!(octet, b':' | b'.')
}

/// A number of as many digits as `digits` allows.
fn number(token: &[u8], digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let is_number = digits.contains(&token.len()) && token.iter().all(u8::is_ascii_digit);
    is_number.then(|| token.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

/// A month by its first three letters.
fn month(token: &[u8]) -> Option<u8> {
    const MONTHS: &[u8] = b"janfebmaraprmayjunjulaugsepoctnovdec";
    let name = token.get(..3)?;
    let at = MONTHS.chunks(3).position(|month| month.eq_ignore_ascii_case(name))?;
    u8::try_from(at + 1).ok()
}

/// Minutes that a zone is ahead of UTC; 0 where it is unknown.
fn zone_minutes(zone: &[u8]) -> i64 {
    match zone {
        [letter] => military_hours(*letter) * 60,
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let Some(number) = number(digits, 4..=4) else { return 0 };
            let minutes = i64::from(number / 100) * 60 + i64::from(number % 100);
            if *sign == b'-' { -minutes } else { minutes }
        }
        // only the last letter must be a capital
        [region, kind, b'T'] => {
            let standard = match region.to_ascii_uppercase() {
                b'E' => -5,
                b'C' => -6,
                b'M' => -7,
                b'P' => -8,
                _ => return 0,
            };
            match kind.to_ascii_uppercase() {
                b'S' => standard * 60,
                b'D' => (standard + 1) * 60,
                _ => 0,
            }
        }
        _ => 0,
    }
}

/// RFC 822 5 as it was meant: A is one hour ahead, N one hour behind. Small letters and signs count from the same A and M,
/// which makes more hours of them than a day has.
fn military_hours(sign: u8) -> i64 {
    let from = |letter: u8| i64::from(sign) - i64::from(letter);
    match sign.to_ascii_uppercase() {
        ..=b'I' => from(b'A') + 1,
        b'K'..=b'M' => from(b'A'),
        b'N'..=b'Y' => -from(b'M'),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<i64> {
        sent_date(value.as_bytes(), IdMode::Dovecot)
    }

    // 2003-07-01 10:52:37 UTC
    const INSTANT: i64 = 1_057_056_757;

    #[test]
    fn the_form_that_counts() {
        for date in [
            "Tue, 1 Jul 2003 10:52:37 +0000",
            "1 July 03 10.52.37",
            "(a) Tue (b), 01 (c) JUL 2003 10:52:37 (d) XYZ",
            "1 Jul 2003 11:52:37 A",
            "1 Jul 2003 06:52:37 EDT (EDT) what follows is ignored",
            "1 Jul 2003 12:52:37 +0200 (MET DST)",
        ] {
            assert_eq!(read(date), Some(INSTANT), "{date}");
        }
        assert_eq!(read("1 Jul 2003 10:52"), Some(INSTANT - 37));
        assert_eq!(read("1 Jul 2003 10:52:60"), Some(INSTANT + 22));
        // 32 bits without a sign, and 0 is no date
        assert_eq!(read("1 Jan 70 0:00"), None);
        assert_eq!(read("1 Jan 1970 0:00:01"), Some(1));
        assert_eq!(read("31 Dec 1969 23:59:59"), Some((1 << 32) - 1));
        assert_eq!(read("7 Feb 2106 06:28:17"), Some(1));
    }

    /// As Dovecot 2.3.19.1 answers.
    #[test]
    fn zones() {
        for (zone, hours) in [
            ("+01:00", 0),
            ("+0100:", 1),
            ("EsT", -5),
            ("ESt", 0),
            ("pdt", 0),
            ("a", 33),
            ("k", 42),
            ("n", -33),
            ("-", -19),
            ("9", -7),
            ("z", 0),
            ("J", 0),
        ] {
            assert_eq!(read(&format!("1 Jul 2003 10:52:37 {zone}")), Some(INSTANT - hours * 3600), "{zone}");
        }
    }

    #[test]
    fn the_forms_that_do_not() {
        for date in [
            "Tue Jul  1 10:52:37 2003",
            "2003-07-01 10:52:37",
            "Tuesday, 1 Jul 2003 10:52:37",
            "31 Feb 2003 10:52:37",
            "1 Jul 2003 24:52:37",
            "1 Jul 2003 10:52:7",
            "1 Jul 103 10:52:37",
            "1 Jul 0103 10:52:37",
            "1 Jul 2003 10:52:37 (",
            "",
        ] {
            assert_eq!(read(date), None, "{date}");
        }
    }
}
