//! The state machine that every store follows.

use std::time::Duration;

use super::Policy;

/// What is remembered of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Triplet {
    /// When it was first seen, in seconds since 1970-01-01T00:00:00Z.
    pub first: u64,
    /// When it was last seen.
    pub last: u64,
    /// Whether a retry came after the delay.
    pub passed: bool,
}

/// What is remembered of a client's network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Network {
    /// How many of its keys passed.
    pub passed: u32,
    /// When a key of it was last let in.
    pub last: u64,
}

/// What the greylist says about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Answer {
    /// To be deferred with a 4xx reply (RFC 6647 5: 421 or 450).
    Defer {
        /// How long until a retry is let in.
        wait: Duration,
    },
    /// To be let in.
    Pass,
    /// To be let in: so many keys of the client's network passed.
    NetworkAllowed {
        /// How many.
        passed: u32,
    },
}

/// What a touch makes of what was remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What to remember of the key from now on.
    pub triplet: Triplet,
    /// What to remember of the network from now on; `None` where nothing is known of it still.
    pub network: Option<Network>,
    /// The answer.
    pub answer: Answer,
}

/// One touch of a key at the time `now`, in seconds since 1970-01-01T00:00:00Z.
///
/// - A retry passes when the delay is over since the first sight. An early one is deferred, and does not start the clock again.
/// - A retry that comes later than the window after the first sight starts anew.
/// - A key that passed is forgotten when it was not seen for longer than `expire`, and so is a network.
/// - A clock that goes back lets nothing in early: the first sight stays. Where that lies further ahead than the window, the clock
///   was wrong then, and the key starts anew.
#[must_use]
pub fn step(triplet: Option<Triplet>, network: Option<Network>, now: u64, policy: &Policy) -> Step {
    let delay = policy.delay.as_secs();
    let is_alive = |last: u64| now.saturating_sub(last) <= policy.expire.as_secs();
    let network = network.filter(|network| is_alive(network.last));
    let known = triplet.filter(|triplet| {
        let in_window = now.abs_diff(triplet.first) <= policy.window.as_secs();
        if triplet.passed { is_alive(triplet.last) } else { in_window }
    });
    let mut triplet = known.unwrap_or(Triplet { first: now, last: now, passed: false });
    triplet.last = triplet.last.max(now);
    let waited = now.saturating_sub(triplet.first);
    let had_passed = triplet.passed;
    triplet.passed |= waited >= delay;
    let allowed =
        network.filter(|network| policy.auto_allow_after > 0 && network.passed >= policy.auto_allow_after);
    let answer = match allowed {
        _ if triplet.passed => Answer::Pass,
        Some(network) => Answer::NetworkAllowed { passed: network.passed },
        None => Answer::Defer { wait: Duration::from_secs(delay.saturating_sub(waited)) },
    };
    let network = match answer {
        Answer::Defer { .. } => network,
        _ => {
            let before = network.unwrap_or_default();
            let newly = u32::from(triplet.passed && !had_passed);
            Some(Network { passed: before.passed.saturating_add(newly), last: before.last.max(now) })
        }
    };
    Step { triplet, network, answer }
}
