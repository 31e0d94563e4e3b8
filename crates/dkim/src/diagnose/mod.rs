//! What happened to a message whose signature fails.
//!
//! A signature says that something was changed, not what. Here likely changes are undone one after the other until the body hash
//! matches or the signature holds: that is proof, for nobody can make either come out by chance. Copies of fields that the
//! signer left in `z=` are compared as well.
//!
//! ```
//! use mailwright_dkim::key::{DnsRecord, PrivateKey};
//! use mailwright_dkim::{Policy, Signer, diagnose, verify};
//! let key = PrivateKey::ed25519(&[7; 32])?;
//! # let record = DnsRecord::new(&"may".parse()?, &"example.org".parse()?, key.public_key().clone())?;
//! # let mut zone = mailwright_dns::Zone::new();
//! # zone.add_txt(record.name().to_string(), record.text())?;
//! let message = b"From: ann@example.org\r\nSubject: lunch\r\n\r\nAt noon?\r\n";
//! let signed = Signer::new("example.org", "may", key)?.sign(message, 1_700_000_000)?.prepended_to(message);
//! // A list passes it on.
//! let text = String::from_utf8(signed)?.replace("Subject: ", "Subject: [food] ") + "-- \r\nfood@lists.example\r\n";
//!
//! let (policy, now) = (Policy::default(), 1_700_000_000);
//! let found = verify(text.as_bytes(), &zone, &policy, now);
//! let why = diagnose::explain(text.as_bytes(), &found.signatures[0], &zone, &policy);
//! let sentences: Vec<String> = why.hints.iter().map(ToString::to_string).collect();
//! assert!(sentences[0].starts_with("2 lines were added at the end of the body"));
//! assert!(sentences[1].starts_with("\"[food]\" was put in front of the subject"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod edits;
mod header;
mod hint;
mod parts;
mod subject;

use core::fmt;
use std::borrow::Cow;

use mailwright_dns::Dns;

use crate::Policy;
use crate::header::{Header, body_start};
use crate::key::PublicKey;
use crate::line_ends::normalized;
use crate::policy::LineEnds;
use crate::signature::Signature;
use crate::verify::evaluate::find_key;
use crate::verify::plan::{Rules, key_name};
use crate::verify::{Reason, SignatureResult};

pub use hint::{Change, Evidence, Hint};

/// Octets that are hashed in search of what the body was: some 0.1 s. A message of 1 MiB has its every trial.
pub const MAX_BODY_WORK: usize = 64 << 20;
/// Verifications in search of what the header was: some 60 ms with an RSA key of 2048 bits.
pub const MAX_HEADER_TRIALS: usize = 2048;
/// Octets of fields that are hashed in these verifications. Below 8 KiB of signed fields it is no limit.
pub const MAX_HEADER_WORK: usize = 16 << 20;
/// Places behind which the body is cut, counted from its end, in search of lines that were added.
pub const MAX_CUTS: usize = 100_000;
/// Changes to the header that are thought of, alone and up to three together.
const MAX_EDITS: usize = 64;

/// What was found out about a signature that fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Diagnosis {
    /// Whether the body is what was signed; `None` where it was not hashed.
    pub body_ok: Option<bool>,
    /// Whether the header is what was signed; `None` where there was no key to tell.
    pub header_ok: Option<bool>,
    /// What happened, those of the body first.
    pub hints: Vec<Hint>,
    /// Whether a limit ended the search.
    pub cut_short: bool,
}

/// What may still be spent.
struct Budget {
    octets: usize,
    trials: usize,
    header_octets: usize,
    cut_short: bool,
}

impl Budget {
    /// Takes the octets of a trial, where there are so many.
    fn spend(&mut self, octets: usize) -> bool {
        match self.octets.checked_sub(octets) {
            Some(left) => self.octets = left,
            None => self.cut_short = true,
        }
        !self.cut_short
    }

    fn left(&self, octets: usize) -> bool {
        self.octets >= octets
    }

    /// Takes a verification of a header of so many octets.
    fn try_once(&mut self, octets: usize) -> bool {
        match (self.trials.checked_sub(1), self.header_octets.checked_sub(octets)) {
            (Some(trials), Some(header_octets)) => {
                (self.trials, self.header_octets) = (trials, header_octets);
                true
            }
            _ => {
                self.cut_short = true;
                false
            }
        }
    }
}

