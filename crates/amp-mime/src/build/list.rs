//! What a server gives: lists.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::fragment::Fragment;
use super::template::Template;
use super::value::{Name, Size, Url};
use super::write::Tag;

/// A list that is fetched when the e-mail is opened, each item by a template (amp-list).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    url: Url,
    template: Template,
    size: Size,
    id: Option<Name>,
    items: Option<Name>,
    most: Option<u32>,
    is_single: bool,
    fallback: Fragment,
}

impl List {
    /// A list from this URL of `https:`, which answers with JSON.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url).
    pub fn new(url: Url, size: Size, template: Template) -> Result<Self, BuildError> {
        if !url.is_https() {
            return Err(BuildError::new("amp-list", Kind::Url("https")));
        }
        let (id, items, most) = (None, None, None);
        Ok(Self { url, template, size, id, items, most, is_single: false, fallback: Fragment::new() })
    }

    /// Gives it an id, for [`Action::refresh`](super::Action::refresh).
    #[must_use]
    pub fn id(mut self, id: Name) -> Self {
        self.id = Some(id);
        self
    }

    /// The key of the answer that holds the items; `items` where this is not called.
    #[must_use]
    pub fn items(mut self, key: Name) -> Self {
        self.items = Some(key);
        self
    }

    /// Shows so many items at most.
    #[must_use]
    pub const fn most(mut self, items: u32) -> Self {
        self.most = Some(items);
        self
    }

    /// Takes the answer for one item.
    #[must_use]
    pub const fn single(mut self) -> Self {
        self.is_single = true;
        self
    }

    /// What is shown where the list cannot be fetched, and by clients without AMP.
    #[must_use]
    pub fn fallback(mut self, component: impl Into<Fragment>) -> Self {
        self.fallback = self.fallback.push(component);
        self
    }
}

impl From<List> for Fragment {
    fn from(list: List) -> Self {
        const NAME: &str = "amp-list";
        let tag = list.size.on(Tag::new(NAME).attr("src", list.url.as_str()));
        let tag = tag.opt("id", list.id.as_ref().map(Name::as_str));
        let tag = tag.opt("items", list.items.as_ref().map(Name::as_str)).number("max-items", list.most);
        let tag = tag.flag("single-item", list.is_single).done();
        let before = [tag, list.template.element()].concat();
        let inside = if list.fallback.amp.is_empty() {
            list.fallback
        } else {
            list.fallback.wrapped("<div fallback>", "</div>", 1)
        };
        let inside = inside.without(NAME, &[NAME, "amp-state"]).identified(list.id.as_ref());
        let inside = inside.wrapped(&before, "</amp-list>\n", 4);
        inside.using(NAME).using("amp-mustache").holding(NAME)
    }
}
