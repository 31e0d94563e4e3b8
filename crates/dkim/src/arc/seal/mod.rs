//! Sealing (RFC 8617 5.1).

mod error;
mod field;
mod stream;

use core::fmt;
use std::sync::Arc;

use mailwright_message_model::domain::Domain;

use super::MAX_INSTANCE;
use super::chain::{Chain, Status};
use super::field::{Cv, FieldKind};
use super::findings::Findings;
use super::plan::{Collected, collect};
use crate::base64;
use crate::canon::{self, Canonicalization, Pair};
use crate::crypto::Digest;
use crate::header::{ByName, Header};
use crate::key::SigningKey;
use crate::policy::LineEnds;
use crate::sign::{self, HeaderSet};
use field::{recommended, written};

pub use error::SealError;
pub use stream::SealStream;

/// Adds an ARC Set to messages that are passed on.
///
/// Verify the chain of the message as it came, make the changes, then seal the message as it leaves:
///
/// ```
/// use mailwright_dkim::arc::{self, Findings, Sealer};
/// use mailwright_dkim::{Policy, key::{DnsRecord, PrivateKey}};
/// use mailwright_message_model::authres::AuthenticationResults;
///
/// let key = PrivateKey::ed25519(&[7; 32])?;
/// let mut zone = mailwright_dns::Zone::new();
/// # zone.add_txt("arc._domainkey.lists.example.org", DnsRecord::new(&"arc".parse()?, &"lists.example.org".parse()?, key.public_key().clone())?.text())?;
/// let now = 1_700_000_000;
/// let came = b"From: a@example.net\r\nSubject: hello\r\n\r\nhello\r\n";
/// let chain = arc::verify(came, &zone, &Policy::default(), now);
/// let found = AuthenticationResults::new("mx.example.org").with_result(chain.method_result(None));
///
/// let leaves = b"From: a@example.net\r\nSubject: [list] hello\r\n\r\nhello\r\n";
/// let sealer = Sealer::new("lists.example.org", "arc", key)?;
/// let set = sealer.seal(leaves, &chain, &Findings::from(&found), now)?.expect("the chain is not marked as failed");
/// let sealed = set.prepended_to(leaves);
/// assert_eq!(arc::verify(&sealed, &zone, &Policy::default(), now).status, arc::Status::Pass);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Sealer {
    key: Arc<dyn SigningKey>,
    domain: Domain,
    selector: Domain,
    headers: Option<Vec<String>>,
    line_ends: LineEnds,
}

/// The three fields of a new set, each whole and with its line break. Its `Display` is what goes on top of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ArcSet {
    /// Its instance.
    pub instance: u32,
    /// ARC-Authentication-Results
    pub results: String,
    /// ARC-Message-Signature
    pub message: String,
    /// ARC-Seal
    pub seal: String,
}

impl Sealer {
    /// Seals for `domain` with the key that is published under `selector`. U-labels become A-labels (RFC 8616 4).
    ///
    /// # Errors
    /// As [`Signer::new`](crate::Signer::new).
    pub fn new(domain: &str, selector: &str, key: impl SigningKey + 'static) -> Result<Self, SealError> {
        let (domain, selector) = sign::names(domain, selector, key.algorithm())?;
        Ok(Self { key: Arc::new(key), domain, selector, headers: None, line_ends: LineEnds::Normalize })
    }

