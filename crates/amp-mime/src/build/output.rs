//! The whole e-mail: head, scripts, fallbacks, and the multipart around them.

use std::collections::HashSet;

use mailwright_message_model::compose::Part;

use super::error::{BuildError, BuildErrorKind as Kind};
use super::field::FIELD;
use super::fragment::{EXTENSIONS, Fragment, MAX_DOCUMENT};
use super::value::{Name, Url};

use crate::validate;

const NAME: &str = "AmpEmail";

/// An AMP e-mail under construction; see the [module](super) for an example.
#[derive(Clone, Debug, Default)]
pub struct AmpEmail {
    body: Fragment,
    css: String,
    online: Option<(Url, String)>,
    html: Option<String>,
    text: Option<String>,
}

impl AmpEmail {
    /// An e-mail with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a component.
    #[must_use]
    pub fn push(mut self, component: impl Into<Fragment>) -> Self {
        self.body = self.body.push(component);
        self
    }

    /// Adds to the style sheet of the AMP document.
    #[must_use]
    pub fn css(mut self, css: &str) -> Self {
        self.css.push_str(css);
        self
    }

    /// Names a page that does in a browser what the e-mail does: HTML and text link to it.
    #[must_use]
    pub fn online(mut self, url: Url, label: &str) -> Self {
        self.online = Some((url, label.to_owned()));
        self
    }

    /// Takes this HTML instead of what is made of the components. It is not checked.
    #[must_use]
    pub fn html(mut self, html: &str) -> Self {
        self.html = Some(html.to_owned());
        self
    }

    /// Takes this text instead of what is made of the components.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.text = Some(text.to_owned());
        self
    }

    /// Writes the three documents.
    ///
    /// # Errors
    /// The first fault of the components; what only the whole can tell: two components of one id, an action on an id that is not
    /// there, the limits, a style sheet that is not valid; and nothing to show without AMP.
    pub fn build(self) -> Result<AmpOutput, BuildError> {
        let fail = |kind| Err(BuildError::new(NAME, kind));
        if let Some(error) = self.body.error {
            return Err(error);
        }
        if self.body.holds.contains(&FIELD) {
            return Err(BuildError::new(FIELD, Kind::OutsideForm));
        }
        let mut ids: HashSet<&Name> = HashSet::new();
        if let Some(twice) = self.body.ids.iter().find(|id| !ids.insert(id)) {
            return fail(Kind::DuplicateId(twice.as_str().to_owned()));
        }
        if let Some(unknown) = self.body.targets.iter().find(|target| !ids.contains(target)) {
            return fail(Kind::UnknownTarget(unknown.as_str().to_owned()));
        }
        let head = head(&self.body.uses);
        // `<` would end the element; no value of the properties that are allowed needs it.
        if self.css.contains('<') {
            return Err(BuildError::new("css", Kind::Css("`<` cannot stand in it".to_owned())));
        }
        let style = if self.css.is_empty() {
            String::new()
        } else {
            format!("<style amp-custom>{}</style>\n", self.css)
        };
        if !style.is_empty() {
            let bare = document(&self::head(&[]), &style, "");
            if let Some(finding) = validate(&bare).findings.first() {
                return Err(BuildError::new("css", Kind::Css(finding.to_string())));
            }
        }
        let amp = document(&head, &style, &self.body.amp);
        if sent_len(&amp) > MAX_DOCUMENT {
            return fail(Kind::TooLarge(MAX_DOCUMENT));
        }
        let online = self.online.map(|(url, label)| super::link(&url, &label)).unwrap_or_default();
        let is_empty = self.body.html.is_empty() && online.html.is_empty();
        let html = self.html.unwrap_or_else(|| match is_empty {
            true => String::new(),
            false => page(&[self.body.html, online.html].concat()),
        });
        let text = self.text.unwrap_or_else(|| [self.body.text, online.text].concat());
        if html.trim().is_empty() && text.trim().is_empty() {
            return fail(Kind::NoFallback);
        }
        // What this crate writes is valid by construction; should it be wrong in that, nothing goes out.
        if let Some(finding) = validate(&amp).findings.first() {
            return fail(Kind::Invalid(finding.to_string()));
        }
        Ok(AmpOutput { amp, html, text })
    }
}

