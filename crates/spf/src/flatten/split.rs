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
        // What redirect= takes: the number may get six digits.
        let behind = exp.len() + " redirect=".len() + self.options.label.len() + 7 + self.domain.len();
        let len = |directive: &Directive| 2 + directive.mechanism.len();
        let mut left: usize = directives.iter().map(len).sum();
        let (mut name, mut rest) = (name, directives.iter().peekable());
        loop {
            let mut text = String::from("v=spf1");
            let is_own = name == self.domain;
            let mut any = false;
            let fits_whole = "v=spf1".len() + left + exp.len() <= self.options.record_octets;
            let room = self.options.record_octets.saturating_sub(behind);
            while let Some(directive) = rest.peek() {
                let own = directive.own.as_ref().filter(|_| is_own);
                let term = format!(" {}{}", directive.qualifier, own.unwrap_or(&directive.mechanism));
                if !fits_whole && text.len() + term.len() > room {
                    break;
                }
                any = true;
                left = left.saturating_sub(len(directive));
                text.push_str(&term);
                rest.next();
            }
            let more = rest.peek().is_some();
            if more && !any {
                return Err(FlattenError::TooLarge);
            }
            let next = more.then(|| self.name());
            if let Some(next) = &next {
                self.out.lookups += 1;
                text.push_str(" redirect=");
                text.push_str(&literal(next));
            }
            text.push_str(&exp);
            self.out.records.push((name, text));
            match next {
                Some(next) => name = next,
                None => return Ok(()),
            }
        }
    }
}
