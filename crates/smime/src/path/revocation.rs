//! Revocation: what lists and responses at hand say (RFC 5280 6.3, RFC 6960).

use super::refusal::{Rule, Unknown};
use super::search::{Search, Signer};
use crate::x509::Time;

/// How revocation counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// It is not looked at.
    Ignore,
    /// What is at hand counts; that nothing is, is told by [`Path::revocation`](super::Path::revocation).
    #[default]
    IfKnown,
    /// Of each certificate below the anchor it must be known that it is not revoked.
    Required,
}

/// What was found out on the revocation of a certificate that is not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RevocationStatus {
    /// It was not asked for.
    NotChecked,
    /// Not revoked, by a list.
    GoodByCrl,
    /// Not revoked, by a response.
    GoodByOcsp,
    /// It could not be checked.
    Unknown(Unknown),
}

/// What one source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Good,
    Revoked { since: Time, reason: u8 },
    Unknown(Unknown),
}

impl<'a> Search<'_, 'a> {
    /// The revocation of a certificate whose issuer's key is `signer`'s, in a path below `anchor`.
    pub(super) fn revocation(
        &mut self,
        index: usize,
        signer: Signer<'a>,
        anchor: usize,
        nested: u8,
    ) -> Result<RevocationStatus, Rule> {
        if self.validator.revocation == Revocation::Ignore {
            return Ok(RevocationStatus::NotChecked);
        }
        let by_response = self.by_responses(index, signer)?;
        if let Finding::Revoked { since, reason } = by_response {
            return Err(Rule::Revoked { since, reason });
        }
        let by_list = self.by_lists(index, signer, anchor, nested)?;
        match (by_list, by_response) {
            (Finding::Revoked { since, reason }, _) => Err(Rule::Revoked { since, reason }),
            (_, Finding::Good) => Ok(RevocationStatus::GoodByOcsp),
            (Finding::Good, _) => Ok(RevocationStatus::GoodByCrl),
            (Finding::Unknown(list), Finding::Unknown(response)) => {
                let why = if list == Unknown::NothingAtHand { response } else { list };
                if self.validator.revocation == Revocation::Required {
                    return Err(Rule::RevocationUnknown(why));
                }
                Ok(RevocationStatus::Unknown(why))
            }
            (Finding::Unknown(why), Finding::Revoked { .. }) => Ok(RevocationStatus::Unknown(why)),
        }
    }

    /// Whether something that was made at `this` and is to be followed at `next` is of the time of validation.
    pub(super) fn is_current(&self, this: Time, next: Option<Time>) -> bool {
        self.validator.time.is_none_or(|time| this <= time && next.is_none_or(|next| time <= next))
    }
}
