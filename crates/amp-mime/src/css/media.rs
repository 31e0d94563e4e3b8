//! Media queries (Media Queries 3): whether they can be read, and what they ask for.

use super::Fault;
use super::parse::{Event, Sheet};
use super::strip_vendor_prefix;
use super::token::{Token, TokenKind};
use crate::report::ErrorCode;
use crate::rules::spec::MediaQueries;

impl Sheet<'_> {
    /// Reads the queries of all `@media` rules.
    pub(crate) fn check_media(&self, allowed: &MediaQueries, faults: &mut Vec<Fault>) {
        for event in &self.events {
            let Event::AtRule { name, at, prelude } = event else { continue };
            if !name.eq_ignore_ascii_case("media") {
                continue;
            }
            let tokens: Vec<_> = self.range(*prelude).collect();
            let mut reader = Reader { tokens: &tokens, types: Vec::new(), features: Vec::new() };
            if reader.list().is_none() {
                faults.push(Fault { code: ErrorCode::CssSyntaxMalformedMediaQuery, at: *at, param: None });
            }
            for token in reader.types {
                let name = token.text.to_ascii_lowercase();
                if !allowed.types.contains(&strip_vendor_prefix(&name)) {
                    faults.push(fault(ErrorCode::CssSyntaxDisallowedMediaType, token));
                }
            }
            for token in reader.features {
                let lower = token.text.to_ascii_lowercase();
                let name = strip_vendor_prefix(&lower);
                let name = name.strip_prefix("min-").or_else(|| name.strip_prefix("max-")).unwrap_or(name);
                if !allowed.features.contains(&name) {
                    faults.push(fault(ErrorCode::CssSyntaxDisallowedMediaFeature, token));
                }
            }
        }
    }
}

fn fault(code: ErrorCode, token: &Token<'_>) -> Fault {
    Fault { code, at: token.at, param: Some(token.text.to_string()) }
}

struct Reader<'t, 's, 'a> {
    tokens: &'t [&'s Token<'a>],
    types: Vec<&'s Token<'a>>,
    features: Vec<&'s Token<'a>>,
}

/// `None` where the query cannot be read.
type Read = Option<()>;

impl Reader<'_, '_, '_> {
    fn kind(&self) -> TokenKind {
        self.tokens.first().map_or(TokenKind::End, |token| token.kind)
    }

    fn consume(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn skip_white_space(&mut self) {
        if self.kind() == TokenKind::WhiteSpace {
            self.consume();
        }
    }

    fn take(&mut self, kind: TokenKind) -> Read {
        (self.kind() == kind).then(|| self.consume())
    }

    fn is_word(&self, word: &str) -> bool {
        self.tokens
            .first()
            .is_some_and(|token| token.kind == TokenKind::Ident && token.text.eq_ignore_ascii_case(word))
    }

    fn list(&mut self) -> Read {
        self.skip_white_space();
        if self.kind() != TokenKind::End {
            self.query()?;
            while self.take(TokenKind::Comma).is_some() {
                self.skip_white_space();
                self.query()?;
            }
        }
        (self.kind() == TokenKind::End).then_some(())
    }

    fn query(&mut self) -> Read {
        if self.kind() == TokenKind::OpenParen {
            self.expression()?;
        } else {
            if self.is_word("only") || self.is_word("not") {
                self.consume();
            }
            self.skip_white_space();
            let kind = self.word()?;
            self.types.push(kind);
            self.skip_white_space();
        }
        while self.is_word("and") {
            self.consume();
            self.skip_white_space();
            self.expression()?;
        }
        Some(())
    }

    fn expression(&mut self) -> Read {
        self.take(TokenKind::OpenParen)?;
        self.skip_white_space();
        let feature = self.word()?;
        self.features.push(feature);
        self.skip_white_space();
        if self.take(TokenKind::Colon).is_some() {
            // The value is not looked at. Functions in it may nest, plain parentheses may not.
            let mut depth = 0_usize;
            loop {
                match self.kind() {
                    TokenKind::End => break,
                    TokenKind::CloseParen if depth == 0 => break,
                    TokenKind::CloseParen => depth -= 1,
                    TokenKind::Function => depth = depth.saturating_add(1),
                    _ => {}
                }
                self.consume();
            }
        }
        self.take(TokenKind::CloseParen)?;
        self.skip_white_space();
        Some(())
    }
}

impl<'s, 'a> Reader<'_, 's, 'a> {
    fn word(&mut self) -> Option<&'s Token<'a>> {
        let token = *self.tokens.first()?;
        (token.kind == TokenKind::Ident).then(|| {
            self.consume();
            token
        })
    }
}
