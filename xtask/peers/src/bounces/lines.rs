//! Reply lines, and the rules.

use std::hint::black_box;
use std::time::{Duration, Instant};

use mailwright_bounces::{RuleSet, parse};
use serde_json::Value;

use crate::data;

const ROUNDS: usize = 20;

/// classify: the reply lines of the suite in rotation, on one core, all rules.
pub(super) fn classify() -> Result<(), String> {
    let lines = lines()?;
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..50 {
            for line in &lines {
                black_box(mailwright_bounces::classify(black_box(line)));
            }
        }
        best = best.min(start.elapsed());
    }
    let rate = (lines.len() * 50) as f64 / best.as_secs_f64() / 1e6;
    println!("bounces/classify: {rate:.2} M replies/s (want at least 1)");
    println!("    {} lines, {} rules", lines.len(), RuleSet::built_in());
    Ok(())
}

/// load: the first reply of the process, which pays for whatever the rules cost to load, against one message.
pub(super) fn load() -> Result<(), String> {
    let lines = lines()?;
    let line = lines.first().ok_or("no lines")?;
    let message = data::files(&data::folder("bounces")?.join("set-of-emails/bsd"))?;
    let message = message.get(7).ok_or("no messages")?;
    let turn = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let first = turn(&|| drop(black_box(mailwright_bounces::classify(line))));
    let again = (0..100).map(|_| turn(&|| drop(black_box(mailwright_bounces::classify(line))))).min();
    let parsed = (0..100).map(|_| turn(&|| drop(black_box(parse(message))))).min().unwrap_or_default();
    let load = first.saturating_sub(again.unwrap_or_default());
    println!(
        "bounces/load: {:.2} x one message's parse (want at most 1)",
        load.as_secs_f64() / parsed.as_secs_f64()
    );
    println!(
        "    first reply {first:.1?} (the tables come from the file as they are touched), a message {parsed:.1?}"
    );
    Ok(())
}

fn lines() -> Result<Vec<String>, String> {
    let path = data::folder("bounces")?.join("smtp-lines.json");
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let lists: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let lists = lists.as_object().ok_or("no object")?;
    let elements = lists.values().filter_map(Value::as_array).flatten();
    Ok(elements.filter_map(|element| element.get("line")?.as_str().map(str::to_owned)).collect())
}
