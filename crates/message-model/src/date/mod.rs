//! Dates of header fields (RFC 5322 3.3 and 4.3).

mod calendar;
mod parse;

use std::cmp::Ordering;
use std::fmt;

pub use calendar::Weekday;

/// A date and time with its offset from UTC, always a day that exists.
///
/// Ordered by instant; of two that name the same instant the one with the smaller offset comes first. Equal are only
/// those that agree in every part: compare [`DateTime::to_unix`] to ask for the same instant.
///
/// ```
/// use mailwright_message_model::date::DateTime;
///
/// let date = DateTime::parse(b" Fri, 21 Nov 1997 09:55(comment):06 -0600\r\n").unwrap();
/// assert_eq!(date.to_unix(), 880_127_706);
/// assert_eq!(date.to_string(), "Fri, 21 Nov 1997 09:55:06 -0600");
/// assert_eq!(date.rfc3339().to_string(), "1997-11-21T09:55:06-06:00");
/// assert_eq!(DateTime::parse(b"next Friday"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DateTime {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    offset: i16,
    zone: Zone,
}

/// How the zone of a date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Zone {
    /// A numeric offset, as `+0200`.
    Offset,
    /// One of the names with a meaning, as `GMT` or `EST` (RFC 5322 4.3).
    Name,
    /// `-0000`: the time is in UTC and nothing is known about the sender's zone (RFC 5322 3.3).
    Unspecified,
    /// A name or number without a meaning; to be read as `-0000` (RFC 5322 4.3).
    Unknown,
    /// None was written; read as `-0000`.
    Missing,
}

/// The largest offset from UTC, 99 h 59 min, that a numeric zone can say (RFC 5322 3.3).
pub const MAX_OFFSET_MINUTES: i16 = 99 * 60 + 59;

impl DateTime {
    /// Reads `value`, a field value with its line breaks: RFC 5322 3.3, the obsolete forms of 4.3 (short years, zone
    /// names, comments everywhere), and of the wild the form of `asctime`, ISO 8601, numeric months, missing seconds,
    /// missing zone. Of a value with `;` (Received) the part behind the last one counts.
    ///
    /// `None` where no valid day and time of day can be read.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        parse::date_time(value)
    }

    /// The date from its parts: local time and the offset of that from UTC in minutes.
    ///
    /// `None` for a day that does not exist, a year past 9999, a time of day past 23:59:60, or an offset past
    /// [`MAX_OFFSET_MINUTES`].
    #[must_use]
    pub fn new(
        (year, month, day): (u16, u8, u8),
        (hour, minute, second): (u8, u8, u8),
        offset_minutes: i16,
    ) -> Option<Self> {
        let days = calendar::days_in_month(year, month)?;
        // RFC 5322 3.3: a time-of-day of 23:59:60 is a leap second
        let valid = year <= 9999
            && (1..=days).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60
            && offset_minutes.unsigned_abs() <= MAX_OFFSET_MINUTES.unsigned_abs();
        let zone = Zone::Offset;
        valid.then_some(Self { year, month, day, hour, minute, second, offset: offset_minutes, zone })
    }

    /// The date of `seconds` since 1970-01-01T00:00:00Z as a clock shows it `offset_minutes` away from UTC.
    ///
    /// `None` where the year leaves 0..=9999 or the offset [`MAX_OFFSET_MINUTES`].
    #[must_use]
    pub fn from_unix(seconds: i64, offset_minutes: i16) -> Option<Self> {
        let local = seconds.checked_add(i64::from(offset_minutes).checked_mul(60)?)?;
        let date = calendar::civil(local.div_euclid(86_400))?;
        let of_day = local.rem_euclid(86_400);
        let part = |value: i64| u8::try_from(value).ok();
        Self::new(date, (part(of_day / 3600)?, part(of_day / 60 % 60)?, part(of_day % 60)?), offset_minutes)
    }

    /// Seconds since 1970-01-01T00:00:00Z; a leap second counts as the second after it.
    #[must_use]
    pub fn to_unix(&self) -> i64 {
        let days = calendar::days(self.year, self.month, self.day);
        let of_day = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        days * 86_400 + of_day - i64::from(self.offset) * 60
    }

    /// The same instant on a clock `offset_minutes` away from UTC; `None` as in [`DateTime::from_unix`].
    #[must_use]
    pub fn with_offset(&self, offset_minutes: i16) -> Option<Self> {
        Self::from_unix(self.to_unix(), offset_minutes)
    }

    /// The year, 0..=9999.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1..=12.
    #[must_use]
    pub const fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, 1..=31.
    #[must_use]
    pub const fn day(&self) -> u8 {
        self.day
    }

    /// The hour, 0..=23.
    #[must_use]
    pub const fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute, 0..=59.
    #[must_use]
    pub const fn minute(&self) -> u8 {
        self.minute
    }

    /// The second, 0..=60.
    #[must_use]
    pub const fn second(&self) -> u8 {
        self.second
    }

    /// Minutes that local time is ahead of UTC; 0 where the zone is not known.
    #[must_use]
    pub const fn offset_minutes(&self) -> i16 {
        self.offset
    }

    /// How the zone was written.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// Whether the zone of the sender is known; if not, the time was read as UTC (RFC 5322 3.3: `-0000`).
    #[must_use]
    pub const fn is_zone_known(&self) -> bool {
        matches!(self.zone, Zone::Offset | Zone::Name)
    }

    /// The day of the week that the date falls on. The one that a field states is read by [`Weekday::stated`];
    /// RFC 5322 3.3 wants the two equal.
    #[must_use]
    pub fn weekday(&self) -> Weekday {
        Weekday::of(calendar::days(self.year, self.month, self.day))
    }

    /// The date in the form of RFC 3339, for printing. An offset of a day and more, which that form cannot hold, is
    /// printed as UTC.
    #[must_use]
    pub fn rfc3339(&self) -> impl fmt::Display + use<> {
        Rfc3339(*self)
    }

    fn zone_sign(&self) -> char {
        if self.offset < 0 || !self.is_zone_known() { '-' } else { '+' }
    }
}

