//! Sealing (RFC 8617 5.1).

use core::fmt;

use mailwright_message_model::domain::Domain;

use super::MAX_INSTANCE;
use super::chain::{Chain, Status};
use super::field::{Cv, FieldKind};
use super::findings::Findings;
use super::plan::{Collected, collect};
use crate::algorithm::HashAlgorithm;
use crate::base64;
use crate::body_hash::BodyHashes;
use crate::canon::{self, Canonicalization, Pair};
use crate::crypto::sha256;
use crate::header::{self, ByName, Header};
use crate::key::{SignInput, SigningKey};
use crate::policy::Limits;

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
/// let (domain, selector) = ("lists.example.org".parse()?, "arc".parse()?);
/// let mut zone = mailwright_dns::Zone::new();
/// # zone.add_txt("arc._domainkey.lists.example.org", DnsRecord::new(&selector, &domain, key.public_key().clone())?.text())?;
/// let now = 1_700_000_000;
/// let came = b"From: a@example.net\r\nSubject: hello\r\n\r\nhello\r\n";
/// let chain = arc::verify(came, &zone, &Policy::default(), now);
/// let found = AuthenticationResults::new("mx.example.org").with_result(chain.method_result(None));
///
/// let leaves = b"From: a@example.net\r\nSubject: [list] hello\r\n\r\nhello\r\n";
/// let sealer = Sealer::new(key, domain, selector);
/// let set = sealer.seal(leaves, &chain, &Findings::from(&found), now)?.expect("the chain is not marked as failed");
/// let sealed = [set.to_string().as_bytes(), leaves].concat();
/// assert_eq!(arc::verify(&sealed, &zone, &Policy::default(), now).status, arc::Status::Pass);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sealer<K> {
    key: K,
    domain: Domain,
    selector: Domain,
    headers: Option<Vec<String>>,
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

/// Why a message cannot be sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// DNS did not tell whether the chain holds: verify it again later, or pass the message on without a set of your own.
    Temporary,
    /// There are 50 sets already (RFC 8617 5.1).
    TooManySets,
    /// The chain is that of another message, or its fields were changed since it was verified.
    OtherChain,
    /// The header is longer than [`Limits::HEADER_BYTES`].
    HeaderTooLong,
    /// A name for `h=` that is no field name, or ARC-Seal, which must not be covered (RFC 8617 4.1.2).
    HeaderName(String),
    /// From is not among the names for `h=` (RFC 6376 5.4).
    FromNotSigned,
    /// The key signs with SHA-1.
    Sha1,
    /// The key did not sign.
    Key(String),
}

/// Fields that are covered where the message has them, and of whose names one more is covered, so that none can be added.
const PROTECTED: &[&str] = &[
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];
/// Fields that are covered where the message has them. RFC 8617 4.1.2: the DKIM-Signatures SHOULD be, the Authentication-Results
/// SHOULD NOT, since receivers remove them.
const COVERED: &[&str] = &["DKIM-Signature", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"];

/// A value longer than this is folded although its relaxed form then has blanks in it: no line may have more than 998 octets
/// (RFC 5322 2.1.1).
const LONGEST_VALUE: usize = 900;
/// The line length to aim at (RFC 5322 2.1.1).
const LINE: usize = 78;

impl<K: SigningKey> Sealer<K> {
    /// A sealer for `domain`, whose key is published at `selector._domainkey.domain`.
    #[must_use]
    pub const fn new(key: K, domain: Domain, selector: Domain) -> Self {
        Self { key, domain, selector, headers: None }
    }

    /// Covers fields of these names, in this order, instead of the recommended ones.
    ///
    /// # Errors
    /// [`SealError::HeaderName`], [`SealError::FromNotSigned`]
    pub fn with_headers<N: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, SealError> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let no_name = |name: &&String| {
            // RFC 5322 3.6.8; a semicolon would end the tag.
            name.is_empty()
                || !name.bytes().all(|b| b.is_ascii_graphic() && b != b':' && b != b';')
                || name.eq_ignore_ascii_case(FieldKind::Seal.as_str())
        };
        if let Some(name) = names.iter().find(no_name) {
            return Err(SealError::HeaderName(name.clone()));
        }
        if !names.iter().any(|name| name.eq_ignore_ascii_case("from")) {
            return Err(SealError::FromNotSigned);
        }
        self.headers = Some(names);
        Ok(self)
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
        let cv = chain.cv().ok_or(SealError::Temporary)?;
        if chain.is_marked_failed() {
            return Ok(None);
        }
        if self.key.algorithm().hash() == HashAlgorithm::Sha1 {
            return Err(SealError::Sha1);
        }
        let (head, body) = header::split(message);
        let header = Header::new(head.into(), Limits::HEADER_BYTES);
        if header.cut {
            return Err(SealError::HeaderTooLong);
        }
        let mut earlier = collect(&header, usize::MAX);
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
        let message = self.message_field(&header, body, instance, now)?;
        let seal = self.seal_field(&header, &covered, [&results, &message], instance, cv, now)?;
        Ok(Some(ArcSet { instance, results, message, seal }))
    }

    /// RFC 8617 4.1.2
    fn message_field(
        &self,
        header: &Header<'_>,
        body: &[u8],
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
            ("bh", base64::encode(&body_hash(body))),
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
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(sha256(&octets).as_bytes()) {
            *to = *from;
        }
        let signature =
            self.key.sign(&SignInput { octets: &octets, sha256: digest }).map_err(SealError::Key)?;
        let mut tags = tags.to_vec();
        if let Some((_, value)) = tags.iter_mut().find(|(name, _)| *name == "b") {
            *value = base64::encode(&signature);
        }
        Ok(written(kind, &tags))
    }
}

