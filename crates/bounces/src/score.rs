//! When an address is given up: a policy that counts, and keeps nothing but one small value for each address.

use std::time::{Duration, SystemTime};

use crate::classify::{Confidence, Verdict};
use crate::reason::{Advice, Category, Class, Reason};
use crate::report::{Action, Recipient};
use crate::status::Status;

/// What counts how much, and when it is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Points at which an address is suppressed. Default 100.
    pub threshold: f64,
    /// A hard failure of the recipient's or the domain's that rests on words. Default 100: once is enough.
    pub hard: f64,
    /// One that rests on a code alone, which servers use for much. Default 50.
    pub hard_by_code: f64,
    /// A failure that may get better. Default 15: some two weeks of daily mail.
    pub soft: f64,
    /// Soft failures count once in this time, so that a day of retries is one. Default a day.
    pub soft_every: Duration,
    /// In this time half of the points are forgotten. Default 30 days.
    pub half_life: Duration,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Policy {
    fn default() -> Self {
        Self {
            threshold: 100.0,
            hard: 100.0,
            hard_by_code: 50.0,
            soft: 15.0,
            soft_every: DAY,
            half_life: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

/// What is known of one address. Store it beside the address; it is all that there is.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use mailwright_bounces::{Advice, Score, classify};
///
/// let mut score = Score::default();
/// let now = SystemTime::UNIX_EPOCH;
/// // Blocked for what the sender did, with a code that is "hard": the address is as good as before.
/// let blocked = classify("550 5.7.1 Client host blocked using zen.spamhaus.org");
/// assert_eq!(score.record_verdict(&blocked, None, now), Advice::FixReputation);
/// let unknown = classify("550 5.1.1 User unknown");
/// assert_eq!(score.record_verdict(&unknown, None, now), Advice::Suppress);
/// score.reset();
/// assert!(!score.is_suppressed());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Score {
    points: f64,
    last: Option<SystemTime>,
    last_soft: Option<SystemTime>,
    suppressed: bool,
}

impl Score {
    /// Counts what a report says of the address, by the default policy, and says what to do. A delivery starts anew.
    ///
    /// Ask [`sent_by_us`](crate::sent_by_us) before: anybody can write a report.
    pub fn record(&mut self, recipient: &Recipient, now: SystemTime) -> Advice {
        if matches!(recipient.action, Action::Delivered | Action::Relayed | Action::Expanded) {
            self.reset();
            return Advice::None;
        }
        if recipient.action == Action::Delayed {
            // The server still tries: nothing has failed.
            return Advice::None;
        }
        self.record_verdict(&recipient.verdict, recipient.status, now)
    }

    /// The same of a reply during delivery.
    pub fn record_verdict(&mut self, verdict: &Verdict, status: Option<Status>, now: SystemTime) -> Advice {
        self.record_with(&Policy::default(), verdict, status, now)
    }

    /// The same by a policy of your own.
    pub fn record_with(
        &mut self,
        policy: &Policy,
        verdict: &Verdict,
        status: Option<Status>,
        now: SystemTime,
    ) -> Advice {
        if verdict.class == Class::Delivered {
            self.reset();
            return Advice::None;
        }
        self.decay(policy, now);
        self.points += self.weight(policy, verdict, status, now);
        self.suppressed |= self.points >= policy.threshold;
        if self.suppressed {
            return Advice::Suppress;
        }
        match verdict.advice {
            // Not enough yet.
            Advice::Suppress => Advice::CountThenSuppress,
            advice => advice,
        }
    }

    /// Whether the address has been given up.
    #[must_use]
    pub const fn is_suppressed(&self) -> bool {
        self.suppressed
    }

    /// The points at the last failure.
    #[must_use]
    pub const fn points(&self) -> f64 {
        self.points
    }

    /// Starts anew: after a good delivery, or by hand.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    fn decay(&mut self, policy: &Policy, now: SystemTime) {
        // A clock that went back forgets nothing.
        let past = self.last.and_then(|last| now.duration_since(last).ok()).unwrap_or_default();
        let half_life = policy.half_life.as_secs_f64();
        if half_life > 0.0 {
            self.points *= (-past.as_secs_f64() / half_life).exp2();
        }
        self.last = Some(self.last.map_or(now, |last| last.max(now)));
    }

    fn weight(&mut self, policy: &Policy, verdict: &Verdict, status: Option<Status>, now: SystemTime) -> f64 {
        let by_code = verdict.confidence <= Confidence::Code;
        // RFC 3463 3.8: 5.7.x is about permissions, whatever a server means by it.
        if by_code && status.is_some_and(|status| status.subject == 7) {
            return 0.0;
        }
        match (verdict.reason.category(), verdict.class) {
            (Category::Recipient | Category::Domain, Class::Hard) if by_code => policy.hard_by_code,
            (Category::Recipient | Category::Domain, Class::Hard) => policy.hard,
            _ if counts(verdict.reason) => {
                let again = self.last_soft.is_none_or(|last| match now.duration_since(last) {
                    Ok(past) => past >= policy.soft_every,
                    Err(_) => false,
                });
                if !again {
                    return 0.0;
                }
                self.last_soft = Some(now);
                policy.soft
            }
            _ => 0.0,
        }
    }
}

/// Reasons that say something about the address if they stay.
fn counts(reason: Reason) -> bool {
    reason.is_recipient()
        || matches!(
            reason,
            Reason::DeliveryExpired | Reason::LocalDeliveryError | Reason::ServerError | Reason::Unknown
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::classify;

    fn days(days: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + DAY * u32::try_from(days).unwrap()
    }

    #[test]
    fn hard_is_not_enough_where_the_recipient_is_not_at_fault() {
        let mut score = Score::default();
        for day in 0..100 {
            for line in [
                "550 5.7.1 sorry",
                "550 5.7.26 DMARC",
                "554 5.7.1 blocked using bl.example",
                "552 message too large",
            ] {
                let verdict = classify(line);
                assert_ne!(
                    score.record_verdict(&verdict, crate::Reply::parse(line).status, days(day)),
                    Advice::Suppress,
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn full_mailboxes_need_weeks_and_are_forgotten() {
        let full = classify("552 5.2.2 mailbox full");
        let mut score = Score::default();
        let first = (0..60).find(|day| score.record_verdict(&full, None, days(*day)) == Advice::Suppress);
        assert!((6..20).contains(&first.unwrap()), "{first:?}");
        let mut score = Score::default();
        assert!((0..24).all(|_| score.record_verdict(&full, None, days(1)) == Advice::RetryLater));
        let rare =
            (0..50).all(|month| score.record_verdict(&full, None, days(30 * month)) == Advice::RetryLater);
        assert!(rare);
    }

    #[test]
    fn a_code_alone_needs_a_second_time() {
        let code = classify("550 5.1.1 sorry");
        let mut score = Score::default();
        assert_eq!(score.record_verdict(&code, None, days(1)), Advice::CountThenSuppress);
        assert_eq!(score.record_verdict(&code, None, days(1)), Advice::Suppress);
        assert_eq!(score.record_verdict(&classify("250 2.0.0 Ok"), None, days(2)), Advice::None);
        assert!(!score.is_suppressed());
    }
}
