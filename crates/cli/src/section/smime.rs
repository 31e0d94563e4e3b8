//! Section `smime`: who signed, whether it holds, what is encrypted and for whom.
//!
//! Whom to trust is for the caller to say. Where he does not, trust is not checked, and nothing is bad for that.

use mailwright_smime::path::Rule;
use mailwright_smime::{
    Coverage, EncryptedLayer, Identity, Layer, LayerKind, Report, SignerReport, Verdict, Warning,
};

use super::{Alert, Block, Case, Fact, Section, Tone, View, json, more};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section = Section { key: "smime", title: "S/MIME", view, alert: Some(alert) };

fn view(case: &Case<'_, '_>) -> Option<View> {
    let report = case.layers()?;
    let trusts = case.settings.smime.checked.trusts();
    let mut rows: Vec<Fact> = report.layers.iter().flat_map(|layer| facts(layer, trusts)).collect();
    if let Some(sender) = &report.sender {
        let value = Shown::text(&sender.address);
        rows.push(Fact::new("Sender", value).remark(Tone::Warning, "is not in From (RFC 8550 3)"));
    }
    if report.header.is_from_mismatch() {
        let text = "another address inside than outside (RFC 9788 4.4.1.1)";
        rows.push(Fact::new("From", text).toned(Tone::Warning));
    }
    let (note, tone) = headline(report, trusts);
    let total = rows.len();
    rows.truncate(case.settings.shown());
    let left = total - rows.len();
    let mut found = json(report);
    if let Some(fields) = found.as_object_mut() {
        fields.insert("trust_checked".to_owned(), trusts.into());
    }
    Some(View {
        note,
        tone,
        blocks: [Block::Facts { rows }].into_iter().chain(more(left)).collect(),
        json: found,
    })
}

fn alert(case: &Case<'_, '_>) -> Option<Alert> {
    let report = case.layers()?;
    let verdict = report.verdict();
    if let Verdict::Bad(why) = &verdict {
        let text = whole(&format!("the S/MIME signature is not to be relied on: {why}"));
        return Some(Alert { tone: Tone::Warning, text });
    }
    let signed = report.counted()?.signed()?;
    let stranger = signed.signers.iter().find(|signer| is_stranger(signer))?;
    Some(Alert { tone: Tone::Warning, text: whole(&stranger.identity.to_string()) })
}

/// Whether the signer is not the sender, whoever trusts him.
const fn is_stranger(signer: &SignerReport) -> bool {
    signer.signature.is_ok() && matches!(signer.identity, Identity::Mismatch { .. })
}

/// The word beside the title, and its tone.
fn headline(report: &Report<'_>, trusts: bool) -> (Shown, Tone) {
    let sealed = report.layers.iter().any(|layer| layer.encrypted().is_some());
    let verdict = report.verdict();
    let (text, tone) = match &verdict {
        Verdict::Good => ("signed, good".to_owned(), Tone::Good),
        Verdict::Bad(_) => ("bad".to_owned(), Tone::Bad),
        Verdict::Unknown(_) if !trusts && holds(report) => {
            ("the signature holds, trust not checked".to_owned(), Tone::Plain)
        }
        Verdict::Unknown(_) => ("signed, not known to be good".to_owned(), Tone::Warning),
        _ if report.layers.iter().any(|layer| matches!(layer.kind, LayerKind::Certificates(_))) => {
            ("certificates".to_owned(), Tone::Quiet)
        }
        _ => ("not signed".to_owned(), Tone::Quiet),
    };
    (whole(&if sealed { format!("encrypted; {text}") } else { text }), tone)
}

fn holds(report: &Report<'_>) -> bool {
    let signed = report.counted().and_then(Layer::signed);
    signed.is_some_and(|signed| signed.signers.iter().all(|signer| signer.signature.is_ok()))
}

