//! The first phase: which sets there are, and whether they make a chain (RFC 8617 5.2, steps 1 to 3).

use std::collections::BTreeMap;

use mailwright_message_model::Span;
use mailwright_message_model::authres::ClaimedResults;

use super::chain::Problem;
use super::field::{Content, Cv, FieldKind, Read};
use super::rule::Rule;
use crate::algorithm::HashAlgorithm;
use crate::body_hash::BodyHashes;
use crate::header::{ByName, Header};
use crate::policy::Policy;
use crate::signature::{Signature, SignatureError};
use crate::verify::Reason;
use crate::verify::plan::{Candidate, Open, Preparing, Questions, Rules, State};

/// The chain before its keys are known.
pub(crate) struct Plan {
    pub(super) sets: BTreeMap<u32, SetPlan>,
    /// What is wrong whatever DNS says.
    pub(super) problem: Option<Problem>,
    pub(super) questions: Questions,
    pub(super) rules: Rules,
}

/// The fields of one instance, of each kind the first from the top.
#[derive(Default)]
pub(super) struct SetPlan {
    pub(super) results: Option<(usize, Option<Box<ClaimedResults>>)>,
    pub(super) message: Option<Candidate>,
    pub(super) seal: Option<Candidate>,
    pub(super) cv: Option<Cv>,
}

/// What was read of a set before its signatures are made ready.
#[derive(Default)]
struct Fields {
    results: Option<(usize, Option<Box<ClaimedResults>>)>,
    message: Option<(usize, Result<Box<Signature>, SignatureError>)>,
    seal: Option<(usize, Result<Box<Signature>, SignatureError>)>,
    cv: Option<Cv>,
}

/// The sets, and the first of each sort of problem.
#[derive(Default)]
pub(super) struct Collected {
    sets: BTreeMap<u32, Fields>,
    unreadable: Option<Problem>,
    repeated: Option<Problem>,
    /// Instances of which some seal says `cv=fail`.
    marked: BTreeMap<u32, Span>,
}

impl Plan {
    pub(super) fn new(header: &Header<'_>, policy: &Policy, now: u64, hashes: &mut BodyHashes) -> Self {
        // SHA-1 is no algorithm of ARC, whatever the policy says of DKIM (RFC 8617 4.1.2, 4.1.3, RFC 8301 3.1).
        let policy = Policy { sha1: false, limits: limits(policy), ..policy.clone() };
        let collected = collect(header, policy.limits.signature_bytes);
        let problem = structure(header, &collected);
        let mut preparing = Preparing::new(header, &policy, now, hashes);
        let sets = prepare(&mut preparing, collected.sets, problem.is_none());
        Self { sets, problem, questions: preparing.questions, rules: Rules::of(&policy) }
    }
}

/// A chain may be longer than a message has DKIM signatures.
fn limits(policy: &Policy) -> crate::Limits {
    crate::Limits { queries: policy.limits.queries.max(super::MAX_QUERIES), ..policy.limits.clone() }
}

pub(super) fn collect(header: &Header<'_>, longest: usize) -> Collected {
    let mut collected = Collected::default();
    for field in 0..header.len() {
        let Some(kind) = FieldKind::of(header.name(field)) else { continue };
        let (raw, span) = (header.field(field), header.span(field));
        if raw.len() > longest {
            let rule = Rule::Signature(Reason::FieldTooLong);
            collected.unreadable.get_or_insert(Problem::new(rule, None, Some(kind), Some(span)));
            continue;
        }
        let Read { instance, content } = Read::new(kind, raw);
        match instance {
            Ok(instance) => collected.add(instance, kind, field, span, content),
            Err(error) => {
                let rule = Rule::Signature(Reason::Field(error.kind()));
                let at = Some(error.span().shifted(span.start));
                collected.unreadable.get_or_insert(Problem::new(rule, None, Some(kind), at));
            }
        }
    }
    collected
}

impl Collected {
    /// The highest instance; 0 without sets.
    pub(super) fn newest(&self) -> u32 {
        self.sets.keys().next_back().copied().unwrap_or(0)
    }

    /// The fields of all sets as seals cover them (RFC 8617 5.1.1); `None` where the sets are no chain.
    pub(super) fn in_order(&self) -> Option<Vec<usize>> {
        if self.unreadable.is_some() || self.repeated.is_some() {
            return None;
        }
        let continuous = self.sets.keys().copied().eq(1..=self.newest());
        let fields =
            |set: &Fields| Some([set.results.as_ref()?.0, set.message.as_ref()?.0, set.seal.as_ref()?.0]);
        let fields: Option<Vec<_>> = self.sets.values().map(fields).collect();
        fields.filter(|_| continuous).map(|fields| fields.concat())
    }

    fn add(&mut self, instance: u32, kind: FieldKind, field: usize, span: Span, content: Content) {
        let set = self.sets.entry(instance).or_default();
        let taken = match content {
            Content::Results(claims) => set.results.replace((field, claims)).is_some(),
            Content::Message(message) => set.message.replace((field, message)).is_some(),
            Content::Seal { cv, seal } => {
                if cv == Some(Cv::Fail) {
                    self.marked.insert(instance, span);
                }
                set.cv = cv;
                set.seal.replace((field, seal)).is_some()
            }
        };
        if taken {
            self.repeated.get_or_insert(Problem::new(Rule::Repeated, Some(instance), Some(kind), Some(span)));
        }
    }
}

