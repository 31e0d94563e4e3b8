//! Holding an element against the tags of the rules, and choosing the best reading.

use std::borrow::Cow;

use super::context::Context;
use super::{Element, Fault, name_of};
use crate::report::{ErrorCode, Severity};
use crate::rules;
use crate::rules::spec::{Key, KeyKind, Tag};
use crate::rules::table::errors::specificity;

/// A reading of an element.
#[derive(Debug, Default)]
pub(super) struct Attempt<'t> {
    /// As which tag; `None` where there is none for it.
    pub(super) tag: Option<&'static Tag>,
    pub(super) number: Option<u16>,
    pub(super) faults: Vec<Fault<'t>>,
    pub(super) failed: bool,
    /// Octets of CSS in a style attribute.
    pub(super) inline_bytes: usize,
    /// Values put into sets.
    pub(super) provided: Vec<(&'static str, &'t str)>,
    /// Values that have to be in sets, and the fault if they are not.
    pub(super) required: Vec<(&'static str, &'t str, Fault<'t>)>,
}

impl<'t> Attempt<'t> {
    pub(super) fn add(&mut self, fault: Fault<'t>) {
        self.failed |= fault.severity == Severity::Error;
        self.faults.push(fault);
    }

    /// Whether it was read as something, without an error.
    pub(super) fn passes(&self) -> bool {
        self.tag.is_some() && !self.failed
    }

    fn of_fault(fault: Fault<'t>) -> Self {
        Self { faults: vec![fault], failed: true, ..Self::default() }
    }

    /// Whether this is to be reported rather than `other`: passing, fewer kinds of faults, more specific ones, or fewer.
    fn is_better_than(&self, other: &Self) -> bool {
        if self.failed != other.failed {
            return !self.failed;
        }
        let (ours, theirs) = (self.codes(), other.codes());
        let within =
            |a: &[ErrorCode], b: &[ErrorCode]| a.len() < b.len() && a.iter().all(|code| b.contains(code));
        if within(&ours, &theirs) {
            return true;
        }
        if within(&theirs, &ours) {
            return false;
        }
        let most =
            |codes: &[ErrorCode]| codes.iter().map(|code| specificity(code.as_str())).max().unwrap_or(0);
        let (a, b) = (most(&ours), most(&theirs));
        if a != b { a > b } else { self.faults.len() < other.faults.len() }
    }

