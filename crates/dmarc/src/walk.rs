//! The DNS tree walk (RFC 9989 4.10).

use std::fmt;
use std::sync::Arc;

use mailwright_dns::{Dns, Kind, Missing, Name, Temporary};
use mailwright_message_model::domain::{Domain, OrgDomain};

use crate::policy::Psd;
use crate::record::Record;

/// Names that one walk asks at most (RFC 9989 4.10).
pub const MAX_QUERIES: usize = 8;

/// The names that a walk from `domain` asks, in order: the domain itself, then its parents, of which those with more than
/// seven labels are left out (RFC 9989 4.10, steps 3 and 4).
///
/// ```
/// let domain = "a.b.c.d.e.f.g.h.i.j.mail.example.com".parse()?;
/// let names: Vec<String> = mailwright_dmarc::walk::targets(&domain).map(|name| name.to_string()).collect();
/// assert_eq!(names.len(), 8);
/// assert_eq!(names[1], "g.h.i.j.mail.example.com");
/// assert_eq!(names[7], "com");
/// # Ok::<(), mailwright_message_model::domain::DomainError>(())
/// ```
pub fn targets(domain: &Domain) -> impl Iterator<Item = Domain> + use<> {
    let below = domain.label_count().saturating_sub(1).min(MAX_QUERIES.saturating_sub(1));
    let whole = domain.clone();
    std::iter::once(domain.clone()).chain((1..=below).rev().filter_map(move |labels| whole.suffix(labels)))
}

/// The organizational domain of `domain` by a tree walk (RFC 9989 4.10.2).
///
/// # Errors
/// [`Missing::Temporary`] where a name could not be asked, [`Missing::Pending`] where one has not been asked yet.
pub fn organizational_domain<D: Dns + ?Sized>(domain: &Domain, dns: &D) -> Result<Domain, Missing> {
    let mut lookups = Lookups::new(dns);
    lookups.announce(domain);
    lookups.walk(domain).map(|walk| walk.organizational).map_err(|unknown| match unknown.why {
        Some(why) => Missing::Temporary(why),
        None => Missing::Pending,
    })
}

/// Finds organizational domains by tree walks, for what takes an [`OrgDomain`]. A domain whose walk cannot be finished counts
/// as its own organizational domain.
///
/// ```
/// use mailwright_dmarc::walk::TreeWalk;
/// use mailwright_dns::Zone;
/// use mailwright_message_model::domain::OrgDomain;
///
/// let mut zone = Zone::new();
/// zone.add_txt("_dmarc.example.com", "v=DMARC1; p=none")?;
/// assert_eq!(TreeWalk(&zone).org(&"a.b.example.com".parse()?), "example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TreeWalk<'d, D: ?Sized>(pub &'d D);

impl<D: Dns + ?Sized> OrgDomain for TreeWalk<'_, D> {
    fn org(&self, domain: &Domain) -> Domain {
        organizational_domain(domain, self.0).unwrap_or_else(|_| domain.clone())
    }
}

/// A name that was asked, and what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The domain; what was asked is `_dmarc.` before it.
    pub domain: Domain,
    /// What was there.
    pub found: Found,
}

/// What was found at a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The one policy record.
    Record(Arc<Record>),
    /// No policy record.
    Nothing,
    /// Several policy records, which are all discarded (RFC 9989 4.10, step 2).
    Several(usize),
    /// A name that DNS cannot hold with `_dmarc.` before it, so that no record can be there.
    NameTooLong,
    /// It could not be found out.
    Temporary(Temporary),
    /// It has not been asked yet.
    Pending,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "_dmarc.{}: ", self.domain)?;
        match &self.found {
            Found::Record(record) => write!(f, "{record}"),
            Found::Nothing => f.write_str("no record"),
            Found::Several(count) => write!(f, "{count} records, all discarded (RFC 9989 4.10)"),
            Found::NameTooLong => f.write_str("a name that DNS cannot hold"),
            Found::Temporary(why) => write!(f, "{why}"),
            Found::Pending => f.write_str("not asked yet"),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Step {
    /// The domain and what was found, as text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let text = self.to_string();
        let found = text.split_once(": ").map_or("", |(_, found)| found);
        let mut step = serializer.serialize_struct("Step", 2)?;
        step.serialize_field("domain", &self.domain)?;
        step.serialize_field("found", found)?;
        step.end()
    }
}

/// A look-up that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub(crate) domain: Domain,
    /// `None` where it is pending.
    pub(crate) why: Option<Temporary>,
}

/// What a walk found.
pub(crate) struct Walk {
    pub(crate) organizational: Domain,
    /// The names with a record, from the longest to the shortest.
    pub(crate) records: Vec<(Domain, Arc<Record>)>,
}

/// The look-ups of one evaluation, each name asked once.
pub(crate) struct Lookups<'d, D: ?Sized> {
    pub(crate) dns: &'d D,
    pub(crate) steps: Vec<Step>,
    pub(crate) pending: bool,
}

impl<'d, D: Dns + ?Sized> Lookups<'d, D> {
    pub(crate) const fn new(dns: &'d D) -> Self {
        Self { dns, steps: Vec::new(), pending: false }
    }

    /// Tells the driver all names of a walk, so that a walk takes one round.
    pub(crate) fn announce(&self, domain: &Domain) {
        self.announce_each(targets(domain));
    }

    /// Tells the driver these names.
    pub(crate) fn announce_each(&self, domains: impl IntoIterator<Item = Domain>) {
        for target in domains {
            if let Ok(name) = policy_name(&target) {
                self.dns.announce(&name, Kind::Txt);
            }
        }
    }

