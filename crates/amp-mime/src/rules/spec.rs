//! What a row of the table says.

use super::pattern::Pattern;

/// One way in which a tag may stand in a document.
#[derive(Debug)]
pub(crate) struct Tag {
    /// By which the rules speak of it.
    pub(crate) name: &'static str,
    /// By which findings speak of it.
    pub(crate) about: &'static str,
    /// Whether `name` is more than the tag's name.
    pub(crate) named: bool,
    /// Where it is described; may be empty.
    pub(crate) url: &'static str,
    pub(crate) mandatory: bool,
    pub(crate) unique: bool,
    pub(crate) unique_warning: bool,
    /// Only the attributes named are allowed, not even `data-` ones.
    pub(crate) explicit: bool,
    /// Not a tag, but what may be said of a child of another.
    pub(crate) reference_point: bool,
    pub(crate) parent: Option<&'static str>,
    pub(crate) ancestor: Option<&'static str>,
    pub(crate) not_in: &'static [&'static str],
    pub(crate) enabled_by: u8,
    pub(crate) disabled_by: u8,
    pub(crate) deprecation: Option<&'static str>,
    pub(crate) deprecation_url: &'static str,
    /// The attributes that are not global: number of the name and row, by name.
    pub(crate) attrs: &'static [(u16, u16)],
    /// Sorted.
    pub(crate) mandatory_attrs: &'static [&'static str],
    pub(crate) attrs_use_extensions: bool,
    pub(crate) extensions: &'static [&'static str],
    pub(crate) satisfies: &'static [&'static str],
    pub(crate) requires: &'static [&'static str],
    pub(crate) layouts: Option<&'static [Layout]>,
    pub(crate) extension: Option<Extension>,
    pub(crate) children: Option<Children>,
    /// Numbers of the tags that say what a child may be besides.
    pub(crate) points: &'static [u16],
    pub(crate) cdata: Option<Cdata>,
}

/// A tag of which nothing is said.
pub(crate) const TAG: Tag = Tag {
    name: "",
    about: "",
    named: false,
    url: "",
    mandatory: false,
    unique: false,
    unique_warning: false,
    explicit: false,
    reference_point: false,
    parent: None,
    ancestor: None,
    not_in: &[],
    enabled_by: 0,
    disabled_by: 0,
    deprecation: None,
    deprecation_url: "",
    attrs: &[],
    mandatory_attrs: &[],
    attrs_use_extensions: false,
    extensions: &[],
    satisfies: &[],
    requires: &[],
    layouts: None,
    extension: None,
    children: None,
    points: &[],
    cdata: None,
};

/// What a name may stand for.
#[derive(Debug)]
pub(crate) struct Name {
    /// In capital letters, as rules speak of parents.
    pub(crate) upper: &'static str,
    /// Tags that are tried one by one.
    pub(crate) specs: &'static [u16],
    /// Tags that an attribute gives away.
    pub(crate) keys: &'static [Key],
}

/// The attribute that gives a tag away.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    pub(crate) attr: &'static str,
    pub(crate) value: &'static str,
    pub(crate) parent: &'static str,
    pub(crate) spec: u16,
}

/// What of a [`Key`] has to be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Name,
    NameValue,
    NameValueParent,
}

/// An attribute.
#[derive(Debug)]
pub(crate) struct Attr {
    pub(crate) name: &'static str,
    pub(crate) mandatory: bool,
    /// There without being written.
    pub(crate) implicit: bool,
    /// Its value is CSS.
    pub(crate) css: bool,
    pub(crate) values: &'static [&'static str],
    pub(crate) values_any_case: &'static [&'static str],
    pub(crate) pattern: Option<Pattern>,
    pub(crate) forbidden: Option<Pattern>,
    pub(crate) url: Option<Url>,
    pub(crate) deprecation: Option<&'static str>,
    pub(crate) enabled_by: u8,
    pub(crate) disabled_by: u8,
    pub(crate) extensions: &'static [&'static str],
    pub(crate) trigger: Option<Trigger>,
    pub(crate) needs_in_set: Option<&'static str>,
    pub(crate) adds_to_set: Option<&'static str>,
    /// Only below a tag that marks its descendants.
    pub(crate) needs_mark: bool,
}

