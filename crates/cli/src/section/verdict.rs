//! What SPF, DKIM, ARC and DMARC find: the part of the section `authentication` that is verified.

use mailwright_dkim::SignatureResult;
use mailwright_dkim::arc::Status;
use mailwright_dmarc::{Evaluation, Policy, Verdict};
use mailwright_spf::{Outcome as Spf, SpfResult};

use super::signatures::{chain_tone, outcome_tone};
use super::{Alert, Block, Case, Fact, Tone, View, json};
use crate::authenticate::{Delivery, Found};
use crate::shown::Shown;

/// The rows and the JSON; `None` where the caller did not ask.
pub(super) fn found(case: &Case<'_, '_>) -> Option<View> {
    let found = case.found()?;
    let client = case.settings.verifying.as_ref()?.client.of(case.message);
    let mut rows = spf_rows(found, &client);
    let signatures = &found.dkim.signatures;
    if signatures.is_empty() {
        rows.push(Fact::new("DKIM", "none").toned(Tone::Quiet));
    }
    rows.extend(signatures.iter().take(case.settings.shown()).map(signature));
    if found.chain.status != Status::None {
        rows.push(Fact::new("ARC", whole(&found.chain.to_string())).toned(chain_tone(found.chain.status)));
    }
    let is_whole = found.spf.is_some();
    rows.push(dmarc(&found.dmarc, is_whole));
    let (dmarc, advised) = (&found.dmarc, found.dmarc.advised());
    let note = match dmarc.verdict {
        Verdict::Fail if !is_whole => "DMARC fail, SPF not checked".to_owned(),
        Verdict::Fail => {
            format!("DMARC fail: {} is requested, {advised} advised", dmarc.requested)
        }
        _ => format!("DMARC {}", dmarc.verdict),
    };
    Some(View {
        note: whole(&note),
        tone: dmarc_tone(&dmarc.verdict, is_whole),
        blocks: vec![Block::Facts { rows }],
        json: json(&serde_json::json!({
            "ip": client.as_ref().ok().and_then(Option::as_ref).map(|client| client.ip),
            "client_error": client.as_ref().err(),
            "spf": found.spf,
            "helo": found.helo,
            "dmarc": dmarc,
            "advised": advised,
            "results": found.results.results().iter().map(ToString::to_string).collect::<Vec<_>>(),
            "rounds": found.session.rounds(),
        })),
    })
}

/// A message that fails, where all was checked that it could have passed by.
pub(super) fn alert(case: &Case<'_, '_>) -> Option<Alert> {
    let found = case.found()?;
    let author = found.dmarc.author.as_ref()?;
    let fails = found.dmarc.verdict == Verdict::Fail && found.spf.is_some();
    fails.then(|| {
        let asks = match found.dmarc.requested {
            Policy::None => "asks for nothing",
            Policy::Quarantine => "asks for quarantine",
            Policy::Reject => "asks to reject it",
        };
        let kept = if found.dmarc.overridden { "; a trusted sealer vouches for it" } else { "" };
        let text = whole(&format!("DMARC fails: {author} did not send this message, and {asks}{kept}"));
        Alert { tone: Tone::Warning, text }
    })
}

fn spf_rows(found: &Found, client: &Result<Option<Delivery>, &'static str>) -> Vec<Fact> {
    let row = |name: &'static str, spf: &Spf<'_>| {
        let fact = Fact::new(name, whole(&spf.to_string())).toned(spf_tone(spf.result));
        match &spf.explanation {
            Some(text) => fact.remark(Tone::Quiet, whole(&format!("the domain says: {text}"))),
            None => fact,
        }
    };
    let mut rows = Vec::new();
    match (&found.spf, client) {
        (Some(spf), _) => rows.push(row("SPF", spf)),
        (None, Err(why)) => {
            rows.push(Fact::new("SPF", format_args!("not checked: {why}")).toned(Tone::Warning));
        }
        (None, Ok(None)) => {
            rows.push(Fact::new("SPF", "not checked: --ip or --hop tell who sent it").toned(Tone::Quiet));
        }
        (None, Ok(Some(_))) => {
            rows.push(Fact::new("SPF", "not checked: the reverse-path is not known").toned(Tone::Quiet));
        }
    }
    rows.extend(found.helo.as_ref().map(|helo| row("SPF of HELO", helo)));
    rows
}

fn signature(result: &SignatureResult) -> Fact {
    Fact::new("DKIM", whole(&result.to_string())).toned(outcome_tone(result.outcome))
}

/// The result and what it rests on, a line each.
fn dmarc(evaluation: &Evaluation, is_whole: bool) -> Fact {
    let text = evaluation.to_string();
    let mut lines = text.lines();
    let fact = Fact::new("DMARC", whole(lines.next().unwrap_or_default()));
    let fact = fact.toned(dmarc_tone(&evaluation.verdict, is_whole));
    let fact = lines.fold(fact, |fact, line| fact.remark(Tone::Quiet, whole(line)));
    if is_whole || evaluation.verdict == Verdict::Pass {
        return fact;
    }
    fact.remark(Tone::Warning, "without SPF of the reverse-path, by which it may pass")
}

const fn dmarc_tone(verdict: &Verdict, is_whole: bool) -> Tone {
    match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Fail if is_whole => Tone::Bad,
        Verdict::Fail | Verdict::TempError(_) => Tone::Warning,
        _ => Tone::Plain,
    }
}

/// How a result of SPF is meant.
pub(crate) const fn spf_tone(result: SpfResult) -> Tone {
    match result {
        SpfResult::Pass => Tone::Good,
        SpfResult::None | SpfResult::Neutral => Tone::Plain,
        SpfResult::SoftFail | SpfResult::TempError => Tone::Warning,
        SpfResult::Fail | SpfResult::PermError => Tone::Bad,
    }
}

/// A sentence with text of a stranger in it.
fn whole(text: &str) -> Shown {
    Shown::clipped(text, usize::MAX)
}
