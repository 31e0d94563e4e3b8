//! Evaluation of one message (RFC 9989 5.3).

mod align;
mod config;
mod discover;
mod outcome;
mod show;

pub use config::{Config, Mode};
pub use outcome::{Aligned, Evaluation, NoneReason, Published, Relation, Source, TempReason, Verdict};

use mailwright_dns::{Dns, Kind, Missing, Name};
use mailwright_message_model::authres::AuthResult;
use mailwright_message_model::domain::Domain;

use crate::author::{Author, NoAuthor};
use crate::identifiers::Identifiers;
use crate::policy::{Override, OverrideKind, Policy};
use crate::record::{PolicyTag, Record};
use crate::walk::{Lookups, Unknown};
use discover::Discovered;

/// Evaluates DMARC for a message.
///
/// Nothing is asked that the answer does not need: no tree walk for an identifier that is the author domain, that is to be
/// aligned strictly, or that cannot have the same organizational domain since it is not below it. All names that may be
/// asked are announced first, so that an evaluation takes one round of waiting, and a second one where the policy for
/// subdomains that do not exist (`np`) may apply.
///
/// ```
/// use mailwright_dmarc::{Author, Config, DkimIdentifier, Identifiers, Policy, Verdict, evaluate};
/// use mailwright_dns::Zone;
/// use mailwright_message_model::authres::AuthResult;
///
/// let mut zone = Zone::new();
/// zone.add_txt("_dmarc.example.com", "v=DMARC1; p=reject; adkim=r")?;
/// let author = Author::of_addresses(["jo@news.example.com"]);
/// let found = Identifiers {
///     dkim: vec![DkimIdentifier::new("example.com".parse()?, Some("s1"), AuthResult::Pass)],
///     ..Identifiers::default()
/// };
/// let evaluation = evaluate(&author, &found, &zone, &Config::default());
/// assert_eq!(evaluation.verdict, Verdict::Pass);
/// assert_eq!(evaluation.auth_result().to_string(), "dmarc=pass header.from=news.example.com policy.dmarc=reject");
///
/// let evaluation = evaluate(&author, &Identifiers::default(), &zone, &Config::default());
/// assert_eq!((evaluation.verdict.clone(), evaluation.requested), (Verdict::Fail, Policy::Reject));
/// // A published reject alone is no reason to reject (RFC 9989 5.4, 7.4).
/// assert_eq!(evaluation.advised(), Policy::Quarantine);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate<D: Dns + ?Sized>(
    author: &Author,
    found: &Identifiers,
    dns: &D,
    config: &Config<'_>,
) -> Evaluation {
    match author.domain() {
        Ok(domain) => one(domain, found, dns, config),
        Err(NoAuthor::SeveralDomains) if config.several_authors > 0 && !author.is_cut() => {
            several(author, found, dns, config)
        }
        Err(why) => Evaluation::none(None, NoneReason::NoAuthor(why), config),
    }
}

/// RFC 9989 11.5: the strictest policy among the checks that fail.
fn several<D: Dns + ?Sized>(
    author: &Author,
    found: &Identifiers,
    dns: &D,
    config: &Config<'_>,
) -> Evaluation {
    let domains = author.domains();
    let lacking = author.mailboxes().iter().any(Option::is_none);
    if domains.len() > config.several_authors || lacking {
        return Evaluation::none(None, NoneReason::NoAuthor(NoAuthor::SeveralDomains), config);
    }
    let all = domains.into_iter().map(|domain| one(domain, found, dns, config));
    let mut pending = false;
    let worst = all.inspect(|evaluation| pending |= evaluation.pending).reduce(|worst, next| {
        let rank = |e: &Evaluation| match e.verdict {
            Verdict::Fail => (3, e.requested),
            Verdict::TempError(_) => (2, Policy::None),
            Verdict::None(_) => (1, Policy::None),
            Verdict::Pass => (0, Policy::None),
        };
        if rank(&next) > rank(&worst) { next } else { worst }
    });
    let none = || Evaluation::none(None, NoneReason::NoAuthor(NoAuthor::Nobody), config);
    Evaluation { pending, ..worst.unwrap_or_else(none) }
}

