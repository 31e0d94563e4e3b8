//! Authorized third-party signatures (RFC 6541): a domain says in DNS that another one may sign its mail.

use core::fmt;

use mailwright_dns::{Dns, Missing, Name, Temporary, Txt};
use mailwright_message_model::authres::{AuthResult, Method, MethodResult, PropertyType};
use mailwright_message_model::domain::Domain;

use crate::algorithm::HashAlgorithm;
use crate::crypto::{Backend, Crypto};
use crate::signature::AtpsHash;
use crate::tags::TagList;
use crate::verify::SignatureResult;

/// Whether the author's domain authorizes the signer of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Atps {
    /// The signature makes no such claim, or does not hold, or claims another domain than the author's.
    None,
    /// It is authorized.
    Pass,
    /// It is not.
    Fail,
    /// The claim cannot be checked: no hash is named, or the name is too long for DNS.
    PermError,
    /// It could not be found out.
    TempError(Temporary),
    /// Not asked yet.
    Pending,
}

/// Asks whether `author`, the domain of From, authorizes the signer of `result` (RFC 6541 4.4).
///
/// ```
/// use mailwright_dkim::atps::{Atps, query_name};
/// use mailwright_dkim::signature::AtpsHash;
/// let name = query_name(&"one.example".parse()?, &"two.example".parse()?, AtpsHash::None)?;
/// assert_eq!(name.to_string(), "one.example._atps.two.example");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(result: &SignatureResult, author: &Domain, dns: &(impl Dns + ?Sized)) -> Atps {
    let Some(signature) = result.signature.as_ref().filter(|_| result.is_pass()) else { return Atps::None };
    // RFC 6541 4.4: the claim is about the domain of From, and needs none where that signed itself.
    if signature.atps.as_ref() != Some(author) || signature.domain == *author {
        return Atps::None;
    }
    let Some(hash) = signature.atps_hash else { return Atps::PermError };
    let Ok(name) = query_name(&signature.domain, author, hash) else { return Atps::PermError };
    match dns.txt(&name) {
        Ok(records)
            if records.iter().map(Txt::as_bytes).any(|record| authorizes(record, &signature.domain)) =>
        {
            Atps::Pass
        }
        Ok(_) => Atps::Fail,
        Err(Missing::Pending) => Atps::Pending,
        Err(Missing::Temporary(why)) => Atps::TempError(why),
        Err(_) => Atps::Fail,
    }
}

/// The name that holds the authorization of `signer` by `author` (RFC 6541 4.1, 4.2).
///
/// # Errors
/// It is too long for DNS.
pub fn query_name(signer: &Domain, author: &Domain, hash: AtpsHash) -> Result<Name, mailwright_dns::Error> {
    let label = match hash {
        AtpsHash::None => signer.to_string(),
        AtpsHash::Sha1 => base32(signer, HashAlgorithm::Sha1),
        AtpsHash::Sha256 => base32(signer, HashAlgorithm::Sha256),
    };
    Name::new(format!("{label}._atps.{author}"))
}

impl Atps {
    /// The entry for Authentication-Results, `dkim-atps` (RFC 6541 8.3); `None` while it is pending.
    #[must_use]
    pub fn method_result(&self, author: &Domain) -> Option<MethodResult> {
        let result = match self {
            Self::None => AuthResult::None,
            Self::Pass => AuthResult::Pass,
            Self::Fail => AuthResult::Fail,
            Self::PermError => AuthResult::PermError,
            Self::TempError(_) => AuthResult::TempError,
            Self::Pending => return None,
        };
        Some(MethodResult::new(Method::DkimAtps, result).with_prop(PropertyType::Header, "from", author))
    }
}

impl fmt::Display for Atps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no authorization is claimed"),
            Self::Pass => f.write_str("the author's domain authorizes the signer (RFC 6541 4.4)"),
            Self::Fail => f.write_str("the author's domain does not authorize the signer (RFC 6541 4.4)"),
            Self::PermError => f.write_str("the claim of authorization cannot be checked (RFC 6541 4.3)"),
            Self::TempError(why) => write!(f, "the authorization could not be looked up: {why}"),
            Self::Pending => f.write_str("the authorization has not been looked up yet"),
        }
    }
}

/// RFC 6541 4.4: `v=ATPS1`, and `d=`, where there is one, is the signer.
fn authorizes(record: &[u8], signer: &Domain) -> bool {
    let Ok(tags) = TagList::parse(record) else { return false };
    let names_signer = |d: &[u8]| Domain::parse(d).is_ok_and(|d| d == *signer);
    tags.value("v") == Some(b"ATPS1") && tags.value("d").is_none_or(names_signer)
}

/// RFC 6541 4.1: base32 (RFC 4648 6) of the hash of the name in lower case, without padding.
fn base32(domain: &Domain, algorithm: HashAlgorithm) -> String {
    let mut hash = Crypto::hash(algorithm);
    Crypto::update(&mut hash, domain.as_str().as_bytes());
    let digest = Crypto::finish(hash);
    let mut out = String::new();
    let (mut bits, mut count) = (0u32, 0u32);
    for &octet in digest.as_bytes() {
        bits = bits << 8 | u32::from(octet);
        count += 8;
        while count >= 5 {
            count -= 5;
            out.push(digit(bits >> count));
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        out.push(digit(bits << (5 - count)));
    }
    out
}

fn digit(value: u32) -> char {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let at = usize::try_from(value & 31).unwrap_or(0);
    ALPHABET.get(at).copied().map_or('A', char::from)
}

#[cfg(test)]
mod tests {
    use mailwright_dns::Zone;

    use super::*;
    use crate::key::{DnsRecord, PrivateKey};
    use crate::{Policy, Signer, verify};

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 6541 A.2: one.example.net hashed with SHA-1.
        let name =
            query_name(&"one.example.net".parse().unwrap(), &"example.com".parse().unwrap(), AtpsHash::Sha1);
        assert_eq!(name.unwrap().to_string(), "QSP4I4D24CRHOPDZ3O3ZIU2KSGS3X6Z6._atps.example.com");
    }

    #[test]
    fn a_third_party() {
        let author: Domain = "author.example".parse().unwrap();
        let key = PrivateKey::ed25519(&[1; 32]).unwrap();
        let record =
            DnsRecord::new(&"s".parse().unwrap(), &"list.example".parse().unwrap(), key.public_key().clone())
                .unwrap();
        let mut zone = Zone::new();
        zone.add_txt(record.name().to_string(), record.text()).unwrap();
        let signer =
            Signer::new("list.example", "s", key).unwrap().atps("author.example", AtpsHash::Sha256).unwrap();
        let message = b"From: a@author.example\r\n\r\nhi\r\n";
        let signed = signer.sign(message, 5).unwrap().prepended_to(message);
        let check =
            |zone: &Zone| check(&verify(&signed, zone, &Policy::default(), 5).signatures[0], &author, zone);
        assert_eq!(check(&zone), Atps::Fail);
        let name =
            query_name(&"list.example".parse().unwrap(), &author, AtpsHash::Sha256).unwrap().to_string();
        zone.add_txt(&name, "v=ATPS1; d=other.example").unwrap();
        assert_eq!(check(&zone), Atps::Fail);
        zone.add_txt(&name, "v=ATPS1; d=List.example").unwrap();
        assert_eq!(check(&zone), Atps::Pass);
        let entry = check(&zone).method_result(&author).unwrap();
        assert_eq!(entry.to_string(), "dkim-atps=pass header.from=author.example");
    }
}
