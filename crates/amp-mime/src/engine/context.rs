//! What is known of the document so far.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::stack::{Open, Stack};
use super::tag::Attempt;
use super::{Element, Fault, Output, html_tag};
use crate::html::Place;
use crate::report::{ErrorCode, Severity};
use crate::rules;
use crate::rules::spec::{Attr, Style, Tag};
use crate::rules::table::css::STYLES;

pub(super) struct Context {
    pub(super) place: Place,
    pub(super) body_at: Place,
    pub(super) stack: Stack,
    /// The type identifiers of the html tag.
    pub(super) types: u8,
    pub(super) document_bytes: usize,
    pub(super) style_bytes: usize,
    pub(super) inline_bytes: usize,
    pub(super) release: super::script::Release,
    pub(super) conditions: HashSet<&'static str>,
    /// The tags that were met, of those that may be asked for.
    pub(super) met: BTreeSet<u16>,
    pub(super) loaded: HashSet<&'static str>,
    pub(super) to_be_used: BTreeSet<&'static str>,
    pub(super) used: HashSet<&'static str>,
    /// Tags in the head that need a script which may follow.
    missing: Vec<(&'static str, Fault<'static>)>,
    pub(super) provided: HashSet<(&'static str, String)>,
    pub(super) required: HashMap<(&'static str, String), Vec<Fault<'static>>>,
}

impl Context {
    pub(super) fn new(document_bytes: usize) -> Self {
        Self {
            place: Place { line: 1, col: 0 },
            body_at: Place { line: 1, col: 0 },
            stack: Stack::new(),
            types: 0,
            document_bytes,
            style_bytes: 0,
            inline_bytes: 0,
            release: super::script::Release::Unknown,
            conditions: HashSet::new(),
            met: BTreeSet::new(),
            loaded: HashSet::new(),
            to_be_used: BTreeSet::new(),
            used: HashSet::new(),
            missing: Vec::new(),
            provided: HashSet::new(),
            required: HashMap::new(),
        }
    }

    pub(super) fn error<'t>(
        &self,
        code: ErrorCode,
        params: impl IntoIterator<Item = Cow<'t, str>>,
        url: &'static str,
    ) -> Fault<'t> {
        let params = params.into_iter().collect();
        Fault { severity: Severity::Error, code, at: self.place, params, url }
    }

