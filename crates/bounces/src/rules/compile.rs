//! Rules as written to rules as looked up.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use toml::Spanned;

use super::automaton::NONE;
use super::error::{MAX_PHRASE, MAX_PHRASES, MAX_USER_RULES, RuleError, RuleErrorKind};
use super::normal::Normal;
use super::read::{MarkSource, RuleSource, Source};
use super::tables::{ANY, COMMAND, PROVIDER, Rule, Tables};
use super::trie;
use crate::reason::Command;

/// Puts files together, in order: a rule of an earlier one comes before those of a later one.
pub(crate) struct Compiler {
    sets: BTreeMap<String, Vec<String>>,
    providers: Vec<String>,
    rules: Vec<Rule>,
    names: HashMap<String, ()>,
    patterns: HashMap<Vec<u8>, u32>,
    phrases: Vec<[u32; 4]>,
    known: HashMap<[u32; 4], u32>,
    /// Last piece, target, phrase.
    triggers: Vec<(u32, u32, u32)>,
    lists: Vec<u32>,
    early: Vec<u32>,
    silent: Vec<u32>,
}

impl Compiler {
    pub(crate) fn new() -> Self {
        Self {
            sets: BTreeMap::new(),
            providers: Vec::new(),
            rules: Vec::new(),
            names: HashMap::new(),
            patterns: HashMap::new(),
            phrases: Vec::new(),
            known: HashMap::new(),
            triggers: Vec::new(),
            lists: Vec::new(),
            early: Vec::new(),
            silent: Vec::new(),
        }
    }

    /// Adds the rules of a file, of which `text` is the whole.
    pub(crate) fn add(&mut self, source: &Source, text: &str) -> Result<(), RuleError> {
        for (name, words) in &source.sets {
            self.sets.insert(name.clone(), words.clone());
        }
        for provider in &source.provider {
            let number = self.provider(provider.name.as_ref());
            self.marks(PROVIDER | u32::from(number), provider, text)?;
        }
        for command in &source.command {
            let named: Command = word(&command.name, text)?;
            let number = Command::ALL.iter().position(|known| *known == named).unwrap_or(0);
            self.marks(COMMAND | u32::try_from(number).unwrap_or(0), command, text)?;
        }
        for rule in &source.rule {
            self.rule(rule, text)?;
        }
        Ok(())
    }

    fn marks(&mut self, target: u32, source: &MarkSource, text: &str) -> Result<(), RuleError> {
        for phrase in self.all(&source.marks, text)? {
            self.trigger(target, phrase);
        }
        Ok(())
    }

    fn rule(&mut self, source: &RuleSource, text: &str) -> Result<(), RuleError> {
        let name = source.name.as_ref();
        let fail = |kind| RuleError::at(kind, text, source.name.span().start);
        if self.rules.len() >= MAX_USER_RULES {
            return Err(fail(RuleErrorKind::TooMany));
        }
        if self.names.insert(name.clone(), ()).is_some() {
            return Err(fail(RuleErrorKind::Duplicate(name.clone())));
        }
        let number = u32::try_from(self.rules.len()).unwrap_or(NONE);
        let status = each(&source.status, text, status)?;
        let rule = Rule {
            name: Cow::Owned(name.clone()),
            reason: word(&source.reason, text)?,
            class: source.class.as_ref().map(|class| word(class, text)).transpose()?,
            advice: source.advice.as_ref().map(|advice| word(advice, text)).transpose()?,
            provider: source
                .at
                .as_ref()
                .or(source.provider.as_ref())
                .map(|name| self.provider(name.as_ref())),
            at: source.at.is_some(),
            vague: source.vague,
            details: details(&status),
            status: status.into(),
            code: each(&source.code, text, code)?.into(),
            command: source
                .command
                .iter()
                .map(|name| word(name, text))
                .collect::<Result<Vec<_>, _>>()?
                .into(),
            with: self.list(&source.with, text)?,
            not: self.list(&source.not, text)?,
        };
        if source.any.is_empty() {
            if rule.status.is_empty() && rule.code.is_empty() && rule.command.is_empty() {
                return Err(fail(RuleErrorKind::Empty(name.clone())));
            }
            let list = if source.first { &mut self.early } else { &mut self.silent };
            list.push(number);
        }
        for phrase in self.all(&source.any, text)? {
            self.trigger(number, phrase);
        }
        self.rules.push(rule);
        Ok(())
    }

