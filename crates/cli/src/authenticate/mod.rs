//! SPF, DKIM, ARC and DMARC of one message, asked for together.

mod arguments;
mod delivery;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod loopback;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests;

pub(crate) use arguments::Delivered;
pub(crate) use delivery::{Delivery, unbracketed};

// The book shows what stands between the anchors (docs/src/authenticate.md).
// ANCHOR: names
use mailwright_dkim::arc::{self, PreparedBoth};
use mailwright_dkim::{Policy, Verification};
use mailwright_dmarc::{ArcChain, Author, Config, Evaluation, Identifiers};
use mailwright_dns::{Limits, Resolver, Session};
use mailwright_message_model::authres::{AuthResult, AuthenticationResults, Method, MethodResult};
use mailwright_message_model::domain::Domain;
use mailwright_spf::{Outcome, check_host};
// ANCHOR_END: names

// ANCHOR: receiver
/// Who judges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receiver {
    /// The authserv-id (RFC 8601 2.5), also for the macro `r` of SPF.
    pub(crate) name: String,
    /// Seconds since 1970.
    pub(crate) now: u64,
    /// Whose ARC chains are trusted.
    pub(crate) sealers: Vec<Domain>,
}

/// What was found.
pub(crate) struct Found {
    /// SPF of the reverse-path, and of the HELO name (RFC 7208 2.3, 2.4).
    pub(crate) spf: Option<Outcome<'static>>,
    pub(crate) helo: Option<Outcome<'static>>,
    pub(crate) dkim: Verification,
    pub(crate) chain: arc::Chain,
    pub(crate) dmarc: Evaluation,
    /// The entries for Authentication-Results.
    pub(crate) results: AuthenticationResults,
    /// What was asked.
    pub(crate) session: Session,
}
// ANCHOR_END: receiver

// ANCHOR: authenticate
/// Authenticates a message as it travelled, with CRLF; without `delivery` there is no SPF.
pub(crate) fn authenticate<R: Resolver + ?Sized>(
    sent: &[u8],
    author: &Author,
    delivery: Option<&Delivery>,
    receiver: &Receiver,
    resolver: &R,
) -> Found {
    // What needs no DNS is done once: the body is hashed, and the signatures are read.
    let policy = Policy::default();
    let prepared = PreparedBoth::new(sent, &policy, receiver.now);
    let mail_from = delivery.and_then(|delivery| delivery.mail_from(receiver));
    let helo = delivery.and_then(|delivery| delivery.helo(receiver));
    let spf_config = mailwright_spf::Config::default();
    let dmarc_config = receiver.sealers.iter().cloned().fold(Config::default(), Config::trust_sealer);

    // All is evaluated, what is pending is asked for together, and all is evaluated again.
    let mut limits = Limits::default();
    // SPF is evaluated twice, and what a stranger's HELO name asks must not leave the other one without answers.
    limits.questions = limits.questions.saturating_mul(2);
    let mut session = Session::new(limits);
    let mut signatures = None::<(Verification, arc::Chain)>;
    let (spf, helo, dmarc, results) = session.blocking(resolver, |dns| {
        let spf = mail_from.as_ref().map(|request| (check_host(request, dns, &spf_config), request));
        let helo = helo.as_ref().map(|request| (check_host(request, dns, &spf_config), request));
        // Cryptography is left out of the repetition: it ran when the last key had come.
        signatures.take_if(|(found, chain)| found.is_pending() || chain.is_pending());
        let (found, chain) = signatures.get_or_insert_with(|| prepared.evaluate(dns));

        let mut results = AuthenticationResults::new(&receiver.name);
        results.extend([&spf, &helo].into_iter().flatten().map(|(spf, request)| spf.method_result(request)));
        results.extend(found.method_results());
        // DMARC gets what is known so far. While an answer is pending that is no result, but it names the domains that DMARC
        // may ask for, so that it asks for them in the first round.
        let mut identifiers = Identifiers::of(&results);
        identifiers.arc = vouching(chain, &receiver.sealers);
        let dmarc = mailwright_dmarc::evaluate(author, &identifiers, dns, &dmarc_config);
        results.extend(
            (chain.status != arc::Status::None).then(|| chain.method_result(delivery.map(|from| from.ip))),
        );
        results.extend([dmarc.auth_result()]);
        (spf.map(|(spf, _)| spf.into_owned()), helo.map(|(helo, _)| helo.into_owned()), dmarc, results)
    });
    let (dkim, chain) = signatures.unwrap_or_else(|| prepared.evaluate(session.answers()));
    Found { spf, helo, dkim, chain, dmarc, results, session }
}

/// The newest of the sealers that are trusted and vouch for the message, if it found that DMARC passed.
fn vouching(chain: &arc::Chain, sealers: &[Domain]) -> Option<ArcChain> {
    let passed = |results: AuthenticationResults| results.of(&Method::Dmarc).any(MethodResult::is_pass);
    let mut sets = chain.vouching(sealers).filter(|set| set.trusted_results().is_some_and(passed));
    let sealer = sets.find_map(|set| set.sealer().cloned())?;
    Some(ArcChain { sealer, result: AuthResult::Pass })
}
// ANCHOR_END: authenticate
