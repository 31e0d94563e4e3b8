//! The decision.

use mailwright_message_model::Message;
use mailwright_message_model::authres::MethodResult;
use mailwright_message_model::domain::Domain;
use mailwright_message_model::mailbox::Mailbox;

use super::auth::{SenderAuth, all_pass, policy};
use super::decision::{Check, Decision, FallbackReason as Reason, Outcome, Verdict};
use super::profile::{ClientProfile, DkimMatch, DmarcRule, Registration, Support};
use super::registry::SenderRegistry;
use crate::locate::{AmpParts, Structure, locate};

const DAY: i64 = 86_400;

/// Decides whether the client of `profile` shows the AMP part of `message`. `now` is in seconds since 1970.
///
/// The verdict is the first reason to fall back; [`Decision::checks`] has every requirement. What is not known fails nothing,
/// except that without authentication results no client renders; one that asks its user stays `Manual` then too.
#[must_use]
pub fn decide(
    message: &Message<'_>,
    auth: &SenderAuth<'_>,
    profile: &ClientProfile,
    registry: &dyn SenderRegistry,
    now: u64,
) -> Decision {
    let parts = locate(message, Some(now));
    let sender = Sender::of(message, auth);
    let mut checks = Checks(Vec::new());
    if profile.support == Support::Ended {
        checks.add(Reason::UnsupportedClient, false, format!("{} no longer shows AMP", profile.name));
    }
    structure(&mut checks, profile, &parts);
    // RFC 7489 6.6.1: of several authors none can be authenticated.
    if profile.support != Support::Manual {
        let detail = match (auth.is_known(), sender.mailboxes) {
            (false, _) => "there are no authentication results of a trusted server".to_owned(),
            (true, 1) => "there are authentication results, and From names one mailbox".to_owned(),
            (true, count) => format!("From names {count} mailboxes"),
        };
        checks.add(Reason::AuthFailed, auth.is_known() && sender.mailboxes == 1, detail);
    }
    authentication(&mut checks, profile, auth, &sender);
    if profile.tls {
        let outcome = auth.tls().map_or(Outcome::Unknown, Outcome::of);
        let said = match auth.tls() {
            Some(true) => "the message came over TLS",
            Some(false) => "the message did not come over TLS",
            None => "whether the message came over TLS is not known",
        };
        checks.push(Reason::NoTls, outcome, said.to_owned());
    }
    registration(&mut checks, profile, registry, &sender, auth.is_known());
    age(&mut checks, profile, message, now);
    validity(&mut checks, profile, &parts);
    let failed = checks.0.iter().find(|check| check.outcome == Outcome::Failed).map(|check| check.reason);
    let verdict = match (failed, profile.support) {
        (Some(reason), _) => Verdict::Fallback(reason),
        (None, Support::Manual) => Verdict::Manual,
        (None, _) => Verdict::Render,
    };
    Decision { client: profile.id.clone(), name: profile.name.clone(), verdict, checks: checks.0 }
}

struct Checks(Vec<Check>);

impl Checks {
    fn add(&mut self, reason: Reason, is_met: bool, detail: String) {
        self.push(reason, Outcome::of(is_met), detail);
    }

    fn push(&mut self, reason: Reason, outcome: Outcome, detail: String) {
        self.0.push(Check { reason, outcome, detail });
    }
}

impl Outcome {
    pub(super) const fn of(is_met: bool) -> Self {
        if is_met { Self::Met } else { Self::Failed }
    }
}

/// Who the message is from, and who signed it.
struct Sender {
    /// How many mailboxes the From fields name.
    mailboxes: usize,
    /// The one mailbox, if it is one.
    from: Option<Mailbox>,
    /// The domains of the passing signatures.
    signers: Vec<Domain>,
}

impl Sender {
    fn of(message: &Message<'_>, auth: &SenderAuth<'_>) -> Self {
        let root = message.root();
        let lists = root.fields_named("From").map(|field| field.addresses());
        // An entry without an address is one more author.
        let mailboxes = lists.map(|list| list.addresses().len()).fold(0_usize, usize::saturating_add);
        let from =
            message.from().addresses().first().and_then(|from| Mailbox::parse(from.addr().as_bytes()).ok());
        Self { mailboxes, from: from.filter(|_| mailboxes == 1), signers: auth.signers() }
    }

    fn domain(&self) -> Option<&Domain> {
        self.from.as_ref().and_then(Mailbox::domain)
    }

    fn is_signed_strictly(&self) -> bool {
        self.domain().is_some_and(|from| self.signers.contains(from))
    }

    fn signed_by(&self) -> String {
        let names: Vec<&str> = self.signers.iter().take(10).map(Domain::as_str).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    }

    fn named(&self) -> String {
        self.from.as_ref().map_or_else(|| "the sender".to_owned(), Mailbox::to_string)
    }
}

fn structure(checks: &mut Checks, profile: &ClientProfile, parts: &AmpParts<'_, '_>) {
    if parts.structure == Structure::None {
        return checks.add(Reason::NoAmp, false, parts.structure.to_string());
    }
    checks.add(Reason::NoAmp, true, "there is an AMP part".to_owned());
    if profile.structure {
        checks.add(Reason::Malformed, parts.structure == Structure::Ok, parts.structure.to_string());
    }
}