    fn codes(&self) -> Vec<ErrorCode> {
        let mut codes: Vec<ErrorCode> = self.faults.iter().map(|fault| fault.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

impl Context {
    /// The best reading of an element.
    pub(super) fn read<'t>(&self, element: &Element<'t, '_>, point: Option<&'static Tag>) -> Attempt<'t> {
        let name = || [Cow::Borrowed(element.name)];
        let Some(known) = element.rules else {
            return Attempt::of_fault(self.error(ErrorCode::DisallowedTag, name(), ""));
        };
        let mut specs = known.specs.iter().filter(|spec| self.is_used(**spec)).peekable();
        if known.keys.is_empty() && specs.peek().is_none() {
            return Attempt::of_fault(self.error(ErrorCode::DisallowedTag, name(), ""));
        }
        if !known.keys.is_empty() {
            for attr in element.attrs {
                let mut numbers = Vec::new();
                self.dispatch(known.keys, &attr.name, &attr.value, &mut numbers);
                let numbers = numbers.into_iter().filter(|number| self.is_used(*number));
                if let Some(best) = self.best(numbers, element, point) {
                    return best;
                }
            }
        }
        if specs.peek().is_none() {
            return Attempt::of_fault(if element.name == "script" {
                let url = "https://amp.dev/documentation/guides-and-tutorials/learn/validation-workflow/\
                           validation_errors/#custom-javascript-is-not-allowed";
                self.error(ErrorCode::DisallowedScriptTag, [], url)
            } else {
                self.error(ErrorCode::GeneralDisallowedTag, name(), "")
            });
        }
        self.best(specs.copied(), element, point).unwrap_or_default()
    }

    /// The tags that an attribute gives away, those first whose key says more.
    fn dispatch(&self, keys: &[Key], name: &str, value: &str, numbers: &mut Vec<u16>) {
        let parent = self.stack.top().map_or("", |top| top.upper);
        for value in [value, ""] {
            for kind in [KeyKind::NameValueParent, KeyKind::NameValue, KeyKind::Name] {
                let found = keys.iter().filter(|key| {
                    key.kind == kind
                        && key.attr.eq_ignore_ascii_case(name)
                        && (kind == KeyKind::Name || key.value.eq_ignore_ascii_case(value))
                        && (kind != KeyKind::NameValueParent || key.parent == parent)
                });
                numbers.extend(found.map(|key| key.spec));
            }
            // `foo=foo` means `foo`.
            if !name.eq_ignore_ascii_case(value) || value.is_empty() {
                return;
            }
        }
    }

    fn is_used(&self, number: u16) -> bool {
        rules::tag(number).is_some_and(|tag| self.uses(tag.enabled_by, tag.disabled_by))
    }

    /// The first reading that passes, else the best; `None` where there are no tags.
    fn best<'t>(
        &self,
        numbers: impl Iterator<Item = u16>,
        element: &Element<'t, '_>,
        point: Option<&'static Tag>,
    ) -> Option<Attempt<'t>> {
        let mut best: Option<Attempt<'t>> = None;
        for number in numbers {
            let Some(tag) = rules::tag(number) else { continue };
            let attempt = self.against(number, tag, point, element);
            if best.as_ref().is_none_or(|best| attempt.is_better_than(best)) {
                let passes = attempt.passes();
                best = Some(attempt);
                if passes {
                    break;
                }
            }
        }
        best
    }

    /// The element as a child of one whose rule says what children may be besides.
    pub(super) fn point<'t>(&self, owner: &'static Tag, element: &Element<'t, '_>) -> Attempt<'t> {
        let numbers = owner.points.iter().copied().filter(|number| self.is_used(*number));
        if let Some(best) = self.best(numbers, element, None).filter(Attempt::passes) {
            return best;
        }
        let names: Vec<&str> =
            owner.points.iter().filter_map(|number| Some(rules::tag(*number)?.name)).collect();
        let params = [Cow::Borrowed(element.name), Cow::Borrowed(owner.name), Cow::Owned(names.join(", "))];
        Attempt::of_fault(self.error(ErrorCode::ChildTagDoesNotSatisfyReferencePoint, params, owner.url))
    }

    fn against<'t>(
        &self,
        number: u16,
        tag: &'static Tag,
        point: Option<&'static Tag>,
        element: &Element<'t, '_>,
    ) -> Attempt<'t> {
        let mut attempt = Attempt { tag: Some(tag), number: Some(number), ..Attempt::default() };
        self.check_parent(tag, element, &mut attempt);
        self.check_ancestors(tag, &mut attempt);
        self.check_as_child(element, &mut attempt);
        if !attempt.failed {
            self.check_attributes(tag, point, element, &mut attempt);
        }
        // In the head the script may still follow.
        if self.stack.bodies > 0 {
            for extension in tag.extensions {
                if !self.is_loaded(extension) {
                    let params = [tag.about, extension].map(Cow::Borrowed);
                    attempt.add(self.error(ErrorCode::MissingRequiredExtension, params, tag.url));
                }
            }
        }
        if !attempt.failed && tag.unique && self.met.contains(&number) {
            attempt.add(self.error(ErrorCode::DuplicateUniqueTag, [Cow::Borrowed(tag.about)], tag.url));
        }
        if !attempt.failed {
            if let Some(deprecation) = tag.deprecation {
                let params = [tag.about, deprecation].map(Cow::Borrowed);
                attempt.add(self.warning(ErrorCode::DeprecatedTag, params, tag.deprecation_url));
            }
            if tag.unique_warning && self.met.contains(&number) {
                let params = [Cow::Borrowed(tag.about)];
                attempt.add(self.warning(ErrorCode::DuplicateUniqueTagWarning, params, tag.url));
            }
        }
        attempt
    }

    fn check_parent<'t>(&self, tag: &'static Tag, element: &Element<'t, '_>, attempt: &mut Attempt<'t>) {
        let Some(wanted) = tag.parent else { return };
        let Some(parent) = self.stack.top() else { return };
        let read_as = parent.tag.filter(|tag| tag.named).map_or(parent.upper, |tag| tag.name);
        if wanted != parent.upper && wanted != read_as {
            let params = [
                Cow::Borrowed(tag.about),
                Cow::Borrowed(name_of(element.tree, parent.node)),
                Cow::Owned(wanted.to_ascii_lowercase()),
            ];
            attempt.add(self.error(ErrorCode::WrongParentTag, params, tag.url));
        }
    }

    fn check_ancestors(&self, tag: &'static Tag, attempt: &mut Attempt<'_>) {
        let params = |ancestor: &str| [Cow::Borrowed(tag.about), Cow::Owned(ancestor.to_ascii_lowercase())];
        if let Some(ancestor) = tag.ancestor
            && !self.stack.has_ancestor(ancestor)
        {
            attempt.add(self.error(ErrorCode::MandatoryTagAncestor, params(ancestor), tag.url));
            return;
        }
        if let Some(ancestor) = tag.not_in.iter().find(|ancestor| self.stack.has_ancestor(ancestor)) {
            attempt.add(self.error(ErrorCode::DisallowedTagAncestor, params(ancestor), tag.url));
        }
    }

    /// What the parent says of its children.
    fn check_as_child<'t>(&self, element: &Element<'t, '_>, attempt: &mut Attempt<'t>) {
        let Some(parent) = self.stack.top() else { return };
        let Some((owner, children, _)) = parent.child_rule else { return };
        let mut check = |names: &[&str], code: ErrorCode| {
            if !names.is_empty() && !names.contains(&element.upper()) {
                let list = format!("['{}']", names.join("', '")).to_ascii_lowercase();
                let params = [Cow::Borrowed(element.name), Cow::Borrowed(owner.about), Cow::Owned(list)];
                attempt.add(self.error(code, params, owner.url));
            }
        };
        check(children.names, ErrorCode::DisallowedChildTagName);
        if parent.children == 0 {
            check(children.first, ErrorCode::DisallowedFirstChildTagName);
        }
    }
}
