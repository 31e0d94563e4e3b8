//! Section `amp`: the AMP part, whether it is valid, and which clients show it.
//!
//! What clients do depends on who sent the message. Where the caller does not ask for that, it is not said.

use mailwright_amp_mime::gate::{ClientProfile, Decision, NotKnown, SenderAuth, Support, Verdict, decide};
use mailwright_amp_mime::lint::lint;
use mailwright_amp_mime::locate::{AmpParts, Structure, locate};
use mailwright_amp_mime::{Severity, validate};

use super::{Block, Case, Fact, Section, Tone, View, json, more};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section = Section { key: "amp", title: "AMP", view, alert: None };

fn view(case: &Case<'_, '_>) -> Option<View> {
    let now = case.settings.verifying.as_ref().map(|verifying| verifying.receiver.now);
    let found = locate(case.message, now);
    let amp = found.amp?;
    let text = amp.text();
    let mut report = validate(&text);
    let mut lints = lint(&text);
    let (errors, warnings) = (report.errors().count(), report.warnings().count());
    let mut rows = vec![place(&found)];
    let validity = if report.is_valid() {
        Fact::new("Document", "valid").toned(Tone::Good)
    } else {
        Fact::new("Document", format_args!("not valid, {}", count(errors, "error", "errors")))
            .toned(Tone::Bad)
    };
    let shown = case.settings.shown();
    let validity = report.findings.iter().take(shown).fold(validity, |fact, finding| {
        let tone = if finding.severity == Severity::Error { Tone::Bad } else { Tone::Warning };
        fact.remark(tone, Shown::clipped(&finding.to_string(), usize::MAX))
    });
    rows.push(lints.iter().take(shown).fold(validity, |fact, lint| {
        fact.remark(Tone::Warning, Shown::clipped(&lint.to_string(), usize::MAX))
    }));
    let left = report.findings.len().saturating_sub(shown) + lints.len().saturating_sub(shown);
    let decisions = decisions(case);
    rows.extend(decisions.iter().map(client));
    let note = match (found.structure, report.is_valid()) {
        (Structure::Ok, true) => "valid".to_owned(),
        (Structure::Ok, false) => "not valid: clients show HTML or text".to_owned(),
        _ => "not in its place: clients show HTML or text".to_owned(),
    };
    let tone = match (found.structure, report.is_valid()) {
        (Structure::Ok, true) if warnings == 0 && lints.is_empty() => Tone::Good,
        (Structure::Ok, true) => Tone::Plain,
        _ => Tone::Warning,
    };
    report.findings.truncate(case.settings.written());
    lints.truncate(case.settings.written());
    Some(View {
        note: Shown::text(&note),
        tone,
        blocks: [Block::Facts { rows }].into_iter().chain(more(left)).collect(),
        json: json(&serde_json::json!({
            "part": amp.entity().part_number(),
            "structure": found.structure,
            "warnings": found.warnings,
            "validation": report,
            "lints": lints,
            "clients": decisions,
        })),
    })
}

fn place(found: &AmpParts<'_, '_>) -> Fact {
    let tone = if found.structure == Structure::Ok { Tone::Good } else { Tone::Bad };
    let fact = Fact::new("Place", format_args!("{}", found.structure)).toned(tone);
    found.warnings.iter().fold(fact, |fact, warning| fact.remark(Tone::Warning, format_args!("{warning}")))
}

/// What clients do, by what was verified here.
fn decisions(case: &Case<'_, '_>) -> Vec<Decision> {
    let Some((verifying, checked)) = case.settings.verifying.as_ref().zip(case.found()) else {
        return Vec::new();
    };
    let auth = SenderAuth::verified(checked.results.clone());
    let profiles = ClientProfile::all().into_iter().filter(|profile| profile.support != Support::Ended);
    profiles.map(|profile| decide(case.message, &auth, &profile, &NotKnown, verifying.receiver.now)).collect()
}

fn client(decision: &Decision) -> Fact {
    let (word, tone) = match decision.verdict {
        Verdict::Render => ("shows AMP", Tone::Good),
        Verdict::Manual => ("shows AMP when its user asks for it", Tone::Plain),
        _ => ("shows HTML or text", Tone::Warning),
    };
    let fact = Fact::new(Shown::text(&decision.name), word).toned(tone);
    decision.failed().fold(fact, |fact, check| {
        fact.remark(tone, Shown::clipped(&format!("{} ({})", check.detail, check.reason), usize::MAX))
    })
}
