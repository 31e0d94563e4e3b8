//! `disputed.toml`: the cases that we judge differently from their suite.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::case::Case;

/// The disputes by area, suite and case id.
#[derive(Debug, Default)]
pub struct Disputes(HashMap<(String, String, String), Dispute>);

#[derive(Debug)]
struct Dispute {
    sha256: String,
    want: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    sha256: String,
    want: String,
    rfc: String,
    reason: String,
}

impl Disputes {
    /// Those of the file beside this package.
    ///
    /// # Errors
    ///
    /// As [`Disputes::parse`].
    pub fn own() -> Result<Self, String> {
        Self::parse(include_str!("../disputed.toml"))
    }

    /// Reads the text of a `disputed.toml`.
    ///
    /// # Errors
    ///
    /// One sentence for what is not of the form, gives no RFC section or no reason, or stands twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let areas: HashMap<String, HashMap<String, Vec<Entry>>> =
            toml::from_str(text).map_err(|error| format!("disputed.toml: {error}"))?;
        let mut disputes = HashMap::new();
        for (area, suites) in areas {
            for (suite, entries) in suites {
                for entry in entries {
                    let id = entry.id;
                    if !entry.rfc.starts_with("RFC ") || entry.reason.is_empty() {
                        return Err(format!(
                            "disputed.toml: {area}/{suite} {id}: needs an RFC section and a reason"
                        ));
                    }
                    let want = serde_json::from_str(&entry.want)
                        .map_err(|error| format!("disputed.toml: {area}/{suite} {id}: want: {error}"))?;
                    let dispute = Dispute { sha256: entry.sha256, want };
                    let key = (area.clone(), suite.clone(), id);
                    if disputes.contains_key(&key) {
                        return Err(format!("disputed.toml: {area}/{suite} {}: stands twice", key.2));
                    }
                    disputes.insert(key, dispute);
                }
            }
        }
        Ok(Self(disputes))
    }

    /// The answer that stands for the suite's own, where the case is disputed.
    #[must_use]
    pub fn answer(&self, area: &str, case: &Case) -> Option<&Value> {
        let dispute = self.0.get(&(area.to_owned(), case.suite.to_owned(), case.id.clone()))?;
        (case.input.sha256_16()? == dispute.sha256).then_some(&dispute.want)
    }

    /// How many cases of an area are disputed.
    #[must_use]
    pub fn count(&self, area: &str) -> usize {
        self.0.keys().filter(|(of, _, _)| of == area).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dispute_needs_all_of_its_keys() {
        let entry =
            "[[a.s]]\nid = 'x/0'\nsha256 = '00'\nwant = 'null'\nrfc = 'RFC 5322 3.4'\nreason = 'so'\n";
        assert_eq!(Disputes::parse(entry).map(|disputes| disputes.count("a")), Ok(1));
        assert!(Disputes::parse(&entry.replace("RFC 5322 3.4", "mail-parser")).is_err());
        assert!(Disputes::parse(&entry.replace("'so'", "''")).is_err());
        assert!(Disputes::parse(&entry.replace("'null'", "'{'")).is_err());
        assert!(Disputes::parse(&format!("{entry}why = 'x'\n")).is_err());
        assert!(Disputes::parse(&format!("{entry}{entry}")).is_err());
    }

    #[test]
    fn the_disputes_of_the_house_are_well_formed() {
        Disputes::own().unwrap();
    }
}
