//! One line of the matrix: right answers of all, by algorithm and canonicalisation.

use std::collections::BTreeMap;
use std::fmt;

const COLUMNS: [&str; 8] = [
    "rsa.simple-simple",
    "rsa.simple-relaxed",
    "rsa.relaxed-simple",
    "rsa.relaxed-relaxed",
    "ed25519.simple-simple",
    "ed25519.simple-relaxed",
    "ed25519.relaxed-simple",
    "ed25519.relaxed-relaxed",
];

pub(crate) struct Matrix {
    name: String,
    /// Right answers and all, for each column.
    cells: [(u32, u32); COLUMNS.len()],
    pub(crate) wrong: Vec<String>,
    /// Wrong, but known: by what is known, how often.
    known_faults: BTreeMap<&'static str, u32>,
    pub(crate) known: Vec<String>,
}

impl Matrix {
    pub(crate) const HEAD: &'static str = concat!(
        "right answers of all, header/body by simple and relaxed\n",
        "                                  rsa s/s     s/r     r/s     r/r  ed25519 s/s   s/r     r/s     r/r"
    );

    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            cells: [(0, 0); COLUMNS.len()],
            wrong: Vec::new(),
            known_faults: BTreeMap::new(),
            known: Vec::new(),
        }
    }

    pub(crate) fn right(&mut self, file: &str) {
        self.count(file, 1);
    }

    /// A wrong answer; `known` says what it is where that is known.
    pub(crate) fn wrong(&mut self, file: &str, why: &str, known: Option<&'static str>) {
        self.count(file, 0);
        match known {
            None => self.wrong.push(format!("{file}: {why}")),
            Some(fault) => {
                *self.known_faults.entry(fault).or_default() += 1;
                self.known =
                    self.known_faults.iter().map(|(fault, count)| format!("{count} x {fault}")).collect();
            }
        }
    }

    fn count(&mut self, file: &str, right: u32) {
        // `NAME.ALGORITHM.HEADER-BODY`, then marks.
        let parts: Vec<&str> = file.split('.').skip(1).take(2).collect();
        let at = COLUMNS.iter().position(|column| *column == parts.join("."));
        if let Some((of, all)) = at.and_then(|at| self.cells.get_mut(at)) {
            *of += right;
            *all += 1;
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:34}", self.name)?;
        for (right, all) in self.cells {
            let cell = if all == 0 { "-".to_owned() } else { format!("{right}/{all}") };
            write!(f, "{cell:>8}")?;
        }
        Ok(())
    }
}
