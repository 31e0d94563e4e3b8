//! Security labels (RFC 2634 3).

use std::fmt;

use der::Tag;

use crate::error::Error;
use crate::oid::OidBuf;
use crate::tlv::Element;

/// How sensitive the content is, by a policy of the sender's. Whether the reader may see it is for the caller to say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SecurityLabel {
    /// The policy that says what the rest means.
    pub policy: OidBuf,
    /// The classification.
    pub classification: Option<Classification>,
    /// A text to be shown.
    pub privacy_mark: Option<String>,
    /// Whether there are security categories, whose meaning is the policy's.
    pub has_categories: bool,
}

/// A classification by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Classification(pub u64);

const WHAT: &str = "security label";

impl SecurityLabel {
    /// Reads `ESSSecurityLabel`, a SET: what is not there is told from the tags.
    pub(crate) fn read(element: Element<'_>) -> Result<Self, Error> {
        if element.tag != Tag::Set {
            return Err(element.error(WHAT));
        }
        let mut fields = element.children(WHAT);
        let mut policy = None;
        let mut label = (None, None, false);
        while !fields.is_empty() {
            let field = fields.any()?;
            match field.tag {
                Tag::ObjectIdentifier if policy.is_none() => policy = Some(field.oid()?.into()),
                Tag::Integer if label.0.is_none() => label.0 = Some(Classification(field.small()?)),
                Tag::PrintableString | Tag::Utf8String if label.1.is_none() => {
                    label.1 = Some(String::from_utf8_lossy(field.value).into_owned());
                }
                Tag::Set | Tag::ContextSpecific { .. } => label.2 = true,
                _ => return Err(field.error(WHAT)),
            }
        }
        let (classification, privacy_mark, has_categories) = label;
        let policy = policy.ok_or_else(|| element.error(WHAT))?;
        Ok(Self { policy, classification, privacy_mark, has_categories })
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            0 => "unmarked",
            1 => "unclassified",
            2 => "restricted",
            3 => "confidential",
            4 => "secret",
            5 => "top secret",
            number => return write!(f, "classification {number}"),
        };
        f.write_str(name)
    }
}

impl fmt::Display for SecurityLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.classification {
            Some(classification) => classification.fmt(f)?,
            None => f.write_str("no classification")?,
        }
        if let Some(mark) = &self.privacy_mark {
            write!(f, ", \"{}\"", mark.escape_debug())?;
        }
        write!(f, " by the policy {}", self.policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(der: &[u8]) -> Result<SecurityLabel, Error> {
        SecurityLabel::read(Element::only(der, 0, "test")?)
    }

    #[test]
    fn fields_of_a_label_come_in_any_order() {
        // SET { INTEGER 3, OBJECT IDENTIFIER 2.999, UTF8String "x" }
        let label = read(&[0x31, 0x0a, 0x02, 0x01, 0x03, 0x06, 0x02, 0x88, 0x37, 0x0c, 0x01, b'x']).unwrap();
        assert_eq!(label.to_string(), "confidential, \"x\" by the policy 2.999");
        let label = read(&[0x31, 0x06, 0x06, 0x02, 0x88, 0x37, 0x31, 0x00]).unwrap();
        assert_eq!((label.classification, label.has_categories), (None, true));
    }

    #[test]
    fn a_label_without_a_policy_or_with_two_is_none() {
        assert!(read(&[0x31, 0x03, 0x02, 0x01, 0x03]).is_err());
        assert!(read(&[0x31, 0x06, 0x06, 0x01, 0x2a, 0x06, 0x01, 0x2a]).is_err());
        assert!(read(&[0x30, 0x03, 0x06, 0x01, 0x2a]).is_err());
    }
}
