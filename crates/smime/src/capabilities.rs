//! S/MIME capabilities (RFC 8551 2.5.2): what someone can read, as he says in his signed attributes.

use der::Tag;

use crate::algorithm::Cipher;
use crate::ber::write;
use crate::error::Error;
use crate::limits::MAX_CAPABILITIES;
use crate::oid::{Oid, OidBuf};
use crate::tlv::Element;

/// What someone can read: algorithms of any kind, of each kind the one he likes best first.
///
/// ```
/// use mailwright_smime::{Capabilities, Cipher};
///
/// let own = Capabilities::of_ciphers([Cipher::Aes256Gcm, Cipher::Aes128Cbc]);
/// let read = Capabilities::from_der(&own.to_der())?;
/// assert_eq!(read.ciphers().collect::<Vec<_>>(), [Cipher::Aes256Gcm, Cipher::Aes128Cbc]);
/// # Ok::<(), mailwright_smime::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    list: Vec<Capability>,
}

/// One algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Capability {
    oid: OidBuf,
    /// DER of the parameters.
    parameters: Option<Vec<u8>>,
}

const WHAT: &str = "S/MIME capabilities";

impl Capabilities {
    /// Reads the DER of `SMIMECapabilities`.
    ///
    /// # Errors
    ///
    /// Another form; more than [`MAX_CAPABILITIES`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::read(Element::only(der, 0, WHAT)?)
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, Error> {
        let mut elements = element.sequence(WHAT)?;
        let mut list = Vec::new();
        while !elements.is_empty() {
            if list.len() >= MAX_CAPABILITIES {
                return Err(Error::limit("MAX_CAPABILITIES", MAX_CAPABILITIES as u64));
            }
            let mut fields = elements.sequence()?;
            let oid = fields.oid()?.into();
            let parameters = if fields.is_empty() { None } else { Some(fields.any()?.raw.to_vec()) };
            fields.finish()?;
            list.push(Capability { oid, parameters });
        }
        Ok(Self { list })
    }

    /// Those of one who reads these ciphers, the one he likes best first. RC2 is not for anyone to ask for any more, and
    /// left out.
    #[must_use]
    pub fn of_ciphers(ciphers: impl IntoIterator<Item = Cipher>) -> Self {
        let ciphers = ciphers.into_iter().filter(|cipher| !matches!(cipher, Cipher::Rc2Cbc(_)));
        let list = ciphers.map(|cipher| Capability { oid: cipher.oid().into(), parameters: None });
        Self { list: list.take(MAX_CAPABILITIES).collect() }
    }

    /// The DER of `SMIMECapabilities`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let each = |capability: &Capability| {
            let parameters = capability.parameters.as_deref().unwrap_or_default();
            write::sequence(&[&write::oid(capability.oid.as_oid()), parameters])
        };
        let list: Vec<Vec<u8>> = self.list.iter().map(each).collect();
        write::sequence(&list.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// All algorithms by their identifiers, in their order.
    pub fn oids(&self) -> impl Iterator<Item = Oid<'_>> {
        self.list.iter().map(|capability| capability.oid.as_oid())
    }

    /// The ciphers for content, the one he likes best first. Which kind an algorithm is of shows in its identifier.
    pub fn ciphers(&self) -> impl Iterator<Item = Cipher> {
        self.list.iter().filter_map(Capability::cipher)
    }

    /// Whether nothing is named.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl Capability {
    fn cipher(&self) -> Option<Cipher> {
        let known = [
            Cipher::Aes128Cbc,
            Cipher::Aes192Cbc,
            Cipher::Aes256Cbc,
            Cipher::Aes128Gcm,
            Cipher::Aes192Gcm,
            Cipher::Aes256Gcm,
            Cipher::TripleDesCbc,
        ];
        let simple = known.into_iter().find(|cipher| cipher.oid() == self.oid.as_oid());
        simple.or_else(|| {
            // RFC 8551 2.5.2 and RFC 2633 2.5.2: of RC2 the parameter is the number of effective bits.
            let parameters =
                self.parameters.as_deref().filter(|_| self.oid.as_oid() == Cipher::Rc2Cbc(0).oid())?;
            let bits = Element::only(parameters, 0, WHAT).ok().filter(|bits| bits.tag == Tag::Integer)?;
            Some(Cipher::Rc2Cbc(u16::try_from(bits.small().ok()?).ok()?))
        })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Capabilities {
    /// The identifiers in their order.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list.iter().map(|capability| &capability.oid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capabilities_of_rfc_8551() {
        // 2.5.2: "rsaEncryption"-like parameters, and RC2 of 40 bits as RFC 2633 2.5.2 has it: 30 0d 06 08 .. 02 01 28
        let rc2 = [0x30, 0x0d, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x02, 0x02, 0x01, 0x28];
        let triple = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07];
        let der = write::sequence(&[&triple, &rc2]);
        let read = Capabilities::from_der(&der).unwrap();
        assert_eq!(read.ciphers().collect::<Vec<_>>(), [Cipher::TripleDesCbc, Cipher::Rc2Cbc(40)]);
        assert_eq!(read.to_der(), der);
    }

    #[test]
    fn what_is_none_is_refused_and_what_is_too_much_named() {
        assert!(Capabilities::from_der(&[0x31, 0]).is_err());
        assert!(Capabilities::from_der(&[0x30, 2, 0x30, 0]).is_err());
        let many = [0x30, 0x03, 0x06, 0x01, 0x2a].repeat(MAX_CAPABILITIES + 1);
        let many = write::element(crate::ber::Identifier::SEQUENCE, &many);
        assert!(matches!(
            Capabilities::from_der(&many).unwrap_err().kind(),
            crate::ErrorKind::Limit { which: "MAX_CAPABILITIES", .. }
        ));
    }
}
