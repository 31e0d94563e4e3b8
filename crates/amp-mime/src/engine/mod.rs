//! The validator proper: walks the tree and holds each tag against the rules, in the order of the official engine,
//! since of several ways to read a tag the first of the best counts.

mod attr;
mod cdata;
mod context;
mod global;
mod html_tag;
mod json;
mod layout;
mod script;
mod stack;
mod style;
mod tag;
mod url;

use std::borrow::Cow;

use crate::html::{Attr, Kind, NodeId, Place, Tag, Tree, parse, parse_fragment};
use crate::report::{ErrorCode, Finding, Report, Severity, Status};
use crate::rules::{self, spec};
use context::Context;

/// Levels of the tree that are validated, the document itself being one.
const MAX_DEPTH: usize = 200;

/// A finding about a tag, before it is known to be reported.
#[derive(Clone, Debug)]
pub(crate) struct Fault<'t> {
    severity: Severity,
    code: ErrorCode,
    at: Place,
    params: Vec<Cow<'t, str>>,
    url: &'static str,
}

/// A tag of the document as the rules see it.
struct Element<'t, 'a> {
    tree: &'t Tree<'a>,
    node: NodeId,
    /// In lower case.
    name: &'t str,
    rules: Option<&'static spec::Name>,
    attrs: &'t [Attr<'a>],
    script: script::Script<'t>,
}

impl<'t> Element<'t, '_> {
    fn attr(&self, name: &str) -> Option<&'t str> {
        self.attrs.iter().find(|attr| attr.name.eq_ignore_ascii_case(name)).map(|attr| &*attr.value)
    }

    /// The name in capital letters, if a rule mentions it.
    fn upper(&self) -> &'static str {
        self.rules.map_or("", |rules| rules.upper)
    }
}

/// What a validation may not exceed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) findings: Option<usize>,
    /// End at the first error.
    pub(crate) first_error: bool,
}

/// Validates a document.
pub(crate) fn run(source: &str, bounds: Bounds) -> Report {
    let mut walk = Walk {
        tree: parse(source),
        context: Context::new(source.len()),
        out: Output { findings: Vec::new(), failed: false, bounds },
    };
    walk.document();
    walk.out.report()
}

/// The findings so far.
struct Output {
    findings: Vec<Finding>,
    failed: bool,
    bounds: Bounds,
}

impl Output {
    fn add(&mut self, fault: Fault<'_>) {
        if self.is_complete() {
            return;
        }
        self.failed |= fault.severity == Severity::Error;
        if self.bounds.findings.is_some_and(|most| self.findings.len() >= most) {
            return;
        }
        self.findings.push(Finding {
            severity: fault.severity,
            code: fault.code,
            line: u32::try_from(fault.at.line).unwrap_or(1),
            // The places of the tokenizer can be before the line.
            col: u32::try_from(fault.at.col).unwrap_or(0),
            params: fault.params.into_iter().map(Cow::into_owned).collect(),
            spec_url: Some(fault.url).filter(|url| !url.is_empty()),
        });
    }

    /// Whether nothing more can change the outcome.
    fn is_complete(&self) -> bool {
        self.failed
            && (self.bounds.first_error
                || self.bounds.findings.is_some_and(|most| self.findings.len() >= most))
    }

    fn report(mut self) -> Report {
        self.findings.sort_by_key(|finding| (finding.line, finding.col));
        let status = if self.failed { Status::Fail } else { Status::Pass };
        Report { status, findings: self.findings }
    }
}

struct Walk<'a> {
    tree: Tree<'a>,
    context: Context,
    out: Output,
}

/// A node whose children are being walked.
struct Level {
    node: NodeId,
    next: NodeId,
    /// The siblings that follow stand in this parsed content of a `noscript`.
    fragment: bool,
}