    fn provider(&mut self, name: &str) -> u16 {
        let at = self.providers.iter().position(|known| known == name).unwrap_or_else(|| {
            self.providers.push(name.to_owned());
            self.providers.len().saturating_sub(1)
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    fn list(&mut self, sources: &[Spanned<String>], text: &str) -> Result<(u32, u32), RuleError> {
        let phrases = self.all(sources, text)?;
        let here = |lists: &Vec<u32>| u32::try_from(lists.len()).unwrap_or(NONE);
        let start = here(&self.lists);
        self.lists.extend(phrases);
        Ok((start, here(&self.lists)))
    }

    fn all(&mut self, sources: &[Spanned<String>], text: &str) -> Result<Vec<u32>, RuleError> {
        let mut all = Vec::new();
        for source in sources {
            let fail = |kind| RuleError::at(kind, text, source.span().start);
            all.extend(self.phrase(source.as_ref()).map_err(fail)?);
        }
        Ok(all)
    }

    /// The phrases that one line of a file stands for, its sets filled in.
    fn phrase(&mut self, source: &str) -> Result<Vec<u32>, RuleErrorKind> {
        if source.len() > MAX_PHRASE {
            return Err(RuleErrorKind::TooLong(source.to_owned()));
        }
        let mut numbers = Vec::new();
        for filled in self.fill(source)? {
            let far = filled.contains("~~");
            let mut pieces = [NONE; 4];
            let mut count = 0;
            for piece in filled.split('~').filter(|piece| !piece.trim().is_empty()) {
                let Some(pattern) = pattern(piece).filter(|_| count < 3) else {
                    return Err(RuleErrorKind::BadPhrase(source.to_owned()));
                };
                let next = u32::try_from(self.patterns.len()).unwrap_or(NONE);
                let number = *self.patterns.entry(pattern).or_insert(next);
                if let Some(slot) = pieces.get_mut(count) {
                    *slot = number;
                }
                count += 1;
            }
            if count == 0 {
                return Err(RuleErrorKind::BadPhrase(source.to_owned()));
            }
            if let Some(slot) = pieces.last_mut() {
                *slot = u32::from(far);
            }
            let next = u32::try_from(self.phrases.len()).unwrap_or(NONE);
            let number = *self.known.entry(pieces).or_insert(next);
            if number == next {
                if self.phrases.len() >= MAX_PHRASES {
                    return Err(RuleErrorKind::TooManyPhrases);
                }
                self.phrases.push(pieces);
            }
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn fill(&self, source: &str) -> Result<Vec<String>, RuleErrorKind> {
        let mut filled = vec![String::new()];
        let mut rest = source;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((name, after)) = behind.split_once('}') else {
                return Err(RuleErrorKind::UnknownSet(behind.to_owned()));
            };
            let words = self.sets.get(name).ok_or_else(|| RuleErrorKind::UnknownSet(name.to_owned()))?;
            if filled.len().saturating_mul(words.len()) > MAX_PHRASES {
                return Err(RuleErrorKind::TooManyPhrases);
            }
            filled = filled
                .iter()
                .flat_map(|start| words.iter().map(move |word| format!("{start}{before}{word}")))
                .collect();
            rest = after;
        }
        filled.iter_mut().for_each(|start| start.push_str(rest));
        Ok(filled)
    }

    fn trigger(&mut self, target: u32, phrase: u32) {
        let pieces = self.phrases.get(phrase as usize);
        let last = pieces.and_then(|pieces| pieces.iter().take(3).rev().find(|piece| **piece != NONE));
        if let Some(last) = last {
            self.triggers.push((*last, target, phrase));
        }
    }

    /// The tables.
    pub(crate) fn finish(mut self) -> Tables {
        let mut patterns = vec![Vec::new(); self.patterns.len()];
        for (pattern, number) in self.patterns {
            if let Some(slot) = patterns.get_mut(number as usize) {
                *slot = pattern;
            }
        }
        let is_rule = |target: u32| target & (PROVIDER | COMMAND) == 0;
        self.triggers
            .sort_unstable_by_key(|(last, target, phrase)| (*last, is_rule(*target), *target, *phrase));
        self.triggers.dedup();
        let starts = (0..=patterns.len()).map(|number| {
            let before = self.triggers.partition_point(|(last, _, _)| (*last as usize) < number);
            u32::try_from(before).unwrap_or(NONE)
        });
        Tables {
            automaton: trie::build(&patterns),
            trigger_starts: starts.collect::<Vec<_>>().into(),
            triggers: self
                .triggers
                .iter()
                .map(|(_, target, phrase)| [*target, *phrase])
                .collect::<Vec<_>>()
                .into(),
            phrases: self.phrases.concat().into(),
            lists: self.lists.into(),
            rules: self.rules.into(),
            early: self.early.into(),
            silent: self.silent.into(),
            providers: self.providers.into_iter().map(Cow::Owned).collect::<Vec<_>>().into(),
        }
    }
}

/// The octets to look for. `*` in front: also inside a word; `|` at the end: to the end of a word.
fn pattern(piece: &str) -> Option<Vec<u8>> {
    let piece = piece.trim();
    let (inside, piece) = piece.strip_prefix('*').map_or((false, piece), |piece| (true, piece));
    let (whole, piece) = piece.strip_suffix('|').map_or((false, piece), |piece| (true, piece));
    // A phrase that loses its last word says less than it seems to.
    let last = piece.split_whitespace().next_back()?;
    if Normal::of(last).text.len() < 2 {
        return None;
    }
    let mut octets = if inside && piece.bytes().any(|octet| octet.is_ascii_punctuation()) {
        // Part of a host name or URL, which stay as they are.
        piece.to_ascii_lowercase().into_bytes()
    } else {
        let text = Normal::of(piece).text;
        let text = text.strip_suffix(b" ").unwrap_or(&text);
        let ideographic = std::str::from_utf8(text)
            .ok()?
            .trim_start()
            .chars()
            .next()
            .is_some_and(super::word::is_ideographic);
        if inside || ideographic { text.strip_prefix(b" ").unwrap_or(text).to_vec() } else { text.to_vec() }
    };
    // "messages per" is not "messages permanently": a short last word is a whole one.
    let short = last.len() <= 3 && last.bytes().all(|octet| octet.is_ascii_alphabetic());
    if whole || short && !inside {
        octets.push(b' ');
    }
    octets.iter().any(|octet| !octet.is_ascii_whitespace()).then_some(octets)
}

fn word<T: FromStr>(name: &Spanned<String>, text: &str) -> Result<T, RuleError> {
    name.as_ref().parse().map_err(|_| {
        RuleError::at(RuleErrorKind::UnknownWord(name.as_ref().clone()), text, name.span().start)
    })
}

fn each<T>(
    sources: &[Spanned<String>],
    text: &str,
    read: fn(&str) -> Result<T, RuleErrorKind>,
) -> Result<Vec<T>, RuleError> {
    let one = |source: &Spanned<String>| {
        read(source.as_ref()).map_err(|kind| RuleError::at(kind, text, source.span().start))
    };
    sources.iter().map(one).collect()
}

/// `5.1.1`, `x.1.1`, `4.7.x`.
fn status(source: &str) -> Result<(u8, u16, u16), RuleErrorKind> {
    let bad = || RuleErrorKind::BadStatus(source.to_owned());
    let mut parts = source.split('.');
    let class = match parts.next() {
        Some("x") => 0,
        Some("2") => 2,
        Some("4") => 4,
        Some("5") => 5,
        _ => return Err(bad()),
    };
    let mut number = || match parts.next() {
        Some("x") => Ok(ANY),
        Some(digits) => digits.parse().ok().filter(|number| *number < 1000).ok_or_else(bad),
        None => Err(bad()),
    };
    let status = (class, number()?, number()?);
    if parts.next().is_some() { Err(bad()) } else { Ok(status) }
}

/// The bits of `Rule::details`.
fn details(status: &[(u8, u16, u16)]) -> u64 {
    status
        .iter()
        .fold(0, |bits, (_, _, detail)| bits | if *detail == ANY { u64::MAX } else { 1 << (detail & 63) })
}

/// `550`, `5xx`.
fn code(source: &str) -> Result<(u16, u16), RuleErrorKind> {
    let bad = || RuleErrorKind::BadCode(source.to_owned());
    let low: u16 = source.replace('x', "0").parse().map_err(|_| bad())?;
    let high: u16 = source.replace('x', "9").parse().map_err(|_| bad())?;
    if source.len() == 3 { Ok((low, high)) } else { Err(bad()) }
}
