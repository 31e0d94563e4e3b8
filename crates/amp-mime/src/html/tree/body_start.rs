//! "In body" (HTML 13.2.6.4.7): text, comments and start tags.

use super::super::text::without_nul;
use super::stack::is_white_space;
use super::{Builder, Mode, Scope, Space, Step, Tag, TokenKind, without_first_line_end};

impl Builder<'_> {
    pub(super) fn in_body(&mut self) -> Step {
        match self.token.kind {
            TokenKind::Text => {
                self.text_in_body();
                Step::Done
            }
            TokenKind::StartTag => self.start_tag_in_body(),
            TokenKind::EndTag => self.end_tag_in_body(),
            TokenKind::Comment => self.add_comment(),
            TokenKind::End if !self.template_modes.is_empty() => {
                self.mode = Mode::InTemplate;
                Step::Again
            }
            TokenKind::End | TokenKind::Doctype => Step::Done,
        }
    }

    fn text_in_body(&mut self) {
        let mut text = self.take_text();
        let top = self.tree.node(self.top());
        if matches!(top.tag, Tag::Pre | Tag::Listing) && !top.first.is_some() {
            text = without_first_line_end(text);
        }
        text = without_nul(text);
        if text.is_empty() {
            return;
        }
        self.reconstruct_formatting();
        if self.frameset_ok && !text.chars().all(is_white_space) {
            self.frameset_ok = false;
        }
        self.add_text(text);
    }

    fn start_tag_in_body(&mut self) -> Step {
        let tag = self.token.tag;
        match tag {
            Tag::Html => {
                if !self.is_open(Tag::Template) {
                    self.copy_attributes(self.opened(0));
                }
            }
            Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Link
            | Tag::Meta
            | Tag::Noframes
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title => return self.in_head(),
            Tag::Body => {
                if !self.is_open(Tag::Template) && self.open_node(1).tag == Tag::Body {
                    self.frameset_ok = false;
                    self.copy_attributes(self.opened(1));
                }
            }
            Tag::Frameset => {
                if self.frameset_ok && self.open_node(1).tag == Tag::Body {
                    self.tree.detach(self.opened(1));
                    self.open.truncate(1);
                    self.add_element();
                    self.mode = Mode::InFrameset;
                }
            }
            Tag::Form => {
                let in_template = self.is_open(Tag::Template);
                if self.form.is_none() || in_template {
                    self.close_paragraph();
                    let id = self.add_element();
                    if !in_template {
                        self.form = Some(id);
                    }
                }
            }
            Tag::Li => self.list_item(&[Tag::Li]),
            Tag::Dd | Tag::Dt => self.list_item(&[Tag::Dd, Tag::Dt]),
            Tag::Button => {
                self.pop_until(Scope::Default, &[Tag::Button]);
                self.reconstruct_formatting();
                self.add_element();
                self.frameset_ok = false;
            }
            Tag::Table => {
                if !self.tree.quirks {
                    self.close_paragraph();
                }
                self.add_element();
                self.frameset_ok = false;
                self.mode = Mode::InTable;
            }
            Tag::Hr => {
                self.close_paragraph();
                self.add_void_element();
                self.frameset_ok = false;
            }
            Tag::Param | Tag::Source | Tag::Track => self.add_void_element(),
            Tag::Image => {
                self.token.tag = Tag::Img;
                return Step::Again;
            }
            Tag::Select => {
                self.reconstruct_formatting();
                self.add_element();
                self.frameset_ok = false;
                self.mode = Mode::InSelect;
            }
            Tag::Optgroup | Tag::Option => {
                if self.top_tag() == Tag::Option {
                    self.open.pop();
                }
                self.reconstruct_formatting();
                self.add_element();
            }
            Tag::Rb | Tag::Rtc => self.ruby(None),
            Tag::Rp | Tag::Rt => self.ruby(Some(Tag::Rtc)),
            Tag::Math | Tag::Svg => self.foreign_root(),
            Tag::Caption
            | Tag::Col
            | Tag::Colgroup
            | Tag::Frame
            | Tag::Head
            | Tag::Tbody
            | Tag::Td
            | Tag::Tfoot
            | Tag::Th
            | Tag::Thead
            | Tag::Tr => {}
            _ if self.block_in_body(tag) || self.phrase_in_body(tag) || self.raw_in_body(tag) => {}
            _ => {
                self.reconstruct_formatting();
                self.add_element();
            }
        }
        Step::Done
    }

    /// Elements that end a paragraph.
    fn block_in_body(&mut self, tag: Tag) -> bool {
        use Tag::*;
        match tag {
            Address | Article | Aside | Blockquote | Center | Details | Dialog | Dir | Div | Dl
            | Fieldset | Figcaption | Figure | Footer | Header | Hgroup | Main | Menu | Nav | Ol | P
            | Section | Summary | Ul | Plaintext => {
                self.close_paragraph();
                self.add_element();
            }
            H1 | H2 | H3 | H4 | H5 | H6 => {
                self.close_paragraph();
                if self.top_tag().is_heading() {
                    self.open.pop();
                }
                self.add_element();
            }
            Pre | Listing => {
                self.close_paragraph();
                self.add_element();
                self.frameset_ok = false;
            }
            _ => return false,
        }
        true
    }

    /// Formatting, and elements without content that stand in a line.
    fn phrase_in_body(&mut self, tag: Tag) -> bool {
        use Tag::*;
        match tag {
            A => {
                let open = self.formatting.iter().rev().take_while(|entry| entry.is_some());
                if let Some(open) = open.copied().find(|&entry| self.tree.node(entry).tag == A) {
                    self.adoption_agency(A);
                    self.remove_open(open);
                    self.remove_formatting(open);
                }
                self.reconstruct_formatting();
                self.add_formatting_element();
            }
            B | Big | Code | Em | Font | I | S | Small | Strike | Strong | Tt | U => {
                self.reconstruct_formatting();
                self.add_formatting_element();
            }
            Nobr => {
                self.reconstruct_formatting();
                if self.in_scope(Scope::Default, &[Nobr]) {
                    self.adoption_agency(Nobr);
                    self.reconstruct_formatting();
                }
                self.add_formatting_element();
            }
            Applet | Marquee | Object => {
                self.reconstruct_formatting();
                self.add_element();
                self.push_marker();
                self.frameset_ok = false;
            }
            Area | Br | Embed | Img | Input | Keygen | Wbr => {
                self.reconstruct_formatting();
                self.add_void_element();
                if tag != Input || !self.is_hidden_input() {
                    self.frameset_ok = false;
                }
            }
            _ => return false,
        }
        true
    }

    /// Elements whose content is text.
    fn raw_in_body(&mut self, tag: Tag) -> bool {
        match tag {
            Tag::Textarea | Tag::Iframe => {
                self.frameset_ok = false;
                self.raw_text_element();
            }
            Tag::Xmp => {
                self.close_paragraph();
                self.reconstruct_formatting();
                self.frameset_ok = false;
                self.raw_text_element();
            }
            Tag::Noembed | Tag::Noscript => {
                self.raw_text_element();
            }
            _ => return false,
        }
        true
    }

    fn close_paragraph(&mut self) {
        self.pop_until(Scope::Button, &[Tag::P]);
    }

    /// A list item ends the one before, if no other special element is between.
    fn list_item(&mut self, ended: &[Tag]) {
        self.frameset_ok = false;
        for at in (0..self.open.len()).rev() {
            let node = self.open_node(at);
            if ended.contains(&node.tag) {
                self.open.truncate(at);
                break;
            }
            if node.is_special() && !matches!(node.tag, Tag::Address | Tag::Div | Tag::P) {
                break;
            }
        }
        self.close_paragraph();
        self.add_element();
    }

    fn ruby(&mut self, except: Option<Tag>) {
        if self.in_scope(Scope::Default, &[Tag::Ruby]) {
            self.generate_implied_end_tags(except);
        }
        self.add_element();
    }

    fn foreign_root(&mut self) {
        self.reconstruct_formatting();
        let space = if self.token.tag == Tag::Math { Space::Math } else { Space::Svg };
        self.adjust_attributes(space);
        let id = self.add_element();
        self.tree.node_mut(id).space = space;
        if std::mem::take(&mut self.token.self_closing) {
            self.open.pop();
        }
    }

    pub(super) fn is_hidden_input(&self) -> bool {
        let attrs = self.tree.attrs(self.token.attrs);
        attrs.iter().any(|attr| attr.name == "type" && attr.value.eq_ignore_ascii_case("hidden"))
    }
}
