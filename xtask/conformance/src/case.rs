//! One case of a suite, before it is graded.

use std::fmt::Display;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A case: what is given, what is wanted, and how the two are compared.
pub struct Case {
    /// The suite it belongs to.
    pub suite: &'static str,
    /// Its name in the report.
    pub id: String,
    /// What is read; it ties a dispute to this case and to no other of the same name.
    pub input: Input,
    /// The answer in the suite's form, or why the case cannot be read.
    pub want: Result<Value, String>,
    /// Grades our answer by the one wanted, which is the suite's or that of a dispute.
    pub judge: Box<dyn Fn(&Value) -> Verdict>,
}

/// The input of a case.
pub enum Input {
    /// Text that stands in the suite's own file.
    Text(String),
    /// A file, read when it is needed.
    File(PathBuf),
}

/// How a case came out.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As wanted.
    Right,
    /// Otherwise, with both answers for the report.
    Wrong {
        /// The answer wanted.
        want: String,
        /// Ours.
        got: String,
    },
}

impl Case {
    /// A case that fails because it cannot be read.
    #[must_use]
    pub fn unreadable(suite: &'static str, id: String, why: impl Display) -> Self {
        let judge = Box::new(|_: &Value| Verdict::Right);
        Self { suite, id, input: Input::Text(String::new()), want: Err(why.to_string()), judge }
    }
}

impl Verdict {
    /// Right where both are equal.
    #[must_use]
    pub fn equal<T: PartialEq + Display>(want: &T, got: &T) -> Self {
        if want == got { Self::Right } else { Self::wrong(want, got) }
    }

    /// Wrong, with both answers as text.
    #[must_use]
    pub fn wrong(want: impl Display, got: impl Display) -> Self {
        Self::Wrong { want: want.to_string(), got: got.to_string() }
    }
}

impl Input {
    /// The first 16 hex digits of the SHA-256 of the octets; `None` where the file cannot be read.
    #[must_use]
    pub fn sha256_16(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(sha256_16(text.as_bytes())),
            Self::File(path) => std::fs::read(path).ok().map(|octets| sha256_16(&octets)),
        }
    }
}

/// The first 16 hex digits of the SHA-256 of `octets`.
pub(crate) fn sha256_16(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().take(8).map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_is_that_of_fips_180() {
        // FIPS 180-4, example of the one-block message "abc".
        assert_eq!(super::sha256_16(b"abc"), "ba7816bf8f01cfea");
    }
}