fn one<D: Dns + ?Sized>(author: &Domain, found: &Identifiers, dns: &D, config: &Config<'_>) -> Evaluation {
    let mut lookups = Lookups::new(dns);
    discover::announce(&lookups, author, found, config);
    let mut evaluation = match discover::discover(&mut lookups, author, config) {
        Ok(Ok(discovered)) => judge(&mut lookups, author, found, discovered, config),
        Ok(Err(why)) => Evaluation::none(Some(author.clone()), why, config),
        Err(unknown) => Evaluation::temporary(author.clone(), unknown.into(), config),
    };
    evaluation.pending = lookups.pending;
    evaluation.steps = lookups.steps;
    evaluation
}

fn judge<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    author: &Domain,
    found: &Identifiers,
    discovered: Discovered,
    config: &Config<'_>,
) -> Evaluation {
    let record = discovered.record;
    let own = discovered.domain == *author;
    let faulty = is_faulty(&record, config);
    // RFC 9989 4.10.1 (RFC 7489 6.6.3, step 6).
    if faulty && record.rua().is_empty() {
        let mut evaluation = Evaluation::none(Some(author.clone()), NoneReason::FaultyRecord, config);
        evaluation.policy_domain = Some(discovered.domain);
        evaluation.organizational_domain = discovered.organizational;
        evaluation.record = Some(record);
        return evaluation;
    }
    let mut aligner = align::Aligner::new(author, discovered.organizational, config);
    let spf = found
        .spf
        .as_ref()
        .map(|spf| aligner.identifier(lookups, &spf.domain, None, &spf.result, record.aspf()));
    let dkim: Vec<Aligned> = (found.dkim.iter().take(crate::identifiers::MAX_SIGNATURES))
        .map(|dkim| {
            aligner.identifier(lookups, &dkim.domain, dkim.selector.as_deref(), &dkim.result, record.adkim())
        })
        .collect();
    let mut evaluation = Evaluation::of_record(author.clone(), discovered.domain, record, config);
    evaluation.spf = spf;
    evaluation.dkim = dkim;
    evaluation.verdict = verdict(&mut evaluation, &mut aligner, lookups);
    let (published, doubt) = if faulty {
        (Published { policy: Policy::None, source: Source::Assumed }, None)
    } else {
        published(lookups, author, own, evaluation.record.as_deref(), config)
    };
    evaluation.published = Some(published);
    evaluation.organizational_domain = aligner.organizational(own, &evaluation);
    // RFC 9989 5.3.6: which policy applies is not known.
    if let (Some(unknown), Verdict::Fail) = (doubt, &evaluation.verdict) {
        evaluation.verdict = Verdict::TempError(TempReason::from(unknown));
    }
    if evaluation.verdict == Verdict::Fail {
        request(&mut evaluation, published.policy, config);
        overrides(&mut evaluation, found, config);
    }
    evaluation
}

/// Whether the record has no usable policy. RFC 7489 does not know `np`.
const fn is_faulty(record: &Record, config: &Config<'_>) -> bool {
    match config.mode {
        Mode::TreeWalk => record.is_faulty(),
        Mode::PublicSuffix { .. } => record.p().policy().is_none() || record.sp().is_invalid(),
    }
}

/// RFC 9989 5.3.5 and 5.3.6.
fn verdict<D: Dns + ?Sized>(
    evaluation: &mut Evaluation,
    aligner: &mut align::Aligner<'_>,
    lookups: &mut Lookups<'_, D>,
) -> Verdict {
    let all = || evaluation.spf.iter().chain(&evaluation.dkim);
    if all().any(Aligned::passes) {
        return Verdict::Pass;
    }
    let unknown = all().find_map(|identifier| match &identifier.relation {
        Relation::Unknown(reason) => Some(reason.clone()),
        _ => None,
    });
    if let Some(reason) = unknown {
        return Verdict::TempError(reason);
    }
    // An identifier that would align, had its check come to an end.
    let (aspf, adkim) = evaluation.modes();
    let spf = evaluation.spf.iter_mut().map(|spf| (spf, aspf, true));
    let dkim = evaluation.dkim.iter_mut().map(|dkim| (dkim, adkim, false));
    for (identifier, mode, is_spf) in spf.chain(dkim) {
        if identifier.result != AuthResult::TempError {
            continue;
        }
        identifier.relation = aligner.relation(lookups, &identifier.domain, mode);
        match &identifier.relation {
            Relation::Unknown(reason) => return Verdict::TempError(reason.clone()),
            Relation::Same | Relation::Relaxed => {
                let domain = identifier.domain.clone();
                let reason = if is_spf { TempReason::Spf(domain) } else { TempReason::Dkim(domain) };
                return Verdict::TempError(reason);
            }
            Relation::None | Relation::NotNeeded => {}
        }
    }
    Verdict::Fail
}

