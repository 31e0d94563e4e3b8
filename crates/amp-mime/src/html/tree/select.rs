//! The modes of `select` and `template` (HTML 13.2.6.4.16 to 13.2.6.4.18).

use super::super::text::without_nul;
use super::{Builder, Mode, Scope, Step, Tag, TokenKind};

impl Builder<'_> {
    pub(super) fn in_select(&mut self) -> Step {
        use Tag::*;
        match (self.token.kind, self.token.tag) {
            (TokenKind::Text, _) => {
                let text = without_nul(self.take_text());
                self.add_text(text);
            }
            (TokenKind::StartTag, tag) => match tag {
                Html => return self.in_body(),
                Option => {
                    if self.top_tag() == Option {
                        self.open.pop();
                    }
                    self.add_element();
                }
                Optgroup => {
                    if self.top_tag() == Option {
                        self.open.pop();
                    }
                    if self.top_tag() == Optgroup {
                        self.open.pop();
                    }
                    self.add_element();
                }
                Select => self.close_select(),
                Input | Keygen | Textarea if self.in_scope(Scope::Select, &[Select]) => {
                    self.process_implied(TokenKind::EndTag, Select);
                    return Step::Again;
                }
                Input | Keygen | Textarea => self.tokenizer.next_is_not_raw(),
                Script | Template => return self.in_head(),
                Iframe | Noembed | Noframes | Noscript | Plaintext | Style | Title | Xmp => {
                    self.tokenizer.next_is_not_raw();
                }
                _ => {}
            },
            (TokenKind::EndTag, tag) => match tag {
                Option if self.top_tag() == Option => {
                    self.open.pop();
                }
                Optgroup => {
                    let option = usize::from(self.top_tag() == Option);
                    let place = self.open.len().saturating_sub(1 + option);
                    if self.open_node(place).tag == Optgroup {
                        self.open.truncate(place);
                    }
                }
                Select => self.close_select(),
                Template => return self.in_head(),
                _ => {}
            },
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Doctype, _) => {}
            (TokenKind::End, _) => return self.in_body(),
        }
        Step::Done
    }

    pub(super) fn in_select_in_table(&mut self) -> Step {
        use Tag::*;
        let tag = self.token.tag;
        let is_tag = matches!(self.token.kind, TokenKind::StartTag | TokenKind::EndTag);
        if is_tag && matches!(tag, Caption | Table | Tbody | Tfoot | Thead | Tr | Td | Th) {
            if self.token.kind == TokenKind::EndTag && !self.in_scope(Scope::Table, &[tag]) {
                return Step::Done;
            }
            let Some(at) = self.open.iter().rposition(|&id| self.tree.node(id).tag == Select) else {
                return Step::Done;
            };
            self.open.truncate(at);
            self.reset_mode();
            return Step::Again;
        }
        self.in_select()
    }

    pub(super) fn in_template(&mut self) -> Step {
        use Tag::*;
        let mode = match (self.token.kind, self.token.tag) {
            (TokenKind::Text | TokenKind::Comment | TokenKind::Doctype, _) => return self.in_body(),
            (
                TokenKind::StartTag,
                Base | Basefont | Bgsound | Link | Meta | Noframes | Script | Style | Template | Title,
            )
            | (TokenKind::EndTag, Template) => return self.in_head(),
            (TokenKind::StartTag, Caption | Colgroup | Tbody | Tfoot | Thead) => Mode::InTable,
            (TokenKind::StartTag, Col) => Mode::InColumnGroup,
            (TokenKind::StartTag, Tr) => Mode::InTableBody,
            (TokenKind::StartTag, Td | Th) => Mode::InRow,
            (TokenKind::StartTag, _) => Mode::InBody,
            (TokenKind::EndTag, _) => return Step::Done,
            (TokenKind::End, _) => {
                if !self.is_open(Template) {
                    return Step::Done;
                }
                self.close_template();
                return Step::Again;
            }
        };
        self.template_modes.pop();
        self.template_modes.push(mode);
        self.mode = mode;
        Step::Again
    }

    fn close_select(&mut self) {
        if self.pop_until(Scope::Select, &[Tag::Select]) {
            self.reset_mode();
        }
    }
}
