//! CSS: style sheets and style attributes (CSS Syntax 3), their selectors and media queries.

mod media;
mod parse;
mod select;
mod token;

pub(crate) use parse::{Event, inline, sheet, source};

pub(crate) use crate::html::Place;
use crate::report::ErrorCode;

/// Something that cannot be read, or may not be used.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) code: ErrorCode,
    pub(crate) at: Place,
    /// What it is about, after the name of the tag.
    pub(crate) param: Option<String>,
}

/// A name without the prefix of a browser.
pub(crate) fn strip_vendor_prefix(name: &str) -> &str {
    ["-o-", "-moz-", "-ms-", "-webkit-"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// Any text as a style sheet and as a style attribute: for fuzzing.
#[doc(hidden)]
pub fn fuzz(text: &str) -> usize {
    let start = Place { line: 1, col: 0 };
    let text = token::normalized(text);
    let mut faults = Vec::new();
    let sheet = sheet(&text, start, &mut faults);
    sheet.urls(&mut faults);
    let all = crate::rules::spec::MediaQueries { types: &[], features: &[] };
    sheet.check_media(&all, &mut faults);
    let none = crate::rules::spec::Selectors { attributes: &[], classes: &[], elements: &[] };
    sheet.check_selectors(&none, &mut faults);
    let inline = inline(&text, start, &mut faults);
    inline.events.len() + sheet.events.len() + faults.len()
}
