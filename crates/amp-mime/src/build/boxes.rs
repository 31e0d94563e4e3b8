//! Components around other components.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::fragment::Fragment;
use super::value::{Name, Size};
use super::write::Tag;

/// A box with components in it: a `div`, or an amp-layout where it has a size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    inside: Fragment,
    size: Option<Size>,
    id: Option<Name>,
    class: Option<Name>,
    is_hidden: bool,
}

impl Layout {
    /// A box as large as what is in it.
    #[must_use]
    pub fn container() -> Self {
        Self::default()
    }

    /// A box of this size.
    #[must_use]
    pub fn sized(size: Size) -> Self {
        Self { size: Some(size), ..Self::default() }
    }

    /// Adds a component.
    #[must_use]
    pub fn push(mut self, component: impl Into<Fragment>) -> Self {
        self.inside = self.inside.push(component);
        self
    }

    /// Gives it an id, for actions.
    #[must_use]
    pub fn id(mut self, id: Name) -> Self {
        self.id = Some(id);
        self
    }

    /// Gives it a class, for the style sheet.
    #[must_use]
    pub fn class(mut self, class: Name) -> Self {
        self.class = Some(class);
        self
    }

    /// Hides it until an action shows it. Clients without AMP show it.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.is_hidden = true;
        self
    }
}

impl From<Layout> for Fragment {
    fn from(layout: Layout) -> Self {
        let element = if layout.size.is_some() { "amp-layout" } else { "div" };
        let tag = Tag::new(element).opt("id", layout.id.as_ref().map(Name::as_str));
        let tag = tag.opt("class", layout.class.as_ref().map(Name::as_str)).flag("hidden", layout.is_hidden);
        let tag = layout.size.map_or_else(|| Tag::clone(&tag), |size| size.on(Tag::clone(&tag))).done();
        let class = Tag::new("div").opt("class", layout.class.as_ref().map(Name::as_str)).done();
        let inside = layout.inside.identified(layout.id.as_ref());
        inside.wrapped(&tag, &format!("</{element}>\n"), 1).wrapped_html(&class, "</div>\n")
    }
}

/// A box that a button shows and hides.
///
/// amp-lightbox is deprecated in e-mail, since it cannot be placed there: the validator warns of it. This is a box in its place
/// in the page, hidden until [`Action::show`](super::Action::show), with a button that closes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lightbox {
    id: Name,
    inside: Fragment,
    close: String,
}

impl Lightbox {
    /// A box of this id, and the label of the button that closes it.
    #[must_use]
    pub fn new(id: Name, close: &str) -> Self {
        Self { id, inside: Fragment::new(), close: close.to_owned() }
    }

    /// Adds a component.
    #[must_use]
    pub fn push(mut self, component: impl Into<Fragment>) -> Self {
        self.inside = self.inside.push(component);
        self
    }
}

impl From<Lightbox> for Fragment {
    fn from(lightbox: Lightbox) -> Self {
        let close = super::button(&lightbox.close, &super::Action::hide(&lightbox.id));
        Layout { inside: lightbox.inside, ..Layout::default() }.push(close).id(lightbox.id).hidden().into()
    }
}

/// Sections that unfold (amp-accordion). Clients without AMP show them unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accordion {
    inside: Fragment,
    sections: usize,
    is_single: bool,
}

impl Accordion {
    /// No sections yet; at least one is needed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a section: its heading, which is always shown, and what unfolds.
    #[must_use]
    pub fn section(self, heading: &str, inside: impl Into<Fragment>) -> Self {
        self.with(heading, inside, false)
    }

    /// Adds a section that is unfolded at first.
    #[must_use]
    pub fn expanded(self, heading: &str, inside: impl Into<Fragment>) -> Self {
        self.with(heading, inside, true)
    }

    /// Folds a section when another one is unfolded.
    #[must_use]
    pub const fn single(mut self) -> Self {
        self.is_single = true;
        self
    }

