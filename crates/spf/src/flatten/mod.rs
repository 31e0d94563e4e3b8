//! A record without the includes of others: their networks written out.

mod directive;
mod split;
mod walk;

use std::fmt;

use mailwright_dns::{Dns, Temporary};

use crate::error::SyntaxError;
use crate::limits::Limits;

/// Records that are read for one flattening: far above what any domain uses, so that a tree without an end ends.
pub const MAX_FLAT_RECORDS: usize = 100;

/// What to write out, and how long a record may get.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlattenOptions {
    /// Write out the addresses of `a` and `mx`, also those of other domains, which change without notice. Else the
    /// mechanisms stay, each with the domain whose it is.
    pub addresses: bool,
    /// Octets of a record, 450: what RFC 7208 3.4 names so that an answer fits into a UDP packet of 512.
    pub record_octets: usize,
    /// The first label of further records, `_spf`: they are `_spf1`, `_spf2` and so on below the domain.
    pub label: String,
}

impl Default for FlattenOptions {
    fn default() -> Self {
        Self { addresses: true, record_octets: 450, label: String::from("_spf") }
    }
}

/// Records that say of every address what the record did that they were made of, as DNS was then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Flattened {
    /// The names and the record of each; the first is the domain itself.
    pub records: Vec<(String, String)>,
    /// Where the new records are not, or may cease to be, what the old one is.
    pub notes: Vec<FlattenNote>,
    /// Terms that ask DNS, at most, in the new records (RFC 7208 4.6.4).
    pub lookups: usize,
}

/// What a flattened record does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum FlattenNote {
    /// The networks of another domain are written out: flatten again when that changes.
    Included {
        /// The domain.
        domain: String,
    },
    /// The addresses of a host are written out: flatten again when they change.
    Addresses {
        /// The host or mail domain.
        domain: String,
    },
    /// A term stays, since it depends on the message.
    Kept {
        /// The term.
        term: String,
    },
    /// `%{p}` prefers names within the domain of its record, which is another one now (RFC 7208 7.3).
    ClientName {
        /// The term.
        term: String,
    },
    /// The text that `exp=` points to has `%{d}` for the domain of the record that fails, which may be another one now.
    Explanation {
        /// The domain that `exp=` names.
        target: String,
    },
    /// A modifier that RFC 7208 does not know was left out.
    Modifier {
        /// The modifier.
        term: String,
    },
    /// An included record tells some addresses apart that no single list can: it stays an include, of a name of one's own.
    OwnInclude {
        /// The name.
        domain: String,
    },
    /// The new records still need more look-ups than RFC 7208 4.6.4 allows.
    TooManyLookups {
        /// How many.
        lookups: usize,
    },
}

impl fmt::Display for FlattenNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Included { domain } => write!(f, "networks of {domain} as of now"),
            Self::Addresses { domain } => write!(f, "addresses of {domain} as of now"),
            Self::Kept { term } => write!(f, "{term} stays: it depends on the message"),
            Self::ClientName { term } => {
                write!(f, "{term}: %{{p}} may prefer another name here (RFC 7208 7.3)")
            }
            Self::Explanation { target } => {
                write!(f, "%{{d}} in the explanation at {target} may be another name (RFC 7208 6.2)")
            }
            Self::Modifier { term } => write!(f, "{term} is left out"),
            Self::OwnInclude { domain } => write!(f, "{domain} holds an include that no list can replace"),
            Self::TooManyLookups { lookups } => {
                write!(f, "{lookups} look-ups are left, more than 10 (RFC 7208 4.6.4)")
            }
        }
    }
}

/// Why a record cannot be flattened: what it says now depends on the order of evaluation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FlattenError {
    /// An answer is pending; a driver never gives this out.
    Pending,
    /// A name has no record, or more than one.
    NoRecord {
        /// The name.
        domain: String,
    },
    /// A record against the grammar.
    Syntax {
        /// Whose it is.
        domain: String,
        /// What is wrong.
        error: SyntaxError,
    },
    /// DNS did not answer.
    Temporary {
        /// For what.
        domain: String,
        /// What went wrong.
        why: Temporary,
    },
    /// A record includes itself.
    Loop {
        /// Whose it is.
        domain: String,
    },
    /// A `redirect` with macros: where it leads is known for each message only, so that nothing can stand in its place.
    Redirect {
        /// Whose record it is in.
        domain: String,
        /// Where it leads.
        target: String,
    },
    /// `mx` of a domain with more exchanges than allowed.
    TooManyExchanges {
        /// The domain.
        domain: String,
    },
    /// More than [`MAX_FLAT_RECORDS`] records.
    TooLarge,
    /// A term, with what has to stand beside it in each record, is longer than a record may be.
    TermTooLong {
        /// The term that does not fit: a directive, else `exp=`, else the version.
        term: String,
        /// How long a record may be: [`FlattenOptions::record_octets`].
        octets: usize,
    },
}

