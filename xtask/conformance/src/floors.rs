//! `floors.toml`: the least number of right cases of a suite.

use std::collections::HashMap;

use crate::run::SuiteResult;

/// The floors by area and suite.
#[derive(Debug, Default)]
pub struct Floors(HashMap<String, HashMap<String, usize>>);

impl Floors {
    /// Those of the file beside this package.
    ///
    /// # Errors
    ///
    /// As [`Floors::parse`].
    pub fn own() -> Result<Self, String> {
        Self::parse(include_str!("../floors.toml"))
    }

    /// Reads the text of a `floors.toml`.
    ///
    /// # Errors
    ///
    /// One sentence where it is no table of tables of numbers.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map(Self).map_err(|error| format!("floors.toml: {error}"))
    }

    /// Whether a suite of the default folder has enough right cases: as many as its floor, or all where none is set.
    #[must_use]
    pub fn hold(&self, area: &str, suite: &SuiteResult) -> bool {
        let floor = self.0.get(area).and_then(|suites| suites.get(suite.name));
        suite.is_info() || suite.right >= floor.map_or(suite.total, |floor| *floor)
    }

    /// The suites of an area that have a floor and are not in the report: data that went missing.
    #[must_use]
    pub fn missing(&self, area: &str, suites: &[SuiteResult]) -> Vec<String> {
        let floors = self.0.get(area).into_iter().flat_map(HashMap::keys);
        let mut names: Vec<_> =
            floors.filter(|name| suites.iter().all(|suite| suite.name != name.as_str())).cloned().collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unlisted_suite_needs_all() {
        let floors = Floors::parse("[a]\nlisted = 8\n").unwrap();
        let holds = |name, right, total| {
            floors.hold("a", &SuiteResult { name, right, total, disputed: 0, failed: Vec::new() })
        };
        assert!(holds("listed", 8, 10) && !holds("listed", 7, 10));
        // Fewer cases than the floor: some went missing.
        assert!(!holds("listed", 4, 4));
        assert_eq!(floors.missing("a", &[]), ["listed"]);
        assert!(holds("other", 10, 10) && !holds("other", 9, 10));
        assert!(Floors::parse("[a]\nlisted = 'all'\n").is_err());
    }
}
