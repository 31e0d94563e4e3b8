//! Files into a set.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use mailwright_message_model::Message;
use regex::{RegexBuilder, RegexSetBuilder};
use toml::Spanned;

use super::facts::{self, Ask};
use super::matcher::{Matcher, Phrases};
use super::source::{RuleSource, Source, TestSource};
use super::{RuleSet, words};
use crate::line::in_text;
use crate::{Error, ErrorKind, Input};

/// Rules of a set: above any that people keep in order.
pub const MAX_RULES: usize = 5_000;

/// Octets of a regular expression or phrase.
pub const MAX_PATTERN: usize = 2_000;

/// Regular expressions of a set.
pub const MAX_PATTERNS: usize = 10_000;

/// Phrases of a set.
pub const MAX_PHRASES: usize = 50_000;

/// Octets that the compiled expressions of one place may take, and the cache that runs them: `\w{1,1000}{1,1000}` would take all
/// memory.
pub const REGEX_BYTES: usize = 16 << 20;

/// Levels of parentheses in an expression.
const REGEX_DEPTH: u32 = 40;

/// A compiled rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) score: Option<f64>,
    pub(super) about: String,
    pub(super) all: Vec<Test>,
    pub(super) any: Vec<Test>,
    pub(super) none: Vec<Test>,
}

/// A compiled condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Fact { fact: usize, least: f64, most: f64 },
    Regex { matcher: usize, ids: Vec<usize>, least: usize },
    Words { matcher: usize, ids: Vec<usize>, least: usize },
    Rule(usize),
}

/// Where a pattern is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Subject,
    From,
    To,
    Header,
    Field(String),
    Text,
    Html,
    Url,
    File,
    Type,
}

impl Place {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "subject" => Self::Subject,
            "from" => Self::From,
            "to" => Self::To,
            "header" => Self::Header,
            "text" => Self::Text,
            "html" => Self::Html,
            "url" => Self::Url,
            "file" => Self::File,
            "type" => Self::Type,
            _ => Self::Field(word.strip_prefix("header:").filter(|name| !name.is_empty())?.to_owned()),
        })
    }
}

/// Patterns of one place, while they are gathered.
#[derive(Default)]
struct Gathered {
    places: Vec<(Place, Vec<String>)>,
    known: HashMap<(usize, String), usize>,
    count: usize,
}

impl Gathered {
    fn place(&mut self, place: &Place) -> usize {
        match self.places.iter().position(|(known, _)| known == place) {
            Some(at) => at,
            None => {
                self.places.push((place.clone(), Vec::new()));
                self.places.len().saturating_sub(1)
            }
        }
    }

    fn pattern(&mut self, place: usize, pattern: String) -> usize {
        let Some((_, patterns)) = self.places.get_mut(place) else { return 0 };
        let next = patterns.len();
        let id = *self.known.entry((place, pattern.clone())).or_insert(next);
        if id == next {
            patterns.push(pattern);
            self.count = self.count.saturating_add(1);
        }
        id
    }
}

/// Where an error is.
struct Text<'t>(&'t str);

impl Text<'_> {
    fn error(&self, what: impl Into<String>, offset: usize) -> Error {
        in_text(ErrorKind::Rules(what.into()), self.0, offset)
    }
}

#[derive(Default)]
struct Compiler {
    rules: Vec<Rule>,
    names: HashMap<String, usize>,
    asks: Vec<Ask>,
    ask_names: HashMap<String, usize>,
    regexes: Gathered,
    phrases: Gathered,
}

/// Compiles files, and runs the tests of the last one where `tested`.
pub(super) fn compile(texts: Vec<String>, tested: bool) -> Result<RuleSet, Error> {
    let mut compiler = Compiler::default();
    let mut last = Source::default();
    for text in &texts {
        last = compiler.add(text)?;
    }
    let set = compiler.finish(texts)?;
    if tested {
        let text = set.texts.last().map_or("", String::as_str);
        run_tests(&set, &last, text)?;
    }
    Ok(set)
}

