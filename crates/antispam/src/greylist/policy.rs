//! How long a stranger waits.

use std::time::Duration;

/// Until a retry is let in: programs that send spam and never retry are gone, and every server queues longer than this.
/// RFC 6647 5 advises one minute to 24 hours.
pub const DELAY: Duration = Duration::from_secs(300);

/// Within which the retry has to come: servers try for days (RFC 5321 4.5.4.1: at least 4 to 5 days), the first retries come in
/// hours.
pub const WINDOW: Duration = Duration::from_secs(2 * 86_400);

/// How long a key is remembered after it was last seen: above a month, so that what comes monthly is known (RFC 6647 5 wants a
/// week at least).
pub const EXPIRE: Duration = Duration::from_secs(35 * 86_400);

/// Keys of one client network that passed, after which the network is let in without waiting (RFC 6647 5: exempt those who have
/// shown that they retry).
pub const AUTO_ALLOW_AFTER: u32 = 5;

/// The times of greylisting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Policy {
    /// From the first sight to the first pass, [`DELAY`].
    pub delay: Duration,
    /// From the first sight to the last moment of a retry; what comes later starts anew. [`WINDOW`].
    pub window: Duration,
    /// From the last sight of a key that passed, or of a network, until it is forgotten. [`EXPIRE`].
    pub expire: Duration,
    /// Keys of a network that passed until the network is let in; 0 never lets a network in. [`AUTO_ALLOW_AFTER`].
    pub auto_allow_after: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { delay: DELAY, window: WINDOW, expire: EXPIRE, auto_allow_after: AUTO_ALLOW_AFTER }
    }
}
