//! Greylisting: keys, and what happens at which time.

use std::net::IpAddr;
use std::time::Duration;

use mailwright_antispam::greylist::{Greylist, Greylisted, Key, MemoryGreylist, Policy};
use serde_json::{Map, Value, json};

use crate::case::Verdict;
use crate::json;

/// The key of an attempt.
pub(super) fn key(given: &Map<String, Value>, want: &Value) -> Result<Verdict, String> {
    let ip: IpAddr = json::text(given, "ip")?.parse().map_err(|_| "`ip` is no address")?;
    let key = Key::new(ip, json::text(given, "sender")?, json::text(given, "rcpt")?);
    Ok(Verdict::equal(want, &json!([key.network(), key.sender(), key.recipient()])))
}

/// The attempts of one key.
pub(super) fn sequence(given: &Map<String, Value>, want: &Value) -> Result<Verdict, String> {
    let greylist = Greylist::with_policy(MemoryGreylist::new(), policy(given.get("defaults"))?);
    let key = Key::new([192, 0, 2, 1].into(), "a@x.example", "b@y.example");
    let mut got = Vec::new();
    for step in want.as_array().ok_or("`steps` is no list")? {
        let step = json::object(step, &["t", "expect", "note", "why"])?;
        let now = step.get("t").and_then(Value::as_u64).ok_or("`t` is no whole number")?;
        let expect = json::text(step, "expect")?;
        if !["defer", "pass"].contains(&expect) {
            return Err(format!("`expect` {expect:?} is neither defer nor pass"));
        }
        let word = match greylist.check(&key, now) {
            Greylisted::StoreFailed(why) => return Err(why),
            answer if answer.retry_after().is_some() => "defer",
            _ => "pass",
        };
        let mut step = step.clone();
        step.insert("expect".to_owned(), json!(word));
        got.push(Value::Object(step));
    }
    Ok(Verdict::equal(want, &Value::Array(got)))
}

/// The defaults of the file, all of which it has to give.
fn policy(defaults: Option<&Value>) -> Result<Policy, String> {
    let defaults = defaults.ok_or("`greylist_defaults` is missing")?;
    let object = json::object(defaults, &["delay", "window", "expire", "auto_allow_after"])?;
    let seconds = |name: &str| {
        let value = object.get(name).and_then(Value::as_u64);
        value.map(Duration::from_secs).ok_or_else(|| format!("`{name}` is missing"))
    };
    let after = object.get("auto_allow_after").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    Ok(Policy {
        delay: seconds("delay")?,
        window: seconds("window")?,
        expire: seconds("expire")?,
        auto_allow_after: after.ok_or("`auto_allow_after` is missing")?,
    })
}
