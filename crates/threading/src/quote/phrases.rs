//! The words of `phrases.txt`.

use std::sync::LazyLock;

const LINES: &str = include_str!("phrases.txt");

/// Words by which quotes are marked, in lower case.
#[derive(Default)]
pub(super) struct Phrases {
    wrote: Vec<&'static str>,
    original: Vec<&'static str>,
    forwarded: Vec<&'static str>,
    from: Vec<&'static str>,
    sent: Vec<&'static str>,
}

impl Phrases {
    pub(super) fn get() -> &'static Self {
        static PHRASES: LazyLock<Phrases> = LazyLock::new(Phrases::read);
        &PHRASES
    }

    fn read() -> Self {
        let mut phrases = Self::default();
        for (kind, words) in LINES.lines().filter_map(|line| line.split_once(": ")) {
            match kind {
                "wrote" => phrases.wrote.push(words),
                "original" => phrases.original.push(words),
                "forwarded" => phrases.forwarded.push(words),
                "from" => phrases.from.push(words),
                "sent" => phrases.sent.push(words),
                _ => {}
            }
        }
        phrases
    }

    /// Whether a line that ends with a colon says that somebody wrote something.
    pub(super) fn is_attribution(&self, line: &str) -> bool {
        let line = line.to_lowercase();
        self.wrote.iter().any(|words| line.contains(words))
    }

    /// Whether a line says, between dashes, that the original message follows.
    pub(super) fn is_original(&self, line: &str) -> bool {
        between_dashes(line).is_some_and(|inner| self.original.contains(&&*inner))
    }

    /// Whether a line says that a forwarded message follows.
    pub(super) fn is_forwarded(&self, line: &str) -> bool {
        let inner = between_dashes(line).unwrap_or_else(|| line.trim().trim_end_matches(':').to_lowercase());
        self.forwarded.contains(&&*inner)
    }

    /// Whether a name in lower case is that of the From field.
    pub(super) fn is_from(&self, name: &str) -> bool {
        self.from.contains(&name)
    }

    /// Whether a name in lower case is that of the Date field.
    pub(super) fn is_sent(&self, name: &str) -> bool {
        self.sent.contains(&name)
    }
}

/// What stands between dashes, in lower case.
fn between_dashes(line: &str) -> Option<String> {
    let line = line.trim();
    let inner = line.trim_matches(['-', '_', '=', ' ']);
    (line.starts_with("--") && line.ends_with("--")).then(|| inner.to_lowercase())
}
