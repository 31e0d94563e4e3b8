//! Where revocation lists of a certificate are, and what a list is about.

use crate::error::Error;
use crate::tlv::{Element, Elements, constructed, primitive};
use crate::x509::general_name::GeneralNames;

/// One place of revocation lists (RFC 5280 4.2.1.13).
#[derive(Clone, Copy, Debug)]
pub struct DistributionPoint<'a> {
    /// Its name.
    pub name: Option<PointName<'a>>,
    /// The reasons its lists are about; absent: all.
    pub reasons: Option<Reasons>,
    /// Who signs its lists, where that is not the certificate's issuer.
    pub crl_issuer: Option<GeneralNames<'a>>,
}

/// The name of a distribution point.
#[derive(Clone, Copy, Debug)]
pub struct PointName<'a>(pub(crate) PointNameForm<'a>);

#[derive(Clone, Copy, Debug)]
pub(crate) enum PointNameForm<'a> {
    Full(GeneralNames<'a>),
    /// A relative distinguished name below the name of the CRL's issuer.
    Relative(Element<'a>),
}

/// A set of reasons for a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reasons(u16);

impl Reasons {
    /// All reasons that a list can be about (RFC 5280 6.3.3: the nine of ReasonFlags but `unused`).
    pub const ALL: Self = Self(0b0111_1111_1000_0000);
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `self` has a reason that `other` has not.
    pub(crate) const fn adds_to(self, other: Self) -> bool {
        self.0 & !other.0 != 0
    }

    pub(crate) const fn is_all(self) -> bool {
        self.0 & Self::ALL.0 == Self::ALL.0
    }

    fn read(element: Element<'_>) -> Result<Self, Error> {
        let bits = element.first_bits().ok_or_else(|| element.error(WHAT))?;
        Ok(Self(bits & Self::ALL.0))
    }
}

/// What a revocation list is about (RFC 5280 5.2.5).
#[derive(Clone, Copy, Debug)]
pub struct IssuingDistributionPoint<'a> {
    /// The name of its place.
    pub name: Option<PointName<'a>>,
    /// Only certificates that are not of a CA.
    pub only_user: bool,
    /// Only certificates of CAs.
    pub only_ca: bool,
    /// Only these reasons; absent: all.
    pub reasons: Option<Reasons>,
    /// Also certificates of other issuers.
    pub indirect: bool,
    /// Only attribute certificates.
    pub only_attribute: bool,
}

const WHAT: &str = "distribution point";

pub(crate) fn distribution_points(element: Element<'_>) -> Result<Vec<DistributionPoint<'_>>, Error> {
    let mut list = element.sequence(WHAT)?;
    let mut points = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let name = point_name(&mut fields)?;
        let reasons = fields.optional(primitive(1))?.map(Reasons::read).transpose()?;
        let crl_issuer = fields.optional(constructed(2))?.map(|names| GeneralNames::new(&names));
        fields.finish()?;
        points.push(DistributionPoint { name, reasons, crl_issuer });
    }
    Ok(points)
}

pub(crate) fn issuing_distribution_point(
    element: Element<'_>,
) -> Result<IssuingDistributionPoint<'_>, Error> {
    let mut fields = element.sequence(WHAT)?;
    let name = point_name(&mut fields)?;
    let only_user = flag(&mut fields, 1)?;
    let only_ca = flag(&mut fields, 2)?;
    let reasons = fields.optional(primitive(3))?.map(Reasons::read).transpose()?;
    let indirect = flag(&mut fields, 4)?;
    let only_attribute = flag(&mut fields, 5)?;
    fields.finish()?;
    Ok(IssuingDistributionPoint { name, only_user, only_ca, reasons, indirect, only_attribute })
}

fn flag(fields: &mut Elements<'_>, number: u32) -> Result<bool, Error> {
    match fields.optional(primitive(number))? {
        None => Ok(false),
        Some(Element { value: [octet], .. }) => Ok(*octet != 0),
        Some(element) => Err(element.error(WHAT)),
    }
}

fn point_name<'a>(fields: &mut Elements<'a>) -> Result<Option<PointName<'a>>, Error> {
    let Some(tagged) = fields.optional(constructed(0))? else { return Ok(None) };
    let inner = Element::only(tagged.value, tagged.at, WHAT)?;
    let form = match inner.tag {
        tag if tag == constructed(0) => PointNameForm::Full(GeneralNames::new(&inner)),
        tag if tag == constructed(1) => PointNameForm::Relative(inner),
        _ => return Err(inner.error(WHAT)),
    };
    Ok(Some(PointName(form)))
}
