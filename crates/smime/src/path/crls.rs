//! Revocation by lists (RFC 5280 6.3.3): complete, delta and indirect ones.

use super::limits::MAX_NESTED_PATHS;
use super::refusal::{Rule, Unknown};
use super::revocation::Finding;
use super::search::{Goal, Object, Search, Signer};
use crate::oid::{Oid, oids};
use crate::x509::extension::*;
use crate::x509::name::NameKey;
use crate::x509::{Certificate, Crl, GeneralName, GeneralNames};

oids! {
    HOLD_INSTRUCTION = "2.5.29.23";
}

/// The critical extensions of a list that are processed here.
const KNOWN: &[Oid<'static>] = &[
    AUTHORITY_KEY_ID,
    ISSUER_ALT_NAME,
    CRL_NUMBER,
    DELTA_CRL_INDICATOR,
    ISSUING_DISTRIBUTION_POINT,
    FRESHEST_CRL,
];

/// The critical extensions of an entry that are processed here.
const KNOWN_IN_ENTRY: &[Oid<'static>] = &[REASON_CODE, CERTIFICATE_ISSUER, INVALIDITY_DATE, HOLD_INSTRUCTION];

/// removeFromCRL (RFC 5280 5.3.1).
const REMOVED: u8 = 8;

/// A place of lists, as the certificate names it or as it is assumed.
struct Point<'a> {
    /// `None` where the certificate names none: the implied point is named as the issuer is.
    given: Option<DistributionPoint<'a>>,
}

