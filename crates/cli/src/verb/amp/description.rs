//! The description of an e-mail in TOML, which `amp build` reads.

use mailwright_amp_mime::build::{
    Accordion, Action, AmpEmail, AmpOutput, Autocomplete, BuildError, Carousel, Choice, Form, Fragment, Image, Input,
    Layout, Lightbox, List, Name, Selector, Sidebar, Size, Template, TemplateUrl, Url, button, checkbox, fit_text, heading,
    hidden, link, paragraph, rule, text_area, timeago,
};
use mailwright_message_model::compose::Builder;
use mailwright_message_model::date::DateTime;
use serde::Deserialize;

/// An e-mail and what is in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    from: String,
    #[serde(default)]
    from_name: String,
    to: Vec<String>,
    subject: String,
    /// As in a message: `Tue, 24 Nov 2026 10:00:00 +0000`.
    date: String,
    message_id: Option<String>,
    #[serde(default)]
    css: String,
    online: Option<Online>,
    /// Instead of what is made of the components.
    html: Option<String>,
    text: Option<String>,
    component: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Online {
    url: String,
    label: String,
}

/// A component by its kind.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Component {
    Heading { text: String, level: Option<u8> },
    Paragraph { text: String },
    Link { url: String, label: String },
    Rule {},
    FitText { text: String, width: u32, height: u32 },
    Timeago { time: String },
    Image { url: String, width: u32, height: u32, alt: String, #[serde(default)] animated: bool },
    Carousel { width: u32, height: u32, component: Vec<Self> },
    Accordion { section: Vec<Section> },
    Box { id: Option<String>, class: Option<String>, #[serde(default)] hidden: bool, component: Vec<Self> },
    Lightbox { id: String, close: String, component: Vec<Self> },
    Sidebar { id: String, component: Vec<Self> },
    Button { label: String, action: Verb, on: String },
    List { url: String, height: u32, template: Vec<Line>, #[serde(default)] fallback: Vec<Self> },
    Selector { name: Option<String>, #[serde(default)] multiple: bool, option: Vec<OptionOf> },
    Form {
        url: String,
        #[serde(default)]
        get: bool,
        submit: String,
        success: Option<String>,
        error: Option<String>,
        component: Vec<Self>,
    },
    Input {
        name: String,
        label: String,
        #[serde(default)]
        of: InputKind,
        value: Option<String>,
        placeholder: Option<String>,
        min: Option<i32>,
        max: Option<i32>,
        #[serde(default)]
        required: bool,
        /// A URL that suggests.
        suggestions: Option<String>,
    },
    Hidden { name: String, value: String },
    TextArea { name: String, label: String, #[serde(default)] placeholder: String },
    Checkbox { name: String, label: String, value: String, #[serde(default)] ticked: bool },
    Choice { name: String, label: String, #[serde(default)] list: bool, #[serde(default)] required: bool, option: Vec<OptionOf> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    heading: String,
    #[serde(default)]
    expanded: bool,
    component: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OptionOf {
    value: String,
    label: String,
}

/// A line of a template.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Line {
    Text { text: String },
    /// The URL is one, or the name of a value as `{{url}}`.
    Link { url: String, label: String },
    Image { url: String, width: u32, height: u32, alt: String },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verb {
    Show,
    Hide,
    Toggle,
    OpenSidebar,
    CloseSidebar,
    Refresh,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum InputKind {
    #[default]
    Text,
    Email,
    Tel,
    Search,
    Date,
    Time,
    Number,
    Range,
}

impl Description {
    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The three documents; the error is a sentence.
    pub(super) fn email(&self) -> Result<AmpOutput, String> {
        let make = || -> Result<AmpOutput, BuildError> {
            let mut email = AmpEmail::new().css(&self.css).push(all(&self.component));
            if let Some(online) = &self.online {
                email = email.online(Url::link(&online.url)?, &online.label);
            }
            if let Some(html) = &self.html {
                email = email.html(html);
            }
            if let Some(text) = &self.text {
                email = email.text(text);
            }
            email.build()
        };
        make().map_err(|error| error.to_string())
    }

    /// The message around them.
    pub(super) fn message(&self, email: &AmpOutput) -> Result<Vec<u8>, String> {
        let date = DateTime::parse(self.date.as_bytes()).ok_or("`date` is no date as messages have it")?;
        let from = (self.from_name.as_str(), self.from.as_str());
        let mut builder = Builder::new().from(from).subject(&self.subject).date(date).body(email.to_part());
        for to in &self.to {
            builder = builder.to(to.as_str());
        }
        if let Some(id) = &self.message_id {
            builder = builder.message_id(id);
        }
        builder.build().map_err(|error| error.to_string())
    }
}

fn all(components: &[Component]) -> Fragment {
    components.iter().map(one).collect()
}

fn one(component: &Component) -> Fragment {
    made(component).into()
}

fn made(component: &Component) -> Result<Fragment, BuildError> {
    let named = |name: &String| Name::new(name);
    Ok(match component {
        Component::Heading { text, level } => heading(level.unwrap_or(1), text),
        Component::Paragraph { text } => paragraph(text),
        Component::Link { url, label } => link(&Url::link(url)?, label),
        Component::Rule {} => rule(),
        Component::FitText { text, width, height } => fit_text(text, Size::responsive(*width, *height)?),
        Component::Timeago { time } => match DateTime::parse(time.as_bytes()) {
            Some(time) => timeago(time),
            None => paragraph(time),
        },
        Component::Image { url, width, height, alt, animated } => {
            let image = Image::new(Url::https(url)?, Size::responsive(*width, *height)?, alt)?;
            if *animated { image.animated().into() } else { image.into() }
        }
        Component::Carousel { width, height, component } => {
            let carousel = Carousel::slides(Size::responsive(*width, *height)?);
            component.iter().fold(carousel, |it, slide| it.slide(one(slide))).into()
        }
        Component::Accordion { section } => {
            let add = |it: Accordion, section: &Section| {
                let inside = all(&section.component);
                if section.expanded {
                    it.expanded(&section.heading, inside)
                } else {
                    it.section(&section.heading, inside)
                }
            };
            section.iter().fold(Accordion::new(), add).into()
        }
        Component::Box { id, class, hidden, component } => {
            let mut layout = Layout::container().push(all(component));
            if let Some(id) = id {
                layout = layout.id(Name::new(id)?);
            }
            if let Some(class) = class {
                layout = layout.class(Name::new(class)?);
            }
            if *hidden { layout.hidden().into() } else { layout.into() }
        }
        Component::Lightbox { id, close, component } => {
            Lightbox::new(Name::new(id)?, close).push(all(component)).into()
        }
        Component::Sidebar { id, component } => Sidebar::left(Name::new(id)?).push(all(component)).into(),
        Component::Button { label, action, on } => {
            let id = Name::new(on)?;
            let action = match action {
                Verb::Show => Action::show(&id),
                Verb::Hide => Action::hide(&id),
                Verb::Toggle => Action::toggle(&id),
                Verb::OpenSidebar => Action::open_sidebar(&id),
                Verb::CloseSidebar => Action::close_sidebar(&id),
                Verb::Refresh => Action::refresh(&id),
            };
            button(label, &action)
        }
        Component::List { url, height, template, fallback } => {
            let template = template.iter().try_fold(Template::default(), line)?;
            let list = List::new(Url::https(url)?, Size::fixed_height(*height)?, template)?;
            if fallback.is_empty() { list.into() } else { list.fallback(all(fallback)).into() }
        }
        Component::Selector { name, multiple, option } => {
            let selector = if *multiple { Selector::new().multiple() } else { Selector::new() };
            let selector = match name.as_ref().map(named).transpose()? {
                Some(name) => selector.name(name),
                None => selector,
            };
            option.iter().fold(selector, |it, option| it.option(&option.value, paragraph(&option.label))).into()
        }
        Component::Form { url, get, submit, success, error, component } => {
            let url = Url::https(url)?;
            let mut form = if *get { Form::get(url)? } else { Form::post(url)? };
            form = form.submit(submit).push(all(component));
            if let Some(text) = success {
                form = form.on_success(Template::text(text)?);
            }
            if let Some(text) = error {
                form = form.on_error(Template::text(text)?);
            }
            form.into()
        }
        Component::Hidden { name, value } => hidden(&Name::new(name)?, value),
        Component::TextArea { name, label, placeholder } => text_area(&Name::new(name)?, label, placeholder),
        Component::Checkbox { name, label, value, ticked } => checkbox(&Name::new(name)?, label, value, *ticked),
        Component::Choice { name, label, list, required, option } => {
            let name = Name::new(name)?;
            let choice = if *list { Choice::select(name, label) } else { Choice::radio(name, label) };
            let choice = if *required { choice.required() } else { choice };
            option.iter().fold(choice, |it, option| it.option(&option.value, &option.label)).into()
        }
        Component::Input { .. } => input(component)?,
    })
}

fn input(component: &Component) -> Result<Fragment, BuildError> {
    let Component::Input { name, label, of, value, placeholder, min, max, required, suggestions } = component else {
        return Ok(Fragment::new());
    };
    let name = Name::new(name)?;
    let (least, most) = (min.unwrap_or(0), max.unwrap_or(100));
    let mut input = match of {
        InputKind::Text => Input::text(name, label),
        InputKind::Email => Input::email(name, label),
        InputKind::Tel => Input::tel(name, label),
        InputKind::Search => Input::search(name, label),
        InputKind::Date => Input::date(name, label),
        InputKind::Time => Input::time(name, label),
        InputKind::Number => Input::number(name, label, least, most),
        InputKind::Range => Input::range(name, label, least, most),
    };
    if let Some(value) = value {
        input = input.value(value);
    }
    if let Some(text) = placeholder {
        input = input.placeholder(text);
    }
    if *required {
        input = input.required();
    }
    match suggestions {
        Some(url) => Ok(Autocomplete::new(input, Url::https(url)?)?.into()),
        None => Ok(input.into()),
    }
}

fn line(template: Template, line: &Line) -> Result<Template, BuildError> {
    let url = |url: &str| -> Result<TemplateUrl, BuildError> {
        match url.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
            Some(name) => TemplateUrl::value(name.trim()),
            None => Ok(Url::link(url)?.into()),
        }
    };
    match line {
        Line::Text { text } => template.and_text(text),
        Line::Link { url: to, label } => template.and_link(url(to)?, label),
        Line::Image { url: from, width, height, alt } => {
            template.and_image(url(from)?, Size::fixed(*width, *height)?, alt)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_built() {
        let description = Description::parse(super::super::build::SAMPLE).unwrap();
        let email = description.email().unwrap();
        assert!(email.text().contains("Will you come?"));
        let octets = description.message(&email).unwrap();
        assert!(String::from_utf8(octets).unwrap().contains("text/x-amp-html"));
    }
}
