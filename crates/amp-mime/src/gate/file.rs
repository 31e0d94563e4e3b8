//! The file of profiles: tables with one `key = value` a line.

use std::fmt;

/// Octets of a file: a hundred times what is built in.
pub(super) const MAX_FILE: usize = 1 << 20;

pub(super) const KEYS: &[&str] = &[
    "name",
    "support",
    "structure",
    "dkim",
    "dkim-matches-from",
    "spf",
    "dmarc",
    "tls",
    "registration",
    "max-age-days",
    "valid",
    "unverified",
    "source",
];

/// Why a file of profiles cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileError {
    kind: ProfileErrorKind,
    line: usize,
}

/// The kinds of [`ProfileError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileErrorKind {
    /// The file has more than a mebibyte.
    TooLong,
    /// A line that is neither `[table]` nor `key = value`.
    Line,
    /// A value that is no text in double quotes without a backslash, no whole number and no boolean.
    Value,
    /// Two tables of one name, or two keys in one table.
    Duplicate,
    /// A key that no profile has.
    UnknownKey,
    /// This key is missing in the table.
    Missing(&'static str),
    /// The value of this key has another type.
    Type(&'static str),
    /// This key has no such word.
    Word(&'static str),
}

impl ProfileError {
    pub(super) const fn new(kind: ProfileErrorKind, line: usize) -> Self {
        Self { kind, line }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ProfileErrorKind {
        self.kind
    }

    /// The line, from 1; of a missing key that of the table.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.kind {
            ProfileErrorKind::TooLong => write!(f, "the file is longer than {MAX_FILE} octets"),
            ProfileErrorKind::Line => f.write_str("`[client]` or `key = value` must stand here"),
            ProfileErrorKind::Value => f.write_str("a value is a \"text\", a whole number, true or false"),
            ProfileErrorKind::Duplicate => f.write_str("this name stands twice"),
            ProfileErrorKind::UnknownKey => write!(f, "no such key; there are {}", KEYS.join(", ")),
            ProfileErrorKind::Missing(key) => write!(f, "the table has no `{key}`"),
            ProfileErrorKind::Type(key) => write!(f, "the value of `{key}` has another type"),
            ProfileErrorKind::Word(key) => write!(f, "`{key}` has no such word"),
        }
    }
}

impl std::error::Error for ProfileError {}

/// A table and its lines.
#[derive(Debug)]
pub(super) struct Table<'t> {
    pub(super) name: &'t str,
    line: usize,
    entries: Vec<(&'t str, Value<'t>, usize)>,
}

#[derive(Clone, Copy, Debug)]
enum Value<'t> {
    Text(&'t str),
    Number(u32),
    Boolean(bool),
}

/// All tables of a file.
pub(super) fn tables(text: &str) -> Result<Vec<Table<'_>>, ProfileError> {
    let fail = |kind, line| Err(ProfileError::new(kind, line));
    if text.len() > MAX_FILE {
        return fail(ProfileErrorKind::TooLong, 1);
    }
    let mut tables: Vec<Table<'_>> = Vec::new();
    let mut names = std::collections::HashSet::new();
    for (line, content) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some(rest) = content.strip_prefix('[') {
            let Some((name, behind)) = rest.split_once(']') else {
                return fail(ProfileErrorKind::Line, line);
            };
            let name = name.trim();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            if name.is_empty() || !name.chars().all(is_name) || !is_comment(behind) {
                return fail(ProfileErrorKind::Line, line);
            }
            if !names.insert(name) {
                return fail(ProfileErrorKind::Duplicate, line);
            }
            tables.push(Table { name, line, entries: Vec::new() });
            continue;
        }
        let (Some((key, value)), Some(table)) = (content.split_once('='), tables.last_mut()) else {
            return fail(ProfileErrorKind::Line, line);
        };
        let Some(value) = Value::parse(value.trim()) else { return fail(ProfileErrorKind::Value, line) };
        let key = key.trim();
        if !KEYS.contains(&key) {
            return fail(ProfileErrorKind::UnknownKey, line);
        }
        if table.entries.iter().any(|(known, ..)| *known == key) {
            return fail(ProfileErrorKind::Duplicate, line);
        }
        table.entries.push((key, value, line));
    }
    Ok(tables)
}

fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('#')
}

impl<'t> Value<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix('"') {
            let (value, behind) = rest.split_once('"')?;
            return (is_comment(behind) && !value.contains('\\')).then_some(Self::Text(value));
        }
        let word = text.split('#').next()?.trim();
        match word {
            "true" => Some(Self::Boolean(true)),
            "false" => Some(Self::Boolean(false)),
            _ if word.bytes().all(|octet| octet.is_ascii_digit()) => word.parse().ok().map(Self::Number),
            _ => None,
        }
    }
}

impl<'t> Table<'t> {
    fn value(&self, key: &'static str) -> Result<Value<'t>, ProfileError> {
        let found = self.entries.iter().find(|(known, ..)| *known == key);
        let missing = || ProfileError::new(ProfileErrorKind::Missing(key), self.line);
        found.map(|(_, value, _)| *value).ok_or_else(missing)
    }

    fn other_type(&self, key: &'static str) -> ProfileError {
        ProfileError::new(ProfileErrorKind::Type(key), self.line_of(key))
    }

    pub(super) fn line_of(&self, key: &str) -> usize {
        self.entries.iter().find(|(known, ..)| *known == key).map_or(self.line, |(.., line)| *line)
    }

    pub(super) fn text(&self, key: &'static str) -> Result<&'t str, ProfileError> {
        match self.value(key)? {
            Value::Text(text) => Ok(text),
            _ => Err(self.other_type(key)),
        }
    }

    pub(super) fn number(&self, key: &'static str) -> Result<u32, ProfileError> {
        match self.value(key)? {
            Value::Number(number) => Ok(number),
            _ => Err(self.other_type(key)),
        }
    }

    pub(super) fn boolean(&self, key: &'static str) -> Result<bool, ProfileError> {
        match self.value(key)? {
            Value::Boolean(boolean) => Ok(boolean),
            _ => Err(self.other_type(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ClientProfile;
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let file = ClientProfile::file();
        let first = file.lines().position(|line| line == "[gmail]").unwrap() + 1;
        let error = |from: &str, to: &str| {
            let error = ClientProfile::parse(&file.replacen(from, to, 1)).unwrap_err();
            (error.kind(), error.line() - first)
        };
        assert_eq!(error("support = \"yes\"", "support = \"maybe\""), (ProfileErrorKind::Word("support"), 2));
        assert_eq!(error("dkim = true", "dkim = \"true\""), (ProfileErrorKind::Type("dkim"), 4));
        assert_eq!(error("dkim = true", "dkin = true"), (ProfileErrorKind::UnknownKey, 4));
        assert_eq!(error("dkim = true\n", ""), (ProfileErrorKind::Missing("dkim"), 0));
        assert_eq!(error("name = \"Gmail\"", "name = \"Gmail"), (ProfileErrorKind::Value, 1));
        assert_eq!(error("name = \"Gmail\"", "name"), (ProfileErrorKind::Line, 1));
        assert_eq!(error("name = \"Gmail\"", "tls = true"), (ProfileErrorKind::Duplicate, 8));
        assert_eq!(error("max-age-days = 30", "max-age-days = 5000000000"), (ProfileErrorKind::Value, 10));
        assert_eq!(error("[yahoo]", "[gmail]").0, ProfileErrorKind::Duplicate);
        let commented = file.replacen("spf = true", "spf = true # yes", 1);
        assert_eq!(ClientProfile::parse(&commented).unwrap(), ClientProfile::all());
    }
}
