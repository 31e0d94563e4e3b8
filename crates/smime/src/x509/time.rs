//! Instants of certificates (RFC 5280 4.1.2.5), also those before 1970.

use std::fmt;
use std::str::FromStr;

use der::Tag;

use crate::error::Error;
use crate::tlv::Element;

/// An instant: seconds since 1970-01-01T00:00:00Z, negative before.
///
/// ```
/// use mailwright_smime::x509::Time;
///
/// let time: Time = "1950-01-01T00:00:00Z".parse()?;
/// assert_eq!(time.unix(), -631_152_000);
/// assert_eq!(time.to_string(), "1950-01-01T00:00:00Z");
/// # Ok::<(), mailwright_smime::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

const DAY: i64 = 86_400;

impl Time {
    /// The instant so many seconds after 1970 (UTC, without leap seconds).
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// A UTCTime or GeneralizedTime.
    pub(crate) fn read(element: &Element<'_>) -> Result<Self, Error> {
        let read = match element.tag {
            Tag::UtcTime => utc_time(element.value),
            Tag::GeneralizedTime => generalized_time(element.value),
            _ => None,
        };
        read.ok_or_else(|| element.error("time"))
    }
}

/// RFC 5280 4.1.2.5.1: YYMMDDHHMMSSZ, of the years 1950 to 2049.
fn utc_time(value: &[u8]) -> Option<Time> {
    let (year, rest) = value.split_at_checked(2)?;
    let year = number(year)?;
    civil(if year >= 50 { 1900 + year } else { 2000 + year }, rest)
}

/// RFC 5280 4.1.2.5.2: YYYYMMDDHHMMSSZ.
fn generalized_time(value: &[u8]) -> Option<Time> {
    let (year, rest) = value.split_at_checked(4)?;
    civil(number(year)?, rest)
}

/// The instant in `year` that MMDDHHMMSSZ names.
fn civil(year: i64, rest: &[u8]) -> Option<Time> {
    let digits = rest.strip_suffix(b"Z").filter(|digits| digits.len() == 10)?;
    let mut fields = digits.chunks(2).map(number);
    let mut field =
        |range: std::ops::RangeInclusive<i64>| fields.next()?.filter(|field| range.contains(field));
    let month = field(1..=12)?;
    let day = field(1..=31)?;
    let (hour, minute, second) = (field(0..=23)?, field(0..=59)?, field(0..=59)?);
    if day > days_of_month(year, month) {
        return None;
    }
    Some(Time(days(year, month, day) * DAY + hour * 3600 + minute * 60 + second))
}

const fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to this day; the year begins in March, so that the leap day is its last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

impl FromStr for Time {
    type Err = Error;

    /// `YYYY-MM-DDThh:mm:ssZ` (RFC 3339, in UTC and without fraction).
    fn from_str(text: &str) -> Result<Self, Error> {
        let octets = text.as_bytes();
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        let odd = || Error::asn1(0, "time");
        if octets.len() != 20 || marks.iter().any(|(at, mark)| octets.get(*at) != Some(mark)) {
            return Err(odd());
        }
        let kept = octets.iter().enumerate().filter(|(at, _)| marks.iter().all(|(mark, _)| mark != at));
        let digits: Vec<u8> = kept.map(|(_, octet)| *octet).collect();
        generalized_time(&digits).ok_or_else(odd)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        // The inverse of `days`: eras of 400 years.
        let shifted = days.saturating_add(719_468);
        let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_two_digits_turn_at_1950() {
        assert_eq!(utc_time(b"500101000000Z").unwrap().to_string(), "1950-01-01T00:00:00Z");
        assert_eq!(utc_time(b"491231235959Z").unwrap().to_string(), "2049-12-31T23:59:59Z");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        assert!(generalized_time(b"20230229000000Z").is_none());
        assert!(generalized_time(b"19000229000000Z").is_none());
        assert_eq!(generalized_time(b"20000229000000Z").unwrap().to_string(), "2000-02-29T00:00:00Z");
        assert!(utc_time(b"2306310000Z").is_none());
        assert!(utc_time(b"230601000000+0000").is_none());
    }

    #[test]
    fn text_and_seconds_agree_over_the_years() {
        // 1970-01-01 plus whole days, against dates that `date -u -d @N` prints.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Time(seconds).to_string(), text);
            assert_eq!(text.parse::<Time>().unwrap(), Time(seconds));
        }
    }
}