/// An attribute of which nothing is said.
pub(crate) const ATTR: Attr = Attr {
    name: "",
    mandatory: false,
    implicit: false,
    css: false,
    values: &[],
    values_any_case: &[],
    pattern: None,
    forbidden: None,
    url: None,
    deprecation: None,
    enabled_by: 0,
    disabled_by: 0,
    extensions: &[],
    trigger: None,
    needs_in_set: None,
    adds_to_set: None,
    needs_mark: false,
};

/// Which URLs are allowed.
#[derive(Debug)]
pub(crate) struct Url {
    pub(crate) protocols: &'static [&'static str],
    pub(crate) relative: bool,
    pub(crate) empty: bool,
}

/// An attribute that asks for others.
#[derive(Debug)]
pub(crate) struct Trigger {
    /// Only with such a value.
    pub(crate) pattern: Option<Pattern>,
    pub(crate) attributes: &'static [&'static str],
}

/// The script of a component.
#[derive(Debug)]
pub(crate) struct Extension {
    pub(crate) name: &'static str,
    /// The attribute that names it.
    pub(crate) attribute: &'static str,
    pub(crate) versions: &'static [&'static str],
    pub(crate) deprecated: &'static [&'static str],
    pub(crate) must_be_used: bool,
}

/// What the children of a tag may be.
#[derive(Debug)]
pub(crate) struct Children {
    pub(crate) count: Option<usize>,
    pub(crate) names: &'static [&'static str],
    pub(crate) first: &'static [&'static str],
}

/// What the text of a tag may be.
#[derive(Debug)]
pub(crate) struct Cdata {
    pub(crate) pattern: Option<Pattern>,
    pub(crate) white_space_only: bool,
    pub(crate) max_bytes: Option<i64>,
    pub(crate) max_bytes_url: &'static str,
    pub(crate) counts_as_css: bool,
    pub(crate) forbidden: &'static [(Pattern, &'static str)],
    /// The at-rules allowed, where the text is CSS.
    pub(crate) css: Option<&'static [&'static str]>,
    pub(crate) media: Option<MediaQueries>,
    pub(crate) selectors: Option<Selectors>,
}

/// A text of which nothing is said.
pub(crate) const CDATA: Cdata = Cdata {
    pattern: None,
    white_space_only: false,
    max_bytes: None,
    max_bytes_url: "",
    counts_as_css: false,
    forbidden: &[],
    css: None,
    media: None,
    selectors: None,
};

/// What `@media` may ask for.
#[derive(Debug)]
pub(crate) struct MediaQueries {
    pub(crate) types: &'static [&'static str],
    pub(crate) features: &'static [&'static str],
}

/// What selectors may use.
#[derive(Debug)]
pub(crate) struct Selectors {
    pub(crate) attributes: &'static [&'static str],
    pub(crate) classes: &'static [&'static str],
    pub(crate) elements: &'static [&'static str],
}

/// What holds for the CSS of a document.
#[derive(Debug)]
pub(crate) struct Style {
    pub(crate) enabled_by: u8,
    pub(crate) disabled_by: u8,
    pub(crate) url: &'static str,
    pub(crate) max_bytes: usize,
    pub(crate) max_bytes_inline: usize,
    pub(crate) max_bytes_url: &'static str,
    pub(crate) any_property: bool,
    pub(crate) too_long_is_warning: bool,
    pub(crate) strip_vendor_prefixes: bool,
    pub(crate) images: Url,
    /// Sorted by name.
    pub(crate) properties: &'static [Property],
}

/// A CSS property.
#[derive(Debug)]
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
    pub(crate) pattern: Option<Pattern>,
}

/// The layouts of AMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Nodisplay,
    Fixed,
    FixedHeight,
    Responsive,
    Container,
    Fill,
    FlexItem,
    Fluid,
    Intrinsic,
}
