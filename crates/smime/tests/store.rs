//! What a store takes from messages, what it refuses, and which certificate and cipher come out of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used, reason = "a test")]

use mailwright_smime::limits::{MAX_CERTIFICATES_PER_ADDRESS, MAX_UNCONFIRMED_PER_ADDRESS};
use mailwright_smime::path::{Rule, Validator};
use mailwright_smime::store::{
    CertificateName, CertificateStore, Harvest, Learned, Memory, NotTaken, Record, Sighting, Standing,
    harvest, recipients,
};
use mailwright_smime::x509::Certificate;
use mailwright_smime::{
    Capabilities, Cipher, Context, Encryptor, ErrorKind, Policy, PrivateKey, Signer, SystemRandom, Time, open,
};
use proptest::prelude::*;

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("store/", $name)).as_slice()
    };
}

const CAROL: &str = "carol@example.org";
const A: &[u8] = data!("ca-a.crt");
const B: &[u8] = data!("ca-b.crt");
const FIRST: &[u8] = data!("first.crt");
const RENEWED: &[u8] = data!("renewed.crt");
const OTHER: &[u8] = data!("other.crt");
const SAME_KEY: &[u8] = data!("samekey.crt");
const OLD: &[u8] = data!("old.crt");
const SIGNER: &[u8] = data!("signer.crt");

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn now() -> Time {
    time("2027-06-01T00:00:00Z")
}

fn context<'k>() -> Context<'k> {
    Context::new().trust([A, B].map(|der| Certificate::from_der(der).unwrap())).at(now())
}

struct Mail {
    key: &'static [u8],
    certificate: &'static [u8],
    encryption: Option<&'static [u8]>,
    ciphers: Vec<Cipher>,
    signed: Option<&'static str>,
}

fn first() -> Mail {
    Mail {
        key: data!("first.key"),
        certificate: FIRST,
        encryption: None,
        ciphers: vec![Cipher::Aes256Gcm],
        signed: None,
    }
}

fn other() -> Mail {
    Mail { key: data!("other.key"), certificate: OTHER, ..first() }
}

impl Mail {
    fn make(&self) -> Vec<u8> {
        let key = PrivateKey::from_der(self.key).unwrap();
        let mut signer = Signer::new(&key, self.certificate).unwrap().capabilities(self.ciphers.clone());
        if let Some(signed) = self.signed {
            signer = signer.signing_time(time(signed));
        }
        if let Some(encryption) = self.encryption {
            signer = signer.encryption_certificate(encryption).unwrap();
        }
        signer.sign_message(b"From: carol@example.org\r\n\r\nHello.\r\n").unwrap()
    }

    fn harvest(&self, store: &mut dyn CertificateStore) -> Vec<Learned> {
        let mail = self.make();
        let harvested = harvest(&open(&mail, &context()).unwrap(), &context(), now(), store).unwrap();
        harvested.into_iter().flat_map(|Harvest { learned, .. }| learned).collect()
    }
}

fn record(store: &mut dyn CertificateStore) -> Record {
    store.records(&["carol@EXAMPLE.org"]).unwrap().remove(0)
}

fn chosen(record: &Record) -> (Option<Vec<u8>>, Vec<NotTaken>) {
    let choice = record.choose(CAROL, now(), &Policy::strict(), None);
    (choice.taken.map(|known| known.der().to_vec()), choice.refused.into_iter().map(|(_, why)| why).collect())
}

/// A record with these certificates, that the user gave.
fn given(certificates: &[&[u8]]) -> Record {
    let mut record = Record::default();
    certificates.iter().for_each(|der| {
        record.add(der, now()).unwrap();
    });
    record
}

/// The test with each store that there is.
fn with_stores(test: impl Fn(&mut dyn CertificateStore)) {
    test(&mut Memory::new());
    #[cfg(feature = "redb")]
    {
        let folder = tempfile::tempdir().unwrap();
        test(&mut mailwright_smime::store::Redb::open(folder.path().join("certificates.redb")).unwrap());
    }
}

