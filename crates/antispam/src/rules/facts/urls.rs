//! Facts of links.

use std::collections::HashSet;

use super::{Ask, Fact};
use crate::names::{is_mixed, likeness};
use crate::rules::url::{Url, percent_decoded};
use crate::rules::view::View;

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("url.count", |view| Fact::count(view.urls().len())),
    ("url.sites", |view| Fact::count(view.urls().iter().map(Url::site).collect::<HashSet<_>>().len())),
    ("url.address", |view| any(view, |url| url.address().map(|ip| format!("{} ({ip})", url.host)))),
    ("url.odd-address", |view| any(view, |url| url.is_odd_address().then(|| url.raw.clone()))),
    ("url.user", |view| any(view, |url| url.user.as_ref().map(|_| url.raw.clone()))),
    ("url.user-is-host", |view| {
        any(view, |url| url.user.as_ref().filter(|user| user.contains('.')).map(|_| url.raw.clone()))
    }),
    ("url.port", |view| {
        any(view, |url| {
            let port = url.port.as_deref()?;
            (!matches!(port, "80" | "443" | "8080" | "") && url.scheme.starts_with("http"))
                .then(|| url.raw.clone())
        })
    }),
    ("url.hidden-host", |view| {
        any(view, |url| {
            let end =
                url.raw.find("://").and_then(|at| url.raw.get(at.saturating_add(3)..)).unwrap_or(&url.raw);
            let authority = end.split(['/', '?', '#']).next().unwrap_or_default();
            authority.contains('%').then(|| url.raw.clone())
        })
    }),
    ("url.needlessly-encoded", |view| {
        any(view, |url| {
            // Letters and digits need no percent-encoding.
            let decoded = percent_decoded(&url.path);
            let encoded = url.path.matches('%').count();
            let plain = |text: &str| text.bytes().filter(u8::is_ascii_alphanumeric).count();
            let gained =
                plain(&decoded).saturating_sub(plain(&url.path).saturating_sub(encoded.saturating_mul(2)));
            (encoded > 0 && gained > 2).then(|| url.raw.clone())
        })
    }),
    ("url.mixed-letters", |view| {
        any(view, |url| {
            let shown = url.host.split('.').map(|label| {
                if label.starts_with("xn--") {
                    mailwright_message_model::domain::Domain::parse(label.as_bytes())
                        .map_or_else(|_| label.to_owned(), |d| d.to_unicode().into_owned())
                } else {
                    label.to_owned()
                }
            });
            shown.into_iter().any(|label| is_mixed(&label)).then(|| url.host.clone())
        })
    }),
    ("url.looks-like-brand", |view| {
        any(view, |url| {
            likeness(&url.host).map(|(brand, _)| format!("{} looks like {}", url.host, brand.label))
        })
    }),
    ("url.redirect", |view| {
        any(view, |url| {
            let decoded = percent_decoded(&url.path).to_lowercase();
            (decoded.contains("http://") || decoded.contains("https://")).then(|| url.raw.clone())
        })
    }),
    ("url.shortener", |view| {
        any(view, |url| SHORTENERS.contains(&url.host.as_str()).then(|| url.raw.clone()))
    }),
    ("url.many-labels", |view| {
        any(view, |url| {
            (url.address().is_none() && url.host.split('.').count() > 5).then(|| url.host.clone())
        })
    }),
    ("url.random-host", |view| {
        any(view, |url| {
            let label = url.site().split('.').next().unwrap_or_default();
            (url.address().is_none() && super::people::is_random(label)).then(|| url.host.clone())
        })
    }),
    ("url.long", |view| any(view, |url| (url.raw.len() > 200).then(|| url.host.clone()))),
    ("url.not-of-sender", |view| {
        let Some(from) = view.from.first() else { return Fact::default() };
        let all = view.urls();
        Fact::is(!all.is_empty() && all.iter().all(|url| url.site() != from.site()))
    }),
    ("url.carries-recipient", |view| {
        let to: Vec<&str> = view.to.iter().map(|to| to.address.as_str()).filter(|to| to.len() > 6).collect();
        any(view, |url| {
            let path = percent_decoded(&url.path).to_lowercase();
            to.iter().any(|to| path.contains(to)).then(|| url.raw.clone())
        })
    }),
];

/// Services that hide where a link leads.
const SHORTENERS: &[&str] = &[
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "ow.ly",
    "is.gd",
    "buff.ly",
    "rebrand.ly",
    "cutt.ly",
    "rb.gy",
    "shorturl.at",
    "tiny.cc",
    "t.ly",
    "v.gd",
    "s.id",
    "lnkd.in",
];

fn any(view: &View<'_>, ask: impl Fn(&Url) -> Option<String>) -> Fact {
    let span = if view.html.is_empty() { view.text_span } else { view.html_span };
    Fact::found(view.urls().iter().find_map(ask)).at(span)
}
