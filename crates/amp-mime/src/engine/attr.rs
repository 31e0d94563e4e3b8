//! The attributes of an element.

use std::borrow::Cow;

use super::context::{Context, attr_rule};
use super::tag::Attempt;
use super::{Element, html_tag, url};
use crate::html::Attr;
use crate::report::ErrorCode;
use crate::rules;
use crate::rules::spec::{self, Tag, Trigger};

const TEMPLATE_URL: &str = "https://amp.dev/documentation/components/amp-mustache";
const CLASS_URL: &str = "https://amp.dev/documentation/guides-and-tutorials/develop/style_and_layout/style_pages/#disallowed-styles";

impl Context {
    pub(super) fn check_attributes<'t>(
        &self,
        tag: &'static Tag,
        point: Option<&'static Tag>,
        element: &Element<'t, '_>,
        attempt: &mut Attempt<'t>,
    ) {
        if let Some(layouts) = tag.layouts {
            self.check_layout(tag, layouts, element, attempt);
        }
        let mut seen_source = false;
        let mut mandatory_seen = 0;
        let mut triggers: Vec<(&'static str, &'static Trigger)> = Vec::new();
        let mut valid: Vec<&'static str> = Vec::new();
        let mut before = "";
        for attr in element.attrs {
            // Of attributes with the same name the first counts.
            if attr.name == before {
                continue;
            }
            before = &attr.name;
            if attr.name == "class" && has_reserved_class(&attr.value) {
                let params = [&attr.name, tag.about, &attr.value].map(Cow::Borrowed);
                attempt.add(self.error(ErrorCode::InvalidAttrValue, params, CLASS_URL));
            }
            if attr.name == "src" && (element.script.is_extension || element.script.is_runtime) {
                self.check_script_source(tag, element, &attr.value, attempt);
                if element.script.is_extension {
                    seen_source = true;
                    continue;
                }
            }
            let Some(rule) = attr_rule(tag, &attr.name) else {
                self.check_unknown(tag, point, element, attr, attempt);
                continue;
            };
            if !self.check_known(tag, rule, attr, attempt) {
                continue;
            }
            mandatory_seen += usize::from(rule.mandatory);
            if let Some(trigger) = &rule.trigger
                && trigger.pattern.is_none_or(|pattern| pattern.matches(&attr.value))
            {
                triggers.push((rule.name, trigger));
            }
            valid.push(rule.name);
        }
        if attempt.failed {
            return;
        }
        for (name, trigger) in triggers {
            for wanted in trigger.attributes {
                let Some(rule) = rules::attr_name(wanted).and_then(|number| rules::attr(tag, number)) else {
                    continue;
                };
                if !valid.contains(wanted) && !rule.implicit {
                    let params = [rule.name, tag.about, name].map(Cow::Borrowed);
                    attempt.add(self.error(ErrorCode::AttrRequiredButMissing, params, tag.url));
                }
            }
        }
        if mandatory_seen == tag.mandatory_attrs.len() {
            return;
        }
        let missing = tag.mandatory_attrs.iter().filter(|name| !valid.contains(name)).copied();
        // Also the script of a component has to have a source, but only this much is looked at.
        let source = (tag.extension.is_some() && !seen_source).then_some("src");
        for name in missing.chain(source) {
            let params = [name, tag.about].map(Cow::Borrowed);
            attempt.add(self.error(ErrorCode::MandatoryAttrMissing, params, tag.url));
        }
    }

    /// An attribute of which the rules of this tag say nothing.
    fn check_unknown<'t>(
        &self,
        tag: &'static Tag,
        point: Option<&'static Tag>,
        element: &Element<'t, '_>,
        attr: &'t Attr<'_>,
        attempt: &mut Attempt<'t>,
    ) {
        let is_identifier = element.name == "html" && html_tag::type_identifier(&attr.name) != 0;
        if is_identifier
            || tag.reference_point
            || point.is_some_and(|point| attr_rule(point, &attr.name).is_some())
        {
            return;
        }
        if let Some(extension) = &tag.extension
            && extension.attribute == attr.name
            && extension.name == attr.value
        {
            return;
        }
        let known = (!tag.explicit && is_data(&attr.name))
            // Two slips of the pen that the official validator lets through for the sake of well-known sites.
            || attr.name == "data-\u{200b}c\u{200b}ards"
            || attr.name == "data-action\"fastclick\"";
        if !known {
            let params = [&*attr.name, tag.about].map(Cow::Borrowed);
            attempt.add(if attr.name.contains("{{") {
                self.error(ErrorCode::TemplateInAttrName, params, TEMPLATE_URL)
            } else {
                self.error(ErrorCode::DisallowedAttr, params, tag.url)
            });
        }
        if !attempt.failed && self.stack.templates > 0 {
            self.check_template_value(tag, attr, attempt);
        }
    }

    /// Mustache in a value: nothing unescaped, and no other template.
    fn check_template_value<'t>(&self, tag: &'static Tag, attr: &'t Attr<'_>, attempt: &mut Attempt<'t>) {
        let code = if opens(&attr.value, &['&', '{']) {
            ErrorCode::UnescapedTemplateInAttrValue
        } else if opens(&attr.value, &['>']) {
            ErrorCode::TemplatePartialInAttrValue
        } else {
            return;
        };
        let params = [&*attr.name, tag.about, &*attr.value].map(Cow::Borrowed);
        attempt.add(self.error(code, params, TEMPLATE_URL));
    }

    /// An attribute that the rules know; whether it counts as there.
    fn check_known<'t>(
        &self,
        tag: &'static Tag,
        rule: &'static spec::Attr,
        attr: &'t Attr<'_>,
        attempt: &mut Attempt<'t>,
    ) -> bool {
        let in_template = self.stack.templates > 0;
        let named = || [&*attr.name, tag.about].map(Cow::Borrowed);
        let invalid = || {
            let params = [&*attr.name, tag.about, &*attr.value].map(Cow::Borrowed);
            self.error(ErrorCode::InvalidAttrValue, params, tag.url)
        };
        if in_template {
            self.check_template_value(tag, attr, attempt);
            if attempt.failed {
                return false;
            }
        }
        if !self.uses(rule.enabled_by, rule.disabled_by) {
            attempt.add(self.error(ErrorCode::DisallowedAttr, named(), tag.url));
            return false;
        }
        if let Some(instead) = rule.deprecation {
            let params = [&*attr.name, tag.about, instead].map(Cow::Borrowed);
            attempt.add(self.warning(ErrorCode::DeprecatedAttr, params, ""));
        }
        for extension in rule.extensions {
            if !self.is_loaded(extension) {
                let params = [rule.name, extension].map(Cow::Borrowed);
                attempt.add(self.error(ErrorCode::AttrMissingRequiredExtension, params, ""));
            }
        }
        if rule.css {
            self.check_inline_style(tag, attr, attempt);
        }
        if !in_template || !has_template(&attr.value) {
            self.check_value(tag, rule, attr, attempt);
            if attempt.failed {
                return false;
            }
        }
        if rule.forbidden.is_some_and(|pattern| pattern.matches(&attr.value)) {
            attempt.add(invalid());
            return false;
        }
        if rule.needs_mark {
            attempt.add(self.error(ErrorCode::DisallowedAttr, named(), tag.url));
            return false;
        }
        true
    }

    fn check_value<'t>(
        &self,
        tag: &'static Tag,
        rule: &'static spec::Attr,
        attr: &'t Attr<'_>,
        attempt: &mut Attempt<'t>,
    ) {
        let value = &*attr.value;
        if let Some(set) = rule.adds_to_set {
            attempt.provided.push((set, value));
        }
        if let Some(set) = rule.needs_in_set {
            let params = [&*attr.name, tag.about].map(Cow::Borrowed);
            attempt.required.push((set, value, self.error(ErrorCode::ValueSetMismatch, params, tag.url)));
        }
        let valid = if !rule.values.is_empty() {
            // `async=async` means `async`.
            rule.values.iter().any(|one| *one == value || (one.is_empty() && attr.name == value))
        } else if !rule.values_any_case.is_empty() {
            rule.values_any_case.iter().any(|one| one.eq_ignore_ascii_case(value))
        } else if let Some(pattern) = rule.pattern {
            pattern.matches(value)
        } else {
            if let Some(allowed) = &rule.url
                && let Some((fault, shown)) = url::check(value, allowed)
            {
                let code = match fault {
                    url::Fault::Missing => ErrorCode::MissingUrl,
                    url::Fault::Invalid => ErrorCode::InvalidUrl,
                    url::Fault::Protocol => ErrorCode::InvalidUrlProtocol,
                    url::Fault::Relative => ErrorCode::DisallowedRelativeUrl,
                };
                let names = [&*attr.name, tag.about].map(Cow::Borrowed);
                attempt.add(self.error(code, names.into_iter().chain(shown), tag.url));
            }
            return;
        };
        if !valid {
            let params = [&*attr.name, tag.about, value].map(Cow::Borrowed);
            attempt.add(self.error(ErrorCode::InvalidAttrValue, params, tag.url));
        }
    }
}

/// Whether a class is one of AMP's own.
fn has_reserved_class(value: &str) -> bool {
    value.contains("i-amphtml-")
        && value.split(['\t', '\n', '\x0c', '\r', ' ']).any(|class| class.starts_with("i-amphtml-"))
}

/// `data-` and characters that every parser takes alike.
fn is_data(name: &str) -> bool {
    name.strip_prefix("data-")
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte)))
}

/// `{{`, and `}}` after it on the same line.
pub(super) fn has_template(value: &str) -> bool {
    value.contains("{{")
        && value.split('\n').any(|line| line.split_once("{{").is_some_and(|(_, rest)| rest.contains("}}")))
}

/// `{{`, white space, and one of these.
fn opens(value: &str, what: &[char]) -> bool {
    value.contains("{{")
        && value.match_indices('{').any(|(at, _)| {
            let after = value.get(at..).and_then(|from| from.strip_prefix("{{"));
            after.is_some_and(|after| {
                after.trim_start_matches([' ', '\t', '\n', '\x0c', '\r']).starts_with(what)
            })
        })
}