#[test]
fn a_good_signature_is_harvested_once() {
    with_stores(|store| {
        let learned = first().harvest(store);
        assert!(matches!(learned[..], [Learned::Certificate(_), Learned::Capabilities]), "{learned:?}");
        assert_eq!(first().harvest(store), [], "nothing new");
        let known = record(store);
        assert_eq!(known.certificates()[0].der(), FIRST);
        assert_eq!(known.capabilities().unwrap().ciphers().collect::<Vec<_>>(), [Cipher::Aes256Gcm]);
    });
}

#[test]
fn what_is_not_good_is_not_harvested() {
    let mail = String::from_utf8(first().make()).unwrap();
    let changed = mail.replace("Hello.", "Hallo.");
    let forged = mail.replace("From: carol@", "From: boss@");
    let contexts = [context(), context(), Context::new().at(now()), context().signatures_only()];
    for (mail, context) in [changed, forged, mail.clone(), mail].iter().zip(contexts) {
        let mut store = Memory::new();
        let report = open(mail.as_bytes(), &context).unwrap();
        assert_eq!(harvest(&report, &context, now(), &mut store).unwrap(), []);
        assert_eq!(store.addresses().count(), 0);
    }
}

#[test]
fn a_stranger_replaces_no_certificate_that_is_known() {
    with_stores(|store| {
        first().harvest(store);
        let weak =
            Mail { ciphers: vec![Cipher::TripleDesCbc], signed: Some("2027-05-01T00:00:00Z"), ..other() };
        let learned = weak.harvest(store);
        let [Learned::Unconfirmed(fingerprint)] = learned[..] else { panic!("{learned:?}") };
        let mut known = record(store);
        assert_eq!(chosen(&known), (Some(FIRST.to_vec()), vec![NotTaken::Unconfirmed]));
        assert_eq!(
            known.capabilities().unwrap().ciphers().next(),
            Some(Cipher::Aes256Gcm),
            "nor what she can read"
        );
        // The user has seen that it is hers.
        assert!(known.confirm(&fingerprint));
        assert_eq!(chosen(&known).0, Some(OTHER.to_vec()));
        assert_eq!(chosen(&known).1, [NotTaken::Older]);
    });
}

#[test]
fn a_certificate_goes_on_by_issuer_key_or_word() {
    let sighting = |certificate| Sighting { certificate, encryption: None, capabilities: None, signed: None };
    for (next, standing) in
        [(RENEWED, Standing::Trusted), (SAME_KEY, Standing::Trusted), (OTHER, Standing::Unconfirmed)]
    {
        let mut record = given(&[FIRST]);
        record.learn(&sighting(next), now());
        assert_eq!(record.certificates()[1].standing(), standing);
    }
    // Where nothing that is known is valid any more, the first that comes is taken.
    let mut record = given(&[OLD]);
    record.learn(&sighting(OTHER), now());
    assert_eq!(record.certificates()[1].standing(), Standing::Trusted);
    // Signed for by one that is known.
    let mut record = given(&[FIRST]);
    record.learn(&Sighting { encryption: Some(OTHER), ..sighting(FIRST) }, now());
    assert_eq!(chosen(&record), (Some(OTHER.to_vec()), vec![NotTaken::OtherPreferred]));
}

#[test]
fn the_owner_says_which_certificate_to_encrypt_to() {
    with_stores(|store| {
        let mail = Mail { key: data!("signer.key"), certificate: SIGNER, encryption: Some(FIRST), ..first() };
        let learned = mail.harvest(store);
        assert!(learned.iter().any(|learned| matches!(learned, Learned::Preferred(_))), "{learned:?}");
        let to = recipients(store, &[CAROL], now(), Some(&context().path())).unwrap();
        let addressee = &to.addressees()[0];
        assert_eq!(addressee.certificate.as_deref(), Some(FIRST));
        assert_eq!(addressee.refused, [(SIGNER.to_vec(), NotTaken::Rule(Rule::KeyUsage))]);
    });
}