impl fmt::Display for FlattenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => write!(f, "an answer is pending"),
            Self::NoRecord { domain } => {
                write!(f, "{domain} has no SPF record, or several (RFC 7208 4.5, 5.2, 6.1)")
            }
            Self::Syntax { domain, error } => write!(f, "the record of {domain} is wrong: {error}"),
            Self::Temporary { domain, why } => write!(f, "DNS did not answer for {domain}: {why}"),
            Self::Loop { domain } => write!(f, "the record of {domain} includes itself (RFC 7208 4.6.4)"),
            Self::Redirect { domain, target } => write!(
                f,
                "redirect={target} in the record of {domain} depends on the message, so that nothing can stand in its place \
                 (RFC 7208 6.1)"
            ),
            Self::TooManyExchanges { domain } => {
                write!(f, "{domain} has more mail exchangers than allowed (RFC 7208 4.6.4)")
            }
            Self::TooLarge => write!(f, "more than {MAX_FLAT_RECORDS} records"),
            Self::TermTooLong { term, octets } => {
                write!(f, "{term} does not fit into a record of {octets} octets")
            }
        }
    }
}

impl std::error::Error for FlattenError {}

/// Writes out the includes of the record of `domain`, and the addresses that it names.
///
/// Qualifiers, order and terms with macros stay; `%{d}` of an included record becomes the domain it stands for. What is too
/// long goes on in further names by `redirect=`.
///
/// Wherever the record of `domain` ends in `pass`, `fail`, `softfail` or `neutral`, the new records end in the same, except
/// where a [`FlattenNote::ClientName`] says so. A record that ends in an error for some may end in a verdict now: the
/// includes that were too many are gone.
///
/// ```
/// use mailwright_dns::Zone;
/// use mailwright_spf::{FlattenOptions, Limits, flatten};
///
/// let mut zone = Zone::new();
/// zone.add_txt("example.org", "v=spf1 mx include:example.net ~all")?;
/// zone.add_mx("example.org", 10, "mx.example.org")?.add_a("mx.example.org", [192, 0, 2, 1].into())?;
/// zone.add_txt("example.net", "v=spf1 ip4:198.51.100.0/24 exists:%{i}.%{d} -all")?;
/// let flat = flatten("example.org", &zone, &FlattenOptions::default(), &Limits::default())?;
/// assert_eq!(
///     flat.records,
///     [("example.org".into(), "v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 exists:%{i}.example.net ~all".into())]
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FlattenError`]: a record of the tree is missing or wrong, or DNS did not answer.
pub fn flatten(
    domain: &str,
    dns: &(impl Dns + ?Sized),
    options: &FlattenOptions,
    limits: &Limits,
) -> Result<Flattened, FlattenError> {
    let walked = walk::walk(domain, dns, options, limits)?;
    split::write(domain, walked, options, limits)
}

#[cfg(test)]
mod tests {
    use mailwright_dns::Zone;

    use super::*;

    fn flat(records: &[(&str, &str)], octets: usize) -> Result<Flattened, FlattenError> {
        let mut zone = Zone::new();
        for (name, text) in records {
            zone.add_txt(name, text).unwrap();
        }
        let options = FlattenOptions { record_octets: octets, ..FlattenOptions::default() };
        flatten("a.test", &zone, &options, &Limits::default())
    }

    fn texts(records: &[(&str, &str)]) -> Vec<String> {
        flat(records, 450).unwrap().records.into_iter().map(|(name, text)| format!("{name} {text}")).collect()
    }

    /// RFC 7208 5.2: only a pass of the included record matters, and it gets the qualifier of the include.
    #[test]
    fn qualifiers_are_those_of_the_include() {
        assert_eq!(
            texts(&[
                ("a.test", "v=spf1 ?include:b.test -all"),
                ("b.test", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 ~all")
            ]),
            ["a.test v=spf1 ?ip4:192.0.2.1 ?ip6:2001:db8::/32 -all"]
        );
        // What an included record takes out again can not be said in one list.
        assert_eq!(
            texts(&[
                ("a.test", "v=spf1 include:b.test ~all"),
                ("b.test", "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 -all")
            ]),
            [
                "a.test v=spf1 include:_spf1.a.test ~all",
                "_spf1.a.test v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 -all"
            ]
        );
    }

    /// RFC 7208 6.1
    #[test]
    fn a_redirect_goes_on() {
        assert_eq!(
            texts(&[
                ("a.test", "v=spf1 ip4:192.0.2.1 redirect=b.test"),
                ("b.test", "v=spf1 -ptr ?all exp=e.test")
            ]),
            ["a.test v=spf1 ip4:192.0.2.1 -ptr:b.test ?all exp=e.test"]
        );
        assert_eq!(
            texts(&[
                ("a.test", "v=spf1 include:b.test"),
                ("b.test", "v=spf1 redirect=c.test"),
                ("c.test", "v=spf1 +all")
            ]),
            ["a.test v=spf1 all"]
        );
    }

    #[test]
    fn what_is_too_long_goes_on_elsewhere() {
        let flat = flat(
            &[("a.test", "v=spf1 ip4:192.0.2.1 ~exists:%{d2}.x.test ip4:192.0.2.2 ip4:192.0.2.3 -all")],
            60,
        );
        assert_eq!(
            flat.unwrap().records,
            [
                ("a.test".into(), "v=spf1 ip4:192.0.2.1 redirect=_spf1.a.test".into()),
                ("_spf1.a.test".into(), "v=spf1 ~exists:a.test.x.test redirect=_spf2.a.test".into()),
                ("_spf2.a.test".into(), "v=spf1 ip4:192.0.2.2 ip4:192.0.2.3 -all".into())
            ]
        );
    }

    /// The macro of the record itself is longer than the name that it stands for.
    #[test]
    fn no_record_is_longer_than_it_may_be() {
        let mut zone = Zone::new();
        let text = "v=spf1 exists:%{d1r}.test a:c.test/24 ip4:100.100.100.100/24 ptr:b.test -all";
        zone.add_txt("a.test", text).unwrap().add_a("c.test", [192, 0, 0, 0].into()).unwrap();
        let lengths = |octets| {
            let options = FlattenOptions { record_octets: octets, ..FlattenOptions::default() };
            let flat = flatten("a.test", &zone, &options, &Limits::default()).unwrap();
            flat.records.iter().map(|(_, text)| text.len()).collect::<Vec<_>>()
        };
        let whole = "v=spf1 exists:%{d1r}.test ip4:192.0.0.0/24 ip4:100.100.100.100/24 ptr:b.test -all";
        assert_eq!(lengths(whole.len()), [whole.len()]);
        for octets in 56..whole.len() {
            let lengths = lengths(octets);
            assert!(lengths.len() > 1 && lengths.iter().all(|len| *len <= octets), "{octets}: {lengths:?}");
        }
    }

    #[test]
    fn what_fits_into_no_record_is_refused() {
        let refused = |text: &str, octets: usize| {
            let error = flat(&[("a.test", text)], octets).unwrap_err();
            let FlattenError::TermTooLong { term, octets: limit } = error else { panic!("{error}") };
            assert_eq!(limit, octets);
            term
        };
        let long = format!("exists:%{{i}}.{}.test", "x".repeat(60));
        assert_eq!(refused(&format!("v=spf1 ip4:192.0.2.1 ~{long} -all"), 60), format!("~{long}"));
        assert_eq!(refused("v=spf1 exp=explanation.a.test", 20), "exp=explanation.a.test");
        assert_eq!(refused("v=spf1 -all", 10), "-all");
        assert_eq!(refused("v=spf1", 5), "v=spf1");
    }

    #[test]
    fn broken_trees_are_errors() {
        let error = |records: &[(&str, &str)]| flat(records, 450).unwrap_err();
        assert!(matches!(error(&[("a.test", "v=spf1 include:b.test")]), FlattenError::NoRecord { .. }));
        assert!(matches!(error(&[("a.test", "v=spf1 include:a.test")]), FlattenError::Loop { .. }));
        assert!(matches!(error(&[("a.test", "v=spf1 ip4:1")]), FlattenError::Syntax { .. }));
        let macros = [("a.test", "v=spf1 include:b.test"), ("b.test", "v=spf1 redirect=%{l}.c.test")];
        let target = "%{l}.c.test".to_owned();
        assert_eq!(error(&macros), FlattenError::Redirect { domain: "b.test".into(), target });
    }
}
