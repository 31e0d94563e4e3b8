//! The time for which certificates are judged.

use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use mailwright_smime::{Time, TimeOfCheck};

/// A time as the user gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    Time(Time),
    /// When each signer says that he signed.
    Signed,
}

impl FromStr for At {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "signed" {
            return Ok(Self::Signed);
        }
        if let Ok(seconds) = text.parse() {
            return Ok(Self::Time(Time::from_unix(seconds)));
        }
        text.parse().map(Self::Time).map_err(|_| "neither 2027-06-01T00:00:00Z nor seconds since 1970")
    }
}

impl At {
    /// The time given, or else the system's.
    pub(crate) fn or_now(at: Option<Self>) -> TimeOfCheck {
        match at {
            Some(Self::Signed) => TimeOfCheck::SigningTime,
            Some(Self::Time(time)) => TimeOfCheck::At(time),
            None => TimeOfCheck::At(now()),
        }
    }
}

/// The time of the system.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Time::from_unix(i64::try_from(since).unwrap_or(i64::MAX))
}
