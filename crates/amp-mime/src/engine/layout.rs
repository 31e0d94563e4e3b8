//! Layouts: what `layout`, `width` and `height` amount to, and whether the tag can have that.

use std::borrow::Cow;

use super::Element;
use super::attr::has_template;
use super::context::Context;
use super::tag::Attempt;
use crate::report::ErrorCode;
use crate::rules::spec::{Layout, Tag};

/// A width or height.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Length {
    is_set: bool,
    is_auto: bool,
    is_fluid: bool,
    unit: &'static str,
}

const UNITS: &[&str] = &["px", "em", "rem", "vh", "vw", "vmin", "vmax"];

impl Length {
    /// `None` where the value is none.
    fn read(value: Option<&str>, allow_fluid: bool) -> Option<Self> {
        let length = Self { is_set: value.is_some(), is_auto: false, is_fluid: false, unit: "px" };
        let Some(value) = value else { return Some(length) };
        match value {
            "auto" => return Some(Self { is_auto: true, ..length }),
            "fluid" => return allow_fluid.then_some(Self { is_fluid: true, ..length }),
            _ => {}
        }
        let after = |text: &str| text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
        let rest = value.get(value.len() - after(value)..)?;
        if rest.len() == value.len() {
            return None;
        }
        let unit = match rest.strip_prefix('.') {
            Some(fraction) if after(fraction) < fraction.len() => {
                fraction.get(fraction.len() - after(fraction)..)?
            }
            _ => rest,
        };
        if unit.is_empty() {
            return Some(length);
        }
        let unit = UNITS.iter().find(|one| **one == unit)?;
        Some(Self { unit, ..length })
    }
}

fn layout_of(value: &str) -> Option<Layout> {
    ALL.iter().find(|(_, name, _)| *name == value).map(|(layout, _, _)| *layout)
}

/// The layouts, as in attributes, and as in findings.
const ALL: &[(Layout, &str, &str)] = &[
    (Layout::Nodisplay, "nodisplay", "NODISPLAY"),
    (Layout::Fixed, "fixed", "FIXED"),
    (Layout::FixedHeight, "fixed-height", "FIXED_HEIGHT"),
    (Layout::Responsive, "responsive", "RESPONSIVE"),
    (Layout::Container, "container", "CONTAINER"),
    (Layout::Fill, "fill", "FILL"),
    (Layout::FlexItem, "flex-item", "FLEX_ITEM"),
    (Layout::Fluid, "fluid", "FLUID"),
    (Layout::Intrinsic, "intrinsic", "INTRINSIC"),
];

impl Context {
    pub(super) fn check_layout<'t>(
        &self,
        tag: &'static Tag,
        supported: &[Layout],
        element: &Element<'t, '_>,
        attempt: &mut Attempt<'t>,
    ) {
        let [layout, width, height, sizes, heights] =
            ["layout", "width", "height", "sizes", "heights"].map(|name| element.attr(name));
        let all = [layout, width, height, sizes, heights];
        if self.stack.templates > 0 && all.iter().flatten().any(|value| has_template(value)) {
            return;
        }
        let mut fail =
            |code: ErrorCode, params: Vec<Cow<'t, str>>| attempt.add(self.error(code, params, tag.url));
        let mut invalid = |name: &'static str, value: &'t str| {
            fail(ErrorCode::InvalidAttrValue, [name, tag.about, value].map(Cow::Borrowed).into());
        };
        let given = layout.and_then(layout_of);
        if let Some(value) = layout
            && given.is_none()
        {
            return invalid("layout", value);
        }
        let fluid = given == Some(Layout::Fluid);
        let Some(w) = Length::read(width, fluid) else { return invalid("width", width.unwrap_or_default()) };
        let Some(h) = Length::read(height, fluid) else {
            return invalid("height", height.unwrap_or_default());
        };
        let is_there = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
        let effective = given.unwrap_or_else(|| implied(w, h, is_there(sizes) || is_there(heights)));
        if h.is_auto && effective != Layout::FlexItem {
            return invalid("height", height.unwrap_or_default());
        }
        let name = ALL.iter().find(|(layout, _, _)| *layout == effective).map_or("", |(_, _, name)| name);
        let specified = is_there(layout);
        if !supported.contains(&effective) {
            if specified {
                return fail(ErrorCode::SpecifiedLayoutInvalid, [name, tag.about].map(Cow::Borrowed).into());
            }
            // Most likely width and height were forgotten.
            if effective == Layout::Container && supported.contains(&Layout::Responsive) {
                return fail(ErrorCode::MissingLayoutAttributes, vec![Cow::Borrowed(tag.about)]);
            }
            return fail(ErrorCode::ImpliedLayoutInvalid, [name, tag.about].map(Cow::Borrowed).into());
        }
        let missing = |name: &'static str| [name, tag.about].map(Cow::Borrowed).into();
        let sized = matches!(effective, Layout::Fixed | Layout::Intrinsic | Layout::Responsive);
        if (sized || effective == Layout::FixedHeight) && !h.is_set {
            return fail(ErrorCode::MandatoryAttrMissing, missing("height"));
        }
        if effective == Layout::FixedHeight && w.is_set && !w.is_auto {
            let params = [width.unwrap_or_default(), "width", tag.about, "FIXED_HEIGHT", "auto"];
            return fail(ErrorCode::AttrValueRequiredByLayout, params.map(Cow::Borrowed).into());
        }
        if sized && !w.is_set {
            return fail(ErrorCode::MandatoryAttrMissing, missing("width"));
        }
        if sized && w.is_auto {
            let params = ["width", tag.about, "auto"].map(Cow::Borrowed);
            return fail(ErrorCode::InvalidAttrValue, params.into());
        }
        if matches!(effective, Layout::Intrinsic | Layout::Responsive) && w.unit != h.unit {
            let params = [tag.about, w.unit, h.unit].map(Cow::Borrowed);
            return fail(ErrorCode::InconsistentUnitsForWidthAndHeight, params.into());
        }
        if is_there(heights) && effective != Layout::Responsive {
            let code = if specified {
                ErrorCode::AttrDisallowedBySpecifiedLayout
            } else {
                ErrorCode::AttrDisallowedByImpliedLayout
            };
            fail(code, ["heights", tag.about, name].map(Cow::Borrowed).into());
        }
    }
}

/// The layout of a tag that does not say.
fn implied(width: Length, height: Length, has_sizes: bool) -> Layout {
    if !width.is_set && !height.is_set {
        Layout::Container
    } else if height.is_fluid || width.is_fluid {
        Layout::Fluid
    } else if height.is_set && (!width.is_set || width.is_auto) {
        Layout::FixedHeight
    } else if height.is_set && width.is_set && has_sizes {
        Layout::Responsive
    } else {
        Layout::Fixed
    }
}
