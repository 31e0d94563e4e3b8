//! The second phase: the signatures (RFC 8617 5.2, steps 4 to 7).

use mailwright_dns::Name;

use super::chain::{Chain, Problem, ResultsField, Set, Status};
use super::field::FieldKind;
use super::plan::{Plan, SetPlan};
use super::rule::Rule;
use crate::body_hash::{BodyHashes, Hashed};
use crate::header::Header;
use crate::policy::Policy;
use crate::verify::evaluate::{Answer, judge_candidate};
use crate::verify::reading::Judge;
use crate::verify::{Reason, SignatureResult};

impl Judge for Chain {
    type Plan = Plan;

    fn plan(header: &Header<'_>, policy: &Policy, now: u64, hashes: &mut BodyHashes) -> Plan {
        Plan::new(header, policy, now, hashes)
    }

    fn names<'p>(plan: &'p Plan, out: &mut Vec<&'p Name>) {
        out.extend(plan.questions.names());
    }

    fn judge(plan: &Plan, header: &Header<'_>, body: &Hashed, answers: Option<&[Answer]>) -> Self {
        let Plan { sets, problem, rules, .. } = plan;
        let mut scratch = Vec::new();
        let mut judge = |candidate| judge_candidate(candidate, header, rules, body, answers, &mut scratch);
        let mut found = Vec::with_capacity(sets.len());
        // Steps 5 and 6 go from the newest to the oldest.
        let mut oldest_pass = None;
        let mut broken = false;
        for (&instance, plan) in sets.iter().rev() {
            let SetPlan { results, message, seal, cv } = plan;
            let message = message.as_ref().map(|message| {
                if broken {
                    // Step 5A: there is no need to check any older one.
                    return SignatureResult::not_tried(message, header);
                }
                let result = judge(message);
                broken = !result.is_pass();
                if !broken {
                    oldest_pass = Some(instance);
                }
                result
            });
            let seal = seal.as_ref().map(&mut judge);
            let results = results.as_ref().map(|(field, claims)| ResultsField {
                span: header.span(*field),
                claims: claims.as_deref().cloned(),
            });
            found.push(Set { instance, cv: *cv, results, message, seal });
        }
        found.reverse();
        // Step 5B: all verify.
        let oldest_pass = if broken { oldest_pass } else { oldest_pass.map(|_| 0) };
        let problem = problem.clone().or_else(|| decisive(&found));
        let status = match &problem {
            Some(problem) if problem.rule.is_temporary() => Status::Temporary,
            Some(_) => Status::Fail,
            None if found.is_empty() => Status::None,
            None => Status::Pass,
        };
        Self { status, problem, sets: found, oldest_pass }
    }
}

/// What of the newest message signature and the seals decides: what can never hold, or else what could not be found out.
fn decisive(sets: &[Set]) -> Option<Problem> {
    let newest = sets.last().into_iter();
    let message = newest.filter_map(|set| {
        let result = set.message.as_ref()?;
        let mut problem = Problem::of(result, set.instance, FieldKind::Message)?;
        // Another body has another hash whatever the key is.
        if problem.rule.is_temporary() && result.body_ok == Some(false) {
            problem.rule = Rule::Signature(Reason::BodyHash);
        }
        Some(problem)
    });
    let seals = sets.iter().rev();
    let seals = seals.filter_map(|set| Problem::of(set.seal.as_ref()?, set.instance, FieldKind::Seal));
    let mut problems: Vec<Problem> = message.chain(seals).collect();
    let final_one = problems.iter().position(|problem| !problem.rule.is_temporary()).unwrap_or(0);
    (final_one < problems.len()).then(|| problems.swap_remove(final_one))
}

#[cfg(test)]
mod tests {
    use mailwright_dns::{Counting, Zone};

    use crate::verify::{Reading, Verification};

    use super::*;

    const MESSAGE: &[u8] = b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from; bh=AAAA; b=AAAA\r\n\
        ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=a.example; s=s; b=AAAA\r\n\
        ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxed; d=b.example; s=s; h=from; bh=AAAA; b=AAAA\r\n\
        ARC-Authentication-Results: i=1; x; none\r\nFrom: a\r\n\r\nhello\r\n";

    #[test]
    fn dkim_and_arc_share_the_pass_over_the_body_and_the_questions() {
        let both = Reading::<(Verification, Chain)>::new(MESSAGE, &Policy::default(), 0);
        assert_eq!(both.passes(), 1);
        assert_eq!(both.questions().len(), 2);
        let dns = Counting::new(Zone::new());
        let (found, chain) = both.evaluate(&dns);
        assert_eq!(dns.questions().len(), 2);
        assert_eq!(found.signatures.len() + chain.sets.len(), 2);
    }
}
