//! What is taken off a subject: prefixes and blobs.

use std::collections::HashSet;

use super::casemap;

/// Marks of replies and forwards as people's programs write them.
const LOCALISED: &str = include_str!("prefixes.txt");

/// Characters of the longest prefix that is looked for: a limit of the time that each colon of a subject may cost.
pub const MAX_PREFIX: usize = 32;

/// The words in front of a colon that mark a reply or a forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    /// As [`casemap`] has them.
    known: HashSet<Box<str>>,
    /// Whether `Re(2):`, `Re^2:` and `Re2:` count beside the `Re[2]:` of RFC 5256.
    numbered: bool,
}

impl Prefixes {
    /// Re, Fw and Fwd (RFC 5256 5), and nothing else.
    #[must_use]
    pub fn rfc5256() -> Self {
        Self { known: ["RE", "FW", "FWD"].into_iter().map(Box::from).collect(), numbered: false }
    }

    /// Those of the file `prefixes.txt` of this crate: what programs in some twenty languages write.
    #[must_use]
    pub fn localised() -> Self {
        let mut prefixes = Self { known: HashSet::new(), numbered: true };
        prefixes.extend(LOCALISED);
        prefixes
    }

    /// Adds prefixes: one a line, without its colon; empty lines and what stands behind a `#` are passed over, as is what is
    /// longer than [`MAX_PREFIX`] characters.
    ///
    /// ```
    /// use mailwright_threading::{Blobs, Prefixes, SubjectRules};
    ///
    /// let mut prefixes = Prefixes::localised();
    /// prefixes.extend("R # Italian\n");
    /// let rules = SubjectRules { prefixes, blobs: Blobs::All };
    /// assert_eq!(rules.base("R: AW: pranzo".as_bytes()).text, "pranzo");
    /// ```
    pub fn extend(&mut self, lines: &str) {
        let words = lines.lines().filter_map(|line| line.split('#').next()).map(str::trim);
        let words = words.filter(|word| !word.is_empty() && word.chars().count() <= MAX_PREFIX);
        self.known.extend(words.map(|word| casemap(word).into()));
    }

    fn is_known(&self, word: &str) -> bool {
        !word.is_empty() && self.known.contains(&*casemap(word))
    }

    /// What stands behind the mark that `text` starts with.
    ///
    /// `subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"`
    pub(super) fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        let ends = |character| {
            matches!(character, ' ' | ':' | '[') || self.numbered && matches!(character, '(' | '^')
        };
        let mut characters = text.char_indices().take(MAX_PREFIX + 1);
        let (end, _) = characters.find(|(_, character)| ends(*character))?;
        let (word, behind) = text.split_at_checked(end)?;
        let counted = word.trim_end_matches(|character: char| character.is_ascii_digit());
        if !(self.is_known(word) || self.numbered && self.is_known(counted)) {
            return None;
        }
        let behind = behind.trim_start_matches(' ');
        let behind = blob(behind).or_else(|| self.number(behind)).unwrap_or(behind);
        behind.strip_prefix(':')
    }

    /// What stands behind `(2)` or `^2`.
    fn number<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.numbered {
            return None;
        }
        let digits = text.strip_prefix(['(', '^'])?;
        let rest = digits.trim_start_matches(|character: char| character.is_ascii_digit());
        let rest = if text.starts_with('(') { rest.strip_prefix(')')? } else { rest };
        Some(rest.trim_start_matches(' '))
    }
}

/// Which `[blobs]` are marks of lists and come off a subject, and which belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blobs {
    /// All come off (RFC 5256 2.1).
    #[default]
    All,
    /// None does: `[Job] Project Overview` and `[News] Project Overview` are two subjects.
    Keep,
    /// Those that hold one of these texts, in any case, come off: the tags of the lists that a user reads.
    Tags(Tags),
}

/// The texts of list tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(HashSet<Box<str>>);

impl<T: AsRef<str>> FromIterator<T> for Tags {
    fn from_iter<I: IntoIterator<Item = T>>(tags: I) -> Self {
        Self(tags.into_iter().map(|tag| casemap(tag.as_ref().trim()).into()).collect())
    }
}

impl Blobs {
    /// Whether the blob with `inner` between its brackets comes off.
    pub(super) fn come_off(&self, inner: &str) -> bool {
        match self {
            Self::All => true,
            Self::Keep => false,
            Self::Tags(tags) => tags.0.contains(&*casemap(inner.trim())),
        }
    }
}

/// `subj-blob = "[" *BLOBCHAR "]" *WSP`: what stands behind it.
pub(super) fn blob(text: &str) -> Option<&str> {
    split_blob(text).map(|(_, behind)| behind)
}

/// The text of the blob that `text` starts with, and what stands behind it.
pub(super) fn split_blob(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('[')?;
    let (inner, from) = inner.split_at_checked(memchr::memchr2(b'[', b']', inner.as_bytes())?)?;
    Some((inner, from.strip_prefix(']')?.trim_start_matches(' ')))
}