    fn with(mut self, heading: &str, inside: impl Into<Fragment>, is_expanded: bool) -> Self {
        let head = Fragment::element("h4", heading);
        let before = format!("{}{}<div>", Tag::new("section").flag("expanded", is_expanded).done(), head.amp);
        let inside = inside.into().wrapped(&before, "</div></section>\n", 2);
        let mut made = inside.wrapped_html(&head.html, "");
        made.text = [head.text, made.text].concat();
        self.inside.add(made);
        self.sections = self.sections.saturating_add(1);
        self
    }
}

impl From<Accordion> for Fragment {
    fn from(accordion: Accordion) -> Self {
        const NAME: &str = "amp-accordion";
        if accordion.sections == 0 {
            return Self::fault(BuildError::new(NAME, Kind::Empty("sections")));
        }
        let tag = Tag::new(NAME).flag("expand-single-section", accordion.is_single).done();
        accordion.inside.wrapped(&tag, "</amp-accordion>\n", 1).using(NAME)
    }
}

/// A menu at the side (amp-sidebar), which an action opens. Clients without AMP show it in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sidebar {
    id: Name,
    inside: Fragment,
    side: &'static str,
}

impl Sidebar {
    /// A menu on the left.
    #[must_use]
    pub fn left(id: Name) -> Self {
        Self { id, inside: Fragment::new(), side: "left" }
    }

    /// A menu on the right.
    #[must_use]
    pub fn right(id: Name) -> Self {
        Self { side: "right", ..Self::left(id) }
    }

    /// Adds a component.
    #[must_use]
    pub fn push(mut self, component: impl Into<Fragment>) -> Self {
        self.inside = self.inside.push(component);
        self
    }
}

impl From<Sidebar> for Fragment {
    fn from(sidebar: Sidebar) -> Self {
        const NAME: &str = "amp-sidebar";
        let tag = Tag::new(NAME).attr("id", sidebar.id.as_str()).attr("layout", "nodisplay");
        let tag = tag.attr("side", sidebar.side).done();
        let inside = sidebar.inside.identified(Some(&sidebar.id)).without(NAME, &[NAME]);
        inside.wrapped(&tag, "</amp-sidebar>\n", 1).using(NAME).holding(NAME)
    }
}

/// Options of which one or more are chosen (amp-selector). In a form its name is a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    name: Option<Name>,
    inside: Fragment,
    options: usize,
    is_multiple: bool,
}

impl Selector {
    /// No options yet; at least one is needed.
    #[must_use]
    pub fn new() -> Self {
        Self { name: None, inside: Fragment::new(), options: 0, is_multiple: false }
    }

    /// Gives it the name of a field.
    #[must_use]
    pub fn name(mut self, name: Name) -> Self {
        self.name = Some(name);
        self
    }

    /// Lets several options be chosen.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.is_multiple = true;
        self
    }

    /// Adds an option: its value, and what stands for it.
    #[must_use]
    pub fn option(mut self, value: &str, component: impl Into<Fragment>) -> Self {
        let tag = Tag::new("div").attr("option", value).done();
        self.inside.add(component.into().wrapped(&tag, "</div>\n", 1));
        self.options = self.options.saturating_add(1);
        self
    }
}

impl Default for Selector {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Selector> for Fragment {
    fn from(selector: Selector) -> Self {
        const NAME: &str = "amp-selector";
        if selector.options == 0 {
            return Self::fault(BuildError::new(NAME, Kind::Empty("options")));
        }
        let tag =
            Tag::new(NAME).attr("layout", "container").opt("name", selector.name.as_ref().map(Name::as_str));
        let tag = tag.flag("multiple", selector.is_multiple).done();
        let inside = selector.inside.without(NAME, &[NAME]);
        inside.wrapped(&tag, "</amp-selector>\n", 1).using(NAME).holding(NAME)
    }
}