impl<'a> Search<'_, 'a> {
    pub(super) fn by_lists(
        &mut self,
        index: usize,
        signer: Signer<'a>,
        anchor: usize,
        nested: u8,
    ) -> Result<Finding, Rule> {
        let Some(certificate) = self.certificate(index) else {
            return Ok(Finding::Unknown(Unknown::NothingAtHand));
        };
        let list = &certificate.issued().extensions;
        let points = list.typed(CRL_DISTRIBUTION_POINTS, "distribution points", distribution_points);
        let points =
            points.ok().flatten().unwrap_or_default().into_iter().map(|point| Point { given: Some(point) });
        // RFC 5280 6.3.3, last paragraph: at last, lists of the issuer that no point names.
        let points: Vec<_> = points.chain([Point { given: None }]).collect();
        let mut newest: Vec<usize> = (0..self.crls.len()).collect();
        newest.sort_by_key(|at| std::cmp::Reverse(self.crls.get(*at).map(|known| known.crl.this_update())));
        let mut covered = Reasons::NONE;
        let mut why = Unknown::NothingAtHand;
        for point in &points {
            for &at in &newest {
                let Some(interim) = self.covers(at, certificate, index, point) else { continue };
                // (e)
                if !interim.adds_to(covered) {
                    continue;
                }
                match self.consult(at, certificate, index, signer, anchor, nested)? {
                    Finding::Good => covered = covered.or(interim),
                    revoked @ Finding::Revoked { .. } => return Ok(revoked),
                    Finding::Unknown(because) => why = because,
                }
                if covered.is_all() {
                    return Ok(Finding::Good);
                }
            }
        }
        Ok(Finding::Unknown(if covered == Reasons::NONE { why } else { Unknown::SomeReasons }))
    }

    /// Whether a complete list is about the certificate, by this point, and for which reasons: RFC 5280 6.3.3 (b), (d).
    fn covers(
        &self,
        at: usize,
        certificate: &Certificate<'a>,
        index: usize,
        point: &Point<'a>,
    ) -> Option<Reasons> {
        let known = self.crls.get(at)?;
        if known.crl.base_number() != Ok(None) {
            return None;
        }
        let issuer = &self.known(index)?.issuer;
        let scope = known.crl.issuing_distribution_point().ok()?;
        // (b)(1)
        let may = match point.given.and_then(|point| point.crl_issuer) {
            None => known.issuer == *issuer,
            Some(names) => {
                scope.is_some_and(|scope| scope.indirect)
                    && directory_keys(names).any(|key| key == known.issuer)
            }
        };
        if !may {
            return None;
        }
        // (b)(2)
        let reasons = point.given.and_then(|point| point.reasons).unwrap_or(Reasons::ALL);
        let Some(scope) = scope else { return Some(reasons) };
        let ca = certificate.basic_constraints().ok().flatten().is_some_and(|basic| basic.ca);
        if (scope.only_user && ca) || (scope.only_ca && !ca) || scope.only_attribute {
            return None;
        }
        let named = scope.name.is_none_or(|name| same_point(&name, point, certificate, known.crl));
        // (d)
        named.then(|| reasons.and(scope.reasons.unwrap_or(Reasons::ALL)))
    }

    /// What one list says, with the newest delta that adds to it.
    fn consult(
        &mut self,
        at: usize,
        certificate: &Certificate<'a>,
        index: usize,
        signer: Signer<'a>,
        anchor: usize,
        nested: u8,
    ) -> Result<Finding, Rule> {
        let Some(crl) = self.crls.get(at).map(|known| known.crl) else {
            return Ok(Finding::Unknown(Unknown::NothingAtHand));
        };
        if !is_understood(crl) {
            return Ok(Finding::Unknown(Unknown::NotUnderstood));
        }
        if !self.is_current(crl.this_update(), crl.next_update()) {
            return Ok(Finding::Unknown(Unknown::NotInTime));
        }
        let by = match self.crl_signer(at, signer, anchor, nested)? {
            Ok(by) => by,
            Err(why) => return Ok(Finding::Unknown(why)),
        };
        let Some(issuer) = self.known(index).map(|known| known.issuer.clone()) else {
            return Ok(Finding::Unknown(Unknown::NothingAtHand));
        };
        // (i)
        if let Some(delta) = self.delta_of(at, by)? {
            match look_up(delta, certificate, &issuer) {
                Ok(Some(entry)) if entry.reason() == REMOVED => return Ok(Finding::Good),
                Ok(Some(entry)) => {
                    return Ok(Finding::Revoked { since: entry.date(), reason: entry.reason() });
                }
                Ok(None) => {}
                Err(why) => return Ok(Finding::Unknown(why)),
            }
        }
        // (j), (k)
        Ok(match look_up(crl, certificate, &issuer) {
            Ok(Some(entry)) if entry.reason() == REMOVED => Finding::Good,
            Ok(Some(entry)) => Finding::Revoked { since: entry.date(), reason: entry.reason() },
            Ok(None) => Finding::Good,
            Err(why) => Finding::Unknown(why),
        })
    }

    /// The newest delta that adds to this complete list: RFC 5280 6.3.3 (c), (h), 5.2.4.
    fn delta_of(&mut self, base: usize, by: Signer<'a>) -> Result<Option<&Crl<'a>>, Rule> {
        let Some(known) = self.crls.get(base) else { return Ok(None) };
        let complete = known.crl;
        let Ok(Some(number)) = complete.number() else { return Ok(None) };
        let scope = |crl: &Crl<'a>| {
            crl.issued().extensions.find(ISSUING_DISTRIBUTION_POINT).map(|found| found.value())
        };
        let key = |crl: &Crl<'a>| crl.authority_key_id().and_then(|id| id.key_id);
        let deltas = self.crls.iter().enumerate().filter(|(_, delta)| {
            let crl = delta.crl;
            let (Ok(Some(from)), Ok(Some(to))) = (crl.base_number(), crl.number()) else { return false };
            delta.issuer == known.issuer
                && scope(crl) == scope(complete)
                && key(crl) == key(complete)
                && !is_less(number, from)
                && is_less(number, to)
                && is_understood(crl)
                && self.is_current(crl.this_update(), crl.next_update())
        });
        let mut deltas: Vec<usize> = deltas.map(|(at, _)| at).collect();
        deltas.sort_by_key(|at| std::cmp::Reverse(self.crls.get(*at).map(|known| known.crl.this_update())));
        for at in deltas {
            match self.verify(Object::Crl(at), by) {
                Ok(()) => return Ok(self.crls.get(at).map(|known| known.crl)),
                Err(limit @ Rule::Limit(_)) => return Err(limit),
                Err(_) => {}
            }
        }
        Ok(None)
    }

    /// Whose key signed the list, of those who may: RFC 5280 6.3.3 (f), (g). The certificate's issuer comes first; any other
    /// needs a valid path of its own to the same anchor. Paths nest [`MAX_NESTED_PATHS`] deep at most.
    fn crl_signer(
        &mut self,
        at: usize,
        signer: Signer<'a>,
        anchor: usize,
        nested: u8,
    ) -> Result<Result<Signer<'a>, Unknown>, Rule> {
        let Some(name) = self.crls.get(at).map(|known| known.issuer.clone()) else {
            return Ok(Err(Unknown::NothingAtHand));
        };
        let mut why = Unknown::NotSigned;
        let others = self.with_subject(&name).iter().filter(|index| **index != signer.index);
        let others: Vec<_> = others.map(|index| Signer { index: *index, inherited: None }).collect();
        let first = self.known(signer.index).filter(|known| known.subject == name).map(|_| signer);
        for by in first.into_iter().chain(others) {
            let Some(certificate) = self.certificate(by.index) else { continue };
            if check_usage(certificate).is_err() {
                continue;
            }
            match self.verify(Object::Crl(at), by) {
                Ok(()) => {}
                Err(limit @ Rule::Limit(_)) => return Err(limit),
                Err(_) => continue,
            }
            let trusted = by.index == signer.index
                || by.index == anchor
                || self.trusted_signers.contains(&(by.index, anchor));
            if trusted {
                return Ok(Ok(by));
            }
            if nested >= MAX_NESTED_PATHS || self.pending.contains(&by.index) {
                why = Unknown::Circular;
                continue;
            }
            self.pending.push(by.index);
            let found = self.find(by.index, Some(anchor), Goal::CrlSigner, nested.saturating_add(1));
            self.pending.pop();
            match found {
                Ok(_) => {
                    self.trusted_signers.push((by.index, anchor));
                    return Ok(Ok(by));
                }
                Err(error) => {
                    if let Rule::Limit(which @ ("signature_checks" | "steps")) = error.rule() {
                        return Err(Rule::Limit(which));
                    }
                }
            }
        }
        Ok(Err(why))
    }
}

