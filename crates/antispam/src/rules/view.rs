//! A message as rules see it: decoded once, bounded.

use std::borrow::Cow;
use std::cell::OnceCell;

use mailwright_message_model::received::Received;
use mailwright_message_model::{Entity, Message, Span};

use super::url::{self, Url};
use super::words::words;
use crate::Input;
use crate::attachment::{Archive, Content};
use crate::html::Html;

/// Entities that are looked at: letters have a few, and digests that are longer are judged by their start.
pub const MAX_PARTS: usize = 100;

/// Octets of text of all parts together, after decoding: what is read by nobody decides nothing.
pub const MAX_TEXT: usize = 1 << 20;

/// Links that are looked at.
pub const MAX_URLS: usize = 200;

/// Trace fields that are read: loops end at 100 (RFC 5321 6.3), and what is of interest stands in the first.
pub const MAX_HOPS: usize = 20;

/// A message, taken apart.
pub(crate) struct View<'a> {
    pub(crate) message: &'a Message<'a>,
    pub(crate) subject: Option<Text>,
    /// From, of the first field.
    pub(crate) from: Vec<Person>,
    pub(crate) reply_to: Vec<Person>,
    pub(crate) to: Vec<Person>,
    pub(crate) hops: Vec<Received<'a>>,
    /// Plain text of all parts, then the visible text of HTML.
    pub(crate) text: String,
    /// Where the first text stands.
    pub(crate) text_span: Span,
    /// Octets of plain text within `text`.
    pub(crate) plain_len: usize,
    pub(crate) html: Vec<Html>,
    /// The source of the HTML parts.
    pub(crate) html_source: String,
    pub(crate) html_span: Span,
    pub(crate) parts: Vec<Part<'a>>,
    /// Whether limits left something out.
    pub(crate) is_cut: bool,
    urls: OnceCell<Vec<Url>>,
    words: OnceCell<String>,
    subject_words: OnceCell<String>,
}

/// A decoded value and its field.
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A mailbox of an address field.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) span: Span,
}

/// A leaf of the MIME tree.
pub(crate) struct Part<'a> {
    pub(crate) entity_span: Span,
    pub(crate) type_: String,
    pub(crate) subtype: String,
    pub(crate) charset: Option<String>,
    pub(crate) encoding: mailwright_message_model::transfer::Encoding,
    pub(crate) file_name: Option<String>,
    pub(crate) is_attachment: bool,
    pub(crate) octets: Cow<'a, [u8]>,
    content: OnceCell<Content>,
}

impl Person {
    pub(crate) fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or(self.address.as_str(), |(local, _)| local)
    }

    pub(crate) fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    pub(crate) fn site(&self) -> &str {
        url::site(self.domain())
    }
}

