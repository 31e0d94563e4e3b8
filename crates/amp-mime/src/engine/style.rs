//! Style attributes, and URLs in CSS.

use std::borrow::Cow;

use super::cdata::of_css;
use super::context::Context;
use super::tag::Attempt;
use super::{Fault, url};
use crate::css::{self, Event};
use crate::html::Attr;
use crate::report::ErrorCode;
use crate::rules::spec::{self, Style, Tag};

pub(super) const STYLES_URL: &str =
    "https://amp.dev/documentation/guides-and-tutorials/develop/style_and_layout/style_pages/";

/// No rule is given for the URLs of fonts.
const FONTS: spec::Url = spec::Url { protocols: &[], relative: true, empty: false };

impl Context {
    pub(super) fn check_inline_style<'t>(
        &self,
        tag: &'static Tag,
        attr: &'t Attr<'_>,
        attempt: &mut Attempt<'t>,
    ) {
        attempt.inline_bytes = attr.value.len();
        let mut faults = Vec::new();
        let source = css::source(&attr.value);
        let sheet = css::inline(&source, self.place, &mut faults);
        if !faults.is_empty() {
            for fault in faults {
                attempt.add(of_css(fault, tag, None));
            }
            return;
        }
        let Some(style) = self.style() else { return };
        if attr.value.len() > style.max_bytes_inline {
            let (length, most) = (attr.value.len().to_string(), style.max_bytes_inline.to_string());
            let params = [Cow::Borrowed(tag.about), Cow::Owned(length), Cow::Owned(most)];
            attempt.add(if style.too_long_is_warning {
                self.warning(ErrorCode::InlineStyleTooLong, params, style.max_bytes_url)
            } else {
                self.error(ErrorCode::InlineStyleTooLong, params, style.max_bytes_url)
            });
        }
        for event in &sheet.events {
            let Event::Declaration(declaration) = event else { continue };
            let name = || Cow::Owned(declaration.name.to_string());
            let disallowed = || {
                let params = [name(), Cow::Borrowed(&*attr.name), Cow::Borrowed(tag.about)];
                self.error(ErrorCode::DisallowedPropertyInAttrValue, params, STYLES_URL)
            };
            if !style.any_property {
                match style.allows(&declaration.name, sheet.first_ident(declaration)) {
                    Ok(()) => {}
                    Err(None) => {
                        attempt.add(disallowed());
                        continue;
                    }
                    Err(Some(value)) => {
                        let params = [Cow::Borrowed(tag.about), name(), Cow::Owned(value.to_owned())];
                        attempt.add(self.error(
                            ErrorCode::CssSyntaxDisallowedPropertyValue,
                            params,
                            STYLES_URL,
                        ));
                    }
                }
            }
            if declaration.name.contains("i-amphtml-") {
                attempt.add(disallowed());
                continue;
            }
            if declaration.important.is_some() {
                attempt.add(self.error(ErrorCode::CssSyntaxDisallowedImportant, [], STYLES_URL));
            }
            let (mut urls, mut faults) = (Vec::new(), Vec::new());
            sheet.urls_of(declaration, false, &mut urls, &mut faults);
            if !faults.is_empty() {
                for fault in faults {
                    attempt.add(of_css(fault, tag, Some(self.place)));
                }
                continue;
            }
            for url in urls {
                if let Some(fault) = self.check_css_url(style, tag, url.text, false) {
                    attempt.add(fault);
                }
            }
        }
    }

    /// A URL in CSS; what is wrong with it, at the current place.
    pub(super) fn check_css_url(
        &self,
        style: &'static Style,
        tag: &'static Tag,
        text: &str,
        is_font: bool,
    ) -> Option<Fault<'static>> {
        let allowed = if is_font { &FONTS } else { &style.images };
        let (fault, shown) = url::check(text, allowed)?;
        let code = match fault {
            url::Fault::Missing => ErrorCode::CssSyntaxMissingUrl,
            url::Fault::Invalid => ErrorCode::CssSyntaxInvalidUrl,
            // Relative URLs are allowed in CSS.
            url::Fault::Protocol | url::Fault::Relative => ErrorCode::CssSyntaxInvalidUrlProtocol,
        };
        let about = [Cow::Borrowed(tag.about)];
        let shown = shown.map(|shown| Cow::Owned(shown.into_owned()));
        Some(self.error(code, about.into_iter().chain(shown), tag.url))
    }
}
