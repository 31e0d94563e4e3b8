//! What a CA may issue: basic constraints and name constraints.

use der::Tag;

use crate::error::Error;
use crate::tlv::{Element, constructed, primitive};
use crate::x509::general_name::GeneralName;

/// Whether the subject is a CA, and how many intermediates may follow (RFC 5280 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The subject is a CA.
    pub ca: bool,
    /// The most certificates that are not self-issued between this one and the last.
    pub path_length: Option<u64>,
}

pub(crate) fn basic_constraints(element: Element<'_>) -> Result<BasicConstraints, Error> {
    let mut fields = element.sequence("basic constraints")?;
    let ca = fields.optional(Tag::Boolean)?.map_or(Ok(false), |ca| ca.boolean())?;
    let path_length = fields.optional(Tag::Integer)?.map(|length| length.small()).transpose()?;
    fields.finish()?;
    Ok(BasicConstraints { ca, path_length })
}

/// The names below a CA that are allowed and forbidden (RFC 5280 4.2.1.10).
#[derive(Clone, Debug, Default)]
pub struct NameConstraints<'a> {
    /// Names of a form that occurs here must be within one of its subtrees.
    pub permitted: Vec<Subtree<'a>>,
    /// No name may be within one of these.
    pub excluded: Vec<Subtree<'a>>,
}

/// Names at and below a base.
#[derive(Clone, Copy, Debug)]
pub struct Subtree<'a> {
    /// The base.
    pub base: GeneralName<'a>,
    /// Whether `minimum` is 0 and `maximum` absent, as RFC 5280 asks; nothing else has a meaning.
    pub whole: bool,
}

pub(crate) fn name_constraints(element: Element<'_>) -> Result<NameConstraints<'_>, Error> {
    const WHAT: &str = "name constraints";
    let mut fields = element.sequence(WHAT)?;
    let permitted = subtrees(fields.optional(constructed(0))?)?;
    let excluded = subtrees(fields.optional(constructed(1))?)?;
    fields.finish()?;
    Ok(NameConstraints { permitted, excluded })
}

fn subtrees(tagged: Option<Element<'_>>) -> Result<Vec<Subtree<'_>>, Error> {
    const WHAT: &str = "name constraints";
    let mut subtrees = Vec::new();
    let Some(tagged) = tagged else { return Ok(subtrees) };
    let mut elements = tagged.children(WHAT);
    while !elements.is_empty() {
        let mut fields = elements.sequence()?;
        let base = GeneralName::read(fields.any()?)?;
        let minimum = fields.optional(primitive(0))?;
        let maximum = fields.optional(primitive(1))?;
        fields.finish()?;
        let whole = maximum.is_none() && minimum.is_none_or(|minimum| minimum.value == [0]);
        subtrees.push(Subtree { base, whole });
    }
    Ok(subtrees)
}
