//! Encryption under a password: PBES2 (RFC 8018 6.2) and the schemes of PKCS #12 (RFC 7292 appendix C).

use der::Tag;

use super::derive::{MacDigest, Use, derive};
use crate::algorithm::{AlgorithmIdentifier, Cipher, CipherStart, Digest};
use crate::backend::{Secret, cbc::Cbc, kdf};
use crate::cms::recipient::Pbkdf2;
use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_ITERATIONS, MAX_SCRYPT_MEMORY};
use crate::oid::oids;

oids! {
    PBES2 = "1.2.840.113549.1.5.13";
    SCRYPT = "1.3.6.1.4.1.11591.4.11";
    SHA1_3DES3 = "1.2.840.113549.1.12.1.3";
    SHA1_3DES2 = "1.2.840.113549.1.12.1.4";
    #[cfg(feature = "legacy")]
    SHA1_RC2_128 = "1.2.840.113549.1.12.1.5";
    #[cfg(feature = "legacy")]
    SHA1_RC2_40 = "1.2.840.113549.1.12.1.6";
}

const WHAT: &str = "password-based encryption";

/// A password and what may still be spent on it.
pub(super) struct Password<'p> {
    pub(super) text: &'p str,
    /// As PKCS #12 takes it.
    pub(super) wide: Secret,
    /// Rounds that are left: a file may have many bags.
    rounds: u64,
}

impl<'p> Password<'p> {
    pub(super) fn new(text: &'p str, wide: Secret) -> Self {
        Self { text, wide, rounds: MAX_ITERATIONS }
    }

    pub(super) fn spend(&mut self, rounds: u64) -> Result<(), Error> {
        self.rounds =
            self.rounds.checked_sub(rounds).ok_or(Error::limit("MAX_ITERATIONS", MAX_ITERATIONS))?;
        Ok(())
    }

    /// Opens what an algorithm sealed under the password.
    pub(super) fn open(
        &mut self,
        algorithm: &AlgorithmIdentifier<'_>,
        sealed: &[u8],
    ) -> Result<Secret, Error> {
        match algorithm.oid() {
            PBES2 => self.open_pbes2(algorithm, sealed),
            SHA1_3DES3 => self.open_old(algorithm, Cipher::TripleDesCbc, 24, sealed),
            SHA1_3DES2 => self.open_old(algorithm, Cipher::TripleDesCbc, 16, sealed),
            #[cfg(feature = "legacy")]
            SHA1_RC2_128 => self.open_old(algorithm, Cipher::Rc2Cbc(128), 16, sealed),
            #[cfg(feature = "legacy")]
            SHA1_RC2_40 => self.open_old(algorithm, Cipher::Rc2Cbc(40), 5, sealed),
            oid => Err(Error::unsupported(WHAT, oid)),
        }
    }

    /// RFC 7292 appendix C: salt and rounds are the parameters, key and vector are derived.
    fn open_old(
        &mut self,
        algorithm: &AlgorithmIdentifier<'_>,
        cipher: Cipher,
        octets: usize,
        sealed: &[u8],
    ) -> Result<Secret, Error> {
        let parameters = algorithm.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        let mut fields = parameters.sequence(WHAT)?;
        let salt = fields.tagged(Tag::OctetString)?.value;
        let rounds = fields.tagged(Tag::Integer)?.small()?;
        fields.finish()?;
        self.spend(rounds.saturating_mul(3))?;
        let sha1 = MacDigest::Known(Digest::Sha1);
        let mut key = derive(sha1, Use::Key, &self.wide, salt, rounds, octets);
        if octets == 16 && cipher == Cipher::TripleDesCbc {
            key.extend_from_within(..8);
        }
        let vector = derive(sha1, Use::Vector, &self.wide, salt, rounds, 8);
        open_cbc(cipher, &key, &vector, sealed)
    }

