//! General names (RFC 5280 4.2.1.6).

use super::name::Name;
use crate::error::Error;
use crate::oid::Oid;
use crate::tlv::{Element, Elements, constructed, primitive};

/// A name of one of the forms of RFC 5280. Octets are those of the input: whether they are a good address or host name
/// is for the user of the form to say.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum GeneralName<'a> {
    /// A form with an identifier of its own; the DER of its value.
    Other {
        /// The form.
        form: Oid<'a>,
        /// The DER of its value.
        value: &'a [u8],
    },
    /// An address of mail, ASCII.
    Rfc822(&'a [u8]),
    /// A host name.
    Dns(&'a [u8]),
    /// An X.400 address, not read further.
    X400(&'a [u8]),
    /// A distinguished name.
    Directory(Name<'a>),
    /// An EDI party, not read further.
    EdiParty(&'a [u8]),
    /// A URI.
    Uri(&'a [u8]),
    /// An IP address: 4 or 16 octets; in a name constraint, as many more for the mask.
    Ip(&'a [u8]),
    /// A registered object identifier.
    Registered(Oid<'a>),
}

/// Names one after the other.
#[derive(Clone, Copy, Debug)]
pub struct GeneralNames<'a> {
    names: Elements<'a>,
}

const WHAT: &str = "general name";

impl<'a> GeneralName<'a> {
    pub(crate) fn read(element: Element<'a>) -> Result<Self, Error> {
        Ok(match element.tag {
            tag if tag == constructed(0) => {
                let mut fields = element.children(WHAT);
                let form = fields.oid()?;
                let value = fields.tagged(constructed(0))?.value;
                fields.finish()?;
                Self::Other { form, value }
            }
            tag if tag == primitive(1) => Self::Rfc822(element.value),
            tag if tag == primitive(2) => Self::Dns(element.value),
            tag if tag == constructed(3) => Self::X400(element.value),
            // Name is a CHOICE, so its tag is explicit (X.680 31.2.7).
            tag if tag == constructed(4) => {
                Self::Directory(Name::read(Element::only(element.value, element.at, WHAT)?)?)
            }
            tag if tag == constructed(5) => Self::EdiParty(element.value),
            tag if tag == primitive(6) => Self::Uri(element.value),
            tag if tag == primitive(7) => Self::Ip(element.value),
            tag if tag == primitive(8) => Self::Registered(element.oid()?),
            _ => return Err(element.error(WHAT)),
        })
    }
}

impl<'a> GeneralNames<'a> {
    /// The names of the content of a `GeneralNames`.
    pub(crate) const fn new(element: &Element<'a>) -> Self {
        Self { names: element.children(WHAT) }
    }
}

impl<'a> Iterator for GeneralNames<'a> {
    type Item = Result<GeneralName<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.names.is_empty() {
            return None;
        }
        let read = self.names.any().inspect_err(|_| self.names = Elements::new(&[], 0, WHAT));
        Some(read.and_then(GeneralName::read))
    }
}
