//! Compiled rules, and which of them a reply answers to.

use std::borrow::Cow;

use super::automaton::{Automaton, NONE};
use super::normal::Normal;
use crate::reason::{Advice, Class, Command, Reason};
use crate::status::Status;

/// Rules in the form in which they are looked up.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) automaton: Automaton,
    /// For each pattern where its triggers begin; one more at the end.
    pub(crate) trigger_starts: Cow<'static, [u32]>,
    /// A provider or command with its bit, or a rule; and the phrase that must hold. Of each pattern the marks of providers and
    /// commands come first, then rules in the order of the files.
    pub(crate) triggers: Cow<'static, [[u32; 2]]>,
    /// [`PHRASE`] numbers each: up to three patterns in the order in which they stand, and whether gaps are of any length.
    pub(crate) phrases: Cow<'static, [u32]>,
    /// Numbers of phrases, for `with` and `not`.
    pub(crate) lists: Cow<'static, [u32]>,
    pub(crate) rules: Cow<'static, [Rule]>,
    /// Rules without a phrase of their own that come first.
    pub(crate) early: Cow<'static, [u32]>,
    /// The others without a phrase.
    pub(crate) silent: Cow<'static, [u32]>,
    pub(crate) providers: Cow<'static, [Cow<'static, str>]>,
}

/// Numbers of a phrase.
pub(crate) const PHRASE: usize = 4;

/// The bit that tells a provider's number from a rule's.
pub(crate) const PROVIDER: u32 = 1 << 31;

/// The bit that tells a command's number from a rule's.
pub(crate) const COMMAND: u32 = 1 << 30;

/// "Any" in a status of a rule.
pub(crate) const ANY: u16 = 1023;

/// Reduced octets between two pieces of a phrase with a gap: a line of a reply.
const GAP: usize = 64;

/// Different patterns that one reply is searched for; a reply of an honest server has some twenty.
const MAX_HITS: usize = 256;

/// One rule, its phrases aside.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: Cow<'static, str>,
    pub(crate) reason: Reason,
    pub(crate) class: Option<Class>,
    pub(crate) advice: Option<Advice>,
    pub(crate) provider: Option<u16>,
    /// Holds only at this provider.
    pub(crate) at: bool,
    /// Its words say no more than a code does.
    pub(crate) vague: bool,
    /// Classes (0: any), subjects and details.
    pub(crate) status: Cow<'static, [(u8, u16, u16)]>,
    /// A bit for each detail of `status`, by its low bits: most rules are told not to hold by it.
    pub(crate) details: u64,
    /// Ranges of reply codes.
    pub(crate) code: Cow<'static, [(u16, u16)]>,
    pub(crate) command: Cow<'static, [Command]>,
    /// Two ranges of `lists`: one of the first must hold, none of the second may.
    pub(crate) with: (u32, u32),
    pub(crate) not: (u32, u32),
}

/// What is known of a reply besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    pub(crate) code: Option<u16>,
    pub(crate) status: Option<Status>,
    pub(crate) command: Option<Command>,
}

/// The rule that a reply answers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) rule: u32,
    /// Where its phrase stands in the reduced text; `None` for a rule without phrase.
    pub(crate) place: Option<(usize, usize)>,
}

/// The patterns that occur in a reply.
#[derive(Default)]
pub(crate) struct Hits {
    found: Vec<Hit>,
    /// A bit for each pattern found, by the low bits of its number: most patterns asked for are told absent by it.
    mask: [u64; 8],
}

#[derive(Clone, Copy)]
struct Hit {
    pattern: u32,
    first: usize,
    last: usize,
}

impl Hits {
    fn may_have(&self, pattern: u32) -> bool {
        self.mask.get((pattern as usize >> 6) & 7).is_some_and(|word| word >> (pattern & 63) & 1 == 1)
    }

    fn get(&self, pattern: u32) -> Option<Hit> {
        if !self.may_have(pattern) {
            return None;
        }
        self.found.iter().copied().find(|hit| hit.pattern == pattern)
    }

    fn add(&mut self, pattern: u32, end: usize) {
        if self.may_have(pattern)
            && let Some(hit) = self.found.iter_mut().find(|hit| hit.pattern == pattern)
        {
            hit.last = end;
        } else if self.found.len() < MAX_HITS {
            if let Some(word) = self.mask.get_mut((pattern as usize >> 6) & 7) {
                *word |= 1 << (pattern & 63);
            }
            self.found.push(Hit { pattern, first: end, last: end });
        }
    }
}

impl Tables {
    /// Finds all patterns in a reduced text.
    pub(crate) fn hits(&self, normal: &Normal) -> Hits {
        let mut hits = Hits { found: Vec::with_capacity(24), mask: [0; 8] };
        self.automaton.scan(&normal.text, |pattern, end| hits.add(pattern, end));
        hits
    }

    /// The provider and the command whose marks stand in the text: the first of each in the order of the files.
    pub(crate) fn marks(&self, hits: &Hits) -> (Option<u16>, Option<Command>) {
        let (mut provider, mut command) = (NONE, NONE);
        for hit in &hits.found {
            for [target, phrase] in self.triggers(*hit) {
                // Marks stand before the rules.
                let best = match target & (PROVIDER | COMMAND) {
                    PROVIDER => &mut provider,
                    COMMAND => &mut command,
                    _ => break,
                };
                if *target < *best && self.place(*phrase, *hit, hits).is_some() {
                    *best = *target;
                }
            }
        }
        let provider = (provider != NONE).then_some(provider & !PROVIDER);
        let command = (command != NONE).then_some(command & !COMMAND);
        (
            provider.and_then(|number| u16::try_from(number).ok()),
            command.and_then(|number| Command::ALL.get(number as usize).copied()),
        )
    }

