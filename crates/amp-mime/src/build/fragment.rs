//! What components are made into: three texts and what they need around them.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::value::Name;
use super::write::{self, Place};

/// Elements within one another. The official validator of 2023 fails at 119, ours and browsers go further; no e-mail needs a third.
pub const MAX_DEPTH: usize = 40;

/// Octets of a document, with CRLF for each line end (the rules of AMP4EMAIL).
pub const MAX_DOCUMENT: usize = 200_000;

/// The extensions: the name, and the version that is asked for.
pub(super) const EXTENSIONS: [(&str, &str); 11] = [
    ("amp-accordion", "0.1"),
    ("amp-anim", "0.1"),
    ("amp-autocomplete", "0.1"),
    ("amp-bind", "0.1"),
    ("amp-carousel", "0.1"),
    ("amp-fit-text", "0.1"),
    ("amp-form", "0.1"),
    ("amp-list", "0.1"),
    ("amp-selector", "0.1"),
    ("amp-sidebar", "0.1"),
    ("amp-timeago", "0.1"),
];

/// A component, or several in a row, as AMP, HTML and text.
///
/// Every component of [`build`](super) turns into one. Faults are kept until [`AmpEmail::build`](super::AmpEmail::build): the first
/// one is its error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    pub(super) amp: String,
    pub(super) html: String,
    pub(super) text: String,
    /// Extensions, by name.
    pub(super) uses: Vec<&'static str>,
    /// Components inside that cannot stand everywhere, by the name of their element.
    pub(super) holds: Vec<&'static str>,
    pub(super) depth: usize,
    pub(super) ids: Vec<Name>,
    /// Components that actions are on.
    pub(super) targets: Vec<Name>,
    pub(super) error: Option<BuildError>,
}

impl Fragment {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a component.
    #[must_use]
    pub fn push(mut self, component: impl Into<Self>) -> Self {
        self.add(component.into());
        self
    }

    /// The first fault, if there is one.
    #[must_use]
    pub const fn error(&self) -> Option<&BuildError> {
        self.error.as_ref()
    }

    pub(super) fn fault(error: BuildError) -> Self {
        Self { error: Some(error), ..Self::default() }
    }

    pub(super) fn fail(&mut self, component: &'static str, kind: Kind) {
        if self.error.is_none() {
            self.error = Some(BuildError::new(component, kind));
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.amp.push_str(&other.amp);
        self.html.push_str(&other.html);
        self.text.push_str(&other.text);
        self.note(other);
    }

    /// Takes over all but the texts, and lets go of texts that became too long.
    fn note(&mut self, other: Self) {
        for name in other.uses {
            self.uses(name);
        }
        for name in other.holds {
            if !self.holds.contains(&name) {
                self.holds.push(name);
            }
        }
        self.depth = self.depth.max(other.depth);
        self.ids.extend(other.ids);
        self.targets.extend(other.targets);
        self.error = self.error.take().or(other.error);
        if self.amp.len() > MAX_DOCUMENT {
            self.fail("AmpEmail", Kind::TooLarge(MAX_DOCUMENT));
        }
        if self.depth > MAX_DEPTH {
            self.fail("AmpEmail", Kind::TooDeep);
        }
        if self.error.is_some() {
            self.amp.clear();
            self.html.clear();
            self.text.clear();
        }
    }

    pub(super) fn uses(&mut self, extension: &'static str) {
        if !self.uses.contains(&extension) {
            self.uses.push(extension);
        }
    }

    pub(super) fn using(mut self, extension: &'static str) -> Self {
        self.uses(extension);
        self
    }

    pub(super) fn holding(mut self, element: &'static str) -> Self {
        self.holds.push(element);
        self
    }

    pub(super) fn identified(mut self, id: Option<&Name>) -> Self {
        self.ids.extend(id.cloned());
        self
    }

    /// Forbids components inside; `outer` is the element that they would stand in.
    pub(super) fn without(mut self, outer: &'static str, inner: &[&'static str]) -> Self {
        if let Some(name) = self.holds.iter().copied().find(|name| inner.contains(name)) {
            self.fail(name, Kind::Nested(outer));
        }
        self
    }

    /// Puts elements around the AMP text, `levels` of them.
    pub(super) fn wrapped(mut self, before: &str, after: &str, levels: usize) -> Self {
        self.amp = [before, &self.amp, after].concat();
        self.depth = self.depth.saturating_add(levels);
        self
    }

    pub(super) fn wrapped_html(mut self, before: &str, after: &str) -> Self {
        self.html = [before, &self.html, after].concat();
        self
    }

    /// A leaf: its three texts. The text ends in a line break.
    pub(super) fn leaf(amp: String, html: String, text: &str) -> Self {
        let mut text = write::plain(text);
        if !text.is_empty() {
            text.push('\n');
        }
        Self { amp, html, text, depth: 1, ..Self::default() }
    }

    /// An element with text in it, the same in AMP and HTML.
    pub(super) fn element(tag: &str, text: &str) -> Self {
        let mut amp = format!("<{tag}>");
        write::text(&mut amp, text, Place::Page);
        amp.push_str(&format!("</{tag}>\n"));
        Self::leaf(amp.clone(), amp, text)
    }
}

impl<F: Into<Fragment>> Extend<F> for Fragment {
    fn extend<I: IntoIterator<Item = F>>(&mut self, components: I) {
        for component in components {
            self.add(component.into());
        }
    }
}

impl<F: Into<Fragment>> FromIterator<F> for Fragment {
    fn from_iter<I: IntoIterator<Item = F>>(components: I) -> Self {
        let mut fragment = Self::new();
        fragment.extend(components);
        fragment
    }
}

/// A component that could not be made: its error is kept.
impl<F: Into<Fragment>> From<Result<F, BuildError>> for Fragment {
    fn from(made: Result<F, BuildError>) -> Self {
        made.map_or_else(Self::fault, Into::into)
    }
}
