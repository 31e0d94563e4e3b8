//! Brands that phishing pretends to be, and domains that look like theirs.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::skeleton;

/// The brands that are shipped, as data.
const KNOWN: &str = include_str!("../../data/brands.toml");

/// Shorter names are parts of too many words to be looked for with a letter changed.
const MIN_CHANGED: usize = 6;

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Its name as one word in lower case, as it stands in domains.
    pub label: String,
    /// Its names as they stand before an address, in lower case; the label is one of them where there are none.
    #[serde(default)]
    pub names: Vec<String>,
    /// Domains that are its own. Every domain below them is too.
    pub domains: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    brand: Vec<Brand>,
}

/// How a host name imitates a brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Likeness {
    /// The brand's name, with letters that look like its own: `paypa1`, `rnicrosoft`, `аррӏе`.
    Drawn,
    /// The brand's name with one letter changed, left out, added or swapped: `paypla`.
    Misspelt,
    /// The brand's whole domain in front of another: `paypal.com.example.net`.
    Prefixed,
}

/// The brands that are shipped (`data/brands.toml`).
#[must_use]
pub fn brands() -> &'static [Brand] {
    static BRANDS: LazyLock<Vec<Brand>> =
        LazyLock::new(|| toml::from_str::<Source>(KNOWN).map(|source| source.brand).unwrap_or_default());
    &BRANDS
}

/// The brand that a host name imitates, and how; `None` for the brand itself.
///
/// ```
/// use mailwright_antispam::names::{Likeness, likeness};
///
/// assert_eq!(likeness("www.paypa1.com").map(|(brand, how)| (brand.label.as_str(), how)), Some(("paypal", Likeness::Drawn)));
/// assert_eq!(likeness("www.paypal.com"), None);
/// assert_eq!(likeness("paypal.com.login.example.net").map(|(_, how)| how), Some(Likeness::Prefixed));
/// ```
#[must_use]
pub fn likeness(host: &str) -> Option<(&'static Brand, Likeness)> {
    let host = host.trim_end_matches('.').to_lowercase();
    if owner(&host).is_some() {
        return None;
    }
    let mut labels = host.rsplit('.');
    // The top level says nothing; the label before it is the name that was bought, the one before that where the second is `co`.
    let _top = labels.next();
    for label in labels.by_ref().take(2) {
        if let Some(found) = of_label(label) {
            return Some(found);
        }
    }
    for brand in brands() {
        let prefixed = brand.domains.iter().any(|domain| {
            host.match_indices(domain.as_str()).any(|(at, found)| {
                let starts = at == 0 || host.as_bytes().get(at.saturating_sub(1)) == Some(&b'.');
                let behind = host.as_bytes().get(at.saturating_add(found.len()));
                starts && matches!(behind, Some(b'.' | b'-'))
            })
        });
        if prefixed {
            return Some((brand, Likeness::Prefixed));
        }
    }
    None
}

/// The brand whose domain the host is or is below.
pub(crate) fn owner(host: &str) -> Option<&'static Brand> {
    let host = host.trim_end_matches('.');
    brands().iter().find(|brand| {
        brand.domains.iter().any(|domain| {
            let rest = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at));
            rest.is_some_and(|(before, end)| {
                end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
            })
        })
    })
}

/// The brand that a display name says it is: the name begins with the brand's, or is nothing else.
#[must_use]
pub fn named_brand(name: &str) -> Option<&'static Brand> {
    static NAMES: LazyLock<HashMap<&'static str, &'static Brand>> = LazyLock::new(|| {
        let named = brands().iter().flat_map(|brand| {
            let own = (brand.names.is_empty()).then_some(brand.label.as_str());
            brand.names.iter().map(String::as_str).chain(own).map(move |name| (name, brand))
        });
        named.collect()
    });
    let shown = skeleton(name);
    let words: Vec<&str> =
        shown.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(3).collect();
    (1..=words.len()).rev().find_map(|count| NAMES.get(words.get(..count)?.join(" ").as_str()).copied())
}

fn of_label(label: &str) -> Option<(&'static Brand, Likeness)> {
    let shown = unfold(&decoded(label));
    for brand in brands() {
        if label == brand.label {
            // The brand's own name under another top level is no look-alike: many are its own, and of namesakes.
            return None;
        }
        if shown == brand.label {
            return Some((brand, Likeness::Drawn));
        }
        if brand.label.len() >= MIN_CHANGED && is_changed(label, &brand.label) {
            return Some((brand, Likeness::Misspelt));
        }
    }
    None
}

/// An A-label as it is shown.
fn decoded(label: &str) -> String {
    match label.strip_prefix("xn--") {
        Some(_) => mailwright_message_model::domain::Domain::parse(label.as_bytes())
            .map_or_else(|_| label.to_owned(), |domain| domain.to_unicode().into_owned()),
        None => label.to_owned(),
    }
}

/// What a label is drawn like, digits and pairs of letters undone.
fn unfold(label: &str) -> String {
    let shown = skeleton(label).replace("rn", "m").replace("vv", "w");
    shown
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '3' => 'e',
            '5' => 's',
            other => other,
        })
        .collect()
}

/// Whether two words are one change apart: a letter more, less, other, or two neighbours swapped.
fn is_changed(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one == other || one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let tail = |list: &[char], skip: usize| -> Vec<char> {
        list.iter().skip(same.saturating_add(skip)).copied().collect()
    };
    match one.len().cmp(&other.len()) {
        std::cmp::Ordering::Greater => tail(&one, 1) == tail(&other, 0),
        std::cmp::Ordering::Less => tail(&one, 0) == tail(&other, 1),
        std::cmp::Ordering::Equal => {
            let swapped = one.get(same) == other.get(same.saturating_add(1))
                && one.get(same.saturating_add(1)) == other.get(same)
                && tail(&one, 2) == tail(&other, 2);
            swapped || tail(&one, 1) == tail(&other, 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(host: &str) -> Option<Likeness> {
        likeness(host).map(|(_, how)| how)
    }

    #[test]
    fn the_data_can_be_read() {
        assert!(brands().len() > 20);
        for brand in brands() {
            assert!(!brand.domains.is_empty(), "{}", brand.label);
            assert_eq!(brand.label, brand.label.to_lowercase());
        }
    }

    #[test]
    fn hosts() {
        assert_eq!(how("rnicrosoft.com"), Some(Likeness::Drawn));
        assert_eq!(how("login.paypla.net"), Some(Likeness::Misspelt));
        assert_eq!(how("paypall.co.uk"), Some(Likeness::Misspelt));
        assert_eq!(how("paypal.com-login.example"), Some(Likeness::Prefixed));
        for honest in
            ["paypal.com", "www.paypal.co.uk", "papal.org", "example.org", "localhost", "", "mypaypal.com.au"]
        {
            assert!(how(honest).is_none() || honest.starts_with("papal"), "{honest}");
        }
    }

    #[test]
    fn display_names() {
        assert_eq!(named_brand("PayPal Service").map(|brand| brand.label.as_str()), Some("paypal"));
        assert_eq!(
            named_brand("Bank of America Alerts").map(|brand| brand.label.as_str()),
            Some("bankofamerica")
        );
        assert_eq!(named_brand("Joe from PayPal"), None);
        assert_eq!(named_brand(""), None);
    }
}