impl Compiler {
    fn add(&mut self, text: &str) -> Result<Source, Error> {
        let place = Text(text);
        let source: Source = toml::from_str(text).map_err(|error| {
            place.error(error.message().to_owned(), error.span().map_or(0, |span| span.start))
        })?;
        for rule in &source.rule {
            self.add_rule(rule, &place)?;
        }
        for (name, score) in &source.scores {
            let at = name.span().start;
            let found = self.names.get(name.as_ref()).and_then(|rule| self.rules.get_mut(*rule));
            let rule =
                found.ok_or_else(|| place.error(format!("there is no rule {:?}", name.as_ref()), at))?;
            if !score.is_finite() {
                return Err(place.error("a score is a finite number", at));
            }
            rule.score = Some(*score);
        }
        Ok(source)
    }

    fn add_rule(&mut self, source: &RuleSource, text: &Text<'_>) -> Result<(), Error> {
        let (name, at) = (source.name.as_ref(), source.name.span().start);
        if self.rules.len() >= MAX_RULES {
            return Err(text.error(format!("more than {MAX_RULES} rules"), at));
        }
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
            return Err(
                text.error(format!("{name:?}: a name has upper-case letters, digits and underscores"), at)
            );
        }
        if source.score.as_ref().is_some_and(|score| !score.as_ref().is_finite()) {
            return Err(text.error("a score is a finite number", at));
        }
        let mut tests = |list: &[Spanned<TestSource>]| -> Result<Vec<Test>, Error> {
            list.iter().map(|test| self.test(test, text)).collect()
        };
        let (all, any, none) = (tests(&source.all)?, tests(&source.any)?, tests(&source.none)?);
        if all.is_empty() && any.is_empty() {
            return Err(text.error(format!("{name}: a rule needs a condition in `all` or `any`"), at));
        }
        if let Some(twin) =
            self.rules.iter().find(|rule| rule.all == all && rule.any == any && rule.none == none)
        {
            return Err(text.error(format!("{name} asks for the same as {}", twin.name), at));
        }
        if self.names.insert(name.clone(), self.rules.len()).is_some() {
            return Err(text.error(format!("the name {name} is taken"), at));
        }
        let score = source.score.as_ref().map(|score| *score.as_ref());
        self.rules.push(Rule { name: name.clone(), score, about: source.about.clone(), all, any, none });
        Ok(())
    }

    fn test(&mut self, source: &Spanned<TestSource>, text: &Text<'_>) -> Result<Test, Error> {
        let at = source.span().start;
        let test = source.as_ref();
        let fail = |what: String| text.error(what, at);
        let place = match &test.place {
            Some(word) => {
                Some(Place::parse(word).ok_or_else(|| fail(format!("there is no place {word:?}")))?)
            }
            None => None,
        };
        let least = test.least.unwrap_or(1.0);
        let count = || {
            // A handful of patterns: read as a whole number, at least one.
            (1..=64_u8).find(|count| f64::from(*count) >= least).map(usize::from)
        };
        match (&test.fact, &test.regex, &test.words, &test.rule, place) {
            (Some(name), None, None, None, None) => {
                let fact = self.fact(name).ok_or_else(|| fail(format!("there is no fact {name:?}")))?;
                let least = match (test.least, test.most) {
                    (Some(least), _) => least,
                    // `most` alone begins at nothing.
                    (None, Some(_)) => f64::NEG_INFINITY,
                    (None, None) => 1.0,
                };
                Ok(Test::Fact { fact, least, most: test.most.unwrap_or(f64::INFINITY) })
            }
            (None, Some(patterns), None, None, Some(place)) if test.most.is_none() => {
                let matcher = self.regexes.place(&place);
                let ids = patterns.iter().map(|pattern| self.regex(matcher, pattern, text)).collect::<Result<_, _>>()?;
                let least = count().ok_or_else(|| fail("`least` is too large".to_owned()))?;
                Ok(Test::Regex { matcher, ids, least })
            }
            (None, None, Some(phrases), None, Some(place @ (Place::Subject | Place::Text))) if test.most.is_none() => {
                let matcher = self.phrases.place(&place);
                let ids = phrases.iter().map(|phrase| self.phrase(matcher, phrase, text)).collect::<Result<_, _>>()?;
                let least = count().ok_or_else(|| fail("`least` is too large".to_owned()))?;
                Ok(Test::Words { matcher, ids, least })
            }
            (None, None, None, Some(name), None) if test.least.is_none() && test.most.is_none() => {
                let found = self.names.get(name).copied();
                Ok(Test::Rule(found.ok_or_else(|| fail(format!("no rule {name:?} stands above")))?))
            }
            _ => Err(fail(
                "a condition is one of: fact [least] [most]; regex in [least]; words in (subject or text) [least]; rule".to_owned(),
            )),
        }
    }

    fn fact(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.ask_names.get(name) {
            return Some(*known);
        }
        let ask = facts::find(name)?;
        self.asks.push(ask);
        let id = self.asks.len().saturating_sub(1);
        self.ask_names.insert(name.to_owned(), id);
        Some(id)
    }

    fn regex(&mut self, matcher: usize, pattern: &Spanned<String>, text: &Text<'_>) -> Result<usize, Error> {
        let at = pattern.span().start;
        let pattern = pattern.as_ref();
        if pattern.is_empty() || pattern.len() > MAX_PATTERN {
            return Err(text.error(format!("a pattern has 1 to {MAX_PATTERN} octets"), at));
        }
        if self.regexes.count >= MAX_PATTERNS {
            return Err(text.error(format!("more than {MAX_PATTERNS} patterns"), at));
        }
        let built = RegexBuilder::new(pattern).size_limit(REGEX_BYTES).nest_limit(REGEX_DEPTH).build();
        let regex = built.map_err(|error| text.error(one_line(&error.to_string()), at))?;
        if regex.is_match("") {
            return Err(
                text.error(format!("the pattern {pattern:?} matches nothing at all, and so everything"), at)
            );
        }
        Ok(self.regexes.pattern(matcher, pattern.clone()))
    }

    fn phrase(&mut self, matcher: usize, phrase: &Spanned<String>, text: &Text<'_>) -> Result<usize, Error> {
        let at = phrase.span().start;
        if phrase.as_ref().len() > MAX_PATTERN {
            return Err(text.error(format!("a phrase has at most {MAX_PATTERN} octets"), at));
        }
        if self.phrases.count >= MAX_PHRASES {
            return Err(text.error(format!("more than {MAX_PHRASES} phrases"), at));
        }
        let normal = words::phrase(phrase.as_ref());
        let normal =
            normal.ok_or_else(|| text.error(format!("the phrase {:?} has no word", phrase.as_ref()), at))?;
        Ok(self.phrases.pattern(matcher, normal))
    }

    fn finish(self, texts: Vec<String>) -> Result<RuleSet, Error> {
        let whole = |what: String| Error::new(ErrorKind::Rules(what));
        let mut matchers = Vec::new();
        for (place, patterns) in self.regexes.places {
            let mut builder = RegexSetBuilder::new(&patterns);
            builder.size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).nest_limit(REGEX_DEPTH);
            let set = builder.build().map_err(|error| {
                whole(format!("the patterns of {place:?} together: {}", one_line(&error.to_string())))
            })?;
            matchers.push((place, Matcher { set }));
        }
        let mut phrases = Vec::new();
        for (place, patterns) in self.phrases.places {
            let automaton = AhoCorasick::new(&patterns).map_err(|error| whole(error.to_string()))?;
            phrases.push((place, Phrases { automaton }));
        }
        Ok(RuleSet { texts, rules: self.rules, asks: self.asks, matchers, phrases })
    }
}

/// The messages of a file's rules.
pub(super) fn run_tests(set: &RuleSet, source: &Source, text: &str) -> Result<(), Error> {
    let text = Text(text);
    for rule in &source.rule {
        let name = rule.name.as_ref();
        let index = set.rules.iter().position(|known| known.name == *name);
        let meets = |raw: &Spanned<String>| -> Result<bool, Error> {
            let message = Message::parse(raw.as_ref().as_bytes())
                .map_err(|error| text.error(error.to_string(), raw.span().start))?;
            let (met, _) = set.met(&Input::new(&message, 0));
            Ok(index.and_then(|index| met.get(index)).copied().unwrap_or(false))
        };
        for raw in &rule.hit {
            if !meets(raw)? {
                return Err(text.error(format!("{name} does not meet its test message"), raw.span().start));
            }
        }
        for raw in &rule.miss {
            if meets(raw)? {
                return Err(text.error(format!("{name} meets a message that it must not"), raw.span().start));
            }
        }
    }
    Ok(())
}

/// The last line of an error of several, which says what is wrong.
fn one_line(error: &str) -> String {
    error.lines().last().unwrap_or_default().trim().to_owned()
}
