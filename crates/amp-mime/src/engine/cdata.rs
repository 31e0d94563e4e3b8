//! The text of scripts and styles.

use std::borrow::Cow;

use super::context::Context;
use super::{Fault, Output, Walk, json};
use crate::css::{self, Event};
use crate::html::{Kind, NodeId, Place};
use crate::report::{ErrorCode, Severity};
use crate::rules::spec::{Cdata, Style, Tag};

impl Walk<'_> {
    /// Validates the text of a script or style, which is its first child.
    pub(super) fn text_of(&mut self, id: NodeId) {
        let node = self.tree.node(id);
        let text = self.tree.node(node.first);
        if !node.first.is_some() || text.kind != Kind::Text {
            return;
        }
        let json = self.tree.attrs(node.attrs).iter().filter(|attr| {
            attr.name.eq_ignore_ascii_case("type")
                && (attr.value.eq_ignore_ascii_case("application/json")
                    || attr.value.eq_ignore_ascii_case("application/ld+json"))
        });
        if self.context.stack.templates == 0 {
            for _ in json {
                let Err(stop) = json::check(&text.data) else { break };
                let (script, begin) = (node.at.unwrap_or_default(), text.at.unwrap_or_default());
                // On the first line the columns before the text count too.
                let before = if stop.line == 0 { begin.col } else { 0 };
                let at = Place { line: script.line + stop.line, col: before + stop.col - 1 };
                let (severity, code) = (Severity::Warning, ErrorCode::InvalidJsonCdata);
                self.out.add(Fault { severity, code, at, params: Vec::new(), url: "" });
            }
        }
        let rule = self.context.stack.top().and_then(|top| top.cdata);
        if let Some((tag, cdata, at)) = rule {
            self.context.check_text(tag, cdata, at, &text.data, &mut self.out);
        }
    }
}

impl Context {
    fn check_text(
        &mut self,
        tag: &'static Tag,
        cdata: &'static Cdata,
        at: Place,
        text: &str,
        out: &mut Output,
    ) {
        let about = || [Cow::Borrowed(tag.about)];
        if let Some(pattern) = cdata.pattern {
            if !pattern.matches(text) {
                out.add(self.error(ErrorCode::MandatoryCdataMissingOrIncorrect, about(), tag.url));
                return;
            }
        } else if let Some(at_rules) = cdata.css {
            self.check_sheet(tag, cdata, at_rules, at, text, out);
        } else if cdata.white_space_only && !text.chars().all(|char| char.is_ascii_whitespace()) {
            out.add(self.error(ErrorCode::NonWhitespaceCdataEncountered, about(), tag.url));
        }
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        if let Some(most) = cdata.max_bytes.filter(|most| length > *most) {
            let sizes = [Cow::Owned(length.to_string()), Cow::Owned(most.to_string())];
            let is_script = self.stack.top().is_some_and(|top| top.upper == "SCRIPT");
            out.add(if is_script {
                self.error(ErrorCode::InlineScriptTooLong, sizes, cdata.max_bytes_url)
            } else {
                self.error(
                    ErrorCode::StylesheetTooLong,
                    about().into_iter().chain(sizes),
                    cdata.max_bytes_url,
                )
            });
            return;
        }
        if self.stack.top().and_then(|top| top.tag?.cdata.as_ref()).is_some_and(|cdata| cdata.counts_as_css) {
            self.style_bytes = self.style_bytes.saturating_add(text.len());
        }
        for (pattern, what) in cdata.forbidden {
            if pattern.matches(text) {
                let params = [tag.about, what].map(Cow::Borrowed);
                out.add(self.error(ErrorCode::CdataViolatesDenylist, params, tag.url));
            }
        }
    }

    fn check_sheet(
        &self,
        tag: &'static Tag,
        cdata: &'static Cdata,
        at_rules: &[&str],
        at: Place,
        text: &str,
        out: &mut Output,
    ) {
        let mut faults = Vec::new();
        let source = css::source(text);
        let sheet = css::sheet(&source, at, &mut faults);
        let urls = sheet.urls(&mut faults);
        if let Some(media) = &cdata.media {
            sheet.check_media(media, &mut faults);
        }
        if let Some(selectors) = &cdata.selectors {
            sheet.check_selectors(selectors, &mut faults);
        }
        for fault in faults {
            out.add(of_css(fault, tag, None));
        }
        let style = self.style();
        for url in urls {
            let Some(style) = style else { break };
            if let Some(fault) = self.check_css_url(style, tag, url.text, url.is_font) {
                out.add(Fault { at: url.at, ..fault });
            }
        }
        for event in &sheet.events {
            match event {
                Event::AtRule { name, at, .. } if !at_rules.contains(&css::strip_vendor_prefix(name)) => {
                    let params = [tag.about, name].map(Cow::Borrowed);
                    out.add(Fault { at: *at, ..self.error(ErrorCode::CssSyntaxInvalidAtRule, params, "") });
                }
                Event::Declaration(declaration) => {
                    if let Some(at) = declaration.important {
                        let fault =
                            self.error(ErrorCode::CssSyntaxDisallowedImportant, [], super::style::STYLES_URL);
                        out.add(Fault { at, ..fault });
                    }
                    if let Some(style) = style.filter(|style| !style.any_property) {
                        let value = sheet.first_ident(declaration);
                        let fault = match style.allows(&declaration.name, value) {
                            Ok(()) => continue,
                            Err(None) => {
                                let params = [tag.about, &declaration.name].map(Cow::Borrowed);
                                self.error(ErrorCode::CssSyntaxInvalidPropertyNolist, params, style.url)
                            }
                            Err(Some(value)) => {
                                let params = [tag.about, &declaration.name, value].map(Cow::Borrowed);
                                self.error(ErrorCode::CssSyntaxDisallowedPropertyValue, params, style.url)
                            }
                        };
                        out.add(Fault { at: declaration.at, ..fault });
                    }
                }
                _ => {}
            }
        }
    }
}

/// A fault in CSS as one of a tag, at the place of the tag where one is given.
pub(super) fn of_css(fault: css::Fault, tag: &'static Tag, at: Option<Place>) -> Fault<'static> {
    let mut params = vec![Cow::Borrowed(tag.about)];
    params.extend(fault.param.map(Cow::Owned));
    Fault { severity: Severity::Error, code: fault.code, at: at.unwrap_or(fault.at), params, url: "" }
}

impl Style {
    /// Whether a property may be set to what begins so; the value, if it is that.
    pub(super) fn allows<'v>(&self, name: &str, value: &'v str) -> Result<(), Option<&'v str>> {
        let lower;
        let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            lower = name.to_ascii_lowercase();
            &lower
        } else {
            name
        };
        let name = if self.strip_vendor_prefixes { css::strip_vendor_prefix(name) } else { name };
        let at = self.properties.binary_search_by_key(&name, |property| property.name);
        let property = at.ok().and_then(|at| self.properties.get(at)).ok_or(None)?;
        let allowed = if property.values.is_empty() {
            property.pattern.is_none_or(|pattern| pattern.matches(value))
        } else {
            property.values.iter().any(|one| one.eq_ignore_ascii_case(value))
        };
        if allowed { Ok(()) } else { Err(Some(value)) }
    }
}
