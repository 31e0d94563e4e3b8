//! A message in pieces of any size: verified, signed and sealed as the whole is, and what is signed verifies.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mailwright_dkim::arc::{self, Findings, Sealer};
use mailwright_dkim::canon::{Canonicalization, Pair};
use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dkim::sign::SignStream;
use mailwright_dkim::{LineEnds, Policy, Signer, Verifier, verify};
use mailwright_dns::Zone;

const NOW: u64 = 1_700_000_000;

static KEY: LazyLock<(Vec<Signer>, Zone, Sealer)> = LazyLock::new(|| {
    let mut zone = Zone::new();
    let mut signers = Vec::new();
    for (header, body) in
        Canonicalization::ALL.into_iter().flat_map(|h| Canonicalization::ALL.map(|b| (h, b)))
    {
        let key = PrivateKey::ed25519(&[7; 32]).expect("a key");
        let (selector, domain) = ("s".parse().expect("a label"), "example.org".parse().expect("a domain"));
        let record = DnsRecord::new(&selector, &domain, key.public_key().clone()).expect("a short name");
        if signers.is_empty() {
            zone.add_txt(record.name().to_string(), record.text()).expect("a name");
        }
        let signer = Signer::new("example.org", "s", key).expect("good names");
        let signer = signer.canonicalization(Pair { header, body }).copy_headers(true);
        signers.push(signer.line_ends(if signers.len() % 2 == 0 {
            LineEnds::AsIs
        } else {
            LineEnds::Normalize
        }));
    }
    let key = PrivateKey::ed25519(&[7; 32]).expect("a key");
    (signers, zone, Sealer::new("example.org", "s", key).expect("good names"))
});

fuzz_target!(|octets: &[u8]| {
    let [one, two, message @ ..] = octets else { return };
    let sizes = [usize::from(*one) + 1, usize::from(*two) + 1];
    let (signers, zone, sealer) = &*KEY;

    let mut stream = SignStream::new(signers, NOW);
    pieces(message, sizes, |piece| stream.write(piece));
    let signed = stream.finish();
    assert_eq!(signed, Signer::sign_all(signers, message, NOW));
    // The sealer sees what the signers see.
    let chain = arc::verify(message, zone, &Policy::default(), NOW);
    let findings = Findings::of_message(message, "x").expect("a word");
    let mut stream = sealer.stream();
    pieces(message, sizes, |piece| stream.write(piece));
    assert_eq!(stream.finish(&chain, &findings, NOW), sealer.seal(message, &chain, &findings, NOW));

    let fields: Vec<u8> = signed.iter().flatten().flat_map(|field| field.as_str().bytes()).collect();
    let whole = [&fields, message].concat();
    for line_ends in [LineEnds::AsIs, LineEnds::Normalize] {
        let policy = Policy { line_ends, ..Policy::default() };
        let mut verifier = Verifier::new(&policy, NOW);
        pieces(&whole, sizes, |piece| verifier.write(piece));
        let found = verifier.finish().evaluate(zone);
        assert_eq!(found, verify(&whole, zone, &policy, NOW));
        let mut both = arc::VerifierBoth::new(&policy, NOW);
        pieces(&whole, sizes, |piece| both.write(piece));
        let (found_too, chain) = both.finish().evaluate(zone);
        assert_eq!(found_too, found);
        assert_eq!(chain, arc::verify(&whole, zone, &policy, NOW));
        // In front of the message stand ours, in their order.
        if signed.is_ok() {
            let ours = found.signatures.iter().zip(signers.iter().enumerate());
            for (result, (at, _)) in ours {
                let same = (at % 2 == 0) == (line_ends == LineEnds::AsIs);
                assert!(!same || result.is_pass(), "{result}");
            }
        }
    }
});

fn pieces(message: &[u8], sizes: [usize; 2], mut take: impl FnMut(&[u8])) {
    let mut rest = message;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            return;
        }
        let (piece, behind) = rest.split_at((*size).min(rest.len()));
        take(piece);
        rest = behind;
    }
}