/// RFC 5280 6.3.3 (f): a key usage must allow to sign lists.
pub(super) fn check_usage(certificate: &Certificate<'_>) -> Result<(), Rule> {
    match certificate.key_usage()? {
        Some(usage) if !usage.any_of(KeyUsage::CRL_SIGN) => Err(Rule::KeyUsage),
        _ => Ok(()),
    }
}

/// RFC 5280 5.2: no critical extension that is not known, and none twice.
fn is_understood(crl: &Crl<'_>) -> bool {
    let list = &crl.issued().extensions;
    !list.has_duplicate() && list.unknown_critical(KNOWN).is_none() && crl.issued().has_one_algorithm()
}

/// The entry of a certificate. The issuer of entries in an indirect list is that of the entry before (RFC 5280 5.3.3).
fn look_up<'a>(
    crl: &Crl<'a>,
    certificate: &Certificate<'_>,
    issuer: &NameKey,
) -> Result<Option<crate::x509::CrlEntry<'a>>, Unknown> {
    let mut ours = crl.issuer().key() == *issuer;
    let mut understood = true;
    for entry in crl.entries() {
        let entry = entry.map_err(|_| Unknown::NotUnderstood)?;
        if let Some(names) = entry.certificate_issuer().map_err(|_| Unknown::NotUnderstood)? {
            ours = directory_keys(names).any(|key| key == *issuer);
        }
        if ours && entry.serial() == certificate.serial() {
            return Ok(Some(entry));
        }
        // RFC 5280 5.3: a list with an entry that is not understood says nothing good.
        understood &= entry.extension_list().unknown_critical(KNOWN_IN_ENTRY).is_none();
    }
    if understood { Ok(None) } else { Err(Unknown::NotUnderstood) }
}

/// RFC 5280 6.3.3 (b)(2)(i): whether a name of the list's point is one of the certificate's.
fn same_point(name: &PointName<'_>, point: &Point<'_>, certificate: &Certificate<'_>, crl: &Crl<'_>) -> bool {
    let ours = point_names(name, crl.issuer());
    let theirs = match point.given {
        None => vec![PlaceName::Directory(certificate.issuer().key())],
        Some(DistributionPoint { name: Some(theirs), crl_issuer, .. }) => {
            // RFC 5280 4.2.1.13: relative to the CRL's issuer, if one is named.
            let base = crl_issuer.and_then(|mut names| {
                names.find_map(|name| match name {
                    Ok(GeneralName::Directory(name)) => Some(name),
                    _ => None,
                })
            });
            point_names(&theirs, base.unwrap_or_else(|| certificate.issuer()))
        }
        Some(DistributionPoint { crl_issuer: Some(names), .. }) => {
            directory_keys(names).map(PlaceName::Directory).collect()
        }
        Some(_) => Vec::new(),
    };
    let theirs: std::collections::HashSet<_> = theirs.into_iter().collect();
    ours.iter().any(|name| theirs.contains(name))
}

/// A name of a distribution point, for comparison.
#[derive(Debug, PartialEq, Eq, Hash)]
enum PlaceName {
    Directory(NameKey),
    Other(u8, Vec<u8>),
}

fn point_names(name: &PointName<'_>, base: crate::x509::Name<'_>) -> Vec<PlaceName> {
    match name.0 {
        PointNameForm::Relative(rdn) => base.key_with(rdn).map(PlaceName::Directory).into_iter().collect(),
        PointNameForm::Full(names) => names
            .filter_map(|name| match name.ok()? {
                GeneralName::Directory(name) => Some(PlaceName::Directory(name.key())),
                GeneralName::Uri(uri) => Some(PlaceName::Other(6, uri.to_vec())),
                GeneralName::Dns(host) => Some(PlaceName::Other(2, host.to_ascii_lowercase())),
                GeneralName::Rfc822(address) => Some(PlaceName::Other(1, address.to_vec())),
                GeneralName::Ip(address) => Some(PlaceName::Other(7, address.to_vec())),
                _ => None,
            })
            .collect(),
    }
}

fn directory_keys<'a>(names: GeneralNames<'a>) -> impl Iterator<Item = NameKey> + use<'a> {
    names.filter_map(|name| match name {
        Ok(GeneralName::Directory(name)) => Some(name.key()),
        _ => None,
    })
}

/// Whether a number is less than another, both without leading zeros.
fn is_less(number: &[u8], other: &[u8]) -> bool {
    (number.len(), number) < (other.len(), other)
}