    fn open_pbes2(&mut self, algorithm: &AlgorithmIdentifier<'_>, sealed: &[u8]) -> Result<Secret, Error> {
        let parameters = algorithm.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        let mut fields = parameters.sequence(WHAT)?;
        let derivation = AlgorithmIdentifier::read(fields.sequence()?)?;
        let start = CipherStart::read(&AlgorithmIdentifier::read(fields.sequence()?)?)?;
        fields.finish()?;
        let octets = start.cipher.key_octets();
        let key = match derivation.oid() {
            SCRYPT => self.scrypt(&derivation, octets)?,
            _ => self.pbkdf2(&derivation, octets)?,
        };
        open_cbc(start.cipher, &key, start.nonce, sealed)
    }

    pub(super) fn pbkdf2(
        &mut self,
        derivation: &AlgorithmIdentifier<'_>,
        octets: usize,
    ) -> Result<Secret, Error> {
        let read = Pbkdf2::read(derivation)?;
        let stated = read.octets.is_none_or(|stated| usize::try_from(stated) == Ok(octets));
        if !stated {
            return Err(Error::asn1(0, WHAT));
        }
        self.spend(read.iterations)?;
        kdf::pbkdf2(read.digest, self.text.as_bytes(), read.salt, read.iterations, octets)
            .ok_or_else(|| Error::unsupported("key derivation", read.digest.oid()))
    }

    /// RFC 7914 7.
    fn scrypt(&mut self, derivation: &AlgorithmIdentifier<'_>, octets: usize) -> Result<Secret, Error> {
        let parameters = derivation.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        let odd = || parameters.error("scrypt parameters");
        let mut fields = parameters.sequence("scrypt parameters")?;
        let salt = fields.tagged(Tag::OctetString)?.value;
        let cost = fields.tagged(Tag::Integer)?.small()?;
        let block = fields.tagged(Tag::Integer)?.small()?;
        let parallel = fields.tagged(Tag::Integer)?.small()?;
        let stated = fields.optional(Tag::Integer)?.map(|octets| octets.small()).transpose()?;
        fields.finish()?;
        if !cost.is_power_of_two() || stated.is_some_and(|stated| usize::try_from(stated) != Ok(octets)) {
            return Err(odd());
        }
        let memory = cost.saturating_add(parallel).saturating_mul(block).saturating_mul(128);
        if memory > MAX_SCRYPT_MEMORY {
            return Err(Error::limit("MAX_SCRYPT_MEMORY", MAX_SCRYPT_MEMORY));
        }
        // One step mixes as much as some four rounds of PBKDF2 of 128 octets.
        self.spend(cost.saturating_mul(block).saturating_mul(parallel))?;
        let log = u8::try_from(cost.trailing_zeros()).map_err(|_| odd())?;
        let narrow = |number: u64| u32::try_from(number).map_err(|_| odd());
        let parameters = scrypt::Params::new(log, narrow(block)?, narrow(parallel)?).map_err(|_| odd())?;
        let mut key = Secret::new(vec![0; octets]);
        scrypt::scrypt(self.text.as_bytes(), salt, &parameters, &mut key).map_err(|_| odd())?;
        Ok(key)
    }
}

/// A wrong password shows as wrong padding, or as content that cannot be read; both are one error.
fn open_cbc(cipher: Cipher, key: &[u8], vector: &[u8], sealed: &[u8]) -> Result<Secret, Error> {
    let mut opening = Cbc::open(cipher, key, vector).ok_or_else(|| Error::unsupported(WHAT, cipher.oid()))?;
    let mut opened = Secret::new(Vec::with_capacity(sealed.len()));
    let mut sink = |piece: &[u8]| {
        opened.extend_from_slice(piece);
        Ok(())
    };
    let done = opening.update(sealed, &mut sink).and_then(|()| opening.finish(&mut sink));
    done.map_err(|_| Error::new(ErrorKind::Decrypt))?;
    Ok(opened)
}
