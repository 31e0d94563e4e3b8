//! Section `signatures`: DKIM and ARC, verified. Only where the caller says where the keys come from.

use mailwright_dkim::arc::{Chain, Set, Status};
use mailwright_dkim::diagnose::{self, Diagnosis};
use mailwright_dkim::{Outcome, Policy, SignatureResult, Verification};

use super::{Alert, Block, Case, Fact, Section, Tone, View, json, more};
use crate::authenticate::Found;
use crate::line_ends::as_sent;
use crate::shown::Shown;

pub(crate) const SECTION: Section =
    Section { key: "signatures", title: "Signatures, verified", view, alert: Some(alert) };

fn view(case: &Case<'_, '_>) -> Option<View> {
    let Found { dkim: found, chain, session, .. } = case.found()?;
    let sent = as_sent(case.message.root().raw());
    let policy = Policy::default();
    let why: Vec<Diagnosis> = found
        .signatures
        .iter()
        .map(|result| diagnose::explain(&sent, result, session.answers(), &policy))
        .collect();

    let mut rows: Vec<Fact> =
        found.signatures.iter().zip(&why).map(|(result, why)| signature(result, why)).collect();
    if chain.status != Status::None {
        rows.push(of_chain(chain));
    }
    let (note, tone) = verdict(found, chain);
    let total = rows.len();
    rows.truncate(case.settings.shown());
    let left = total - rows.len();
    let facts = (!rows.is_empty()).then_some(Block::Facts { rows });
    Some(View {
        note,
        tone,
        blocks: facts.into_iter().chain(more(left)).collect(),
        json: json(&serde_json::json!({
            "dkim": found.signatures.iter().take(case.settings.written()).collect::<Vec<_>>(),
            "diagnoses": why.iter().take(case.settings.written()).collect::<Vec<_>>(),
            "arc": chain,
        })),
    })
}

fn alert(case: &Case<'_, '_>) -> Option<Alert> {
    let fails = case.found()?.dkim.overall() == Some(Outcome::Fail);
    fails.then(|| Alert { tone: Tone::Warning, text: "the message is not what was signed".into() })
}

/// The word beside the title, and its tone.
fn verdict(found: &Verification, chain: &Chain) -> (Shown, Tone) {
    let (passing, all) = (found.passing().count(), found.signatures.len());
    if all == 0 && chain.status == Status::None {
        return ("none".into(), Tone::Quiet);
    }
    let mut note = match (all, passing) {
        (0, _) => "no DKIM signature".to_owned(),
        (1, 1) => "the DKIM signature holds".to_owned(),
        (1, _) => "the DKIM signature does not hold".to_owned(),
        (_, 1) => format!("1 of {all} DKIM signatures holds"),
        _ => format!("{passing} of {all} DKIM signatures hold"),
    };
    if chain.status != Status::None {
        note.push_str(&format!(", ARC {}", chain.status));
    }
    let fails = found.overall() == Some(Outcome::Fail);
    let tone = match passing {
        0 if fails => Tone::Bad,
        0 => Tone::Warning,
        _ => Tone::Good,
    };
    (format_args!("{note}").into(), tone)
}

fn signature(result: &SignatureResult, why: &Diagnosis) -> Fact {
    let name = result.domain().map_or("DKIM".into(), Shown::text);
    let mut words = vec![result.outcome.to_string()];
    words.extend(result.selector().map(|selector| format!("selector {selector}")));
    words.extend(result.key.map(|key| format!("{} key of {} bits", key.key_type, key.bits)));
    words.extend(result.is_testing().then(|| "test mode".to_owned()));
    let mut fact = Fact::new(name, whole(&words.join(", "))).toned(outcome_tone(result.outcome));
    if let Some(reason) = &result.reason {
        fact = fact.remark(Tone::Warning, whole(&reason.to_string()));
    }
    for hint in &why.hints {
        fact = fact.remark(Tone::Plain, whole(&hint.to_string()));
    }
    for warning in &result.warnings {
        fact = fact.remark(Tone::Quiet, whole(&warning.to_string()));
    }
    fact
}

fn of_chain(chain: &Chain) -> Fact {
    let fact = Fact::new("ARC", whole(&chain.to_string())).toned(chain_tone(chain.status));
    chain.sets.iter().flat_map(set_lines).fold(fact, |fact, line| fact.remark(Tone::Quiet, line))
}

/// What is told of an ARC Set.
pub(crate) fn set_lines(set: &Set) -> Vec<Shown> {
    let told = |name: &str, result: &Option<SignatureResult>| {
        let what = result.as_ref().map_or("missing".to_owned(), ToString::to_string);
        whole(&format!("set {}: {name} {what}", set.instance))
    };
    let mut lines = vec![told("seal", &set.seal), told("message signature", &set.message)];
    if let Some(claims) = set.results.as_ref().and_then(|results| results.claims.as_ref()) {
        lines.push(whole(&format!("set {}: found {claims}", set.instance)));
    }
    lines
}

/// How an outcome is meant.
pub(crate) const fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Pass => Tone::Good,
        Outcome::Fail => Tone::Bad,
        _ => Tone::Warning,
    }
}

/// A chain that holds is no good news as long as nobody says whom he trusts.
pub(crate) const fn chain_tone(status: Status) -> Tone {
    match status {
        Status::None => Tone::Quiet,
        Status::Pass => Tone::Plain,
        Status::Fail => Tone::Bad,
        Status::Temporary => Tone::Warning,
    }
}

/// A sentence with text of the message in it.
fn whole(text: &str) -> Shown {
    Shown::clipped(text, usize::MAX)
}
