//! Directives into records of a length that DNS likes.

use super::directive::{Directive, literal};
use super::walk::Walked;
use super::{FlattenError, FlattenNote, FlattenOptions, Flattened};
use crate::limits::Limits;

struct Writer<'w> {
    domain: &'w str,
    options: &'w FlattenOptions,
    /// Names given so far.
    names: usize,
    out: Flattened,
}

pub(super) fn write(
    domain: &str,
    walked: Walked,
    options: &FlattenOptions,
    limits: &Limits,
) -> Result<Flattened, FlattenError> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let Walked { mut directives, exp, mut own, notes } = walked;
    let mut writer = Writer { domain, options, names: 0, out: Flattened { notes, ..Flattened::default() } };
    // Included records that stay get their names first, so that the includes can be written.
    let names: Vec<String> = own.iter().map(|_| writer.name()).collect();
    let mut name_includes = |directives: &mut Vec<Directive>| {
        for directive in directives {
            let index =
                directive.mechanism.strip_prefix("include#").and_then(|index| index.parse::<usize>().ok());
            if let Some(name) = index.and_then(|index| names.get(index)) {
                directive.mechanism = format!("include:{}", literal(name));
            }
        }
    };
    name_includes(&mut directives);
    own.iter_mut().for_each(&mut name_includes);
    let records = own.iter().chain([&directives]).flatten();
    writer.out.lookups = records.filter(|directive| directive.asks_dns).count();
    writer.record(domain.to_owned(), &directives, exp.as_deref())?;
    for (name, directives) in names.iter().zip(&own) {
        writer.out.notes.push(FlattenNote::OwnInclude { domain: name.clone() });
        writer.record(name.clone(), directives, None)?;
    }
    if let Some(target) = exp {
        writer.out.notes.push(FlattenNote::Explanation { target });
    }
    let lookups = writer.out.lookups;
    if lookups > limits.lookups {
        writer.out.notes.push(FlattenNote::TooManyLookups { lookups });
    }
    Ok(writer.out)
}

impl Writer<'_> {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("{}{}.{}", self.options.label, self.names, self.domain)
    }

    /// Writes a record, and goes on in another by `redirect=` where it gets too long (RFC 7208 6.1).
    fn record(
        &mut self,
        name: String,
        directives: &[Directive],
        exp: Option<&str>,
    ) -> Result<(), FlattenError> {
        let exp = exp.map(|target| format!(" exp={target}")).unwrap_or_default();
        let most = self.options.record_octets;
        // What redirect= takes: the number may get six digits.
        let behind = exp.len()
            + " redirect=".len()
            + literal(&self.options.label).len()
            + 7
            + literal(self.domain).len();
        let written = |terms: &[String]| terms.iter().map(|term| 1 + term.len()).sum::<usize>();
        let own: Vec<String> = directives.iter().map(|directive| directive.term(true)).collect();
        let terms: Vec<String> = directives.iter().map(|directive| directive.term(false)).collect();
        // What has not been written yet, in both forms.
        let (mut name, mut own, mut terms) = (name, own.as_slice(), terms.as_slice());
        let mut left = written(terms);
        loop {
            let mut text = String::from("v=spf1");
            let here = if name == self.domain { own } else { terms };
            let all = if name == self.domain { written(own) } else { left };
            let fits_whole = text.len() + all + exp.len() <= most;
            let room = most.saturating_sub(behind);
            let mut taken = 0;
            for term in here {
                if !fits_whole && text.len() + 1 + term.len() > room {
                    break;
                }
                text.push(' ');
                text.push_str(term);
                taken += 1;
            }
            left = left.saturating_sub(written(terms.get(..taken).unwrap_or_default()));
            (own, terms) = (own.get(taken..).unwrap_or_default(), terms.get(taken..).unwrap_or_default());
            if let Some(term) = here.get(taken).filter(|_| taken == 0) {
                return Err(FlattenError::TermTooLong { term: term.clone(), octets: most });
            }
            let next = (!terms.is_empty()).then(|| self.name());
            if let Some(next) = &next {
                self.out.lookups += 1;
                text.push_str(" redirect=");
                text.push_str(&literal(next));
            }
            text.push_str(&exp);
            if text.len() > most {
                let term = if exp.is_empty() { "v=spf1" } else { exp.trim_start() };
                return Err(FlattenError::TermTooLong { term: term.to_owned(), octets: most });
            }
            self.out.records.push((name, text));
            match next {
                Some(next) => name = next,
                None => return Ok(()),
            }
        }
    }
}
