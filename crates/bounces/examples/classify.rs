//! Classifies each line of the standard input.

use std::io::BufRead as _;

fn main() -> std::io::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let verdict = mailwright_bounces::classify(&line);
        let found = line.get(verdict.matched.clone()).unwrap_or_default();
        println!(
            "{:<20} {:<8} {:<22} {:<24} [{found}] {line}",
            verdict.reason.name(),
            verdict.class.name(),
            verdict.advice.name(),
            verdict.rule.as_deref().unwrap_or("-"),
        );
    }
    Ok(())
}
