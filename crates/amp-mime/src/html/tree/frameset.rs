//! The modes of framesets (HTML 13.2.6.4.20, 13.2.6.4.21, 13.2.6.4.23).

use super::stack::is_white_space;
use super::{Builder, Mode, NodeId, Step, Tag, TokenKind};

impl Builder<'_> {
    pub(super) fn in_frameset(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Text, _) => self.add_white_space(),
            (TokenKind::StartTag, Tag::Html) => return self.in_body(),
            (TokenKind::StartTag, Tag::Frameset) => {
                self.add_element();
            }
            (TokenKind::StartTag, Tag::Frame) => self.add_void_element(),
            (TokenKind::StartTag, Tag::Noframes) => return self.in_head(),
            (TokenKind::EndTag, Tag::Frameset) if self.top_tag() != Tag::Html => {
                self.open.pop();
                if self.top_tag() != Tag::Frameset {
                    self.mode = Mode::AfterFrameset;
                }
            }
            _ => {}
        }
        Step::Done
    }

    pub(super) fn after_frameset(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Text, _) => self.add_white_space(),
            (TokenKind::StartTag, Tag::Html) => return self.in_body(),
            (TokenKind::StartTag, Tag::Noframes) => return self.in_head(),
            (TokenKind::EndTag, Tag::Html) => self.mode = Mode::AfterAfterFrameset,
            _ => {}
        }
        Step::Done
    }

    pub(super) fn after_after_frameset(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Comment, _) => return self.comment_in(NodeId::ROOT),
            (TokenKind::Text, _) => {
                let text = self.take_text();
                self.token.data = text.chars().filter(|&char| is_white_space(char)).collect();
                if !self.token.data.is_empty() {
                    return self.in_body();
                }
            }
            (TokenKind::StartTag, Tag::Html) | (TokenKind::Doctype, _) => return self.in_body(),
            (TokenKind::StartTag, Tag::Noframes) => return self.in_head(),
            _ => {}
        }
        Step::Done
    }

    /// Of the text only the white space.
    fn add_white_space(&mut self) {
        let text = self.take_text();
        self.add_text(text.chars().filter(|&char| is_white_space(char)).collect());
    }
}