/// Finds out what happened to `message`, of which `result` is one of the [results](crate::Verification::signatures) of
/// [`verify`](crate::verify()) under the same policy. The key is asked for again.
///
/// There are hints only where the body or the header is not what was signed; other failures have their
/// [reason](SignatureResult::reason).
pub fn explain(
    message: &[u8],
    result: &SignatureResult,
    dns: &(impl Dns + ?Sized),
    policy: &Policy,
) -> Diagnosis {
    let mut found =
        Diagnosis { body_ok: result.body_ok, header_ok: result.signature_ok, ..Diagnosis::default() };
    let Some(signature) = &result.signature else { return found };
    // Nothing to search for: a message with thousands of signatures is not copied for each of those beyond the limit.
    let body_differs = result.body_ok == Some(false);
    if !body_differs
        && result.signature_ok != Some(false)
        && !matches!(result.reason, Some(Reason::BodyTooShort { .. }))
    {
        return found;
    }
    let message = match policy.line_ends {
        LineEnds::AsIs => Cow::Borrowed(message),
        LineEnds::Normalize => Cow::Owned(normalized(message)),
    };
    let mut budget = Budget {
        octets: MAX_BODY_WORK,
        trials: MAX_HEADER_TRIALS,
        header_octets: MAX_HEADER_WORK,
        cut_short: false,
    };
    let start = body_start(&message, 0).unwrap_or(message.len());
    if let Some(Reason::BodyTooShort { signed, total }) = result.reason {
        let change = Change::Truncated { signed, total };
        found.hints.push(Hint { change, span: None, evidence: Evidence::Message });
    } else if body_differs {
        let trial = body::Trial { message: &message, start, signature };
        found.hints.extend(trial.run(&mut budget));
    }
    if result.signature_ok == Some(false) {
        let head = message.get(..start).unwrap_or_default();
        let header = Header::new(head.into(), policy.limits.header_bytes);
        let answer = key_name(signature).map(|name| dns.txt(&name));
        if let Ok(key) = find_key(answer.as_ref(), &Rules::of(policy)) {
            let trial = header::Trial::new(&header, result.field, signature, &key.public);
            let in_lf = with_crlf(head, result.field, policy, &key.public, &message, &mut budget);
            let (copies, proved) = trial.copies(&mut budget);
            match in_lf {
                Some(hints) => found.hints.extend(hints),
                None => {
                    found.hints.extend(copies);
                    if !proved {
                        found.hints.extend(trial.run(&message, &mut budget));
                    }
                }
            }
        }
    }
    found.cut_short = budget.cut_short;
    found
}

/// What happened to a header whose line breaks are not CRLF any more, and perhaps to its fields as well.
fn with_crlf(
    head: &[u8],
    field: usize,
    policy: &Policy,
    key: &PublicKey,
    message: &[u8],
    budget: &mut Budget,
) -> Option<Vec<Hint>> {
    let normal = normalized(head);
    if normal == head {
        return None;
    }
    let header = Header::new(normal.into(), policy.limits.header_bytes);
    let signature = Signature::parse(header.field(field)).ok()?;
    let trial = header::Trial::new(&header, field, &signature, key);
    let breaks = Hint { change: Change::HeaderLineBreaks, span: None, evidence: Evidence::Signature };
    if trial.is_sound() {
        return Some(vec![breaks]);
    }
    let mut more = trial.run(message, budget);
    // Octets of the header with other line breaks mean nothing to the caller.
    more.iter_mut().for_each(|hint| hint.span = None);
    (!more.is_empty()).then(|| core::iter::once(breaks).chain(more).collect())
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = |ok| match ok {
            Some(true) => "is what was signed",
            Some(false) => "is not what was signed",
            None => "was not compared",
        };
        writeln!(f, "the body {}; the header {}", state(self.body_ok), state(self.header_ok))?;
        for hint in &self.hints {
            writeln!(f, "- {hint}")?;
        }
        let failing = self.body_ok == Some(false) || self.header_ok == Some(false);
        if failing && self.hints.is_empty() {
            f.write_str("no change that is known from lists, gateways and mailboxes explains it\n")?;
        }
        Ok(())
    }
}
