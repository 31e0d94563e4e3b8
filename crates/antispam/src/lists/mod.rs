//! Allow and deny lists: who is let in, and who is not, whatever the message says.
//!
//! ```text
//! # action  whose     what
//! allow     client    192.0.2.0/24
//! allow     from      boss@example.org
//! deny      sender    *@*.example.net
//! deny                example.com          # sender or From, the domain and all below it
//! ```
//!
//! An entry is one line: `allow` or `deny`, whose address is meant (`client`, `sender`, `from`; nothing is `sender` or `from`, and
//! for an address or network `client`), and what: an IP address or network (CIDR), a domain, an address, or a glob of addresses with
//! `*` and `?`. `#` begins a comment.
//!
//! # Precedence
//!
//! Of all entries that hold the highest counts: **address, then domain, then glob, then network**. Within one of these the longer one
//! is higher (`mail.example.org` above `example.org`, a /32 above a /24). **At equal rank allow beats deny.** An entry that comes twice
//! with the same rank and action counts once.
//!
//! # Forged senders
//!
//! Anybody can write any From. An entry holds for From only where the authentication results say that the domain in From is
//! authentic: DMARC passed for it, or DKIM or SPF passed for the very domain or, with a public suffix list, one of the same
//! organization. An `allow` for the sender of the envelope needs SPF to have passed for its domain; a `deny` for it holds as it
//! is. Where only that is missing, the finding `LIST_NOT_AUTHENTIC` names the entry.
//!
//! ```
//! use mailwright_antispam::lists::{Lists, Who};
//!
//! let lists = Lists::parse("deny client 192.0.2.0/24\nallow client 192.0.2.7\n")?;
//! let who = Who { client: Some([192, 0, 2, 7].into()), ..Who::default() };
//! let found = lists.find(&who).unwrap();
//! assert!(found.is_allowed());
//! assert_eq!(found.to_string(), "allow client 192.0.2.7 (line 2)");
//! # Ok::<(), mailwright_antispam::Error>(())
//! ```

mod entry;
mod network;
mod read;
mod who;

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use regex::RegexSet;

use crate::{Check, Error, Finding, Findings, Input};

use entry::{Identity, Row};
pub use entry::{MAX_ENTRIES, MAX_GLOBS, MAX_LINE};
use network::Networks;
pub use who::Who;

/// Points of an `allow`: more than what all rules together may say against a message.
pub const ALLOW_SCORE: f64 = -100.0;

/// Points of a `deny`: enough to be refused whatever else speaks for the message, an `allow` of no list apart.
pub const DENY_SCORE: f64 = 100.0;

/// Octets that the compiled globs may take: what [`MAX_GLOBS`] of usual length come to.
const GLOB_BYTES: usize = 32 << 20;

/// The entries of one file, ready to be looked up: by hash for addresses and domains, by prefix for networks, in one pass for globs.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    rows: Vec<Row>,
    addresses: Table,
    domains: Table,
    globs: RegexSet,
    /// The rows of the globs, in the order of the set.
    glob_rows: Vec<usize>,
    networks: Networks,
}

/// Rows by what they name.
type Table = HashMap<Box<str>, Vec<usize>>;

/// The entry that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Match {
    /// Whether it is an `allow`.
    allow: bool,
    /// The entry as it was written, in single blanks.
    entry: String,
    /// The line of it, from 1.
    line: usize,
}

impl Match {
    /// Whether the entry allows; else it denies.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.allow
    }

    /// The entry as it was written, in single blanks.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The line of the entry, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {})", self.entry, self.line)
    }
}

/// A row that names an identity of the message, with its rank.
#[derive(Clone, Copy)]
struct Hit {
    row: usize,
    rank: Rank,
    /// Whether the identity is authentic as far as the row needs it.
    holds: bool,
}

/// Ordered by precedence: the greatest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    kind: Kind,
    length: usize,
    allow: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Network,
    Glob,
    Domain,
    Address,
}

impl Lists {
    /// The entries of a file.
    ///
    /// # Errors
    /// [`ErrorKind::Lists`](crate::ErrorKind::Lists) with the line of the first that cannot be read, or past [`MAX_ENTRIES`],
    /// [`MAX_GLOBS`] or [`MAX_LINE`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        read::lists(text)
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The entry that decides, of those that hold.
    #[must_use]
    pub fn find(&self, who: &Who<'_>) -> Option<Match> {
        let hits = self.hits(who);
        let best = hits.iter().filter(|hit| hit.holds).max_by_key(|hit| (hit.rank, usize::MAX - hit.row))?;
        self.named(best.row)
    }

