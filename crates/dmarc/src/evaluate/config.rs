//! How to evaluate.

use std::fmt;

use mailwright_message_model::domain::{Domain, OrgDomain};

/// How the policy domain and organizational domains are found.
#[derive(Clone, Copy, Default)]
pub enum Mode<'c> {
    /// By the DNS tree walk of RFC 9989.
    #[default]
    TreeWalk,
    /// By RFC 7489 with a public suffix list: `pct` counts, `np`, `psd` and `t` do not.
    PublicSuffix {
        /// The list, as [`PublicSuffixList`](crate::PublicSuffixList).
        list: &'c dyn OrgDomain,
        /// A random number from 0 to 99: the message is selected where it is below `pct` (RFC 7489 6.6.4).
        sample: u8,
    },
}

impl fmt::Debug for Mode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TreeWalk => f.write_str("TreeWalk"),
            Self::PublicSuffix { sample, .. } => {
                f.debug_struct("PublicSuffix").field("sample", sample).finish_non_exhaustive()
            }
        }
    }
}

/// What an evaluation is told.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config<'c> {
    /// By which RFC.
    pub mode: Mode<'c>,
    /// Author domains that are evaluated where there are several; the strictest policy that fails counts (RFC 9989 11.5). 0, the
    /// default: DMARC does not apply to such a message (5.3.1).
    pub several_authors: usize,
    /// Domains whose ARC seal on a valid chain is a reason not to apply the policy.
    pub trusted_sealers: Vec<Domain>,
}

impl<'c> Config<'c> {
    /// Evaluation by RFC 7489 with a public suffix list; every message is selected unless `pct` is 0.
    #[must_use]
    pub fn public_suffix(list: &'c dyn OrgDomain) -> Self {
        Self { mode: Mode::PublicSuffix { list, sample: 0 }, ..Self::default() }
    }

    /// Evaluates up to `most` author domains of a message.
    #[must_use]
    pub const fn several_authors(mut self, most: usize) -> Self {
        self.several_authors = most;
        self
    }

    /// Trusts the ARC chains that this domain seals.
    #[must_use]
    pub fn trust_sealer(mut self, domain: Domain) -> Self {
        self.trusted_sealers.push(domain);
        self
    }
}
