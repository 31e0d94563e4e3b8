//! Identifier alignment (RFC 9989 4.10.2, 3.2.10).

use mailwright_dns::Dns;
use mailwright_message_model::authres::AuthResult;
use mailwright_message_model::domain::Domain;

use super::config::{Config, Mode};
use super::outcome::{Aligned, Evaluation, Relation};
use crate::policy::{Alignment, Psd};
use crate::walk::{Lookups, Unknown};

/// Aligns identifiers with one author domain.
pub(super) struct Aligner<'a> {
    author: &'a Domain,
    organizational: Option<Domain>,
    mode: Mode<'a>,
}

impl<'a> Aligner<'a> {
    pub(super) fn new(author: &'a Domain, organizational: Option<Domain>, config: &'a Config<'_>) -> Self {
        Self { author, organizational, mode: config.mode }
    }

    /// An identifier with its relation, which is found out where its result is a pass.
    pub(super) fn identifier<D: Dns + ?Sized>(
        &mut self,
        lookups: &mut Lookups<'_, D>,
        domain: &Domain,
        selector: Option<&str>,
        result: &AuthResult,
        mode: Alignment,
    ) -> Aligned {
        let relation = match result {
            AuthResult::Pass => self.relation(lookups, domain, mode),
            _ if domain == self.author => Relation::Same,
            _ => Relation::NotNeeded,
        };
        Aligned {
            domain: domain.clone(),
            selector: selector.map(Into::into),
            result: result.clone(),
            relation,
        }
    }

    /// How a domain stands to the author domain. What the answer does not depend on is not asked.
    pub(super) fn relation<D: Dns + ?Sized>(
        &mut self,
        lookups: &mut Lookups<'_, D>,
        domain: &Domain,
        mode: Alignment,
    ) -> Relation {
        if domain == self.author {
            return Relation::Same;
        }
        // RFC 9989 4.10.2: for strict alignment a comparison is all that is required.
        if mode == Alignment::Strict {
            return Relation::None;
        }
        match self.is_relaxed(lookups, domain) {
            Ok(true) => Relation::Relaxed,
            Ok(false) => Relation::None,
            Err(unknown) => Relation::Unknown(unknown.into()),
        }
    }

    fn is_relaxed<D: Dns + ?Sized>(
        &mut self,
        lookups: &mut Lookups<'_, D>,
        domain: &Domain,
    ) -> Result<bool, Unknown> {
        if let Mode::PublicSuffix { list, .. } = self.mode {
            return Ok(list.org(domain) == list.org(self.author));
        }
        // An organizational domain is the domain itself or above it: without a common one there is nothing to ask, and
        // a stranger's name server has no say in the result.
        if domain.labels().next_back() != self.author.labels().next_back() {
            return Ok(false);
        }
        let organizational = match &self.organizational {
            Some(known) => known.clone(),
            None => lookups.walk(self.author)?.organizational,
        };
        self.organizational = Some(organizational.clone());
        Ok(domain.is_within(&organizational) && lookups.walk(domain)?.organizational == organizational)
    }

    /// The organizational domain of the author domain, where it is known without a question more.
    pub(super) fn organizational(self, own: bool, evaluation: &Evaluation) -> Option<Domain> {
        if self.organizational.is_some() || !own {
            return self.organizational;
        }
        // psd=n and psd=y end the walk where it starts. RFC 9989 4.10.2: the common domain of author and identifiers.
        let ends = evaluation.record.as_deref().is_some_and(|record| record.psd() != Psd::Unknown);
        let mut passed =
            evaluation.spf.iter().chain(&evaluation.dkim).filter(|i| i.result == AuthResult::Pass);
        let common = passed.clone().next().is_some() && passed.all(|i| i.domain == *self.author);
        (ends || common).then(|| self.author.clone())
    }
}
