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
    pub(super) anchors: Vec<Certificate<'k>>,
    pub(super) certificates: Vec<Certificate<'k>>,
    pub(super) crls: Vec<Crl<'k>>,
    pub(super) responses: Vec<OcspResponse<'k>>,
    pub(crate) keys: Option<&'k Keys>,
    pub(super) time: TimeOfCheck,
    pub(super) policy: Policy,
    pub(super) policies: PolicyInput,
    pub(super) revocation: Revocation,
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
            anchors: Vec::new(),
            certificates: Vec::new(),
            crls: Vec::new(),
            responses: Vec::new(),
            keys: None,
            time: TimeOfCheck::NotJudged,
            policy: Policy::strict(),
            policies: PolicyInput::default(),
            revocation: Revocation::default(),
            judges_chain: true,
            from: None,
            max_decompressed: None,
        }
    }

    /// Adds certificates that are trusted.
    #[must_use]
    pub fn trust(mut self, anchors: impl IntoIterator<Item = Certificate<'k>>) -> Self {
        self.anchors.extend(anchors);
        self
    }

    /// Adds certificates that are known, but not trusted.
    #[must_use]
    pub fn certificates(mut self, certificates: impl IntoIterator<Item = Certificate<'k>>) -> Self {
        self.certificates.extend(certificates);
        self
    }

    /// Adds revocation lists.
    #[must_use]
    pub fn crls(mut self, crls: impl IntoIterator<Item = Crl<'k>>) -> Self {
        self.crls.extend(crls);
        self
    }

    /// Adds OCSP responses.
    #[must_use]
    pub fn responses(mut self, responses: impl IntoIterator<Item = OcspResponse<'k>>) -> Self {
        self.responses.extend(responses);
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
    pub const fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The certificate policies that are asked for (RFC 5280 6.1.1).
    #[must_use]
    pub fn policies(mut self, policies: PolicyInput) -> Self {
        self.policies = policies;
        self
    }

    /// How revocation counts.
    #[must_use]
    pub const fn revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
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

    /// The validator of one signer's path.
    pub(super) fn validator<'v>(&'v self, time: Option<Time>) -> Validator<'v> {
        let validator = Validator::new(self.anchors.iter().cloned())
            .certificates(self.certificates.iter().cloned())
            .crls(self.crls.iter().cloned())
            .responses(self.responses.iter().cloned())
            .policy(self.policy)
            .policies(self.policies.clone())
            .revocation(self.revocation);
        match time {
            Some(time) => validator.at(time),
            None => validator,
        }
    }
}
