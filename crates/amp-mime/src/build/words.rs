//! Components that are mostly text.

use mailwright_message_model::date::DateTime;

use super::error::{BuildError, BuildErrorKind as Kind};
use super::fragment::Fragment;
use super::value::{Expression, Name, Size, Url};
use super::write::{self, Place, Tag};

/// A heading of a level from 1 to 6.
#[must_use]
pub fn heading(level: u8, text: &str) -> Fragment {
    if !(1..=6).contains(&level) {
        return Fragment::fault(BuildError::new("heading", Kind::Range(1, 6)));
    }
    Fragment::element(&format!("h{level}"), text)
}

/// A paragraph.
#[must_use]
pub fn paragraph(text: &str) -> Fragment {
    Fragment::element("p", text)
}

/// A link in a paragraph of its own.
#[must_use]
pub fn link(url: &Url, label: &str) -> Fragment {
    let mut amp = format!("<p>{}", Tag::new("a").attr("href", url.as_str()).done());
    write::text(&mut amp, label, Place::Page);
    amp.push_str("</a></p>\n");
    let text = format!("{}: {}", write::plain(label), url.as_str());
    Fragment { depth: 2, ..Fragment::leaf(amp.clone(), amp, &text) }
}

/// A line.
#[must_use]
pub fn rule() -> Fragment {
    Fragment::leaf("<hr>\n".to_owned(), "<hr>\n".to_owned(), "----")
}

/// Text that follows the page's state (amp-bind): `text` first, then what the expression gives.
#[must_use]
pub fn bound_text(text: &str, expression: &Expression) -> Fragment {
    let mut amp = Tag::new("p").attr("[text]", expression.as_str()).done();
    write::text(&mut amp, text, Place::Page);
    amp.push_str("</p>\n");
    let plain = Fragment::element("p", text);
    Fragment::leaf(amp, plain.html, text).using("amp-bind")
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    on: String,
    target: Option<Name>,
    uses: Option<&'static str>,
}

impl Action {
    fn of(id: &Name, method: &str) -> Self {
        Self { on: format!("tap:{}.{method}", id.as_str()), target: Some(id.clone()), uses: None }
    }

    /// Shows the component of this id.
    #[must_use]
    pub fn show(id: &Name) -> Self {
        Self::of(id, "show")
    }

    /// Hides the component of this id.
    #[must_use]
    pub fn hide(id: &Name) -> Self {
        Self::of(id, "hide")
    }

    /// Shows or hides the component of this id.
    #[must_use]
    pub fn toggle(id: &Name) -> Self {
        Self::of(id, "toggleVisibility")
    }

    /// Opens the sidebar of this id.
    #[must_use]
    pub fn open_sidebar(id: &Name) -> Self {
        Self::of(id, "open")
    }

    /// Closes the sidebar of this id.
    #[must_use]
    pub fn close_sidebar(id: &Name) -> Self {
        Self::of(id, "close")
    }

    /// Fetches the list of this id anew.
    #[must_use]
    pub fn refresh(id: &Name) -> Self {
        Self::of(id, "refresh")
    }

    /// Sets a text in the state of this id (amp-bind).
    #[must_use]
    pub fn set(state: &Name, key: &Name, value: &str) -> Self {
        let value = quoted(value);
        Self {
            on: format!("tap:AMP.setState({{{}: {{{}: {value}}}}})", state.as_str(), key.as_str()),
            target: None,
            uses: Some("amp-bind"),
        }
    }
}

/// Text as a literal of an expression, whose grammar has no escapes: where both kinds of quotes stand in it, the double ones
/// become typographic.
fn quoted(text: &str) -> String {
    let text = write::plain(text);
    if text.contains('\'') { format!("\"{}\"", text.replace('"', "\u{201d}")) } else { format!("'{text}'") }
}

/// A button. Clients without AMP do not show it.
#[must_use]
pub fn button(label: &str, action: &Action) -> Fragment {
    let mut amp = Tag::new("button").attr("type", "button").attr("on", &action.on).done();
    write::text(&mut amp, label, Place::Page);
    amp.push_str("</button>\n");
    let mut made = Fragment::leaf(amp, String::new(), "");
    made.targets.extend(action.target.clone());
    match action.uses {
        Some(extension) => made.using(extension),
        None => made,
    }
}

/// Text that is scaled to its box (amp-fit-text).
#[must_use]
pub fn fit_text(text: &str, size: Size) -> Fragment {
    let mut amp = size.on(Tag::new("amp-fit-text")).done();
    write::text(&mut amp, text, Place::Page);
    amp.push_str("</amp-fit-text>\n");
    let plain = Fragment::element("p", text);
    Fragment::leaf(amp, plain.html, text).using("amp-fit-text")
}

/// A time as its distance from now, as "3 hours ago" (amp-timeago); clients without AMP show it in full.
#[must_use]
pub fn timeago(time: DateTime) -> Fragment {
    let Some(utc) = time.with_offset(0) else {
        return Fragment::fault(BuildError::new("amp-timeago", Kind::Time));
    };
    let stamp = utc.rfc3339().to_string();
    let stamp = stamp.strip_suffix("+00:00").map_or(stamp.clone(), |stamp| format!("{stamp}Z"));
    let tag = Tag::new("amp-timeago").attr("layout", "fixed").attr("width", "160").attr("height", "20");
    let mut amp = tag.attr("datetime", &stamp).done();
    let shown = time.to_string();
    write::text(&mut amp, &shown, Place::Page);
    amp.push_str("</amp-timeago>\n");
    let plain = Fragment::element("p", &shown);
    Fragment::leaf(amp, plain.html, &shown).using("amp-timeago")
}