/// The names of the fields that a message signature covers.
fn recommended(header: &Header<'_>) -> Vec<String> {
    let there = |name: &&str| {
        let count = header.named(name).count();
        core::iter::repeat_n((*name).to_owned(), count)
    };
    let protected = PROTECTED.iter().flat_map(|name| there(name).chain([(*name).to_owned()]));
    protected.chain(COVERED.iter().flat_map(there)).collect()
}

fn body_hash(body: &[u8]) -> Vec<u8> {
    let mut hashes = BodyHashes::default();
    let wanted = hashes.want(Canonicalization::Relaxed, HashAlgorithm::Sha256, None);
    hashes.write(body);
    let digest = hashes.finish().get(wanted).and_then(|(digest, _)| digest);
    digest.map(|digest| digest.as_bytes().to_vec()).unwrap_or_default()
}

/// A whole field of these tags. It is folded between tags, where the relaxed form has a blank in any case, so that the form that is
/// signed depends on the tags alone; the `b=` that is left out for signing makes no difference either.
fn written(kind: FieldKind, tags: &[(&str, String)]) -> String {
    let mut out = format!("{kind}:");
    let mut column = out.len();
    for (at, (name, value)) in tags.iter().enumerate() {
        if at > 0 {
            out.push(';');
            column += 1;
        }
        let len = 1 + name.len() + 1 + value.len() + 1;
        if at > 0 && column + len > LINE {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(name);
        out.push('=');
        if value.len() > LONGEST_VALUE {
            push_long(value, &mut out);
        } else {
            out.push_str(value);
        }
        column += len;
    }
    out.push_str("\r\n");
    out
}

/// Folds a list behind its colons, and base64 anywhere (RFC 6376 3.5).
fn push_long(value: &str, out: &mut String) {
    let mut rest = value;
    while rest.len() > LINE {
        let (line, _) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        let end = match line.rfind(':') {
            Some(colon) => colon + 1,
            // A name longer than a line.
            None => {
                rest.find(':').map_or(if value.contains(':') { rest.len() } else { LINE }, |colon| colon + 1)
            }
        };
        let (line, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push_str(line);
        if !behind.is_empty() {
            out.push_str("\r\n ");
        }
        rest = behind;
    }
    out.push_str(rest);
}

impl fmt::Display for ArcSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each is put on top of those that it covers.
        write!(f, "{}{}{}", self.seal, self.message, self.results)
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temporary => f.write_str("the chain could not be verified: DNS did not answer"),
            Self::TooManySets => f.write_str("the message has 50 ARC Sets already (RFC 8617 5.1)"),
            Self::OtherChain => f.write_str("the ARC Sets of the message are not those that were verified"),
            Self::HeaderTooLong => f.write_str("the header is too long to be sealed"),
            Self::HeaderName(name) => {
                write!(f, "no field name that can be covered: {name:?} (RFC 6376 3.5, RFC 8617 4.1.2)")
            }
            Self::FromNotSigned => f.write_str("From must be covered (RFC 6376 5.4)"),
            Self::Sha1 => f.write_str("the key signs with SHA-1 (RFC 8301 3.1)"),
            Self::Key(why) => write!(f, "the key did not sign: {why}"),
        }
    }
}

impl std::error::Error for SealError {}
