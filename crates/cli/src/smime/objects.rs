//! What a file holds: certificates, revocation lists, OCSP responses and private keys, as PEM, DER or PKCS #12.
//!
//! What it is is told by its octets, not by its name.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use mailwright_smime::pkcs12::Pkcs12;
use mailwright_smime::x509::{Certificate, Crl, OcspResponse, pem_blocks};
use mailwright_smime::{Context, Error, ErrorKind, LayerKind, PrivateKey, open_cms};

use super::password::PasswordFrom;
use crate::exit::{Failure, reason};

/// Octets of a file of this kind: the largest revocation lists in use have some ten million.
const MOST: u64 = 64 << 20;

/// All that was found in a file, as DER.
#[derive(Default)]
pub(crate) struct Objects {
    pub certificates: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub responses: Vec<Vec<u8>>,
    pub keys: Vec<PrivateKey>,
}

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Private keys too: encrypted ones are opened.
    Keys,
    /// All else: keys are passed over, and no password is asked for but that of a PKCS #12 file.
    Public,
}

/// What ends in no object.
enum Fault {
    Error(Error),
    Failure(Failure),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Objects {
    /// Reads a file. What it is empty of is for the caller to say.
    pub(crate) fn read(path: &Path, wanted: Wanted, password: &PasswordFrom) -> Result<Self, Failure> {
        Self::of(&read(path)?, path, wanted, password)
    }

    /// The same with the octets of the file at hand.
    pub(crate) fn of(
        octets: &[u8],
        path: &Path,
        wanted: Wanted,
        password: &PasswordFrom,
    ) -> Result<Self, Failure> {
        let mut objects = Self::default();
        let mut reading = Reading { path, wanted, password, objects: &mut objects };
        let found = match octets.windows(11).any(|window| window == b"-----BEGIN ") {
            true => reading.pem(octets),
            false => reading.der(octets),
        };
        match found {
            Ok(()) => Ok(objects),
            Err(Fault::Failure(failure)) => Err(failure),
            Err(Fault::Error(error)) if *error.kind() == ErrorKind::Decrypt => {
                Err(Failure::at(path, "the password is wrong, or the file was changed"))
            }
            Err(Fault::Error(error)) => Err(Failure::at(path, error)),
        }
    }
}

/// The certificates of all these files, of each at least one.
pub(crate) fn certificates(paths: &[PathBuf], password: &PasswordFrom) -> Result<Vec<Vec<u8>>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        let objects = Objects::read(path, Wanted::Public, password)?;
        if objects.certificates.is_empty() {
            return Err(Failure::at(path, "no certificate in it"));
        }
        all.extend(objects.certificates);
    }
    Ok(all)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |error: &std::io::Error| Failure::at(path, reason(error));
    let file = File::open(path).map_err(|error| fail(&error))?;
    let mut octets = Vec::new();
    file.take(MOST + 1).read_to_end(&mut octets).map_err(|error| fail(&error))?;
    if octets.len() as u64 > MOST {
        return Err(Failure::at(path, format!("more than {MOST} octets: neither keys nor certificates")));
    }
    Ok(octets)
}

/// A file being read.
struct Reading<'r> {
    path: &'r Path,
    wanted: Wanted,
    password: &'r PasswordFrom,
    objects: &'r mut Objects,
}

