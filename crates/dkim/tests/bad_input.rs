//! What cannot be signed or sealed: each mistake has an error that names its rule.
#![cfg(all(feature = "arc", any(feature = "ring", feature = "aws-lc-rs")))]
#![allow(clippy::unwrap_used, reason = "a test that fails here fails")]

mod support;

use mailwright_dkim::algorithm::Algorithm;
use mailwright_dkim::arc::{self, Chain, Findings, SealError, Sealer};
use mailwright_dkim::key::{PrivateKey, PrivateKeyError, SignInput, SigningKey};
use mailwright_dkim::sign::HeaderSet;
use mailwright_dkim::signature::AtpsHash;
use mailwright_dkim::{LineEnds, Policy, SignErrorKind, Signer};
use mailwright_dns::Zone;
use support::hops::{findings, keys, verify};
use support::{NOW, key};

const MESSAGE: &[u8] = b"From: ann@example.org\r\nSubject: lunch\r\n\r\nAt noon?\r\n";

/// Text that no name of DNS has, and that would end a tag, a line or a string.
const NO_NAMES: [&str; 14] = [
    "",
    ".",
    "a..example",
    "a b.example",
    "a\r\nb.example",
    "a.example\r\n",
    "a\nb.example",
    "a\rb.example",
    "a\0b.example",
    "a;b.example",
    "a.example; t=1",
    "a=b.example",
    "a\u{7f}.example",
    "a\u{0}",
];

fn kind(error: &SealError) -> SignErrorKind {
    assert!(error.to_string().contains("(RFC "), "{error}");
    assert!(!error.to_string().contains(['\r', '\n', '\0']), "{error}");
    let SealError::Sign(error) = error else { unreachable!("{error:?}") };
    error.kind()
}

/// The same error from both.
fn refused<A, B>(
    signer: Result<A, mailwright_dkim::SignError>,
    sealer: Result<B, SealError>,
) -> SignErrorKind {
    let (signer, sealer) = (signer.err().unwrap(), sealer.err().unwrap());
    assert_eq!(SealError::from(signer.clone()), sealer);
    assert_eq!(kind(&sealer), signer.kind());
    signer.kind()
}

#[test]
fn names() {
    for bad in NO_NAMES {
        let kind = refused(Signer::new(bad, "s", key(1)), Sealer::new(bad, "s", key(1)));
        assert_eq!(kind, SignErrorKind::Domain, "{bad:?}");
        let kind = refused(Signer::new("a.example", bad, key(1)), Sealer::new("a.example", bad, key(1)));
        assert_eq!(kind, SignErrorKind::Selector, "{bad:?}");
        let author = Signer::new("a.example", "s", key(1)).unwrap().atps(bad, AtpsHash::Sha256);
        assert_eq!(author.err().unwrap().kind(), SignErrorKind::Atps, "{bad:?}");
        let identity = Signer::new("a.example", "s", key(1)).unwrap().identity(&format!("x@{bad}"));
        assert_eq!(identity.err().unwrap().kind(), SignErrorKind::Identity, "{bad:?}");
    }
    // RFC 6376 3.5: a domain has two labels at least; a selector may have one.
    assert_eq!(
        refused(Signer::new("org", "s", key(1)), Sealer::new("org", "s", key(1))),
        SignErrorKind::Domain
    );
    // Each fits, both together do not.
    let (domain, selector) = (["a"; 100].join("."), ["b"; 30].join("."));
    let kind = refused(Signer::new(&domain, &selector, key(1)), Sealer::new(&domain, &selector, key(1)));
    assert_eq!(kind, SignErrorKind::Selector);
    for bad in ["x\r\ny@a.example", "x\0@a.example", "\u{85}@a.example", "x"] {
        let identity = Signer::new("a.example", "s", key(1)).unwrap().identity(bad);
        assert_eq!(identity.err().unwrap().kind(), SignErrorKind::Identity, "{bad:?}");
    }
    let outside = Signer::new("a.example", "s", key(1)).unwrap().identity("@b.example");
    assert_eq!(outside.err().unwrap().kind(), SignErrorKind::IdentityOutsideDomain);
}

#[test]
fn names_of_fields() {
    let sealer = || Sealer::new("a.example", "s", key(1)).unwrap();
    for bad in ["", "a b", "a:b", "a;b", "x\r\ny", "x\n", "x\r", "x\0", "\u{fc}", "\u{7f}"] {
        let kind = refused(HeaderSet::of([bad]), sealer().with_headers(["From", bad]));
        assert_eq!(kind, SignErrorKind::HeaderName, "{bad:?}");
    }
    assert_eq!(sealer().with_headers(["From", "arc-SEAL"]).unwrap_err(), SealError::SealCovered);
    assert_eq!(sealer().with_headers(["To"]).unwrap_err(), SealError::FromNotSigned);
}

