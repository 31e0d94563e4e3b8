//! Facts of HTML.

use super::{Ask, Fact, share};
use crate::html::{Counts, Link};
use crate::names::is_mixed;
use crate::rules::url::{Url, site};
use crate::rules::view::View;

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("html.tags", |view| sum(view, |counts| counts.tags)),
    ("html.octets", |view| Fact::count(view.html_source.len()).at(view.html_span)),
    ("html.text-share", |view| {
        let letters: usize = view.html.iter().map(|html| html.visible.trim().len()).sum();
        Fact::of(share(letters, view.html_source.len())).at(view.html_span)
    }),
    ("html.text", |view| {
        Fact::count(
            view.html.iter().map(|html| html.visible.chars().filter(|c| c.is_alphanumeric()).count()).sum(),
        )
    }),
    ("html.hidden", |view| {
        let hidden = view
            .html
            .iter()
            .find(|html| html.hides_text())
            .map(|html| html.hidden.trim().chars().take(80).collect::<String>());
        Fact::found(hidden).at(view.html_span)
    }),
    ("html.unseen", |view| sum(view, |counts| counts.unseen)),
    ("html.tiny", |view| sum(view, |counts| counts.tiny)),
    ("html.undisplayed", |view| sum(view, |counts| counts.undisplayed)),
    ("html.split-words", |view| sum(view, |counts| counts.split_words)),
    ("html.needless-entities", |view| sum(view, |counts| counts.needless_entities)),
    ("html.zero-width", |view| sum(view, |counts| counts.zero_width)),
    ("html.unknown-tags", |view| sum(view, |counts| counts.unknown_tags)),
    ("html.comments", |view| sum(view, |counts| counts.comments)),
    ("html.images", |view| sum(view, |counts| counts.images)),
    ("html.links", |view| sum(view, |counts| counts.links)),
    ("html.forms", |view| sum(view, |counts| counts.forms)),
    ("html.passwords", |view| sum(view, |counts| counts.passwords)),
    ("html.scripts", |view| sum(view, |counts| counts.scripts)),
    ("html.frames", |view| sum(view, |counts| counts.frames)),
    ("html.fonts", |view| sum(view, |counts| counts.fonts)),
    ("html.big", |view| sum(view, |counts| counts.big)),
    ("html.big-share", |view| {
        let big: usize = view.html.iter().map(|html| html.counts.big).sum();
        let all: usize =
            view.html.iter().map(|html| html.visible.chars().filter(|c| !c.is_whitespace()).count()).sum();
        Fact::of(share(big, all)).at(view.html_span)
    }),
    ("html.tables", |view| sum(view, |counts| counts.tables)),
    ("html.centred", |view| sum(view, |counts| counts.centred)),
    ("html.bases", |view| sum(view, |counts| counts.bases)),
    ("html.unopened", |view| sum(view, |counts| counts.unopened)),
    ("html.refreshes", |view| sum(view, |counts| counts.refreshes)),
    ("html.bug", |view| {
        let bug = view
            .html
            .iter()
            .flat_map(|html| &html.images)
            .find(|image| image.is_tiny && image.source.contains("://"));
        Fact::found(bug.map(|image| image.source.clone())).at(view.html_span)
    }),
    ("html.remote-images", |view| {
        let remote =
            view.html.iter().flat_map(|html| &html.images).filter(|image| image.source.contains("://"));
        Fact::count(remote.count()).at(view.html_span)
    }),
    ("html.linked-images", |view| {
        Fact::count(view.html.iter().flat_map(|html| &html.links).filter(|link| link.has_image).count())
            .at(view.html_span)
    }),
    ("html.link-lies", |view| {
        let lie = view.html.iter().flat_map(|html| &html.links).find_map(lie);
        Fact::found(lie).at(view.html_span)
    }),
    ("html.mixed-words", |view| {
        let words = view.text.split_whitespace().filter(|word| is_mixed(word));
        Fact::count(words.take(1_000).count()).at(view.text_span)
    }),
    ("html.mailto-links", |view| {
        let links = view.html.iter().flat_map(|html| &html.links);
        Fact::count(
            links
                .filter(|link| link.target.get(..7).is_some_and(|m| m.eq_ignore_ascii_case("mailto:")))
                .count(),
        )
    }),
];

fn sum(view: &View<'_>, of: impl Fn(&Counts) -> usize) -> Fact {
    let total = view.html.iter().fold(0_usize, |sum, html| sum.saturating_add(of(&html.counts)));
    Fact::count(total).at(view.html_span)
}

/// Where a link shows another host than the one it leads to.
fn lie(link: &Link) -> Option<String> {
    let target = Url::parse(&link.target)?;
    let shown = link.text.trim();
    // Only a text that is a link by itself: prose that names a site may lead to a page about it.
    if shown.contains(char::is_whitespace) || shown.len() < 4 {
        return None;
    }
    let shown_url = Url::parse(shown).or_else(|| {
        let bare = shown.split(['/', '?']).next().unwrap_or_default();
        let (front, top) = bare.rsplit_once('.')?;
        let plain = bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        (plain
            && !front.is_empty()
            && matches!(top.to_ascii_lowercase().as_str(), "com" | "net" | "org" | "gov" | "edu"))
        .then(|| Url::parse(&format!("http://{shown}")))?
    })?;
    let same = site(&shown_url.host) == site(&target.host);
    // A counter of clicks that carries the shown host along is the honest sender's.
    let carried = target.raw.to_lowercase().contains(shown_url.site());
    (!same && !carried).then(|| format!("shows {}, leads to {}", shown_url.host, target.host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lies() {
        let link = |target: &str, text: &str| {
            lie(&Link { target: target.into(), text: text.into(), has_image: false })
        };
        assert_eq!(
            link("http://evil.example/x", "www.bank.example"),
            Some("shows www.bank.example, leads to evil.example".into())
        );
        assert_eq!(
            link("http://evil.example/", "paypal.com"),
            Some("shows paypal.com, leads to evil.example".into())
        );
        assert_eq!(link("http://login.bank.example/", "http://www.bank.example/"), None);
        assert_eq!(link("http://click.example/?to=www.bank.example", "www.bank.example"), None);
        assert_eq!(link("http://evil.example/", "see www.bank.example"), None);
        assert_eq!(link("mailto:a@b", "a@b"), None);
        assert_eq!(link("http://evil.example/", "readme.txt"), None);
    }
}
