//! Rules and declarations (CSS Syntax 3, section 5), as the official validator's parser takes them.
//!
//! The values stay where they are in the list of tokens; what is found is a list of events, in the order in which a
//! walk through the rules would meet them.

use std::borrow::Cow;

use super::token::{Token, TokenKind, normalized, tokens};
use super::{Fault, Place, strip_vendor_prefix};
use crate::report::ErrorCode;

/// Brackets and functions may stand this deep in one another, counted twice each as the official parser does.
const MAX_DEPTH: usize = 100;

/// A style sheet, or the content of a style attribute.
pub(crate) struct Sheet<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    pub(crate) events: Vec<Event<'a>>,
}

/// What a walk through the rules meets.
pub(crate) enum Event<'a> {
    /// An at-rule begins.
    AtRule { name: Cow<'a, str>, at: Place, prelude: Range },
    /// It ends.
    EndAtRule,
    /// A rule with a selector.
    Rule { prelude: Range },
    /// A property and its value.
    Declaration(Declaration<'a>),
}

/// A property and its value.
pub(crate) struct Declaration<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) at: Place,
    /// Where `!important` stands.
    pub(crate) important: Option<Place>,
    value: Range,
}

/// Tokens, and where the end of them is told to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A URL in a declaration.
pub(crate) struct Url<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: Place,
    /// It is the source of a font.
    pub(crate) is_font: bool,
}

/// Reads a style sheet that starts at `start`.
pub(crate) fn sheet<'a>(source: &'a str, start: Place, faults: &mut Vec<Fault>) -> Sheet<'a> {
    let tokens = tokens(source, start, faults);
    let mut parser = Parser { tokens, events: Vec::new(), inline: false, faults };
    parser.rules();
    Sheet { tokens: parser.tokens, events: parser.events }
}

/// Reads the content of a style attribute; every place in it is counted from that of the tag.
pub(crate) fn inline<'a>(source: &'a str, start: Place, faults: &mut Vec<Fault>) -> Sheet<'a> {
    let tokens = tokens(source, start, faults);
    let end = tokens.len().saturating_sub(1);
    let mut parser = Parser { tokens, events: Vec::new(), inline: true, faults };
    parser.declarations(Range { start: 0, end });
    Sheet { tokens: parser.tokens, events: parser.events }
}

/// The text that [`sheet`] and [`inline`] read.
pub(crate) fn source(text: &str) -> Cow<'_, str> {
    normalized(text)
}

impl<'a> Sheet<'a> {
    /// The first word or number of a value; empty where it begins with something else.
    pub(crate) fn first_ident(&self, declaration: &Declaration<'a>) -> &str {
        let mut tokens = self.range(declaration.value);
        let first = match tokens.next() {
            Some(token) if token.kind == TokenKind::WhiteSpace => tokens.next(),
            first => first,
        };
        let word = first.filter(|token| matches!(token.kind, TokenKind::Ident | TokenKind::Number));
        word.map_or("", |token| &token.text)
    }

    pub(super) fn range(&self, range: Range) -> impl Iterator<Item = &Token<'a>> {
        let tokens = self.tokens.get(range.start..range.end).unwrap_or_default();
        tokens.iter().filter(|token| token.kind != TokenKind::Dropped)
    }

    /// The URLs of all declarations, or none where one cannot be read.
    pub(crate) fn urls(&self, faults: &mut Vec<Fault>) -> Vec<Url<'_>> {
        let mut urls = Vec::new();
        let mut scope = "";
        let before = faults.len();
        for event in &self.events {
            match event {
                Event::AtRule { name, .. } => scope = name,
                Event::EndAtRule => scope = "",
                Event::Rule { .. } => {}
                Event::Declaration(declaration) => {
                    self.urls_of(declaration, scope == "font-face", &mut urls, faults);
                }
            }
        }
        if faults.len() > before {
            urls.clear();
        }
        urls
    }

    /// The URLs of a declaration.
    pub(crate) fn urls_of<'t>(
        &'t self,
        declaration: &Declaration<'a>,
        is_font: bool,
        urls: &mut Vec<Url<'t>>,
        faults: &mut Vec<Fault>,
    ) {
        let mut tokens = self.range(declaration.value);
        while let Some(token) = tokens.next() {
            if token.kind == TokenKind::Url {
                urls.push(Url { text: &token.text, at: token.at, is_font });
            }
            // In small letters only: the official validator takes no other for a URL here.
            if token.kind != TokenKind::Function || token.text != "url" {
                continue;
            }
            let mut word = || tokens.by_ref().find(|token| token.kind != TokenKind::WhiteSpace);
            let (string, close) = (word(), word());
            match (string, close) {
                (Some(string), Some(close))
                    if string.kind == TokenKind::String && close.kind == TokenKind::CloseParen =>
                {
                    urls.push(Url { text: &string.text, at: token.at, is_font });
                }
                _ => {
                    faults.push(Fault { code: ErrorCode::CssSyntaxBadUrl, at: token.at, param: None });
                    return;
                }
            }
        }
    }
}

/// How the block of an at-rule is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Rules,
    Declarations,
    Ignored,
}

