//! What a message is opened and checked with.

use crate::cms::Keys;
use crate::path::{PolicyInput, Revocation, Validator};
use crate::policy::Policy;
use crate::x509::{Certificate, Crl, OcspResponse, Time};

/// What a message is opened and checked with. All of it is the caller's: nothing is fetched, and no clock is read.
///
/// Without trust anchors nothing is trusted; without a time validity is not judged.
#[derive(Clone, Debug)]
pub struct Context<'k> {
    /// Against which the paths of signers are validated.
    paths: Validator<'k>,
    pub(crate) keys: Option<&'k Keys>,
    pub(super) time: TimeOfCheck,
    pub(super) judges_chain: bool,
    pub(super) from: Option<Option<String>>,
    pub(crate) max_decompressed: Option<u64>,
}

/// The time for which certificates are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeOfCheck {
    /// Validity periods are not judged.
    #[default]
    NotJudged,
    /// This one. A signing time after it is a fault.
    At(Time),
    /// The time that each signer says he signed at: his word for it.
    SigningTime,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'k> Context<'k> {
    /// Nothing to trust and nothing to open with; [`Policy::strict`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            keys: None,
            time: TimeOfCheck::NotJudged,
            paths: Validator::default(),
            judges_chain: true,
            from: None,
            max_decompressed: None,
        }
    }

    /// Adds certificates that are trusted.
    #[must_use]
    pub fn trust(mut self, anchors: impl IntoIterator<Item = Certificate<'k>>) -> Self {
        self.paths = self.paths.trust(anchors);
        self
    }

    /// Adds certificates that are known, but not trusted.
    #[must_use]
    pub fn certificates(mut self, certificates: impl IntoIterator<Item = Certificate<'k>>) -> Self {
        self.paths = self.paths.certificates(certificates);
        self
    }

    /// Adds revocation lists.
    #[must_use]
    pub fn crls(mut self, crls: impl IntoIterator<Item = Crl<'k>>) -> Self {
        self.paths = self.paths.crls(crls);
        self
    }

    /// Adds OCSP responses.
    #[must_use]
    pub fn responses(mut self, responses: impl IntoIterator<Item = OcspResponse<'k>>) -> Self {
        self.paths = self.paths.responses(responses);
        self
    }

    /// What to open encrypted layers with.
    #[must_use]
    pub const fn keys(mut self, keys: &'k Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// The time of the check.
    #[must_use]
    pub const fn at(mut self, time: Time) -> Self {
        self.time = TimeOfCheck::At(time);
        self
    }

    /// The time for which certificates are judged.
    #[must_use]
    pub const fn time(mut self, time: TimeOfCheck) -> Self {
        self.time = time;
        self
    }

    /// Which algorithms are good enough.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.paths = self.paths.policy(policy);
        self
    }

    /// The certificate policies that are asked for (RFC 5280 6.1.1).
    #[must_use]
    pub fn policies(mut self, policies: PolicyInput) -> Self {
        self.paths = self.paths.policies(policies);
        self
    }

    /// How revocation counts.
    #[must_use]
    pub fn revocation(mut self, revocation: Revocation) -> Self {
        self.paths = self.paths.revocation(revocation);
        self
    }

    /// Judges signatures alone: who signed, and whether to trust him, is left open.
    #[must_use]
    pub const fn signatures_only(mut self) -> Self {
        self.judges_chain = false;
        self
    }

    /// The address that the signer must have, instead of those in the From field of the message; `None` leaves it open.
    #[must_use]
    pub fn from(mut self, address: Option<&str>) -> Self {
        self.from = Some(address.map(str::to_owned));
        self
    }

    /// Octets that compressed layers may open to, instead of
    /// [`MAX_DECOMPRESSED`](crate::limits::MAX_DECOMPRESSED).
    #[must_use]
    pub const fn max_decompressed(mut self, octets: u64) -> Self {
        self.max_decompressed = Some(octets);
        self
    }

    /// The validator that signers' paths are judged by; its time and purpose are set for each.
    #[must_use]
    pub fn path(&self) -> Validator<'k> {
        self.paths.clone()
    }

    /// The certificates that are known, those that are trusted last.
    pub(super) fn known(&self) -> impl Iterator<Item = &Certificate<'k>> {
        self.paths.known()
    }

    pub(super) const fn algorithms(&self) -> Policy {
        self.paths.algorithms()
    }
}
