//! The tree builder (HTML 13.2.6), an insertion mode a function, as the official validator's parser has it.

mod adoption;
mod body_end;
mod body_start;
mod doctype;
mod foreign;
mod frameset;
mod head;
mod select;
mod stack;
mod table;

use std::borrow::Cow;

use super::token::{Token, TokenKind, Tokenizer};
use super::{Attrs, Kind, MAX_NODES, MAX_OPEN, Node, NodeId, Place, Space, Tag, Tree};
use stack::{Scope, is_white_space};

/// The insertion modes of HTML 13.2.4.1. Scripting counts as on, so there is none "in head noscript".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    AfterHead,
    InBody,
    Text,
    InTable,
    InCaption,
    InColumnGroup,
    InTableBody,
    InRow,
    InCell,
    InSelect,
    InSelectInTable,
    InTemplate,
    AfterBody,
    InFrameset,
    AfterFrameset,
    AfterAfterBody,
    AfterAfterFrameset,
}

/// Whether a token is done with, or has to be looked at again in the mode that is now set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Done,
    Again,
}

/// Reads a document.
pub(crate) fn parse(source: &str) -> Tree<'_> {
    Builder::new(source, None).build()
}

/// Reads the content of a `noscript`, which is text to a browser that runs scripts, as that of a `body`: a document
/// whose `html` element holds the nodes.
pub(crate) fn parse_fragment(source: &str) -> Tree<'static> {
    let mut builder = Builder::new(source, Some(Tag::Body));
    let root = builder.tree.push(Node { tag: Tag::Html, ..Node::new(Kind::Element) });
    builder.tree.append(NodeId::ROOT, root);
    builder.open.push(root);
    builder.reset_mode();
    builder.build().into_owned()
}

