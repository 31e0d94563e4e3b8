//! The operations on messages and CMS structures: `verify`, `decrypt`, `message`, `parse`.

use mailwright_smime::cms::{Keys, SignatureFault};
use mailwright_smime::path::PolicyOutput;
use mailwright_smime::x509::{Certificate, Crl};
use mailwright_smime::{Context, LayerKind, Policy, PrivateKey, TimeOfCheck};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::answer::{Answer, Decrypted, Octets};
use super::expect::Expect;
use super::given::{Given, objects_of, policy_set};
use super::header_protection;
use super::path::{Known, certificates};
use crate::case::Verdict;
use crate::json;

/// What a context borrows from.
struct Held {
    known: Known,
    keys: Keys,
}

impl Held {
    fn read(given: &Given) -> Result<Self, String> {
        Ok(Self { known: Known::read(given)?, keys: keys(given)? })
    }

    fn context<'h>(
        &'h self,
        given: &Given,
        policy: Policy,
        from: Option<Option<&str>>,
    ) -> Result<Context<'h>, String> {
        let mut context = Context::new()
            .trust(certificates(&self.known.trust))
            .certificates(certificates(&self.known.certificates))
            .crls(self.known.crls.iter().filter_map(|der| Crl::from_der(der).ok()))
            .policies(given.policies()?)
            .revocation(given.revocation()?)
            .policy(policy)
            .keys(&self.keys);
        context = if given.optional("time")? == Some("signing-time") {
            context.time(TimeOfCheck::SigningTime)
        } else {
            match given.time()? {
                Some(time) => context.at(time),
                None => context,
            }
        };
        if let Some(from) = from {
            context = context.from(from);
        }
        match given.optional("scope")? {
            None => Ok(context),
            Some("signature") => Ok(context.signatures_only()),
            Some(other) => Err(format!("`scope` is {other}")),
        }
    }
}

/// The keys that a case gives.
fn keys(given: &Given) -> Result<Keys, String> {
    let mut keys = Keys::new();
    if given.has("key") {
        add(&mut keys, &given.octets("key")?, given, given.text("cert")?)?;
    }
    if let Some(secret) = given.hex("secret_key_hex")? {
        keys.add_shared(given.hex("secret_key_id_hex")?.as_deref(), &secret);
    }
    if let Some(password) = given.optional("password")? {
        keys.add_password(password.as_bytes());
    }
    if given.has("keys") {
        let list = given.value("keys").and_then(Value::as_array).ok_or("`keys` is no list")?;
        for pair in list {
            let pair = json::object(pair, &["pem", "cert", "pkcs12", "password"])?;
            if pair.contains_key("pkcs12") {
                super::pkcs12::add(
                    &mut keys,
                    &given.path(json::text(pair, "pkcs12")?),
                    json::text(pair, "password")?,
                )?;
            } else {
                let path = given.path(json::text(pair, "pem")?);
                let octets = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                add(&mut keys, &octets, given, json::text(pair, "cert")?)?;
            }
        }
    }
    Ok(keys)
}

fn add(keys: &mut Keys, key: &[u8], given: &Given, certificate: &str) -> Result<(), String> {
    let key = match key.first() {
        Some(0x30) => PrivateKey::from_der(key),
        _ => PrivateKey::from_pem(key),
    }
    .map_err(|error| format!("the key: {error}"))?;
    // A file may hold the whole chain: the key's own is the one that fits.
    for der in objects_of(&given.path(certificate), "CERTIFICATE")? {
        if Certificate::from_der(&der).is_ok_and(|certificate| key.matches(&certificate.public_key())) {
            keys.add(key, &der).map_err(|error| error.to_string())?;
            return Ok(());
        }
    }
    Err("no certificate of the key".into())
}

pub(super) fn verify(given: &Given, want: &Expect) -> Result<Verdict, String> {
    signed(given, want, Some(given.optional("from")?))
}

pub(super) fn message(given: &Given, want: &Expect) -> Result<Verdict, String> {
    signed(given, want, None)
}

fn signed(given: &Given, want: &Expect, from: Option<Option<&str>>) -> Result<Verdict, String> {
    let held = match Held::read(given) {
        Ok(held) => held,
        // A key of an algorithm that is not known opens nothing.
        Err(why) if why.ends_with("is not supported") && want.wants("rejects") => return Ok(Verdict::Right),
        Err(why) => return Err(why),
    };
    let octets = Octets::of(given.octets("file")?)?;
    let beside = given.has("detached").then(|| given.octets("detached")).transpose()?;
    let run = |policy| {
        let context = held.context(given, policy, from)?;
        Answer::to(&octets, beside.as_deref(), &context).map_err(|error| error.to_string())
    };
    if want.wants("policy") {
        if run(Policy::strict()).is_ok_and(|answer| answer.verdict().is_good()) {
            return Ok(Verdict::wrong("not good under strict rules", "good"));
        }
        return grade(&run(Policy::interop()), &["valid"], given, want);
    }
    let outcomes: Vec<&str> = want.outcomes.iter().map(String::as_str).collect();
    grade(&run(given.rules()?), &outcomes, given, want)
}

