//! The fields of a form. Each stands in a form, at whatever depth.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::fragment::Fragment;
use super::value::{Name, Url};
use super::write::{self, Place, Tag};

/// What every field holds, until a form is put around it.
pub(super) const FIELD: &str = "field";

/// A field with its label around it. Clients without AMP show the label and `shown`.
fn labelled(label: &str, control: &str, shown: &[&str]) -> Fragment {
    let mut amp = "<p><label>".to_owned();
    write::text(&mut amp, label, Place::Page);
    amp.push(' ');
    amp.push_str(control);
    amp.push_str("</label></p>\n");
    let head = Fragment::element("p", label);
    let mut html = head.html;
    let mut text = head.text;
    if !shown.is_empty() {
        html.push_str("<ul>");
        for one in shown {
            html.push_str("<li>");
            write::text(&mut html, one, Place::Page);
            html.push_str("</li>");
            text.push_str(&format!("- {}\n", write::plain(one)));
        }
        html.push_str("</ul>\n");
    }
    Fragment { amp, html, text, depth: 4, ..Fragment::default() }.holding(FIELD)
}

/// An `input` that is written into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    type_: &'static str,
    name: Name,
    label: String,
    value: Option<String>,
    placeholder: Option<String>,
    range: Option<(i32, i32)>,
    is_required: bool,
}

impl Input {
    fn of(type_: &'static str, name: Name, label: &str) -> Self {
        let label = label.to_owned();
        Self { type_, name, label, value: None, placeholder: None, range: None, is_required: false }
    }

    /// Text.
    #[must_use]
    pub fn text(name: Name, label: &str) -> Self {
        Self::of("text", name, label)
    }

    /// An e-mail address.
    #[must_use]
    pub fn email(name: Name, label: &str) -> Self {
        Self::of("email", name, label)
    }

    /// A telephone number.
    #[must_use]
    pub fn tel(name: Name, label: &str) -> Self {
        Self::of("tel", name, label)
    }

    /// Words to search for.
    #[must_use]
    pub fn search(name: Name, label: &str) -> Self {
        Self::of("search", name, label)
    }

    /// A day.
    #[must_use]
    pub fn date(name: Name, label: &str) -> Self {
        Self::of("date", name, label)
    }

    /// A time of day.
    #[must_use]
    pub fn time(name: Name, label: &str) -> Self {
        Self::of("time", name, label)
    }

    /// A whole number of this range.
    #[must_use]
    pub fn number(name: Name, label: &str, least: i32, most: i32) -> Self {
        Self { range: Some((least, most)), ..Self::of("number", name, label) }
    }

    /// A number of this range, by a slider.
    #[must_use]
    pub fn range(name: Name, label: &str, least: i32, most: i32) -> Self {
        Self { range: Some((least, most)), ..Self::of("range", name, label) }
    }

    /// What stands in it at first.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = Some(value.to_owned());
        self
    }

    /// What is shown while nothing stands in it.
    #[must_use]
    pub fn placeholder(mut self, text: &str) -> Self {
        self.placeholder = Some(text.to_owned());
        self
    }

    /// The form is not sent without it.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    fn control(&self) -> String {
        let tag = Tag::new("input").attr("type", self.type_).attr("name", self.name.as_str());
        let tag = tag.opt("value", self.value.as_deref()).opt("placeholder", self.placeholder.as_deref());
        let tag = match self.range {
            Some((least, most)) => tag.attr("min", &least.to_string()).attr("max", &most.to_string()),
            None => tag,
        };
        tag.flag("required", self.is_required).done()
    }
}

impl From<Input> for Fragment {
    fn from(input: Input) -> Self {
        labelled(&input.label, &input.control(), &[])
    }
}

/// A value that is sent and not shown.
#[must_use]
pub fn hidden(name: &Name, value: &str) -> Fragment {
    let tag = Tag::new("input").attr("type", "hidden").attr("name", name.as_str()).attr("value", value);
    Fragment { amp: format!("{}\n", tag.done()), depth: 1, ..Fragment::default() }.holding(FIELD)
}

