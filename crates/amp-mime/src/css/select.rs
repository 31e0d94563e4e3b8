//! Selectors (Selectors 3): whether they can be read, and which attributes, pseudo classes and elements they use.

use super::parse::{Event, Range, Sheet};
use super::token::{Token, TokenKind};
use super::{Fault, Place};
use crate::report::ErrorCode;
use crate::rules::spec::Selectors;

impl Sheet<'_> {
    /// Reads the selectors of all rules.
    pub(crate) fn check_selectors(&self, allowed: &Selectors, faults: &mut Vec<Fault>) {
        for event in &self.events {
            let Event::Rule { prelude } = event else { continue };
            let mut found = Vec::new();
            let mut reader =
                Reader { sheet: self, next: prelude.start, range: *prelude, allowed, found: &mut found };
            match reader.group() {
                Ok(()) => faults.append(&mut found),
                Err(fault) => faults.push(fault),
            }
        }
    }
}

struct Reader<'s, 'a> {
    sheet: &'s Sheet<'a>,
    next: usize,
    range: Range,
    allowed: &'s Selectors,
    /// Counts only if the whole can be read.
    found: &'s mut Vec<Fault>,
}

type Read = Result<(), Fault>;

impl<'s, 'a> Reader<'s, 'a> {
    fn token(&self, ahead: usize) -> Option<&'s Token<'a>> {
        let tokens = self.sheet.tokens.get(self.next..self.range.end).unwrap_or_default();
        tokens.iter().filter(|token| token.kind != TokenKind::Dropped).nth(ahead)
    }

    fn kind(&self) -> TokenKind {
        self.token(0).map_or(TokenKind::End, |token| token.kind)
    }

    fn kind_after(&self) -> TokenKind {
        self.token(1).map_or(TokenKind::End, |token| token.kind)
    }

    fn place(&self) -> Place {
        let end = self.sheet.tokens.get(self.range.end).or(self.sheet.tokens.last());
        self.token(0).or(end).map(|token| token.at).unwrap_or_default()
    }

    fn consume(&mut self) {
        while self.next < self.range.end {
            let dropped =
                self.sheet.tokens.get(self.next).is_some_and(|token| token.kind == TokenKind::Dropped);
            self.next += 1;
            if !dropped {
                return;
            }
        }
    }

    fn skip_white_space(&mut self) {
        if self.kind() == TokenKind::WhiteSpace {
            self.consume();
        }
    }

    fn fail(&self, code: ErrorCode, at: Place) -> Read {
        Err(Fault { code, at, param: None })
    }

    /// Selectors with commas between.
    fn group(&mut self) -> Read {
        self.selector()?;
        loop {
            self.skip_white_space();
            if self.kind() == TokenKind::Comma {
                self.consume();
                self.skip_white_space();
                self.selector()?;
                continue;
            }
            if self.kind() != TokenKind::End {
                return self.fail(ErrorCode::CssSyntaxUnparsedInputRemainsInSelector, self.place());
            }
            return Ok(());
        }
    }

    /// Sequences with combinators between.
    fn selector(&mut self) -> Read {
        if !begins_sequence(self.kind()) {
            return self.fail(ErrorCode::CssSyntaxNotASelectorStart, self.place());
        }
        self.sequence()?;
        loop {
            // White space before another combinator is none.
            if self.kind() == TokenKind::WhiteSpace && !begins_sequence(self.kind_after()) {
                self.consume();
            }
            let combines = match self.kind() {
                TokenKind::WhiteSpace => begins_sequence(self.kind_after()),
                kind => matches!(kind, TokenKind::Delim('+' | '>' | '~')),
            };
            if !combines {
                return Ok(());
            }
            self.consume();
            self.skip_white_space();
            self.sequence()?;
        }
    }