/// The form of RFC 5322 3.3, as a Date field holds it.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset.unsigned_abs();
        write!(
            f,
            "{}, {} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}",
            self.weekday(),
            self.day,
            calendar::month_name(self.month),
            self.year,
            self.hour,
            self.minute,
            self.second,
            self.zone_sign(),
            offset / 60,
            offset % 60
        )
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |d: &Self| (d.to_unix(), d.offset, d.second, d.zone);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Clone, Copy)]
struct Rfc3339(DateTime);

impl fmt::Display for Rfc3339 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut date = self.0;
        if date.offset.unsigned_abs() >= 24 * 60 {
            date = date.with_offset(0).unwrap_or(date);
        }
        let (y, m, d) = (date.year, date.month, date.day);
        write!(f, "{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}", date.hour, date.minute, date.second)?;
        let offset = date.offset.unsigned_abs();
        match offset {
            // RFC 3339 4.3: "Z" says no more than UTC, "-00:00" that the local offset is unknown
            0 if date.is_zone_known() => f.write_str("Z"),
            _ => write!(f, "{}{:02}:{:02}", date.zone_sign(), offset / 60, offset % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_and_back() {
        // RFC 3339 5.8: 1937-01-01T12:00:27.87+00:20 and the leap second of 1990
        let date = DateTime::new((1937, 1, 1), (12, 0, 27), 20).unwrap();
        assert_eq!(date.to_unix(), -1_041_337_173);
        assert_eq!(DateTime::from_unix(date.to_unix(), 20), Some(date));
        let leap = DateTime::new((1990, 12, 31), (23, 59, 60), 0).unwrap();
        assert_eq!(leap.to_unix(), 662_688_000);
        assert_eq!(DateTime::from_unix(0, 0).unwrap().to_string(), "Thu, 1 Jan 1970 00:00:00 +0000");
        assert_eq!(DateTime::from_unix(i64::MAX, 0), None);
        assert_eq!(DateTime::from_unix(i64::MIN, -5999), None);
    }

    #[test]
    fn only_days_that_exist() {
        assert!(DateTime::new((2024, 2, 29), (0, 0, 0), 0).is_some());
        assert!(DateTime::new((2023, 2, 29), (0, 0, 0), 0).is_none());
        assert!(DateTime::new((1900, 2, 29), (0, 0, 0), 0).is_none());
        assert!(DateTime::new((2023, 13, 1), (0, 0, 0), 0).is_none());
        assert!(DateTime::new((2023, 1, 1), (24, 0, 0), 0).is_none());
        assert!(DateTime::new((2023, 1, 1), (0, 0, 0), 6000).is_none());
    }

    #[test]
    fn order_is_by_instant() {
        let early = DateTime::new((2003, 7, 1), (10, 0, 0), 120).unwrap();
        let late = DateTime::new((2003, 7, 1), (9, 0, 0), 0).unwrap();
        assert!(early < late);
        let same = early.with_offset(0).unwrap();
        assert!(same < early && same.to_unix() == early.to_unix());
    }

    #[test]
    fn rfc3339_of_unknown_and_wide_offsets() {
        let print = |value: &[u8]| DateTime::parse(value).unwrap().rfc3339().to_string();
        assert_eq!(print(b"1 Jul 2003 10:52:37 -0000"), "2003-07-01T10:52:37-00:00");
        assert_eq!(print(b"1 Jul 2003 10:52:37 GMT"), "2003-07-01T10:52:37Z");
        assert_eq!(print(b"1 Jul 2003 00:00:00 +2400"), "2003-06-30T00:00:00Z");
    }
}