struct Parser<'a, 'f> {
    tokens: Vec<Token<'a>>,
    events: Vec<Event<'a>>,
    /// In a style attribute the block of any at-rule holds declarations.
    inline: bool,
    faults: &'f mut Vec<Fault>,
}

/// A list of rules being read.
struct Open {
    next: usize,
    end: usize,
}

impl<'a> Parser<'a, '_> {
    fn kind(&self, at: usize, end: usize) -> TokenKind {
        if at >= end {
            TokenKind::End
        } else {
            self.tokens.get(at).map_or(TokenKind::End, |token| token.kind)
        }
    }

    fn place(&self, at: usize) -> Place {
        self.tokens.get(at).or(self.tokens.last()).map(|token| token.at).unwrap_or_default()
    }

    fn text(&self, at: usize) -> Cow<'a, str> {
        self.tokens.get(at).map(|token| token.text.clone()).unwrap_or_default()
    }

    fn fault(&mut self, code: ErrorCode, at: Place) {
        self.faults.push(Fault { code, at, param: None });
    }

    /// The whole style sheet; lists of rules in at-rules are read on a stack of their own.
    fn rules(&mut self) {
        let mut open = vec![Open { next: 0, end: self.tokens.len().saturating_sub(1) }];
        loop {
            let top_level = open.len() == 1;
            let Some(list) = open.last_mut() else { return };
            let (at, end) = (list.next, list.end);
            match self.kind(at, end) {
                TokenKind::End => {
                    open.pop();
                    if !top_level {
                        self.events.push(Event::EndAtRule);
                    }
                }
                TokenKind::WhiteSpace | TokenKind::Dropped => list.next += 1,
                TokenKind::Cdo | TokenKind::Cdc if top_level => list.next += 1,
                TokenKind::AtKeyword => {
                    let (next, inner) = self.at_rule(at, end);
                    if let Some(list) = open.last_mut() {
                        list.next = next;
                    }
                    if let Some(inner) = inner {
                        open.push(Open { next: inner.start, end: inner.end });
                    }
                }
                _ => {
                    let next = self.qualified_rule(at, end);
                    if let Some(list) = open.last_mut() {
                        list.next = next;
                    }
                }
            }
        }
    }

    /// Reads an at-rule up to its block, and a block of declarations; gives what follows it, and a block of rules.
    fn at_rule(&mut self, start: usize, end: usize) -> (usize, Option<Range>) {
        let (name, at) = (self.text(start), self.place(start));
        let mut next = start + 1;
        loop {
            match self.kind(next, end) {
                kind @ (TokenKind::Semicolon | TokenKind::End | TokenKind::OpenCurly) => {
                    let prelude = Range { start: start + 1, end: next };
                    let block = if self.inline { Block::Declarations } else { block_of(&name) };
                    self.events.push(Event::AtRule { name, at, prelude });
                    if kind != TokenKind::OpenCurly {
                        self.events.push(Event::EndAtRule);
                        return (next + 1, None);
                    }
                    let (inner, after) = self.block(next, end);
                    if block == Block::Rules {
                        return (after, Some(inner));
                    }
                    if block == Block::Declarations {
                        self.declarations(inner);
                    }
                    self.events.push(Event::EndAtRule);
                    return (after, None);
                }
                _ => next = self.component(next, end),
            }
        }
    }

    fn qualified_rule(&mut self, start: usize, end: usize) -> usize {
        let at = self.place(start);
        let mut next = start;
        loop {
            match self.kind(next, end) {
                TokenKind::End => {
                    self.fault(ErrorCode::CssSyntaxEofInPreludeOfQualifiedRule, at);
                    return next;
                }
                TokenKind::OpenCurly => {
                    let prelude = Range { start, end: next };
                    let (inner, after) = self.block(next, end);
                    self.events.push(Event::Rule { prelude });
                    self.declarations(inner);
                    return after;
                }
                _ => next = self.component(next, end),
            }
        }
    }

    fn declarations(&mut self, range: Range) {
        let end = range.end;
        let mut next = range.start;
        loop {
            match self.kind(next, end) {
                TokenKind::End => return,
                TokenKind::WhiteSpace | TokenKind::Semicolon | TokenKind::Dropped => next += 1,
                TokenKind::AtKeyword => next = self.at_rule_among_declarations(next, end),
                TokenKind::Ident => next = self.declaration(next, end),
                _ => {
                    let at = self.place(next);
                    self.fault(ErrorCode::CssSyntaxInvalidDeclaration, at);
                    next = self.until_semicolon(next, end);
                }
            }
        }
    }

    /// At-rules are no declarations; the rule is read for its faults and dropped.
    fn at_rule_among_declarations(&mut self, start: usize, end: usize) -> usize {
        let (name, at) = (self.text(start), self.place(start));
        let kept = self.events.len();
        let (next, inner) = self.at_rule(start, end);
        if let Some(inner) = inner {
            let mut open = vec![Open { next: inner.start, end: inner.end }];
            // As in `rules`, but nothing of it is kept.
            while let Some(list) = open.last_mut() {
                let (at, end) = (list.next, list.end);
                let (after, inner) = match self.kind(at, end) {
                    TokenKind::End => {
                        open.pop();
                        continue;
                    }
                    TokenKind::WhiteSpace | TokenKind::Dropped => (at + 1, None),
                    TokenKind::AtKeyword => self.at_rule(at, end),
                    _ => (self.qualified_rule(at, end), None),
                };
                if let Some(list) = open.last_mut() {
                    list.next = after;
                }
                open.extend(inner.map(|inner| Open { next: inner.start, end: inner.end }));
            }
        }
        self.events.truncate(kept);
        let param = Some(name.into_owned());
        self.faults.push(Fault { code: ErrorCode::CssSyntaxInvalidAtRule, at, param });
        next
    }

    /// Component values up to the next semicolon.
    fn until_semicolon(&mut self, start: usize, end: usize) -> usize {
        let mut next = start;
        while !matches!(self.kind(next, end), TokenKind::Semicolon | TokenKind::End) {
            next = self.component(next, end);
        }
        next
    }

    fn declaration(&mut self, start: usize, end: usize) -> usize {
        let (name, at) = (self.text(start), self.place(start));
        let mut next = start + 1;
        while matches!(self.kind(next, end), TokenKind::WhiteSpace | TokenKind::Dropped) {
            next += 1;
        }
        if self.kind(next, end) != TokenKind::Colon {
            self.fault(ErrorCode::CssSyntaxIncompleteDeclaration, at);
            // Brackets are not looked at here.
            while !matches!(self.kind(next, end), TokenKind::Semicolon | TokenKind::End) {
                next += 1;
            }
            return next;
        }
        let from = next + 1;
        next = self.until_semicolon(from, end);
        let mut value = Range { start: from, end: next };
        let important = self.important(&mut value);
        self.events.push(Event::Declaration(Declaration { name, at, important, value }));
        next
    }

    /// Takes `!important` off the end of a value; gives where it stands.
    fn important(&self, value: &mut Range) -> Option<Place> {
        let mut found = false;
        for at in (value.start..value.end).rev() {
            let token = self.tokens.get(at)?;
            match token.kind {
                TokenKind::WhiteSpace | TokenKind::Dropped => {}
                TokenKind::Ident if token.text.eq_ignore_ascii_case("important") => found = true,
                TokenKind::Delim('!') if found => {
                    value.end = at;
                    return Some(token.at);
                }
                _ => return None,
            }
        }
        None
    }

    /// Past a component value: a token, a block in brackets, or a function.
    fn component(&mut self, start: usize, end: usize) -> usize {
        let opens = matches!(
            self.kind(start, end),
            TokenKind::OpenCurly | TokenKind::OpenSquare | TokenKind::OpenParen | TokenKind::Function
        );
        if opens { self.past(start, end, 1).0 } else { start + 1 }
    }

    /// The content of the block that opens at `start`, and what follows it.
    fn block(&mut self, start: usize, end: usize) -> (Range, usize) {
        let (next, closed) = self.past(start, end, 0);
        let last = next.saturating_sub(1).max(start + 1);
        // Of a block that nests too deep the last token that was read counts as its end.
        let inner = if closed { last } else { next.saturating_sub(2).max(start + 1) };
        (Range { start: start + 1, end: inner.min(end) }, next)
    }

    /// Past what opens at `start`, which counts as `depth` deep; whether it did not nest too deep. If it did, the token
    /// at which that was seen is dropped, and what follows it is next.
    fn past(&mut self, start: usize, end: usize, depth: usize) -> (usize, bool) {
        let mut closers: Vec<TokenKind> = Vec::new();
        let mut next = start;
        loop {
            let kind = self.kind(next, end);
            if kind == TokenKind::End {
                return (end + 1, true);
            }
            if closers.last() == Some(&kind) {
                closers.pop();
                next += 1;
                if closers.is_empty() {
                    return (next, true);
                }
                continue;
            }
            let closer = match kind {
                TokenKind::OpenCurly => Some(TokenKind::CloseCurly),
                TokenKind::OpenSquare => Some(TokenKind::CloseSquare),
                TokenKind::OpenParen | TokenKind::Function => Some(TokenKind::CloseParen),
                _ => None,
            };
            // A component is one deeper than the block that it is in, and a block one deeper than the component.
            let component = depth + 2 * closers.len();
            let too_deep = !closers.is_empty()
                && (component.saturating_sub(1) > MAX_DEPTH || (closer.is_some() && component > MAX_DEPTH));
            if too_deep {
                if let Some(token) = self.tokens.get_mut(next) {
                    token.kind = TokenKind::Dropped;
                }
                self.fault(ErrorCode::CssExcessivelyNested, Place { line: 1, col: 0 });
                return (next + 1, false);
            }
            closers.extend(closer);
            next += 1;
        }
    }
}

fn block_of(name: &str) -> Block {
    match strip_vendor_prefix(name) {
        "font-face" | "page" => Block::Declarations,
        "keyframes" | "media" | "supports" => Block::Rules,
        _ => Block::Ignored,
    }
}
