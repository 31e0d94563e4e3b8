//! Forms: an RSVP, a survey, a search.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::field::FIELD;
use super::fragment::Fragment;
use super::template::Template;
use super::value::{Name, Url};
use super::write::{self, Place, Tag};

/// A form that is sent without leaving the e-mail (amp-form). Clients without AMP show what it asks.
///
/// ```
/// use mailwright_amp_mime::build::{Form, Input, Name, Template, Url};
///
/// let rsvp = Form::post(Url::https("https://events.example/rsvp")?)?
///     .push(Input::text(Name::new("name")?, "Your name").required())
///     .submit("Send")
///     .on_success(Template::text("Thank you, {{name}}!")?);
/// # Ok::<(), mailwright_amp_mime::build::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    url: Url,
    method: &'static str,
    id: Option<Name>,
    inside: Fragment,
    submit: Option<String>,
    success: Option<Template>,
    error: Option<Template>,
}

impl Form {
    /// A form that is posted to this URL of `https:`.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url).
    pub fn post(url: Url) -> Result<Self, BuildError> {
        Self::of(url, "post")
    }

    /// A form that asks this URL of `https:`.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url).
    pub fn get(url: Url) -> Result<Self, BuildError> {
        Self::of(url, "get")
    }

    fn of(url: Url, method: &'static str) -> Result<Self, BuildError> {
        if !url.is_https() {
            return Err(BuildError::new("form", Kind::Url("https")));
        }
        let inside = Fragment::new();
        Ok(Self { url, method, id: None, inside, submit: None, success: None, error: None })
    }

    /// Gives it an id, for actions.
    #[must_use]
    pub fn id(mut self, id: Name) -> Self {
        self.id = Some(id);
        self
    }

    /// Adds a field or any other component.
    #[must_use]
    pub fn push(mut self, component: impl Into<Fragment>) -> Self {
        self.inside = self.inside.push(component);
        self
    }

    /// The label of the button that sends it, which is needed.
    #[must_use]
    pub fn submit(mut self, label: &str) -> Self {
        self.submit = Some(label.to_owned());
        self
    }

    /// What is shown of the answer.
    #[must_use]
    pub fn on_success(mut self, template: Template) -> Self {
        self.success = Some(template);
        self
    }

    /// What is shown of an answer that says that it failed.
    #[must_use]
    pub fn on_error(mut self, template: Template) -> Self {
        self.error = Some(template);
        self
    }
}

impl From<Form> for Fragment {
    fn from(form: Form) -> Self {
        const NAME: &str = "form";
        let Some(label) = &form.submit else {
            return Self::fault(BuildError::new(NAME, Kind::Empty("button that sends it")));
        };
        let mut behind = Tag::new("button").attr("type", "submit").done();
        write::text(&mut behind, label, Place::Page);
        behind.push_str("</button>\n");
        let has_template = form.success.is_some() || form.error.is_some();
        for (attribute, template) in [("submit-success", &form.success), ("submit-error", &form.error)] {
            if let Some(template) = template {
                behind.push_str(&format!("<div {attribute}>{}</div>\n", template.element()));
            }
        }
        behind.push_str("</form>\n");
        let tag = Tag::new(NAME).attr("method", form.method).attr("action-xhr", form.url.as_str());
        let tag = tag.opt("id", form.id.as_ref().map(Name::as_str)).done();
        let mut inside = form.inside;
        inside.holds.retain(|held| *held != FIELD);
        let inside = inside.without(NAME, &[NAME]).identified(form.id.as_ref());
        let inside = inside.wrapped(&tag, &behind, 1).using("amp-form").holding(NAME);
        // Form, box, template, paragraph.
        let depth = inside.depth.max(4);
        let made = Self { depth, ..inside };
        if has_template { made.using("amp-mustache") } else { made }
    }
}