#[test]
fn the_reason_stands_with_each_that_was_not_taken() {
    let record = given(&[FIRST, RENEWED, OLD, SIGNER]);
    let (taken, why) = chosen(&record);
    assert_eq!(taken.as_deref(), Some(RENEWED));
    let ended = Certificate::from_der(OLD).unwrap().not_after();
    let wanted = [NotTaken::Rule(Rule::Expired(ended)), NotTaken::Rule(Rule::KeyUsage), NotTaken::Older];
    assert_eq!(why, wanted);
    // Of another address, and of another anchor.
    let choice = record.choose("dave@example.org", now(), &Policy::strict(), None);
    assert!(
        choice.taken.is_none()
            && choice.refused.iter().any(|(_, why)| matches!(why, NotTaken::Rule(Rule::Address(_))))
    );
    let b = Validator::new([Certificate::from_der(B).unwrap()]);
    let choice = record.choose(CAROL, now(), &Policy::strict(), Some(&b));
    assert!(choice.taken.is_none() && choice.refused.iter().any(|(_, why)| matches!(why, NotTaken::Path(_))));
    let before = record.choose(CAROL, time("2026-06-01T00:00:00Z"), &Policy::strict(), None);
    assert_eq!(before.taken.unwrap().der(), FIRST);
}

#[test]
fn the_newest_signed_capabilities_count() {
    with_stores(|store| {
        let mail = |signed, cipher| Mail { ciphers: vec![cipher], signed, ..first() };
        let ciphers = |store: &mut dyn CertificateStore| {
            record(store).capabilities().unwrap().ciphers().collect::<Vec<_>>()
        };
        mail(Some("2027-05-02T00:00:00Z"), Cipher::Aes128Cbc).harvest(store);
        mail(Some("2027-05-01T00:00:00Z"), Cipher::Aes128Gcm).harvest(store);
        assert_eq!(ciphers(store), [Cipher::Aes128Cbc], "an older message");
        mail(None, Cipher::Aes128Gcm).harvest(store);
        assert_eq!(ciphers(store), [Cipher::Aes128Cbc], "one of no time");
        mail(Some("2027-05-03T00:00:00Z"), Cipher::Aes128Gcm).harvest(store);
        assert_eq!(ciphers(store), [Cipher::Aes128Gcm]);
    });
}

#[test]
fn certificates_are_found_by_their_names() {
    with_stores(|store| {
        store.update(&[CAROL], &mut |records| records[0] = given(&[FIRST, SIGNER])).unwrap();
        let certificate = Certificate::from_der(FIRST).unwrap();
        let by_number = CertificateName::IssuerAndSerial {
            issuer: certificate.issuer().as_der().to_vec(),
            serial: certificate.serial().to_vec(),
        };
        let by_key = CertificateName::KeyId(certificate.subject_key_id().unwrap().to_vec());
        let unknown = CertificateName::KeyId(vec![1]);
        let found = store.find(&[by_number.clone(), by_key, unknown]).unwrap();
        assert_eq!(found, [vec![FIRST.to_vec()], vec![FIRST.to_vec()], vec![]]);
        store.update(&[CAROL], &mut |records| records[0] = Record::default()).unwrap();
        assert_eq!(store.find(&[by_number]).unwrap(), [Vec::<Vec<u8>>::new()]);
    });
}

#[test]
fn an_address_named_twice_is_changed_once() {
    with_stores(|store| {
        store
            .update(&[CAROL, "carol@EXAMPLE.org"], &mut |records| {
                assert_eq!(records.len(), 2);
                records[0] = given(&[FIRST]);
            })
            .unwrap();
        assert_eq!(record(store).certificates().len(), 1);
    });
}

#[test]
fn an_encryptor_takes_recipients_from_the_store() {
    let mut store = Memory::new();
    Mail { ciphers: vec![Cipher::Aes128Cbc], ..first() }.harvest(&mut store);
    let to = recipients(&mut store, &[CAROL], now(), Some(&context().path())).unwrap();
    let sealed =
        Encryptor::new().to_recipients(&to).unwrap().encrypt_cms(b"text", &mut SystemRandom::new()).unwrap();
    let mut keys = mailwright_smime::cms::Keys::new();
    keys.add(PrivateKey::from_der(data!("first.key")).unwrap(), FIRST).unwrap();
    let layer = mailwright_smime::open_cms(&sealed, &Context::new().keys(&keys)).unwrap();
    assert_eq!(layer.encrypted().unwrap().opened.as_ref().unwrap().cipher, Cipher::Aes128Cbc);
    let to = recipients(&mut store, &[CAROL, "dave@example.org"], now(), None).unwrap();
    assert_eq!(to.missing().collect::<Vec<_>>(), ["dave@example.org"]);
    assert_eq!(*Encryptor::new().to_recipients(&to).unwrap_err().kind(), ErrorKind::NoRecipient);
}