fn facts(layer: &Layer<'_>, trusts: bool) -> Vec<Fact> {
    let name = |word: &str| match &layer.coverage {
        Coverage::Part(part) => Shown::text(&format!("part {part} {word}")),
        _ => Shown::text(word),
    };
    let mut facts = match &layer.kind {
        LayerKind::Signed(signed) if signed.signers.is_empty() => {
            vec![Fact::new(name("signed"), "by no one").toned(Tone::Bad)]
        }
        LayerKind::Signed(signed) => {
            signed.signers.iter().map(|one| signer(name("signed"), one, trusts)).collect()
        }
        LayerKind::Encrypted(encrypted) => vec![sealed(name("encrypted"), encrypted)],
        LayerKind::Unreadable(error) => {
            vec![Fact::new(name("S/MIME"), whole(&format!("cannot be read: {error}"))).toned(Tone::Bad)]
        }
        LayerKind::Certificates(list) => {
            vec![Fact::new(name("layer"), whole(&count(list.len(), "certificate", "certificates")))]
        }
        _ => vec![Fact::new(name("layer"), whole(&layer.to_string()))],
    };
    if matches!(layer.coverage, Coverage::Part(_)) {
        let last = facts.pop();
        let note = "only this part is signed: the rest may be anyone's (RFC 8551 3.5)";
        facts.extend(last.map(|fact| fact.remark(Tone::Warning, note)));
    }
    facts
}

fn signer(name: Shown, signer: &SignerReport, trusts: bool) -> Fact {
    let who = match signer.addresses.as_slice() {
        [] => "by a certificate without an address".to_owned(),
        addresses => format!("by {}", addresses.join(", ")),
    };
    let time = signer.signing_time.map(|time| format!(", {time} by the signer's word"));
    let fact = Fact::new(name, whole(&format!("{who}{}", time.unwrap_or_default())));
    let fact = match &signer.signature {
        Ok(()) => fact.remark(Tone::Good, "the content is what was signed"),
        Err(fault) => {
            let tone = if fault.is_unknown() { Tone::Warning } else { Tone::Bad };
            fact.toned(tone).remark(tone, whole(&format!("{fault} ({})", fault.rule())))
        }
    };
    let fact = match &signer.chain {
        Some(Ok(chain)) => fact.remark(Tone::Good, whole(&format!("trust: {chain}"))),
        // A fault of the certificate itself is one whoever trusts it.
        Some(Err(error)) if !trusts && *error.rule() == Rule::NoPath => {
            fact.remark(Tone::Quiet, "trust: not checked; --trust FILE names whom you trust")
        }
        Some(Err(error)) => fact.remark(Tone::Warning, whole(&format!("trust: {error}"))),
        None => fact.remark(Tone::Quiet, "trust: not checked"),
    };
    let tone = match &signer.identity {
        Identity::Match => Tone::Good,
        Identity::NotJudged => Tone::Quiet,
        _ => Tone::Warning,
    };
    let fact = fact.remark(tone, whole(&signer.identity.to_string()));
    let further = signer.warnings.iter().filter(|warning| **warning != Warning::RevocationNotChecked);
    further.fold(fact, |fact, warning| fact.remark(Tone::Quiet, whole(&warning.to_string())))
}

fn sealed(name: Shown, encrypted: &EncryptedLayer) -> Fact {
    let (value, tone) = match &encrypted.opened {
        Ok(opened) if opened.cipher.is_authenticated() => (format!("{}, opened", opened.cipher), Tone::Good),
        Ok(opened) => (format!("{}, opened", opened.cipher), Tone::Plain),
        Err(error) => (format!("not opened: {error}"), Tone::Quiet),
    };
    let fact = Fact::new(name, whole(&value)).toned(tone);
    let fact = match &encrypted.opened {
        Ok(opened) if !opened.cipher.is_authenticated() => {
            fact.remark(Tone::Warning, "the text may have been changed on the way (RFC 8551 6)")
        }
        _ => fact,
    };
    /// Recipients that are named; lists have thousands.
    const MOST: usize = 10;
    let left = encrypted.recipients.len().saturating_sub(MOST);
    let named = encrypted.recipients.iter().take(MOST);
    let fact = named.fold(fact, |fact, to| fact.remark(Tone::Quiet, whole(&format!("for {to}"))));
    if left == 0 { fact } else { fact.remark(Tone::Quiet, format_args!("and {left} more")) }
}

/// A sentence with text of a stranger in it.
fn whole(text: &str) -> Shown {
    Shown::clipped(text, usize::MAX)
}