    /// Covers fields of these names, in this order, instead of the recommended ones.
    ///
    /// # Errors
    /// [`SignErrorKind::HeaderName`](crate::SignErrorKind::HeaderName), [`SealError::SealCovered`],
    /// [`SealError::FromNotSigned`]
    pub fn with_headers<N: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, SealError> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.iter().try_for_each(|name| HeaderSet::check(name))?;
        if names.iter().any(|name| name.eq_ignore_ascii_case(FieldKind::Seal.as_str())) {
            return Err(SealError::SealCovered);
        }
        if !names.iter().any(|name| name.eq_ignore_ascii_case("from")) {
            return Err(SealError::FromNotSigned);
        }
        self.headers = Some(names);
        Ok(self)
    }

    /// What is done with bare CR and LF, as for [`Signer::line_ends`](crate::Signer::line_ends): by default each becomes CRLF
    /// before anything is sealed. The message has to be sent with CRLF then.
    #[must_use]
    pub const fn line_ends(mut self, line_ends: LineEnds) -> Self {
        self.line_ends = line_ends;
        self
    }

    /// Makes a set for `message` as it leaves; `chain` is what [`verify`](super::verify) said of it as it came, and `now` is in
    /// seconds since 1970.
    ///
    /// `None` where the newest seal says `cv=fail`: nothing is added to such a chain. Where the chain did not hold the new
    /// seal says so, and covers its own set only (RFC 8617 5.1.2).
    ///
    /// # Errors
    /// [`SealError`]
    pub fn seal(
        &self,
        message: &[u8],
        chain: &Chain,
        findings: &Findings,
        now: u64,
    ) -> Result<Option<ArcSet>, SealError> {
        let mut stream = self.stream();
        stream.write(message);
        stream.finish(chain, findings, now)
    }

    /// Takes a message in chunks.
    #[must_use]
    pub fn stream(&self) -> SealStream<'_> {
        SealStream::new(self)
    }

    /// The set for a message of which the header and the hash of the body are known.
    fn set(
        &self,
        header: &Header<'_>,
        body_hash: Digest,
        chain: &Chain,
        findings: &Findings,
        now: u64,
    ) -> Result<Option<ArcSet>, SealError> {
        let cv = chain.cv().ok_or(SealError::Temporary)?;
        if chain.is_marked_failed() {
            return Ok(None);
        }
        sign::check(header)?;
        let mut earlier = collect(header, usize::MAX);
        // What did not hold is numbered after the highest instance that can be read, and not covered.
        let newest = earlier.newest();
        if chain.status != Status::Fail && chain.sets.last().map_or(0, |set| set.instance) != newest {
            return Err(SealError::OtherChain);
        }
        let instance = newest.checked_add(1).filter(|instance| *instance <= MAX_INSTANCE);
        let instance = instance.ok_or(SealError::TooManySets)?;
        if chain.status == Status::Fail {
            earlier = Collected::default();
        }
        let covered = earlier.in_order().ok_or(SealError::OtherChain)?;

        let results = findings.to_field(instance, cv);
        let message = self.message_field(header, body_hash, instance, now)?;
        let seal = self.seal_field(header, &covered, [&results, &message], instance, cv, now)?;
        Ok(Some(ArcSet { instance, results, message, seal }))
    }

    /// RFC 8617 4.1.2
    fn message_field(
        &self,
        header: &Header<'_>,
        body_hash: Digest,
        instance: u32,
        now: u64,
    ) -> Result<String, SealError> {
        let names = self.headers.clone().unwrap_or_else(|| recommended(header));
        let mut octets = Vec::new();
        let picked = ByName::new(header).pick(names.iter().map(String::as_bytes), usize::MAX);
        for field in picked.fields.into_iter().flatten() {
            canon::field(Canonicalization::Relaxed, header.field(field), &mut octets);
        }
        let tags = [
            ("a", self.key.algorithm().to_string()),
            ("b", String::new()),
            ("bh", base64::encode(body_hash.as_bytes())),
            ("c", Pair::RELAXED.to_string()),
            ("d", self.domain.to_string()),
            ("h", names.join(":")),
            ("i", instance.to_string()),
            ("s", self.selector.to_string()),
            ("t", now.to_string()),
        ];
        self.signed(FieldKind::Message, &tags, octets)
    }

    /// RFC 8617 4.1.3, 5.1.1
    fn seal_field(
        &self,
        header: &Header<'_>,
        covered: &[usize],
        own: [&str; 2],
        instance: u32,
        cv: Cv,
        now: u64,
    ) -> Result<String, SealError> {
        let mut octets = Vec::new();
        let earlier = covered.iter().map(|&field| header.field(field));
        for field in earlier.chain(own.into_iter().map(str::as_bytes)) {
            canon::field(Canonicalization::Relaxed, field, &mut octets);
        }
        let tags = [
            ("a", self.key.algorithm().to_string()),
            ("b", String::new()),
            ("cv", cv.to_string()),
            ("d", self.domain.to_string()),
            ("i", instance.to_string()),
            ("s", self.selector.to_string()),
            ("t", now.to_string()),
        ];
        self.signed(FieldKind::Seal, &tags, octets)
    }

    /// Signs what is covered and the field itself, and puts the signature into it.
    fn signed(
        &self,
        kind: FieldKind,
        tags: &[(&str, String)],
        mut octets: Vec<u8>,
    ) -> Result<String, SealError> {
        let unsigned = written(kind, tags);
        canon::field(Canonicalization::Relaxed, unsigned.as_bytes(), &mut octets);
        // RFC 6376 3.7: no line break behind the field itself.
        octets.truncate(octets.len().saturating_sub(2));
        let signature = sign::signature(&*self.key, &octets)?;
        let mut tags = tags.to_vec();
        if let Some((_, value)) = tags.iter_mut().find(|(name, _)| *name == "b") {
            *value = base64::encode(&signature);
        }
        Ok(written(kind, &tags))
    }
}

/// Without the key.
impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

impl ArcSet {
    /// The set and the message behind it, which is copied as it is.
    #[must_use]
    pub fn prepended_to(&self, message: &[u8]) -> Vec<u8> {
        [self.to_string().as_bytes(), message].concat()
    }
}

impl fmt::Display for ArcSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each is put on top of those that it covers.
        write!(f, "{}{}{}", self.seal, self.message, self.results)
    }
}
