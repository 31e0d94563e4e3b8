//! Files of lists.

use std::collections::HashSet;

use mailwright_dns::Name;
use serde::Deserialize;
use toml::Spanned;

use super::{Asks, Codes, DnsList, MAX_LISTS, Meaning};
use crate::line::in_text;
use crate::{Error, ErrorKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    #[serde(default)]
    list: Vec<ListSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListSource {
    name: Spanned<String>,
    zone: Spanned<String>,
    asks: Vec<Spanned<String>>,
    codes: Vec<MeaningSource>,
    #[serde(default)]
    about: String,
    #[serde(default)]
    terms: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeaningSource {
    code: Spanned<String>,
    score: Spanned<f64>,
    #[serde(default)]
    about: String,
}

/// The lists of a file.
pub(super) fn lists(text: &str) -> Result<Vec<DnsList>, Error> {
    let fail = |what: String, at: usize| in_text(ErrorKind::Lists(what), text, at);
    let source: Source = toml::from_str(text)
        .map_err(|error| fail(error.message().to_owned(), error.span().map_or(0, |span| span.start)))?;
    if source.list.len() > MAX_LISTS {
        return Err(Error::new(ErrorKind::Lists(format!("more than {MAX_LISTS} lists"))));
    }
    let mut names = HashSet::new();
    let mut lists = Vec::with_capacity(source.list.len());
    for list in source.list {
        let at = list.name.span().start;
        let name = list.name.into_inner();
        let plain = |octet: u8| octet.is_ascii_uppercase() || octet.is_ascii_digit() || octet == b'_';
        if name.is_empty() || !name.bytes().all(plain) {
            return Err(fail(format!("{name:?}: a name has upper-case letters, digits and underscores"), at));
        }
        if !names.insert(name.clone()) {
            return Err(fail(format!("the name {name:?} is taken"), at));
        }
        let at = list.zone.span().start;
        let zone = Name::new(list.zone.as_ref()).map_err(|error| fail(error.to_string(), at))?;
        let asks = list.asks.iter().map(|word| {
            let found = Asks::ALL.into_iter().find(|asks| asks.as_str() == word.as_ref().as_str());
            found.ok_or_else(|| {
                fail(format!("{:?} is nothing to ask about", word.as_ref()), word.span().start)
            })
        });
        let asks = asks.collect::<Result<_, _>>()?;
        let meanings = list.codes.into_iter().map(|meaning| {
            let codes =
                Codes::parse(meaning.code.as_ref()).map_err(|what| fail(what, meaning.code.span().start))?;
            if !meaning.score.as_ref().is_finite() {
                return Err(fail("a score is a finite number".to_owned(), meaning.score.span().start));
            }
            Ok(Meaning { codes, score: meaning.score.into_inner(), about: meaning.about })
        });
        let meanings: Vec<Meaning> = meanings.collect::<Result<_, _>>()?;
        lists.push(DnsList { name, zone, asks, meanings, about: list.about, terms: list.terms });
    }
    Ok(lists)
}