/// Another certificate: what is signed stands behind, so that a record, which checks nothing, takes it.
fn variant(of: &[u8], number: u8) -> Vec<u8> {
    let mut der = of.to_vec();
    *der.last_mut().unwrap() = number;
    der
}

#[test]
fn strangers_do_not_fill_an_address() {
    let mut record = given(&[FIRST]);
    for number in 0..40 {
        let other = variant(OTHER, number);
        let sighting = Sighting { certificate: &other, encryption: None, capabilities: None, signed: None };
        let learned = record.learn(&sighting, now());
        assert_eq!(
            matches!(learned[..], [Learned::Full(_)]),
            usize::from(number) >= MAX_UNCONFIRMED_PER_ADDRESS
        );
    }
    assert_eq!(record.certificates().len(), 1 + MAX_UNCONFIRMED_PER_ADDRESS);
    // Those that wait, and those that are over, give way to those that are taken; these never.
    for number in 0..40 {
        let renewed = variant(RENEWED, number);
        let sighting = Sighting { certificate: &renewed, encryption: None, capabilities: None, signed: None };
        record.learn(&sighting, now());
    }
    assert_eq!(record.certificates().len(), MAX_CERTIFICATES_PER_ADDRESS);
    assert!(record.certificates().iter().all(|known| known.standing() == Standing::Trusted));
    assert_eq!(record.certificates()[0].der(), FIRST);
    assert!(matches!(record.add(OTHER, now()).unwrap_err().kind(), ErrorKind::Limit { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is seen, in whatever order: what was valid and taken stays, limits hold, and the octets give the record again.
    #[test]
    fn sightings_never_take_away_what_is_taken(seen in proptest::collection::vec((0..6usize, proptest::option::of(0..6usize), any::<u8>(), proptest::option::of(1_700_000_000..1_900_000_000i64)), 0..30)) {
        let all = [FIRST, RENEWED, OTHER, SAME_KEY, OLD, SIGNER];
        let mut record = given(&[FIRST]);
        for (which, encryption, number, signed) in seen {
            let certificate = variant(all[which], number % 8);
            let encryption = encryption.map(|which| variant(all[which], number % 8));
            let capabilities = Capabilities::of_ciphers([Cipher::Aes128Cbc]);
            let before: Vec<Vec<u8>> = record.certificates().iter()
                .filter(|known| known.standing() == Standing::Trusted && Certificate::from_der(known.der()).unwrap().not_after() >= now())
                .map(|known| known.der().to_vec()).collect();
            record.learn(&Sighting { certificate: &certificate, encryption: encryption.as_deref(), capabilities: Some(&capabilities), signed: signed.map(Time::from_unix) }, now());
            for der in before {
                prop_assert!(record.certificates().iter().any(|known| known.der() == der && known.standing() == Standing::Trusted));
            }
            prop_assert!(record.certificates().len() <= MAX_CERTIFICATES_PER_ADDRESS);
            let choice = record.choose(CAROL, now(), &Policy::strict(), None);
            prop_assert_eq!(choice.refused.len() + usize::from(choice.taken.is_some()), record.certificates().len());
            prop_assert!(choice.taken.is_some(), "the first is valid, whatever comes");
        }
        let again = Record::from_der(&record.to_der()).unwrap();
        prop_assert_eq!(again, record);
    }

    #[test]
    fn octets_of_any_kind_are_a_record_or_none(octets in proptest::collection::vec(any::<u8>(), 0..100), at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let _ = Record::from_der(&octets);
        let mut der = given(&[FIRST, OLD]).to_der();
        let at = at.index(der.len());
        der[at] = octet;
        let _ = Record::from_der(&der);
    }
}
