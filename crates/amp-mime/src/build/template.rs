//! Mustache templates: text with tags, for what a server answers.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::value::{Size, Url};
use super::write::{self, Place, Tag};

/// A template (amp-mustache 0.2): paragraphs, links and pictures with `{{name}}` where values of the answer go.
///
/// What is not a tag is text and never mark-up; values are escaped by the client. Sections stand within one text.
///
/// ```
/// use mailwright_amp_mime::build::Template;
///
/// let thanks = Template::text("Thanks, {{name}}!{{#guests}} We expect {{guests}} of you.{{/guests}}")?;
/// assert!(Template::text("{{#guests}} open").is_err());
/// # Ok::<(), mailwright_amp_mime::build::BuildError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    pub(super) amp: String,
}

/// A URL in a template: one that is known, or a value of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateUrl(Source);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Known(Url),
    Value(String),
}

impl From<Url> for TemplateUrl {
    fn from(url: Url) -> Self {
        Self(Source::Known(url))
    }
}

impl TemplateUrl {
    /// The URL is the value of this name, as `url` or `item.url`. It stands alone: a URL that is put together is not valid AMP.
    ///
    /// # Errors
    /// [`BuildErrorKind::Template`](Kind::Template) where it is no name.
    pub fn value(name: &str) -> Result<Self, BuildError> {
        if is_name(name) { Ok(Self(Source::Value(name.to_owned()))) } else { Err(fault(0)) }
    }

    fn on(&self, tag: Tag, attribute: &str) -> Tag {
        match &self.0 {
            Source::Known(url) => tag.attr(attribute, url.as_str()),
            Source::Value(name) => tag.raw(attribute, &format!("{{{{{name}}}}}")),
        }
    }
}

impl Template {
    /// A paragraph.
    ///
    /// # Errors
    /// [`BuildErrorKind::Template`](Kind::Template) with the place.
    pub fn text(text: &str) -> Result<Self, BuildError> {
        Self::default().and_text(text)
    }

    /// A paragraph more.
    ///
    /// # Errors
    /// As [`Template::text`].
    pub fn and_text(mut self, text: &str) -> Result<Self, BuildError> {
        self.amp.push_str("<p>");
        inline(&mut self.amp, text, write::text)?;
        self.amp.push_str("</p>\n");
        Ok(self)
    }

    /// A paragraph of plain text: braces in it are no tags.
    #[must_use]
    pub fn and_literal(mut self, text: &str) -> Self {
        self.amp.push_str("<p>");
        write::text(&mut self.amp, text, Place::Template);
        self.amp.push_str("</p>\n");
        self
    }

    /// A link more; its label may have tags.
    ///
    /// # Errors
    /// As [`Template::text`].
    pub fn and_link(mut self, url: impl Into<TemplateUrl>, label: &str) -> Result<Self, BuildError> {
        let tag = url.into().on(Tag::inside("a", Place::Template), "href");
        self.amp.push_str(&tag.done());
        inline(&mut self.amp, label, write::text)?;
        self.amp.push_str("</a>\n");
        Ok(self)
    }

    /// A picture more; its description may have tags.
    ///
    /// # Errors
    /// As [`Template::text`], and [`BuildErrorKind::Url`](Kind::Url) where the URL is not of `https:`.
    pub fn and_image(
        mut self,
        url: impl Into<TemplateUrl>,
        size: Size,
        alt: &str,
    ) -> Result<Self, BuildError> {
        let url = url.into();
        if matches!(&url.0, Source::Known(url) if !url.is_https()) {
            return Err(BuildError::new("amp-img", Kind::Url("https")));
        }
        let mut described = String::new();
        inline(&mut described, alt, write::value)?;
        let tag = size.on(url.on(Tag::inside("amp-img", Place::Template), "src"));
        self.amp.push_str(&tag.raw("alt", &described).done());
        self.amp.push_str("</amp-img>\n");
        Ok(self)
    }

    pub(super) fn element(&self) -> String {
        format!("<template type=\"amp-mustache\">{}</template>", self.amp)
    }
}

const fn fault(at: usize) -> BuildError {
    BuildError::new("Template", Kind::Template(at))
}

fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        part.bytes().next().is_some_and(|octet| octet.is_ascii_alphabetic() || octet == b'_')
            && part.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
    };
    name.len() <= 100 && name.split('.').all(is_part)
}

/// Writes text with tags: the text by `escape`, the tags as they are.
fn inline(out: &mut String, text: &str, escape: fn(&mut String, &str, Place)) -> Result<(), BuildError> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    let at = |rest: &str| text.len().saturating_sub(rest.len());
    while let Some((before, behind)) = rest.split_once("{{") {
        escape(out, before, Place::Template);
        let place = at(behind).saturating_sub(2);
        let (tag, behind) = behind.split_once("}}").ok_or(fault(place))?;
        let (sign, name) = match tag.strip_prefix(['#', '^', '/']) {
            Some(name) => (tag.chars().next(), name),
            None => (None, tag),
        };
        let name = name.trim();
        // The name of the value itself.
        if !(is_name(name) || sign.is_none() && name == ".") {
            return Err(fault(place));
        }
        match sign {
            Some('/') if open.pop() == Some(name) => {}
            Some('/') => return Err(fault(place)),
            Some(_) => open.push(name),
            None => {}
        }
        out.push_str("{{");
        out.extend(sign);
        out.push_str(name);
        out.push_str("}}");
        rest = behind;
    }
    escape(out, rest, Place::Template);
    if open.is_empty() { Ok(()) } else { Err(fault(text.len())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_tag_and_no_mark_up() {
        let template = Template::text("<b>{{ name }} { {{.}}").unwrap();
        assert_eq!(template.amp, "<p>&lt;b&gt;{{name}} {<wbr> {{.}}</p>\n");
        let url = TemplateUrl::value("item.url").unwrap();
        let template = Template::default().and_link(url, "{{#a}}x{{/a}}").unwrap();
        assert_eq!(template.amp, "<a href=\"{{item.url}}\">{{#a}}x{{/a}}</a>\n");
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for bad in [
            "{{",
            "{{x",
            "{{}}",
            "{{{x}}}",
            "{{&x}}",
            "{{>x}}",
            "{{!x}}",
            "{{=<% %>=}}",
            "{{#a}}",
            "{{/a}}",
            "{{#a}}{{#b}}{{/a}}{{/b}}",
            "{{#.}}",
            "{{a b}}",
        ] {
            assert!(Template::text(bad).is_err(), "{bad}");
        }
        assert!(TemplateUrl::value("a}}{{b").is_err());
    }
}