fn authentication(checks: &mut Checks, profile: &ClientProfile, auth: &SenderAuth<'_>, sender: &Sender) {
    let mut add = |reason, is_met, detail: String| {
        // Without results nothing is known of any of them; AUTH_FAILED says so.
        let outcome = if auth.is_known() { Outcome::of(is_met) } else { Outcome::Unknown };
        let detail = if auth.is_known() { detail } else { "there are no results".to_owned() };
        checks.push(reason, outcome, detail);
    };
    if profile.dkim {
        let detail = match (auth.dkim_passes(), auth.dkim().next()) {
            (true, _) => format!("DKIM passes, signed by {}", sender.signed_by()),
            (false, None) => "there is no DKIM result".to_owned(),
            (false, Some((result, _))) => format!("no DKIM signature passes: {result}"),
        };
        add(Reason::DkimFailed, auth.dkim_passes(), detail);
    }
    let is_match = match profile.dkim_matches_from {
        DkimMatch::No => None,
        DkimMatch::Strict => Some(sender.is_signed_strictly()),
        DkimMatch::Relaxed => Some(sender.domain().is_some_and(|from| {
            let org = auth.org(from);
            sender.signers.iter().any(|signer| signer == from || auth.org(signer) == org)
        })),
    };
    if let Some(is_match) = is_match {
        let way = profile.dkim_matches_from.word();
        let is = if is_match { "matches" } else { "does not match" };
        let detail =
            format!("the signature of {} {is} that of {} ({way})", sender.signed_by(), sender.named());
        add(Reason::DkimNotMatchingFrom, is_match, detail);
    }
    if profile.spf {
        let spf = auth.spf();
        add(Reason::SpfFailed, all_pass(&spf), found("SPF", &spf));
    }
    let results = auth.dmarc();
    let passes = all_pass(&results);
    let detail = found("DMARC", &results);
    match profile.dmarc {
        DmarcRule::No => {}
        DmarcRule::Pass => add(Reason::DmarcFailed, passes, detail),
        DmarcRule::PassOrStrictDkim => {
            let is_strict = sender.is_signed_strictly();
            let is = if is_strict { "signed" } else { "not signed" };
            add(
                Reason::DmarcFailed,
                passes || is_strict,
                format!("{detail}, and {is} by the domain of From itself"),
            );
        }
        DmarcRule::Enforced => {
            let policy = results.iter().find_map(|result| policy(result));
            let is_enforced = matches!(policy.as_deref(), Some("quarantine" | "reject"));
            let policy = policy.unwrap_or_else(|| "none that is known".to_owned());
            add(Reason::DmarcFailed, passes && is_enforced, format!("{detail}, policy {policy}"));
        }
    }
}

fn found(method: &str, results: &[&MethodResult]) -> String {
    match results.iter().find(|result| !result.is_pass()).or(results.first()) {
        Some(result) => format!("{method} gives {}", result.result()),
        None => format!("there is no result of {method}"),
    }
}

fn registration(
    checks: &mut Checks,
    profile: &ClientProfile,
    registry: &dyn SenderRegistry,
    sender: &Sender,
    is_known: bool,
) {
    let (what, known) = match profile.registration {
        Registration::No => return,
        Registration::From => {
            let from = sender.from.as_ref();
            (sender.named(), from.map_or(Some(false), |from| registry.address(&profile.id, from)))
        }
        Registration::DkimDomain => {
            let known: Vec<Option<bool>> =
                sender.signers.iter().map(|domain| registry.dkim_domain(&profile.id, domain)).collect();
            let is_unknown = !is_known || known.contains(&None) && !known.contains(&Some(true));
            let found = if is_unknown { None } else { Some(known.contains(&Some(true))) };
            (format!("the signer ({})", sender.signed_by()), found)
        }
    };
    let name = &profile.name;
    let detail = match known {
        Some(true) => format!("{what} is registered with {name}"),
        Some(false) => format!("{what} is not registered with {name}"),
        None => format!("whether {what} is registered with {name} is not known"),
    };
    checks.push(Reason::SenderNotRegistered, known.map_or(Outcome::Unknown, Outcome::of), detail);
}

fn age(checks: &mut Checks, profile: &ClientProfile, message: &Message<'_>, now: u64) {
    if profile.max_age_days == 0 {
        return;
    }
    let most = i64::from(profile.max_age_days).saturating_mul(DAY);
    let age =
        message.date().map(|date| i64::try_from(now).unwrap_or(i64::MAX).saturating_sub(date.to_unix()));
    let detail = match age {
        None => "there is no Date to tell the age by".to_owned(),
        Some(age) if age < 0 => "the Date lies ahead".to_owned(),
        Some(age) => format!("the message is {} days old, of {} at most", age / DAY, profile.max_age_days),
    };
    checks.push(Reason::TooOld, age.map_or(Outcome::Unknown, |age| Outcome::of(age <= most)), detail);
}

fn validity(checks: &mut Checks, profile: &ClientProfile, parts: &AmpParts<'_, '_>) {
    if !profile.valid {
        return;
    }
    let Some(amp) = parts.amp else { return };
    let report = crate::validate(&amp.text());
    let first = report.errors().next();
    let detail = match first {
        None => "the AMP document is valid".to_owned(),
        Some(finding) => format!("the AMP document is not valid: {finding}"),
    };
    checks.add(Reason::InvalidAmp, first.is_none(), detail);
}
