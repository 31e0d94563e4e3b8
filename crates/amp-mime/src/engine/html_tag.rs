//! The html tag, which says what the document is.

use std::borrow::Cow;

use super::context::Context;
use super::{Element, Output};
use crate::html::Attr;
use crate::report::ErrorCode;

const EMAIL: u8 = 1 << 2;
pub(super) const DEV_MODE: u8 = 1 << 5;
const CSS_STRICT: u8 = 1 << 6;

const MARKUP_URL: &str =
    "https://amp.dev/documentation/guides-and-tutorials/learn/spec/amphtml#required-markup";
const STRICT_URL: &str = "https://github.com/ampproject/amphtml/issues/32587";

/// The bit of a type identifier; 0 where the attribute is none. The order is that of `cargo xtask amp-rules`.
pub(super) fn type_identifier(name: &str) -> u8 {
    let name = name.replace('\u{26a1}', "amp");
    let name = name.strip_prefix("amp\u{fe0f}").map_or_else(|| name.clone(), |rest| format!("amp{rest}"));
    match name.to_ascii_lowercase().as_str() {
        "amp" => 1,
        "amp4ads" => 1 << 1,
        "amp4email" => EMAIL,
        "transformed" => 1 << 3,
        "experimental" => 1 << 4,
        "data-ampdevmode" => DEV_MODE,
        "data-css-strict" => CSS_STRICT,
        _ => 0,
    }
}

/// The first attribute that is there again with another value; the attributes are sorted.
pub(super) fn duplicate<'t>(attrs: &'t [Attr<'_>]) -> Option<&'t str> {
    attrs.windows(2).find_map(|pair| match pair {
        [a, b] if a.name.eq_ignore_ascii_case(&b.name) && a.value != b.value => Some(&*b.name),
        _ => None,
    })
}

impl Context {
    pub(super) fn html_tag(&mut self, element: &Element<'_, '_>, out: &mut Output) {
        let mut found = 0;
        for attr in element.attrs {
            let bit = type_identifier(&attr.name);
            match bit {
                0 => {}
                EMAIL | DEV_MODE | CSS_STRICT => {
                    found |= bit;
                    if bit == DEV_MODE {
                        out.add(self.error(ErrorCode::DevModeOnly, [], ""));
                    }
                }
                _ => {
                    let params = [Cow::Owned(attr.name.to_ascii_lowercase()), Cow::Borrowed("html")];
                    out.add(self.error(ErrorCode::DisallowedAttr, params, MARKUP_URL));
                }
            }
        }
        self.types |= found;
        if found & EMAIL != 0 && found & CSS_STRICT == 0 {
            out.add(self.warning(ErrorCode::AmpEmailMissingStrictCssAttr, [], STRICT_URL));
        }
        if found & EMAIL == 0 {
            let params = ["\u{26a1}4email", "html"].map(Cow::Borrowed);
            out.add(self.error(ErrorCode::MandatoryAttrMissing, params, MARKUP_URL));
        }
    }
}