#[test]
fn names_of_servers() {
    for bad in ["", "a\r\nb", "a\nSubject: x", "a\r", "a\0", "\u{85}", "a\u{7f}"] {
        let error = Findings::of_message(MESSAGE, bad).unwrap_err();
        assert_eq!(error, SealError::AuthservId(bad.into()));
        assert!(
            error.to_string().contains("RFC 8601 2.2") && !error.to_string().contains(['\r', '\n', '\0'])
        );
    }
    // Text that is no word stands in quotes.
    let found = Findings::of_message(MESSAGE, "mx; spf=pass \"").unwrap();
    let (chain, sealer) = (verify(MESSAGE, &keys()), Sealer::new("a.example", "s", key(1)).unwrap());
    let set = sealer.seal(MESSAGE, &chain, &found, NOW).unwrap().unwrap();
    assert!(set.results.contains(r#"i=1; "mx; spf=pass \"";"#), "{}", set.results);
}

/// Says what it likes.
struct Stub(Algorithm, Result<Vec<u8>, String>);

impl SigningKey for Stub {
    fn algorithm(&self) -> Algorithm {
        self.0
    }

    fn sign(&self, _: &SignInput<'_>) -> Result<Vec<u8>, String> {
        self.1.clone()
    }
}

fn both(message: &[u8], signer: &Signer, sealer: &Sealer) -> SignErrorKind {
    let chain = verify(MESSAGE, &keys());
    refused(signer.sign(message, NOW), sealer.seal(message, &chain, &findings(0, &chain), NOW))
}

#[test]
fn weak_and_failing_keys() {
    let pem = include_str!("data/rsa1024.pem");
    let weak = PrivateKey::from_pem(pem).err().unwrap();
    assert_eq!(weak, PrivateKeyError::Rsa { bits: 1024 });
    assert!(weak.to_string().contains("RFC 8301 3.2"));
    let signer = |stub| Signer::new("a.example", "s", stub);
    let sealer = |stub| Sealer::new("a.example", "s", stub);
    let sha1 = || Stub(Algorithm::RsaSha1, Ok(vec![0; 256]));
    assert_eq!(refused(signer(sha1()), sealer(sha1())), SignErrorKind::Algorithm);
    for (algorithm, answer, want) in [
        (Algorithm::RsaSha256, Ok(vec![0; 127]), SignErrorKind::WeakKey),
        (Algorithm::RsaSha256, Ok(vec![0; 64]), SignErrorKind::WeakKey),
        (Algorithm::RsaSha256, Err("no card\r\nin the slot".to_owned()), SignErrorKind::Key),
        (Algorithm::Ed25519Sha256, Ok(vec![0; 63]), SignErrorKind::Key),
    ] {
        let stub = || Stub(algorithm, answer.clone());
        let (signer, sealer) = (signer(stub()).unwrap(), sealer(stub()).unwrap());
        if want == SignErrorKind::WeakKey {
            assert_eq!(both(MESSAGE, &signer, &sealer), want);
        } else {
            assert_eq!(signer.sign(MESSAGE, NOW).unwrap_err().kind(), want);
        }
    }
    let least = Stub(Algorithm::RsaSha256, Ok(vec![0; 128]));
    assert!(signer(least).unwrap().sign(MESSAGE, NOW).is_ok());
}

#[test]
fn messages() {
    use SignErrorKind as Kind;
    let long = [b"From: a\r\nX: ", "x".repeat(1 << 20).as_bytes(), b"\r\n\r\n"].concat();
    for line_ends in [LineEnds::AsIs, LineEnds::Normalize] {
        let signer = Signer::new("a.example", "s", key(1)).unwrap().line_ends(line_ends);
        let sealer = Sealer::new("a.example", "s", key(1)).unwrap().line_ends(line_ends);
        for (start, want) in [
            // RFC 5322 2.2: put in front of these, a field would run into them, or they would be another thing.
            (&b" x\r\n"[..], Kind::Start),
            (b"\tx\r\n", Kind::Start),
            (b"\xef\xbb\xbf", Kind::Start),
            (b"From ann@example.org Tue Nov 14 22:13:20 2023\r\n", Kind::Start),
            (b"\r\n", Kind::NoFrom),
            (b"From: other@example.org\r\n", Kind::ManyFrom),
        ] {
            assert_eq!(both(&[start, MESSAGE].concat(), &signer, &sealer), want, "{start:?}");
        }
        assert_eq!(both(b"", &signer, &sealer), Kind::NoFrom);
        assert_eq!(both(b"Subject: x\r\n\r\nFrom: a\r\n", &signer, &sealer), Kind::NoFrom);
        let chain = verify(MESSAGE, &keys());
        let sealed = sealer.seal(&long, &chain, &findings(0, &chain), NOW);
        assert_eq!(signer.sign(&long, NOW).unwrap_err().kind(), Kind::HeaderTooLong);
        assert!(matches!(sealed, Err(SealError::Sign(error)) if error.kind() == Kind::HeaderTooLong));
    }
    let expired = Signer::new("a.example", "s", key(1)).unwrap().expire_in(0).sign(MESSAGE, NOW);
    assert_eq!(expired.unwrap_err().kind(), Kind::Expiry);
}

#[test]
fn findings_bring_no_line_of_their_own() {
    let message = b"Authentication-Results: x; spf=pass (a\0b\rc) smtp.helo=a\x7f\xff\r\n\r\n";
    let found = Findings::of_message(message, "x").unwrap();
    let chain: Chain = arc::verify(MESSAGE, &Zone::new(), &Policy::default(), NOW);
    let sealer = Sealer::new("a.example", "s", key(1)).unwrap();
    let set = sealer.seal(MESSAGE, &chain, &found, NOW).unwrap().unwrap();
    let bare = set.results.replace("\r\n ", " ");
    assert!(bare.trim_end_matches("\r\n").chars().all(|c| !c.is_control()), "{bare:?}");
    let sealed = [set.to_string().as_bytes(), MESSAGE].concat();
    assert_eq!(verify(&sealed, &keys()).status, arc::Status::Pass);
}
