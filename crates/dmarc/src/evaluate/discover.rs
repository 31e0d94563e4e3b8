//! Which record applies (RFC 9989 4.10.1; RFC 7489 6.6.3).

use std::sync::Arc;

use mailwright_dns::Dns;
use mailwright_message_model::authres::AuthResult;
use mailwright_message_model::domain::Domain;

use super::config::{Config, Mode};
use super::outcome::NoneReason;
use crate::identifiers::{Identifiers, MAX_SIGNATURES};
use crate::record::Record;
use crate::walk::{Found, Lookups, Unknown};

/// The record that applies.
pub(super) struct Discovered {
    pub(super) domain: Domain,
    pub(super) record: Arc<Record>,
    /// The organizational domain of the author domain, where it is known by now.
    pub(super) organizational: Option<Domain>,
}

/// Announces all names that may be asked: those of identifiers that passed, or whose check may still pass. Others never align, and
/// a stranger can put any number of them into a message.
pub(super) fn announce<D: Dns + ?Sized>(
    lookups: &Lookups<'_, D>,
    author: &Domain,
    found: &Identifiers,
    config: &Config<'_>,
) {
    if let Mode::PublicSuffix { list, .. } = config.mode {
        lookups.announce_each([author.clone(), list.org(author)]);
        return;
    }
    lookups.announce(author);
    let dkim = found.dkim.iter().take(MAX_SIGNATURES).map(|dkim| (&dkim.domain, &dkim.result));
    let spf = found.spf.iter().map(|spf| (&spf.domain, &spf.result));
    let top = author.labels().next_back();
    for (identifier, result) in spf.chain(dkim) {
        let may_align = matches!(result, AuthResult::Pass | AuthResult::TempError);
        if may_align && identifier != author && identifier.labels().next_back() == top {
            lookups.announce(identifier);
        }
    }
}

/// The record for the author domain; the inner error is why DMARC does not apply.
pub(super) fn discover<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    author: &Domain,
    config: &Config<'_>,
) -> Result<Result<Discovered, NoneReason>, Unknown> {
    match config.mode {
        Mode::TreeWalk => by_walk(lookups, author),
        Mode::PublicSuffix { list, .. } => {
            let organizational = list.org(author);
            by_list(lookups, author, &organizational)
        }
    }
}

fn by_walk<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    author: &Domain,
) -> Result<Result<Discovered, NoneReason>, Unknown> {
    if let Some(record) = lookups.record(author)? {
        return Ok(Ok(Discovered { domain: author.clone(), record, organizational: None }));
    }
    let walk = lookups.walk(author)?;
    let organizational = walk.organizational;
    // First the organizational domain; where it has no record, the walk has ended at that of the public suffix domain.
    // Records between are no policy (4.10.1).
    let at = |domain: &Domain| walk.records.iter().find(|(name, _)| name == domain);
    let suffix = || walk.records.last().filter(|(name, _)| organizational.is_subdomain_of(name));
    Ok(match at(&organizational).or_else(suffix) {
        Some((domain, record)) => Ok(Discovered {
            domain: domain.clone(),
            record: record.clone(),
            organizational: Some(organizational),
        }),
        None => Err(NoneReason::NoRecord),
    })
}

fn by_list<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    author: &Domain,
    organizational: &Domain,
) -> Result<Result<Discovered, NoneReason>, Unknown> {
    for domain in [author, organizational] {
        if let Some(record) = lookups.record(domain)? {
            let (domain, organizational) = (domain.clone(), Some(organizational.clone()));
            return Ok(Ok(Discovered { domain, record, organizational }));
        }
        // RFC 7489 6.6.3, step 5: several records end the discovery.
        if matches!(lookups.at(domain), Found::Several(_)) {
            return Ok(Err(NoneReason::SeveralRecords));
        }
    }
    Ok(Err(NoneReason::NoRecord))
}