/// The policy that applies (RFC 9989 4.7, 4.10.1; RFC 7489 6.6.3), and a look-up that left it open whether the domain exists.
fn published<D: Dns + ?Sized>(
    lookups: &mut Lookups<'_, D>,
    author: &Domain,
    own: bool,
    record: Option<&Record>,
    config: &Config<'_>,
) -> (Published, Option<Unknown>) {
    let of = |tag: &PolicyTag, source| tag.policy().map(|policy| Published { policy, source });
    let none = Published { policy: Policy::None, source: Source::Assumed };
    let Some(record) = record else { return (none, None) };
    let own_policy = of(record.p(), Source::P).unwrap_or(none);
    if own {
        return (own_policy, None);
    }
    let existing = of(record.sp(), Source::Sp).unwrap_or(own_policy);
    let Some(missing) = of(record.np(), Source::Np).filter(|_| matches!(config.mode, Mode::TreeWalk)) else {
        return (existing, None);
    };
    match exists(lookups, author) {
        Ok(true) => (existing, None),
        Ok(false) => (missing, None),
        Err(unknown) => (existing, Some(unknown)),
    }
}

/// RFC 9989 3.2.13: a domain does not exist where its name is NXDOMAIN, whatever the type asked for.
fn exists<D: Dns + ?Sized>(lookups: &mut Lookups<'_, D>, domain: &Domain) -> Result<bool, Unknown> {
    let Ok(name) = Name::new(domain.as_str()) else { return Ok(false) };
    let unknown = |why| Unknown { domain: domain.clone(), why };
    match lookups.dns.query(&name, Kind::A).result {
        Err(Missing::NxDomain) => Ok(false),
        Err(Missing::Temporary(why)) => Err(unknown(Some(why))),
        Err(Missing::Pending) => {
            lookups.pending = true;
            Err(unknown(None))
        }
        _ => Ok(true),
    }
}

/// What the domain asks for after `t` (RFC 9989 4.7) or `pct` (RFC 7489 6.6.4).
fn request(evaluation: &mut Evaluation, policy: Policy, config: &Config<'_>) {
    let record = evaluation.record.as_deref();
    let (lowered, kind, why) = match config.mode {
        Mode::TreeWalk => (record.is_some_and(Record::is_testing), OverrideKind::PolicyTestMode, "t=y"),
        Mode::PublicSuffix { sample, .. } => {
            let pct = record.map_or(100, Record::pct);
            (sample >= pct, OverrideKind::SampledOut, "not selected by pct")
        }
    };
    evaluation.requested = if lowered { policy.lowered() } else { policy };
    if evaluation.requested != policy {
        let comment = format!("{why}: {policy} lowered to {}", evaluation.requested);
        evaluation.reasons.push(Override::new(kind, comment));
    }
}

/// A valid chain of a sealer that the caller trusts is a reason not to apply the policy; it never makes a pass of a fail.
fn overrides(evaluation: &mut Evaluation, found: &Identifiers, config: &Config<'_>) {
    let Some(arc) = found.arc.as_ref().filter(|arc| arc.result == AuthResult::Pass) else { return };
    if config.trusted_sealers.contains(&arc.sealer) {
        // RFC 9990 3.1.6 has no kind of its own for it.
        let comment = format!("arc=pass, sealed by {}", arc.sealer);
        evaluation.override_with(Override::new(OverrideKind::LocalPolicy, comment));
    }
}

#[cfg(test)]
mod tests;
