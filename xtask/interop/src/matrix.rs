//! One line of the matrix: right answers of all, by algorithm and canonicalisation, or by algorithm and length of the chain.

use std::collections::BTreeMap;
use std::fmt;

use super::cases::Kind;

const DKIM: [&str; 8] = [
    "rsa.simple-simple",
    "rsa.simple-relaxed",
    "rsa.relaxed-simple",
    "rsa.relaxed-relaxed",
    "ed25519.simple-simple",
    "ed25519.simple-relaxed",
    "ed25519.relaxed-simple",
    "ed25519.relaxed-relaxed",
];
const ARC: [&str; 6] = ["rsa.arc1", "rsa.arc2", "rsa.arc3", "ed25519.arc1", "ed25519.arc2", "ed25519.arc3"];

pub(crate) struct Matrix {
    name: String,
    columns: &'static [&'static str],
    /// Right answers and all, for each column.
    cells: Vec<(u32, u32)>,
    /// Valid signatures that were found valid.
    pub(crate) accepted: u32,
    pub(crate) wrong: Vec<String>,
    /// Wrong, but known: by what is known, how often.
    pub(crate) known: BTreeMap<&'static str, u32>,
}

impl Matrix {
    pub(crate) const fn head(kind: Kind) -> &'static str {
        match kind {
            Kind::Dkim => concat!(
                "DKIM: right answers of all, header/body by simple and relaxed\n",
                "                                  rsa s/s     s/r     r/s     r/r  ed25519 s/s   s/r     r/s     r/r"
            ),
            Kind::Arc => concat!(
                "ARC: right answers of all, by the number of sets\n",
                "                                    rsa 1       2       3  ed25519 1     2       3"
            ),
        }
    }

    pub(crate) fn new(name: String, kind: Kind) -> Self {
        let columns: &[&str] = match kind {
            Kind::Dkim => &DKIM,
            Kind::Arc => &ARC,
        };
        let cells = vec![(0, 0); columns.len()];
        Self { name, columns, cells, accepted: 0, wrong: Vec::new(), known: BTreeMap::new() }
    }

    pub(crate) fn right(&mut self, file: &str, valid: bool) {
        self.accepted += u32::from(valid);
        self.count(file, 1);
    }

    /// A wrong answer; `known` says what it is where that is known.
    pub(crate) fn wrong(&mut self, file: &str, why: &str, known: Option<&'static str>) {
        self.count(file, 0);
        match known {
            None => self.wrong.push(format!("{file}: {why}")),
            Some(fault) => *self.known.entry(fault).or_default() += 1,
        }
    }

    fn count(&mut self, file: &str, right: u32) {
        // `NAME.ALGORITHM.WHAT`, then marks.
        let parts: Vec<&str> = file.split('.').skip(1).take(2).collect();
        let at = self.columns.iter().position(|column| *column == parts.join("."));
        match at.and_then(|at| self.cells.get_mut(at)) {
            Some((of, all)) => {
                *of += right;
                *all += 1;
            }
            None => self.wrong.push(format!("{file}: no column of the table")),
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:34}", self.name)?;
        for (right, all) in &self.cells {
            let cell = if *all == 0 { "-".to_owned() } else { format!("{right}/{all}") };
            write!(f, "{cell:>8}")?;
        }
        Ok(())
    }
}