    pub(super) fn warning<'t>(
        &self,
        code: ErrorCode,
        params: impl IntoIterator<Item = Cow<'t, str>>,
        url: &'static str,
    ) -> Fault<'t> {
        Fault { severity: Severity::Warning, ..self.error(code, params, url) }
    }

    /// Whether a rule holds for the type identifiers of the document.
    pub(super) fn uses(&self, enabled_by: u8, disabled_by: u8) -> bool {
        if enabled_by != 0 { self.types & enabled_by != 0 } else { self.types & disabled_by == 0 }
    }

    /// What holds for the CSS of the document.
    pub(super) fn style(&self) -> Option<&'static Style> {
        STYLES.iter().find(|style| self.uses(style.enabled_by, style.disabled_by))
    }

    pub(super) fn start_tag(&mut self, element: &Element<'_, '_>, made: bool, cut: bool, out: &mut Output) {
        let upper = element.upper();
        if upper == "HTML" {
            self.html_tag(element, out);
        }
        if upper == "BODY" && made {
            out.add(self.error(ErrorCode::DisallowedManufacturedBody, [], ""));
        }
        if let Some(name) = html_tag::duplicate(element.attrs) {
            let params = [element.name, name].map(Cow::Borrowed);
            out.add(self.warning(ErrorCode::DuplicateAttribute, params, ""));
        }
        if cut {
            let params = [Cow::Borrowed(element.name), Cow::Owned(crate::html::MAX_ATTRIBUTES.to_string())];
            out.add(self.error(ErrorCode::TooManyAttributes, params, ""));
        }
        if upper == "BODY" {
            for (extension, fault) in std::mem::take(&mut self.missing) {
                if !self.is_loaded(extension) {
                    out.add(fault);
                }
            }
            if out.is_complete() {
                return;
            }
            self.body_at = self.place;
        }
        let points = self.stack.top().and_then(|top| top.points);
        let point = points.map(|owner| self.point(owner, element)).unwrap_or_default();
        let mut read = self.read(element, point.tag);
        let dev_mode = self.suppresses(element);
        if points.is_some() && read.passes() && !dev_mode {
            point.faults.iter().for_each(|fault| out.add(fault.clone()));
        }
        if let (Some(point), Some(tag)) = (point.tag, read.tag)
            && !point.points.is_empty()
            && !tag.points.is_empty()
        {
            let params = [tag.about, point.name].map(Cow::Borrowed);
            read.faults.push(self.error(ErrorCode::TagReferencePointConflict, params, point.url));
            read.failed = true;
        }
        if !dev_mode {
            read.faults.iter().for_each(|fault| out.add(fault.clone()));
        }
        self.open(element, &point, &read, dev_mode);
        self.note_attr_extensions(element, &point);
        self.note_attr_extensions(element, &read);
        self.note(&point);
        self.note(&read);
        let script = &element.script;
        if self.release == super::script::Release::Unknown && (script.is_extension || script.is_runtime) {
            self.release = script.release;
        }
        self.inline_bytes = self.inline_bytes.saturating_add(read.inline_bytes);
    }

    /// Whether findings about this element are not wanted.
    fn suppresses(&self, element: &Element<'_, '_>) -> bool {
        self.types & html_tag::DEV_MODE != 0
            && element.upper() != "HTML"
            && (element.attrs.iter().any(|attr| attr.name == "data-ampdevmode")
                || self.stack.top().is_some_and(|top| top.dev_mode))
    }

    /// Makes the element the current one.
    fn open(&mut self, element: &Element<'_, '_>, point: &Attempt<'_>, read: &Attempt<'_>, dev_mode: bool) {
        if let Some(top) = self.stack.top_mut() {
            top.children += 1;
        }
        let mut open = Open { tag: read.tag, dev_mode, ..Open::new(element.upper(), element.node) };
        for attempt in [point, read] {
            let Some(tag) = attempt.tag else { continue };
            if !tag.points.is_empty() {
                open.points = Some(tag);
            }
            if attempt.passes() {
                if let Some(children) = &tag.children {
                    open.child_rule = Some((tag, children, self.place));
                }
                if let Some(cdata) = &tag.cdata {
                    open.cdata = Some((tag, cdata, self.place));
                }
            }
        }
        self.stack.push(open);
    }

    /// Closes the current element.
    pub(super) fn leave(&mut self, out: &mut Output) {
        let Some(open) = self.stack.pop() else { return };
        if let Some((tag, children, at)) = open.child_rule
            && let Some(count) = children.count
            && count != open.children
        {
            let params =
                [Cow::Borrowed(tag.about), count.to_string().into(), open.children.to_string().into()];
            let fault = self.error(ErrorCode::IncorrectNumChildTags, params, tag.url);
            out.add(Fault { at, ..fault });
        }
    }

    fn note_attr_extensions(&mut self, element: &Element<'_, '_>, attempt: &Attempt<'_>) {
        let Some(tag) = attempt.tag.filter(|tag| tag.attrs_use_extensions) else { return };
        for attr in element.attrs {
            if let Some(rule) = attr_rule(tag, &attr.name) {
                self.used.extend(rule.extensions);
            }
        }
    }

    /// Takes note of what an element was read as.
    fn note(&mut self, attempt: &Attempt<'_>) {
        let (Some(tag), Some(number)) = (attempt.tag, attempt.number) else { return };
        if let Some(extension) = &tag.extension {
            self.loaded.insert(extension.name);
            if extension.must_be_used {
                self.to_be_used.insert(extension.name);
            }
        }
        self.used.extend(tag.extensions);
        if self.stack.heads > 0 {
            for extension in tag.extensions {
                if !self.is_loaded(extension) {
                    let params = [tag.about, extension].map(Cow::Borrowed);
                    let fault = self.error(ErrorCode::MissingRequiredExtension, params, tag.url);
                    self.missing.push((extension, fault));
                }
            }
        }
        self.conditions.extend(tag.satisfies);
        let asked_for = tag.unique || tag.unique_warning || !tag.requires.is_empty();
        if tag.mandatory || (asked_for && attempt.passes()) {
            self.met.insert(number);
        }
        for (set, value) in &attempt.provided {
            self.provided.insert((set, value.to_string()));
        }
        for (set, value, fault) in &attempt.required {
            let params = fault.params.iter().map(|param| Cow::Owned(param.to_string())).collect();
            let fault =
                Fault { severity: fault.severity, code: fault.code, at: fault.at, params, url: fault.url };
            self.required.entry((set, value.to_string())).or_default().push(fault);
        }
    }

    pub(super) fn is_loaded(&self, extension: &str) -> bool {
        self.loaded.contains(extension)
    }
}

/// What the rules say of an attribute by its name, which is compared in lower case.
pub(super) fn attr_rule(tag: &Tag, name: &str) -> Option<&'static Attr> {
    let number = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        rules::attr_name(&name.to_ascii_lowercase())
    } else {
        rules::attr_name(name)
    };
    rules::attr(tag, number?)
}
