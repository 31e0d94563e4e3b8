//! What the validator lets through and mail clients do not, or not as meant.
//!
//! A document can be valid and yet stay unseen: clients limit how often some elements stand in it, carry out few actions, and leave
//! out what is deprecated. The limits are those of the one viewer whose source is public (amp-email-viewer, 2020); each is a
//! constant here.

mod action;
mod elements;
mod mustache;

use std::fmt;

use crate::coded::coded;
use crate::html::{self, Place};

/// How often `amp-state` may stand in a document.
pub const MAX_STATES: usize = 5;
/// How often `form` may.
pub const MAX_FORMS: usize = 20;
/// How often `amp-img` and `amp-anim` may, together.
pub const MAX_IMAGES: usize = 200;
/// How often `amp-list` may.
pub const MAX_LISTS: usize = 20;
/// Octets of a document that the documents of older years give as the limit, which was not lifted everywhere at once.
pub const OLD_MAX_DOCUMENT: usize = 102_400;
/// Findings of one document; what follows is of the same kind.
pub const MAX_LINTS: usize = 1_000;

coded! {
    /// The rules.
    LintRule:
    /// An element stands in the document more often than viewers allow.
    TooManyElements, "TOO_MANY_ELEMENTS",
        "viewers show no document that has more of this element: leave some out";
    /// The document is larger than older limits.
    LargeDocument, "LARGE_DOCUMENT", "the document has more than 102,400 octets, the limit of older clients";
    /// `data-css-strict` is missing on the html element.
    MissingCssStrict, "MISSING_CSS_STRICT",
        "the html element has no data-css-strict: style that clients drop is not reported";
    /// A component or version that will be invalid.
    DeprecatedComponent, "DEPRECATED_COMPONENT", "this is deprecated in e-mail and will become invalid: replace it";
    /// An action that viewers do not carry out.
    DisallowedAction, "DISALLOWED_ACTION", "viewers of e-mail carry out a list of actions, of which this is none";
    /// An action on an id that no element has.
    UnknownTarget, "UNKNOWN_TARGET", "no element has the id that this action is on";
    /// An `on` attribute that is no list of `event:target.action`.
    MalformedAction, "MALFORMED_ACTION", "an action has the form event:target.action(arguments)";
    /// Two elements of one id.
    DuplicateId, "DUPLICATE_ID", "another element has this id: actions reach the first only";
    /// A section that does not end where it began.
    UnbalancedSection, "UNBALANCED_SECTION",
        "each {{#name}} and {{^name}} needs its {{/name}}, in the same element and the right order";
    /// A mustache tag that the parser moves out of a table.
    TagInTable, "TAG_IN_TABLE",
        "browsers move text out of a table before the template is filled in: put the template into a script of type text/plain";
    /// A mustache tag that clients refuse or pass over.
    UnsupportedTag, "UNSUPPORTED_TAG", "clients take neither set-delimiter tags nor partials, and Gmail no raw values";
    /// A mustache tag where no template is.
    TagOutsideTemplate, "TAG_OUTSIDE_TEMPLATE", "this stands outside of a template and is shown as it is";
    /// A carousel without arrows.
    CarouselWithoutControls, "CAROUSEL_WITHOUT_CONTROLS",
        "without `controls` nobody at a desk can leaf through the carousel";
    /// A form that shows nothing when it was sent.
    FormWithoutAnswer, "FORM_WITHOUT_ANSWER", "the form shows nothing when it was sent: add submit-success and submit-error";
    /// A list that shows nothing when its server does not answer.
    ListWithoutFallback, "LIST_WITHOUT_FALLBACK", "the list shows nothing when it cannot be fetched: add a child with `fallback`";
    /// A picture without a description.
    ImageWithoutAlt, "IMAGE_WITHOUT_ALT", "a picture without `alt` is nothing to who does not see it";
    /// Style in units of the window.
    ViewportUnits, "VIEWPORT_UNITS", "vw, vh, vmin and vmax are those of the frame that the client makes, not of the screen";
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Lint {
    /// The rule.
    pub rule: LintRule,
    /// Its line, from 1.
    pub line: u32,
    /// Its column in code points, from 0.
    pub col: u32,
    /// What it is about: an element, an action, a tag. It is text of the document.
    pub subject: String,
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}: {} ({})", self.line, self.col, self.subject, self.rule.text(), self.rule.code())
    }
}

/// Looks for what clients do not take in a document, valid or not; findings by their place.
///
/// ```
/// use mailwright_amp_mime::lint::{LintRule, lint};
///
/// let found = lint("<html ⚡4email data-css-strict><body><button on=\"tap:AMP.navigateTo(url='x')\">go</button>");
/// assert_eq!(found[0].rule, LintRule::DisallowedAction);
/// assert_eq!(found[0].subject, "AMP.navigateTo");
/// ```
#[must_use]
pub fn lint(document: &str) -> Vec<Lint> {
    let tree = html::parse(document);
    let mut lints = Lints(Vec::new());
    if document.len() > OLD_MAX_DOCUMENT {
        lints.add(LintRule::LargeDocument, Some(Place { line: 1, col: 0 }), "the document");
    }
    elements::look(&tree, &mut lints);
    action::look(&tree, &mut lints);
    mustache::look(&tree, &mut lints);
    let mut found = lints.0;
    found.sort_by_key(|lint| (lint.line, lint.col, lint.rule));
    found
}

struct Lints(Vec<Lint>);

impl Lints {
    fn add(&mut self, rule: LintRule, at: Option<Place>, subject: &str) {
        if self.0.len() >= MAX_LINTS {
            return;
        }
        let at = at.unwrap_or_default();
        let count = |number: i32| u32::try_from(number).unwrap_or_default();
        let subject = subject.chars().take(100).collect();
        self.0.push(Lint { rule, line: count(at.line).max(1), col: count(at.col), subject });
    }
}

#[cfg(test)]
mod tests;