/// RFC 8617 5.2, steps 2 and 3.
fn structure(header: &Header<'_>, collected: &Collected) -> Option<Problem> {
    if header.cut {
        return Some(Problem::new(Rule::HeaderTooLong, None, None, None));
    }
    // Step 2: the highest instance says fail.
    let newest = collected.newest();
    if let Some(&span) = collected.marked.get(&newest) {
        return Some(Problem::new(Rule::MarkedFailed, Some(newest), Some(FieldKind::Seal), Some(span)));
    }
    if let Some(problem) = collected.unreadable.as_ref().or(collected.repeated.as_ref()) {
        return Some(problem.clone());
    }
    for instance in 1..=newest {
        // Step 3B: a continuous sequence from 1.
        let Some(set) = collected.sets.get(&instance) else {
            return Some(Problem::new(Rule::Gap, Some(instance), None, None));
        };
        // Step 3A: one of each. Two of a kind were found above.
        let there = [set.results.is_some(), set.message.is_some(), set.seal.is_some()];
        if let Some((kind, _)) = FieldKind::ALL.into_iter().zip(there).find(|(_, there)| !there) {
            return Some(Problem::new(Rule::Missing, Some(instance), Some(kind), None));
        }
        // Step 3C.
        let rule = match (instance, set.cv) {
            (1, Some(Cv::Pass | Cv::Fail)) => Rule::FirstNotNone,
            (2.., Some(Cv::None | Cv::Fail)) => Rule::LaterNotPass,
            // A seal that cannot be read fails as such.
            _ => continue,
        };
        let span = set.seal.as_ref().map(|(field, _)| header.span(*field));
        return Some(Problem::new(rule, Some(instance), Some(FieldKind::Seal), span));
    }
    None
}

/// Makes the signatures ready, the newest message signature and the seals first, for those decide (steps 4 and 6): should the
/// names for keys run out, it is the older message signatures that are left.
fn prepare(
    preparing: &mut Preparing<'_, '_>,
    sets: BTreeMap<u32, Fields>,
    is_chain: bool,
) -> BTreeMap<u32, SetPlan> {
    let header = preparing.header;
    let names = sets.values().any(|set| set.message.is_some()).then(|| ByName::new(header));
    let mut covered: Vec<Option<usize>> = Vec::new();
    let mut plans = BTreeMap::new();
    let mut messages = Vec::new();
    for (instance, Fields { results, message, seal, cv }) in sets {
        let mut plan = SetPlan { cv, ..SetPlan::default() };
        // RFC 8617 5.1.1: by instance, and within a set AAR, AMS, AS.
        covered
            .extend([results.as_ref().map(|(field, _)| *field), message.as_ref().map(|(field, _)| *field)]);
        plan.results = results;
        plan.seal = seal.map(|(field, seal)| {
            let state = seal_state(preparing, field, seal, &covered, is_chain);
            covered.push(Some(field));
            Candidate { field, state }
        });
        plans.insert(instance, plan);
        messages.extend(message.map(|message| (instance, message)));
    }
    for (instance, (field, message)) in messages.into_iter().rev() {
        let state = match (message, &names) {
            (Ok(message), Some(names)) if is_chain => preparing.open(*message, names, field, false),
            (message, _) => closed(header, field, message),
        };
        if let Some(plan) = plans.get_mut(&instance) {
            plan.message = Some(Candidate { field, state });
        }
    }
    plans
}

fn seal_state(
    preparing: &mut Preparing<'_, '_>,
    field: usize,
    seal: Result<Box<Signature>, SignatureError>,
    covered: &[Option<usize>],
    is_chain: bool,
) -> State {
    let signature = match seal {
        Ok(signature) if is_chain => *signature,
        other => return closed(preparing.header, field, other),
    };
    let span = preparing.header.span(field);
    let refused = if signature.algorithm.hash() == HashAlgorithm::Sha1 {
        Reason::Sha1
    } else if signature.timestamp > Some(preparing.now.saturating_add(preparing.policy.clock_skew)) {
        Reason::Future
    } else {
        match preparing.questions.ask(&signature, preparing.policy.limits.queries) {
            Ok(question) => {
                let covers = covered.to_vec();
                return State::Open(Box::new(Open {
                    signature,
                    question,
                    body: None,
                    covers,
                    warnings: Vec::new(),
                }));
            }
            Err(reason) => reason,
        }
    };
    State::refused(refused, span, signature)
}

/// A field that is not verified: it cannot be read, or the sets are no chain.
fn closed(header: &Header<'_>, field: usize, read: Result<Box<Signature>, SignatureError>) -> State {
    let span = header.span(field);
    match read {
        Ok(signature) => State::refused(Reason::NotTried, span, *signature),
        Err(error) => State::Done {
            reason: Reason::Field(error.kind()),
            span: error.span().shifted(span.start),
            signature: None,
            claimed: None,
        },
    }
}
