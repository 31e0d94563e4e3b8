//! The suite `arc-verify`.

use mailwright_dkim::{Policy, arc};
use serde_json::Value;

use super::given::Given;
use crate::case::Verdict;
use crate::json;

/// `cv`, and `oldest_pass` where it is wanted.
pub(super) fn judge(given: &Given, want: &Value) -> Verdict {
    match (Expect::read(want), given.octets()) {
        (Ok(expect), Ok(message)) => {
            let policy = given.apply(Policy::rfc8301());
            expect.compare(&arc::verify(&message, &given.dns, &policy, given.now))
        }
        (Err(why), _) | (_, Err(why)) => {
            Verdict::wrong("a case of the form that the suite's README describes", why)
        }
    }
}

struct Expect {
    cv: arc::Status,
    oldest_pass: Option<usize>,
}

impl Expect {
    fn read(want: &Value) -> Result<Self, String> {
        // `reason` is for people; `soft` was looked at before.
        let object = json::object(want, &["cv", "oldest_pass", "soft", "reason"])?;
        let cv = match json::text(object, "cv")? {
            "none" => arc::Status::None,
            "pass" => arc::Status::Pass,
            "fail" => arc::Status::Fail,
            other => return Err(format!("unknown cv `{other}`")),
        };
        let oldest = object.contains_key("oldest_pass");
        Ok(Self { cv, oldest_pass: oldest.then(|| json::number(object, "oldest_pass")).transpose()? })
    }

    fn compare(&self, chain: &arc::Chain) -> Verdict {
        let oldest = chain.oldest_pass.and_then(|oldest| usize::try_from(oldest).ok());
        if self.cv == chain.status && (self.oldest_pass.is_none() || self.oldest_pass == oldest) {
            return Verdict::Right;
        }
        let told = |cv, oldest: Option<usize>| match oldest {
            Some(oldest) => format!("{cv}, oldest-pass {oldest}"),
            None => format!("{cv}"),
        };
        Verdict::wrong(told(self.cv, self.oldest_pass), format!("{chain} (oldest-pass {oldest:?})"))
    }
}
