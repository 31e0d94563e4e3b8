//! The public suffix list (publicsuffix.org, its format as of 2024), from its text.

use std::collections::{HashMap, HashSet};

use mailwright_message_model::domain::{Domain, OrgDomain};

/// Octets of a list that are read. The list of 2026 has some 330 KB.
pub const MAX_LIST: usize = 16 << 20;

/// The rules of a public suffix list, of all its divisions.
///
/// The list is not part of this package: the caller reads a current one from wherever it is kept.
///
/// ```
/// use mailwright_dmarc::PublicSuffixList;
/// use mailwright_message_model::domain::OrgDomain;
///
/// let list = PublicSuffixList::parse("// comment\ncom\n*.ck\n!www.ck\n公司.cn\n");
/// assert_eq!(list.org(&"a.b.example.com".parse()?), "example.com");
/// assert_eq!(list.registrable(&"b.test.ck".parse()?).unwrap(), "b.test.ck");
/// assert_eq!(list.org(&"www.www.ck".parse()?), "www.ck");
/// assert!(list.registrable(&"xn--55qx5d.cn".parse()?).is_none());
/// # Ok::<(), mailwright_message_model::domain::DomainError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PublicSuffixList {
    /// Rules without wildcards; `true` for exceptions.
    plain: HashMap<Box<str>, bool>,
    /// What stands behind `*.`.
    wildcards: HashSet<Box<str>>,
    /// Rules with a wildcard at another place: the format allows them, no list has one.
    inner: Vec<Vec<Box<str>>>,
}

impl PublicSuffixList {
    /// Reads the text of a list. Lines that hold no rule are passed over, and so is what is behind [`MAX_LIST`] octets.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut list = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut read = 0_usize;
        for line in text.lines() {
            read = read.saturating_add(line.len()).saturating_add(1);
            if read > MAX_LIST {
                break;
            }
            // A line is read up to the first white space.
            let rule = line.split_whitespace().next().unwrap_or_default();
            if !rule.is_empty() && !rule.starts_with("//") {
                list.add(rule);
            }
        }
        list
    }

    fn add(&mut self, rule: &str) {
        let ascii = |name: &str| name.parse::<Domain>().ok().map(|name| Box::from(name.as_str()));
        if let Some(exception) = rule.strip_prefix('!') {
            self.plain.extend(ascii(exception).map(|name| (name, true)));
        } else if let Some(parent) = rule.strip_prefix("*.").filter(|parent| !parent.contains('*')) {
            self.wildcards.extend(ascii(parent));
        } else if rule.contains('*') {
            let label = |label: &str| if label == "*" { Some("*".into()) } else { ascii(label) };
            self.inner.extend(rule.rsplit('.').map(label).collect::<Option<Vec<_>>>());
        } else if let Some(name) = ascii(rule) {
            self.plain.entry(name).or_insert(false);
        }
    }

    /// Number of rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plain.len().saturating_add(self.wildcards.len()).saturating_add(self.inner.len())
    }

    /// Whether there is no rule; then each top-level domain is a public suffix and nothing else is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Labels of the public suffix of a domain: of the exception that matches, one less than it has, else of the longest
    /// rule that matches, else one.
    fn suffix_labels(&self, domain: &Domain) -> usize {
        let mut longest = 1;
        let mut rest = domain.as_str();
        let mut labels = domain.label_count();
        loop {
            match self.plain.get(rest) {
                Some(true) => return labels.saturating_sub(1),
                Some(false) => longest = longest.max(labels),
                None => {}
            }
            let Some((_, parent)) = rest.split_once('.') else { break };
            if self.wildcards.contains(parent) {
                longest = longest.max(labels);
            }
            rest = parent;
            labels = labels.saturating_sub(1);
        }
        for rule in &self.inner {
            let mut own = domain.labels().rev();
            let matches =
                rule.iter().all(|want| own.next().is_some_and(|label| **want == *"*" || **want == *label));
            if matches {
                longest = longest.max(rule.len());
            }
        }
        longest
    }

    /// The registrable domain: the public suffix and one label more; `None` for a public suffix.
    #[must_use]
    pub fn registrable(&self, domain: &Domain) -> Option<Domain> {
        domain.suffix(self.suffix_labels(domain).saturating_add(1))
    }

    /// Whether the domain is a public suffix.
    #[must_use]
    pub fn is_suffix(&self, domain: &Domain) -> bool {
        self.suffix_labels(domain) >= domain.label_count()
    }
}

impl OrgDomain for PublicSuffixList {
    /// RFC 7489 3.2. A public suffix is its own organizational domain.
    fn org(&self, domain: &Domain) -> Domain {
        self.registrable(domain).unwrap_or_else(|| domain.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registrable(list: &PublicSuffixList, name: &str) -> Option<String> {
        list.registrable(&name.parse().unwrap()).map(|domain| domain.to_string())
    }

    #[test]
    fn without_rules_the_star_holds() {
        let list = PublicSuffixList::default();
        assert!(list.is_empty());
        assert_eq!(registrable(&list, "a.b.example").as_deref(), Some("b.example"));
        assert_eq!(registrable(&list, "example"), None);
        assert_eq!(list.org(&"example".parse().unwrap()), "example");
    }

    #[test]
    fn wildcards_at_any_place_and_trailing_text() {
        let list =
            PublicSuffixList::parse("\u{feff}a.*.example trailing\n  uk\n.bad\n!\n*.\n// no\n*.*.deep\n");
        assert_eq!(registrable(&list, "x.a.b.example").as_deref(), Some("x.a.b.example"));
        assert_eq!(registrable(&list, "a.b.example"), None);
        assert_eq!(registrable(&list, "w.x.y.deep").as_deref(), Some("w.x.y.deep"));
        assert_eq!(registrable(&list, "x.uk").as_deref(), Some("x.uk"));
    }
}
