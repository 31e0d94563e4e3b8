//! The modes up to the body (HTML 13.2.6.4.1 to 13.2.6.4.6), and those after it (13.2.6.4.19, 13.2.6.4.22).

use std::borrow::Cow;

use super::stack::is_white_space;
use super::{Builder, Kind, Mode, Node, NodeId, Step, Tag, TokenKind, doctype};

impl Builder<'_> {
    pub(super) fn initial(&mut self) -> Step {
        let kind = self.token.kind;
        match kind {
            TokenKind::Text if self.skip_leading_white_space() => return Step::Done,
            TokenKind::Comment => return self.comment_in(NodeId::ROOT),
            TokenKind::Doctype => {
                let doctype = doctype::read(&self.token.data);
                let attrs = self.tree.add_attrs(doctype.ids);
                let id = self.tree.push(Node {
                    data: Cow::Owned(doctype.name),
                    attrs,
                    at: Some(self.token.at),
                    ..Node::new(Kind::Doctype)
                });
                self.tree.append(NodeId::ROOT, id);
                self.tree.quirks = doctype.quirks;
                self.mode = Mode::BeforeHtml;
                return Step::Done;
            }
            _ => {}
        }
        self.tree.quirks = true;
        self.mode = Mode::BeforeHtml;
        Step::Again
    }

    pub(super) fn before_html(&mut self) -> Step {
        let kind = self.token.kind;
        match kind {
            TokenKind::Doctype => return Step::Done,
            TokenKind::Text if self.skip_leading_white_space() => return Step::Done,
            TokenKind::StartTag if self.token.tag == Tag::Html => {
                self.add_element();
                self.mode = Mode::BeforeHead;
                return Step::Done;
            }
            TokenKind::EndTag if !ends_head(self.token.tag) && self.token.tag != Tag::Head => {
                return Step::Done;
            }
            TokenKind::Comment => return self.comment_in(NodeId::ROOT),
            _ => {}
        }
        self.process_implied(TokenKind::StartTag, Tag::Html);
        Step::Again
    }

    pub(super) fn before_head(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Text, _) if self.skip_leading_white_space() => return Step::Done,
            (TokenKind::StartTag, Tag::Head) => {
                self.head = Some(self.add_element());
                self.mode = Mode::InHead;
                return Step::Done;
            }
            (TokenKind::StartTag, Tag::Html) => return self.in_body(),
            (TokenKind::EndTag, tag) if !ends_head(tag) && tag != Tag::Head => return Step::Done,
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Doctype, _) => return Step::Done,
            _ => {}
        }
        self.process_implied(TokenKind::StartTag, Tag::Head);
        Step::Again
    }

    pub(super) fn in_head(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Text, _) if self.add_leading_white_space() => return Step::Done,
            (TokenKind::StartTag, tag) => match tag {
                Tag::Html => return self.in_body(),
                Tag::Base | Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta => {
                    self.add_void_element();
                    return Step::Done;
                }
                Tag::Noscript | Tag::Noframes | Tag::Style | Tag::Script | Tag::Title => {
                    return self.raw_text_element();
                }
                Tag::Head => return Step::Done,
                Tag::Template => {
                    self.add_element();
                    self.push_marker();
                    self.frameset_ok = false;
                    self.mode = Mode::InTemplate;
                    self.template_modes.push(Mode::InTemplate);
                    return Step::Done;
                }
                _ => {}
            },
            (TokenKind::EndTag, tag) => match tag {
                Tag::Head => {
                    self.open.pop();
                    self.mode = Mode::AfterHead;
                    return Step::Done;
                }
                Tag::Body | Tag::Html | Tag::Br => {}
                Tag::Template => {
                    if self.is_open(Tag::Template) {
                        self.close_template();
                    }
                    return Step::Done;
                }
                _ => return Step::Done,
            },
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Doctype, _) => return Step::Done,
            _ => {}
        }
        self.process_implied(TokenKind::EndTag, Tag::Head);
        Step::Again
    }

    pub(super) fn after_head(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Text, _) if self.add_leading_white_space() => return Step::Done,
            (TokenKind::StartTag, tag) => match tag {
                Tag::Html => return self.in_body(),
                Tag::Body => {
                    self.add_element();
                    self.frameset_ok = false;
                    self.mode = Mode::InBody;
                    return Step::Done;
                }
                Tag::Frameset => {
                    self.add_element();
                    self.mode = Mode::InFrameset;
                    return Step::Done;
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
                | Tag::Title => {
                    let Some(head) = self.head else { return Step::Done };
                    self.open.push(head);
                    let step = self.in_head();
                    self.remove_open(head);
                    return step;
                }
                Tag::Head => return Step::Done,
                _ => {}
            },
            (TokenKind::EndTag, tag) => match tag {
                Tag::Body | Tag::Html | Tag::Br => {}
                Tag::Template => return self.in_head(),
                _ => return Step::Done,
            },
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Doctype, _) => return Step::Done,
            _ => {}
        }
        self.process_implied(TokenKind::StartTag, Tag::Body);
        self.frameset_ok = true;
        Step::Again
    }

    pub(super) fn after_body(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::End, _) => return Step::Done,
            (TokenKind::Text, _) if self.token.data.chars().all(is_white_space) => return self.in_body(),
            (TokenKind::StartTag, Tag::Html) => return self.in_body(),
            (TokenKind::EndTag, Tag::Html) => {
                if self.context.is_none() {
                    self.mode = Mode::AfterAfterBody;
                }
                return Step::Done;
            }
            (TokenKind::Comment, _) => return self.comment_in(self.opened(0)),
            _ => {}
        }
        self.mode = Mode::InBody;
        Step::Again
    }

    pub(super) fn after_after_body(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::End, _) => return Step::Done,
            (TokenKind::Text, _) if self.token.data.chars().all(is_white_space) => return self.in_body(),
            (TokenKind::StartTag, Tag::Html) | (TokenKind::Doctype, _) => return self.in_body(),
            (TokenKind::Comment, _) => return self.comment_in(NodeId::ROOT),
            _ => {}
        }
        self.mode = Mode::InBody;
        Step::Again
    }

    pub(super) fn comment_in(&mut self, parent: NodeId) -> Step {
        let comment = self.comment();
        self.tree.append(parent, comment);
        Step::Done
    }
}

/// End tags that have a body begin.
fn ends_head(tag: Tag) -> bool {
    matches!(tag, Tag::Body | Tag::Html | Tag::Br)
}