    /// A type, ids, classes, attributes and pseudo classes without anything between.
    fn sequence(&mut self) -> Read {
        let start = self.place();
        let mut any = false;
        if matches!(self.kind(), TokenKind::Delim('*' | '|') | TokenKind::Ident) {
            self.type_selector();
            any = true;
        }
        loop {
            match self.kind() {
                TokenKind::Hash => self.consume(),
                TokenKind::Delim('.') if self.kind_after() == TokenKind::Ident => {
                    self.consume();
                    self.consume();
                }
                TokenKind::OpenSquare => self.attribute()?,
                TokenKind::Colon => self.pseudo()?,
                _ if any => return Ok(()),
                _ => return self.fail(ErrorCode::CssSyntaxMissingSelector, start),
            }
            any = true;
        }
    }

    /// A namespace, where there is one.
    fn namespace(&mut self) {
        if self.kind() == TokenKind::Delim('|') {
            self.consume();
        } else if matches!(self.kind(), TokenKind::Delim('*') | TokenKind::Ident)
            && self.kind_after() == TokenKind::Delim('|')
        {
            self.consume();
            self.consume();
        }
    }

    fn type_selector(&mut self) {
        self.namespace();
        if matches!(self.kind(), TokenKind::Delim('*') | TokenKind::Ident) {
            self.consume();
        }
    }

    fn attribute(&mut self) -> Read {
        let start = self.place();
        self.consume();
        self.skip_white_space();
        self.namespace();
        let name = self.token(0).filter(|token| token.kind == TokenKind::Ident);
        let Some(name) = name else { return self.fail(ErrorCode::CssSyntaxInvalidAttrSelector, start) };
        self.consume();
        self.skip_white_space();
        let operator = matches!(self.kind(), TokenKind::Match | TokenKind::Delim('='));
        if operator {
            self.consume();
        }
        self.skip_white_space();
        if operator {
            if !matches!(self.kind(), TokenKind::Ident | TokenKind::String) {
                return self.fail(ErrorCode::CssSyntaxInvalidAttrSelector, start);
            }
            self.consume();
        }
        self.skip_white_space();
        if self.kind() != TokenKind::CloseSquare {
            return self.fail(ErrorCode::CssSyntaxInvalidAttrSelector, start);
        }
        self.consume();
        if !is_allowed(self.allowed.attributes, &name.text) {
            self.note(ErrorCode::CssSyntaxDisallowedAttrSelector, start, name);
        }
        Ok(())
    }

    fn pseudo(&mut self) -> Read {
        let start = self.place();
        self.consume();
        let is_element = self.kind() == TokenKind::Colon;
        if is_element {
            self.consume();
        }
        let token = self.token(0);
        let name = match token {
            Some(name) if name.kind == TokenKind::Ident => {
                self.consume();
                name
            }
            Some(name) if name.kind == TokenKind::Function => {
                self.function();
                name
            }
            _ => return self.fail(ErrorCode::CssSyntaxErrorInPseudoSelector, start),
        };
        let (allowed, code) = if is_element {
            (self.allowed.elements, ErrorCode::CssSyntaxDisallowedPseudoElement)
        } else {
            (self.allowed.classes, ErrorCode::CssSyntaxDisallowedPseudoClass)
        };
        if !is_allowed(allowed, &name.text) {
            self.note(code, start, name);
        }
        Ok(())
    }

    /// Past a function; that it does not nest too deep was seen when the rule was read.
    fn function(&mut self) {
        let mut closers = Vec::new();
        while self.kind() != TokenKind::End {
            let kind = self.kind();
            self.consume();
            match kind {
                TokenKind::Function | TokenKind::OpenParen => closers.push(TokenKind::CloseParen),
                TokenKind::OpenSquare => closers.push(TokenKind::CloseSquare),
                TokenKind::OpenCurly => closers.push(TokenKind::CloseCurly),
                kind if closers.last() == Some(&kind) => {
                    closers.pop();
                    if closers.is_empty() {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, code: ErrorCode, at: Place, name: &Token<'a>) {
        self.found.push(Fault { code, at, param: Some(name.text.to_string()) });
    }
}

fn is_allowed(allowed: &[&str], name: &str) -> bool {
    allowed.iter().any(|one| *one == "*" || *one == name)
}

fn begins_sequence(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Delim('*' | '|' | '.')
            | TokenKind::Ident
            | TokenKind::Hash
            | TokenKind::OpenSquare
            | TokenKind::Colon
    )
}