fn grade(
    answer: &Result<Answer<'_>, String>,
    outcomes: &[&str],
    given: &Given,
    want: &Expect,
) -> Result<Verdict, String> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) if outcomes.contains(&"invalid") || outcomes.contains(&"rejects") => {
            let _ = why;
            return Ok(Verdict::Right);
        }
        Err(why) => return Ok(Verdict::wrong(outcomes.join(" or "), why)),
    };
    let decrypted = Decrypted::of(answer.layers());
    let met = |outcome: &&str| {
        answer.is(outcome) || decrypted.as_ref().is_some_and(|decrypted| decrypted.is(outcome))
    };
    if !outcomes.is_empty() && !outcomes.iter().any(met) {
        let words =
            decrypted.map_or(String::new(), |decrypted| format!("; decryption: {}", decrypted.words()));
        return Ok(Verdict::wrong(outcomes.join(" or "), format!("{}{words}", answer.words())));
    }
    fields(answer, given, want)
}

/// The other fields of what is wanted.
fn fields(answer: &Answer<'_>, given: &Given, want: &Expect) -> Result<Verdict, String> {
    for (key, wanted) in &want.fields {
        if key.contains("polic") && !answer.verdict().is_good() {
            continue; // graded where the outcome is `valid`
        }
        let got = match key.as_str() {
            "outcome" | "soft" | "reason" | "note" | "private_keys" => continue,
            "content_sha256" => content(answer, given).map(|content| Value::from(hash(content))),
            "inner_content_sha256" => match answer {
                Answer::Message(report) => Some(Value::from(hash(&report.content))),
                Answer::Layer(layer) => Some(Value::from(hash(&layer.content))),
            },
            "plaintext" => content(answer, given).map(|content| String::from_utf8_lossy(content).into()),
            "plaintext_file" => {
                let path = given.path(wanted.as_str().unwrap_or_default());
                let file = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                if content(answer, given) == Some(file.as_slice()) { continue } else { None }
            }
            "plaintext_contains" => {
                let text = inner_text(answer);
                let wanted = wanted.as_str().unwrap_or_default();
                if text.contains(wanted) { continue } else { Some(Value::from(text)) }
            }
            "signer" => {
                let wanted = wanted.as_str().unwrap_or_default();
                let found = emails(answer);
                if found.iter().any(|email| mailwright_smime::path::same_address(email, wanted)) {
                    continue;
                }
                Some(Value::from(found.join(" ")))
            }
            "signer_emails" => {
                let mut found = emails(answer);
                let mut list: Vec<String> = json::list(&want.fields, key)?
                    .iter()
                    .filter_map(|email| email.as_str().map(str::to_owned))
                    .collect();
                found.sort();
                found.dedup();
                list.sort();
                if found == list { continue } else { Some(Value::from(found)) }
            }
            "encrypted" => Some(Value::from(match answer {
                Answer::Message(report) => report.is_encrypted(),
                Answer::Layer(layer) => layer.encrypted().is_some_and(|layer| layer.opened.is_ok()),
            })),
            "signed" => Some(Value::from(answer.counted().is_some_and(|layer| layer.signed().is_some()))),
            "signature_good" => Some(Value::from(answer.verdict().is_good())),
            "layers" => Some(Value::from(layers(answer))),
            "signers" => {
                let signers = answer.counted().and_then(|layer| layer.signed());
                Some(Value::from(signers.map_or(0, |layer| layer.signers.len())))
            }
            "certificates" => Some(Value::from(match answer.layers().first().map(|layer| &layer.kind) {
                Some(LayerKind::Certificates(list)) => list.len(),
                Some(LayerKind::Signed(signed)) => signed.certificates.len(),
                _ => 0,
            })),
            "header_protection" => match answer {
                Answer::Message(report) => match header_protection::grade(report, wanted)? {
                    Verdict::Right => continue,
                    wrong @ Verdict::Wrong { .. } => return Ok(wrong),
                },
                Answer::Layer(_) => return Err("`header_protection` of what is no message".into()),
            },
            "explicit_policy_required" => policies(answer).map(|policies| Value::from(policies.required)),
            "authority_constrained_policies" | "user_constrained_policies" => {
                let wanted = policy_set(json::list(&want.fields, key)?)?;
                let ours = policies(answer).map(|policies| match key.as_str() {
                    "authority_constrained_policies" => &policies.authority_constrained,
                    _ => &policies.user_constrained,
                });
                if ours == Some(&wanted) { continue } else { Some(Value::from(format!("{ours:?}"))) }
            }
            other => return Err(format!("`{other}` is not graded here")),
        };
        if got.as_ref() != Some(wanted) {
            let got = got.map_or_else(|| "nothing".to_owned(), |got| got.to_string());
            return Ok(Verdict::wrong(format!("{key}: {wanted}"), format!("{got}; {}", answer.words())));
        }
    }
    Ok(Verdict::Right)
}