struct Builder<'a> {
    tokenizer: Tokenizer<'a>,
    tree: Tree<'a>,
    token: Token<'a>,
    /// The stack of open elements (HTML 13.2.4.2).
    open: Vec<NodeId>,
    /// The list of active formatting elements (13.2.4.3); [`NodeId::NONE`] is a marker.
    formatting: Vec<NodeId>,
    mode: Mode,
    original_mode: Option<Mode>,
    template_modes: Vec<Mode>,
    head: Option<NodeId>,
    form: Option<NodeId>,
    frameset_ok: bool,
    foster_parenting: bool,
    /// The element whose content is read, where it is a fragment.
    context: Option<Tag>,
    made_html: bool,
    made_head: bool,
    made_body: bool,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, context: Option<Tag>) -> Self {
        let token = Token {
            kind: TokenKind::End,
            tag: Tag::Other,
            data: Cow::Borrowed(""),
            attrs: Attrs::default(),
            cut: false,
            self_closing: false,
            made: false,
            at: Place::default(),
        };
        Self {
            tokenizer: Tokenizer::new(source),
            tree: Tree::new(),
            token,
            open: Vec::new(),
            formatting: Vec::new(),
            mode: Mode::Initial,
            original_mode: None,
            template_modes: Vec::new(),
            head: None,
            form: None,
            frameset_ok: true,
            foster_parenting: false,
            context,
            made_html: false,
            made_head: false,
            made_body: false,
        }
    }

    fn build(mut self) -> Tree<'a> {
        loop {
            self.tokenizer.allow_cdata =
                self.open.last().is_some_and(|&id| self.tree.node(id).space != Space::Html);
            self.token = self.tokenizer.next(!self.template_modes.is_empty(), &mut self.tree);
            let ended = self.token.kind == TokenKind::End;
            // Past a limit only the end of the document is looked for: it is where findings about the whole stand.
            self.tree.too_complex |= self.open.len() > MAX_OPEN || self.tree.nodes.len() > MAX_NODES;
            if !self.tree.too_complex {
                self.process();
            }
            if ended {
                self.tree.end = self.tokenizer.place();
                return self.tree;
            }
        }
    }

    /// Runs the token through the modes until one is done with it.
    fn process(&mut self) {
        loop {
            let step = if self.in_foreign_content() { self.foreign_content() } else { self.in_mode() };
            if step == Step::Done || self.tree.nodes.len() > MAX_NODES {
                break;
            }
        }
        self.token.self_closing = false;
    }

    fn in_mode(&mut self) -> Step {
        match self.mode {
            Mode::Initial => self.initial(),
            Mode::BeforeHtml => self.before_html(),
            Mode::BeforeHead => self.before_head(),
            Mode::InHead => self.in_head(),
            Mode::AfterHead => self.after_head(),
            Mode::InBody => self.in_body(),
            Mode::Text => self.in_text(),
            Mode::InTable => self.in_table(),
            Mode::InCaption => self.in_caption(),
            Mode::InColumnGroup => self.in_column_group(),
            Mode::InTableBody => self.in_table_body(),
            Mode::InRow => self.in_row(),
            Mode::InCell => self.in_cell(),
            Mode::InSelect => self.in_select(),
            Mode::InSelectInTable => self.in_select_in_table(),
            Mode::InTemplate => self.in_template(),
            Mode::AfterBody => self.after_body(),
            Mode::InFrameset => self.in_frameset(),
            Mode::AfterFrameset => self.after_frameset(),
            Mode::AfterAfterBody => self.after_after_body(),
            Mode::AfterAfterFrameset => self.after_after_frameset(),
        }
    }

    /// Processes a tag that is not written, in place of the token, which stays.
    fn process_implied(&mut self, kind: TokenKind, tag: Tag) {
        let implied = Token {
            kind,
            tag,
            data: Cow::Borrowed(""),
            attrs: Attrs::default(),
            cut: false,
            self_closing: false,
            made: false,
            at: self.token.at,
        };
        if kind == TokenKind::StartTag {
            match tag {
                Tag::Html => self.made_html = true,
                Tag::Head => self.made_head = true,
                Tag::Body => self.made_body = true,
                _ => {}
            }
        }
        let real = std::mem::replace(&mut self.token, implied);
        self.process();
        self.token = real;
    }

    /// Adds the element of the token, which becomes the current node.
    fn add_element(&mut self) -> NodeId {
        let tag = self.token.tag;
        let made = match tag {
            Tag::Html => self.made_html,
            Tag::Head => self.made_head,
            Tag::Body => self.made_body,
            _ => false,
        };
        let id = self.tree.push(Node {
            tag,
            made,
            cut: self.token.cut,
            data: self.token.data.clone(),
            attrs: self.token.attrs,
            at: Some(self.token.at),
            ..Node::new(Kind::Element)
        });
        self.add_child(id);
        id
    }

    fn add_child(&mut self, id: NodeId) {
        if self.should_foster() {
            self.foster(id);
        } else {
            self.tree.append(self.top(), id);
        }
        if self.tree.node(id).kind == Kind::Element {
            self.open.push(id);
        }
    }

    /// An element without content.
    fn add_void_element(&mut self) {
        self.add_element();
        self.open.pop();
        self.token.self_closing = false;
    }

    fn comment(&mut self) -> NodeId {
        self.tree.push(Node { made: self.token.made, at: Some(self.token.at), ..Node::new(Kind::Comment) })
    }

    fn add_comment(&mut self) -> Step {
        let comment = self.comment();
        self.add_child(comment);
        Step::Done
    }

    fn add_text(&mut self, text: Cow<'a, str>) {
        if text.is_empty() {
            return;
        }
        let foster = self.should_foster();
        let top = self.top();
        let last = self.tree.node(top).last;
        if !foster && last.is_some() && self.tree.node(last).kind == Kind::Text {
            self.tree.node_mut(last).data.to_mut().push_str(&text);
            return;
        }
        let id = self.tree.push(Node { data: text, at: Some(self.token.at), ..Node::new(Kind::Text) });
        if foster {
            self.foster(id);
        } else {
            self.tree.append(top, id);
        }
    }

    /// HTML 13.2.6.1: whether the next node goes beside the table instead of in it.
    fn should_foster(&self) -> bool {
        self.foster_parenting && self.tree.node(self.top()).tag.fosters()
    }

    fn foster(&mut self, id: NodeId) {
        let table = self.open.iter().rposition(|&open| self.tree.node(open).tag == Tag::Table);
        let template = self.open.iter().rposition(|&open| self.tree.node(open).tag == Tag::Template);
        if let Some(template) = template.filter(|&at| table.is_none_or(|table| at > table)) {
            self.tree.append(self.opened(template), id);
            return;
        }
        let (parent, before) = match table {
            None => (self.opened(0), NodeId::NONE),
            Some(at) => {
                let node = self.opened(at);
                match self.tree.node(node).parent {
                    NodeId::NONE => (self.opened(at.saturating_sub(1)), NodeId::NONE),
                    parent => (parent, node),
                }
            }
        };
        let prev = if before.is_some() { self.tree.node(before).prev } else { self.tree.node(parent).last };
        if prev.is_some() && self.tree.node(prev).kind == Kind::Text && self.tree.node(id).kind == Kind::Text
        {
            let text = std::mem::take(&mut self.tree.node_mut(id).data);
            self.tree.node_mut(prev).data.to_mut().push_str(&text);
            return;
        }
        self.tree.insert_before(parent, id, before);
    }

    /// The attributes of the token that the node does not have yet.
    fn copy_attributes(&mut self, id: NodeId) {
        if self.token.attrs.is_empty() {
            return;
        }
        let attrs = self.tree.node(id).attrs;
        let mut all = self.tree.attrs(attrs).to_vec();
        let mut seen: std::collections::HashSet<Cow<'a, str>> =
            all.iter().map(|attr| attr.name.clone()).collect();
        for attr in self.tree.attrs(self.token.attrs) {
            if seen.insert(attr.name.clone()) {
                all.push(attr.clone());
            }
        }
        if all.len() > attrs.len() {
            let attrs = self.tree.add_attrs(all);
            self.tree.node_mut(id).attrs = attrs;
        }
    }

    /// HTML 13.2.4.1, "reset the insertion mode appropriately".
    fn reset_mode(&mut self) {
        for at in (0..self.open.len()).rev() {
            let last = at == 0;
            let node = self.tree.node(self.opened(at));
            let tag = self.context.filter(|_| last).unwrap_or(node.tag);
            let html = last || node.space == Space::Html;
            self.mode = match tag {
                Tag::Select => {
                    let outer = self.open.iter().take(at).rev().map(|&id| self.tree.node(id).tag);
                    let nearest = outer.clone().find(|tag| matches!(tag, Tag::Template | Tag::Table));
                    if !last && nearest == Some(Tag::Table) { Mode::InSelectInTable } else { Mode::InSelect }
                }
                Tag::Td | Tag::Th => Mode::InCell,
                Tag::Tr => Mode::InRow,
                Tag::Tbody | Tag::Thead | Tag::Tfoot => Mode::InTableBody,
                Tag::Caption => Mode::InCaption,
                Tag::Colgroup => Mode::InColumnGroup,
                Tag::Table => Mode::InTable,
                Tag::Template if html => self.template_modes.last().copied().unwrap_or(Mode::InBody),
                Tag::Head => Mode::InHead,
                Tag::Body => Mode::InBody,
                Tag::Frameset => Mode::InFrameset,
                Tag::Html if self.head.is_some() => Mode::AfterHead,
                Tag::Html => Mode::BeforeHead,
                _ if last => Mode::InBody,
                _ => continue,
            };
            return;
        }
    }

    /// HTML 13.2.6.2, the generic raw text element parsing algorithm.
    fn raw_text_element(&mut self) -> Step {
        self.add_element();
        self.original_mode = Some(self.mode);
        self.mode = Mode::Text;
        Step::Done
    }

    /// HTML 13.2.6.4.8.
    fn in_text(&mut self) -> Step {
        match self.token.kind {
            TokenKind::End | TokenKind::EndTag => {
                self.open.pop();
            }
            TokenKind::Text => {
                let mut text = self.take_text();
                let top = self.tree.node(self.top());
                if top.tag == Tag::Textarea && !top.first.is_some() {
                    text = without_first_line_end(text);
                }
                self.add_text(text);
                return Step::Done;
            }
            _ => {}
        }
        self.mode = self.original_mode.take().unwrap_or(Mode::InBody);
        if self.token.kind == TokenKind::EndTag { Step::Done } else { Step::Again }
    }

    fn take_text(&mut self) -> Cow<'a, str> {
        std::mem::take(&mut self.token.data)
    }

    /// Adds the white space that the text begins with; whether nothing is left of it.
    fn add_leading_white_space(&mut self) -> bool {
        let text = self.take_text();
        let at = text.find(|char| !is_white_space(char)).unwrap_or(text.len());
        let (space, rest) = split(text, at);
        self.add_text(space);
        self.token.data = rest;
        self.token.data.is_empty()
    }

    /// Drops the white space that the text begins with; whether nothing is left of it.
    fn skip_leading_white_space(&mut self) -> bool {
        let text = self.take_text();
        let at = text.find(|char| !is_white_space(char)).unwrap_or(text.len());
        self.token.data = split(text, at).1;
        self.token.data.is_empty()
    }
}

fn split(text: Cow<'_, str>, at: usize) -> (Cow<'_, str>, Cow<'_, str>) {
    match text {
        Cow::Borrowed(text) => {
            let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            (Cow::Borrowed(before), Cow::Borrowed(rest))
        }
        Cow::Owned(text) => {
            let (before, rest) = text.split_at_checked(at).unwrap_or((&text, ""));
            (Cow::Owned(before.to_owned()), Cow::Owned(rest.to_owned()))
        }
    }
}

/// A line end that a `pre` or `textarea` begins with does not count.
fn without_first_line_end(text: Cow<'_, str>) -> Cow<'_, str> {
    let skip = usize::from(text.starts_with('\n'));
    split(text, skip).1
}
