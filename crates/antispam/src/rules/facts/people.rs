//! Facts of who writes to whom.

use super::{Ask, Fact};
use crate::names::{is_mixed, likeness, named_brand};
use crate::rules::url::site;
use crate::rules::view::{Person, View};

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("from.missing", |view| Fact::is(view.message.field("From").is_none())),
    ("from.unreadable", |view| {
        let bad =
            view.message.field("From").is_some() && !view.from.iter().any(|from| from.domain().contains('.'));
        Fact::is(bad).at(view.field_span("From"))
    }),
    ("from.count", |view| Fact::count(view.from.len())),
    ("from.no-name", |view| author(view, |from| from.name.trim().is_empty().then(String::new))),
    ("from.name-is-address", |view| {
        // The name shows another address than the one that it stands before.
        author(view, |from| {
            let shown = address_in(&from.name)?;
            let other = site(shown.rsplit_once('@').map_or("", |(_, domain)| domain)) != from.site();
            other.then(|| format!("shows {shown}, is {}", from.address))
        })
    }),
    ("from.name-is-domain", |view| {
        author(view, |from| {
            let shown = domain_in(&from.name)?;
            (site(&shown) != from.site()).then(|| format!("shows {shown}, is {}", from.address))
        })
    }),
    ("from.name-is-brand", |view| {
        author(view, |from| {
            let brand = named_brand(&from.name)?;
            let own = brand
                .domains
                .iter()
                .any(|domain| from.domain() == domain || from.domain().ends_with(&format!(".{domain}")));
            // Its name in a domain that is not in the table: a national branch, more often than not.
            let named = site(from.domain()).split('.').next() == Some(brand.label.as_str());
            (!own && !named).then(|| format!("calls itself {:?}, is {}", from.name, from.address))
        })
    }),
    ("from.looks-like-brand", |view| {
        author(view, |from| {
            likeness(from.domain()).map(|(brand, _)| format!("{} looks like {}", from.domain(), brand.label))
        })
    }),
    ("from.mixed-letters", |view| {
        author(view, |from| from.name.split_whitespace().any(is_mixed).then(|| from.name.clone()))
    }),
    ("from.capitals", |view| {
        view.from
            .first()
            .map_or_else(Fact::default, |from| Fact::of(super::header::capitals(&from.name)).at(from.span))
    }),
    ("from.digits", |view| {
        view.from.first().map_or_else(Fact::default, |from| {
            Fact::count(from.local().bytes().filter(u8::is_ascii_digit).count()).at(from.span)
        })
    }),
    ("from.digits-at-end", |view| {
        view.from.first().map_or_else(Fact::default, |from| {
            Fact::count(from.local().bytes().rev().take_while(u8::is_ascii_digit).count()).at(from.span)
        })
    }),
    ("from.starts-with-digit", |view| {
        author(view, |from| from.local().starts_with(|c: char| c.is_ascii_digit()).then(String::new))
    }),
    ("from.random", |view| author(view, |from| is_random(from.local()).then(|| from.address.clone()))),
    ("from.freemail", |view| author(view, |from| is_freemail(from.domain()).then(String::new))),
    ("from.is-to", |view| {
        author(view, |from| view.to.iter().any(|to| to.address == from.address).then(String::new))
    }),
    ("reply-to.elsewhere", |view| {
        let (Some(from), Some(reply)) = (view.from.first(), view.reply_to.first()) else {
            return Fact::default();
        };
        let other = !reply.site().is_empty() && reply.site() != from.site();
        Fact::found(other.then(|| format!("from {}, replies to {}", from.address, reply.address)))
            .at(reply.span)
    }),
    ("reply-to.freemail", |view| {
        let (Some(from), Some(reply)) = (view.from.first(), view.reply_to.first()) else {
            return Fact::default();
        };
        let other = is_freemail(reply.domain()) && reply.address != from.address;
        Fact::found(other.then(|| format!("from {}, replies to {}", from.address, reply.address)))
            .at(reply.span)
    }),
    ("to.missing", |view| Fact::is(view.message.field("To").is_none() && view.message.field("Cc").is_none())),
    ("to.unreadable", |view| {
        // A list whose members are not named, or text that is no address.
        let unreadable =
            view.message.field("To").is_some() && !view.to.iter().any(|to| to.address.contains('@'));
        Fact::is(unreadable).at(view.field_span("To"))
    }),
    ("to.count", |view| Fact::count(view.to.len()).at(view.field_span("To"))),
    ("to.named", |view| Fact::is(view.to.iter().any(|to| !to.name.is_empty() && !to.name.contains('@')))),
    ("to.local-in-subject", |view| {
        let subject = view.subject_words();
        let named = view.to.iter().find(|to| {
            let local = to.local();
            local.len() >= 3
                && local.bytes().all(|b| b.is_ascii_alphanumeric())
                && subject.contains(&format!(" {local} "))
        });
        Fact::found(named.map(|to| to.address.clone()))
    }),
    ("to.sorted", |view| {
        // A slice of a sorted list of addresses.
        let locals: Vec<&str> = view.to.iter().map(Person::local).collect();
        let alike =
            locals.windows(2).filter(|pair| matches!(pair, [a, b] if a.get(..2) == b.get(..2))).count();
        Fact::is(locals.len() >= 4 && locals.is_sorted() && alike.saturating_mul(2) >= locals.len())
            .at(view.field_span("To"))
    }),
];

