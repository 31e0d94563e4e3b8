//! What can be said only at the end of the document.

use std::borrow::Cow;

use super::context::Context;
use super::{Fault, Output};
use crate::report::ErrorCode;
use crate::rules;
use crate::rules::table::css::{DOCUMENT_BYTES, DOCUMENT_BYTES_URL};
use crate::rules::table::tags::TAGS;

impl Context {
    pub(super) fn global(&mut self, out: &mut Output) {
        for (number, tag) in TAGS.iter().enumerate() {
            let met = u16::try_from(number).is_ok_and(|number| self.met.contains(&number));
            if tag.mandatory && !met && self.uses(tag.enabled_by, tag.disabled_by) {
                out.add(self.error(ErrorCode::MandatoryTagMissing, [Cow::Borrowed(tag.about)], tag.url));
            }
        }
        for tag in self.met.iter().filter_map(|number| rules::tag(*number)) {
            if !self.uses(tag.enabled_by, tag.disabled_by) {
                continue;
            }
            for condition in tag.requires {
                if !self.conditions.contains(condition) {
                    let params = [*condition, tag.about].map(Cow::Borrowed);
                    out.add(self.error(ErrorCode::TagRequiredByMissing, params, tag.url));
                }
            }
        }
        for extension in &self.to_be_used {
            if !self.used.contains(extension) {
                out.add(self.error(ErrorCode::ExtensionUnused, [Cow::Borrowed(*extension)], ""));
            }
        }
        self.sizes(out);
        let mut mismatches: Vec<&Fault<'static>> = self
            .required
            .iter()
            .filter(|(wanted, _)| !self.provided.contains(*wanted))
            .flat_map(|(_, faults)| faults)
            .collect();
        mismatches.sort_by_key(|fault| (fault.at.line, fault.at.col));
        for fault in mismatches {
            out.add(fault.clone());
        }
    }

    fn sizes(&self, out: &mut Output) {
        let sizes = |a: usize, b: usize| [Cow::Owned(a.to_string()), Cow::Owned(b.to_string())];
        if self.document_bytes > DOCUMENT_BYTES {
            let params = sizes(DOCUMENT_BYTES, self.document_bytes);
            out.add(self.error(ErrorCode::DocumentSizeLimitExceeded, params, DOCUMENT_BYTES_URL));
        }
        let css = self.style_bytes.saturating_add(self.inline_bytes);
        let Some(style) = self.style().filter(|style| css > style.max_bytes) else { return };
        let (code, params) = (ErrorCode::StylesheetAndInlineStyleTooLong, sizes(css, style.max_bytes));
        out.add(if style.too_long_is_warning {
            self.warning(code, params, style.max_bytes_url)
        } else {
            self.error(code, params, style.max_bytes_url)
        });
    }
}