impl Reading<'_> {
    fn pem(&mut self, text: &[u8]) -> Result<(), Fault> {
        if self.wanted == Wanted::Keys && text.windows(9).any(|window| window == b"ENCRYPTED") {
            let old = text.windows(21).any(|window| window == b"Proc-Type: 4,ENCRYPTE");
            if old {
                let why =
                    "the key is encrypted in the old way of PEM; `openssl pkcs8 -topk8` makes PKCS #8 of it";
                return Err(Failure::at(self.path, why).into());
            }
        }
        for block in pem_blocks(text)? {
            match block.label {
                "CERTIFICATE" | "X509 CERTIFICATE" => self.certificate(&block.der)?,
                "X509 CRL" => self.crl(&block.der)?,
                "OCSP RESPONSE" => self.response(&block.der)?,
                "PKCS7" | "CMS" => self.cms(&block.der)?,
                "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" if self.wanted == Wanted::Keys => {
                    self.objects.keys.push(PrivateKey::from_der(&block.der)?);
                }
                "ENCRYPTED PRIVATE KEY" if self.wanted == Wanted::Keys => self.encrypted_key(&block.der)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Each form begins with another element inside of its SEQUENCE.
    fn der(&mut self, der: &[u8]) -> Result<(), Fault> {
        match inner(der) {
            Some([0x02, 0x01, 0x03, ..]) => self.pkcs12(der),
            Some([0x02, ..]) if self.wanted == Wanted::Keys => {
                self.objects.keys.push(PrivateKey::from_der(der)?);
                Ok(())
            }
            Some([0x02, ..]) => Ok(()),
            Some([0x06, ..]) => self.cms(der),
            Some([0x0a, ..]) => self.response(der),
            Some([0x30, ..]) => match Certificate::from_der(der) {
                Ok(_) => self.certificate(der),
                Err(_) if Crl::from_der(der).is_ok() => self.crl(der),
                // RFC 5958 3: an algorithm, then the octets.
                Err(_) if self.wanted == Wanted::Keys => self.encrypted_key(der),
                Err(error) => Err(error.into()),
            },
            _ => {
                let why =
                    "neither PEM nor DER of a certificate, a revocation list, an OCSP response or a key";
                Err(Failure::at(self.path, why).into())
            }
        }
    }

    fn certificate(&mut self, der: &[u8]) -> Result<(), Fault> {
        Certificate::from_der(der)?;
        self.objects.certificates.push(der.to_vec());
        Ok(())
    }

    fn crl(&mut self, der: &[u8]) -> Result<(), Fault> {
        Crl::from_der(der)?;
        self.objects.crls.push(der.to_vec());
        Ok(())
    }

    fn response(&mut self, der: &[u8]) -> Result<(), Fault> {
        OcspResponse::from_der(der)?;
        self.objects.responses.push(der.to_vec());
        Ok(())
    }

    fn encrypted_key(&mut self, der: &[u8]) -> Result<(), Fault> {
        let password = self.password.of(self.path)?;
        self.objects.keys.push(PrivateKey::from_encrypted_der(der, &password)?);
        Ok(())
    }

    /// Certificates alone (RFC 8551 3.8), or those of a signature.
    fn cms(&mut self, octets: &[u8]) -> Result<(), Fault> {
        let layer = open_cms(octets, &Context::new().signatures_only())?;
        let certificates = match layer.kind {
            LayerKind::Certificates(certificates) => certificates,
            LayerKind::Signed(signed) => signed.certificates,
            _ => Vec::new(),
        };
        certificates.iter().try_for_each(|der| self.certificate(der))
    }

    fn pkcs12(&mut self, file: &[u8]) -> Result<(), Fault> {
        let password = self.password.of(self.path)?;
        let opened = Pkcs12::open(file, &password)?;
        for bag in opened.certificates() {
            self.certificate(bag.as_der())?;
        }
        if self.wanted == Wanted::Keys {
            let mut keys = opened.keys().iter().map(|bag| bag.private_key());
            // One that cannot be used is not in the way of one that can.
            let (usable, faults): (Vec<_>, Vec<_>) = keys.by_ref().partition(Result::is_ok);
            self.objects.keys.extend(usable.into_iter().flatten());
            if let (true, Some(Err(error))) = (self.objects.keys.is_empty(), faults.into_iter().next()) {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

/// What stands in the outermost SEQUENCE.
fn inner(der: &[u8]) -> Option<&[u8]> {
    let rest = der.strip_prefix(&[0x30])?;
    let (length, rest) = rest.split_first()?;
    // X.690 8.1.3: 0x80 is a length that is not known, beyond it stand the octets of one.
    let more = length.checked_sub(0x80).map_or(0, usize::from);
    rest.get(more..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_looked_into() {
        assert_eq!(inner(&[0x30, 0x03, 2, 1, 3]), Some(&[2, 1, 3][..]));
        assert_eq!(inner(&[0x30, 0x82, 0, 3, 2, 1, 3]), Some(&[2, 1, 3][..]));
        assert_eq!(inner(&[0x30, 0x80, 2, 1, 3]), Some(&[2, 1, 3][..]));
        assert_eq!(inner(&[0x30, 0xff, 2]), None);
        assert_eq!(inner(b"From: x"), None);
    }
}
