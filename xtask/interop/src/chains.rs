//! ARC chains: ours of one to three sets, what others seal, and what we say of theirs.

use std::io;

use mailwright_dkim::Policy;
use mailwright_dkim::arc::{self, Findings, Sealer, Status};

use super::cases::{ALGORITHMS, DOMAIN, Folder, Kind, broken, key};

/// Sets in our longest chain.
const HOPS: u32 = 3;
/// The host that found and sealed all.
const HOST: &str = "mx.example.org";
const NOW: u64 = 1_700_000_000;

impl Folder {
    /// Writes our chains on a message and changed copies of them; and, for others to seal, the message with what its host found,
    /// as it came from its author and as it came with one set of ours.
    pub(crate) fn write_chains(&self, name: &str, message: &[u8]) -> io::Result<()> {
        let plain = Kind::Arc.plain();
        self.write(&format!("{plain}/{name}.any.arc1"), &self.found(message))?;
        for algorithm in ALGORITHMS {
            let mut sealed = message.to_vec();
            for hop in 1..=HOPS {
                sealed = self.seal(algorithm, &sealed)?;
                let file = format!("{name}.{algorithm}.arc{hop}");
                self.write_ours(Kind::Arc, &file, &sealed)?;
                let changed = [
                    ("from", broken(&sealed)),
                    ("body", [&sealed[..], b"more\r\n"].concat()),
                    // Those of the first set, which all seals cover.
                    ("results", last_replaced(&sealed, b"spf=pass", b"spf=fail")),
                    ("seal", last_replaced(&sealed, b"cv=none; d=example.org", b"cv=none; d=Example.org")),
                ];
                for (what, changed) in changed {
                    if changed == sealed {
                        return Err(io::Error::other(format!("{file}: nothing to change in {what}")));
                    }
                    self.write(&format!("{}/{file}.broken-{what}", Kind::Arc.ours()), &changed)?;
                }
                if hop == 1 {
                    self.write(&format!("{plain}/{name}.{algorithm}.arc2"), &self.found(&sealed))?;
                }
            }
        }
        Ok(())
    }

    /// With what the host found, on top.
    fn found(&self, message: &[u8]) -> Vec<u8> {
        let chain = arc::verify(message, &self.zone, &Policy::rfc8301(), NOW).status;
        let field = format!(
            "Authentication-Results: {HOST};\r\n arc={chain};\r\n spf=pass smtp.mailfrom={DOMAIN}\r\n"
        );
        [field.as_bytes(), message].concat()
    }

    fn seal(&self, algorithm: &str, message: &[u8]) -> io::Result<Vec<u8>> {
        let key = key(algorithm).ok_or_else(|| io::Error::other("no key"))?;
        let sealer = Sealer::new(DOMAIN, algorithm, key).map_err(io::Error::other)?;
        let chain = arc::verify(message, &self.zone, &Policy::rfc8301(), NOW);
        let findings = Findings::of_message(&self.found(message), HOST).map_err(io::Error::other)?;
        let set = sealer.seal(message, &chain, &findings, NOW).map_err(io::Error::other)?;
        let set = set.ok_or_else(|| io::Error::other("a failed chain"))?;
        Ok([set.to_string().as_bytes(), message].concat())
    }

    pub(crate) fn chain_passes(&self, message: &[u8], now: u64) -> Result<(), String> {
        let chain = arc::verify(message, &self.zone, &Policy::rfc8301(), now);
        if chain.status == Status::Pass { Ok(()) } else { Err(chain.to_string()) }
    }
}

/// The first set is the lowest.
fn last_replaced(message: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = message.windows(from.len()).rposition(|part| part == from);
    let (before, rest) = message.split_at_checked(at.unwrap_or(message.len())).unwrap_or((message, &[]));
    let behind = rest.get(from.len()..).unwrap_or_default();
    if at.is_none() { message.to_vec() } else { [before, to, behind].concat() }
}