/// An AMP e-mail: valid AMP, and at least one of HTML and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmpOutput {
    amp: String,
    html: String,
    text: String,
}

impl AmpOutput {
    /// The AMP document.
    #[must_use]
    pub fn amp(&self) -> &str {
        &self.amp
    }

    /// The HTML document; empty where there is nothing to show.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The text; empty where there is nothing to show.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The multipart/alternative: text, AMP, HTML, in this order, since some clients show the last part that they know and others
    /// the last one. Give it to [`Builder::body`](mailwright_message_model::compose::Builder::body), and sign with DKIM after
    /// that.
    #[must_use]
    pub fn to_part(&self) -> Part {
        let text = (!self.text.trim().is_empty()).then(|| Part::text("plain", &self.text));
        let html = (!self.html.trim().is_empty()).then(|| Part::text("html", &self.html));
        let amp = Part::text("x-amp-html", &self.amp);
        Part::multipart("alternative", text.into_iter().chain([amp]).chain(html))
    }
}

/// The multipart/alternative of documents of your own, in the order text, AMP, HTML; an empty text or HTML is left out.
///
/// # Errors
/// [`BuildErrorKind::NoFallback`](Kind::NoFallback) where both are empty, and [`BuildErrorKind::Invalid`](Kind::Invalid) where the
/// validator finds an error in the AMP document, since clients would show HTML then.
pub fn alternative(text: &str, amp: &str, html: &str) -> Result<Part, BuildError> {
    if text.trim().is_empty() && html.trim().is_empty() {
        return Err(BuildError::new("alternative", Kind::NoFallback));
    }
    if let Some(finding) = validate(amp).errors().next() {
        return Err(BuildError::new("alternative", Kind::Invalid(finding.to_string())));
    }
    Ok(AmpOutput { amp: amp.to_owned(), html: html.to_owned(), text: text.to_owned() }.to_part())
}

/// Octets as they are sent, with CRLF.
fn sent_len(document: &str) -> usize {
    document.len().saturating_add(document.matches('\n').count())
}