impl Walk<'_> {
    fn document(&mut self) {
        let complete = self.nodes();
        if self.out.is_complete() {
            return;
        }
        if complete && self.tree.too_complex {
            self.too_complex();
        }
        let end = self.tree.end;
        self.context.place = Place { line: end.line, col: column(end.col) };
        while !self.context.stack.is_empty() {
            self.leave();
        }
        self.context.global(&mut self.out);
    }

    /// Walks the tree; whether it was not too deep.
    fn nodes(&mut self) -> bool {
        let first = self.tree.node(NodeId::ROOT).first;
        let mut levels = vec![Level { node: NodeId::ROOT, next: first, fragment: false }];
        while let Some(level) = levels.last_mut() {
            if self.out.is_complete() {
                return true;
            }
            let (node, parent, in_fragment) = (level.next, level.node, level.fragment);
            if !node.is_some() {
                levels.pop();
                if parent != NodeId::ROOT && !in_fragment {
                    self.leave();
                }
                continue;
            }
            level.next = self.tree.node(node).next;
            // A fragment's nodes are children of the element in which its text stands, on a level of their own.
            let depth = levels.iter().filter(|level| !level.fragment).count() + 1;
            self.place_at(node);
            if depth > MAX_DEPTH {
                self.too_complex();
                return false;
            }
            if self.enter(node) {
                let first = self.tree.node(node).first;
                levels.push(Level { node, next: first, fragment: false });
            } else if !in_fragment
                && self.tree.node(node).kind == Kind::Text
                && self.tree.node(parent).tag == Tag::Noscript
            {
                let first = self.reparse(node, parent);
                levels.push(Level { node: parent, next: first, fragment: true });
            }
        }
        true
    }

    fn too_complex(&mut self) {
        let params = vec![Cow::Borrowed("BODY")];
        let at = self.context.body_at;
        let code = ErrorCode::DocumentTooComplex;
        self.out.add(Fault { severity: Severity::Error, code, at, params, url: "" });
    }

    fn place_at(&mut self, node: NodeId) {
        if let Some(at) = self.tree.node(node).at {
            let line = if at.line >= 0 { at.line } else { at.line + 1 };
            self.context.place = Place { line, col: column(at.col) };
        }
    }

    /// The content of a `noscript` as elements; gives the first of them.
    fn reparse(&mut self, text: NodeId, parent: NodeId) -> NodeId {
        let fragment = parse_fragment(&self.tree.node(text).data);
        let first = self.tree.graft(fragment);
        let relative = self.tree.node(parent).at;
        let name = i32::try_from(self.tree.node(parent).name().len()).unwrap_or(0);
        if let Some(relative) = relative {
            self.tree.move_places(first, |at| Place {
                line: at.line + relative.line - 1,
                col: if at.line == 1 { relative.col + at.col + name + 1 } else { at.col },
            });
        }
        first
    }

    /// Validates a node; whether it is an element whose children are to be walked.
    fn enter(&mut self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        match node.kind {
            Kind::Document | Kind::Text => false,
            Kind::Comment => {
                if node.made
                    && let Some(at) = node.at
                {
                    // The official validator tells the next line.
                    let at = Place { line: at.line + 1, col: at.col };
                    let (severity, code) = (Severity::Error, ErrorCode::DisallowedTag);
                    self.out.add(Fault { severity, code, at, params: vec![Cow::Borrowed("<?")], url: "" });
                }
                false
            }
            Kind::Doctype => {
                if self.tree.quirks {
                    let at = node.at.unwrap_or(Place { line: 1, col: 0 });
                    let at = Place { line: at.line, col: column(at.col) };
                    let url = "https://amp.dev/documentation/guides-and-tutorials/start/create/basic_markup/";
                    let (severity, code) = (Severity::Error, ErrorCode::InvalidDoctypeHtml);
                    self.out.add(Fault { severity, code, at, params: Vec::new(), url });
                }
                if node.data == "html" {
                    let html = Attr { name: Cow::Borrowed("html"), value: Cow::Borrowed("") };
                    let attrs = self.tree.with_attr(node.attrs, html);
                    self.tree.node_mut(id).attrs = attrs;
                }
                self.start_tag(id);
                false
            }
            Kind::Element => {
                self.start_tag(id);
                if matches!(node_tag(&self.tree, id), Tag::Script | Tag::Style) {
                    self.text_of(id);
                }
                if self.tree.node(id).tag.is_void() {
                    self.leave();
                    return false;
                }
                true
            }
        }
    }

    fn start_tag(&mut self, id: NodeId) {
        let mut attrs = self.tree.node(id).attrs;
        self.tree.sort_attrs(attrs);
        if self.tree.node(id).tag == Tag::Script {
            // Of the attributes of a script those that repeat a name do not count at all.
            attrs = self.tree.without_repeated(attrs);
            self.tree.node_mut(id).attrs = attrs;
        }
        let node = self.tree.node(id);
        let attrs = self.tree.attrs(attrs);
        let script =
            if node.tag == Tag::Script { script::Script::of(attrs) } else { script::Script::default() };
        let name = name_of(&self.tree, id);
        let element =
            Element { tree: &self.tree, node: id, name, rules: rules::tag_name(name), attrs, script };
        let (made, cut) = (node.made, node.cut);
        self.context.start_tag(&element, made, cut, &mut self.out);
    }

    fn leave(&mut self) {
        self.context.leave(&mut self.out);
    }
}

/// The name of an element or doctype, in lower case.
fn name_of<'t>(tree: &'t Tree<'_>, id: NodeId) -> &'t str {
    let node = tree.node(id);
    match node.kind {
        Kind::Doctype => "!doctype",
        Kind::Document => "$root",
        _ => node.name(),
    }
}

fn node_tag(tree: &Tree<'_>, id: NodeId) -> Tag {
    tree.node(id).tag
}

/// Columns of the tokenizer count from 1.
fn column(col: i32) -> i32 {
    if col > 0 { col - 1 } else { col }
}