/// What `content_sha256` is about in each operation.
fn content<'l>(answer: &'l Answer<'_>, given: &Given) -> Option<&'l [u8]> {
    let layers = answer.layers();
    let layer = match given.text("op").ok()? {
        "verify" => answer.counted().or_else(|| layers.first()),
        "parse" => layers.first(),
        _ => layers.iter().find(|layer| layer.encrypted().is_some()),
    };
    layer.map(|layer| &*layer.content)
}

fn policies<'l>(answer: &'l Answer<'_>) -> Option<&'l PolicyOutput> {
    let signed = answer.counted()?.signed()?;
    let chain = signed.signers.first()?.chain.as_ref()?.as_ref().ok()?;
    Some(&chain.policies)
}

fn emails(answer: &Answer<'_>) -> Vec<String> {
    let signed = answer.counted().and_then(|layer| layer.signed());
    signed.and_then(|signed| signed.signers.first()).map_or(Vec::new(), |signer| signer.addresses.clone())
}

fn layers(answer: &Answer<'_>) -> Vec<String> {
    answer
        .layers()
        .iter()
        .map(|layer| match &layer.kind {
            LayerKind::Encrypted(_) => "encrypted".to_owned(),
            LayerKind::Compressed => "compressed".to_owned(),
            LayerKind::Signed(signed) => {
                let first = signed.signers.first().and_then(|signer| signer.addresses.first());
                format!("signed:{}", first.map_or("", String::as_str))
            }
            other => format!("{other:?}"),
        })
        .collect()
}

/// The decoded text of the innermost content.
fn inner_text(answer: &Answer<'_>) -> String {
    let Answer::Message(report) = answer else { return String::new() };
    let Ok(message) = mailwright_message_model::Message::parse(&report.content) else { return String::new() };
    if message.fields().len() == 0 {
        // Sealed as it was typed, without a header.
        return String::from_utf8_lossy(&report.content).into_owned();
    }
    message
        .walk()
        .filter(|entity| entity.is_leaf())
        .filter_map(|entity| entity.text().map(|text| text.into_owned()))
        .collect()
}

fn hash(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}

pub(super) fn decrypt(given: &Given, want: &Expect) -> Result<Verdict, String> {
    let verdict = signed(given, want, Some(None))?;
    if verdict != Verdict::Right || !given.has("other_key_forms") {
        return Ok(verdict);
    }
    // Each other form of the key must do as well.
    let octets = Octets::of(given.octets("file")?)?;
    for path in
        given.value("other_key_forms").and_then(Value::as_array).ok_or("`other_key_forms` is no list")?
    {
        let path = given.path(path.as_str().ok_or("no path")?);
        let key = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut keys = Keys::new();
        add(&mut keys, &key, given, given.text("cert")?)?;
        let context = Context::new().keys(&keys).policy(given.rules()?);
        let answer = Answer::to(&octets, None, &context).map_err(|error| error.to_string())?;
        if !Decrypted::of(answer.layers()).is_some_and(|decrypted| decrypted.is("decrypts")) {
            return Ok(Verdict::wrong("decrypts", path.display()));
        }
    }
    Ok(Verdict::Right)
}

pub(super) fn parse(given: &Given, want: &Expect) -> Result<Verdict, String> {
    let octets = Octets::of(given.octets("file")?)?;
    let context = Context::new().signatures_only().policy(given.rules()?);
    let answer = match &octets {
        Octets::Cms(der) if Certificate::from_der(der).is_ok() => {
            return Ok(want.outcome("parses", "a certificate"));
        }
        octets => Answer::to(octets, None, &context),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Ok(want.outcome("rejects", &error.to_string())),
    };
    let is_compressed =
        matches!(answer.layers().first().map(|layer| &layer.kind), Some(LayerKind::Compressed));
    let unreadable = answer.layers().iter().find_map(|layer| match &layer.kind {
        LayerKind::Unreadable(error) => Some(error.to_string()),
        // Signers and nothing that they signed: the structure is not whole.
        LayerKind::Signed(signed) => signed
            .signers
            .iter()
            .find(|signer| signer.signature == Err(SignatureFault::NoContent))
            .map(|_| "no content".to_owned()),
        _ => None,
    });
    let met = |outcome: &str| match outcome {
        "parses" => unreadable.is_none(),
        "decompresses" => is_compressed,
        "rejects" => unreadable.is_some(),
        outcome => answer.is(outcome),
    };
    if !want.outcomes.iter().any(|outcome| met(outcome)) {
        return Ok(Verdict::wrong(want.outcomes.join(" or "), unreadable.unwrap_or_else(|| answer.words())));
    }
    if given.has("content") {
        let wanted = given.octets("content")?;
        if content(&answer, given) != Some(wanted.as_slice()) {
            return Ok(Verdict::wrong("the content", format!("{:?}", layers(&answer))));
        }
    }
    fields(&answer, given, want)
}