    /// The first rule in the order of the files that holds: those with a phrase before those without.
    pub(crate) fn find(&self, hits: &Hits, provider: Option<u16>, context: &Context) -> Option<Found> {
        if let Some(found) = self.first_of(&self.early, hits, provider, context) {
            return Some(found);
        }
        let mut best: Option<Found> = None;
        for hit in &hits.found {
            for [target, phrase] in self.triggers(*hit) {
                if target & (PROVIDER | COMMAND) != 0 {
                    continue;
                }
                if best.is_some_and(|best| best.rule <= *target) {
                    break; // They stand in the order of the files.
                }
                let holds = |rule| self.holds(rule, hits, provider, context);
                if let Some(place) = self.place(*phrase, *hit, hits)
                    && self.rules.get(*target as usize).is_some_and(holds)
                {
                    best = Some(Found { rule: *target, place: Some(place) });
                    break;
                }
            }
        }
        best
    }

    /// The first rule without a phrase that holds: by codes alone.
    pub(crate) fn find_silent(&self, hits: &Hits, provider: Option<u16>, context: &Context) -> Option<Found> {
        self.first_of(&self.silent, hits, provider, context)
    }

    fn first_of(
        &self,
        rules: &[u32],
        hits: &Hits,
        provider: Option<u16>,
        context: &Context,
    ) -> Option<Found> {
        let holds = |number: &&u32| {
            self.rules.get(**number as usize).is_some_and(|rule| self.holds(rule, hits, provider, context))
        };
        rules.iter().find(holds).map(|number| Found { rule: *number, place: None })
    }

    fn triggers(&self, hit: Hit) -> &[[u32; 2]] {
        let at = hit.pattern as usize;
        let start = self.trigger_starts.get(at).copied().unwrap_or(0) as usize;
        let end = self.trigger_starts.get(at.saturating_add(1)).copied().unwrap_or(0) as usize;
        self.triggers.get(start..end).unwrap_or_default()
    }

    fn holds(&self, rule: &Rule, hits: &Hits, provider: Option<u16>, context: &Context) -> bool {
        (!rule.at || rule.provider == provider)
            && (rule.code.is_empty()
                || context
                    .code
                    .is_some_and(|code| rule.code.iter().any(|(low, high)| (*low..=*high).contains(&code))))
            && (rule.status.is_empty()
                || context
                    .status
                    .filter(|status| rule.details >> (status.detail & 63) & 1 == 1)
                    .is_some_and(|status| rule.status.iter().any(|wanted| matches(*wanted, status))))
            && (rule.command.is_empty()
                || context.command.is_some_and(|command| rule.command.contains(&command)))
            && (rule.with.0 == rule.with.1 || self.any_of(rule.with, hits))
            && !self.any_of(rule.not, hits)
    }

    fn any_of(&self, range: (u32, u32), hits: &Hits) -> bool {
        let list = self.lists.get(range.0 as usize..range.1 as usize).unwrap_or_default();
        list.iter().any(|phrase| {
            let last = self
                .pieces(*phrase)
                .and_then(|(pieces, _)| pieces.iter().rev().find(|piece| **piece != NONE));
            last.and_then(|last| hits.get(*last)).is_some_and(|hit| self.place(*phrase, hit, hits).is_some())
        })
    }

    /// Where the phrase stands, `hit` being that of its last piece.
    fn place(&self, phrase: u32, hit: Hit, hits: &Hits) -> Option<(usize, usize)> {
        let (pieces, far) = self.pieces(phrase)?;
        let mut start = hit.first.saturating_sub(self.automaton.len(hit.pattern));
        let mut next = hit;
        let before = pieces.iter().rev().filter(|piece| **piece != NONE).skip(1);
        for piece in before {
            let earlier = hits.get(*piece)?;
            let len = self.automaton.len(next.pattern);
            let near = |end: usize, next_end: usize| {
                let next_start = next_end.saturating_sub(len);
                // The blank behind a word is also the blank before the next.
                (end <= next_start.saturating_add(1) && end < next_end)
                    && (far || next_start.saturating_sub(end) <= GAP)
            };
            let pairs = [
                (earlier.first, next.first),
                (earlier.last, next.first),
                (earlier.first, next.last),
                (earlier.last, next.last),
            ];
            let (end, _) = pairs.into_iter().find(|(end, next_end)| near(*end, *next_end))?;
            start = end.saturating_sub(self.automaton.len(*piece));
            next = earlier;
        }
        Some((start, hit.last.max(start)))
    }

    fn pieces(&self, phrase: u32) -> Option<(&[u32], bool)> {
        let at = (phrase as usize).saturating_mul(PHRASE);
        let (pieces, far) = self.phrases.get(at..at.saturating_add(PHRASE))?.split_at_checked(PHRASE - 1)?;
        Some((pieces, far.first() == Some(&1)))
    }
}

fn matches((class, subject, detail): (u8, u16, u16), status: Status) -> bool {
    (class == 0 || class == status.class)
        && (subject == ANY || subject == status.subject)
        && (detail == ANY || detail == status.detail)
}