    /// The entries that would have decided, were the address they rest on authentic: those above the one that [`find`](Self::find)
    /// gives.
    #[must_use]
    pub fn not_authentic(&self, who: &Who<'_>) -> Vec<Match> {
        let hits = self.hits(who);
        let best = hits.iter().filter(|hit| hit.holds).map(|hit| hit.rank).max();
        let above = hits.iter().filter(|hit| !hit.holds && best.is_none_or(|best| hit.rank > best));
        let mut rows: Vec<usize> = above.map(|hit| hit.row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.into_iter().filter_map(|row| self.named(row)).collect()
    }

    fn named(&self, row: usize) -> Option<Match> {
        let row = self.rows.get(row)?;
        Some(Match { allow: row.allow, entry: row.text.clone(), line: row.line })
    }

    fn hits(&self, who: &Who<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        if let Some(ip) = who.client {
            self.networks.of(ip.to_canonical(), |row, bits| {
                self.hit(&mut hits, row, Kind::Network, usize::from(bits), true, true);
            });
        }
        if let Some(sender) = who.sender.filter(|sender| !sender.is_empty()) {
            self.of_address(&mut hits, sender, Identity::Sender, who.is_sender_authentic());
        }
        for from in &who.from {
            self.of_address(&mut hits, from, Identity::From, who.is_authentic(from));
        }
        hits
    }

    /// The rows that name an address.
    fn of_address(&self, hits: &mut Vec<Hit>, address: &str, identity: Identity, authentic: bool) {
        // An address of more octets than SMTP carries (RFC 5321 4.5.3.1.3) is on no list.
        let address = address.to_lowercase();
        if address.len() > MAX_LINE {
            return;
        }
        let deny_holds = authentic || identity == Identity::Sender;
        let of = |row: &usize| self.rows.get(*row).is_some_and(|row| row.names(identity));
        for row in self.addresses.get(address.as_str()).into_iter().flatten().filter(|row| of(row)) {
            self.hit(hits, *row, Kind::Address, address.len(), authentic, deny_holds);
        }
        let mut domain = address.rsplit_once('@').map(|(_, domain)| domain);
        while let Some(name) = domain {
            for row in self.domains.get(name).into_iter().flatten().filter(|row| of(row)) {
                self.hit(hits, *row, Kind::Domain, name.len(), authentic, deny_holds);
            }
            domain = name.split_once('.').map(|(_, above)| above);
        }
        for glob in self.globs.matches(&address) {
            let Some(row) = self.glob_rows.get(glob).filter(|row| of(row)) else { continue };
            let length = self.rows.get(*row).map_or(0, |row| row.length);
            self.hit(hits, *row, Kind::Glob, length, authentic, deny_holds);
        }
    }

    fn hit(&self, hits: &mut Vec<Hit>, row: usize, kind: Kind, length: usize, allow: bool, deny: bool) {
        let allows = self.rows.get(row).is_some_and(|row| row.allow);
        let rank = Rank { kind, length, allow: allows };
        hits.push(Hit { row, rank, holds: if allows { allow } else { deny } });
    }

    fn add_network(&mut self, row: usize, ip: IpAddr, bits: u8) {
        self.networks.add(row, ip, bits);
    }
}

impl Check for Lists {
    fn name(&self) -> &str {
        "lists"
    }

    /// Adds `LIST_ALLOW` or `LIST_DENY` for the entry that decides, and `LIST_NOT_AUTHENTIC` for those above it that only a forged
    /// address would meet.
    fn check(&self, input: &Input<'_>, findings: &mut Findings) {
        if self.is_empty() {
            return;
        }
        let message_from = input.message.from();
        let sender = input.envelope.and_then(|envelope| envelope.mail_from.as_ref()).map(ToString::to_string);
        let who = Who {
            client: input.envelope.map(|envelope| envelope.client_ip),
            sender: sender.as_deref(),
            from: message_from.mailboxes().map(|address| address.addr()).collect(),
            authentication: input.authentication,
            org: None,
        };
        for entry in self.not_authentic(&who) {
            findings.add(Finding::new("LIST_NOT_AUTHENTIC", 0.0).detail(entry.to_string()));
        }
        if let Some(entry) = self.find(&who) {
            let (rule, score) =
                if entry.allow { ("LIST_ALLOW", ALLOW_SCORE) } else { ("LIST_DENY", DENY_SCORE) };
            findings.add(Finding::new(rule, score).detail(entry.to_string()));
        }
    }
}

#[cfg(test)]
mod tests;
