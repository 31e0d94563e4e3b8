//! A message that passes through hosts that seal it.

use mailwright_dkim::arc::{self, Chain, Findings, Sealer};
use mailwright_dkim::{LineEnds, Policy};
use mailwright_dns::Zone;
use mailwright_message_model::authres::{AuthResult, AuthenticationResults, Method, MethodResult};

use super::{NOW, key, zone};

/// The domains of the hosts, in their order.
pub(crate) const HOPS: [&str; 5] = ["a.example", "b.example", "c.example", "d.example", "e.example"];

/// The keys of all hosts.
pub(crate) fn keys() -> Zone {
    zone(&[("a.example", 1), ("b.example", 2), ("c.example", 3), ("d.example", 4), ("e.example", 5)])
}

pub(crate) fn verify(message: &[u8], zone: &Zone) -> Chain {
    arc::verify(message, zone, &Policy::default(), NOW)
}

pub(crate) fn sealer(hop: usize) -> Sealer {
    let seed = u8::try_from(hop + 1).unwrap();
    // A bare LF or CR of the test messages is on the wire as it is.
    Sealer::new(HOPS.get(hop).unwrap(), "s", key(seed)).unwrap().line_ends(LineEnds::AsIs)
}

/// What host `hop` found.
pub(crate) fn findings(hop: usize, chain: &Chain) -> Findings {
    let results = AuthenticationResults::new(&format!("mx.{}", HOPS.get(hop).unwrap()))
        .with_result(chain.method_result(Some([192, 0, 2, 1].into())))
        .with_result(MethodResult::new(Method::Spf, AuthResult::Pass));
    Findings::from(&results)
}

/// The message as it leaves host `hop`, which changes it by `change` in between.
pub(crate) fn pass_on(message: &[u8], hop: usize, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let chain = verify(message, &keys());
    let leaves = change(message.to_vec());
    let set = sealer(hop).seal(&leaves, &chain, &findings(hop, &chain), NOW).unwrap();
    [set.unwrap().to_string().as_bytes(), &leaves].concat()
}

/// The message after the first `hops` hosts, each of which adds a line.
pub(crate) fn sealed(message: &[u8], hops: usize) -> Vec<u8> {
    (0..hops).fold(message.to_vec(), |message, hop| {
        pass_on(&message, hop, |message| [&message, &b"a line more\r\n"[..]].concat())
    })
}