/// Text of several lines.
#[must_use]
pub fn text_area(name: &Name, label: &str, placeholder: &str) -> Fragment {
    let tag = Tag::new("textarea").attr("name", name.as_str()).attr("placeholder", placeholder);
    labelled(label, &format!("{}</textarea>", tag.done()), &[])
}

/// A box to tick.
#[must_use]
pub fn checkbox(name: &Name, label: &str, value: &str, is_ticked: bool) -> Fragment {
    let tag = Tag::new("input").attr("type", "checkbox").attr("name", name.as_str()).attr("value", value);
    labelled(label, &tag.flag("checked", is_ticked).done(), &[])
}

/// A choice of one answer, as radio buttons or as a list that unfolds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    name: Name,
    label: String,
    options: Vec<(String, String)>,
    is_list: bool,
    is_required: bool,
}

impl Choice {
    /// Radio buttons.
    #[must_use]
    pub fn radio(name: Name, label: &str) -> Self {
        Self { name, label: label.to_owned(), options: Vec::new(), is_list: false, is_required: false }
    }

    /// A list that unfolds (`select`).
    #[must_use]
    pub fn select(name: Name, label: &str) -> Self {
        Self { is_list: true, ..Self::radio(name, label) }
    }

    /// Adds an answer: what is sent, and its label. At least one is needed.
    #[must_use]
    pub fn option(mut self, value: &str, label: &str) -> Self {
        self.options.push((value.to_owned(), label.to_owned()));
        self
    }

    /// The form is not sent without an answer.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}

impl From<Choice> for Fragment {
    fn from(choice: Choice) -> Self {
        if choice.options.is_empty() {
            return Self::fault(BuildError::new("choice", Kind::Empty("options")));
        }
        let shown: Vec<&str> = choice.options.iter().map(|(_, label)| label.as_str()).collect();
        if choice.is_list {
            let tag = Tag::new("select").attr("name", choice.name.as_str());
            let mut control = tag.flag("required", choice.is_required).done();
            for (value, label) in &choice.options {
                control.push_str(&Tag::new("option").attr("value", value).done());
                write::text(&mut control, label, Place::Page);
                control.push_str("</option>");
            }
            control.push_str("</select>");
            return labelled(&choice.label, &control, &shown);
        }
        let mut amp = "<fieldset><legend>".to_owned();
        write::text(&mut amp, &choice.label, Place::Page);
        amp.push_str("</legend>\n");
        for (value, label) in &choice.options {
            let tag = Tag::new("input").attr("type", "radio").attr("name", choice.name.as_str());
            amp.push_str("<label>");
            amp.push_str(&tag.attr("value", value).flag("required", choice.is_required).done());
            amp.push(' ');
            write::text(&mut amp, label, Place::Page);
            amp.push_str("</label>\n");
        }
        amp.push_str("</fieldset>\n");
        Self { amp, depth: 3, ..labelled(&choice.label, "", &shown) }
    }
}

/// A field with suggestions from a server (amp-autocomplete).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Autocomplete {
    input: Input,
    url: Url,
    most: Option<u32>,
}

impl Autocomplete {
    /// Suggestions for `input`, from a URL of `https:` that answers with `{"items": [...]}`.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url).
    pub fn new(input: Input, url: Url) -> Result<Self, BuildError> {
        if url.is_https() {
            Ok(Self { input, url, most: None })
        } else {
            Err(BuildError::new("amp-autocomplete", Kind::Url("https")))
        }
    }

    /// Shows so many suggestions at most.
    #[must_use]
    pub const fn most(mut self, items: u32) -> Self {
        self.most = Some(items);
        self
    }
}

impl From<Autocomplete> for Fragment {
    fn from(field: Autocomplete) -> Self {
        const NAME: &str = "amp-autocomplete";
        let tag = Tag::new(NAME).attr("src", field.url.as_str()).number("max-items", field.most);
        let mut amp = "<p>".to_owned();
        write::text(&mut amp, &field.input.label, Place::Page);
        amp.push_str(&format!("</p>\n{}{}</{NAME}>\n", tag.done(), field.input.control()));
        let made = Self { amp, depth: 2, ..labelled(&field.input.label, "", &[]) };
        made.using(NAME).holding(NAME)
    }
}
