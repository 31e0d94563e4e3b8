//! Extensions (RFC 5280 4.2, 5.2), each read when it is asked for.

mod constraints;
mod identifiers;
mod points;
mod policies;
mod usage;

use der::Tag;

pub use constraints::{BasicConstraints, NameConstraints, Subtree};
pub use identifiers::AuthorityKeyId;
pub use points::{DistributionPoint, IssuingDistributionPoint, PointName, Reasons};
pub use policies::{PolicyConstraints, PolicyMapping};
pub use usage::{ExtendedKeyUsage, KeyUsage};

pub(crate) use constraints::{basic_constraints, name_constraints};
pub(crate) use identifiers::{authority_key_id, subject_key_id};
pub(crate) use points::{PointNameForm, distribution_points, issuing_distribution_point};
pub(crate) use policies::{certificate_policies, inhibit_any_policy, policy_constraints, policy_mappings};
pub(crate) use usage::{extended_key_usage, key_usage};

use crate::error::Error;
use crate::oid::{Oid, oids};
use crate::tlv::{Element, Elements};

oids! {
    SUBJECT_KEY_ID = "2.5.29.14";
    KEY_USAGE = "2.5.29.15";
    SUBJECT_ALT_NAME = "2.5.29.17";
    ISSUER_ALT_NAME = "2.5.29.18";
    BASIC_CONSTRAINTS = "2.5.29.19";
    CRL_NUMBER = "2.5.29.20";
    REASON_CODE = "2.5.29.21";
    INVALIDITY_DATE = "2.5.29.24";
    DELTA_CRL_INDICATOR = "2.5.29.27";
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    CERTIFICATE_ISSUER = "2.5.29.29";
    NAME_CONSTRAINTS = "2.5.29.30";
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    CERTIFICATE_POLICIES = "2.5.29.32";
    POLICY_MAPPINGS = "2.5.29.33";
    AUTHORITY_KEY_ID = "2.5.29.35";
    POLICY_CONSTRAINTS = "2.5.29.36";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    FRESHEST_CRL = "2.5.29.46";
    INHIBIT_ANY_POLICY = "2.5.29.54";
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
}

/// One extension, its value unread.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    oid: Oid<'a>,
    critical: bool,
    value: &'a [u8],
    at: usize,
}

const WHAT: &str = "extension";

impl<'a> Extension<'a> {
    /// What the extension is.
    #[must_use]
    pub const fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// Whether one who does not know it must refuse (RFC 5280 4.2).
    #[must_use]
    pub const fn critical(&self) -> bool {
        self.critical
    }

    /// The DER inside.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// The one element inside.
    pub(crate) fn inner(&self, what: &'static str) -> Result<Element<'a>, Error> {
        Element::only(self.value, self.at, what)
    }

    fn read(list: &mut Elements<'a>) -> Result<Self, Error> {
        let mut fields = list.sequence()?;
        let oid = fields.oid()?;
        let critical = fields.optional(Tag::Boolean)?.map_or(Ok(false), |critical| critical.boolean())?;
        let value = fields.tagged(Tag::OctetString)?;
        fields.finish()?;
        Ok(Self { oid, critical, value: value.value, at: value.at })
    }
}

/// The extensions of a certificate, a CRL, an entry or a response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions<'a> {
    list: Vec<Extension<'a>>,
    /// One that occurs twice (RFC 5280 4.2 forbids it).
    duplicate: bool,
}

impl<'a> Extensions<'a> {
    /// Reads a `SEQUENCE OF Extension`.
    pub(crate) fn read(sequence: &Element<'a>) -> Result<Self, Error> {
        if sequence.tag != Tag::Sequence {
            return Err(sequence.error(WHAT));
        }
        let mut elements = sequence.children(WHAT);
        let mut list = Vec::new();
        while !elements.is_empty() {
            list.push(Extension::read(&mut elements)?);
        }
        let mut oids: Vec<_> = list.iter().map(|extension| extension.oid).collect();
        oids.sort_unstable();
        let duplicate = oids.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
        Ok(Self { list, duplicate })
    }

    /// Reads the content of an explicit tag around them.
    pub(crate) fn tagged(tagged: Option<Element<'a>>) -> Result<Self, Error> {
        tagged.map_or_else(
            || Ok(Self::default()),
            |tagged| Self::read(&Element::only(tagged.value, tagged.at, WHAT)?),
        )
    }

    pub(crate) fn as_slice(&self) -> &[Extension<'a>] {
        &self.list
    }

    pub(crate) const fn has_duplicate(&self) -> bool {
        self.duplicate
    }

    pub(crate) fn find(&self, oid: Oid<'_>) -> Option<Extension<'a>> {
        self.list.iter().find(|extension| extension.oid == oid).copied()
    }

    /// The first critical extension that is not in `known`.
    pub(crate) fn unknown_critical(&self, known: &[Oid<'_>]) -> Option<Oid<'a>> {
        self.list
            .iter()
            .find(|extension| extension.critical && !known.contains(&extension.oid))
            .map(|extension| extension.oid)
    }

    /// The extension of this identifier, read.
    pub(crate) fn typed<T>(
        &self,
        oid: Oid<'_>,
        what: &'static str,
        read: impl FnOnce(Element<'a>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.find(oid).map(|extension| extension.inner(what).and_then(read)).transpose()
    }
}
