//! The Bayesian filter: Robinson's probability of a word, Fisher's way of putting many together.

use crate::store::{Counts, Reading};

/// How many messages the assumption that a word says nothing weighs.
const STRENGTH: f64 = 0.3;

/// Words nearer to one half than this say nothing.
const LEAST: f64 = 0.1;

/// The strongest words that count: the rest of a long message, be it padding, does not.
const STRONGEST: usize = 150;

/// The log-odds that the counts of a message's features give; 0 where nothing is known.
pub(super) fn log_odds(reading: &Reading) -> f64 {
    let Counts { ham, spam } = reading.learned;
    let (ham, spam) = (f64::from(ham.max(1)), f64::from(spam.max(1)));
    let mut known: Vec<f64> = Vec::with_capacity(reading.counts.len());
    for counts in &reading.counts {
        let number = f64::from(counts.ham) + f64::from(counts.spam);
        if number > 0.0 {
            let (in_spam, in_ham) = (f64::from(counts.spam) / spam, f64::from(counts.ham) / ham);
            let share = in_spam / (in_spam + in_ham);
            let probability = (STRENGTH * 0.5 + number * share) / (STRENGTH + number);
            if (probability - 0.5).abs() >= LEAST {
                known.push(probability);
            }
        }
    }
    let by_strength = |one: &f64, other: &f64| (other - 0.5).abs().total_cmp(&(one - 0.5).abs());
    if known.len() > STRONGEST {
        known.select_nth_unstable_by(STRONGEST, by_strength);
        known.truncate(STRONGEST);
    }
    let words = known.len();
    let (mut spam, mut ham) = (0.0, 0.0);
    for probability in known {
        spam += probability.ln();
        ham += (1.0 - probability).ln();
    }
    survival(-spam, words) - survival(-ham, words)
}

/// The logarithm of the chance that chi-square of `2 * words` degrees of freedom exceeds `2 * half`.
fn survival(half: f64, words: usize) -> f64 {
    // exp(-half) * sum of half^i / i! for i < words, from the last term down, each against the last.
    if words == 0 || half <= 0.0 {
        return 0.0;
    }
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let (mut last, mut sum, mut term) = (-half, 1.0, 1.0);
    for i in 1..words {
        last += (half / count(i)).ln();
    }
    for i in (1..words).rev() {
        term *= count(i) / half;
        sum += term;
    }
    (last + f64::ln(sum)).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables of chi-square: 2 degrees of freedom at 5.991 and 4 at 9.488 leave 5%, 10 at 23.209 leave 1%.
    #[test]
    fn chi_square() {
        for (value, words, left) in [(5.991, 1, 0.05), (9.488, 2, 0.05), (23.209, 5, 0.01), (3.357, 2, 0.5)] {
            let found = survival(value / 2.0, words).exp();
            assert!((found - left).abs() < 1e-4, "{value} {words}: {found}");
        }
        assert!(survival(5_000.0, 150).is_finite() && survival(0.5, 150) <= 0.0);
    }

    #[test]
    fn counts_pull() {
        let learned = Counts { ham: 10, spam: 10 };
        let with = |ham, spam| log_odds(&Reading { learned, counts: vec![Counts { ham, spam }; 5] });
        assert!(with(0, 5) > 1.0 && with(5, 0) < -1.0);
        assert_eq!(with(3, 3), 0.0);
        assert_eq!(with(0, 0), 0.0);
    }
}