fn author(view: &View<'_>, ask: impl Fn(&Person) -> Option<String>) -> Fact {
    let found = view.from.iter().find_map(|from| ask(from).map(|detail| (detail, from.span)));
    found.map_or_else(Fact::default, |(detail, span)| Fact { value: 1.0, span, detail })
}

/// An address in a display name.
fn address_in(name: &str) -> Option<String> {
    let word = name.split(|c: char| c.is_whitespace() || "<>()\"',;[]".contains(c)).find(|word| {
        word.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.starts_with('.')
        })
    })?;
    Some(word.trim_end_matches('.').to_lowercase())
}

/// A whole display name that is a domain of one of the oldest top levels.
fn domain_in(name: &str) -> Option<String> {
    let shown = name.trim().trim_start_matches("www.").to_lowercase();
    let (front, top) = shown.rsplit_once('.')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (matches!(top, "com" | "net" | "org" | "gov") && front.len() > 2 && shown.chars().all(plain))
        .then_some(shown)
}

/// Providers whose addresses anybody can have at once.
const FREEMAIL: &[&str] = &[
    "aol.com",
    "excite.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "hotmail.com",
    "icloud.com",
    "juno.com",
    "lycos.com",
    "mail.com",
    "mail.ru",
    "msn.com",
    "netscape.net",
    "outlook.com",
    "proton.me",
    "qq.com",
    "163.com",
    "126.com",
    "rediffmail.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "live.com",
];

/// Whether the domain is such a provider's, national ones of the same name included.
pub(super) fn is_freemail(domain: &str) -> bool {
    FREEMAIL.contains(&domain)
        || ["yahoo.", "hotmail.", "live.", "outlook."]
            .iter()
            .any(|start| domain.strip_prefix(start).is_some_and(|rest| rest.len() <= 6))
}

/// Whether letters and digits alternate, or no vowel is among many letters, as nobody names himself.
pub(super) fn is_random(local: &str) -> bool {
    let turns = local.as_bytes().windows(2).filter(|pair| {
        matches!(pair, [a, b] if (a.is_ascii_digit() && b.is_ascii_alphabetic()) || (a.is_ascii_alphabetic() && b.is_ascii_digit()))
    });
    let letters = local.bytes().filter(u8::is_ascii_alphabetic).count();
    let vowels = local.bytes().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    turns.count() >= 3 || (letters >= 7 && vowels == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(address_in("\"service@bank.example\" x"), Some("service@bank.example".into()));
        assert_eq!(address_in("Joe @ home"), None);
        assert_eq!(domain_in("www.Example.com"), Some("example.com".into()));
        assert_eq!(domain_in("Example Inc."), None);
        assert!(
            is_random("a1b2c3") && is_random("xkcdqrtz") && !is_random("joe1970") && !is_random("anna.smith")
        );
        assert!(is_freemail("yahoo.co.uk") && is_freemail("gmail.com") && !is_freemail("yahoo-inc.com"));
    }
}
