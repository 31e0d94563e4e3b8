//! Revocation by OCSP responses (RFC 6960), those that the caller has.

use super::refusal::{Rule, Unknown};
use super::revocation::Finding;
use super::search::{Search, Signer};
use crate::algorithm::Digest;
use crate::backend::digest;
use crate::oid::oids;
use crate::x509::extension::OCSP_NO_CHECK;
use crate::x509::ocsp::{Answer, AnswerStatus, Responder};
use crate::x509::{Certificate, OcspResponse, Time};

oids! {
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
}

/// Seconds for which an answer without `nextUpdate` counts: newer ones are to be had all the time (RFC 6960 4.2.2.1), so an
/// old one says little. A week is what responders commonly state.
pub const MAX_RESPONSE_AGE: i64 = 7 * 86_400;

impl<'a> Search<'_, 'a> {
    /// What the responses at hand say on a certificate whose issuer's key is `signer`'s.
    pub(super) fn by_responses(&mut self, index: usize, signer: Signer<'a>) -> Result<Finding, Rule> {
        let mut finding = Finding::Unknown(Unknown::NothingAtHand);
        let (Some(certificate), Some(issuer)) = (self.certificate(index), self.certificate(signer.index))
        else {
            return Ok(finding);
        };
        for response in &self.validator.responses {
            let Some(answer) = response.answers().iter().find(|answer| is_about(answer, certificate, issuer))
            else {
                continue;
            };
            let found = match self.is_good_response(response, answer, issuer, signer)? {
                Err(why) => Finding::Unknown(why),
                Ok(()) => match answer.status {
                    AnswerStatus::Good => Finding::Good,
                    AnswerStatus::Revoked { since, reason } => return Ok(Finding::Revoked { since, reason }),
                    AnswerStatus::Unknown => Finding::Unknown(Unknown::NothingAtHand),
                },
            };
            if finding != Finding::Good {
                finding = found;
            }
        }
        Ok(finding)
    }

    /// RFC 6960 3.2: what makes an answer good.
    fn is_good_response(
        &mut self,
        response: &OcspResponse<'a>,
        answer: &Answer<'a>,
        issuer: &Certificate<'a>,
        signer: Signer<'a>,
    ) -> Result<Result<(), Unknown>, Rule> {
        let lists = [response.extension_list(), &answer.extensions];
        if lists.iter().any(|list| list.has_duplicate() || list.unknown_critical(&[]).is_some()) {
            return Ok(Err(Unknown::NotUnderstood));
        }
        let limit = answer.this_update.unix().saturating_add(MAX_RESPONSE_AGE);
        let next = answer.next_update.unwrap_or_else(|| Time::from_unix(limit));
        if !self.is_current(answer.this_update, Some(next)) {
            return Ok(Err(Unknown::NotInTime));
        }
        // RFC 6960 4.2.2.2: by the CA itself, or by one whom it certified for this.
        if is_responder(response, issuer) {
            match self.check_signature(response.signed(), issuer, signer.inherited) {
                Ok(()) => return Ok(Ok(())),
                Err(limit @ Rule::Limit(_)) => return Err(limit),
                Err(_) => {}
            }
        }
        for delegate in response.certificates().iter().filter(|delegate| is_responder(response, delegate)) {
            if self.is_delegate(delegate, issuer, signer)?
                && self.check_signature(response.signed(), delegate, signer.inherited).is_ok()
            {
                return Ok(Ok(()));
            }
        }
        Ok(Err(Unknown::NotSigned))
    }

    /// RFC 6960 4.2.2.2: issued by the CA itself, for signing responses. Its own revocation is not looked at: a CA that cares
    /// sets `id-pkix-ocsp-nocheck` and a short validity (4.2.2.2.1), and a list that is at hand counts for the certificate too.
    fn is_delegate(
        &mut self,
        delegate: &Certificate<'a>,
        issuer: &Certificate<'a>,
        signer: Signer<'a>,
    ) -> Result<bool, Rule> {
        let named = delegate.extended_key_usage().ok().flatten().is_some_and(|usage| usage.has(OCSP_SIGNING));
        let known = delegate
            .issued()
            .extensions
            .unknown_critical(&[super::steps::KNOWN, &[OCSP_NO_CHECK]].concat())
            .is_none();
        let in_time = self
            .validator
            .time
            .is_none_or(|time| (delegate.not_before()..=delegate.not_after()).contains(&time));
        if !named || !known || !in_time || !delegate.issuer().matches(&issuer.subject()) {
            return Ok(false);
        }
        match self.check_signature(&delegate.issued().signed, issuer, signer.inherited) {
            Ok(()) => Ok(true),
            Err(limit @ Rule::Limit(_)) => Err(limit),
            Err(_) => Ok(false),
        }
    }
}

/// Whether the responder is the subject of this certificate.
fn is_responder(response: &OcspResponse<'_>, certificate: &Certificate<'_>) -> bool {
    match response.responder() {
        Responder::Name(name) => name.matches(&certificate.subject()),
        Responder::Key(hash) => digest(Digest::Sha1, certificate.public_key().octets()) == hash,
    }
}

/// RFC 6960 4.1.1: whether the identifier names the certificate.
fn is_about(answer: &Answer<'_>, certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let Ok(hash) = Digest::from_identifier(&answer.hash) else { return false };
    answer.serial == certificate.serial()
        && answer.name_hash == digest(hash, certificate.issuer().as_der())
        && answer.key_hash == digest(hash, issuer.public_key().octets())
}