fn head(uses: &[&'static str]) -> String {
    let mut head =
        "<meta charset=\"utf-8\">\n<script async src=\"https://cdn.ampproject.org/v0.js\"></script>\n"
            .to_owned();
    let script = |kind: &str, name: &str, version: &str| {
        format!(
            "<script async {kind}=\"{name}\" src=\"https://cdn.ampproject.org/v0/{name}-{version}.js\"></script>\n"
        )
    };
    for (name, version) in EXTENSIONS.iter().filter(|(name, _)| uses.contains(name)) {
        head.push_str(&script("custom-element", name, version));
    }
    if uses.contains(&"amp-mustache") {
        head.push_str(&script("custom-template", "amp-mustache", "0.2"));
    }
    head.push_str("<style amp4email-boilerplate>body{visibility:hidden}</style>\n");
    head
}

fn document(head: &str, style: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html \u{26a1}4email data-css-strict>\n<head>\n{head}{style}</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn name(name: &str) -> Name {
        Name::new(name).unwrap()
    }

    fn kind(email: AmpEmail) -> (&'static str, BuildErrorKind) {
        let error = email.build().unwrap_err();
        (error.component(), error.kind().clone())
    }

    #[test]
    fn what_the_whole_tells() {
        let boxed = |id: &str| Layout::container().id(name(id)).push(paragraph("x"));
        let twice = AmpEmail::new().push(boxed("a")).push(boxed("a"));
        assert_eq!(kind(twice), (NAME, Kind::DuplicateId("a".into())));
        let nowhere = AmpEmail::new().push(boxed("a")).push(button("b", &Action::show(&name("b"))));
        assert_eq!(kind(nowhere), (NAME, Kind::UnknownTarget("b".into())));
        assert_eq!(kind(AmpEmail::new()), (NAME, Kind::NoFallback));
        let long = "x".repeat(MAX_DOCUMENT);
        assert_eq!(kind(AmpEmail::new().push(paragraph(&long))), (NAME, Kind::TooLarge(MAX_DOCUMENT)));
        let mut deep = paragraph("x");
        for _ in 0..=MAX_DEPTH {
            deep = Layout::container().push(deep).into();
        }
        assert_eq!(kind(AmpEmail::new().push(deep)), (NAME, Kind::TooDeep));
    }

    #[test]
    fn misuse_names_component_and_rule() {
        let url = || Url::https("https://e.example/x").unwrap();
        let form = || Form::post(url()).unwrap().submit("go");
        assert_eq!(kind(AmpEmail::new().push(form().push(form()))), ("form", Kind::Nested("form")));
        let bare = Form::post(url()).unwrap();
        assert_eq!(kind(AmpEmail::new().push(bare)), ("form", Kind::Empty("button that sends it")));
        let selector = || Selector::new().option("1", paragraph("one"));
        let nested = selector().option("2", selector());
        assert_eq!(kind(AmpEmail::new().push(nested)), ("amp-selector", Kind::Nested("amp-selector")));
        let size = Size::fixed_height(9).unwrap();
        let list = || List::new(url(), size, Template::text("{{x}}").unwrap()).unwrap();
        let state = State::new(name("s")).unwrap();
        assert_eq!(
            kind(AmpEmail::new().push(list().fallback(list()))),
            ("amp-list", Kind::Nested("amp-list"))
        );
        assert_eq!(
            kind(AmpEmail::new().push(list().fallback(state))),
            ("amp-state", Kind::Nested("amp-list"))
        );
        assert_eq!(kind(AmpEmail::new().push(Accordion::new())), ("amp-accordion", Kind::Empty("sections")));
        let link = Url::link("mailto:a@e.example").unwrap();
        assert_eq!(Form::post(link.clone()).unwrap_err().kind(), &Kind::Url("https"));
        assert_eq!(kind(AmpEmail::new().push(Image::new(link, size, ""))), ("amp-img", Kind::Url("https")));
        let hyphen = State::new(name("a-b")).unwrap_err();
        assert_eq!((hyphen.component(), hyphen.kind()), ("amp-state", &Kind::Hyphen));
        assert!(hyphen.to_string().contains("hyphen"));
        let input = Input::text(name("x"), "x");
        let boxed = Layout::container().push(input);
        assert_eq!(kind(AmpEmail::new().push(boxed.clone())), ("field", Kind::OutsideForm));
        assert!(AmpEmail::new().push(form().push(boxed)).build().is_ok());
        assert_eq!(kind(AmpEmail::new().push(heading(7, "x"))), ("heading", Kind::Range(1, 6)));
    }

    #[test]
    fn the_order_is_text_amp_html() {
        let email = AmpEmail::new().push(paragraph("a {{b}} <c>")).build().unwrap();
        assert!(email.amp().contains("<p>a &#123;&#123;b}} &lt;c&gt;</p>"), "{}", email.amp());
        assert_eq!(email.text(), "a {{b}} <c>\n");
        let octets = email.to_part().build(&Default::default()).unwrap();
        let message = mailwright_message_model::Message::parse(&octets).unwrap();
        let types: Vec<String> =
            message.root().children().map(|part| part.media_type().to_string()).collect();
        assert_eq!(types, ["text/plain", "text/x-amp-html", "text/html"]);
    }

    #[test]
    fn amp_alone_is_refused() {
        let amp = AmpEmail::new().push(paragraph("x")).build().unwrap().amp;
        assert_eq!(alternative(" ", &amp, "").unwrap_err().kind(), &Kind::NoFallback);
        assert!(alternative("x", &amp, "").is_ok());
        assert!(matches!(alternative("x", "<p>", "").unwrap_err().kind(), Kind::Invalid(_)));
    }
}
