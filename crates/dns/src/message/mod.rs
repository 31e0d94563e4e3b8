//! Questions and replies on the wire (RFC 1035 4), for whoever brings a transport of its own; [`Stub`](crate::Stub) is one.

mod reply;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query};
use hickory_proto::rr::RecordType;
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder};

use crate::{Answer, Error, Kind, Name, Question, Temporary, TemporaryKind};
#[cfg(feature = "hickory")]
pub(crate) use reply::{Step, follow, lifetime};

/// The UDP payload that the DNS flag day of 2020 settled on: it passes without fragments.
pub const UDP_SIZE: u16 = 1232;
/// Seconds for which a positive answer is kept at most: a day (RFC 8767 4 allows any cap).
pub const MAX_TTL: u32 = 86_400;
/// Seconds for which a void answer is kept at most: RFC 2308 5 finds one to three hours sensible.
pub const MAX_NEGATIVE_TTL: u32 = 10_800;

/// What a message is to the question that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// The answer.
    Answer(Answer),
    /// The name is an alias, and the message does not say what it stands for: ask for its target.
    Alias(Box<Alias>),
    /// The message was cut: ask by TCP (RFC 7766 5).
    Truncated,
    /// The server does not know EDNS: ask without (RFC 6891 7).
    NoEdns,
    /// The server failed; another may know.
    Failed(Temporary),
    /// Not a reply to this question (RFC 5452 9.1): to be ignored, the true one may still come.
    Foreign,
}

/// Where a chain of aliases has led so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Whose records are wanted now.
    pub target: Name,
    /// Aliases that were followed so far.
    pub links: usize,
    /// The smallest TTL of these aliases.
    pub ttl: u32,
}

/// How strictly the name in a reply must be that of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Equal without case: a server may write it in its own.
    Ignored,
    /// Equal with case: for names whose case was chosen at random.
    Exact,
}

/// A query for `question` with recursion desired; `edns` is the UDP payload to announce, if any (RFC 6891 6.2.3).
///
/// # Errors
/// None that a [`Name`] can cause; the encoder's own as [`ErrorKind::NameTooLong`](crate::ErrorKind::NameTooLong).
pub fn query(question: &Question, id: u16, edns: Option<u16>) -> Result<Vec<u8>, Error> {
    let too_long = || Error::whole(crate::ErrorKind::NameTooLong);
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    let name = to_hickory(&question.name).ok_or_else(too_long)?;
    message.add_query(Query::query(name, record_type(question.kind)));
    if let Some(size) = edns {
        let mut options = Edns::new();
        options.set_max_payload(size);
        message.set_edns(options);
    }
    message.to_vec().map_err(|_| too_long())
}

/// Reads a message as the reply to `question`, which was sent with this `id`.
///
/// ```
/// use mailwright_dns::message::{Case, Reply, query, reply};
/// use mailwright_dns::{Kind, Name, Question};
/// let question = Question::new(Name::new("example.com")?, Kind::Txt);
/// let mut octets = query(&question, 4711, None)?;
/// assert_eq!(reply(&question, 4711, Case::Exact, &octets), Reply::Foreign); // a query is no reply
/// octets[2] |= 0x80;
/// octets[3] |= 3;
/// assert!(matches!(reply(&question, 4711, Case::Exact, &octets), Reply::Answer(_))); // NXDOMAIN
/// # Ok::<(), mailwright_dns::Error>(())
/// ```
#[must_use]
pub fn reply(question: &Question, id: u16, case: Case, octets: &[u8]) -> Reply {
    reply_after(0, question, id, case, octets)
}

/// As [`reply`], to a question at which `links` aliases led.
pub(crate) fn reply_after(links: usize, question: &Question, id: u16, case: Case, octets: &[u8]) -> Reply {
    let Some((header, _)) = octets.split_first_chunk::<12>() else { return Reply::Foreign };
    let [id_high, id_low, flags, codes, questions_high, questions_low, ..] = *header;
    let questions = u16::from_be_bytes([questions_high, questions_low]);
    // RFC 5452 9.1: id, and below the question; the address and the port are the transport's to compare. QR, and opcode 0.
    if u16::from_be_bytes([id_high, id_low]) != id || flags & 0xf8 != 0x80 {
        return Reply::Foreign;
    }
    if questions == 0 {
        // RFC 6891 7: a server that does not know EDNS may give the bare header.
        return if codes & 0x0f == 1 { Reply::NoEdns } else { Reply::Foreign };
    }
    if questions != 1 || !is_question(question, case, octets) {
        return Reply::Foreign;
    }
    if flags & 0x02 != 0 {
        return Reply::Truncated;
    }
    match Message::from_vec(octets) {
        Ok(message) => reply::read(question, links, &message),
        Err(error) => Reply::Failed(Temporary::with_detail(TemporaryKind::Malformed, error.to_string())),
    }
}

/// Whether the first question of the message is this one, in class IN.
fn is_question(question: &Question, case: Case, octets: &[u8]) -> bool {
    let mut decoder = BinDecoder::new(octets);
    if decoder.read_slice(12).is_err() {
        return false;
    }
    let Ok(asked) = Query::read(&mut decoder) else { return false };
    let Some(name) = from_hickory(asked.name()) else { return false };
    let same_name = match case {
        Case::Ignored => name == question.name,
        Case::Exact => name.wire() == question.name.wire(),
    };
    same_name
        && asked.query_type() == record_type(question.kind)
        && asked.query_class() == hickory_proto::rr::DNSClass::IN
}

pub(crate) const fn record_type(kind: Kind) -> RecordType {
    match kind {
        Kind::Txt => RecordType::TXT,
        Kind::A => RecordType::A,
        Kind::Aaaa => RecordType::AAAA,
        Kind::Mx => RecordType::MX,
        Kind::Ptr => RecordType::PTR,
    }
}

pub(crate) fn to_hickory(name: &Name) -> Option<hickory_proto::rr::Name> {
    let mut converted = hickory_proto::rr::Name::from_labels(name.labels()).ok()?;
    converted.set_fqdn(true);
    Some(converted)
}

pub(crate) fn from_hickory(name: &hickory_proto::rr::Name) -> Option<Name> {
    Name::from_labels(name.iter()).ok()
}
