//! Days of the Gregorian calendar, counted from 1970-01-01.

use std::fmt;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[allow(missing_docs)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// The three letters of RFC 5322 3.3.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "Mon",
            Self::Tuesday => "Tue",
            Self::Wednesday => "Wed",
            Self::Thursday => "Thu",
            Self::Friday => "Fri",
            Self::Saturday => "Sat",
            Self::Sunday => "Sun",
        }
    }

    /// The day of the week that a Date value names at its start; `None` where it names none.
    #[must_use]
    pub fn stated(value: &[u8]) -> Option<Self> {
        let rest = value.get(crate::cfws::skip(value, 0)..)?;
        let name = rest.get(..3)?;
        ALL.into_iter().find(|day| name.eq_ignore_ascii_case(day.as_str().as_bytes()))
    }

    pub(super) fn of(days: i64) -> Self {
        // 1970-01-01 was a Thursday
        match (days + 3).rem_euclid(7) {
            0 => Self::Monday,
            1 => Self::Tuesday,
            2 => Self::Wednesday,
            3 => Self::Thursday,
            4 => Self::Friday,
            5 => Self::Saturday,
            _ => Self::Sunday,
        }
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const ALL: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The three letters of month 1..=12 (RFC 5322 3.3).
pub(super) fn month_name(month: u8) -> &'static str {
    let name = MONTHS.get(usize::from(month.wrapping_sub(1))).copied().unwrap_or_default();
    name.get(..3).unwrap_or_default()
}

/// The month that `word` names: its three letters, "Sept", or the whole name, in any case.
pub(super) fn month(word: &[u8]) -> Option<u8> {
    let [a, b, c, rest @ ..] = word else { return None };
    let month = match &[a, b, c].map(u8::to_ascii_lowercase) {
        b"jan" => 1,
        b"feb" => 2,
        b"mar" => 3,
        b"apr" => 4,
        b"may" => 5,
        b"jun" => 6,
        b"jul" => 7,
        b"aug" => 8,
        b"sep" => 9,
        b"oct" => 10,
        b"nov" => 11,
        b"dec" => 12,
        _ => return None,
    };
    let whole =
        || MONTHS.get(usize::from(month) - 1).is_some_and(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    (rest.is_empty() || whole() || word.eq_ignore_ascii_case(b"sept")).then_some(month)
}

/// How many days `month` has; `None` for a month that is none.
pub(super) const fn days_in_month(year: u16, month: u8) -> Option<u8> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// Days from 1970-01-01 to the day given; negative before it.
///
/// Years are counted from 1 March, so that the leap day is the last of its year.
pub(super) fn days(year: u16, month: u8, day: u8) -> i64 {
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // months of 31 and 30 days alternate from March on with a period of 153 days in five months
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + leap_days + day_of_year - EPOCH
}

/// The year, month and day that lies `days` after 1970-01-01; `None` outside of the years 0..=9999.
pub(super) fn civil(days: i64) -> Option<(u16, u8, u8)> {
    let days = days.checked_add(EPOCH)?;
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    // without the leap days of 4, 100 and 400 years every year of the era has 365 days
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let (carry, month) = if from_march < 10 { (0, from_march + 3) } else { (1, from_march - 9) };
    let year = era.checked_mul(400)?.checked_add(year_of_era + carry)?;
    let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// Days from 1 March of year 0 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days of 400 years.
const ERA: i64 = 146_097;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years() {
        let first = days(0, 1, 1);
        let mut expected = first;
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month).unwrap() {
                    assert_eq!(days(year, month, day), expected);
                    assert_eq!(civil(expected), Some((year, month, day)));
                    expected += 1;
                }
            }
        }
        assert_eq!(civil(first - 1), None);
        assert_eq!(civil(expected), None);
        assert_eq!(days(1970, 1, 1), 0);
    }

    #[test]
    fn names() {
        assert_eq!(month(b"feb"), Some(2));
        assert_eq!(month(b"SEPT"), Some(9));
        assert_eq!(month(b"july"), Some(7));
        assert_eq!(month(b"Augu"), None);
        assert_eq!(month(b"Bog"), None);
        assert_eq!(month_name(12), "Dec");
        assert_eq!(Weekday::of(0), Weekday::Thursday);
        assert_eq!(Weekday::stated(b" (x) fri, 1"), Some(Weekday::Friday));
        assert_eq!(Weekday::stated(b"1 Jan"), None);
    }
}
