//! All patterns of one place, run in one pass.

use aho_corasick::AhoCorasick;
use mailwright_message_model::Span;
use regex::RegexSet;

use super::compile::Place;
use super::view::View;

/// The regular expressions of a place.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pub(super) set: RegexSet,
}

impl Matcher {
    /// Which of the patterns occur.
    pub(super) fn find(&self, view: &View<'_>, place: &Place) -> Vec<bool> {
        let mut found = vec![false; self.set.len()];
        place.texts(view, &mut |text| {
            for id in self.set.matches(text) {
                if let Some(slot) = found.get_mut(id) {
                    *slot = true;
                }
            }
        });
        found
    }
}

/// The phrases of a place.
#[derive(Clone, Debug)]
pub(super) struct Phrases {
    pub(super) automaton: AhoCorasick,
}

impl Phrases {
    /// Which of the phrases occur.
    pub(super) fn find(&self, view: &View<'_>, place: &Place) -> Vec<bool> {
        let mut found = vec![false; self.automaton.patterns_len()];
        let words = match place {
            Place::Subject => view.subject_words(),
            _ => view.words(),
        };
        for hit in self.automaton.find_overlapping_iter(words) {
            if let Some(slot) = found.get_mut(hit.pattern().as_usize()) {
                *slot = true;
            }
        }
        found
    }
}

impl Place {
    /// Calls `look` with every text that stands in the place.
    fn texts(&self, view: &View<'_>, look: &mut dyn FnMut(&str)) {
        match self {
            Self::Subject => view.subject.iter().for_each(|subject| look(&subject.text)),
            Self::From => named(view, "From", look),
            Self::To => named(view, "To", look),
            Self::Field(name) => named(view, name, look),
            Self::Header => {
                for field in view.message.fields() {
                    look(&format!("{}: {}", String::from_utf8_lossy(field.name()), field.text()));
                }
            }
            Self::Text => look(&view.text),
            Self::Html => look(&view.html_source),
            Self::Url => view.urls().iter().for_each(|url| look(&url.raw)),
            Self::File => view.parts.iter().filter_map(|part| part.file_name.as_deref()).for_each(look),
            Self::Type => {
                for entity in view.message.walk().take(super::MAX_PARTS) {
                    look(&entity.media_type().to_string());
                }
            }
        }
    }

    /// Where the place is.
    pub(super) fn span(&self, view: &View<'_>) -> Span {
        match self {
            Self::Subject => view.field_span("Subject"),
            Self::From => view.field_span("From"),
            Self::To => view.field_span("To"),
            Self::Field(name) => view.field_span(name),
            Self::Text | Self::Url => view.text_span,
            Self::Html => view.html_span,
            Self::Header | Self::File | Self::Type => Span::default(),
        }
    }
}

fn named(view: &View<'_>, name: &str, look: &mut dyn FnMut(&str)) {
    for field in view.message.root().fields_named(name) {
        look(&field.text());
    }
}