impl Part<'_> {
    /// What the octets are.
    pub(crate) fn content(&self) -> Content {
        *self.content.get_or_init(|| Content::of(&self.octets))
    }

    /// What is in it, where it is a ZIP.
    pub(crate) fn archive(&self) -> Option<Archive<'_>> {
        (self.content() == Content::Zip).then(|| Archive::read(&self.octets))
    }

    pub(crate) fn is_text(&self) -> bool {
        self.type_ == "text"
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(input: &Input<'a>) -> Self {
        let message = input.message;
        let subject = message.field("Subject");
        let hops = message.root().fields_named("Received").take(MAX_HOPS).map(|field| field.received());
        let mut view = Self {
            message,
            subject: subject.map(|field| Text { text: field.text().into_owned(), span: field.span() }),
            from: people(message, "From"),
            reply_to: people(message, "Reply-To"),
            to: people(message, "To"),
            hops: hops.collect(),
            text: String::new(),
            text_span: Span::default(),
            plain_len: 0,
            html: Vec::new(),
            html_source: String::new(),
            html_span: Span::default(),
            parts: Vec::new(),
            is_cut: false,
            urls: OnceCell::new(),
            words: OnceCell::new(),
            subject_words: OnceCell::new(),
        };
        view.read_parts();
        view
    }

    fn read_parts(&mut self) {
        let mut visible = String::new();
        for entity in self.message.walk().take(MAX_PARTS) {
            if !entity.is_leaf() {
                continue;
            }
            let part = part(&entity);
            if part.is_text() && !part.is_attachment {
                self.read_text(&entity, part.subtype == "html", &mut visible);
            }
            self.parts.push(part);
        }
        self.is_cut |= self.message.walk().len() > MAX_PARTS;
        self.plain_len = self.text.len();
        self.text.push_str(&visible);
    }

    fn read_text(&mut self, entity: &Entity<'_, 'a>, is_html: bool, visible: &mut String) {
        let Some(text) = entity.text() else { return };
        let room = MAX_TEXT.saturating_sub(self.text.len().saturating_add(self.html_source.len()));
        let cut = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        self.is_cut |= cut.len() < text.len();
        if is_html || looks_like_html(cut) {
            let html = Html::read(cut);
            visible.push_str(&html.visible);
            visible.push('\n');
            self.html_source.push_str(cut);
            self.html_source.push('\n');
            self.html.push(html);
            if self.html_span.is_empty() {
                self.html_span = entity.body_span();
            }
        } else {
            self.text.push_str(cut);
            self.text.push('\n');
        }
        if self.text_span.is_empty() {
            self.text_span = entity.body_span();
        }
    }

    /// Links: those of HTML first, then those that stand in plain text.
    pub(crate) fn urls(&self) -> &[Url] {
        self.urls.get_or_init(|| {
            let targets =
                self.html.iter().flat_map(|html| html.links.iter().map(|link| link.target.as_str()));
            let images =
                self.html.iter().flat_map(|html| html.images.iter().map(|image| image.source.as_str()));
            let plain = self.text.get(..self.plain_len).unwrap_or_default();
            let written = url::find(plain, MAX_URLS);
            targets.chain(images).chain(written).filter_map(Url::parse).take(MAX_URLS).collect()
        })
    }

    /// The words of the text.
    pub(crate) fn words(&self) -> &str {
        self.words.get_or_init(|| words(&self.text))
    }

    /// The words of the subject.
    pub(crate) fn subject_words(&self) -> &str {
        self.subject_words.get_or_init(|| words(self.subject.as_ref().map_or("", |subject| &subject.text)))
    }

    /// The plain text.
    pub(crate) fn plain(&self) -> &str {
        self.text.get(..self.plain_len).unwrap_or_default()
    }

    /// Where the field of that name stands; empty where there is none.
    pub(crate) fn field_span(&self, name: &str) -> Span {
        self.message.field(name).map_or(Span::default(), |field| field.span())
    }
}

fn people(message: &Message<'_>, name: &str) -> Vec<Person> {
    let Some(field) = message.field(name) else { return Vec::new() };
    let list = field.addresses();
    let people = list.mailboxes().map(|address| Person {
        name: address.name_with_comments().map(Cow::into_owned).unwrap_or_default(),
        address: address.addr().to_lowercase(),
        span: field.span(),
    });
    people.collect()
}

fn part<'a>(entity: &Entity<'_, 'a>) -> Part<'a> {
    let media = entity.media_type();
    let content_type = entity.content_type();
    Part {
        entity_span: entity.span(),
        type_: media.type_.into_owned(),
        subtype: media.subtype.into_owned(),
        charset: content_type.as_ref().and_then(|ct| ct.charset()).map(str::to_lowercase),
        encoding: entity.encoding(),
        file_name: entity.file_name(),
        is_attachment: entity.disposition().is_some_and(|disposition| disposition.is_attachment()),
        octets: entity.decoded().bytes,
        content: OnceCell::new(),
    }
}

/// Whether plain text is HTML after all: programs show it as such.
fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start();
    ["<html", "<!doctype html", "<body", "<head>"]
        .iter()
        .any(|mark| start.get(..mark.len()).is_some_and(|found| found.eq_ignore_ascii_case(mark)))
}