    /// What is at `_dmarc.` before `domain`.
    pub(crate) fn at(&mut self, domain: &Domain) -> Found {
        if let Some(step) = self.steps.iter().find(|step| step.domain == *domain) {
            return step.found.clone();
        }
        let found = match policy_name(domain) {
            Ok(name) => records_of(self.dns.txt(&name)),
            Err(_) => Found::NameTooLong,
        };
        self.pending |= found == Found::Pending;
        self.steps.push(Step { domain: domain.clone(), found: found.clone() });
        found
    }

    /// The record at a name; `None` where there is none that counts.
    pub(crate) fn record(&mut self, domain: &Domain) -> Result<Option<Arc<Record>>, Unknown> {
        match self.at(domain) {
            Found::Record(record) => Ok(Some(record)),
            Found::Nothing | Found::Several(_) | Found::NameTooLong => Ok(None),
            Found::Temporary(why) => Err(Unknown { domain: domain.clone(), why: Some(why) }),
            Found::Pending => Err(Unknown { domain: domain.clone(), why: None }),
        }
    }

    /// RFC 9989 4.10 and the selection of 4.10.2.
    pub(crate) fn walk(&mut self, domain: &Domain) -> Result<Walk, Unknown> {
        let mut records = Vec::new();
        for target in targets(domain) {
            if let Some(record) = self.record(&target)? {
                let psd = record.psd();
                records.push((target, record));
                // RFC 9989 4.10, steps 2 and 6: both values stop the walk.
                if psd != Psd::Unknown {
                    break;
                }
            }
        }
        Ok(Walk { organizational: select(domain, &records), records })
    }
}

/// RFC 9989 4.10.2, from the longest name to the shortest.
fn select(start: &Domain, records: &[(Domain, Arc<Record>)]) -> Domain {
    // The walk has ended at the first record with a psd tag, so that only the last one can have it.
    let Some((domain, record)) = records.last() else { return start.clone() };
    match record.psd() {
        Psd::Yes if domain != start => {
            start.suffix(domain.label_count().saturating_add(1)).unwrap_or_else(|| start.clone())
        }
        _ => domain.clone(),
    }
}

fn policy_name(domain: &Domain) -> Result<Name, mailwright_dns::Error> {
    Name::new(domain.as_str())?.prepend("_dmarc")
}

fn records_of(answer: Result<Arc<[mailwright_dns::Txt]>, Missing>) -> Found {
    match answer {
        Ok(texts) => {
            // RFC 9989 4.10, step 2: what does not begin with the version is discarded first.
            let mut records = texts.iter().filter_map(|text| Record::parse(text.as_bytes()).ok());
            match (records.next(), records.count()) {
                (None, _) => Found::Nothing,
                (Some(record), 0) => Found::Record(Arc::new(record)),
                (Some(_), more) => Found::Several(more.saturating_add(1)),
            }
        }
        Err(Missing::Temporary(why)) => Found::Temporary(why),
        Err(Missing::Pending) => Found::Pending,
        Err(_) => Found::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailwright_dns::{Counting, TemporaryKind, Zone};

    fn zone(records: &[(&str, &str)]) -> Zone {
        let mut zone = Zone::new();
        for (domain, record) in records {
            zone.add_txt(format!("_dmarc.{domain}"), record).unwrap();
        }
        zone
    }

    fn org(records: &[(&str, &str)], domain: &str) -> String {
        organizational_domain(&domain.parse().unwrap(), &zone(records)).unwrap().to_string()
    }

    #[test]
    fn the_examples_of_the_selection() {
        // RFC 9989 4.10.2.
        let two = [("mail.example.com", "v=DMARC1"), ("example.com", "v=DMARC1")];
        assert_eq!(org(&two, "a.mail.example.com"), "example.com");
        let own = [("mail.example.com", "v=DMARC1; psd=n"), ("example.com", "v=DMARC1")];
        assert_eq!(org(&own, "a.mail.example.com"), "mail.example.com");
        assert_eq!(org(&[("com", "v=DMARC1; psd=y")], "a.mail.example.com"), "example.com");
        assert_eq!(org(&[], "a.mail.example.com"), "a.mail.example.com");
        // psd=y at the start does not count (rule 2), but the record is the one with the fewest labels (rule 3).
        assert_eq!(org(&[("com", "v=DMARC1; psd=y")], "com"), "com");
        assert_eq!(
            org(&[("example.com", "v=DMARC1; psd=y"), ("com", "v=DMARC1")], "example.com"),
            "example.com"
        );
    }

    #[test]
    fn long_names_ask_eight() {
        let counting = Counting::new(Zone::new());
        let domain: Domain = "a.b.c.d.e.f.g.h.example.com".parse().unwrap();
        organizational_domain(&domain, &counting).unwrap();
        let names: Vec<String> = counting.names(Kind::Txt).iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), MAX_QUERIES);
        assert_eq!(names.get(1).map(String::as_str), Some("_dmarc.d.e.f.g.h.example.com"));
        let eight: Domain = "a.b.c.d.e.f.example.com".parse().unwrap();
        assert_eq!(targets(&eight).count(), MAX_QUERIES);
        assert_eq!(targets(&eight).nth(1), eight.parent());
    }

    #[test]
    fn several_records_are_none_and_a_failure_is_one() {
        let mut zone =
            zone(&[("a.example", "v=DMARC1; p=none"), ("a.example", "v=DMARC1"), ("example", "v=DMARC1")]);
        assert_eq!(organizational_domain(&"a.example".parse().unwrap(), &zone).unwrap(), "example");
        zone.add_fault("_dmarc.example", Kind::Txt, TemporaryKind::Timeout).unwrap();
        assert!(matches!(
            organizational_domain(&"a.example".parse().unwrap(), &zone),
            Err(Missing::Temporary(_))
        ));
    }
}
